"""Tickets: listed, read, reported, and asked about before they exist."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from afspraak import flow
from afspraak.api.admission import gathers
from afspraak.api.auth import Call
from afspraak.api.facts_asked import ReportAsked, WouldAsked
from afspraak.api.kinds import Cursor, Flag, Id, Limit
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.reporting import reported
from afspraak.api.seen import relation_seen, ticket_seen
from afspraak.api.shown_tickets import TicketShown, ticket_shown
from afspraak.api.shown_verdicts import TakenShown, VerdictShown, verdict_shown
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Ticket

router = Router()
NEWEST = ("-created_at", "-id")


@router.get("/tickets", response=Page[TicketShown])
@stated(Right.READ_TICKETS)
def list_tickets(
    request: Call,
    *,
    customer: Id | None = None,
    supplier: Id | None = None,
    is_open: Flag | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[TicketShown]:
    """The tickets that you see, newest first."""
    rows = Ticket.objects.seen_by(request.identity.viewer).select_related("standing")
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    if supplier is not None:
        rows = rows.filter(supplier_id=supplier)
    if is_open is not None:
        rows = rows.filter(standing__is_open=is_open == "true")
    return page_of(
        rows,
        NEWEST,
        cursor,
        limit,
        lambda found: [ticket_shown(each, request.identity) for each in found],
    )


@router.get("/tickets/{uuid:ticket}", response=TicketShown)
@stated(Right.READ_TICKETS)
def get_ticket(request: Call, ticket: UUID) -> TicketShown:
    """One ticket, and how it stands."""
    return ticket_shown(ticket_seen(request.identity.viewer, ticket), request.identity)


@router.post("/tickets", response={201: TakenShown})
@gathers
@stated(Right.WRITE_TICKETS)
def report_ticket(request: Call, body: ReportAsked) -> HttpResponse:
    """Report something: a ticket is opened, and answered with what is promised about it, and why.
    The same report of a source (`source`, `source_id`) is one ticket, however often it comes.
    """
    return reported(request, body)


@router.post("/would-promise", response=VerdictShown)
@stated(Right.READ_TICKETS)
def would_promise(request: Call, body: WouldAsked) -> VerdictShown:
    """What would be promised if this were reported now. Nothing is stored."""
    identity = request.identity
    relation = relation_seen(identity.viewer, body.relation)
    verdict = flow.would_promise(
        supplier=relation.supplier_id,
        customer=relation.customer_id,
        service=body.service,
        impact=body.impact,
        kind=body.kind or "",
        site=body.site,
        viewer=identity.viewer,
        at=request.at,
    )
    return verdict_shown(verdict, identity)
