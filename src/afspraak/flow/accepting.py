"""A delivery is accepted or rejected by the other side, within its acceptance window (K5, K10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from afspraak.clocks.load import grounds_known, signed_in
from afspraak.engine.hours import Hours
from afspraak.engine.in_force import NEVER
from afspraak.engine.terms import Delivery
from afspraak.engine.time import Refusal, instant_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

REJECTED: Final = "evidence_rejected"
ANSWERS: Final = ("evidence_confirmed", REJECTED)


@dataclass(frozen=True, slots=True)
class Window:
    """Until when what was delivered may be rejected; NEVER: until it is accepted."""

    until_at: int

    @property
    def is_bounded(self) -> bool:
        """Whether it ends by itself."""
        return self.until_at < NEVER

    def is_open(self, at: int) -> bool:
        """At its very end is in time (K5)."""
        return at <= self.until_at


def refuse_rejection(told: Happened, viewer: Viewer, logged_at: int, fresh: Sequence[Fact]) -> None:
    """Refuses a rejection of what is no delivery, by its own side, of what was accepted or rejected
    already, or after the window; and a confirmation of what was rejected. `fresh` are facts of this
    transaction that are not in the database yet.
    """
    if told.code not in ANSWERS or told.agreement is None:
        return
    facts = [*_answered(told.agreement, viewer), *_of(told.agreement, fresh)]
    handed_in = next(
        (each for each in facts if each.code == "evidence" and told.of in _names(each)), None
    )
    names = {told.of} if handed_in is None else _names(handed_in)
    answers = {each.code for each in facts if each.data.get("of") in names} & set(ANSWERS)
    if REJECTED in answers or (answers and told.code == REJECTED):
        raise Refusal("this was accepted or rejected already")
    if told.code != REJECTED:
        return
    if handed_in is None:
        raise Refusal("there is no such evidence to reject")
    if handed_in.recorded_by == told.recorded_by:
        raise Refusal("only the other side rejects what was delivered")
    window = window_of(handed_in, viewer, told.relation)
    if window is None:
        raise Refusal("only a delivery is accepted or rejected")
    if not window.is_open(min(told.recorded_at or logged_at, logged_at)):
        raise Refusal("the time to reject this delivery is over")


def _answered(agreement: UUID, viewer: Viewer) -> QuerySet[Fact]:
    """What was handed in for an agreement, and what was said of it."""
    return Fact.objects.seen_by(viewer).filter(
        agreement_id=agreement, ticket=None, code__in=("evidence", *ANSWERS)
    )


def _of(agreement: UUID, facts: Iterable[Fact]) -> list[Fact]:
    return [each for each in facts if each.agreement_id == agreement]


def window_of(handed_in: Fact, viewer: Viewer, relation: UUID) -> Window | None:
    """The acceptance window of what was delivered, counted in the agreement's usual calendar from
    when it was recorded; None for what is no delivery.
    """
    supplier = {relation: handed_in.supplier_id}
    ground = grounds_known(supplier, viewer)[relation]
    mine = [each for each in ground.versions if each.agreement == str(handed_in.agreement_id)]
    clause = handed_in.data["more"]["clause"]
    for version in reversed(mine):
        clockwork = ground.clockwork(version.id)
        steps = {each.clause: each for each in clockwork.terms.deliveries}
        if clause in steps:
            calendar = signed_in(ground, version.id).document.usual_calendar
            hours = clockwork.hours.get(calendar or "")
            return _window(steps[clause], hours, instant_of(handed_in.recorded_at))
    return None


def _window(step: Delivery, hours: Hours | None, start: int) -> Window:
    if step.acceptance is None or hours is None:
        return Window(NEVER)
    return Window(hours.due(start, step.acceptance))


def _names(fact: Fact) -> set[str]:
    return {str(fact.id), fact.data.get("id", "")} - {""}
