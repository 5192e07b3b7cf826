"""Major incidents (K12): one cause of many tickets, also of several customers; the supplier's."""

from typing import Annotated
from uuid import UUID

from ninja import Body, Router, Status
from pydantic import Field

from afspraak import flow
from afspraak.api.auth import Call
from afspraak.api.facts_asked import FactAsked
from afspraak.api.facts_told import incident_told
from afspraak.api.kinds import Asked, Cursor, Id, Limit, Moment, Name, Shown, show, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Missing
from afspraak.api.seen import one
from afspraak.api.shown_tickets import TicketShown, ticket_shown
from afspraak.api.shown_verdicts import TakenShown, taken_shown
from afspraak.parties.actions import note_in_audit
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.actions_incidents import close_incident, open_incident, reach
from afspraak.tickets.models import MajorIncident, Ticket

router = Router()


class IncidentAsked(Asked):
    """A cause."""

    name: Name


class ReachedAsked(Asked):
    """Tickets that have it."""

    tickets: Annotated[list[Id], Field(min_length=1, max_length=500)]


class IncidentShown(Shown):
    """A cause of many tickets."""

    id: UUID
    name: str
    opened_at: Moment
    closed_at: Moment | None


class ToldShown(Shown):
    """What became of each ticket that was told."""

    taken: list[TakenShown]


def incident_shown(row: MajorIncident) -> IncidentShown:
    """An incident."""
    return IncidentShown(
        id=row.id, name=row.name, opened_at=shown(row.opened_at), closed_at=show(row.closed_at)
    )


def _seen(call: Call, incident: UUID) -> MajorIncident:
    return one(MajorIncident.objects.seen_by(call.identity.viewer), incident)


@router.get("/incidents", response=Page[IncidentShown])
@stated(Right.WORK_TICKETS)
def list_incidents(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[IncidentShown]:
    """Your organisation's major incidents, newest first."""
    rows = MajorIncident.objects.seen_by(request.identity.viewer)
    return page_of(
        rows, ("-opened_at", "-id"), cursor, limit, lambda found: [incident_shown(x) for x in found]
    )


@router.get("/incidents/{uuid:incident}", response=IncidentShown)
@stated(Right.WORK_TICKETS)
def get_incident(request: Call, incident: UUID) -> IncidentShown:
    """One major incident."""
    return incident_shown(_seen(request, incident))


@router.post("/incidents", response={201: IncidentShown})
@stated(Right.WORK_TICKETS)
def open_major_incident(request: Call, body: IncidentAsked) -> Status[IncidentShown]:
    """Open a major incident."""
    identity, at = request.identity, request.at
    made = open_incident(organisation=identity.organisation, name=body.name, at=at)
    note_in_audit(
        actor=identity.actor,
        action="open_incident",
        subject="incident",
        subject_id=made.id,
        at=at,
    )
    return Status(201, incident_shown(made))


@router.get("/incidents/{uuid:incident}/tickets", response=Page[TicketShown])
@stated(Right.WORK_TICKETS)
def list_incident_tickets(
    request: Call, incident: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[TicketShown]:
    """The tickets that an incident reached, oldest first."""
    identity = request.identity
    row = _seen(request, incident)
    rows = Ticket.objects.seen_by(identity.viewer).filter(causes__incident=row)
    return page_of(
        rows.select_related("standing"),
        ("created_at", "id"),
        cursor,
        limit,
        lambda found: [ticket_shown(each, identity) for each in found],
    )


@router.post("/incidents/{uuid:incident}/tickets", response=IncidentShown)
@stated(Right.WORK_TICKETS)
def reach_tickets(request: Call, incident: UUID, body: ReachedAsked) -> IncidentShown:
    """Say that tickets of your organisation have this cause, too; again is the same as once."""
    identity = request.identity
    row = _seen(request, incident)
    wanted = set(body.tickets)
    tickets = Ticket.objects.seen_by(identity.viewer).filter(
        id__in=wanted, supplier_id=row.organisation_id
    )
    if len(found := list(tickets)) != len(wanted):
        raise Missing
    reach(incident=row, tickets=found, at=request.at)
    return incident_shown(row)


@router.post("/incidents/{uuid:incident}/facts", response=ToldShown)
@stated(Right.WORK_TICKETS)
def tell_all(request: Call, incident: UUID, body: Annotated[FactAsked, Body(...)]) -> ToldShown:
    """Tell every open ticket of an incident the same: a contact, a diagnosis, an expectation, a
    workaround, the solution. Each ticket keeps its own clocks.
    """
    identity = request.identity
    row = _seen(request, incident)
    told = incident_told(body, identity, request.at)
    taken = flow.tell_all(incident=row, told=told, viewer=identity.viewer, at=request.at)
    return ToldShown(taken=[taken_shown(each, identity) for each in taken])


@router.post("/incidents/{uuid:incident}/close", response=IncidentShown)
@stated(Right.WORK_TICKETS)
def close_major_incident(request: Call, incident: UUID) -> IncidentShown:
    """The cause is gone; the tickets' own clocks go on until each is solved."""
    identity = request.identity
    row = _seen(request, incident)
    if close_incident(incident=row, viewer=identity.viewer, at=request.at):
        note_in_audit(
            actor=identity.actor,
            action="close_incident",
            subject="incident",
            subject_id=row.id,
            at=request.at,
        )
        row = _seen(request, incident)
    return incident_shown(row)
