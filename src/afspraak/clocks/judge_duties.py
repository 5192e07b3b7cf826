"""An agreement's versions and the evidence handed in -> its dated promises as they stand (K10, K11,
T9). Pure: values in, values out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from afspraak.engine.in_force import NEVER, Version
from afspraak.engine.promises import (
    Dated,
    Evidence,
    assess_deliveries,
    assess_recurring,
    fill_in,
)
from afspraak.engine.terms import OpenTerm, Terms
from afspraak.engine.time import DAY, Rhythm, add, due_on, local_date, zone_of

AHEAD: Final = Rhythm(months=13)
"""So far ahead dated promises are laid out: a year's calendar, and a month to see the next."""
ROLL: Final = 28 * DAY
"""The latest moment after a look at which the calendar is laid out further."""
DELIVERY: Final = "delivery"
FILL_IN: Final = "fill_in"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A version and what runs on it, in force in (since_at, until_at]: a date that is due exactly
    when the next version starts is still this one's.
    """

    version: Version
    terms: Terms
    since_at: int
    until_at: int

    def holds(self, due_at: int) -> bool:
        """Whether what is due at an instant is due under this version."""
        return self.since_at < due_at <= self.until_at


@dataclass(frozen=True, slots=True)
class Duty:
    """One dated promise: the date that the contract names, what is owed, what became of it, and
    since when its version has been known here.
    """

    planned_on: date
    what: str
    dated: Dated
    known_at: int


@dataclass(frozen=True, slots=True)
class Duties:
    """Every dated promise of an agreement as of a moment, and when to look again."""

    as_of: int
    duties: tuple[Duty, ...]
    next_look_at: int


def judge_duties(
    versions: Iterable[tuple[Version, Terms]],
    evidence: Sequence[Evidence],
    as_of: int,
    warn_days: int,
    ends_on: date | None = None,
) -> Duties:
    """What became of every dated promise of one agreement, by the version in force when it is due:
    those that have passed, and those of the next 13 months; of one that a notice ends on a date,
    those before it.
    """
    stretches = stretches_of(versions, as_of)
    found: dict[tuple[str, date], Duty] = {}
    for stretch in stretches:
        for duty in _duties(stretch, stretches, evidence, as_of):
            if ends_on is None or duty.planned_on < ends_on:
                found[duty.dated.clause, duty.planned_on] = duty
    duties = tuple(sorted(found.values(), key=lambda each: (each.dated.due_at, each.dated.clause)))
    return Duties(as_of, duties, _next_look(duties, as_of, warn_days))


def stretches_of(versions: Iterable[tuple[Version, Terms]], as_of: int) -> list[Stretch]:
    """The versions that every party signed, each with the time in which it is the newest (C1)."""
    signed = [(each, terms) for each, terms in versions if each.known_at <= as_of]
    found = []
    for version, terms in signed:
        newer = [other.in_force_at for other, _ in signed if other.age > version.age]
        until_at = min([*newer, NEVER])
        if version.in_force_at < until_at:
            found.append(Stretch(version, terms, version.in_force_at, until_at))
    return sorted(found, key=lambda each: each.since_at)


def warn_at(duty: Duty, warn_days: int) -> int:
    """From when its side is told that it is due."""
    return duty.dated.due_at - warn_days * DAY


def _next_look(duties: Iterable[Duty], as_of: int, warn_days: int) -> int:
    """The first moment at which something changes by itself: a warning, a date that has passed (a
    microsecond after it, T7), the calendar that grows.
    """
    running = [each for each in duties if each.dated.state == "running"]
    ahead = [each.dated.due_at + 1 for each in running]
    ahead += [warn_at(each, warn_days) for each in running]
    return min((at for at in ahead if at > as_of), default=as_of + ROLL)


def _duties(
    stretch: Stretch, stretches: Sequence[Stretch], evidence: Sequence[Evidence], as_of: int
) -> Iterator[Duty]:
    yield from _recurring(stretch, evidence, as_of)
    yield from _deliveries(stretch, evidence, as_of)
    for term in stretch.terms.open_terms:
        yield from _open_term(stretch, term, stretches, as_of)


def _recurring(stretch: Stretch, evidence: Sequence[Evidence], as_of: int) -> Iterator[Duty]:
    terms, zone = stretch.terms, zone_of(stretch.terms.zone)
    horizon = add(local_date(zone, as_of), AHEAD) + timedelta(days=1)
    for promise in terms.recurring:
        until_on = min(horizon, terms.until_on)
        for dated in assess_recurring(promise, evidence, zone, until_on, as_of):
            if stretch.holds(dated.due_at):
                yield Duty(dated.on, promise.what, dated, stretch.version.known_at)


def _deliveries(stretch: Stretch, evidence: Sequence[Evidence], as_of: int) -> Iterator[Duty]:
    """By the date that the contract names; where it stands now, it may have been moved (K10)."""
    zone = zone_of(stretch.terms.zone)
    steps = assess_deliveries(stretch.terms.deliveries, evidence, zone, as_of)
    for step in stretch.terms.deliveries:
        if stretch.holds(due_on(zone, step.due_on)):
            yield Duty(step.due_on, DELIVERY, steps[step.clause], stretch.version.known_at)


def _open_term(
    stretch: Stretch, term: OpenTerm, stretches: Sequence[Stretch], as_of: int
) -> Iterator[Duty]:
    """The date by which an open term is filled in: by the first later version in which it is open
    no more; where a later one names another date before it is due, that one's (K11).
    """
    filled_at: int | None = None
    for later in stretches:
        if later.since_at <= stretch.since_at:
            continue
        still = {each.clause for each in later.terms.open_terms}
        if term.clause not in still:
            filled_at = later.since_at
        elif not stretch.holds(due_on(zone_of(stretch.terms.zone), term.fill_on)):
            return
        break
    zone = zone_of(stretch.terms.zone)
    due_at = due_on(zone, term.fill_on)
    if due_at > stretch.since_at:
        dated = fill_in(term, filled_at, zone, as_of)
        yield Duty(term.fill_on, FILL_IN, dated, stretch.version.known_at)
