"""For whom a changed value is better: said only where values are ordered and of one kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Final, Literal

from pydantic import BaseModel

from afspraak.engine.time import Rhythm, ServiceTime, WorkingDays
from afspraak.language.document import Document
from afspraak.language.values import Money, Rate

Side = Literal["customer", "supplier"]
Whom = Literal["customer", "supplier", "other", "promised", "by", "claimed_by"]
"""A side; `other`: not the clause's promisor; `promised`: not the promisor of the promise that it
hangs on; `by`, `claimed_by`: whom the row or the clause names.
"""


@dataclass(frozen=True, slots=True)
class Order:
    """More of it, or less, is better for somebody."""

    better: Literal["more", "less"]
    whom: Whom


def _orders(better: Literal["more", "less"], whom: Whom, *paths: str) -> dict[str, Order]:
    return dict.fromkeys(paths, Order(better, whom))


ORDERS: Final[Mapping[str, Order]] = MappingProxyType(
    {
        **_orders(
            *("less", "other"),
            *(
                "target_row.value",
                "duty.within",
                "quality_guarantee.mended_within",
                "delivery.due_on",
            ),
            *(
                "recurring_promise.every",
                "recurring_promise.first_on",
                "reporting.every",
                "reporting.first_on",
            ),
            *("review.every", "review.first_on", "availability.maintenance.at_most"),
            *(
                "maintenance.at_most",
                "exit.data_back_within",
                "exit.erased_within",
                "exit.help_rate",
            ),
        ),
        **_orders(
            *("more", "other"),
            *(
                "ticket_promise.share.at_least",
                "ticket_promise.acceptance",
                "availability.at_least",
            ),
            *(
                "availability.maintenance.announced",
                "maintenance.announced",
                "quality_guarantee.within",
            ),
            *("people.swap_notice", "people.hand_over", "knowledge.at_least", "entitlement.amount"),
            *(
                "delivery.acceptance",
                "roll_out.users_told",
                "exit.continued_for",
                "exit.help_hours",
            ),
            "indexation.notice",
        ),
        **_orders(
            *("less", "customer"),
            *(
                "service.fee",
                "service.surcharge",
                "standing_fee.fee",
                "project_price.price",
                "prepaid_hours.price",
            ),
            *("prepaid_hours.afterwards", "prepaid_hours.warn_at", "hourly.rate", "hourly.ceiling"),
            *("hourly.outside_hours", "hourly.counted_per", "hourly.warn_at", "start_up.price"),
            *("volume_band.fee", "payment.interest", "indexation.cap", "indexation.floor"),
            *(
                "bonus_band.bonus",
                "bonus.cap.per_month",
                "bonus.cap.per_quarter",
                "bonus.cap.per_year",
            ),
            *("bonus.cap.per_term", "credit.earn_back.part", "asset.price"),
        ),
        **_orders(
            *("more", "customer"),
            *(
                "prepaid_hours.hours",
                "prepaid_hours.valid",
                "reduction.reduction",
                "payment.within",
            ),
            *("payment.dispute_within", "start_up.due_on", "credit.earn_back.periods"),
        ),
        **_orders(
            *("more", "promised"),
            *(
                "credit_band.credit",
                "credit.per_miss",
                "credit.cap.per_month",
                "credit.cap.per_quarter",
            ),
            *(
                "credit.cap.per_year",
                "credit.cap.per_term",
                "penalty_band.penalty",
                "penalty.per_miss",
            ),
            *(
                "penalty.cap.per_month",
                "penalty.cap.per_quarter",
                "penalty.cap.per_year",
                "penalty.cap.per_term",
            ),
        ),
        **_orders("less", "supplier", "extra_cost.answer_within"),
        **_orders("less", "by", "early_end.notice", "early_end.fee", "early_end.earliest_on"),
        **_orders("more", "claimed_by", "penalty.claim_within"),
    }
)
"""`part.path` -> for whom more or less of it is better."""


def better_for(path: str, old: object, new: object, parties: Mapping[str, str]) -> Side | None:
    """For whom the new value is better, by `ORDERS`; None where nothing can be said.

    `parties` says who the promisor is, and whom the row or the clause names, as supplier or
    customer.
    """
    order = ORDERS.get(path)
    grown = _grown(old, new)
    if order is None or grown is None:
        return None
    side = _side(order.whom, parties)
    if side is None:
        return None
    good = grown == (order.better == "more")
    return side if good else _other(side)


def _side(whom: Whom, parties: Mapping[str, str]) -> Side | None:
    match whom:
        case "customer" | "supplier":
            return whom
        case "by" | "claimed_by":
            named = parties.get(whom)
            return named if named in ("customer", "supplier") else None  # type: ignore[return-value]
        case _:
            promisor = parties.get("promisor" if whom == "other" else "promised", "")
            return _other(promisor) if promisor in ("customer", "supplier") else None  # type: ignore[arg-type]


def _other(side: Side) -> Side:
    return "supplier" if side == "customer" else "customer"


def _grown(old: object, new: object) -> bool | None:
    """Whether the value grew; None where the two cannot be compared."""
    pair = _comparable(old), _comparable(new)
    if pair[0] is None or pair[1] is None or pair[0][0] != pair[1][0] or pair[0][1] == pair[1][1]:
        return None
    return bool(pair[1][1] > pair[0][1])


def _comparable(  # noqa: PLR0911 - one for each kind of value
    value: object,
) -> tuple[object, Fraction] | None:
    """What kind of measure a value is, and its size in it."""
    match value:
        case ServiceTime(size) | WorkingDays(size):
            return type(value), Fraction(size)
        case Rhythm(months, 0):
            return "months", Fraction(months)
        case Rhythm(0, days):
            return "days", Fraction(days)
        case Money(amount, currency):
            return currency, Fraction(amount)
        case Rate(money, unit, per):
            return (money.currency, unit, per), Fraction(money.amount)
        case date():
            return date, Fraction(value.toordinal())
        case bool():
            return None
        case int() | Fraction():
            return "number", Fraction(value)
        case _:
            return None


def parties_of(part: BaseModel, row: BaseModel | None, document: Document) -> dict[str, str]:
    """Who is who for the orders of a clause and a row of it."""
    found = {
        name: document.role(named)
        for name, holder, key in (
            ("promisor", part, "promisor"),
            ("by", row or part, "by"),
            ("claimed_by", part, "claimed_by"),
        )
        if isinstance(named := getattr(holder, key, None), str)
    }
    of = getattr(part, "of", None)
    if isinstance(of, str):
        promise = next((clause for clause in document.clauses if clause.id == of), None)
        promisor = getattr(promise, "promisor", None)
        if isinstance(promisor, str):
            found["promised"] = document.role(promisor)
    return found
