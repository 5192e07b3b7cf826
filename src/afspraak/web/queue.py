"""The queue (`/queue/`): what is next, by service time left; frozen clocks apart."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from afspraak.clocks.models import Standing
from afspraak.engine.time import MINUTE
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Fact
from afspraak.web.filled import text_of
from afspraak.web.rows import TicketRow, rank, rows_of
from afspraak.web.speaking import Speaking
from afspraak.web.views import views_of
from afspraak.web.visit import Visit, known

RANKED: Final = 500
"""So many of those due first are ranked anew by service time."""
SHOWN: Final = 100
NEXT: Final = 6
FILTERS: Final = ("service", "level")
MINE: Final = "mine"
WORKED_ON: Final = 5_000
"""Somebody's own tickets are looked for among so many of their newest facts."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Three parts: what runs, what stands still, and what has no clock."""

    running: list[TicketRow]
    frozen: list[TicketRow]
    apart: list[TicketRow]
    has_more: bool


@require_safe
@stated(Right.READ_TICKETS)
def queue(request: Visit) -> HttpResponse:
    """The page."""
    return _answer(request, "desk/queue.html")


@require_safe
@stated(Right.READ_TICKETS)
def queue_part(request: Visit) -> HttpResponse:
    """Its lists alone, for a page that is already open: nothing where nothing changed."""
    return _answer(request, "desk/queue_part.html")


def _answer(request: Visit, template: str) -> HttpResponse:
    identity = known(request)
    chosen = chosen_of(request.GET)
    own = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    speaking = Speaking(own.zone, request.at)
    standings, more = _standings(identity, chosen)
    tag = _tag(standings, request)
    if template == "desk/queue_part.html" and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    rows = rows_of(standings, identity.viewer, speaking)
    listed = Listed(
        running=list(rank(row for row in rows if row.slack is not None))[:SHOWN],
        frozen=[row for row in rows if row.is_frozen][:SHOWN],
        apart=[row for row in rows if row.slack is None and not row.is_frozen][:SHOWN],
        has_more=more,
    )
    told = {
        "listed": listed,
        "chosen": chosen,
        "now": speaking.now(),
        "query": request.GET.urlencode(),
        "views": views_of(identity, request.GET) if template == "desk/queue.html" else (),
        "may_keep": identity.may(Right.WORK_TICKETS),
        **_choices(identity, speaking),
    }
    answer = render(request, template, told)
    answer["ETag"] = tag
    if template == "desk/queue_part.html":
        answer["Cache-Control"] = "private, no-cache"
    return answer


def first_in_queue(identity: Identity, at: int) -> dict[str, object]:
    """What is next, for a desk with nobody on the line."""
    own = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    speaking = Speaking(own.zone, at)
    due = _open(identity, {}).filter(due_at__isnull=False).order_by("due_at", "ticket_id")
    rows = rows_of(list(due[:NEXT]), identity.viewer, speaking)
    return {"next": list(rank(rows)), "now": speaking.now()}


def chosen_of(told: QueryDict) -> dict[str, str]:
    """The filters of an address."""
    found = {name: text_of(told, name, 80) for name in (*FILTERS, MINE)}
    return {name: value for name, value in found.items() if value}


def _open(identity: Identity, chosen: dict[str, str]) -> QuerySet[Standing]:
    rows = Standing.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation, is_open=True
    )
    for name in FILTERS:
        if name in chosen:
            rows = rows.filter(**{name: chosen[name]})
    if MINE in chosen:
        newest = Fact.objects.seen_by(identity.viewer).filter(person=identity.viewer.person)
        ids = newest.order_by("-logged_at").values_list("ticket_id", flat=True)[:WORKED_ON]
        rows = rows.filter(ticket_id__in=set(ids))
    return rows


def _standings(identity: Identity, chosen: dict[str, str]) -> tuple[list[Standing], bool]:
    """In the order of the index, a bounded number of each part."""
    rows = _open(identity, chosen)
    order = ("due_at", "ticket_id")
    running = list(rows.filter(due_at__isnull=False).order_by(*order)[: RANKED + 1])
    frozen = list(rows.filter(due_at=None, is_frozen=True).order_by("ticket_id")[: SHOWN + 1])
    apart = list(rows.filter(due_at=None, is_frozen=False).order_by("ticket_id")[:SHOWN])
    return running[:RANKED] + frozen[:SHOWN] + apart, len(running) > RANKED


def _tag(standings: list[Standing], request: Visit) -> str:
    """What is shown, and the minute in which it is: what is left changes with it."""
    parts = [
        f"{row.ticket_id}{row.looked_at}{row.due_at}{row.is_late}{row.turn}" for row in standings
    ]
    minute = request.at // MINUTE
    told = f"{get_language()} {request.GET.urlencode()} {minute} {';'.join(parts)}"
    return f'W/"{sha256(told.encode()).hexdigest()[:24]}"'


def _choices(identity: Identity, speaking: Speaking) -> dict[str, object]:
    """What can be filtered by: what is open now, of those due first."""
    rows = Standing.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation, is_open=True
    )
    pairs = set(rows.order_by("due_at", "ticket_id").values_list("service", "level")[:RANKED])
    return {
        "services": sorted({service for service, _ in pairs if service}),
        "levels": [
            (level, speaking.texts.word("level", level))
            for level in sorted({level for _, level in pairs if level})
        ],
    }
