"""What an exception costs its supplier in a year, line by line. Pure.

The formula, as it is shown before anything is granted:

- hours that are open because of it and would not be otherwise x what an hour of standing by costs;
- tickets expected in those hours x hours each x what an hour of work costs then;
- hours a month that a sharper target takes x 12 x what an hour of work costs;
- what it costs to administer, a fixed sum.

Each line is rounded once, half up, to cents; the sum is that of the lines as they are shown.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final, Literal

from afspraak.engine.hours import Hours
from afspraak.engine.time import HOUR

MONTHS: Final = 12
CENT: Final = Decimal("0.01")
What = Literal["standing_by", "tickets", "sharper", "administration"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is entered: sums of money a year (`fixed`), an hour (`standby`, `per_hour`); tickets a
    year (`tickets`); hours a ticket (`hours_each`) and a month (`sharper`).
    """

    standby: Decimal = Decimal(0)
    tickets: Decimal = Decimal(0)
    hours_each: Decimal = Decimal(0)
    per_hour: Decimal = Decimal(0)
    sharper: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the arithmetic: the factors in their order, and what they come to."""

    what: What
    factors: tuple[Decimal, ...]
    total: Decimal


def upkeep(extra_open: int, figures: Figures) -> tuple[Line, ...]:
    """Every line; those that come to nothing too, so that nobody has to ask for them.
    `extra_open` is in microseconds a year.
    """
    hours = (Decimal(extra_open) / HOUR).quantize(CENT, ROUND_HALF_UP)
    each = (figures.tickets, figures.hours_each, figures.per_hour)
    return (
        _line("standing_by", hours, figures.standby),
        _line("tickets", *each),
        _line("sharper", figures.sharper, Decimal(MONTHS), figures.per_hour),
        _line("administration", figures.fixed),
    )


def total_of(lines: Iterable[Line]) -> Decimal:
    """What the lines come to."""
    return sum((each.total for each in lines), Decimal("0.00"))


def _line(what: What, *factors: Decimal) -> Line:
    product = Decimal(1)
    for each in factors:
        product *= each
    return Line(what, factors, product.quantize(CENT, ROUND_HALF_UP))


# Hours that only the exception opens --------------------------------------------------------------


def extra_open(wished: Hours, usual: Hours, from_at: int, until_at: int) -> int:
    """For how long in [from, until) the wished hours are open while the usual ones are not."""
    both = sum(end - start for start, end in common(wished, usual, from_at, until_at))
    return wished.elapsed(from_at, until_at) - both


def common(one: Hours, other: Hours, from_at: int, until_at: int) -> Iterator[tuple[int, int]]:
    """The stretches of [from, until) in which both are open. Each calendar is asked within its
    cover (T8).
    """
    for hours in (one, other):
        hours.require(from_at, until_at)
    cuts = sorted({from_at, until_at, *_within(one, from_at, until_at),
                   *_within(other, from_at, until_at)})  # fmt: skip
    for start, end in pairwise(cuts):
        if one.is_open(start) and other.is_open(start):
            yield start, end


def _within(hours: Hours, from_at: int, until_at: int) -> Sequence[int]:
    edges = hours.edges
    return edges[bisect_right(edges, from_at) : bisect_right(edges, until_at - 1)]
