"""How well a candidate rule explains what was recorded, and what it costs to tell.

The search maximises the difference.

A rule with more parts fits more noise, so each part must earn its keep. Agreement is counted in
tickets; a part costs `log2(n) / 5` tickets (about what it takes to name that many exceptions one by
one), so a lunch break, a set of holidays or a second unit is believed only when several tickets
speak for it.
"""

from dataclasses import dataclass
from enum import Enum
from math import log2
from typing import Final

import numpy as np

from afspraak.sourcing.infer_cuts import Lanes, cut_agreements, lanes, mode_agreements
from afspraak.sourcing.infer_ground import Ground, Rule, Unit
from afspraak.sourcing.infer_hours import is_always
from afspraak.sourcing.infer_log import MISSING, UNKNOWN, Ints, Recorded
from afspraak.sourcing.infer_weeks import oddness

_CLOSED_COST: Final = 0.7
_ZONE_COST: Final = 0.7
_WAIT_COST: Final = 0.7
_TARGET_COST: Final = 0.7
_SECOND_UNIT_COST: Final = 1.5
_UNUSUAL_EVENT_COST: Final = 0.3
FOUND: Final = " and own dates"
"""Ends the name of a set of closed dates that was found in the log's records."""
WITHIN: Final = 60
"""Seconds by which a recorded deadline may differ and still be called explained."""


class Kind(Enum):
    """What the log recorded of its promises."""

    OUTCOMES = "outcomes"
    DEADLINES = "deadlines"


@dataclass(frozen=True, eq=False)
class Weighed:
    """A rule with its score (tickets, less the cost of its parts) and the unit of each group.

    `agree`: tickets explained.
    """

    rule: Rule
    score: float
    agree: int
    units: tuple[Unit, ...]


def rows_recorded(log: Recorded, kind: Kind) -> Ints:
    """The tickets for which the log recorded an outcome (or a deadline)."""
    there = log.made != UNKNOWN if kind is Kind.OUTCOMES else log.due_at != MISSING
    return np.flatnonzero(there).astype(np.int64)


class Judge:
    """Weighs rules on one ground.

    It counts what it weighed and remembers it: a rule is measured once.
    """

    def __init__(self, ground: Ground, kind: Kind, full_count: int) -> None:
        """`full_count`: tickets of the whole log.

        On a part of it the cost of a rule is less in proportion.
        """
        self.ground = ground
        self.full_count = full_count
        self.kind = kind
        self.made = ground.log.made == 1
        share = len(ground) / max(full_count, 1)
        self.part_cost = max(1.0, log2(max(full_count, 2)) / 5) * share
        self.seen: dict[Rule, Weighed] = {}
        self._lanes: dict[str, Lanes] = {}
        self._days: dict[tuple[object, ...], Ints] = {}
        self._clock: dict[tuple[str, str, str, frozenset[str]], Ints] = {}

    def agreements(self, rule: Rule, unit: Unit) -> Ints:
        """(groups,) tickets of each group that the best target in that unit explains."""
        key = self.ground.log.keys[rule.key]
        count = len(key.labels)
        if self.kind is Kind.DEADLINES:
            values, window = self.due_values(rule, unit)
            return mode_agreements(values, key.codes, count, window)
        floor = 1 if unit is Unit.DAYS else 0
        return cut_agreements(self.ground.values(rule, unit), self._lanes_of(rule.key), floor)

    def _lanes_of(self, name: str) -> Lanes:
        if name not in self._lanes:
            key = self.ground.log.keys[name]
            self._lanes[name] = lanes(key.codes, self.made, len(key.labels))
        return self._lanes[name]

    def due_values(self, rule: Rule, unit: Unit) -> tuple[Ints, int]:
        """(n,) what each recorded deadline says the target was, and the window they may differ by.

        In seconds or days; -1 where it says nothing.
        """
        if unit is Unit.DAYS:
            return self.ground.due_days(rule, WITHIN), 0
        return self.ground.due_seconds(rule, unit), WITHIN

    def weigh(self, rule: Rule) -> Weighed:
        """The rule's score, with the best target and unit for every group."""
        known = self.seen.get(rule)
        if known is None:
            known = self.seen[rule] = self._weigh(rule)
        return known

    def _weigh(self, rule: Rule) -> Weighed:
        clock = self._clock_agreements(rule)
        options = self._in_hours(rule, clock)
        table = np.stack([agree for _, agree in options])
        units = [unit for unit, _ in options]
        second = _SECOND_UNIT_COST * self.part_cost
        gain = table.max(axis=0) - table
        changes = gain > second
        totals = table.sum(axis=1) + np.where(changes, gain - second, 0).sum(axis=1)
        main = int(totals.argmax())
        best = np.where(changes[main], table.argmax(axis=0), main)
        agree = int(table[best, np.arange(table.shape[1])].sum())
        score = float(totals[main]) - self.part_cost * self.parts(rule)
        return Weighed(rule, score, agree, tuple(units[each] for each in best))

    def _in_hours(self, rule: Rule, clock: Ints) -> list[tuple[Unit, Ints]]:
        days = (Unit.DAYS, self._days_agreements(rule))
        if is_always(rule.hours.week):
            return [(Unit.CLOCK, clock), days]
        return [(Unit.SERVICE, self.agreements(rule, Unit.SERVICE)), days, (Unit.CLOCK, clock)]

    def _days_agreements(self, rule: Rule) -> Ints:
        """Working days depend on closings alone, so rules that differ in openings share them."""
        last = tuple(spans[-1][1] if spans else -1 for spans in rule.hours.week)
        place = (
            rule.start,
            rule.end,
            rule.key,
            rule.waits,
            rule.hours.closed,
            rule.hours.zone,
            last,
        )
        if place not in self._days:
            self._days[place] = self.agreements(rule, Unit.DAYS)
        return self._days[place]

    def _clock_agreements(self, rule: Rule) -> Ints:
        place = (rule.start, rule.end, rule.key, rule.waits)
        if place not in self._clock:
            self._clock[place] = self.agreements(rule, Unit.CLOCK)
        return self._clock[place]

    def parts(self, rule: Rule) -> float:
        """What the rule costs to tell, its targets aside, in parts."""
        log = self.ground.log
        groups = int(np.count_nonzero(self._lanes_of(rule.key).sizes))
        hours = rule.hours
        return (
            oddness(hours.week)
            + _closed_parts(hours.closed, self.ground)
            + _ZONE_COST * (hours.zone != (log.zone or ""))
            + _WAIT_COST * len(rule.waits)
            + _TARGET_COST * (groups - 1)
            + _UNUSUAL_EVENT_COST * (rule.start != next(iter(log.starts)))
        )


def _closed_parts(closed: str, ground: Ground) -> float:
    """A country's holidays cost one word.

    Dates that the log itself suggests cost something each.
    """
    if not closed:
        return 0.0
    country = closed.removesuffix(FOUND)
    if closed.isupper():
        return _CLOSED_COST
    known = ground.dates.closed.get(country, frozenset()) if country.isupper() else frozenset[int]()
    return _CLOSED_COST * (1 + 0.4 * len(ground.dates.closed[closed] - known))
