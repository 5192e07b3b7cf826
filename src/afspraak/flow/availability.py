"""Availability of what an agreement promises, per period, from the facts of its services (A4)."""

from dataclasses import dataclass
from uuid import UUID

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.judge_duties import Stretch, stretches_of
from afspraak.clocks.load import grounds_of
from afspraak.clocks.said import services_said
from afspraak.clocks.uptime import maintenance_of, outages_of
from afspraak.engine.figures import Uptime, uptime
from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Availability
from afspraak.engine.time import local_date, start_of_date, zone_of
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Available:
    """One availability promise in one period, as far as it has gone. `is_over`: nothing that comes
    can change it; `kept` compares the exact share with what was promised.
    """

    promise: Availability
    period: Period
    uptime: Uptime
    is_over: bool

    @property
    def kept(self) -> bool | None:
        """Whether the promised part was reached; None if nothing was agreed in it."""
        share = self.uptime.share
        return None if share is None else share >= self.promise.at_least


def availability_of(
    *, agreement: UUID, viewer: Viewer, as_of: int, period: Period | None = None
) -> tuple[Available, ...]:
    """How available an agreement's services were in a period (without one: each promise's current
    one), under the version in force as of a moment; nothing outside every version. Raises Refusal
    outside a calendar's cover (T8).
    """
    row = Agreement.objects.seen_by(viewer).filter(id=agreement).first()
    if row is None:
        return ()
    stretch = _in_force(row, viewer, as_of)
    if stretch is None:
        return ()
    said = services_said(agreement, viewer)
    ground = grounds_of({row.relation_id: row.supplier_id}, viewer)[row.relation_id]
    hours = ground.clockwork(stretch.version.id).hours
    found = []
    for promise in stretch.terms.availabilities:
        which = period or _current(promise, stretch, as_of)
        start, end = _span(which, stretch)
        until = max(start, min(end, as_of))
        counted = uptime(
            promise,
            hours[promise.calendar],
            (start, until),
            outages_of(said, as_of),
            maintenance_of(said, as_of),
        )
        found.append(Available(promise, which, counted, is_over=end <= as_of))
    return tuple(found)


def _in_force(agreement: Agreement, viewer: Viewer, as_of: int) -> Stretch | None:
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    mine = [(each.version, each.terms) for each in signed if each.row.agreement_id == agreement.id]
    return next((each for each in stretches_of(mine, as_of) if each.holds(as_of)), None)


def _current(promise: Availability, stretch: Stretch, as_of: int) -> Period:
    terms = stretch.terms
    on = local_date(zone_of(terms.zone), as_of)
    term = Period(terms.from_on, terms.until_on)
    return period_of(on, promise.per, term, from_start=terms.periods_from_start)


def _span(period: Period, stretch: Stretch) -> tuple[int, int]:
    """The period's instants, cut to the agreement's term."""
    zone, terms = zone_of(stretch.terms.zone), stretch.terms
    start, end = period.spans(zone)
    return (
        max(start, start_of_date(zone, terms.from_on)),
        min(end, start_of_date(zone, terms.until_on)),
    )
