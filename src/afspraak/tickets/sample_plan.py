"""Who reports what, and when, in the made year: weekdays and hours as measured, and the outages."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from afspraak.engine.hours import Hours
from afspraak.engine.time import DAY, MINUTE, SECOND, local_time, start_of_date, zone_of
from afspraak.tickets.profile import PROFILE
from afspraak.tickets.sample_desk import Case, Desk
from afspraak.tickets.sample_draws import Draws

YEAR: Final = 2027
FIRST_ON: Final = date(YEAR, 1, 1)
UNTIL_ON: Final = date(YEAR + 1, 1, 1)
ZONE: Final = "Europe/Amsterdam"
SEASON: Final = (1080, 1020, 1040, 980, 960, 1000, 760, 780, 1120, 1080, 1060, 900)
"""Reports per month, in thousandths of the usual: quiet in summer."""

SLOW: Final = (1000, 960, 960, 980, 1020, 1000, 1180, 1260, 1060, 1000, 1040, 1100)
"""The desk's own pace per month: slow when people are away."""

_SERVICES: Final = {"e-mail": 25, "werkplek": 45, "printers": 12, "internet": 8, "pc": 60}
_OTHER_SERVICE: Final = 15
_PRIORITIES: Final = {2: (12, 88), 3: (4, 22, 74), 4: (3, 15, 60, 22)}
_CLOSED_DAY: Final = 150
_SATURDAY: Final = 5


@dataclass(slots=True)
class Report:
    """One report as planned. `double_of`: the same was reported before; `outage`: its cause."""

    at: int
    desk: Desk
    case: Case
    number: int
    double_of: "Report | None" = None
    doubled_at: int | None = None
    outage: "Outage | None" = None
    ticket: str = field(default="")


@dataclass(frozen=True, slots=True)
class Outage:
    """A service that was down for some customers; `told_at`: when all of them heard first."""

    name: str
    service: str
    desks: tuple[Desk, ...]
    from_at: int
    until_at: int
    told_at: int


class Days:
    """The dates of a customer's year, by how much is reported on each."""

    def __init__(self, office: Hours, from_on: date) -> None:
        first = max(FIRST_ON, from_on)
        self.dates = [first + timedelta(days=n) for n in range((UNTIL_ON - first).days)]
        zone = zone_of(ZONE)
        weights = []
        for on in self.dates:
            start = start_of_date(zone, on)
            closed = not office.elapsed(start, start + DAY) and on.weekday() < _SATURDAY
            weight = PROFILE.weekdays[on.weekday()] * SEASON[on.month - 1] // 1000
            weights.append(weight * _CLOSED_DAY // 1000 if closed else weight)
        self.edges = list(accumulate(weights))

    def drawn(self, draws: Draws) -> int:
        """An instant of the year."""
        on = self.dates[bisect_right(self.edges, draws.below(self.edges[-1]))]
        hours = PROFILE.weekend if on.weekday() >= _SATURDAY else PROFILE.working
        minute = draws.pick(range(24), hours) * 60 + draws.below(60)
        return local_time(zone_of(ZONE), on, minute).first + draws.below(60) * SECOND


def plan(desks: Sequence[Desk], draws: Draws, tickets: int) -> list[Report]:
    """About so many reports, in the order of their instants, doubles included."""
    years = [Days(desk.office, desk.from_on) for desk in desks]
    sizes = [desk.customer.seats * len(days.dates) for desk, days in zip(desks, years, strict=True)]
    reports: list[Report] = []
    for desk, days, size in zip(desks, years, sizes, strict=True):
        for _ in range(tickets * size // sum(sizes)):
            one = draws.of(len(reports))
            report = Report(days.drawn(one), desk, drawn_case(desk, one), len(reports))
            reports.append(report)
            if one.chance(100):
                at = max(report.at + one.between(-40, 180) * MINUTE, days_start(desk))
                report.doubled_at = at
                reports.append(Report(at, desk, report.case, len(reports), double_of=report))
    return reports


def days_start(desk: Desk) -> int:
    """The first instant of a customer's year."""
    return start_of_date(desk.zone, max(FIRST_ON, desk.from_on))


def drawn_case(desk: Desk, draws: Draws, service: str = "", rank: int | None = None) -> Case:
    """The finite fields of a report, those that the contract lists."""
    document = desk.document
    names = tuple(document.services)
    weights = [_SERVICES.get(name, _OTHER_SERVICE) for name in names]
    ranks = _PRIORITIES[len(desk.priorities)]
    place = draws.pick(range(len(ranks)), ranks) if rank is None else rank
    case = {
        "priority": desk.priorities[place],
        "service": service or draws.pick(names, weights),
    }
    if document.ticket_kinds:
        kinds = document.ticket_kinds
        case["kind"] = kinds[0] if service else draws.pick(kinds, (72, 28))
    if document.sites:
        case["site"] = draws.pick(document.sites, (80, 20))
    return case


def outages(desks: Sequence[Desk], draws: Draws) -> list[Outage]:
    """What was down in the year: at one customer, or for all who have the service (K12)."""
    found = []
    days = Days(desks[0].office, date(YEAR, 3, 2))
    for number in range(30):
        one = draws.of(number)
        service = one.pick(("internet", "e-mail", "glasvezel", "internet", "werkplek"))
        having = [desk for desk in desks if service in desk.document.services]
        if not one.chance(3_500):
            having = [one.pick(having)]
        at = days.drawn(one)
        lasts = one.pick((20, 45, 90, 150, 260, 420), (30, 25, 20, 12, 8, 5)) * MINUTE
        until = at + lasts + one.below(900) * SECOND
        told = min(at + one.between(8, 40) * MINUTE, until)
        found.append(Outage(f"O-{number + 1:02}", service, tuple(having), at, until, told))
    return found


def outage_reports(found: Sequence[Outage], draws: Draws, first: int) -> list[Report]:
    """The reports that an outage brings; numbers from `first` on."""
    reports: list[Report] = []
    for outage in found:
        for desk in outage.desks:
            one = draws.of(first + len(reports))
            for _ in range(one.between(1, 4)):
                at = outage.from_at + one.between(1, 50) * MINUTE
                case = drawn_case(desk, one, outage.service, one.pick((0, 1), (7, 3)))
                number = first + len(reports)
                reports.append(Report(min(at, outage.until_at), desk, case, number, outage=outage))
    return reports
