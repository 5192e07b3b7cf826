"""A delivery is accepted or rejected by the other side, within its acceptance window (K5, K10)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

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


def refuse_rejection(told: Happened, viewer: Viewer, logged_at: int) -> None:
    """Refuses a rejection of what is no delivery, by its own side, of what was accepted or rejected
    already, or after the window; and a confirmation of what was rejected.
    """
    if told.code not in ANSWERS or told.agreement is None:
        return
    facts = list(
        Fact.objects.seen_by(viewer).filter(
            agreement_id=told.agreement, ticket=None, code__in=("evidence", *ANSWERS)
        )
    )
    if told.code == "evidence_confirmed":
        if any(each.code == REJECTED and each.data.get("of") == told.of for each in facts):
            raise Refusal("this was accepted or rejected already")
        return
    handed_in = next((each for each in facts if told.of in _names(each)), None)
    if handed_in is None or handed_in.code != "evidence":
        raise Refusal("there is no such evidence to reject")
    if handed_in.recorded_by == told.recorded_by:
        raise Refusal("only the other side rejects what was delivered")
    if any(each.code in ANSWERS and each.data.get("of") in _names(handed_in) for each in facts):
        raise Refusal("this was accepted or rejected already")
    window = window_of(handed_in, viewer, told.relation)
    if window is None:
        raise Refusal("only a delivery is accepted or rejected")
    if not window.is_open(logged_at):
        raise Refusal("the time to reject this delivery is over")


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
