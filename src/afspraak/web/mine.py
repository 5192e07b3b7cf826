"""The portal (`/mijn/`): a customer's own tickets and clocks, reporting, the agreement."""

from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Assessment, Standing, State
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.time import Refusal
from afspraak.language.schema_promises import DutyClause
from afspraak.language.text.html import body_of
from afspraak.language.text.render import page_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.happened import Happened
from afspraak.web.agreed import Agreed, agreed_at
from afspraak.web.caller import Card, card_of
from afspraak.web.desk import FIELDS, LONGEST_TITLE, OTHER, chosen, verdict_for
from afspraak.web.filled import text_of, uuid_of
from afspraak.web.rows import TicketRow, lines_of, rows_of
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

SHOWN: Final = 50
STATES: Final = (
    (State.MET, "kept", "kept"),
    (State.MISSED, "late", "late"),
    (State.RUNNING, "running", "running"),
    (State.PAUSED, "frozen", "frozen"),
)
"""State -> tone and shape, in the order in which they are told."""


@require_safe
@stated(Right.READ_TICKETS)
def mine(request: Visit) -> HttpResponse:
    """What is open and what was solved lately, with each supplier's agreement."""
    identity = known(request)
    speaking = _speaking(request)
    rows = Standing.objects.seen_by(identity.viewer).filter(customer_id=identity.organisation)
    open_rows = rows_of(
        lines_of(rows.filter(is_open=True).order_by("due_at", "ticket_id")[:SHOWN]),
        identity.viewer,
        speaking,
    )
    solved = lines_of(rows.filter(is_open=False).order_by("-solved_at", "ticket_id")[:SHOWN])
    told = {
        "waiting": [_waits(each) for each in open_rows if each.turn == CUSTOMER],
        "running": [each for each in open_rows if each.turn != CUSTOMER],
        "solved": rows_of(solved, identity.viewer, speaking),
        "relations": _relations(identity),
        "agreements": Agreement.objects.seen_by(identity.viewer).filter(
            customer_id=identity.organisation
        ),
        "now": speaking.now(),
    }
    return render(request, "desk/mine.html", told)


def _waits(row: TicketRow) -> TicketRow:
    """Frozen, in plain words."""
    return replace(row, badge=replace(row.badge, word=_("waits for you")))


@require_safe
@stated(Right.WRITE_TICKETS)
def new(request: Visit) -> HttpResponse:
    """The form, with what is promised for what was chosen so far."""
    return _form(request, request.GET)


@require_POST
@stated(Right.WRITE_TICKETS)
def new_asked(request: Visit) -> HttpResponse:
    """The same for who has no script; nothing is sent."""
    return _form(request, request.POST)


@require_safe
@stated(Right.WRITE_TICKETS)
def new_verdict(request: Visit) -> HttpResponse:
    """What would be promised, as a part of the page."""
    card, speaking = _card(request, request.GET)
    told = {"verdict": verdict_for(card, request.GET, known(request), speaking, is_customer=True)}
    return render(request, "desk/verdict.html", told)


@require_POST
@stated(Right.WRITE_TICKETS)
def report(request: Visit) -> HttpResponse:
    """A customer reports by himself: his word, from now on."""
    identity = known(request)
    card, _when = _card(request, request.POST)
    title = text_of(request.POST, "title", LONGEST_TITLE)
    if not title:
        return _form(request, request.POST, fault=_("Say in a few words what is wrong."))
    once = uuid_of(request.POST, "once")
    told = Happened(
        relation=card.relation.id,
        code="reported",
        happened_at=request.at,
        recorded_by=CUSTOMER,
        person=identity.actor.person,
        reporter=identity.actor.person,
        title=title,
        words=text_of(request.POST, "words"),
        fields=chosen(card, request.POST),
        source_id=f"form/{once}" if once else "",
    )
    try:
        taken = flow.take_fact(told=told, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return _form(request, request.POST, fault=str(refusal))
    assert taken.ticket is not None
    messages.success(request, _("Sent: %(number)s.") % {"number": taken.ticket.number})
    return HttpResponseRedirect(reverse("ticket", args=[taken.ticket.number]))


@require_safe
@stated(Right.READ_AGREEMENTS)
def agreement(request: Visit, agreement: UUID) -> HttpResponse:
    """The agreement as people read it, each promise with how it stands beside its clause."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer).select_related("relation", "supplier")
    row = rows.filter(pk=agreement).first()
    if row is None:
        raise Http404
    agreed = agreed_at(row.relation, identity.viewer, language(), request.at)
    if agreed is None or agreed.signed.row.agreement_id != row.pk:
        return render(request, "desk/agreement.html", {"agreement": row, "text": ""})
    speaking = Speaking(agreed.document.zone, request.at)
    counts = {clause: _standing(found, speaking) for clause, found in _counts(row, identity)}
    text = body_of(page_of(agreed.document, language()), counts)
    told = {
        "agreement": row,
        "text": mark_safe(text),  # noqa: S308  (every span is escaped where it is written)
        "now": speaking.now(),
    }
    return render(request, "desk/agreement.html", told)


def _counts(row: Agreement, identity: Identity) -> Iterator[tuple[str, dict[str, int]]]:
    """How often each clause's promise was kept, missed, runs and stands still."""
    rows = (
        Assessment.objects.seen_by(identity.viewer)
        .filter(agreement=row)
        .values("clause", "state")
        .annotate(number=Count("ticket_id"))
        .order_by("clause", "state")
    )
    found: dict[str, dict[str, int]] = {}
    for each in rows:
        found.setdefault(each["clause"], {})[each["state"]] = each["number"]
    yield from found.items()


def _standing(found: dict[str, int], speaking: Speaking) -> str:
    """As a line of markup: words and figures of our own only."""
    parts = [
        f'<span class="is-{tone}">{escape(speaking.texts.word("state", state))}'
        f" {speaking.texts.number(found[state])}</span>"
        for state, tone, _sign in STATES
        if found.get(state)
    ]
    if not parts:
        return ""
    return f'<p class="stands">{escape(_("How it stands"))}: {" · ".join(parts)}</p>'


def _relations(identity: Identity) -> list[Relation]:
    rows = Relation.objects.seen_by(identity.viewer).filter(customer_id=identity.organisation)
    return list(rows.select_related("supplier", "customer").order_by("supplier__name"))


def _card(request: Visit, told: QueryDict) -> tuple[Card, Speaking]:
    """What was agreed with the supplier that is asked; with the only one where none is named."""
    identity = known(request)
    relations = _relations(identity)
    asked = uuid_of(told, "customer")
    found = next((each for each in relations if each.supplier_id == asked), None)
    if found is None and len(relations) == 1 and not asked:
        found = relations[0]
    if found is None:
        raise Http404
    return card_of(found, identity, request.at)


def _form(request: Visit, told: QueryDict, fault: str = "") -> HttpResponse:
    identity = known(request)
    relations = _relations(identity)
    shown: dict[str, object] = {"relations": relations, "fault": fault}
    if told.get("customer") or len(relations) == 1:
        card, speaking = _card(request, told)
        shown |= {
            "card": card,
            "verdict": verdict_for(card, told, identity, speaking, is_customer=True),
            "chosen": {name: told.get(name, "") for name in FIELDS},
            "told": {"title": told.get("title", ""), "words": told.get("words", "")},
            "asked": _contains(card.agreed),
            "once": uuid_of(told, "once") or uuid4(),
            "other": OTHER,
            "now": speaking.now(),
        }
    return render(request, "desk/new.html", shown, status=422 if fault else 200)


def _contains(agreed: Agreed | None) -> list[str]:
    """What a good report contains, as the agreement says it."""
    if agreed is None:
        return []
    return [
        agreed.words.words.show(each)
        for clause in agreed.document.of_type(DutyClause)
        for each in (clause.report_contains or ())
    ]


def _speaking(request: Visit) -> Speaking:
    identity = known(request)
    own = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    return Speaking(own.zone, request.at)
