"""Clauses that promise: about tickets, availability, dated duties, open terms (SEMANTICS C5, K,
A4).
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from afspraak.engine.terms import Measure
from afspraak.language.scalars import (
    CalendarRef,
    DateValue,
    DeliveryRef,
    DurationValue,
    Flag,
    Id,
    Name,
    OpenTermRef,
    PartyRef,
    Positive,
    Prose,
    RhythmValue,
    ServiceRef,
    ShareValue,
    TicketPromiseRef,
    TrialValue,
    Uri,
    WithinValue,
    Word,
)
from afspraak.language.schema_base import ClauseBase, OneOrManyIds, Pair, Part, Period, When, one_of
from afspraak.language.values import Wrong

Scope = Literal["promise", "service", "level", "priority", "agreement"]


class TargetRow(Part):
    """One row {when, value}: a value, a reference to the open term that will fill it in, or plainly
    best effort.

    `name` is what another row's `exception_to` calls it by; `calendar` stands here when it is not
    the clause's.
    """

    when: When = When()
    value: DurationValue | None = None
    open: OpenTermRef | None = None
    best_effort: Flag | None = None
    name: Id | None = None
    exception_to: OneOrManyIds = ()
    calendar: CalendarRef | None = None

    @model_validator(mode="after")
    def _one(self) -> "TargetRow":
        one_of(self, ("value", "open", "best_effort"))
        if self.best_effort is False:
            raise Wrong(
                "best_effort is false and nothing else is promised",
                "give a value, or write best_effort: true",
            )
        return self


class SharePart(Part):
    """At least this part of the cases, per period, over a scope (A3)."""

    at_least: ShareValue
    per: Period
    by: Scope = "promise"


class TicketPromiseClause(ClauseBase):
    """A clock on every ticket (K1-K9): who owes what within which target."""

    type: Literal["ticket_promise"]
    promisor: PartyRef
    measure: Measure
    calendar: CalendarRef
    pauses: tuple[PartyRef, ...] = ()
    acceptance: DurationValue | None = None
    reopen: Literal["continue", "restart"] = "continue"
    armed_by: Literal["contact", "interval"] | None = None
    targets: tuple[TargetRow, ...] = ()
    share: SharePart | None = None


class AgreedDowntime(Part):
    """Maintenance that is agreed downtime: announced so long before, and no longer than this per
    period (A4).
    """

    announced: DurationValue
    at_most: DurationValue | None = None


class AvailabilityClause(ClauseBase):
    """Services are up for at least this part of the calendar's hours (A4)."""

    type: Literal["availability"]
    promisor: PartyRef
    services: Annotated[tuple[ServiceRef, ...], Field(min_length=1)]
    at_least: ShareValue
    per: Period
    calendar: CalendarRef
    maintenance: AgreedDowntime | None = None


class DutyClause(ClauseBase):
    """A duty without a clock, counted and shown: one way of reporting, what a report contains,
    access, answers.
    """

    type: Literal["duty"]
    promisor: PartyRef
    what: Word | None = None
    text: Prose | None = None
    one_channel: Uri | None = None
    report_contains: tuple[Word, ...] | None = None
    within: WithinValue | None = None

    @model_validator(mode="after")
    def _some(self) -> "DutyClause":
        one_of(self, ("what", "text", "one_channel", "report_contains"), at_most=4)
        return self


class RecurringPromiseClause(ClauseBase):
    """A dated duty that comes back and needs evidence (K10)."""

    type: Literal["recurring_promise"]
    promisor: PartyRef
    what: Word
    every: RhythmValue
    first_on: DateValue
    evidence: Word = "upload"


class ReportingClause(ClauseBase):
    """A report each period; one that is not delivered is a missed promise (K10)."""

    type: Literal["reporting"]
    promisor: PartyRef
    every: RhythmValue
    first_on: DateValue
    contains: tuple[Word, ...] = ()
    evidence: Word = "statement"


class ReviewClause(ClauseBase):
    """A meeting at which both sides look at the report and at what should change."""

    type: Literal["review"]
    promisor: PartyRef
    every: RhythmValue
    first_on: DateValue
    attended_by: tuple[Name, ...] = ()
    agenda: tuple[Word, ...] = ()
    evidence: Word = "minutes"


class DeliveryClause(ClauseBase):
    """A dated step of either side; a late step that it depends on moves it (K10)."""

    type: Literal["delivery"]
    promisor: PartyRef
    what: Prose | None = None
    due_on: DateValue
    after: tuple[DeliveryRef, ...] = ()
    acceptance: DurationValue | None = None


class TrialPart(Part):
    """A period [from, until): a value without consequence, or `none` to measure only (K11)."""

    from_on: DateValue = Field(alias="from")
    until_on: DateValue = Field(alias="until")
    value: TrialValue = None


class ProposePart(Part):
    """How the measured weeks propose the number: this quantile, held with this confidence, within
    these bounds.
    """

    quantile: ShareValue
    confidence: ShareValue
    bounds: Annotated[tuple[DurationValue, DurationValue], Pair] | None = None


class OpenTermClause(ClauseBase):
    """SLA 2.0: a target that was signed open, with the customer's wish in its own words (K11)."""

    type: Literal["open_term"]
    of: TicketPromiseRef
    wish: Prose
    trial: TrialPart | None = None
    propose: ProposePart | None = None
    fill_on: DateValue


class EntitlementClause(ClauseBase):
    """What the beneficiary may use each period, as training hours."""

    type: Literal["entitlement"]
    promisor: PartyRef
    what: Word
    amount: Positive
    unit: Word = "hours"
    per: Period
    unused: Literal["lapses", "carried_over"] = "lapses"


class QualityGuaranteeClause(ClauseBase):
    """Bugs in delivered work are mended free of charge within this time after acceptance."""

    type: Literal["quality_guarantee"]
    promisor: PartyRef
    within: WithinValue
    deliveries: tuple[DeliveryRef, ...] = ()
    mended_within: DurationValue | None = None
    calendar: CalendarRef | None = None
