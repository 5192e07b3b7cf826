"""Open time over arrays (SEMANTICS T2-T6, T8): the functions of `hours.py`, equal on every input
(HOUSE_STYLE 12).

Time is cut into slots of a power of two, each so short that at most one interval touches it. Within
a slot the cumulative open time is `min(max(at + shift, low), high)`: three small tables, no branch,
no search. Its inverse needs one comparison. Work goes block by block through scratch arrays that
are made once.

Two lanes: int64 microseconds since 1970, and int32 whole seconds since the start of the cover, for
data that were proven to be whole seconds when they were loaded.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from afspraak.engine.columns.steps import Bools, Ints, Lane, Steps, slot_shift
from afspraak.engine.hours import Hours, Uncovered
from afspraak.engine.time import SECOND, Refusal

BLOCK: Final = 1 << 15
"""Elements handled at a time: the scratch arrays of one block stay in a core's cache."""

_MICROSECONDS: Final[Lane] = np.dtype(np.int64)
_SECONDS: Final[Lane] = np.dtype(np.int32)


class HourColumns:
    """Hours for arrays. `unit` 1: instants are int64 microseconds since 1970; `unit` SECOND: int32
    whole seconds since `origin`, the start of the cover. Durations are in the same unit.
    """

    def __init__(self, hours: Hours, unit: int = 1) -> None:
        if unit not in (1, SECOND):
            raise Refusal("a lane counts in microseconds (1) or in whole seconds (1 000 000)")
        self.hours = hours
        self.unit = unit
        self.origin = hours.from_at if unit == SECOND else 0
        self.dtype: Lane = _SECONDS if unit == SECOND else _MICROSECONDS
        self._length = self._scaled(hours.until_at - hours.from_at)
        self._zero = 0 if unit == SECOND else hours.from_at
        edges = np.array(hours.edges, np.int64) - hours.from_at
        if unit == SECOND and (
            np.any(edges % SECOND) or self._length > np.iinfo(np.int32).max // 4
        ):
            raise Refusal(f"calendar {hours.calendar.name} does not fit the lane of whole seconds")
        edges = np.concatenate([edges // unit, [self._length, self._length]])
        self._forward = _Forward(edges[::2], edges[1::2], self._length, self.dtype)
        self._inverse = _Inverse(edges[:-2:2], edges[1:-2:2], self.dtype)
        self._scratch = [_empty(BLOCK, self.dtype) for _ in range(3)]
        self._slots = np.empty(BLOCK, np.int64)
        self.days = DayColumns(self)

    def _scaled(self, microseconds: int) -> int:
        return microseconds // self.unit

    def open_time(self, at: Ints, out: Ints | None = None) -> Ints:
        """The cumulative open time at each instant; refuses instants outside the cover (T8)."""
        out = _empty(len(at), self.dtype) if out is None else out
        for part in _blocks(len(at)):
            self._open_time(at[part], out[part], self._scratch[0][: len(at[part])])
        return out

    def elapsed(self, start: Ints, end: Ints, out: Ints | None = None) -> Ints:
        """Open time in [start, end), element by element. Refuses spans that end before they start
        (T2) or leave the cover (T8), naming the first.
        """
        out = _empty(len(start), self.dtype) if out is None else out
        first, second = self._scratch[0], self._scratch[1]
        for part in _blocks(len(start)):
            opens, closes, result = start[part], end[part], out[part]
            before = second[: len(result)]
            if np.greater(opens, closes).any():
                self._refuse(start, end, np.greater(start, end))
            self._open_time(opens, before, first[: len(result)], last=False)
            self._open_time(closes, result, first[: len(result)])
            np.subtract(result, before, out=result)
        return out

    def deadline(self, start: Ints, span: Ints | int, out: Ints | None = None) -> Ints:
        """The least instant by which `span` of open time has passed since each start (T6)."""
        out = _empty(len(start), self.dtype) if out is None else out
        for part in _blocks(len(start)):
            opens, result = start[part], out[part]
            spans = span if isinstance(span, int) else span[part]
            reached = self._scratch[1][: len(result)]
            self._open_time(opens, reached, self._scratch[0][: len(result)], last=False)
            np.add(reached, spans, out=reached)
            self.reached(reached, result)
            if np.min(spans) <= 0:
                np.copyto(result, opens, where=np.less_equal(spans, 0))
        return out

    def reached(self, open_time: Ints, out: Ints) -> Ints:
        """The least instant at which the cumulative open time (above zero) is reached; the inverse
        of `open_time`.
        """
        inverse = self._inverse
        if len(open_time) and int(open_time.max()) > inverse.total:
            raise Uncovered(self.hours.calendar, self.hours.until_at)
        for part in _blocks(len(open_time)):
            inverse.into(open_time[part], out[part], self._slots, self._scratch[2])
            if self._zero:
                np.add(out[part], self._zero, out=out[part])
        return out

    def _open_time(self, at: Ints, out: Ints, scratch: Ints, *, last: bool = True) -> None:
        if not len(at):
            return
        low, high = int(at.min()) - self._zero, int(at.max()) - self._zero
        if low < 0 or high > self._length or (high == self._length and not last):
            self._refuse(at, at, (at < self._zero) | (at > self._zero + self._length - (not last)))
        self._open_time_into(at, out, scratch)

    def _open_time_into(self, at: Ints, out: Ints, scratch: Ints) -> None:
        if self._zero:
            at = np.subtract(at, self._zero, out=self._scratch[2][: len(at)])
        self._forward.into(at, out, self._slots, scratch)

    def clipped_open_time(self, at: Ints) -> Ints:
        """Open time at instants that may lie outside the cover: there it is that of the nearest
        instant inside. For callers that set such rows apart themselves (`covers`).
        """
        out = _empty(len(at), self.dtype)
        low, high = self._zero, self._zero + self._length
        for part in _blocks(len(at)):
            inside = np.clip(at[part], low, high)
            self._open_time_into(inside, out[part], self._scratch[0][: len(inside)])
        return out

    def clipped_reached(self, open_time: Ints) -> tuple[Ints, Bools]:
        """The least instant of each open time, and whether it lies within the cover."""
        within: Bools = open_time <= self._inverse.total
        out = _empty(len(open_time), self.dtype)
        self.reached(np.clip(open_time, 0, self._inverse.total), out)
        return out, within

    def covers(self, start: Ints, end: Ints) -> Bools:
        """Whether each span lies in the cover (T8): its start before the cover's end, too."""
        low, high = self._zero, self._zero + self._length
        inside: Bools = (start >= low) & (start < high) & (end <= high)
        return inside

    def _refuse(self, start: Ints, end: Ints, wrong: Bools) -> None:
        """The scalar law gives the refusal of the first wrong element, in its own words."""
        index = int(np.flatnonzero(wrong)[0])
        opens, closes = (int(each[index]) * self.unit + self.origin for each in (start, end))
        self.hours.elapsed(opens, closes)
        self.hours.deadline(opens, 0)
        raise AssertionError("the columns refuse what the law answers")


def _empty(length: int, dtype: Lane) -> Ints:
    return np.empty(length, dtype)


def _blocks(length: int) -> Iterator["slice[int, int, None]"]:
    return (slice(start, min(start + BLOCK, length)) for start in range(0, length, BLOCK))


class _Forward:
    """The cumulative open time by slots: `min(max(at + shift, low), high)`."""

    def __init__(
        self,
        opens: NDArray[np.int64],
        closes: NDArray[np.int64],
        length: int,
        dtype: Lane,
    ) -> None:
        gaps = opens[1:-1] - closes[:-2]
        shift = slot_shift(int(gaps.min()) if len(gaps) else max(length, 1), length)
        if shift is None:
            raise Refusal(
                "this calendar opens and closes too often for the columns; ask the scalar law"
            )
        self.shift = shift
        starts = np.arange((length >> self.shift) + 1, dtype=np.int64) << self.shift
        interval = np.searchsorted(closes[:-1], starts, "right")
        before = np.concatenate([[0], np.cumsum(closes - opens)])
        self.shifts = (before[interval] - opens[interval]).astype(dtype)
        self.lows = before[interval].astype(dtype)
        self.highs = before[interval + 1].astype(dtype)

    def into(self, at: Ints, out: Ints, slots: NDArray[np.int64], scratch: Ints) -> None:
        """Open time at each of a block's instants, counted from the start of the cover."""
        slot, scratch = slots[: len(at)], scratch[: len(at)]
        np.right_shift(at, self.shift, out=slot)
        np.take(self.shifts, slot, out=out, mode="clip")
        np.add(out, at, out=out)
        np.take(self.lows, slot, out=scratch, mode="clip")
        np.maximum(out, scratch, out=out)
        np.take(self.highs, slot, out=scratch, mode="clip")
        np.minimum(out, scratch, out=out)


class _Inverse:
    """The least instant of each open time: behind the closing of the interval that holds it."""

    def __init__(self, opens: NDArray[np.int64], closes: NDArray[np.int64], dtype: Lane) -> None:
        ends = np.cumsum(closes - opens)
        self.total = int(ends[-1]) if len(ends) else 0
        self._closings = Steps(ends, 0, self.total, dtype, inclusive=False)
        self._shifts = np.append(closes - ends, 0).astype(dtype)

    def into(self, open_time: Ints, out: Ints, slots: NDArray[np.int64], scratch: Ints) -> None:
        """The least instant of each open time in a block, counted from the start of the cover."""
        slot, scratch = slots[: len(out)], scratch[: len(out)]
        self._closings.into(open_time, slot, scratch)
        np.take(self._shifts, slot, out=scratch, mode="clip")
        np.add(open_time, scratch, out=out)


class DayColumns:
    """Working days for arrays: the last closings that have been reached (T5), in a lane of hours.

    Days of a clock are counted from the first one after its day of start: see `ClockColumns`.
    """

    def __init__(self, hours: HourColumns) -> None:
        law = hours.hours
        self._closings = (np.array(law.closings, np.int64) - hours.origin) // hours.unit
        first, last = ((at - hours.origin) // hours.unit for at in (law.from_at, law.until_at))
        self._steps = Steps(self._closings, first, last, hours.dtype, inclusive=True)
        self._due: Ints = np.append(self._closings, last).astype(hours.dtype)
        self.dtype = hours.dtype

    def clipped_days(self, at: Ints) -> Ints:
        """How many last closings have been reached at each instant."""
        count, scratch = np.empty(len(at), np.int64), _empty(len(at), self.dtype)
        self._steps.into(at, count, scratch)
        return count.astype(self.dtype)

    def clipped_reached(self, days: Ints) -> tuple[Ints, Bools]:
        """The instant at which so many last closings have been reached, and whether it is within
        the cover.
        """
        within: Bools = days <= len(self._closings)
        due: Ints = self._due.take(days - 1, mode="clip")
        return due, within


def whole_seconds(instants: NDArray[np.int64], origin: int) -> NDArray[np.int32] | None:
    """Microseconds as whole seconds since `origin`, or None where one of them is no whole second or
    out of reach.
    """
    offsets = instants - origin
    seconds = offsets // SECOND
    if np.any(seconds * SECOND != offsets) or np.any(seconds != seconds.astype(np.int32)):
        return None
    return seconds.astype(np.int32)
