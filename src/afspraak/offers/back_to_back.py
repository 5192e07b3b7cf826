"""Our promise against what those behind us promise: by how much they may be later. Pure.

For each rule of ours and each of theirs that may stand behind it, the due instant of a report is
computed twice with the law's own hours, and the greatest difference is looked for over a year. Due
instants change their course only where a calendar opens or closes, or where a target is spent just
then; between such moments the difference moves evenly. So the whole minutes beside them are all
that must be asked: the worst is exact over all minutes of the year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.hours import Hours
from afspraak.engine.terms import BestEffort, Case, Open, Promise, Rule, Terms, winners
from afspraak.engine.time import (
    DAY,
    HOUR,
    MINUTE,
    Duration,
    Refusal,
    ServiceTime,
    start_of_date,
    zone_of,
)
from afspraak.offers.upkeep import extra_open

YEAR: Final = 365 * DAY
STEP: Final = 5 * HOUR
"""How often a moment is asked for how often they are later: by so much it comes, in the end, to
every hour of the week alike.
"""
LONGEST: Final = 60 * DAY
"""No due instant lies further from its report than the calendars of both cover after the year."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule of one side: the clause it stands in, its target, the hours that it counts in, and
    for which cases (`when`) it holds.
    """

    clause: str
    measure: str
    target: Duration
    hours: Hours
    when: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """The worst moment of the year: reported then, we owe it at one instant and they at another.

    At `times_later` of the `times_asked` moments (`STEP`) they would be later.
    """

    reported_at: int
    ours_at: int
    theirs_at: int
    times_later: int
    times_asked: int
    closed: int
    """For how long in the year our hours run while theirs do not (microseconds)."""

    @property
    def by(self) -> int:
        """By how much they may be later (microseconds); nothing or less: they never are."""
        return self.theirs_at - self.ours_at


@dataclass(frozen=True, slots=True)
class Compared:
    """A rule of ours, what stands behind it, and the gap between. `theirs` is None where they
    promise nothing of the kind; `gap` where the two calendars never cover the same moment.
    """

    ours: Kept
    theirs: Kept | None
    gap: Gap | None

    @property
    def is_covered(self) -> bool:
        """Whether they always owe it to us before we owe it."""
        return self.gap is not None and self.gap.by <= 0


@dataclass(frozen=True, slots=True)
class Laid:
    """One agreement's terms with the hours of its calendars, by their names."""

    terms: Terms
    hours: dict[str, Hours]


def compare(ours: Laid, theirs: Laid, clause: str, on: date) -> list[Compared]:
    """Every supplier's promise about tickets of ours beside theirs, over the year from a date.
    `clause` is the promise that they stand behind; empty: any.
    """
    found = []
    for promise in ours.terms.promises:
        if promise.promisor != SUPPLIER or (clause and promise.clause != clause):
            continue
        for kept, cases in rules_of(promise, ours):
            behind = _behind(promise.measure, cases, theirs)
            found.append(_worst_of(kept, behind, ours.terms.zone, on))
    return found


def rules_of(promise: Promise, side: Laid) -> list[tuple[Kept, list[Case]]]:
    """The rules of a promise that win somewhere and have a target, each with its cases."""
    won: dict[int, tuple[Rule, list[Case]]] = {}
    for case in side.terms.fields.cases():
        for rule in winners(side.terms.fields, promise.rules, case)[:1]:
            won.setdefault(id(rule), (rule, []))[1].append(case)
    return [
        (_kept(promise, rule, rule.target, side), cases)
        for rule, cases in won.values()
        if not isinstance(rule.target, Open | BestEffort)
    ]


def _kept(promise: Promise, rule: Rule, target: Duration, side: Laid) -> Kept:
    hours = side.hours[rule.calendar or promise.calendar]
    when = tuple(sorted(rule.when.items()))
    return Kept(rule.clause or promise.clause, promise.measure, target, hours, when)


def _behind(measure: str, cases: Sequence[Case], theirs: Laid) -> list[Kept]:
    """What they promise of the kind, for any case that may be meant by one of ours: fields whose
    values both know are matched, what they do not know may be anything. A level is each one's own.
    """
    known = {name: set(values) for name, values in theirs.terms.fields.values.items()}
    found: dict[Kept, None] = {}
    for promise in theirs.terms.promises:
        if promise.measure != measure or promise.promisor != SUPPLIER:
            continue
        for kept, their_cases in rules_of(promise, theirs):
            if any(_may_be(ours, case, known) for ours in cases for case in their_cases):
                found[kept] = None
    return list(found)


def _may_be(ours: Case, theirs: Case, known: dict[str, set[str]]) -> bool:
    return all(
        theirs.get(name) == value
        for name, value in ours.items()
        if name != "level" and value in known.get(name, ())
    )


def _worst_of(ours: Kept, behind: Sequence[Kept], zone: str, on: date) -> Compared:
    """Beside what they promise, the rule by which they may be latest."""
    start = start_of_date(zone_of(zone), on)
    compared = [Compared(ours, each, gap_between(ours, each, start)) for each in behind]
    known = [each for each in compared if each.gap is not None]
    if known:
        return max(known, key=_by)
    return compared[0] if compared else Compared(ours, None, None)


def _by(compared: Compared) -> int:
    return compared.gap.by if compared.gap is not None else 0


# The worst moment of a year -----------------------------------------------------------------------


def gap_between(ours: Kept, theirs: Kept, start: int) -> Gap | None:
    """The greatest difference over the whole minutes of the year from `start`, as far as both
    calendars cover it.
    """
    span = _year(ours.hours, theirs.hours, start)
    if span is None:
        return None
    asked = _asked(ours, theirs, *span)
    worst: tuple[int, int, int] | None = None
    for at, one, other in asked:
        if worst is None or other - one > worst[2] - worst[1]:
            worst = (at, one, other)
    if worst is None:
        return None
    later, asked_of = _sampled(ours, theirs, *span)
    closed = extra_open(ours.hours, theirs.hours, *span)
    return Gap(*worst, later, asked_of, closed)


def _year(ours: Hours, theirs: Hours, start: int) -> tuple[int, int] | None:
    """The year from `start`, or as much of it as lies in both covers, with room for what is due
    after it; the earliest that there is where it has not begun.
    """
    first = max(start, ours.from_at, theirs.from_at)
    last = min(first + YEAR, ours.until_at - LONGEST, theirs.until_at - LONGEST)
    return (first, last) if first < last else None


def _asked(ours: Kept, theirs: Kept, first: int, last: int) -> Iterator[tuple[int, int, int]]:
    """The minutes at which the difference may be greatest, with both due instants."""
    minutes = {each for kept in (ours, theirs) for each in _minutes(kept, first, last)}
    for at in sorted(minutes):
        due = _due(ours, theirs, at)
        if due is not None:
            yield at, *due


def _due(ours: Kept, theirs: Kept, at: int) -> tuple[int, int] | None:
    """Both due instants; None where one of the calendars has no answer any more (T8)."""
    try:
        return ours.hours.due(at, ours.target), theirs.hours.due(at, theirs.target)
    except Refusal:
        return None


def _minutes(kept: Kept, first: int, last: int) -> Iterator[int]:
    """The whole minutes beside every moment at which a due instant changes its course."""
    for moment in _turns(kept, first, last):
        floor = moment - moment % MINUTE
        for each in (floor - MINUTE, floor, floor + MINUTE):
            if first <= each < last:
                yield each


def _turns(kept: Kept, first: int, last: int) -> Iterator[int]:
    hours = kept.hours
    edges = hours.edges[bisect_left(hours.edges, first) : bisect_right(hours.edges, last)]
    yield first
    yield last
    yield from edges
    if isinstance(kept.target, ServiceTime):
        yield from _spent_at(hours, kept.target.microseconds, first, last)


def _spent_at(hours: Hours, span: int, first: int, last: int) -> Iterator[int]:
    """When must be reported what is due just as the calendar closes or opens."""
    begun = hours.open_time(first)
    edges = hours.edges[bisect_left(hours.edges, first) :]
    for edge in edges:
        before = hours.open_time(edge) - span - begun
        if before < 0:
            continue
        try:
            at = hours.deadline(first, before)
        except Refusal:
            return
        if at > last:
            return
        yield at


def _sampled(ours: Kept, theirs: Kept, first: int, last: int) -> tuple[int, int]:
    """At how many moments of the year they would be later, and how many were asked."""
    later = asked = 0
    for at in range(first, last, STEP):
        due = _due(ours, theirs, at)
        if due is not None:
            asked += 1
            later += due[1] > due[0]
    return later, asked


def gaps(compared: Iterable[Compared]) -> list[Compared]:
    """Those that are not covered, the greatest first; what nobody stands behind before all."""
    open_ = [each for each in compared if not each.is_covered]
    return sorted(open_, key=lambda each: (each.gap is not None, -_by(each)))
