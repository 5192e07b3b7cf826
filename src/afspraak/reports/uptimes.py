"""Availability per period (SEMANTICS A4), from what a log tells of services beside its tickets."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from afspraak.engine.figures import Maintenance, Outage, Tally, Uptime, uptime
from afspraak.engine.periods import Period, periods
from afspraak.engine.terms import Availability
from afspraak.engine.time import Refusal
from afspraak.reports.contracts import Clockwork


@dataclass(frozen=True, slots=True)
class ServiceLog:
    """What services went through, by the customer that had them (F1); what was written down after
    the replay's moment is not in it.
    """

    outages: Sequence[tuple[str, Outage]] = ()
    maintenance: Sequence[tuple[str, Maintenance]] = ()
    is_there: bool = False

    def of(self, clockwork: Clockwork, *, everyone: bool) -> "ServiceLog":
        """What concerns one contract's customer."""
        names = clockwork.contract.customers
        return ServiceLog(
            [each for each in self.outages if everyone or each[0].casefold() in names],
            [each for each in self.maintenance if everyone or each[0].casefold() in names],
            self.is_there,
        )


@dataclass(frozen=True, slots=True)
class PeriodUptime:
    """One availability clause in one period; `services` are those that it is told of: all of the
    clause's, or one of them. Without `uptime` it was `refused`, and says why (T8).
    """

    contract: int
    clause: str
    services: tuple[str, ...]
    period: Period
    uptime: Uptime | None
    at_least: Fraction
    is_over: bool
    refused: str = ""

    @property
    def kept(self) -> bool | None:
        """Whether the promised part was reached, compared exactly; None if nothing was agreed."""
        share = self.uptime.share if self.uptime else None
        return None if share is None else share >= self.at_least

    @property
    def counted(self) -> Tally:
        """The share as a tally of microseconds, up and down, for the bands that credits fall in."""
        if self.uptime is None:
            return Tally()
        return Tally(met=self.uptime.agreed - self.uptime.down, missed=self.uptime.down)


def uptimes_of(
    clockwork: Clockwork, log: ServiceLog, term: Period, span: Period, as_of: int
) -> Iterator[PeriodUptime]:
    """Every availability clause of a contract, in each period that touches the dates of the log
    until the moment `as_of`; the clause's services together and, where there are several, one by
    one.
    """
    if not log.is_there:
        return
    zone, terms = clockwork.zone, clockwork.contract.terms
    bounds = [each.spans(zone) for each in (term, span)]
    for promise in terms.availabilities:
        for period in periods(promise.per, term, from_start=terms.periods_from_start):
            starts, ends = zip(period.spans(zone), *bounds, strict=True)
            within = (max(starts), min(*ends, as_of))
            if within[0] >= within[1]:
                continue
            for services in _told_of(promise):
                found = PeriodUptime(
                    clockwork.place,
                    promise.clause,
                    services,
                    period,
                    None,
                    promise.at_least,
                    period.until_on <= span.until_on,
                )
                yield _reckoned(found, clockwork, promise, log, within)


def _reckoned(
    found: PeriodUptime,
    clockwork: Clockwork,
    promise: Availability,
    log: ServiceLog,
    within: tuple[int, int],
) -> PeriodUptime:
    part = replace(promise, services=found.services)
    outages = (each for _, each in log.outages)
    works = (each for _, each in log.maintenance)
    try:
        reached = uptime(part, clockwork.hours[promise.calendar], within, outages, works)
    except Refusal as refusal:
        return replace(found, refused=str(refusal))
    return replace(found, uptime=reached)


def _told_of(promise: Availability) -> Iterable[tuple[str, ...]]:
    yield promise.services
    if len(promise.services) > 1:
        yield from ((service,) for service in promise.services)
