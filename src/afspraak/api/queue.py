"""The queue: what is open, what is due first before the rest; frozen tickets apart. Read from an
index in its order, never counted.
"""

from typing import Literal

from ninja import Router

from afspraak.api.auth import Call
from afspraak.api.kinds import Code, Cursor, Flag, Id, Limit
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.shown_tickets import TicketShown, ticket_shown
from afspraak.clocks.models import Standing
from afspraak.clocks.queue import ORDER, Part, queue
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
APART = ("ticket_id",)
"""Without a due instant all are due alike, and stand by their ticket."""
Side = Literal["supplier", "customer"]
Turn = Literal["supplier", "customer", "third_party"]


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
    agreement: Id | None = None,
    service: Code | None = None,
    level: Code | None = None,
    priority: Code | None = None,
    kind: Code | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[TicketShown]:
    """Open tickets of the organisation acted for, where it is the `side`, due first; `frozen` ones
    and those without a deadline are parts of their own.
    """
    identity = request.identity
    named = {
        "turn": turn,
        "customer_id": customer,
        "agreement_id": agreement,
        "service": service,
        "level": level,
        "priority": priority,
        "kind": kind,
        "is_late": None if is_late is None else is_late == "true",
    }
    rows = queue(
        part,
        viewer=identity.viewer,
        organisation=identity.organisation,
        side=side,
        **{name: value for name, value in named.items() if value is not None},
    )
    return page_of(
        rows.select_related("ticket"),
        ORDER if part == "running" else APART,
        cursor,
        limit,
        lambda found: [_queued(each, request) for each in found],
        is_sorted=True,
    )


def _queued(row: Standing, call: Call) -> TicketShown:
    ticket = row.ticket
    ticket.standing = row
    return ticket_shown(ticket, call.identity)
