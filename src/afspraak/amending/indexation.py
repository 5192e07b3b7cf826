"""Indexation by the formula that was agreed, with its arithmetic (DESIGN: integers or Decimal, one
rounding, last). Pure.

P = P0 x (fixed + sum of share x index / index of the base month). The n-th adjustment looks at the
month that lies n rhythms after the base month: as far before the adjustment as the base month lies
before the price that was signed. Each time the price rises by at most the cap and at least the
floor, counted from the price before.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from afspraak.engine.time import add
from afspraak.language.schema_prices import IndexationClause

MOST: Final = 60

ValueOf = Callable[[str, date], Decimal | None]
"""An index's name and a month (its first day) -> its value, if somebody entered it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A value that nobody has entered."""

    series: str
    month: date


@dataclass(frozen=True, slots=True)
class PartOf:
    """One parameter of the formula, with its two values and what it contributes: share x now /
    base.
    """

    series: str
    stands_for: str
    share: Fraction
    base_month: date
    base: Decimal
    base_is_signed: bool
    month: date
    now: Decimal
    contributes: Fraction


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One adjustment [on]: the factor on the signed price by the formula, and as it holds after cap
    and floor; or which values are missing. `held` says which of the two bound it.
    """

    number: int
    on: date
    month: date
    before: Fraction
    parts: tuple[PartOf, ...] = ()
    formula: Fraction | None = None
    factor: Fraction | None = None
    held: str = ""
    missing: tuple[Missing, ...] = ()


def adjustments(clause: IndexationClause, value_of: ValueOf, until_on: date) -> list[Adjustment]:
    """Every adjustment that falls before a date, oldest first; none after one that cannot be
    reckoned: each rests on the one before.
    """
    found: list[Adjustment] = []
    before = Fraction(1)
    for number in range(1, MOST):
        on = add(clause.first_on, clause.every, number - 1)
        if on >= until_on:
            break
        made = _adjustment(clause, value_of, number, on, before)
        found.append(made)
        if made.factor is None:
            break
        before = made.factor
    return found


def _adjustment(
    clause: IndexationClause, value_of: ValueOf, number: int, on: date, before: Fraction
) -> Adjustment:
    base_month = _month_of(clause)
    month = add(base_month, clause.every, number).replace(day=1)
    missing = tuple(_missing(clause, value_of, base_month, month))
    if missing:
        return Adjustment(number, on, month, before, missing=missing)
    parts = tuple(_parts(clause, value_of, base_month, month))
    formula = clause.fixed + sum((each.contributes for each in parts), Fraction(0))
    factor, held = _held(clause, formula, before)
    return Adjustment(number, on, month, before, parts, formula, factor, held)


def _month_of(clause: IndexationClause) -> date:
    """The base month, by its first day."""
    return date(clause.base_month.year, clause.base_month.month, 1)


def _missing(
    clause: IndexationClause, value_of: ValueOf, base_month: date, month: date
) -> Iterator[Missing]:
    for each in clause.parts:
        if each.base is None and value_of(each.index, base_month) is None:
            yield Missing(each.index, base_month)
        if value_of(each.index, month) is None:
            yield Missing(each.index, month)


def _parts(
    clause: IndexationClause, value_of: ValueOf, base_month: date, month: date
) -> Iterator[PartOf]:
    for each in clause.parts:
        now, entered = value_of(each.index, month), value_of(each.index, base_month)
        base = each.base if each.base is not None else entered
        assert now is not None
        assert base is not None
        contributes = each.share * Fraction(now) / Fraction(base)
        yield PartOf(
            each.index,
            each.stands_for,
            each.share,
            base_month,
            base,
            each.base is not None,
            month,
            now,
            contributes,
        )


def _held(clause: IndexationClause, formula: Fraction, before: Fraction) -> tuple[Fraction, str]:
    """Within cap and floor, from the factor before; a floor first, then a cap."""
    if clause.floor is not None and formula < before * (1 + clause.floor):
        return before * (1 + clause.floor), "floor"
    if clause.cap is not None and formula > before * (1 + clause.cap):
        return before * (1 + clause.cap), "cap"
    return formula, ""
