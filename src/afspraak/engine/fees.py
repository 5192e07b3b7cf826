"""The fee of a period as invoiced: what credits are a part of (SEMANTICS A5, A7). Pro rata first,
then rounded, as an invoice is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from afspraak.engine.periods import Period
from afspraak.engine.terms import Consequence
from afspraak.engine.time import Refusal, Rhythm, add

_METHODS: Final = MappingProxyType(
    {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP},
)
_CENT: Final = Decimal("0.01")
_MONTH: Final = Rhythm(months=1)


def round_money(exact: Fraction, method: str = "half_up") -> Decimal:
    """Exact money -> two decimals, once, by a named method (A5)."""
    cents = exact * 100
    whole, rest = divmod(abs(cents.numerator), cents.denominator)
    digits = Decimal(whole) + (
        Decimal(0) if not rest else _between(Fraction(rest, cents.denominator))
    )
    rounded = (digits / 100).quantize(_CENT, rounding=_METHODS[method])
    return -rounded if exact < 0 else rounded


def _between(rest: Fraction) -> Decimal:
    """A stand-in for a part of a cent that every method rounds as it would the part itself."""
    half = Fraction(1, 2)
    return Decimal("0.5") if rest == half else Decimal("0.25") if rest < half else Decimal("0.75")


@dataclass(frozen=True, slots=True)
class Fees:
    """What was invoiced for a period (pro rata first): per service, and for the agreement as a
    whole (A7).
    """

    services: Mapping[str, Decimal]
    agreement: Decimal

    def base(self, consequence: Consequence, scope: str) -> Fraction:
        """The fee a credit is a part of; refuses a service that was not invoiced (T8)."""
        if consequence.base == "fee_of_agreement":
            return Fraction(self.agreement)
        if scope not in self.services:
            raise Refusal(
                f"clause {consequence.clause}: no fee of service {scope or '(none named)'}"
                " was invoiced for this period"
            )
        return Fraction(self.services[scope])


def invoiced(
    monthly: Mapping[str, Decimal], period: Period, term: Period, method: str = "half_up"
) -> Fees:
    """A period's fees from the fees of a month (A7): a month that the term holds only in part is
    paid by its days. Each service is a line of the invoice, rounded on its own; the agreement's fee
    is their sum.
    """
    months = months_in(period, term)
    lines = {key: round_money(Fraction(fee) * months, method) for key, fee in monthly.items()}
    return Fees(lines, sum(lines.values(), Decimal(0)))


def months_in(period: Period, term: Period) -> Fraction:
    """How many months of a period lie within a term, exactly; parts of one in its days. Months are
    the calendar's where the period begins on the first, else the term's own, counted from its start
    (T9).
    """
    anchor = period.from_on if period.from_on.day == 1 else term.from_on
    number = 12 * (period.from_on.year - anchor.year) + period.from_on.month - anchor.month - 1
    first, until = max(period.from_on, term.from_on), min(period.until_on, term.until_on)
    total = Fraction(0)
    while (start := add(anchor, _MONTH, number)) < until:
        number += 1
        end = add(anchor, _MONTH, number)
        held = min(end, until) - max(start, first)
        total += Fraction(max(held.days, 0), (end - start).days)
    return total
