"""The only place where drafts are written: begun, written anew, shown, closed."""

from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Max

from afspraak.agreements.models import Agreement, AgreementVersion, Draft, DraftText
from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a draft is begun with. `agreement` is the one that it would amend or renew."""

    name: str
    origin: Draft.Origin
    data: bytes
    agreement: Agreement | None = None


def begin_draft(*, relation: Relation, beginning: Beginning, actor: Actor, at: int) -> Draft:
    """An agreement in the making between the two of a relation, seen by the side that writes it."""
    draft = Draft.objects.create(
        **parties_of(relation),
        id=new_id(at),
        organisation_id=actor.organisation,
        agreement=beginning.agreement,
        name=beginning.name[:200],
        origin=beginning.origin,
        begun_by_id=actor.person,
        begun_at=datetime_of(at),
    )
    write_draft(draft=draft, data=beginning.data, after=0, actor=actor, at=at)
    return draft


def write_draft(
    *, draft: Draft, data: bytes, after: int, actor: Actor, at: int, why: str = ""
) -> DraftText:
    """The next text of a draft, by who saw text number `after` (0: the first).

    Raises Refusal where the other side, or somebody else, has written since; or it is closed.
    """
    refuse_closed(draft)
    newest = newest_number(draft)
    if newest != after:
        raise Refusal(
            "this was written on from text %(seen)s, and text %(newest)s is there:"
            " read that one first, then write on from it",
            seen=str(after),
            newest=str(newest),
        )
    return DraftText.objects.create(
        **parties_of(draft),
        id=new_id(at),
        draft=draft,
        number=newest + 1,
        document=data,
        sha256=sha256(data).hexdigest(),
        organisation_id=actor.organisation,
        written_by_id=actor.person,
        why=why[:400],
        written_at=datetime_of(at),
    )


def newest_number(draft: Draft) -> int:
    """The number of the text that was written last; waits for whoever is writing one."""
    Draft.objects.seen_by(SYSTEM).select_for_update().get(id=draft.id)
    texts = DraftText.objects.seen_by(SYSTEM).filter(draft=draft)
    newest: int | None = texts.aggregate(newest=Max("number"))["newest"]
    return newest or 0


def show_draft(*, draft: Draft, at: int) -> None:
    """From now on the other side sees it, too."""
    refuse_closed(draft)
    if draft.shown_at is None:
        draft.shown_at = datetime_of(at)
        draft.save(update_fields=["shown_at"])


def close_draft(*, draft: Draft, at: int, version: AgreementVersion | None = None) -> None:
    """It was laid aside, or has become `version`; its texts stay."""
    refuse_closed(draft)
    draft.closed_at, draft.version = datetime_of(at), version
    draft.save(update_fields=["closed_at", "version"])


def refuse_closed(draft: Draft) -> None:
    """Refuses whatever is done to a draft that is closed."""
    if draft.closed_at is not None:
        raise Refusal("this draft is closed: begin a new one from it")
