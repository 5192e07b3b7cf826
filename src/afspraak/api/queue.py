"""The queue: what is open, what is due first before the rest; frozen tickets apart. Read from an
index in its order, never counted.
"""

from typing import Literal

from django.db.models import Q
from ninja import Router

from afspraak.api.auth import Call
from afspraak.api.kinds import Code, Cursor, Flag, Id, Limit
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.shown_tickets import TicketShown, ticket_shown
from afspraak.clocks.models import Standing
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
DUE = ("due_at", "ticket_id")
APART = ("ticket_id",)
Part = Literal["running", "frozen", "without_deadline"]
Side = Literal["supplier", "customer"]
Turn = Literal["supplier", "customer", "third_party"]
_PARTS = {
    "running": Q(due_at__isnull=False),
    "frozen": Q(due_at=None, is_frozen=True),
    "without_deadline": Q(due_at=None, is_frozen=False),
}


@router.get("/queue", response=Page[TicketShown])
@stated(Right.READ_TICKETS)
def list_queue(
    request: Call,
    *,
    side: Side = "supplier",
    part: Part = "running",
    turn: Turn | None = None,
    is_late: Flag | None = None,
    customer: Id | None = None,
    service: Code | None = None,
    level: Code | None = None,
    priority: Code | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[TicketShown]:
    """Open tickets of the organisation acted for, where it is the `side`, due first; `frozen` ones
    and those without a deadline are parts of their own.
    """
    identity = request.identity
    rows = Standing.objects.seen_by(identity.viewer).filter(_PARTS[part], is_open=True)
    rows = rows.filter(**{f"{side}_id": identity.organisation})
    named = {
        "turn": turn,
        "customer_id": customer,
        "service": service,
        "level": level,
        "priority": priority,
        "is_late": None if is_late is None else is_late == "true",
    }
    rows = rows.filter(**{name: value for name, value in named.items() if value is not None})
    return page_of(
        rows.select_related("ticket"),
        DUE if part == "running" else APART,
        cursor,
        limit,
        lambda found: [_queued(each, request) for each in found],
    )


def _queued(row: Standing, call: Call) -> TicketShown:
    ticket = row.ticket
    ticket.standing = row
    return ticket_shown(ticket, call.identity)
