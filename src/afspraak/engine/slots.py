"""Where to begin looking on a line that is cut by ends (SEMANTICS T6): a table instead of a search.

A line is cut into slots of a power of two. Each slot knows the first row whose end does not lie
before it; from there it is a step or two to what a search would find.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

_FEWEST: Final = 64
_Row = TypeVar("_Row")


def shift_for(length: int, count: int) -> int:
    """How a line is cut into slots of two to that power: two to four for each of `count` ends."""
    return max(1, length // max(2 * count, _FEWEST)).bit_length() - 1


def firsts(rows: list[_Row], ends: Sequence[int], shift: int, slots: int = 0) -> list[_Row]:
    """For each slot, the first row whose end is not before it; the table reaches to the last end.
    Where more slots are asked for, those after it have the last row, which has no end.
    """
    found: list[_Row] = []
    for row, end in zip(rows, ends, strict=False):
        found += [row] * ((end >> shift) + 1 - len(found))
    return [*found, *rows[-1:] * (slots - len(found))]
