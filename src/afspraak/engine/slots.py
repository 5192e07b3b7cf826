"""Where to begin looking on a line that is cut by ends (SEMANTICS T6): a table instead of a search.

A line is cut into slots of a power of two. Each slot knows the first row whose end does not lie
before it; where that end lies beyond it, too, the row is known to hold the whole slot, and there is
nothing to look for. Else what is asked about may lie behind that end.
"""

from collections.abc import Sequence
from typing import Final, TypeVar

_FINENESS: Final = 16
_FEWEST: Final = 256
_Row = TypeVar("_Row")


def shift_for(length: int, count: int) -> int:
    """How a line is cut into slots of two to that power: so many for each of `count` ends that most
    slots have none.
    """
    return max(1, length // max(_FINENESS * count, _FEWEST)).bit_length() - 1


def firsts(
    rows: list[_Row], sure: list[_Row], ends: Sequence[int], shift: int, slots: int
) -> list[_Row]:
    """For each of so many slots the first row whose end is not before it; in its form as `sure`
    where it holds the whole slot. A last row may have no end.
    """
    found: list[_Row] = []
    for row, whole, end in zip(rows, sure, ends, strict=False):
        slot = end >> shift
        if slot >= len(found):
            found += [whole] * (slot - len(found))
            found.append(row)
    found += sure[-1:] * (slots - len(found))
    return found[: max(slots, 0)]
