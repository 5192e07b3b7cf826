"""The walk of a major incident (K12): one contact counts for each ticket that it reaches, and each
ticket keeps its own clocks.
"""

from dataclasses import replace

from afspraak.clocks.models import Standing
from afspraak.engine.time import Refusal
from afspraak.flow.facts import Taken, take_facts
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import MajorIncident, Ticket

TOLD_TO_ALL = frozenset(
    {"supplier_contact", "diagnosis", "expectation", "workaround", "solved", "acknowledged"}
)
"""What is told once for all tickets of a cause; a question is put to each customer by itself."""


def tickets_of(incident: MajorIncident, viewer: Viewer) -> list[Ticket]:
    """The tickets that an incident reached and that are still open, tightest clock first."""
    rows = (
        Standing.objects.seen_by(viewer)
        .filter(ticket__causes__incident=incident, is_open=True)
        .select_related("ticket", "ticket__relation")
        .order_by("due_at", "ticket_id")
    )
    return [row.ticket for row in rows]


def tell_all(*, incident: MajorIncident, told: Happened, viewer: Viewer, at: int) -> list[Taken]:
    """One thing that the supplier tells, taken for every open ticket of an incident in one
    transaction. `told` names no ticket; its `source_id`, if it has one, is made each ticket's own.
    """
    if told.code not in TOLD_TO_ALL:
        raise Refusal(
            "%(code)s: that is told to one ticket, not to all: tell it there", code=told.code
        )
    tickets = tickets_of(incident, viewer)
    if not tickets:
        return []
    return take_facts(told=[_of(told, ticket) for ticket in tickets], viewer=viewer, at=at)


def _of(told: Happened, ticket: Ticket) -> Happened:
    own = f"{told.source_id}#{ticket.id}" if told.source_id else ""
    return replace(told, relation=ticket.relation_id, ticket=ticket.id, source_id=own)
