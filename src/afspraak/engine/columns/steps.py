"""How many of some sorted points lie before each instant of a column, without a search.

Time is cut into slots of a power of two, so short that at most one point lies in each: what has
been passed before the slot, and one comparison with the point in it, give the number.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
"""Instants or durations of either lane: int64 or, in the lane of whole seconds, int32."""
Bools = NDArray[np.bool_]
Lane = np.dtype[np.int64] | np.dtype[np.int32]
LARGEST_TABLE: Final = 1 << 23


def slot_shift(shortest: int, length: int) -> int | None:
    """The largest power of two (as a shift) that is at most `shortest`; None where so short slots
    would be too many.
    """
    shift = max(0, shortest).bit_length() - 1
    return None if shift < 0 or length >> shift > LARGEST_TABLE else shift


class Steps:
    """Points in rising order, asked about values from `low` to `high`. `inclusive`: a point counts
    at its own instant, too.
    """

    def __init__(self, points: Ints, low: int, high: int, dtype: Lane, *, inclusive: bool) -> None:
        self._points = points.astype(dtype)
        self._side: Final = "right" if inclusive else "left"
        self._low = low
        gaps = np.diff(points)
        self._shift = slot_shift(int(gaps.min()) if len(gaps) else max(high - low, 1), high - low)
        if self._shift is not None:
            starts = (np.arange(((high - low) >> self._shift) + 1) << self._shift) + low
            self._before = np.searchsorted(points, starts, self._side)
            after = np.append(points, np.iinfo(dtype).max)[self._before]
            # One comparison serves both kinds: `at` is beyond what is not yet counted.
            self._last = (after - inclusive).astype(dtype)

    def into(self, at: Ints, out: NDArray[np.int64], scratch: Ints) -> None:
        """The number of points passed at each instant; `scratch` is as long and of the lane."""
        if self._shift is None:
            out[:] = np.searchsorted(self._points, at, self._side)
            return
        if self._low:
            np.subtract(at, self._low, out=out)
            np.right_shift(out, self._shift, out=out)
        else:
            np.right_shift(at, self._shift, out=out)
        np.take(self._last, out, out=scratch, mode="clip")
        beyond = np.greater(at, scratch)
        np.take(self._before, out, out=out, mode="clip")
        np.add(out, beyond, out=out)
