"""Credits, bonuses and penalties in money (SEMANTICS A5, A7, A9). Exact fractions until one
rounding at the end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from afspraak.engine.fees import Fees, round_money
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.terms import Amount, Consequence
from afspraak.engine.time import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """What one scope (a service, or '' for the whole promise) gives under one clause, exact and not
    yet capped.
    """

    clause: str
    scope: str
    share: Fraction | None
    misses: int
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Bill:
    """A period's consequences of one kind: the lines, each promise's sum after its cap, the sum
    after the agreement's cap, and that sum rounded (A7).
    """

    lines: tuple[Line, ...]
    per_clause: Mapping[str, Fraction]
    exact: Fraction
    capped: Fraction
    rounded: Decimal


def amount_of(amount: Amount, base: Fraction) -> Fraction:
    """A part of the base, or the sum itself."""
    return (
        Fraction(amount.money) if amount.money is not None else (amount.part or Fraction(0)) * base
    )


def line_of(consequence: Consequence, scope: str, counted: Tally, fees: Fees) -> Line:
    """Per miss that was not relieved, or by the band that the judged share falls in: that band only
    (A7, A8).
    """
    misses, share = counted.missed - counted.relieved, counted.judged
    exact = Fraction(0)
    base = _base_if_needed(consequence, scope, fees)
    if consequence.per_miss is not None:
        exact += misses * amount_of(consequence.per_miss, base)
    band = None if share is None else _band(consequence, share)
    if band is not None:
        exact += amount_of(band, base)
    return Line(consequence.clause, scope, share, misses, exact)


def _base_if_needed(consequence: Consequence, scope: str, fees: Fees) -> Fraction:
    amounts = [band.amount for band in consequence.bands]
    amounts += [consequence.per_miss] if consequence.per_miss else []
    return (
        fees.base(consequence, scope)
        if any(amount.part is not None for amount in amounts)
        else Fraction(0)
    )


def _band(consequence: Consequence, share: Fraction) -> Amount | None:
    if consequence.kind == "bonus":
        reached = [band for band in consequence.bands if share >= band.edge]
        return max(reached, key=lambda band: band.edge).amount if reached else None
    fallen = [band for band in consequence.bands if share < band.edge]
    return min(fallen, key=lambda band: band.edge).amount if fallen else None


def bill(
    consequences: Sequence[Consequence], tallies: Mapping[tuple[str, str], Tally], fees: Fees
) -> Bill:
    """One period's consequences of one kind: `tallies` by (clause of the promise, scope). Summed
    and capped per promise, then capped per agreement, rounded last (A7). Refuses clauses that name
    different methods for that one rounding (A5).
    """
    methods = {each.rounding: each.clause for each in consequences}
    if len(methods) > 1:
        raise Refusal(f"{' and '.join(methods.values())} are rounded once, and each in another way")
    lines = tuple(
        line_of(consequence, scope, counted, fees)
        for consequence in consequences
        for (clause, scope), counted in tallies.items()
        if clause == consequence.of
    )
    per_clause = {each.clause: _capped(each, lines, fees) for each in consequences}
    exact = sum(per_clause.values(), Fraction(0))
    caps = [each.agreement_cap for each in consequences if each.agreement_cap is not None]
    capped = min([exact, *(cap * Fraction(fees.agreement) for cap in caps)])
    return Bill(lines, per_clause, exact, capped, round_money(capped, *methods))


def _capped(consequence: Consequence, lines: Sequence[Line], fees: Fees) -> Fraction:
    own = [line for line in lines if line.clause == consequence.clause]
    total = sum((line.exact for line in own), Fraction(0))
    if consequence.cap is None:
        return total
    base = Fraction(0)
    if consequence.cap.part is not None:
        # One fee each: a service is not counted twice, and neither is the agreement.
        scopes = {line.scope for line in own} if consequence.base == "fee_of_service" else {""}
        base = sum((fees.base(consequence, scope) for scope in scopes), base)
    return min(total, amount_of(consequence.cap, base))


def earned_back(
    consequence: Consequence, kept: Mapping[Period, bool], owed: Mapping[Period, Fraction]
) -> dict[Period, Fraction]:
    """What is earned back of each period's credit: its part, if the named number of periods after
    it were all kept without a break (A9). Periods in order; a period without a verdict breaks
    the row.
    """
    if consequence.earn_back is None:
        return {}
    order, needed = sorted(kept), consequence.earn_back.periods
    found = {}
    for period, exact in owed.items():
        after = [each for each in order if each.from_on >= period.until_on][:needed]
        adjoining = all(
            each.from_on == last.until_on
            for last, each in zip([period, *after], after, strict=False)
        )
        if exact and len(after) == needed and adjoining and all(kept[each] for each in after):
            found[period] = exact * consequence.earn_back.part
    return found
