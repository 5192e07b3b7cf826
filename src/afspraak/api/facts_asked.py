"""What may be told of a ticket: one strict form a code (F1), chosen by `code`."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from afspraak.api.kinds import (
    Asked,
    Code,
    Id,
    Instant,
    Money,
    Party,
    Reference,
    Said,
    Title,
    Words,
)

Source = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_.-]*$")
]
SourceId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]


class FromSource(Asked):
    """Where a fact comes from: the same `source_id` of the same `source` is one fact (F2)."""

    happened_at: Instant | None = None
    """Now, where nothing is said."""
    source: Source = "api"
    source_id: SourceId | None = None


# Reports --------------------------------------------------------------------------------------


class Reported(FromSource):
    """A report: what about, how bad, in whose words."""

    title: Title
    words: Words = ""
    service: Code
    impact: Code | None = None
    kind: Code | None = None
    site: Code | None = None
    priority: Code | None = None
    """Only where no impact is stated, and only by the supplier; an impact gives its priority."""
    reporter: Id | None = None
    """Who reported it, of the customer's people."""
    foreign: Reference | None = None
    """What another system calls it, as `topdesk:M2701-0042`."""


class ReportAsked(Reported):
    """A report in a relation: what `POST /tickets` takes."""

    relation: Id


class WouldAsked(Asked):
    """A report that is not made yet."""

    relation: Id
    service: Code
    impact: Code
    kind: Code | None = None
    site: Code | None = None


# Facts of a ticket ----------------------------------------------------------------------------


class Told(FromSource):
    """What every fact may say. `id`: what later facts call it in `of`, where its own system has a
    name for it; else they name it by the id that it gets here.
    """

    id: Reference | None = None
    words: Words = ""


class Acknowledged(Told):
    code: Literal["acknowledged"]


class SupplierContact(Told):
    code: Literal["supplier_contact"]


class CustomerContact(Told):
    code: Literal["customer_contact"]


class Question(Told):
    code: Literal["question"]
    words: Said
    to: Literal["customer", "third_party"]


class Answered(Told):
    code: Literal["answer"]
    of: Reference
    by: Party | None = None
    """Who answered; whoever tells it, where nothing is said."""


class Diagnosis(Told):
    code: Literal["diagnosis"]
    words: Said
    until: Instant | None = None
    cost: Money | None = None


class Expectation(Told):
    code: Literal["expectation"]
    until: Instant
    cost: Money | None = None


class Workaround(Told):
    code: Literal["workaround"]


class Solved(Told):
    code: Literal["solved"]


class Accepted(Told):
    code: Literal["accepted"]


class Rejected(Told):
    code: Literal["rejected"]


class Fields(Asked):
    """The finite fields of a report; what is not named stays as it is."""

    service: Code | None = None
    priority: Code | None = None
    kind: Code | None = None
    site: Code | None = None


class Reclassified(Told):
    code: Literal["reclassified"]
    cause: Literal["misjudged", "new_facts"]
    agreed: bool = False
    """The customer agreed to a downgrade (K7)."""
    fields: Fields


class Merged(Told):
    code: Literal["merged"]
    ticket: Id
    """The other ticket of the same relation, whose report this one now starts with (K8)."""


class Voided(Told):
    code: Literal["voided"]
    words: Said


class Confirmed(Told):
    code: Literal["confirmed"]
    of: Reference


class Changes(Asked):
    """What a correction sets; at least one (F3)."""

    happened_at: Instant | None = None
    until: Instant | None = None
    fields: Fields | None = None


class Corrected(Told):
    code: Literal["corrected"]
    of: Reference
    set: Changes


class CostProposed(Told):
    code: Literal["cost_proposed"]
    cost: Money


class CostAgreed(Told):
    code: Literal["cost_agreed"]
    of: Reference


class CostDeclined(Told):
    code: Literal["cost_declined"]
    of: Reference


class Contribution(Told):
    code: Literal["contribution"]
    words: Said


FactAsked = Annotated[
    Acknowledged
    | SupplierContact
    | CustomerContact
    | Question
    | Answered
    | Diagnosis
    | Expectation
    | Workaround
    | Solved
    | Accepted
    | Rejected
    | Reclassified
    | Merged
    | Voided
    | Confirmed
    | Corrected
    | CostProposed
    | CostAgreed
    | CostDeclined
    | Contribution,
    Field(discriminator="code"),
]

# Batches --------------------------------------------------------------------------------------


class ReportItem(Reported):
    """A report in a batch. Only one of a history may lack its service: so had its own system it."""

    code: Literal["reported"]
    relation: Id
    service: Code | None = None  # type: ignore[assignment]  # of a history it may be left out
    recorded_at: Instant | None = None
    """When its own system recorded it; only in a history."""


class FactItem(Asked):
    """A fact in a batch, of a ticket by its id or by what its own system calls it."""

    code: Literal["fact"]
    relation: Id
    ticket: Id | None = None
    foreign: Reference | None = None
    recorded_at: Instant | None = None
    fact: FactAsked


BatchItem = Annotated[ReportItem | FactItem, Field(discriminator="code")]


class BatchAsked(Asked):
    """Reports and facts in the order in which they shall be taken: all of them, or none. `history`:
    what another system recorded, labelled as imported; nobody is told.
    """

    history: bool = False
    items: Annotated[list[BatchItem], Field(min_length=1, max_length=1000)]
