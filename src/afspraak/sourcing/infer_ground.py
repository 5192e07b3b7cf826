"""The ground of the search.

A log laid out once, on which any candidate rule is measured in a few look-ups.

Everything here is in whole seconds. A *value* is what a target is compared with: for service and
clock time twice the seconds spent, plus one where the ticket ended after the instant at which that
much had been spent (in closed hours, or while paused), so that `value <= 2 * target` says exactly
what T6 and T7 say; for working days the number of them (T5).
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from afspraak.sourcing.infer_hours import (
    DAY_SECONDS,
    Dates,
    Hours,
    Moments,
    Table,
    lay_out,
    moments,
    open_seconds,
    runs,
    wall_seconds,
)
from afspraak.sourcing.infer_log import MISSING, SECOND, Bools, Ints, Recorded

DUE: Final = "due_at"
"""The end under study where a log's recorded deadlines are explained instead of its outcomes."""


class Unit(Enum):
    """The three kinds of duration (T5)."""

    SERVICE = "service time"
    DAYS = "working days"
    CLOCK = "clock time"


@dataclass(frozen=True)
class Rule:
    """A candidate promise but for its targets.

    Which events, which field, which waiting states pause it, which hours.
    """

    start: str
    end: str
    key: str
    waits: frozenset[str]
    hours: Hours


@dataclass(frozen=True, eq=False)
class Windows:
    """When each ticket's clock could run, in seconds since 1970 UTC.

    (n,) from and until, (m,) the pauses within.

    Pauses are merged, inside [from, until), in order of `row`. `halted` (n,): paused in the last
    second before the end.
    """

    start: Ints
    end: Ints
    row: Ints
    pause_from: Ints
    pause_until: Ints
    halted: Bools


@dataclass(frozen=True, eq=False)
class _Walls:
    start: Moments
    end: Moments
    last: Moments
    pause_from: Moments
    pause_until: Moments
    wall: tuple[Ints, Ints, Ints, Ints]


def merged(row: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Spans (m,) in order of row and start, those of one row that overlap or touch as one (K6).

    Empty ones dropped.
    """
    kept = start < end
    row, start, end = row[kept], start[kept], end[kept]
    if len(row) == 0:
        return row, start, end
    order = np.lexsort((start, row))
    row, start, end = row[order], start[order], end[order]
    base = start.min()
    lane = row << 34  # 2^34 seconds are 544 years: rows cannot touch
    reached = np.maximum.accumulate(lane + end - base)
    first = np.ones(len(row), dtype=np.bool_)
    first[1:] = lane[1:] + start[1:] - base > reached[:-1]
    heads = np.flatnonzero(first)
    return row[heads], start[heads], np.maximum.reduceat(end, heads)


class Ground:
    """A log (or a part of it) on which rules are measured.

    It keeps what rules share: windows and their local times.
    """

    def __init__(self, log: Recorded, dates: Dates) -> None:
        """The log, and the dates under study."""
        self.log = log
        self.dates = dates
        self._bounds = (
            (dates.first + 2) * DAY_SECONDS,
            (dates.first + dates.count - 2) * DAY_SECONDS,
        )
        self.windows = lru_cache(maxsize=128)(self._windows)
        self._walls_of = lru_cache(maxsize=64)(self._walls)
        self._table_of = lru_cache(maxsize=512)(lambda hours: lay_out(hours, dates))

    def __len__(self) -> int:
        """The number of tickets."""
        return len(self.log.ids)

    def _windows(self, start_name: str, end_name: str, waits: frozenset[str]) -> Windows:
        log = self.log
        reported = next(iter(log.starts.values()))
        starts = log.starts[start_name]
        start = np.where(starts == MISSING, reported, starts) // SECOND
        ends = log.due_at if end_name == DUE else log.ends[end_name]
        end = np.where(ends == MISSING, log.as_of, ends) // SECOND
        start, end = (np.clip(at, *self._bounds) for at in (start, end))
        end = np.maximum(end, start)
        chosen = np.isin(log.waits.state, [log.waits.states.index(name) for name in waits])
        row = log.waits.ticket[chosen]
        until = log.waits.until_at[chosen]
        until = np.where(until == MISSING, log.as_of, until) // SECOND
        row, begun, done = merged(
            row,
            np.maximum(log.waits.from_at[chosen] // SECOND, start[row]),
            np.minimum(until, end[row]),
        )
        halted = np.zeros(len(start), dtype=np.bool_)
        halted[row[done == end[row]]] = True
        return Windows(start, end, row, begun, done, halted)

    def _walls(self, start: str, end: str, waits: frozenset[str], zone: str) -> _Walls:
        seen = self.windows(start, end, waits)
        at = (seen.start, seen.end, seen.pause_from, seen.pause_until)
        walls = [wall_seconds(each * SECOND, zone) for each in at]
        laid = [moments(each, self.dates) for each in walls]
        last = moments(walls[1] - 1, self.dates)
        return _Walls(
            laid[0], laid[1], last, laid[2], laid[3], (walls[0], walls[1], walls[2], walls[3])
        )

    def values(self, rule: Rule, unit: Unit) -> Ints:
        """(n,) the value of each ticket under a rule, to compare with a target of that unit."""
        seen = self.windows(rule.start, rule.end, rule.waits)
        if unit is Unit.CLOCK:
            spent = seen.end - seen.start - _per_row(seen, seen.pause_until - seen.pause_from)
            return 2 * spent + seen.halted
        walls = self._walls_of(rule.start, rule.end, rule.waits, rule.hours.zone)
        table = self._table_of(rule.hours)
        if unit is Unit.DAYS:
            return np.maximum(_days(table, walls, seen, side="left"), 1)
        spent = open_seconds(table, walls.end) - open_seconds(table, walls.start)
        if len(seen.row):
            paused = open_seconds(table, walls.pause_until) - open_seconds(table, walls.pause_from)
            spent -= _per_row(seen, paused)
        late = (seen.halted | ~runs(table, walls.last)) & (seen.end > seen.start)
        return 2 * spent + late

    def due_seconds(self, rule: Rule, unit: Unit) -> Ints:
        """(n,) seconds from the start to the end as due, in that unit.

        It is -1 where no target gives that end: it lies in closed hours.

        A due instant at an opening is taken for the closing before it (where T6 puts it), as some
        systems write it so.
        """
        values = self.values(rule, unit)
        late = values & 1 == 1
        if unit is Unit.SERVICE:
            walls = self._walls_of(rule.start, rule.end, rule.waits, rule.hours.zone)
            late &= ~runs(self._table_of(rule.hours), walls.end)
        return np.where(late | (values == 0), -1, values >> 1)

    def spent_reaches(self, rule: Rule, unit: Unit, target: int) -> Bools:
        """(n,) whether a target (seconds, or working days) has been spent by the end (T6)."""
        if unit is not Unit.DAYS:
            return self.values(rule, unit) >> 1 >= target
        seen = self.windows(rule.start, rule.end, rule.waits)
        walls = self._walls_of(rule.start, rule.end, rule.waits, rule.hours.zone)
        return _days(self._table_of(rule.hours), walls, seen, side="right") > target

    def due_days(self, rule: Rule, within: int) -> Ints:
        """(n,) the target in working days that gives the end as due, or -1 where none does.

        The end may lie `within` seconds of the due instant.
        """
        seen = self.windows(rule.start, rule.end, rule.waits)
        walls = self._walls_of(rule.start, rule.end, rule.waits, rule.hours.zone)
        return _days_due(self._table_of(rule.hours), walls, seen, within)


def _days_due(table: Table, walls: _Walls, seen: Windows, within: int) -> Ints:
    """(n,) the target in working days whose due instant is the end, give or take; else -1."""
    start, end, *_ = walls.wall
    closings = np.append(table.closings, np.iinfo(np.int64).max)
    nearest = np.searchsorted(table.closings, end - within, side="left")
    at_closing = (closings[nearest] <= end + within) & (seen.end > seen.start)
    first = np.searchsorted(table.closings, start, side="right")
    days = nearest - first - _days_frozen(table, walls, seen, first)
    return np.where(at_closing & (days > 0), days, -1).astype(np.int64)


def _per_row(seen: Windows, amount: Ints) -> Ints:
    """(m,) amounts of pauses -> (n,) their sum for each ticket."""
    if len(seen.row) == 0:
        return np.zeros(len(seen.start), dtype=np.int64)
    return np.bincount(seen.row, weights=amount, minlength=len(seen.start)).astype(np.int64)


def _days(table: Table, walls: _Walls, seen: Windows, *, side: Literal["left", "right"]) -> Ints:
    """(n,) closings from the day of start to the end, frozen ones left out.

    "left": the least target in working days that is in time; "right": the days spent, plus one.
    """
    start, end, *_ = walls.wall
    first = np.searchsorted(table.closings, start, side="right").astype(
        np.int64
    )  # the day of start
    last = np.searchsorted(table.closings, end, side=side)
    return (last - first - _days_frozen(table, walls, seen, first)).astype(np.int64)


def _days_frozen(table: Table, walls: _Walls, seen: Windows, first: Ints) -> Ints:
    """(n,) closings after the day of start that passed while the clock stood still (K6)."""
    if len(seen.row) == 0:
        return np.zeros(len(first), dtype=np.int64)
    *_, begun, done = walls.wall
    closings = table.closings
    frozen_from = np.maximum(np.searchsorted(closings, begun, side="right"), first[seen.row] + 1)
    frozen = np.searchsorted(closings, done, side="left") - frozen_from
    return _per_row(seen, np.maximum(frozen, 0))
