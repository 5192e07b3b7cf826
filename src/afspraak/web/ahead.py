"""What is due within the next two service hours (`/queue/straks/`), against those who are in and
know the customer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from afspraak.clocks.models import Standing
from afspraak.clocks.queue import queue
from afspraak.engine.time import HOUR, datetime_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.acquaintance import Present, who_is_in, who_knows
from afspraak.web.own import speaking_to
from afspraak.web.rows import TicketRow, lines_of, rows_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

WINDOW: Final = 2 * HOUR
"""Service time ahead that is looked at."""
LOOKED_AT: Final = 100
"""So many of those due first; more than these nobody keeps in two hours."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A promise that is due soon, and who of those who are in knows its customer."""

    row: TicketRow
    known_by: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """All of them, and what that comes to in a sentence."""

    lines: tuple[Coming, ...]
    told: str
    tone: str
    is_anybody_in: bool


@require_safe
@stated(Right.READ_TICKETS)
def ahead(request: Visit) -> HttpResponse:
    """The page; for a page that is open already (`X-Fragment`) its part alone."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    told = {"ahead": ahead_of(identity, speaking), "now": speaking.now()}
    is_part = request.headers.get("X-Fragment") == "1"
    return render(request, f"desk/ahead{'_part' if is_part else ''}.html", told)


def ahead_of(identity: Identity, speaking: Speaking) -> Ahead:
    """What comes, by service time left."""
    viewer = identity.viewer
    first = lines_of(_first(identity, speaking.at))
    relations = {each.number: each.relation_id for each in first}
    rows = [
        row
        for row in rows_of(first, viewer, speaking)
        if row.slack is not None and 0 <= row.slack <= WINDOW
    ]
    present = who_is_in(identity.organisation, viewer, speaking.at)
    near = {relations[row.number] for row in rows}
    knows = who_knows(near, identity.organisation, viewer)
    lines = tuple(
        Coming(row, _familiar(knows.get(relations[row.number], ()), present))
        for row in sorted(rows, key=lambda row: row.slack or 0)
    )
    return Ahead(lines, _told(lines, present), _tone(lines, present), bool(present))


def _first(identity: Identity, at: int) -> QuerySet[Standing]:
    rows = queue("running", viewer=identity.viewer, organisation=identity.organisation)
    return rows.filter(due_at__gte=datetime_of(at))[:LOOKED_AT]


def _familiar(people: Iterable[UUID], present: list[Present]) -> str:
    here = {each.person: each.name for each in present}
    return ", ".join(here[each] for each in people if each in here)


def _told(lines: tuple[Coming, ...], present: list[Present]) -> str:
    """`5 promises due, 2 people in; for 1 of them nobody who is in knows the customer`."""
    due, here = len(lines), len(present)
    parts = [
        ngettext("%(n)s promise due", "%(n)s promises due", due) % {"n": due},
        ngettext("%(n)s person in", "%(n)s people in", here) % {"n": here},
    ]
    strange = sum(not each.known_by for each in lines)
    if strange and present:
        told = _("for %(n)s of them nobody who is in knows the customer") % {"n": strange}
        parts.append(told)
    return ", ".join(parts) + "."


def _tone(lines: tuple[Coming, ...], present: list[Present]) -> str:
    """More promises than people, or nobody in: soon; else plain."""
    return "soon" if lines and len(lines) > len(present) else "running"
