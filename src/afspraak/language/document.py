"""The whole contract document as one frozen value: frame and clauses, typed and strict."""

from typing import Annotated, Literal, TypeVar

from pydantic import Field, WithJsonSchema

from afspraak.language.scalars import CalendarRef, Currency, Id, Label, Priority, Zone
from afspraak.language.schema_base import ClauseBase, Language, Part, Text
from afspraak.language.schema_consequences import (
    BonusClause,
    CapClause,
    CreditClause,
    PenaltyClause,
    ReliefClause,
)
from afspraak.language.schema_frame import (
    Frozen,
    Jurisdiction,
    Party,
    PriorityRow,
    Service,
    ServiceCalendar,
    Term,
    Version,
)
from afspraak.language.schema_people import (
    ExitClause,
    KnowledgeClause,
    MaintenanceClause,
    OwnershipClause,
    PeopleClause,
    RollOutClause,
    TasksClause,
    UserSupportClause,
)
from afspraak.language.schema_prices import (
    ExtraCostClause,
    HourlyClause,
    IndexationClause,
    PaymentClause,
    PrepaidHoursClause,
    ProjectPriceClause,
    ReductionClause,
    StandingFeeClause,
    StartUpClause,
    VolumeClause,
)
from afspraak.language.schema_promises import (
    AvailabilityClause,
    DeliveryClause,
    DutyClause,
    EntitlementClause,
    OpenTermClause,
    QualityGuaranteeClause,
    RecurringPromiseClause,
    ReportingClause,
    ReviewClause,
    TicketPromiseClause,
)

Clause = Annotated[
    TicketPromiseClause
    | AvailabilityClause
    | DutyClause
    | RecurringPromiseClause
    | ReportingClause
    | ReviewClause
    | DeliveryClause
    | OpenTermClause
    | EntitlementClause
    | QualityGuaranteeClause
    | StandingFeeClause
    | ProjectPriceClause
    | PrepaidHoursClause
    | HourlyClause
    | StartUpClause
    | ReductionClause
    | VolumeClause
    | ExtraCostClause
    | PaymentClause
    | IndexationClause
    | CreditClause
    | BonusClause
    | PenaltyClause
    | CapClause
    | ReliefClause
    | PeopleClause
    | KnowledgeClause
    | TasksClause
    | MaintenanceClause
    | RollOutClause
    | UserSupportClause
    | OwnershipClause
    | ExitClause,
    Field(discriminator="type"),
]
"""One typed term; `type` says which."""

One = Annotated[Literal["1"], WithJsonSchema({"enum": [1, "1"]})]
"""The only format and the only law there is yet."""

SomeClause = TypeVar("SomeClause", bound=ClauseBase)


class Document(Part):
    """A contract version as it is written. The bytes are the truth; this is what they say."""

    afspraak: One
    law: One
    id: Id
    language: Language
    currency: Currency
    zone: Zone
    jurisdiction: Jurisdiction | None = None
    version: Version | None = None
    frozen: Frozen | None = None
    parties: dict[Id, Party]
    term: Term
    calendars: dict[Id, ServiceCalendar]
    calendar: CalendarRef | None = None
    """The calendar of working days where a clause names none; the only one, if there is one."""
    priorities: tuple[Priority, ...] = ()
    priority_from: tuple[PriorityRow, ...] = ()
    ticket_kinds: tuple[Id, ...] = ()
    sites: tuple[Id, ...] = ()
    names: dict[Label, Text] = Field(default_factory=dict)
    """Names on screen and in the text of sites, kinds, impacts and other words."""
    services: dict[Id, Service] = Field(default_factory=dict)
    clauses: tuple[Clause, ...] = ()

    def of_type(self, kind: type[SomeClause]) -> tuple[SomeClause, ...]:
        """The clauses of a class, in their order."""
        return tuple(clause for clause in self.clauses if isinstance(clause, kind))

    def clause(self, clause_id: str) -> Clause:
        """The clause of an id; a KeyError if there is none (a checked document has no such
        reference).
        """
        for clause in self.clauses:
            if clause.id == clause_id:
                return clause
        raise KeyError(clause_id)

    @property
    def third_party(self) -> str | None:
        """The key of the party between, if there is one."""
        return next(
            (key for key, party in self.parties.items() if party.role == "third_party"), None
        )

    def role(self, party: str) -> str:
        """A reference to a party -> supplier, customer or third_party, as the engine calls them."""
        return party if party in ("supplier", "customer") else "third_party"

    def party(self, reference: str) -> Party:
        """The party that a `promisor` or `pauses` names; a KeyError if there is none."""
        return self.parties[
            (self.third_party or reference) if reference == "third_party" else reference
        ]

    @property
    def impacts(self) -> tuple[str, ...]:
        """What the desk chooses: each impact of `priority_from` once, in order."""
        return tuple(dict.fromkeys(row.impact for row in self.priority_from))

    @property
    def usual_calendar(self) -> str | None:
        """The calendar of working days where a clause names none."""
        return self.calendar or (next(iter(self.calendars)) if len(self.calendars) == 1 else None)
