"""The only place where promises made on the way are written: kept, shown, ended."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from afspraak.agreements.drafts import newest_text
from afspraak.agreements.models import AgreementVersion, Draft
from afspraak.agreements.read import document_of
from afspraak.engine.time import Refusal, datetime_of, local_date, zone_of
from afspraak.language.nodes import Items, Scalar, child
from afspraak.language.reader import read
from afspraak.ledger.actions import OpenLog
from afspraak.ledger.ids import new_id
from afspraak.ledger.said import logged, put_in
from afspraak.offers.models_promised import Pledge, PledgeEnd, Side
from afspraak.offers.strangers import refuse_stranger
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Told:
    """What was promised, by whom of which side, to whom, when and where; and what shows it."""

    promisor: Side
    by_name: str
    words: str
    said_on: date
    place: Pledge.Place
    to_name: str = ""
    evidence: str = ""
    evidence_sha256: str = ""
    draft: UUID | None = None


def write_pledge(
    *, relation: Relation, told: Told, is_shown: bool, actor: Actor, at: int
) -> Pledge:
    """A promise made on the way. What a side writes down for itself alone the other one does not
    see. Raises Refusal.
    """
    if not told.by_name or not told.words:
        raise Refusal("who promised what? Give a name and the promise in a few words")
    refuse_stranger(relation, actor)
    if told.said_on > local_date(zone_of(relation.supplier.zone), at):
        raise Refusal("it was promised on a date that has not come yet: give when it was said")
    with logged(relation, at) as log:
        row = Pledge.objects.create(
            **parties_of(relation),
            id=new_id(at),
            organisation_id=actor.organisation,
            draft_id=told.draft,
            promisor=told.promisor,
            by_name=told.by_name[:200],
            to_name=told.to_name[:200],
            said_on=told.said_on,
            place=told.place,
            words=told.words[:2000],
            evidence=told.evidence[:1000],
            evidence_sha256=told.evidence_sha256,
            recorded_by_id=actor.person,
            recorded_at=datetime_of(at),
            shown_at=datetime_of(at) if is_shown else None,
        )
        if is_shown:
            _put_in(log, row)
        _note("write_pledge", row, actor, at)
    return row


def show_pledge(*, pledge: Pledge, actor: Actor, at: int) -> None:
    """From now on the other side sees it, too. Raises Refusal."""
    if pledge.organisation_id != actor.organisation:
        raise Refusal("only who wrote it down shows it")
    hidden = Pledge.objects.seen_by(SYSTEM).filter(pk=pledge.pk, shown_at=None)
    with logged(pledge, at) as log:
        if hidden.update(shown_at=datetime_of(at)):
            pledge.shown_at = datetime_of(at)
            _put_in(log, pledge)
            _note("show_pledge", pledge, actor, at)


def settle_pledge(
    *, pledge: Pledge, clause: str, by: Draft | AgreementVersion, actor: Actor, at: int
) -> PledgeEnd:
    """It stands in a clause of a contract in the making, or of a version. Raises Refusal where
    there is no such clause.
    """
    if clause not in clauses_of(by):
        raise Refusal("this text has no clause %(clause)s: choose one of its own", clause=clause)
    named = {"draft": by} if isinstance(by, Draft) else {"version": by}
    return _end(pledge, PledgeEnd.How.CLAUSE, actor, at, clause=clause, **named)


def decline_pledge(*, pledge: Pledge, why: str, actor: Actor, at: int) -> PledgeEnd:
    """Openly: whoever reads the promise reads that, by whom, and why. Raises Refusal."""
    if not why:
        raise Refusal("say why the promise is not kept: it stands beside it from now on")
    if pledge.shown_at is None:
        raise Refusal("show it to the other side first: what they don't know is not declined")
    return _end(pledge, PledgeEnd.How.DECLINED, actor, at, why=why[:1000])


def clauses_of(by: Draft | AgreementVersion) -> tuple[str, ...]:
    """The ids of the clauses of a text, which may have faults while it is written."""
    if isinstance(by, AgreementVersion):
        return tuple(each.id for each in document_of(bytes(by.document)).clauses)
    return ids_in(bytes(newest_text(by.id, SYSTEM).document))


@lru_cache(maxsize=512)
def ids_in(data: bytes) -> tuple[str, ...]:
    """The clauses' ids, as far as they can be read."""
    root, _faults = read(data, "draft")
    listed = None if root is None else child(root, "clauses")
    if not isinstance(listed, Items):
        return ()
    ids = (child(each, "id") for each in listed.items)
    return tuple(each.text for each in ids if isinstance(each, Scalar))


def _end(
    pledge: Pledge, how: PledgeEnd.How, actor: Actor, at: int, *, clause: str = "", why: str = "",
    draft: Draft | None = None, version: AgreementVersion | None = None,
) -> PledgeEnd:  # fmt: skip
    with logged(pledge, at) as log:
        row = PledgeEnd.objects.create(
            **parties_of(pledge),
            id=new_id(at),
            pledge=pledge,
            how=how,
            clause=clause,
            draft=draft,
            version=version,
            why=why,
            organisation_id=actor.organisation,
            person_id=actor.person,
            at=datetime_of(at),
        )
        if pledge.shown_at is not None:
            told = {"clause": clause, "how": str(how), "pledge": str(pledge.id)}
            put_in(log, row, "pledge_ended", told)
        _note("decline_pledge" if why else "settle_pledge", pledge, actor, at)
    return row


def _put_in(log: OpenLog, pledge: Pledge) -> None:
    """Once both see it: what a side wrote for itself alone is nothing between the two."""
    said_on = pledge.said_on.isoformat()
    put_in(log, pledge, "pledge", {"promisor": str(pledge.promisor), "said_on": said_on})


def _note(action: str, row: Pledge, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject="pledge", subject_id=row.id, at=at)
