"""Columns side by side: what was kept and, on top of it, what was missed. Each leads to what is
behind it; the missed part says so with a triangle, for colour never speaks alone. The template
draws them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

STEP: Final = 48
"""From one column to the next, in the plot's own units."""
BROAD: Final = 30
HIGH: Final = 110
ABOVE: Final = 18
"""Room for the figures above the columns."""
LEAST: Final = 3
"""What is there is drawn at least so high."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a column stands for; `told` says the same in words; `link` is where it leads."""

    name: str
    met: int
    missed: int
    told: str
    link: str
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it is drawn."""

    of: Count
    x: int
    middle: int
    met_y: int
    met_height: int
    missed_y: int
    missed_height: int

    @property
    def top(self) -> int:
        """Where its figure stands."""
        return (self.missed_y if self.of.missed else self.met_y) - 5


@dataclass(frozen=True, slots=True)
class Columns:
    """A plot of them; `label` says what it shows."""

    label: str
    columns: tuple[Column, ...]

    @property
    def width(self) -> int:
        """Of the whole plot."""
        return STEP * max(1, len(self.columns))

    @property
    def base(self) -> int:
        """Where the columns stand."""
        return ABOVE + HIGH

    @property
    def height(self) -> int:
        """Of the whole plot, with the names below."""
        return self.base + 20


def columns(counts: Sequence[Count], label: str) -> Columns:
    """Drawn to the highest of them."""
    most = max((each.met + each.missed for each in counts), default=0) or 1
    return Columns(label, tuple(_column(each, place, most) for place, each in enumerate(counts)))


def _column(each: Count, place: int, most: int) -> Column:
    met, missed = _high(each.met, most), _high(each.missed, most)
    over = max(0, met + missed - HIGH)
    if met >= missed:
        met -= over
    else:
        missed -= over
    met_y = ABOVE + HIGH - met
    x = place * STEP + (STEP - BROAD) // 2
    return Column(each, x, place * STEP + STEP // 2, met_y, met, met_y - missed, missed)


def _high(count: int, most: int) -> int:
    return max(LEAST, count * HIGH // most) if count else 0
