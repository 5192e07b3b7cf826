"""Clauses about people and things: who does the work, who knows it, who owns what, how it ends."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from afspraak.language.scalars import (
    AssetRef,
    CalendarRef,
    DateValue,
    Days,
    DeliveryRef,
    DurationValue,
    Flag,
    Id,
    InstantValue,
    MoneyValue,
    Name,
    PartyRef,
    Positive,
    Prose,
    RateValue,
    RhythmValue,
    ServiceRef,
    Uri,
    WithinValue,
    Word,
)
from afspraak.language.schema_base import ClauseBase, Language, Part, Period, one_of
from afspraak.language.schema_frame import Hours

Seniority = Literal["junior", "medior", "senior", "lead"]


class PersonPart(Part):
    """Somebody who does the work, with a substitute who is named too."""

    name: Name
    function: Name
    seniority: Seniority
    services: tuple[ServiceRef, ...] = ()
    substitute: Name | None = None


class PeopleClause(ClauseBase):
    """Who does the work; how long before a swap is announced, and how the work is handed over."""

    type: Literal["people"]
    promisor: PartyRef
    people: Annotated[tuple[PersonPart, ...], Field(min_length=1)]
    swap_notice: WithinValue
    hand_over: WithinValue
    hand_over_paid_by: PartyRef
    same_seniority: Flag = True


class KnowledgeClause(ClauseBase):
    """At least so many people at the desk who know this customer and each of these services and
    software.
    """

    type: Literal["knowledge"]
    promisor: PartyRef
    at_least: Positive
    services: tuple[ServiceRef, ...] = ()
    software: tuple[Name, ...] = ()
    evidence: Word = "list_of_names"


class TaskRow(Part):
    """Who performs a task, for a service, an asset or everything."""

    what: Prose
    by: PartyRef
    service: ServiceRef | None = None
    asset: AssetRef | None = None

    @model_validator(mode="after")
    def _one(self) -> "TaskRow":
        one_of(self, ("service", "asset"), at_least=0)
        return self


class TasksClause(ClauseBase):
    """The division of tasks between customer, supplier and third party."""

    type: Literal["tasks"]
    tasks: Annotated[tuple[TaskRow, ...], Field(min_length=1)]


class PlannedMaintenance(Part):
    """Maintenance that is agreed at signing: [from, until)."""

    from_at: InstantValue = Field(alias="from")
    until_at: InstantValue = Field(alias="until")
    what: Prose | None = None


class MaintenanceClause(ClauseBase):
    """When maintenance may be done, how it is announced, how long it may take."""

    type: Literal["maintenance"]
    promisor: PartyRef
    services: tuple[ServiceRef, ...] = ()
    windows: dict[Days, Hours]
    announced: DurationValue
    calendar: CalendarRef | None = None
    at_most: DurationValue | None = None
    per: Period = "month"
    planned: tuple[PlannedMaintenance, ...] = ()


class RollOutClause(ClauseBase):
    """How something new is brought to the users: the steps are deliveries, in their order."""

    type: Literal["roll_out"]
    promisor: PartyRef
    steps: Annotated[tuple[DeliveryRef, ...], Field(min_length=1)]
    pilot_users: Positive | None = None
    pilot_lasts: RhythmValue | None = None
    users_told: RhythmValue | None = None
    fallback: Prose | None = None


class UserSupportClause(ClauseBase):
    """Whom the users may ask, when, in which languages."""

    type: Literal["user_support"]
    promisor: PartyRef
    who: Literal["everyone", "key_users"]
    key_users: Positive | None = None
    calendar: CalendarRef
    channels: Annotated[tuple[Uri, ...], Field(min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]


class Asset(Part):
    """A thing: whose it is, when it is replaced, what becomes of it at the end."""

    id: Id
    name: Name
    owner: PartyRef
    number: Positive = 1
    service: ServiceRef | None = None
    replaced_on: DateValue | None = None
    at_exit: Literal["stays_with_owner", "handed_over", "bought"] = "stays_with_owner"
    price: MoneyValue | None = None


class OwnershipClause(ClauseBase):
    """Who owns what: equipment, licences, data, code, documentation."""

    type: Literal["ownership"]
    assets: Annotated[tuple[Asset, ...], Field(min_length=1)]


class ExitClause(ClauseBase):
    """How the agreement ends decently: data back, help, how long the service goes on, what is
    erased.
    """

    type: Literal["exit"]
    promisor: PartyRef
    plan_on: DateValue | None = None
    data_back_within: WithinValue
    data_format: Name
    erased_within: WithinValue
    continued_for: RhythmValue | None = None
    help_hours: Positive | None = None
    help_rate: RateValue | None = None
