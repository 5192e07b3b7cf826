"""Clauses about prices (DESIGN: money is `EUR 4.50`, never a float): what is paid for what, and
what changes it.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from afspraak.language.scalars import (
    AmountValue,
    CalendarRef,
    Count,
    DateValue,
    DeliveryRef,
    DurationValue,
    Figure,
    Flag,
    HourlyRef,
    MoneyValue,
    MonthValue,
    Name,
    PartyRef,
    Percentage,
    Positive,
    PriceRef,
    Prose,
    RateValue,
    RhythmValue,
    ServiceRef,
    ShareValue,
    Word,
)
from afspraak.language.schema_base import ClauseBase, Pair, Part, Period, one_of
from afspraak.language.values import parse_share

EIGHTY = parse_share("80 %")


class StandingFeeClause(ClauseBase):
    """The fee for standing ready; a service with neither this nor a fee of its own is best effort,
    without a clock.
    """

    type: Literal["standing_fee"]
    fee: RateValue
    services: Annotated[tuple[ServiceRef, ...], Field(min_length=1)]


class Instalment(Part):
    """A part of the project sum, due at the start, on a date or when a delivery is accepted."""

    part: ShareValue
    at: Literal["start", "end"] | None = None
    on: DateValue | None = None
    delivery: DeliveryRef | None = None

    @model_validator(mode="after")
    def _one(self) -> "Instalment":
        one_of(self, ("at", "on", "delivery"))
        return self


class ProjectPriceClause(ClauseBase):
    """One sum for a project, in instalments that make the whole."""

    type: Literal["project_price"]
    price: MoneyValue
    deliveries: tuple[DeliveryRef, ...] = ()
    instalments: tuple[Instalment, ...] = ()


class PrepaidHoursClause(ClauseBase):
    """Hours paid beforehand, valid for a time; what holds when they are used up."""

    type: Literal["prepaid_hours"]
    hours: Positive
    price: MoneyValue
    valid: RhythmValue
    warn_at: ShareValue = EIGHTY
    afterwards: RateValue | None = None
    services: tuple[ServiceRef, ...] = ()


class HourlyClause(ClauseBase):
    """Work by the hour, open-ended up to a ceiling; a warning before it is reached.

    `outside_hours` is the part of the rate that holds outside the calendar's hours: `150 %` is one
    and a half times the rate. `counted_per` is the step to which time is counted.
    """

    type: Literal["hourly"]
    rate: RateValue
    what: Prose | None = None
    services: tuple[ServiceRef, ...] = ()
    ceiling: MoneyValue | None = None
    per: Period | None = None
    warn_at: ShareValue = EIGHTY
    counted_per: DurationValue | None = None
    calendar: CalendarRef | None = None
    outside_hours: Percentage | None = None


class StartUpClause(ClauseBase):
    """What is paid once, to begin."""

    type: Literal["start_up"]
    price: MoneyValue
    services: tuple[ServiceRef, ...] = ()
    due_on: DateValue | None = None


class ReductionClause(ClauseBase):
    """A lower price for whoever makes the work smaller: complete reports, helping.

    `of` is a service (its fee) or a clause with a price.
    """

    type: Literal["reduction"]
    earned_by: Literal["complete_report", "helping", "one_channel", "self_service"]
    reduction: AmountValue
    of: PriceRef
    per: Literal["ticket", "month", "quarter", "year"] = "ticket"


class VolumeBand(Part):
    """From this many up to and including that many: this fee, if it differs from the service's."""

    units: Annotated[tuple[Count, Count], Pair]
    fee: RateValue | None = None


class VolumeClause(ClauseBase):
    """The volumes that are expected, in bands that join, and what holds outside them."""

    type: Literal["volume"]
    counts: Literal["units", "tickets", "hours"]
    service: ServiceRef | None = None
    per: Period = "month"
    bands: Annotated[tuple[VolumeBand, ...], Field(min_length=1)]
    outside: Literal["renegotiate", "hourly", "nearest_band", "best_effort"]
    by_clause: HourlyRef | None = None


class CostLimit(Part):
    """Who may agree to extra cost, up to which sum."""

    by: Name
    up_to: MoneyValue
    per: Literal["case", "month", "quarter", "year"] = "case"


class ExtraCostClause(ClauseBase):
    """How extra cost is proposed and within whose limit it is agreed; without agreement nothing is
    owed.
    """

    type: Literal["extra_cost"]
    promisor: PartyRef
    contains: tuple[Word, ...] = ()
    limits: Annotated[tuple[CostLimit, ...], Field(min_length=1)]
    answer_within: DurationValue | None = None
    calendar: CalendarRef | None = None
    without_answer: Literal["declined", "work_stops"] = "declined"


class PaymentClause(ClauseBase):
    """When is invoiced and within which time is paid."""

    type: Literal["payment"]
    promisor: PartyRef
    within: RhythmValue
    invoiced: Literal["month", "quarter", "year", "on_delivery"]
    in_advance: Flag = False
    interest: Percentage | None = None
    dispute_within: RhythmValue | None = None


class IndexPart(Part):
    """A cost parameter of the formula: this share follows this index."""

    share: ShareValue
    index: Name
    stands_for: Literal["wages", "energy", "licences", "hardware", "transport", "other"]
    base: Figure | None = None


class IndexationClause(ClauseBase):
    """P = P0 x (fixed + sum of share x index / index of the base month), at most `cap` a time.

    Belgian law asks that at least 20 % stays fixed (law of 30 March 1976, article 57).
    """

    type: Literal["indexation"]
    promisor: PartyRef
    fixed: ShareValue
    parts: Annotated[tuple[IndexPart, ...], Field(min_length=1)]
    base_month: MonthValue
    first_on: DateValue
    every: RhythmValue
    cap: Percentage | None = None
    floor: Percentage | None = None
    notice: RhythmValue | None = None
    services: tuple[ServiceRef, ...] = ()
