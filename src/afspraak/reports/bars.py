"""Clock bars: whose turn it was, side by side as wide as it took. Solid by who promised, hatched at
the customer, striped at a third party, dotted while a solution waited for acceptance, red if late:
the pattern says it as well as the colour, on paper too. The template draws them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

WIDTH: Final = 1000
"""A bar's own units; it is drawn as wide as its place."""
LEAST: Final = 5
"""No piece is narrower: one that cannot be seen would be no answer."""

FILLS: Final = MappingProxyType(
    {
        "supplier": "ours",
        "customer": "hatch",
        "third_party": "stripe",
        "acceptance": "dots",
        "late": "late",
    }
)
"""Turn -> the class of its fill."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: whose turn, and how long, in microseconds of service time."""

    turn: str
    length: int


@dataclass(frozen=True, slots=True)
class Rect:
    """A part as it is drawn."""

    x: int
    width: int
    fill: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of rectangles; `label` tells the same in words; `breaks` are where a piece is longer
    than it is drawn.
    """

    rects: tuple[Rect, ...]
    label: str
    breaks: tuple[int, ...] = ()


def bar(pieces: Iterable[Piece], label: str, *, promisor: str = "", whole: int = 0) -> Bar:
    """Pieces side by side; the promisor's own are solid. `whole` is what the full width stands for,
    in microseconds; without it the pieces fill the bar.
    """
    kept = [piece for piece in pieces if piece.length > 0]
    total = max(whole, sum(piece.length for piece in kept)) or 1
    rects, at = [], 0
    for piece, width in zip(kept, _widths([piece.length for piece in kept], total), strict=True):
        rects.append(Rect(at, width, "ours" if piece.turn == promisor else FILLS[piece.turn]))
        at += width
    return Bar(tuple(rects), label)


def _widths(lengths: Sequence[int], total: int) -> list[int]:
    """Widths in the bar's units, each wide enough to be seen, together no wider than the bar."""
    widths = [max(LEAST, length * WIDTH // total) for length in lengths]
    while (over := sum(widths) - WIDTH) > 0:
        widest = widths.index(max(widths))
        widths[widest] -= max(1, min(over, widths[widest] - LEAST))
    return widths
