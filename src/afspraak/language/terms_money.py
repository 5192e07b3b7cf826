"""Fees and consequences: document -> the engine's credits, bonuses, penalties and monthly fees (A5,
A7, A9).
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from afspraak.engine.terms import Amount, Band, Consequence, EarnBack, Period
from afspraak.language.document import Document
from afspraak.language.schema_consequences import (
    BonusClause,
    CapClause,
    CapPart,
    CreditClause,
    PenaltyClause,
)
from afspraak.language.schema_frame import Service
from afspraak.language.schema_prices import StandingFeeClause
from afspraak.language.schema_promises import AvailabilityClause, TicketPromiseClause
from afspraak.language.values import Money, Rate

_MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}

ConsequenceClause = CreditClause | BonusClause | PenaltyClause


def monthly(rate: Rate, units: int = 1) -> Decimal:
    """What a rate comes to in a month, for so many units; a rate for once comes to nothing."""
    if rate.per not in _MONTHS:
        return Decimal(0)
    return rate.money.amount * (units if rate.unit else 1) / _MONTHS[rate.per]


def monthly_fee(service: Service) -> Decimal:
    """A service's fee in a month with the surcharge of a level made to measure (a share, or a sum
    per period).
    """
    if service.fee is None:
        return Decimal(0)
    fee, extra = monthly(service.fee, service.units or 1), service.surcharge
    if isinstance(extra, Money):
        return fee + monthly(Rate(extra, "", service.fee.per))
    part = extra or Fraction(0)
    return fee + fee * part.numerator / part.denominator


def monthly_fees(document: Document) -> dict[str, Decimal]:
    """Service -> fee in a month; a standing fee for several services has its clause's id."""
    fees = {key: monthly_fee(service) for key, service in document.services.items()}
    for clause in document.of_type(StandingFeeClause):
        key = clause.services[0] if len(clause.services) == 1 else clause.id
        units = sum(document.services[service].units or 1 for service in clause.services)
        fees[key] = fees.get(key, Decimal(0)) + monthly(clause.fee, units)
    return fees


def amount_of(value: Fraction | Money) -> Amount:
    """A share or a sum, as the engine takes it."""
    return Amount(money=value.amount) if isinstance(value, Money) else Amount(part=value)


def period_of(document: Document, clause: ConsequenceClause) -> Period:
    """The period of a consequence: its own, else that of the promise's share, else its cap's, else
    a month.
    """
    if clause.per is not None:
        return clause.per
    promise = document.clause(clause.of)
    if isinstance(promise, TicketPromiseClause) and promise.share is not None:
        return promise.share.per
    if isinstance(promise, AvailabilityClause):
        return promise.per
    return clause.cap.per if clause.cap is not None else "month"


def _cap(cap: CapPart) -> Fraction | Money:
    return next(
        each
        for each in (cap.per_month, cap.per_quarter, cap.per_year, cap.per_term)
        if each is not None
    )


def _agreement_cap(document: Document, kind: str, cap: CapPart | None) -> Fraction | None:
    """The part of the agreement's fee that all consequences of a kind may come to: the smallest
    that is stated.
    """
    caps = [clause.at_most for clause in document.of_type(CapClause) if clause.over == kind]
    if cap is not None and cap.of == "fee_of_agreement":
        value = _cap(cap)
        caps += [value] if isinstance(value, Fraction) else []
    return min(caps, default=None)


def _bands(clause: ConsequenceClause) -> Iterator[Band]:
    if isinstance(clause, CreditClause):
        yield from (Band(band.below, amount_of(band.credit)) for band in clause.bands or ())
    elif isinstance(clause, BonusClause):
        yield from (Band(band.at_least, amount_of(band.bonus)) for band in clause.bands)
    else:
        yield from (Band(band.below, amount_of(band.penalty)) for band in clause.bands or ())


def consequence_of(document: Document, clause: ConsequenceClause) -> Consequence:
    """A credit, a bonus or a penalty as the engine reckons it."""
    promise = document.clause(clause.of)
    promisor = document.role(promise.promisor)  # type: ignore[union-attr]
    own = clause.cap is not None and clause.cap.of != "fee_of_agreement"
    penalty = clause if isinstance(clause, PenaltyClause) else None
    per_miss = None if isinstance(clause, BonusClause) else clause.per_miss
    earn_back = clause.earn_back if isinstance(clause, CreditClause) else None
    return Consequence(
        clause=clause.id,
        kind=clause.type,
        of=clause.of,
        base=clause.base,
        per=period_of(document, clause),
        bands=tuple(_bands(clause)),
        per_miss=None if per_miss is None else amount_of(per_miss),
        cap=amount_of(_cap(clause.cap)) if own and clause.cap is not None else None,
        agreement_cap=_agreement_cap(document, clause.type, clause.cap),
        earn_back=None if earn_back is None else EarnBack(earn_back.periods, earn_back.part),
        rounding=clause.rounding,
        bearer=_other(promisor) if clause.type == "bonus" else promisor,
        always=penalty is None or penalty.owed == "always",
        beside_damages=penalty is None or penalty.damages == "beside",
        notice_of_default=penalty is not None and penalty.notice_of_default,
        claim_within=None if penalty is None else penalty.claim_within,
    )


def _other(party: str) -> str:
    return "supplier" if party == "customer" else "customer"
