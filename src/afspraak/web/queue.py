"""The queue (`/queue/`): what is next, by service time left; frozen clocks apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from operator import itemgetter
from typing import Final

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from afspraak.clocks.models import Standing
from afspraak.clocks.queue import Part, worked_on_by
from afspraak.clocks.queue import queue as queue_of
from afspraak.engine.time import MINUTE
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.web.filled import text_of
from afspraak.web.own import speaking_to
from afspraak.web.rows import (
    Due,
    Works,
    drawn,
    due_of,
    ranked,
)
from afspraak.web.speaking import Speaking
from afspraak.web.views import views_of
from afspraak.web.visit import Visit, known

RANKED: Final = 500
"""So many of those due first are ranked anew by service time."""
SHOWN: Final = 100
NEXT: Final = 6
FILTERS: Final = ("service", "level")
MINE: Final = "mine"


@dataclass(frozen=True, slots=True)
class Found:
    """What the database gave: what runs, as many as are ranked and one more; the rest apart."""

    running: list[Due]
    frozen: list[Due]
    apart: list[Due]

    def all(self) -> Iterator[Due]:
        """Every ticket of it."""
        return chain(self.running, self.frozen, self.apart)


@dataclass(frozen=True, slots=True)
class Listed:
    """Three parts, as lines that are drawn: what runs, what stands still, and what has no clock."""

    running: SafeString
    frozen: SafeString
    apart: SafeString
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
    found = _found(identity, chosen)
    tag = _tag(found, request)
    if template == "desk/queue_part.html" and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    speaking = speaking_to(identity, request.at)
    runs = due_of(_part("running", identity, {})[: RANKED + 1]) if chosen else found.running
    relations = {each.relation_id: identity.organisation for each in (*found.all(), *runs)}
    works = Works(relations, identity.viewer)
    told = {
        "listed": _listed(found, identity, speaking, works),
        "chosen": chosen,
        "now": speaking.now(),
        "query": request.GET.urlencode(),
        "views": views_of(identity, request.GET) if template == "desk/queue.html" else (),
        "may_keep": identity.may(Right.WORK_TICKETS),
        **_choices(runs, speaking, works),
    }
    answer = render(request, template, told)
    answer["ETag"] = tag
    if template == "desk/queue_part.html":
        answer["Cache-Control"] = "private, no-cache"
    return answer


def _listed(found: Found, identity: Identity, speaking: Speaking, works: Works) -> Listed:
    """The first of what runs, by the service time left; and what stands apart."""
    first = ranked(found.running[:RANKED], works, speaking.at)[:SHOWN]
    running, frozen, apart = (
        drawn(f"desk/{template}.html", rows, identity.viewer, speaking, works)
        for template, rows in (
            ("queue_row", first),
            ("queue_row_frozen", found.frozen),
            ("queue_row_apart", found.apart),
        )
    )
    return Listed(running, frozen, apart, len(found.running) > SHOWN)


def first_in_queue(identity: Identity, at: int) -> dict[str, object]:
    """What is next, for a desk with nobody on the line."""
    speaking = speaking_to(identity, at)
    with kept_plans():
        due = due_of(_part("running", identity, {})[:NEXT])
    works = Works({each.relation_id: identity.organisation for each in due}, identity.viewer)
    first = ranked(due, works, at)
    rows = drawn("desk/queue_row.html", first, identity.viewer, speaking, works)
    return {"next": rows, "now": speaking.now()}


def chosen_of(told: QueryDict) -> dict[str, str]:
    """The filters of an address."""
    found = {name: text_of(told, name, 80) for name in (*FILTERS, MINE)}
    return {name: value for name, value in found.items() if value}


def _part(part: Part, identity: Identity, chosen: dict[str, str]) -> QuerySet[Standing]:
    equal = {name: chosen[name] for name in FILTERS if name in chosen}
    rows = queue_of(part, viewer=identity.viewer, organisation=identity.organisation, **equal)
    if MINE in chosen:
        return worked_on_by(rows, person=identity.viewer.person, viewer=identity.viewer)
    return rows


def _found(identity: Identity, chosen: dict[str, str]) -> Found:
    with kept_plans():
        return Found(
            due_of(_part("running", identity, chosen)[: RANKED + 1]),
            due_of(_part("frozen", identity, chosen)[:SHOWN]),
            due_of(_part("without_deadline", identity, chosen)[:SHOWN]),
        )


def _tag(found: Found, request: Visit) -> str:
    """What is shown, and the minute in which it is: what is left changes with it. Whatever became
    of a ticket, it was looked at for it.
    """
    parts = [f"{row.ticket_id.hex}{row.looked}" for row in found.all()]
    minute = request.at // MINUTE
    told = f"{get_language()} {request.GET.urlencode()} {minute} {';'.join(parts)}"
    return f'W/"{sha256(told.encode()).hexdigest()[:24]}"'


def _choices(runs: Sequence[Due], speaking: Speaking, works: Works) -> dict[str, object]:
    """What can be filtered by: what is open now, of those due first."""
    of_service = {each.service: each for each in reversed(runs) if each.service}
    names = {key: works.called(each, speaking.texts.language) for key, each in of_service.items()}
    return {
        "services": sorted(names.items(), key=itemgetter(1)),
        "levels": [
            (level, speaking.texts.word("level", level))
            for level in sorted({each.level for each in runs if each.level})
        ],
    }
