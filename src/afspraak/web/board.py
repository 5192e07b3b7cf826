"""My board (`/queue/bord/`): the tickets that I worked on, by whose turn it is."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.clocks.models import Standing
from afspraak.clocks.queue import worked_on_by
from afspraak.engine.facts import CUSTOMER, SUPPLIER, THIRD_PARTY
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.own import speaking_to
from afspraak.web.rows import TicketRow, lines_of, rows_of
from afspraak.web.visit import Visit, known

SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Column:
    """Tickets of mine that wait for one party; `empty` is said where there are none."""

    name: str
    rows: tuple[TicketRow, ...]
    empty: str


@require_safe
@stated(Right.WORK_TICKETS)
def board(request: Visit) -> HttpResponse:
    """Three columns of what is open, and what waits to be accepted."""
    identity = known(request)
    viewer = identity.viewer
    speaking = speaking_to(identity, request.at)
    ours = Standing.objects.seen_by(viewer).filter(supplier_id=identity.organisation)
    mine = worked_on_by(ours, person=viewer.person, viewer=viewer)
    still = mine.filter(is_open=True).order_by("due_at", "ticket_id")
    done = mine.filter(is_open=False, turn=CUSTOMER).order_by("-solved_at", "ticket_id")
    rows = rows_of(lines_of(still), viewer, speaking)
    turns = {turn: [row for row in rows if row.turn == turn] for turn in WAITS}
    told = {
        "columns": [
            Column(_("My turn"), tuple(turns[SUPPLIER][:SHOWN]), _("Nothing waits for you.")),
            Column(_("With the customer"), tuple(turns[CUSTOMER][:SHOWN]), _("No question open.")),
            Column(_("With a third party"), tuple(turns[THIRD_PARTY][:SHOWN]), _("Nobody asked.")),
            Column(
                _("To be accepted"),
                tuple(rows_of(lines_of(done[:SHOWN]), viewer, speaking)),
                _("Everything solved is accepted."),
            ),
        ],
        "now": speaking.now(),
    }
    return render(request, "desk/board.html", told)


WAITS: Final = (SUPPLIER, CUSTOMER, THIRD_PARTY)
