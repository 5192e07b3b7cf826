"""Figures: what was kept of each promise, exactly; nothing is rounded up (A1-A3)."""

from fractions import Fraction
from uuid import UUID

from ninja import Router

from afspraak import flow
from afspraak.api.auth import Call
from afspraak.api.kinds import Day, Moment, Shown, shown
from afspraak.api.seen import agreement_seen
from afspraak.clocks.figures import Figure, figures_of
from afspraak.engine.figures import show_share
from afspraak.engine.periods import Period, period_of
from afspraak.engine.time import show_duration
from afspraak.flow.availability import Available
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()


class ShareShown(Shown):
    """An exact share, and as it is shown: in percent, cut."""

    numerator: int
    denominator: int
    percent: str


class CountsShown(Shown):
    """How many came to what (A1); `relieved` are among the missed."""

    met: int
    missed: int
    relieved: int
    running: int
    paused: int
    measuring: int
    void: int


class ExcludedShown(Shown):
    """A miss that was relieved (A8)."""

    ticket: UUID
    cycle: int


class FigureShown(Shown):
    """One promise in one period. `shown` is the share with every miss, `judged` the one that
    credits use, without relieved misses; both null for fewer than 20 cases, which are shown as
    counts. `kept` is judged all the same. `period` is null for what is due at no instant.
    `imported`: so many of the met and missed rest on another system's record, not on this log.
    """

    clause: str
    number: str
    measure: str
    promisor: str
    period: str | None
    by: str
    scope: str
    counts: CountsShown
    is_few: bool
    shown: ShareShown | None
    judged: ShareShown | None
    at_least: ShareShown | None
    kept: bool | None
    imported: int
    excluded: list[ExcludedShown]


class FiguresShown(Shown):
    """All figures of an agreement."""

    agreement: UUID
    figures: list[FigureShown]


@router.get("/agreements/{uuid:agreement}/figures", response=FiguresShown)
@stated(Right.READ_FIGURES)
def get_figures(
    request: Call, agreement: UUID, from_on: Day | None = None, until_on: Day | None = None
) -> FiguresShown:
    """Counts and shares per promise, scope and period, of what is due from one date until before
    another, in the agreement's zone.
    """
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    found = figures_of(agreement=row, viewer=viewer, from_on=from_on, until_on=until_on)
    return FiguresShown(agreement=row.id, figures=[figure_shown(each) for each in found])


def figure_shown(each: Figure) -> FigureShown:
    """One figure."""
    tally, promise = each.tally, each.promise
    return FigureShown(
        clause=promise.clause,
        number=each.number,
        measure=promise.measure,
        promisor=promise.promisor,
        period=None if each.period is None else str(each.period),
        by=promise.share.by if promise.share else "promise",
        scope=each.scope,
        counts=CountsShown(
            met=tally.met,
            missed=tally.missed,
            relieved=tally.relieved,
            running=tally.running,
            paused=tally.paused,
            measuring=tally.measuring,
            void=tally.void,
        ),
        is_few=tally.is_few,
        shown=None if tally.is_few else share_shown(tally.shown),
        judged=None if tally.is_few else share_shown(tally.judged),
        at_least=share_shown(each.at_least),
        kept=each.kept,
        imported=each.imported,
        excluded=[ExcludedShown(ticket=ticket, cycle=cycle) for ticket, cycle in each.relieved],
    )


def share_shown(share: Fraction | None) -> ShareShown | None:
    """A share, exactly."""
    if share is None:
        return None
    return ShareShown(
        numerator=share.numerator, denominator=share.denominator, percent=show_share(share)
    )


# Availability (A4) ----------------------------------------------------------------------------


class AvailableShown(Shown):
    """How available a clause's services were in a period: open time agreed, down, and under
    announced maintenance.
    """

    clause: str
    services: list[str]
    period: str
    agreed: str
    down: str
    maintenance: str
    share: ShareShown | None
    at_least: ShareShown
    kept: bool | None
    is_over: bool


class AvailabilityShown(Shown):
    """The availability promises of an agreement, as of now."""

    agreement: UUID
    as_of: Moment
    promises: list[AvailableShown]


@router.get("/agreements/{uuid:agreement}/availability", response=AvailabilityShown)
@stated(Right.READ_FIGURES)
def get_availability(request: Call, agreement: UUID, month: Day | None = None) -> AvailabilityShown:
    """How available the services of an agreement are in each promise's current period, or in the
    calendar month of a date; from the outages and maintenance that were told until now.
    """
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    found = flow.availability_of(
        agreement=row.id,
        viewer=viewer,
        as_of=request.at,
        period=None if month is None else period_of(month, "month", Period(month, month)),
    )
    return AvailabilityShown(
        agreement=row.id,
        as_of=shown(request.at),
        promises=[_available_shown(each) for each in found],
    )


def _available_shown(each: Available) -> AvailableShown:
    promised = share_shown(each.promise.at_least)
    assert promised is not None
    return AvailableShown(
        clause=each.promise.clause,
        services=list(each.promise.services),
        period=str(each.period),
        agreed=show_duration(each.uptime.agreed),
        down=show_duration(each.uptime.down),
        maintenance=show_duration(each.uptime.maintenance),
        share=share_shown(each.uptime.share),
        at_least=promised,
        kept=each.kept,
        is_over=each.is_over,
    )
