"""Weekly hours over arrays, for the search.

Open seconds and passed closings at many instants at once.

A search tries thousands of calendars on the same instants, so what depends on the instants alone
(`Moments`) is laid out once, and what depends on the hours alone (`Table`) is 10 080 minutes and a
few hundred dates: a measurement is a handful of look-ups. Local days are taken as 24 hours long;
the law itself (`engine.hours`) differs from this only for calendars open during a clock change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from afspraak.sourcing.infer_log import SECOND, Bools, Ints

DAY_MINUTES: Final = 1440
WEEK_MINUTES: Final = 7 * DAY_MINUTES
DAY_SECONDS: Final = 86_400
_HOUR_SECONDS: Final = 3600
_BLOCK: Final = 4096  # hours whose offsets are looked up at once
MONDAY: Final = 3  # 1970-01-01 was a Thursday

Span = tuple[int, int]
Week = tuple[tuple[Span, ...], ...]
"""Seven days, Monday first, of [opens, closes) in minutes.

A night closes after 1440, on the next date (T4).
"""

ALWAYS: Final[Week] = (((0, DAY_MINUTES),),) * 7


@dataclass(frozen=True)
class Hours:
    """A candidate calendar.

    `zone` ("" is the log's own clock), weekly hours, and the name of a set of closed dates.
    """

    week: Week
    closed: str = ""
    zone: str = ""


@dataclass(frozen=True, eq=False)
class Moments:
    """Wall-clock instants (n,).

    Index of the date, minute of the week, second of the minute (None: all zero).
    """

    day: npt.NDArray[np.int32]
    minute: npt.NDArray[np.int32]
    second: Ints | None


@dataclass(frozen=True, eq=False)
class Table:
    """Hours laid out for the dates under study.

    `inside` (10080,) open seconds from 00:00 of the date until each minute of the week, `open`
    (10080,) 1 where it is open; `before` (dates + 1,) open seconds before each date; `closings`
    (k,) the last closings of the open dates. `on` (dates,) is 0 for closed dates, None where there
    are none; `night` and `night_open` are the part of `inside` and `open` that runs in from the
    date before, `night_on` whether it counts; None where that cannot matter.
    """

    inside: Ints
    open: Ints
    before: Ints
    closings: Ints
    on: Ints | None = None
    night: Ints | None = None
    night_open: Ints | None = None
    night_on: Ints | None = None


@dataclass(frozen=True)
class Dates:
    """The dates under study.

    `count` of them from `first` (days since 1970) on, and the sets of closed ones by name.
    """

    first: int
    count: int
    closed: Mapping[str, frozenset[int]]

    def weekdays(self) -> Ints:
        """(count,) weekday of each date, Monday is 0."""
        return (np.arange(self.first, self.first + self.count, dtype=np.int64) + MONDAY) % 7


@lru_cache(maxsize=512)
def _offsets(zone: str, block: int) -> Ints:
    """(_BLOCK,) seconds that the zone is ahead of UTC, hour by hour, in one block of hours."""
    place = ZoneInfo(zone)
    start = datetime.fromtimestamp(block * _BLOCK * _HOUR_SECONDS, tz=UTC)
    ahead = (
        (start + timedelta(hours=hour)).astimezone(place).utcoffset() for hour in range(_BLOCK)
    )
    return np.array([0 if each is None else each.total_seconds() for each in ahead], dtype=np.int64)


def wall_seconds(at: Ints, zone: str) -> Ints:
    """Microseconds since 1970 UTC -> whole seconds on a zone's wall clock.

    The zone "" is the log's own clock.
    """
    seconds = at // SECOND
    if not zone or len(seconds) == 0:
        return seconds
    hour = seconds // _HOUR_SECONDS
    first, last = int(hour.min()) // _BLOCK, int(hour.max()) // _BLOCK
    ahead = np.concatenate([_offsets(zone, block) for block in range(first, last + 1)])
    wall: Ints = seconds + ahead[hour - first * _BLOCK]
    return wall


def moments(seconds: Ints, dates: Dates) -> Moments:
    """Wall-clock seconds (n,) -> where they stand in their week and among the dates under study."""
    day = seconds // DAY_SECONDS
    rest = seconds - day * DAY_SECONDS
    minute = rest // 60
    second = rest - minute * 60
    return Moments(
        (day - dates.first).astype(np.int32),
        ((day + MONDAY) % 7 * DAY_MINUTES + minute).astype(np.int32),
        second if second.any() else None,
    )


def _marks(week: Week, *, night: bool) -> Ints:
    """(10080,) 1 in each minute in which a date's own hours (or the night before) are open."""
    marks = np.zeros(WEEK_MINUTES, dtype=np.int64)
    for weekday, spans in enumerate(week):
        base = (weekday + night) % 7 * DAY_MINUTES
        for opens, closes in spans:
            if night and closes > DAY_MINUTES:
                marks[base : base + closes - DAY_MINUTES] = 1
            if not night:
                marks[base + opens : base + min(closes, DAY_MINUTES)] = 1
    return marks


def _within_days(marks: Ints) -> Ints:
    """(10080,) open minutes from 00:00 of the date until each minute."""
    table = marks.reshape(7, DAY_MINUTES)
    return (np.cumsum(table, axis=1) - table).reshape(-1)


def lay_out(hours: Hours, dates: Dates) -> Table:
    """The hours as look-up tables for the dates under study (T4)."""
    own_open = _marks(hours.week, night=False)
    night_open = _marks(hours.week, night=True) & (1 - own_open)
    open_ = own_open | night_open
    weekdays = dates.weekdays()
    per_day = 60 * open_.reshape(7, -1).sum(axis=1)[weekdays]
    on = _open_dates(hours, dates)
    closings = _closings(hours.week, dates, weekdays, on)
    if on.all():
        return Table(60 * _within_days(open_), open_, _before(per_day), closings)
    if not night_open.any():
        return Table(60 * _within_days(open_), open_, _before(per_day * on), closings, on)
    night_on = on.copy()
    night_on[1:] &= on[:-1]
    lost = 60 * night_open.reshape(7, -1).sum(axis=1)[weekdays] * (on - night_on)
    return Table(
        inside=60 * _within_days(open_),
        open=open_,
        before=_before(per_day * on - lost),
        closings=closings,
        on=on,
        night=60 * _within_days(night_open),
        night_open=night_open,
        night_on=night_on,
    )


def _open_dates(hours: Hours, dates: Dates) -> Ints:
    on = np.ones(dates.count, dtype=np.int64)
    closed = np.array(sorted(dates.closed.get(hours.closed, ())), dtype=np.int64) - dates.first
    on[closed[(closed >= 0) & (closed < dates.count)]] = 0
    return on


def _before(per_day: Ints) -> Ints:
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(per_day)))


def _closings(week: Week, dates: Dates, weekdays: Ints, is_open: Ints) -> Ints:
    """(k,) wall-clock seconds of the last closing of each open date, in order (T5)."""
    last = np.array(
        [max((closes for _, closes in spans), default=-1) for spans in week], dtype=np.int64
    )[weekdays]
    cut = np.append(is_open[1:], 1) == 0  # a night does not run into a closed date
    last = np.where(cut, np.minimum(last, DAY_MINUTES), last)
    there = (last >= 0) & (is_open == 1)
    start = (np.arange(dates.count, dtype=np.int64) + dates.first) * DAY_SECONDS
    return np.sort((start + last * 60)[there])


def open_seconds(table: Table, at: Moments) -> Ints:
    """(n,) open seconds from the first date under study until each instant.

    The cumulative function.
    """
    passed = table.before[at.day]
    inside = table.inside[at.minute]
    if at.second is not None:
        inside = inside + table.open[at.minute] * at.second
    if table.on is None:
        return passed + inside
    on = table.on[at.day]
    passed = passed + inside * on
    if table.night is None or table.night_open is None or table.night_on is None:
        return passed
    night = table.night[at.minute]
    if at.second is not None:
        night = night + table.night_open[at.minute] * at.second
    return passed - night * (on - table.night_on[at.day])


def runs(table: Table, at: Moments) -> Bools:
    """(n,) whether service time runs at each instant."""
    is_open: Bools = table.open[at.minute] == 1
    if table.on is None:
        return is_open
    is_open &= table.on[at.day] == 1
    if table.night_open is None or table.night_on is None:
        return is_open
    lost: Bools = (table.night_open[at.minute] == 1) & (table.night_on[at.day] == 0)
    return is_open & ~lost


def on_days(days: Iterable[int], *spans: Span) -> Week:
    """The same spans on the given weekdays, Monday is 0."""
    kept = frozenset(days)
    return tuple(spans if weekday in kept else () for weekday in range(7))


def is_always(week: Week) -> bool:
    """Whether the week has no closed minute."""
    return int(_marks(week, night=False).sum()) == WEEK_MINUTES
