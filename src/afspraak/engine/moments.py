"""Hours asked in aware datetimes (SEMANTICS T1, T6, T8): the functions of `hours.py`, equal on
every moment.

Arithmetic on datetimes that are all in UTC is exact, to the microsecond; so the same rows serve,
with a day of UTC as the slot. Turning each moment into an integer and back would cost more than the
answer. Moments in other zones are turned into UTC first; answers are in UTC.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import accumulate, count
from operator import sub
from typing import Final

from afspraak.engine.hours import Hours
from afspraak.engine.slots import firsts
from afspraak.engine.time import EPOCH, datetime_of, instant_of

_MICROSECOND: Final = timedelta(microseconds=1)
_NOTHING: Final = timedelta()
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_EPOCH_DAY: Final = EPOCH.toordinal()
_Row = tuple[int, datetime, datetime, datetime, timedelta]
_Due = tuple[int, datetime, timedelta]


class Moments:
    """Open time on the time line of `hours`, for aware datetimes and timedeltas."""

    # As in `Hours`, with open time counted as a clock that starts at EPOCH.
    __slots__ = ("_days", "_due", "_dues", "_early", "_first_day", "_rows", "hours")

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        edges = [datetime_of(edge) for edge in hours.edges]
        opens, closes = edges[::2], edges[1::2]
        at_closing = list(accumulate(map(sub, closes, opens), initial=EPOCH))[1:]
        lags = list(map(sub, closes, at_closing))
        last = (len(opens), _NEVER, _NEVER, at_closing[-1] if at_closing else EPOCH, _NOTHING)
        self._rows: list[_Row] = [*zip(count(), closes, opens, map(sub, opens, lags), lags), last]
        self._dues: list[_Due] = list(zip(count(), at_closing, lags, strict=False))
        self._first_day = datetime_of(hours.from_at).toordinal()
        self._days = datetime_of(hours.until_at).toordinal() - self._first_day
        since = _days((closing - _MICROSECOND for closing in closes), self._first_day)
        self._early = firsts(self._rows, since, 0, self._days + 1)
        self._due = firsts(self._dues, _days(at_closing, _EPOCH_DAY), 0)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Open time in [start, end). Refuses what `Hours.elapsed` refuses."""
        if start.tzinfo is not UTC or end.tzinfo is not UTC:
            start, end = _in_utc(start), _in_utc(end)
        first = start.toordinal() - self._first_day
        last = end.toordinal() - self._first_day
        if start > end or first < 1 or last >= self._days:
            self.hours.elapsed(instant_of(start), instant_of(end))
        number, closes, opens, opened, lag = self._early[first]
        while closes <= start:
            number += 1
            _, closes, opens, opened, lag = self._rows[number]
        before = opened if start < opens else start - lag
        number, closes, opens, opened, lag = self._early[last]
        while closes <= end:
            number += 1
            _, closes, opens, opened, lag = self._rows[number]
        return (opened if end < opens else end - lag) - before

    def deadline(self, start: datetime, span: timedelta) -> datetime:
        """The least moment by which `span` of open time has passed since `start` (T6). Refuses what
        `Hours.deadline` refuses.
        """
        if start.tzinfo is not UTC:
            start = _in_utc(start)
        day = start.toordinal() - self._first_day
        if day < 1 or day >= self._days:
            self.hours.deadline(instant_of(start), 0)
        if span <= _NOTHING:
            return start
        number, closes, opens, opened, lag = self._early[day]
        while closes <= start:
            number += 1
            _, closes, opens, opened, lag = self._rows[number]
        try:
            reached = span + (opened if start < opens else start - lag)
            number, closing, lag = self._due[reached.toordinal() - _EPOCH_DAY]
            while closing < reached:
                number += 1
                _, closing, lag = self._dues[number]
        except (IndexError, OverflowError):
            return datetime_of(self.hours.deadline(instant_of(start), span // _MICROSECOND))
        return reached + lag


def _in_utc(moment: datetime) -> datetime:
    return datetime_of(instant_of(moment))


def _days(moments: Iterable[datetime], first: int) -> list[int]:
    return [moment.toordinal() - first for moment in moments]
