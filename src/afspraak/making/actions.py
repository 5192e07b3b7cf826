"""The only place where a negotiation's rows are written. Whose draft it is, and whether it may be
written at all, the walk has asked (`flow.making`).
"""

from dataclasses import dataclass
from decimal import Decimal

from afspraak.agreements.actions_drafts import refuse_closed
from afspraak.agreements.models import Draft
from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.making.models import Confirmation, Proposal, Remark, Reply, Seat, Standstill
from afspraak.parties.actions import Actor
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something of a draft, and in which position."""

    actor: Actor
    position: str = ""


def add_remark(*, draft: Draft, clause: str, words: str, by: Speaker, at: int) -> Remark:
    """A remark beside a clause, or about the whole."""
    refuse_closed(draft)
    if not words:
        raise Refusal("say what you remark")
    return Remark.objects.create(clause=clause[:80], words=words, **_said(draft, by, at))


def add_proposal(
    *, draft: Draft, clause: str, after: int, source: str, words: str, by: Speaker, at: int
) -> Proposal:
    """What a side would rather have there."""
    refuse_closed(draft)
    if not (source or words):
        raise Refusal("say what you propose")
    return Proposal.objects.create(
        clause=clause[:80], after=after, source=source, words=words, **_said(draft, by, at)
    )


def add_reply(
    *, proposal: Proposal, draft: Draft, is_accepted: bool, why: str, by: Speaker, at: int
) -> Reply:
    """What becomes of a proposal, said once. Raises Refusal where it was said before, where a side
    would accept what it proposed itself, and where it declines without a word.
    """
    refuse_closed(draft)
    is_own = proposal.organisation_id == by.actor.organisation
    if Reply.objects.seen_by(SYSTEM).filter(proposal=proposal).exists():
        raise Refusal("this proposal was answered already")
    if is_accepted and is_own:
        raise Refusal("only the other side can accept what you proposed")
    if not is_accepted and not is_own and not why:
        raise Refusal("say why you decline it: the other side has to go on from there")
    return Reply.objects.create(
        proposal=proposal,
        is_accepted=is_accepted,
        is_withdrawn=is_own,
        why=why[:1000],
        **_said(draft, by, at),
    )


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody at the table, as a form says it."""

    name: str
    position: str
    part: Seat.Part
    mandate: Seat.Mandate


def take_seat(*, draft: Draft, seated: Seated, actor: Actor, at: int) -> Seat:
    """Somebody of one's own side at the table."""
    refuse_closed(draft)
    if not (seated.name and seated.position):
        raise Refusal("give the name and the position")
    return Seat.objects.create(
        **_of(draft),
        id=new_id(at),
        organisation_id=actor.organisation,
        name=seated.name[:200],
        position=seated.position[:120],
        part=seated.part,
        mandate=seated.mandate,
        seated_at=datetime_of(at),
    )


def leave_seat(*, seat: Seat, at: int) -> None:
    """Somebody leaves the table; that they sat there stays."""
    if seat.left_at is None:
        seat.left_at = datetime_of(at)
        seat.save(update_fields=["left_at"])


@dataclass(frozen=True, slots=True)
class Judged:
    """What somebody who must do it says of a clause with this fingerprint."""

    clause: str
    sha256: str
    is_confirmed: bool
    why: str
    beside: str


def confirm(*, draft: Draft, judged: Judged, actor: Actor, at: int) -> Confirmation:
    """Whether it can be kept; a doubt has a reason."""
    refuse_closed(draft)
    if not judged.is_confirmed and not judged.why:
        raise Refusal("say why you doubt it")
    return Confirmation.objects.create(
        id=new_id(at),
        organisation_id=actor.organisation,
        draft=draft,
        clause=judged.clause[:80],
        sha256=judged.sha256,
        person_id=actor.person,
        is_confirmed=judged.is_confirmed,
        why=judged.why[:1000],
        beside=judged.beside[:200],
        said_at=datetime_of(at),
    )


@dataclass(frozen=True, slots=True)
class Cost:
    """What an hour without a service costs; `is_shown`: the other side may see it."""

    service: str
    per_hour: Decimal
    currency: str
    is_shown: bool


def tell_cost(*, draft: Draft, cost: Cost, actor: Actor, at: int) -> None:
    """The customer's own account of what an hour of standstill costs."""
    refuse_closed(draft)
    rows = Standstill.objects.seen_by(SYSTEM)
    rows = rows.filter(draft=draft, organisation_id=actor.organisation, service=cost.service)
    values = {
        "per_hour": cost.per_hour,
        "currency": cost.currency,
        "is_shown": cost.is_shown,
        "told_at": datetime_of(at),
    }
    if not rows.update(**values):
        Standstill.objects.create(
            id=new_id(at),
            organisation_id=actor.organisation,
            draft=draft,
            service=cost.service,
            **values,
        )


def _of(draft: Draft) -> dict[str, object]:
    """The relation of a row that hangs under a draft."""
    return {
        **parties_of(draft),
        "draft": draft,
    }


def _said(draft: Draft, by: Speaker, at: int) -> dict[str, object]:
    return {
        **_of(draft),
        "id": new_id(at),
        "organisation_id": by.actor.organisation,
        "person_id": by.actor.person,
        "position": by.position[:120],
        "said_at": datetime_of(at),
    }
