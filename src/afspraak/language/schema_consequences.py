"""Clauses about consequences (A5, A7-A9): credits, bonuses, penalties, caps, relief."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from afspraak.engine.terms import Base
from afspraak.language.scalars import (
    AmountValue,
    Flag,
    PartyRef,
    Positive,
    PromiseRef,
    RhythmValue,
    ShareValue,
)
from afspraak.language.schema_base import ClauseBase, OneOrManyPromises, Part, Period, one_of
from afspraak.language.values import parse_share

WHOLE = parse_share("100 %")
Rounding = Literal["half_up", "half_even", "down", "up"]


class CapPart(Part):
    """At most this, per period; a share is a part of the fee that `of` names.

    `fee_of_agreement` caps all credits of the agreement together (A7), `fee_of_service` this clause
    alone.
    """

    per_month: AmountValue | None = None
    per_quarter: AmountValue | None = None
    per_year: AmountValue | None = None
    per_term: AmountValue | None = None
    of: Base | None = None

    @model_validator(mode="after")
    def _one(self) -> "CapPart":
        one_of(self, ("per_month", "per_quarter", "per_year", "per_term"))
        return self

    @property
    def per(self) -> Period:
        """The period of the cap."""
        names: tuple[Period, ...] = ("month", "quarter", "year", "term")
        return next(name for name in names if getattr(self, f"per_{name}") is not None)


class EarnBackPart(Part):
    """After this many consecutive periods kept, this part of the credit is earned back (A9)."""

    periods: Positive
    part: ShareValue = WHOLE


class CreditBand(Part):
    """Below this share: this credit, and that band only (A7)."""

    below: ShareValue
    credit: AmountValue


class BonusBand(Part):
    """From this share on: this bonus, and that band only."""

    at_least: ShareValue
    bonus: AmountValue


class PenaltyBand(Part):
    """Below this share: this penalty, and that band only."""

    below: ShareValue
    penalty: AmountValue


class CreditClause(ClauseBase):
    """A service credit (A7): per miss or by the band of the period's share. `per` is the share's
    own unless stated.
    """

    type: Literal["credit"]
    of: PromiseRef
    base: Base = "fee_of_service"
    per: Period | None = None
    bands: tuple[CreditBand, ...] | None = None
    per_miss: AmountValue | None = None
    cap: CapPart | None = None
    earn_back: EarnBackPart | None = None
    rounding: Rounding = "half_up"

    @model_validator(mode="after")
    def _one(self) -> "CreditClause":
        one_of(self, ("bands", "per_miss"))
        return self


class BonusClause(ClauseBase):
    """A bonus, the mirror of a credit (A9)."""

    type: Literal["bonus"]
    of: PromiseRef
    base: Base = "fee_of_service"
    per: Period | None = None
    bands: Annotated[tuple[BonusBand, ...], Field(min_length=1)]
    cap: CapPart | None = None
    rounding: Rounding = "half_up"


class PenaltyClause(ClauseBase):
    """A penalty (boete) on either side (A9), borne by whoever made the promise."""

    type: Literal["penalty"]
    of: PromiseRef
    base: Base = "fee_of_service"
    per: Period | None = None
    bands: tuple[PenaltyBand, ...] | None = None
    per_miss: AmountValue | None = None
    cap: CapPart | None = None
    rounding: Rounding = "half_up"
    owed: Literal["always", "if_attributable"]
    damages: Literal["instead", "beside"]
    notice_of_default: Flag
    claimed_by: PartyRef
    claim_within: RhythmValue

    @model_validator(mode="after")
    def _one(self) -> "PenaltyClause":
        one_of(self, ("bands", "per_miss"))
        return self


class CapClause(ClauseBase):
    """A cap over all consequences of one kind, as a part of the agreement's fee (A7)."""

    type: Literal["cap"]
    over: Literal["credit", "bonus", "penalty"]
    at_most: ShareValue
    per: Period


class ReliefClause(ClauseBase):
    """Misses of `of` are relieved where the other party missed `when_missed` first (A8)."""

    type: Literal["relief"]
    of: OneOrManyPromises
    when_missed: PromiseRef
    on: Literal["same_ticket", "same_period"] = "same_ticket"
