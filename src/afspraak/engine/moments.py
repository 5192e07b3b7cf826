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
_Row = tuple[int, datetime, datetime | None, timedelta]
_Due = tuple[int, datetime, timedelta]


class Moments:
    """Open time on the time line of `hours`, for aware datetimes and timedeltas."""

    # As in `Hours`, with open time counted as a clock that starts at EPOCH.
    __slots__ = ("_due", "_dues", "_early", "_rows", "hours")

    def __init__(self, hours: Hours) -> None:
        self.hours = hours
        edges = [datetime_of(edge) for edge in hours.edges]
        at_closing = list(accumulate(map(sub, edges[1::2], edges[::2]), initial=EPOCH))
        lags = [_NOTHING, *map(sub, edges[1::2], at_closing[1:])]
        opened = [each for at in at_closing for each in (at, None)]
        twice = [each for lag in lags for each in (lag, lag)][1:]
        self._rows: list[_Row] = list(zip(count(), [*edges, _NEVER], opened, [*twice, _NOTHING]))
        self._dues: list[_Due] = list(zip(count(), at_closing[1:], lags[1:], strict=False))
        first, last = (datetime_of(at).toordinal() for at in (hours.from_at, hours.until_at))
        since = _days((edge - _MICROSECOND for edge in edges), first)
        early = enumerate(firsts(self._rows, self._rows, since, 0, last - first), first)
        self._early = {day: row for day, row in early if first < day < last}
        due = _days(at_closing[1:], _EPOCH_DAY)
        self._due = firsts(self._dues, self._dues, due, 0, sum(due[-1:]) + 1)

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Open time in [start, end). Refuses what `Hours.elapsed` refuses."""
        if start.tzinfo is not UTC or end.tzinfo is not UTC:
            start, end = _in_utc(start), _in_utc(end)
        try:
            number, ends, opened, lag = self._early[start.toordinal()]
            last = self._early[end.toordinal()]
        except KeyError:
            return self._counted(start, end)
        if start > end:
            return self._counted(start, end)
        while ends <= start:
            number += 1
            _, ends, opened, lag = self._rows[number]
        before = start - lag if opened is None else opened
        number, ends, opened, lag = last
        while ends <= end:
            number += 1
            _, ends, opened, lag = self._rows[number]
        return (end - lag if opened is None else opened) - before

    def deadline(self, start: datetime, span: timedelta) -> datetime:
        """The least moment by which `span` of open time has passed since `start` (T6). Refuses what
        `Hours.deadline` refuses.
        """
        if start.tzinfo is not UTC:
            start = _in_utc(start)
        try:
            number, ends, opened, lag = self._early[start.toordinal()]
            if span <= _NOTHING:
                return start
            while ends <= start:
                number += 1
                _, ends, opened, lag = self._rows[number]
            reached = span + (start - lag if opened is None else opened)
            number, closing, lag = self._due[reached.toordinal() - _EPOCH_DAY]
            while closing < reached:
                number += 1
                _, closing, lag = self._dues[number]
        except (KeyError, IndexError, OverflowError):
            return datetime_of(self.hours.deadline(instant_of(start), span // _MICROSECOND))
        return reached + lag

    def _counted(self, start: datetime, end: datetime) -> timedelta:
        """In integers: at the edges of the cover, and what is refused."""
        return timedelta(microseconds=self.hours.elapsed(instant_of(start), instant_of(end)))


def _in_utc(moment: datetime) -> datetime:
    return datetime_of(instant_of(moment))


def _days(moments: Iterable[datetime], first: int) -> list[int]:
    return [moment.toordinal() - first for moment in moments]
