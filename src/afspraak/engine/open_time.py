"""The cumulative open-time function of a line that opens and closes in turn, and its inverse
(SEMANTICS T6): what every elapsed time and every deadline is made of.

Both are looked up in tables by slots instead of searched for; what they leave out is searched.
Instants and durations are integers of microseconds.
"""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from itertools import accumulate
from operator import sub
from typing import Final

from afspraak.engine.slots import firsts, shift_for
from afspraak.engine.time import Refusal

_NOWHERE: Final = 1 << 62
"""A slot that no table has."""
_Row = tuple[int | None, int | None, int]
_Due = tuple[int | None, int]


class OpenTime(ABC):
    """Open time along a line. `edges` are the instants at which it opens and closes in turn.

    What may be asked is for the kind that has a cover to say: `_check_start` and `_check_span`
    refuse what lies outside it, `_beyond` is the refusal of a deadline behind the last edge.
    """

    # `_rows` are the stretches between edges, closed and open in turn, and one more that never
    # ends: (ends, opened, lag). In a closed one open time stands at `opened`; in an open one that
    # is None, and it is the instant less its lag. `_dues` are the open stretches along open time,
    # which closes at `_closings`: (open time at closing, lag). `_early` and `_due` are the slots of
    # both (`slots.firsts`), `_early` from the slot `_first` on, the first that lies on the line as
    # a whole. An end is None where it lies beyond the slot; one that is over leads to a search.
    __slots__ = (
        "_closings",
        "_due",
        "_due_shift",
        "_dues",
        "_early",
        "_first",
        "_rows",
        "_shift",
        "early",
        "edges",
    )

    def __init__(self, edges: list[int], from_at: int, until_at: int) -> None:
        self.edges = edges
        opens, closes = edges[::2], edges[1::2]
        at_closing = list(accumulate(map(sub, closes, opens)))
        lags = list(map(sub, closes, at_closing))
        self._lay_rows(at_closing, lags, from_at, until_at)
        self._lay_dues(at_closing, lags)

    def _lay_rows(
        self, at_closing: list[int], lags: list[int], from_at: int, until_at: int
    ) -> None:
        opened = [each for at in (0, *at_closing) for each in (at, None)][:-1]
        twice = [each for lag in (0, *lags) for each in (lag, lag)][1:]
        self._rows: list[_Row] = list(zip([*self.edges, None], opened, twice, strict=True))
        sure: list[_Row] = [(None, at, lag) for _, at, lag in self._rows]
        self._shift = shift_for(until_at - from_at, len(sure))
        self._first = (from_at >> self._shift) + 1
        origin = (self._first << self._shift) + 1  # a stretch that ends as a slot begins is over
        since = [edge - origin for edge in self.edges]
        slots = (until_at >> self._shift) - self._first
        self._early = firsts(self._rows, sure, since, self._shift, slots)
        self.early = (self._shift, self._first, self._early, origin - 2)

    def _lay_dues(self, at_closing: list[int], lags: list[int]) -> None:
        self._closings = at_closing
        self._dues: list[_Due] = list(zip(at_closing, lags, strict=True))
        sure: list[_Due] = [(None, lag) for lag in lags]
        total = sum(at_closing[-1:])
        self._due_shift = shift_for(total, len(sure))
        slots = (total >> self._due_shift) + 1
        self._due = firsts(self._dues, sure, at_closing, self._due_shift, slots)

    def open_time(self, at: int) -> int:
        """Open time from the start of the cover until `at` (the cumulative function)."""
        slot = (at >> self._shift) - self._first
        try:
            ends, opened, lag = self._early[slot if slot >= 0 else _NOWHERE]
        except IndexError:
            ends, opened, lag = self._row(at)
        if ends is not None and ends <= at:
            _, opened, lag = self._row(at)
        return at - lag if opened is None else opened

    def elapsed(self, start: int, end: int) -> int:
        """Open time in [start, end). Refuses a span that ends before it starts (T2) or leaves the
        cover (T8).
        """
        slot = (start >> self._shift) - self._first
        try:
            ends, opened, lag = self._early[slot if slot >= 0 else _NOWHERE]
            last = self._early[(end >> self._shift) - self._first]
        except IndexError:
            self._check_span(start, end)
            return self.open_time(end) - self.open_time(start)
        if start > end:
            self._check_span(start, end)
        if ends is not None and ends <= start:
            _, opened, lag = self._row(start)
        before = start - lag if opened is None else opened
        ends, opened, lag = last
        if ends is not None and ends <= end:
            _, opened, lag = self._row(end)
        return (end - lag if opened is None else opened) - before

    def deadline(self, start: int, span: int) -> int:
        """The least instant by which `span` of open time has passed since `start` (T6); inverse of
        `elapsed`.
        """
        slot = (start >> self._shift) - self._first
        try:
            ends, opened, lag = self._early[slot if slot >= 0 else _NOWHERE]
        except IndexError:
            self._check_start(start)
            ends, opened, lag = self._row(start)
        if span <= 0:
            return start
        if ends is not None and ends <= start:
            _, opened, lag = self._row(start)
        reached = span + (start - lag if opened is None else opened)
        try:
            closing, lag = self._due[reached >> self._due_shift]
            if closing is not None and closing < reached:
                _, lag = self._dues[bisect_left(self._closings, reached)]
        except IndexError:
            raise self._beyond() from None
        return reached + lag

    def reached(self, passed: int) -> int:
        """The least instant by which so much open time has passed (T6). Refuses one after the last
        closing (T8).
        """
        try:
            closing, lag = self._due[passed >> self._due_shift]
            if closing is not None and closing < passed:
                _, lag = self._dues[bisect_left(self._closings, passed)]
        except IndexError:
            raise self._beyond() from None
        return passed + lag

    def _row(self, at: int) -> _Row:
        """The stretch in which an instant lies."""
        return self._rows[bisect_right(self.edges, at)]

    @abstractmethod
    def _check_start(self, start: int) -> None:
        """Refuses a start outside the cover (T8)."""

    @abstractmethod
    def _check_span(self, start: int, end: int) -> None:
        """Refuses a span that ends before it starts (T2) or leaves the cover (T8)."""

    @abstractmethod
    def _beyond(self) -> Refusal:
        """The refusal of a deadline after the last closing (T8)."""
