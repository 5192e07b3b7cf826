"""Counts, shares, relief and availability (SEMANTICS A1-A4, A8). Exact: integers and fractions,
nothing rounded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from afspraak.engine.clock import Assessment
from afspraak.engine.hours import Hours
from afspraak.engine.periods import Per, Period, period_at
from afspraak.engine.terms import Availability, Case, Relief, Scope, Share
from afspraak.engine.time import Refusal, ServiceTime

FEW = 20
"""Fewer cases than this are shown as counts; the promise is judged all the same (A3)."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many assessments came to what (A1). `missed` holds every miss; `relieved` how many of
    them were relieved.
    """

    met: int = 0
    missed: int = 0
    relieved: int = 0
    running: int = 0
    paused: int = 0
    measuring: int = 0
    void: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in _COUNTS))

    @property
    def cases(self) -> int:
        """What has a verdict."""
        return self.met + self.missed

    @property
    def shown(self) -> Fraction | None:
        """The share without exclusions: relieved misses inside (A3, A8); None without a case."""
        return Fraction(self.met, self.cases) if self.cases else None

    @property
    def judged(self) -> Fraction | None:
        """The share with exclusions, which credits use: relieved misses outside (A8); None without
        a case.
        """
        counted = self.cases - self.relieved
        return Fraction(self.met, counted) if counted else None

    @property
    def is_few(self) -> bool:
        """Too few cases to show as a share (A3)."""
        return self.cases < FEW


_COUNTS = ("met", "missed", "relieved", "running", "paused", "measuring", "void")


def tally(assessments: Iterable[Assessment], relieved: frozenset[int] = frozenset()) -> Tally:
    """Counts assessments; `relieved` are positions in their order. Trials have no place in a share
    (K11).
    """
    counts = dict.fromkeys(_COUNTS, 0)
    for position, assessment in enumerate(assessments):
        counts["measuring" if assessment.on_trial else assessment.state] += 1
        if position in relieved and assessment.state == "missed" and not assessment.on_trial:
            counts["relieved"] += 1
    return Tally(**counts)


def belongs_to(
    assessment: Assessment, zone: ZoneInfo, per: Per, term: Period, *, from_start: bool = False
) -> Period | None:
    """The period of an assessment: that of its due instant, in the agreement's zone, however long
    the ticket stays open (A2). None where nothing is due (paused, measuring, void): counted apart.
    """
    due = assessment.due_at
    return None if due is None else period_at(due, zone, per, term, from_start=from_start)


def scope_of(by: Scope, case: Case) -> str:
    """The scope that a case is counted under: the value of the field that the clause names, or ''
    for the whole promise or agreement (A3).
    """
    return "" if by in ("promise", "agreement") else case.get(by, "")


def is_kept(share: Share, counted: Tally) -> bool | None:
    """Whether a period's share was kept, compared exactly (A3); None without a case."""
    found = counted.judged
    return None if found is None else found >= share.at_least


def show_share(share: Fraction, decimals: int = 3) -> str:
    """A share in percent, cut and never rounded up: 99.951 % is not 100 % (A3)."""
    scaled = share.numerator * 100 * 10**decimals // share.denominator
    whole, part = divmod(scaled, 10**decimals)
    digits = f"{part:0{decimals}}".rstrip("0") if decimals else ""
    return f"{whole}.{digits} %" if digits else f"{whole} %"


# Relief (A8) -----------------------------------------------------------------------------------


def relieved_by(
    relief: Relief, missed: Assessment, others: Iterable[Assessment]
) -> Assessment | None:
    """The other party's miss that relieves this one, if the clause lets it (A8): of the named
    promise, among `others` (the same ticket's, or the same period's), and before our due
    instant. One's own promise relieves nothing, and neither does a trial (K11).
    """
    if missed.missed_at is None or missed.promise.clause not in relief.of:
        return None
    for other in others:
        at, promise = other.missed_at, other.promise
        theirs = promise.promisor != missed.promise.promisor and not other.on_trial
        named = promise.clause == relief.when_missed and theirs
        if named and at is not None and at < missed.missed_at:
            return other
    return None


def relieve(
    reliefs: Sequence[Relief],
    assessments: Sequence[Assessment],
    on: Literal["same_ticket", "same_period"] = "same_ticket",
) -> dict[int, tuple[Relief, Assessment]]:
    """Relieved misses: position -> the clause and the other party's miss (A8). `assessments` are
    one ticket's, for the clauses that say `same_ticket`, or one period's, for `same_period`.
    """
    found: dict[int, tuple[Relief, Assessment]] = {}
    for position, assessment in enumerate(assessments):
        for relief in reliefs:
            other = relieved_by(relief, assessment, assessments) if relief.on == on else None
            if other is not None and position not in found:
                found[position] = (relief, other)
    return found


# Availability (A4) -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outage:
    """A service was down in [from_at, until_at); until None: it still is."""

    service: str
    from_at: int
    until_at: int | None

    def __post_init__(self) -> None:
        """Refuses an outage that ends before it starts (T2)."""
        _in_order("outage", self.service, self.from_at, self.until_at)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """Planned work on a service in [from_at, until_at), announced to the customer at
    `announced_at`.
    """

    service: str
    from_at: int
    until_at: int
    announced_at: int

    def __post_init__(self) -> None:
        """Refuses maintenance that ends before it starts (T2)."""
        _in_order("maintenance", self.service, self.from_at, self.until_at)


def _in_order(what: str, service: str, from_at: int, until_at: int | None) -> None:
    if until_at is not None and until_at < from_at:
        raise Refusal(f"{what} of {service}: it ends before it starts")


@dataclass(frozen=True, slots=True)
class Uptime:
    """A service's availability over a period, in microseconds of the calendar's open time (A4)."""

    agreed: int
    down: int
    maintenance: int
    outages: tuple[Outage, ...]

    @property
    def share(self) -> Fraction | None:
        """(agreed - downtime) / agreed; None where nothing was agreed."""
        return Fraction(self.agreed - self.down, self.agreed) if self.agreed else None


def uptime(
    promise: Availability,
    hours: Hours,
    span: tuple[int, int],
    outages: Iterable[Outage],
    maintenance: Iterable[Maintenance] = (),
) -> Uptime:
    """Availability of the promise's services in the instants `span` (A4). Overlapping outages count
    once.

    Maintenance that was announced as the clause says, as far as the clause's most reaches (the
    earliest first), is agreed downtime: it is taken out of the agreed time, and an outage within it
    does not count. Other maintenance counts as an outage.
    """
    works = [work for work in maintenance if work.service in promise.services]
    announced = [work for work in works if _announced(promise, hours, work)]
    planned = union(((work.from_at, work.until_at) for work in announced), span)
    agreed_down = _at_most(promise, hours, planned)
    too_much = (
        works if agreed_down != planned else [each for each in works if each not in announced]
    )
    down = [outage for outage in outages if outage.service in promise.services]
    down += [Outage(work.service, work.from_at, work.until_at) for work in too_much]
    kept_out = _open_time(hours, agreed_down)
    all_down = ((each.from_at, each.until_at) for each in down)
    both = _open_time(hours, union([*agreed_down, *all_down], span))
    agreed = hours.elapsed(*span) - kept_out
    return Uptime(agreed, both - kept_out, kept_out, tuple(down))


def _announced(promise: Availability, hours: Hours, work: Maintenance) -> bool:
    """Announced at least the notice ahead, in the promise's calendar (T5): exactly is in time."""
    if promise.notice is None:
        return False
    return hours.due(work.announced_at, promise.notice) <= work.from_at


def _at_most(
    promise: Availability, hours: Hours, planned: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The earliest of the planned spans, until the clause's most has been used."""
    if promise.at_most is None:
        return planned
    if not isinstance(promise.at_most, ServiceTime):
        raise Refusal(f"clause {promise.clause}: at most so many hours of maintenance, not days")
    left, kept = promise.at_most.microseconds, []
    for start, end in planned:
        open_time = hours.elapsed(start, end)
        until = end if open_time <= left else hours.deadline(start, left)
        kept.append((start, until))
        left -= min(open_time, left)
    return kept


def union(
    spans: Iterable[tuple[int, int | None]], within: tuple[int, int]
) -> list[tuple[int, int]]:
    """Spans cut to `within` and joined where they overlap, in order; an open end is the end of
    `within`.
    """
    start, end = within
    cut = sorted(
        (max(start, each), min(end, end if until is None else until)) for each, until in spans
    )
    joined: list[tuple[int, int]] = []
    for opens, closes in cut:
        if opens >= closes:
            continue
        if joined and opens <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes))
        else:
            joined.append((opens, closes))
    return joined


def _open_time(hours: Hours, spans: Iterable[tuple[int, int]]) -> int:
    return sum(hours.elapsed(start, end) for start, end in spans)
