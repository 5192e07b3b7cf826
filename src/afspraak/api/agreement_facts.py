"""Facts beside the tickets (F1): of an agreement, its services and its promises."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Body, Router, Status
from pydantic import Field

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.api.auth import Call
from afspraak.api.facts_asked import FromSource
from afspraak.api.facts_told import speaks_for
from afspraak.api.kinds import Code, Count, Cursor, Day, Id, Instant, Limit, Number, Words, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Missing
from afspraak.api.seen import agreement_seen
from afspraak.api.shown_tickets import FactShown, fact_shown
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

router = Router()


class Beside(FromSource):
    """What every fact of an agreement may say."""

    words: Words = ""


class OutageBegan(Beside):
    code: Literal["outage_began"]
    service: Code


class OutageEnded(Beside):
    code: Literal["outage_ended"]
    service: Code
    of: Id | None = None


class MaintenanceAnnounced(Beside):
    code: Literal["maintenance_announced"]
    service: Code
    from_at: Instant
    until_at: Instant


class MaintenanceWithdrawn(Beside):
    code: Literal["maintenance_withdrawn"]
    of: Id


class EvidenceGiven(Beside):
    """Of a dated promise (K10); `for_on` is the date that it is for."""

    code: Literal["evidence"]
    clause: Code
    for_on: Day | None = None


class EvidenceConfirmed(Beside):
    code: Literal["evidence_confirmed"]
    of: Id


class EvidenceRejected(Beside):
    """What was delivered is not accepted; `words` say why."""

    code: Literal["evidence_rejected"]
    of: Id


class Units(Beside):
    """How many units of a service there are from a date on."""

    code: Literal["units"]
    service: Code
    count: Count
    from_on: Day


class IndexValue(Beside):
    """The published value of an index for a month, given by its first day."""

    code: Literal["index_value"]
    index: Code
    month_on: Day
    value: Number


class CoverExtended(Beside):
    """A calendar may be asked about until a later date; nothing earlier is touched (C1)."""

    code: Literal["cover_extended"]
    calendar: Code
    until_on: Day
    closed: Annotated[list[Day], Field(max_length=1000, default_factory=list)]


Service = Annotated[
    OutageBegan | OutageEnded | MaintenanceAnnounced | MaintenanceWithdrawn,
    Field(discriminator="code"),
]
Evidence = Annotated[
    EvidenceGiven | EvidenceConfirmed | EvidenceRejected, Field(discriminator="code")
]
Dated = Annotated[Units | IndexValue | CoverExtended, Field(discriminator="code")]
_MORE = (
    "service", "from_at", "until_at", "clause", "for_on", "count", "from_on",
    "index", "month_on", "value", "calendar", "until_on", "closed",
)  # fmt: skip


@router.get("/agreements/{uuid:agreement}/facts", response=Page[FactShown])
@stated(Right.READ_AGREEMENTS)
def list_agreement_facts(
    request: Call, agreement: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[FactShown]:
    """What happened to an agreement, its services and its promises, in the order in which it was
    recorded.
    """
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    rows = Fact.objects.seen_by(viewer).filter(agreement=row, ticket=None)
    return page_of(
        rows.select_related("words"),
        ("seq",),
        cursor,
        limit,
        lambda found: [fact_shown(each, request.identity) for each in found],
    )


@router.post("/agreements/{uuid:agreement}/services", response={201: FactShown})
@stated(Right.WRITE_SERVICES)
def tell_service_fact(
    request: Call, agreement: UUID, body: Annotated[Service, Body(...)]
) -> Status[FactShown]:
    """An outage began or ended, maintenance was announced or withdrawn."""
    return _tell(request, agreement, body)


@router.post("/agreements/{uuid:agreement}/evidence", response={201: FactShown})
@stated(Right.WRITE_EVIDENCE)
def give_evidence(
    request: Call, agreement: UUID, body: Annotated[Evidence, Body(...)]
) -> Status[FactShown]:
    """Evidence of a dated promise, or the other party's confirmation or rejection of it."""
    return _tell(request, agreement, body)


@router.post("/agreements/{uuid:agreement}/facts", response={201: FactShown})
@stated(Right.WRITE_AGREEMENTS)
def tell_agreement_fact(
    request: Call, agreement: UUID, body: Annotated[Dated, Body(...)]
) -> Status[FactShown]:
    """Units of a service, the value of an index, a longer cover of a calendar."""
    return _tell(request, agreement, body)


def _tell(call: Call, agreement: UUID, body: Any) -> Status[FactShown]:
    identity = call.identity
    row = agreement_seen(identity.viewer, agreement)
    party = speaks_for(row, identity)
    of: UUID | None = getattr(body, "of", None)
    if of is not None:
        _check_named(row, of, identity.viewer)
    told = Happened(
        relation=row.relation_id,
        code=body.code,
        happened_at=call.at if body.happened_at is None else body.happened_at,
        recorded_by=party,
        by=party,
        agreement=row.id,
        person=identity.actor.person,
        words=body.words,
        of="" if of is None else str(of),
        more=_more(body),
        source=body.source,
        source_id=body.source_id or "",
    )
    taken = flow.take_fact(told=told, viewer=identity.viewer, at=call.at)
    return Status(201, fact_shown(taken.fact, identity))


def _more(body: Any) -> dict[str, Any]:
    """What the code asks for, as it is kept: text, truth, whole numbers and lists."""
    found = {name: getattr(body, name, None) for name in _MORE}
    return {name: _plain(name, value) for name, value in found.items() if value is not None}


def _plain(name: str, value: Any) -> Any:
    if name.endswith("_at"):
        return shown(value)
    if name.endswith("_on"):
        return value.isoformat()
    return [each.isoformat() for each in value] if name == "closed" else value


def _check_named(agreement: Agreement, of: UUID, viewer: Viewer) -> None:
    facts = Fact.objects.seen_by(viewer).filter(agreement=agreement, ticket=None)
    if not facts.filter(id=of).exists():
        raise Missing
