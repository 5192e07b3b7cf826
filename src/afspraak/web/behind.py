"""The tickets behind a manager's figure (`/today/tickets/`): what was due or reported between two
dates, by agreement, clause, level, service, priority and what became of it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from afspraak.clocks.models import Assessment, Standing, State
from afspraak.engine.periods import Period
from afspraak.engine.time import Refusal, add, datetime_of, parse_date, start_of_date, zone_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Ticket
from afspraak.web.filled import text_of, uuid_of
from afspraak.web.own import speaking_to
from afspraak.web.speaking import Speaking
from afspraak.web.statement import MONTH, year_until
from afspraak.web.visit import Visit, known

MOST: Final = 500
"""So many tickets are listed; the page says that there are more."""
FIELDS: Final = ("level", "service", "priority")


@dataclass(frozen=True, slots=True)
class Question:
    """What a figure counted: dates [from, until) in the supplier's zone, and equal columns. Without
    a state it is what was reported.
    """

    from_on: date
    until_on: date
    state: str
    equal: dict[str, object]


@require_safe
@stated(Right.OVERSEE)
def tickets(request: Visit) -> HttpResponse:
    """The list. Raises Http404 for a question without dates."""
    return _page(request, _asked(request.GET))


@require_safe
@stated(Right.OVERSEE)
def of_statement(request: Visit, agreement: UUID) -> HttpResponse:
    """The list behind a figure of an agreement's statement: of a month of it, or of all of it."""
    told = request.GET.copy()
    period = year_until(speaking_to(known(request), request.at))
    try:
        first = parse_date(f"{told.get('month', '')}-01")
        period = Period(first, add(first, MONTH))
    except Refusal:
        pass
    told["from"], told["until"] = period.from_on.isoformat(), period.until_on.isoformat()
    told["agreement"] = str(agreement)
    return _page(request, _asked(told))


def _page(request: Visit, asked: Question) -> HttpResponse:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    ids = _found(asked, identity, speaking)
    rows = Ticket.objects.seen_by(identity.viewer).filter(pk__in=ids[:MOST])
    count = min(len(ids), MOST)
    told = {
        "tickets": rows.select_related("customer").order_by("-created_at", "pk"),
        "count": ngettext("%(n)s ticket", "%(n)s tickets", count) % {"n": count},
        "is_more": len(ids) > MOST,
        "most": MOST,
        "about": _about(asked, speaking),
    }
    return render(request, "today/tickets.html", told)


def _asked(told: QueryDict) -> Question:
    try:
        from_on = parse_date(told.get("from", ""))
        until_on = parse_date(told.get("until", ""))
    except Refusal as fault:
        raise Http404 from fault
    equal: dict[str, object] = {}
    for name in FIELDS:
        if name in told:
            equal[name] = text_of(told, name, 80)
    agreement = uuid_of(told, "agreement")
    if agreement is not None:
        equal["agreement_id"] = agreement
    state = told.get("state", "")
    if state not in ("", *State.values):
        raise Http404
    if state and (clauses := text_of(told, "clause", 400)):
        equal["clause__in"] = clauses.split(",")
    if state and (measure := text_of(told, "measure", 20)):
        equal["measure"] = measure
    if state and told.get("relieved") == "no":
        equal["is_relieved"] = False
    if state and (promisor := text_of(told, "promisor", 12)):
        equal["promisor"] = promisor
    return Question(from_on, until_on, state, equal)


def _found(asked: Question, identity: Identity, speaking: Speaking) -> list[UUID]:
    """Their ids, each once, one more than are listed."""
    zone = zone_of(speaking.zone)
    start = datetime_of(start_of_date(zone, asked.from_on))
    end = datetime_of(start_of_date(zone, asked.until_on))
    ours = {"supplier_id": identity.organisation, **asked.equal}
    if not asked.state:
        rows = Standing.objects.seen_by(identity.viewer).filter(
            reported_at__gte=start, reported_at__lt=end, **ours
        )
        return list(rows.order_by("-reported_at").values_list("ticket_id", flat=True)[: MOST + 1])
    due = Assessment.objects.seen_by(identity.viewer).filter(
        state=asked.state, on_trial=False, due_at__gte=start, due_at__lt=end, **ours
    )
    ids = due.order_by("ticket_id").values_list("ticket_id", flat=True).distinct()
    return list(ids[: MOST + 1])


def _about(asked: Question, speaking: Speaking) -> str:
    """`missed · gold · 1 Mar 2027 to 8 Mar 2027`."""
    texts = speaking.texts
    parts = [texts.word("state", asked.state) if asked.state else _("reported")]
    level = str(asked.equal.get("level", ""))
    parts += [texts.word("level", level)] if level else []
    parts += [str(asked.equal[name]) for name in ("service", "priority") if asked.equal.get(name)]
    parts.append(f"{texts.on_date(asked.from_on)} – {texts.on_date(_last(asked))}")  # noqa: RUF001 - the typographer's dash
    return " · ".join(parts)


def _last(asked: Question) -> date:
    """The last date within."""
    return date.fromordinal(max(asked.until_on.toordinal() - 1, 1))
