"""The facts of a ticket: the timeline, and the one door through which it grows."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Body, Router

from afspraak import flow
from afspraak.api.admission import written
from afspraak.api.auth import Call
from afspraak.api.facts_asked import FactAsked
from afspraak.api.facts_told import happened
from afspraak.api.kinds import Cursor, Limit
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import ticket_seen
from afspraak.api.shown_tickets import FactShown, fact_shown
from afspraak.api.shown_verdicts import TakenShown, taken_told
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Fact

router = Router()


@router.get("/tickets/{uuid:ticket}/facts", response=Page[FactShown])
@stated(Right.READ_TICKETS)
def list_facts(
    request: Call, ticket: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[FactShown]:
    """What happened to a ticket, in the order in which it was recorded, with both its times."""
    viewer = request.identity.viewer
    found = ticket_seen(viewer, ticket)
    rows = Fact.objects.seen_by(viewer).filter(ticket=found).select_related("words")
    return page_of(
        rows,
        ("seq",),
        cursor,
        limit,
        lambda facts: [fact_shown(each, request.identity) for each in facts],
    )


@router.post("/tickets/{uuid:ticket}/facts", response={201: TakenShown})
@stated(Right.WRITE_TICKETS)
def tell_fact(request: Call, ticket: UUID, body: Annotated[FactAsked, Body(...)]) -> HttpResponse:
    """Tell what happened to a ticket; answered with the verdict that follows from it. Whose word it
    is follows from the organisation acted for.
    """
    identity = request.identity
    found = ticket_seen(identity.viewer, ticket)
    told = happened(body, found.relation, identity, request.at, found)
    taken = flow.take_fact(told=told, viewer=identity.viewer, at=request.at, is_whole=True)
    return written(taken_told(taken, identity), status=201)
