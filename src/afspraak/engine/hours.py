"""Service calendars: from weekly hours to open time and back (SEMANTICS T2-T6, T8).

A `Calendar` is what the contract says; `Hours` is the same, laid out on the time line for a stretch
of dates, with the cumulative open-time function and its inverse.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from afspraak.engine.open_time import OpenTime
from afspraak.engine.time import (
    DAY,
    MINUTE,
    Duration,
    Refusal,
    WorkingDays,
    date_spans,
    end_of_date,
    local_time,
    noon_offsets,
    show_instant,
    start_of_date,
    zone_of,
)
from afspraak.engine.values import Value

_ONE_DAY: Final = timedelta(days=1)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MIDNIGHT: Final = 24 * 60
_NEVER: Final = 1 << 62
_Spans = list[tuple[int, int]]


class Interval(Value):
    """Hours of one date, in minutes after its 00:00; `closes` above 1440: on the next date (T4)."""

    __match_args__ = ("opens", "closes")
    __slots__ = ("closes", "opens")
    opens: int
    closes: int

    def __init__(self, opens: int, closes: int) -> None:
        self._set(opens, closes)

    def __lt__(self, other: "Interval") -> bool:
        return (self.opens, self.closes) < (other.opens, other.closes)


class Calendar(Value):
    """A service calendar as signed (T4): seven days of intervals, Monday first; closed dates
    (public holidays included); exceptions that replace a date's intervals; the dates [from,
    until) that it may be asked about (T8).
    """

    __match_args__ = ("name", "zone", "week", "closed", "exceptions", "cover")
    __slots__ = ("closed", "cover", "exceptions", "name", "week", "zone")
    name: str
    zone: str
    week: tuple[tuple[Interval, ...], ...]
    closed: frozenset[date]
    exceptions: Mapping[date, tuple[Interval, ...]]
    cover: tuple[date, date]

    def __init__(  # noqa: PLR0917 - its parts, in their order
        self,
        name: str,
        zone: str,
        week: tuple[tuple[Interval, ...], ...],
        closed: frozenset[date],
        exceptions: Mapping[date, tuple[Interval, ...]],
        cover: tuple[date, date],
    ) -> None:
        self._set(name, zone, week, closed, exceptions, cover)

    def over(self, cover: tuple[date, date]) -> "Calendar":
        """The same calendar, for other dates."""
        return Calendar(self.name, self.zone, self.week, self.closed, self.exceptions, cover)

    def is_closed(self, on: date) -> bool:
        """Closed by an exception without hours or, without exception, as a holiday or listed date
        (T4).
        """
        hours = self.exceptions.get(on)
        return on in self.closed if hours is None else not hours

    def intervals(self, on: date) -> tuple[Interval, ...]:
        """The intervals that start on a date."""
        hours = self.exceptions.get(on)
        if hours is not None:
            return hours
        return () if on in self.closed else self.week[on.weekday()]


def joined(name: str, intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """One date's intervals in order, touching ones joined; refuses overlap and intervals without
    length (T4).
    """
    merged: list[Interval] = []
    for interval in sorted(intervals):
        if (
            not 0 <= interval.opens < _MIDNIGHT
            or not interval.opens < interval.closes <= 2 * _MIDNIGHT
        ):
            raise Refusal(f"calendar {name}: {_clock(interval)} is not an interval with a length")
        if merged and interval.opens < merged[-1].closes:
            raise Refusal(
                f"calendar {name}: {_clock(merged[-1])} and {_clock(interval)} overlap on one date"
            )
        if merged and interval.opens == merged[-1].closes:
            merged[-1] = Interval(merged[-1].opens, interval.closes)
        else:
            merged.append(interval)
    return tuple(merged)


def _clock(interval: Interval) -> str:
    ends = (
        f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (interval.opens, interval.closes)
    )
    return "-".join(ends)


class Hours(OpenTime):
    """Open time on the time line, for the calendar's cover. Immutable; every question outside the
    cover is refused.

    `edges` are the instants at which the calendar opens and closes in turn; `closings` the last
    closings of the open dates, in order. Instants and durations are integers of microseconds.
    """

    __slots__ = ("calendar", "closings", "from_at", "until_at")

    def __init__(self, calendar: Calendar, spans: _Spans, closings: list[int]) -> None:
        zone = zone_of(calendar.zone)
        self.calendar = calendar
        self.from_at = start_of_date(zone, calendar.cover[0])
        self.until_at = start_of_date(zone, calendar.cover[1])
        self.closings = closings
        edges = [edge for span in spans for edge in span]
        super().__init__(edges, self.from_at, self.until_at)

    def require(self, start: int, end: int) -> None:
        """Refuses unless the whole span asked about lies in the cover (T8)."""
        if end > self.until_at or not self.from_at <= start < self.until_at:
            self._refuse_span(start, end)

    def is_open(self, at: int) -> bool:
        """Whether service time runs at an instant."""
        return bisect_right(self.edges, at) & 1 == 1

    def start_day(self, start: int) -> int:
        """The day of start, as an index into `closings`: the first open date whose last closing
        lies after it (T5).
        """
        self._check_start(start)
        return bisect_right(self.closings, start)

    def days_elapsed(self, start_day: int, start: int, end: int) -> int:
        """Working days after the day of start, last closing reached in (start, end] (T5)."""
        if not self.from_at <= start <= end <= self.until_at:
            self._refuse_span(start, end)
        first = start_day + 1
        if first >= len(self.closings):
            return 0
        return bisect_right(self.closings, end, first) - bisect_right(self.closings, start, first)

    def days_deadline(self, start_day: int, start: int, days: int) -> int:
        """The last closing of the `days`-th working day reached after `start`, the day of start not
        counted (T5).
        """
        if not self.from_at <= start <= self.until_at:
            self._refuse_start(start)
        first = min(start_day + 1, len(self.closings))
        index = bisect_right(self.closings, start, first) + days - 1
        if index >= len(self.closings):
            raise self._beyond()
        return self.closings[index]

    def due(self, start: int, target: Duration) -> int:
        """The due instant of a target that nothing pauses (T5, T6)."""
        if isinstance(target, WorkingDays):
            return self.days_deadline(self.start_day(start), start, target.days)
        return self.deadline(start, target.microseconds)

    def _check_start(self, start: int) -> None:
        if not self.from_at <= start < self.until_at:
            self._refuse_start(start)

    def _check_span(self, start: int, end: int) -> None:
        if not self.from_at <= start <= end <= self.until_at or start == self.until_at:
            self._refuse_span(start, end)

    def _refuse_span(self, start: int, end: int) -> None:
        if end < start:
            raise Refusal(
                f"the span ends ({self._show(end)}) before it starts ({self._show(start)})"
            )
        raise Uncovered(self.calendar, start if start < self.from_at else end)

    def _refuse_start(self, start: int) -> None:
        raise Uncovered(self.calendar, start)

    def _beyond(self) -> Refusal:
        return Uncovered(self.calendar, self.until_at)

    def _show(self, at: int) -> str:
        return show_instant(at, self.calendar.zone)


class Uncovered(Refusal):
    """The question leaves the calendar's cover (T8), at the instant `at`."""

    def __init__(self, calendar: Calendar, at: int) -> None:
        super().__init__(
            "calendar %(calendar)s has no answer at %(at)s:"
            " it covers %(from_on)s to %(until_on)s (%(zone)s)",
            calendar=calendar.name,
            at=at,
            from_on=str(calendar.cover[0]),
            until_on=str(calendar.cover[1]),
            zone=calendar.zone,
        )
        self.at = at


def lay_out(calendar: Calendar) -> Hours:
    """The calendar's hours on the time line, for its cover (T3, T4)."""
    zone = zone_of(calendar.zone)
    dates = list(_open_dates(calendar, zone))
    start, end = (start_of_date(zone, on) for on in calendar.cover)
    closings = sorted(spans[-1][1] for _, spans in dates)
    spans = _merged(piece for _, pieces in dates for piece in pieces)
    inside = [
        (max(opens, start), min(closes, end))
        for opens, closes in spans
        if opens < end and closes > start
    ]
    return Hours(calendar, inside, [closing for closing in closings if start < closing <= end])


def _open_dates(calendar: Calendar, zone: ZoneInfo) -> Iterator[tuple[date, _Spans]]:
    """Each date that has open time of its own, with its spans in UTC; the night before the cover
    runs into it.
    """
    on = calendar.cover[0] - _ONE_DAY
    days = (calendar.cover[1] - on).days
    offsets = noon_offsets(zone, on - _ONE_DAY, days + 3)
    midnight = (on.toordinal() - _EPOCH_DAY) * DAY
    for number in range(days):
        if intervals := calendar.intervals(on):
            before, offset, after, beyond = offsets[number : number + 4]
            if before == offset == after == beyond:
                local = midnight - offset
                spans = [
                    (local + each.opens * MINUTE, local + each.closes * MINUTE)
                    for each in intervals
                ]
                meets_others = intervals[-1].closes > _MIDNIGHT
            else:
                spans = _merged(_converted(zone, on, each) for each in intervals)
                meets_others = True
            if meets_others:
                spans = _without_closed(calendar, zone, on, spans)
            if spans:
                yield on, spans
        on += _ONE_DAY
        midnight += DAY


def _converted(zone: ZoneInfo, on: date, interval: Interval) -> tuple[int, int]:
    """T3: an opening takes the first occurrence of its local time, a closing the last; 24:00 is the
    date's end.
    """
    opens = local_time(zone, on, interval.opens).first
    if interval.closes == _MIDNIGHT:
        return opens, end_of_date(zone, on)
    return opens, local_time(zone, on, interval.closes).last


def _without_closed(calendar: Calendar, zone: ZoneInfo, on: date, spans: _Spans) -> _Spans:
    """A date's spans less every instant whose local date is closed (T4): the night that runs into
    it.
    """
    for neighbour in (on - _ONE_DAY, on + _ONE_DAY):
        if calendar.is_closed(neighbour):
            for closed in date_spans(zone, neighbour):
                spans = [piece for span in spans for piece in _minus(span, closed)]
    return spans


def _minus(span: tuple[int, int], closed: tuple[int, int]) -> Iterator[tuple[int, int]]:
    pieces = ((span[0], min(span[1], closed[0])), (max(span[0], closed[1]), span[1]))
    return ((start, end) for start, end in pieces if start < end)


def _merged(spans: Iterable[tuple[int, int]]) -> _Spans:
    """Spans in order, touching and overlapping ones as one, empty ones dropped (T3)."""
    merged: _Spans = []
    until = -_NEVER
    for span in sorted(spans):
        start, end = span
        if start > until:
            if start < end:
                merged.append(span)
                until = end
        elif end > until:
            merged[-1] = (merged[-1][0], end)
            until = end
    return merged
