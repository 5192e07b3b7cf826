"""The portal (`/mijn/`): a customer's own tickets and clocks, reporting."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final
from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Standing
from afspraak.clocks.usual import busy_at, usual_at
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.time import Refusal, datetime_of, instant_of
from afspraak.language.schema_prices import ReductionClause
from afspraak.language.schema_promises import DutyClause
from afspraak.language.values import Money
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.speech import capital
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.happened import Happened
from afspraak.web.agreed import Agreed
from afspraak.web.caller import Card, card_of
from afspraak.web.desk import FIELDS, LONGEST_TITLE, OTHER, chosen, verdict_for
from afspraak.web.filled import text_of, uuid_of
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import TicketRow, lines_of, rows_of
from afspraak.web.saying import clause_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

SHOWN: Final = 50
VOIDED: Final = 5
SOLVE: Final = "resolution"


@dataclass(frozen=True, slots=True)
class Asked:
    """A part of a good report: its field, what it is called, what was filled in."""

    field: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Ended:
    """A ticket on which nothing runs any more: solved on a day, or voided."""

    number: str
    title: str
    on: str
    is_asked: bool
    """Whether the customer may still say that it does not work."""


@require_safe
@stated(Right.READ_TICKETS)
@kept_plans()
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
    ended = [*_solved(rows, speaking), *_voided(rows)]
    told = {
        "waiting": [_waits(each) for each in open_rows if each.turn == CUSTOMER],
        "running": [each for each in open_rows if each.turn != CUSTOMER],
        "asked": [each for each in ended if each.is_asked],
        "solved": [each for each in ended if not each.is_asked],
        "relations": relations_of(identity),
        "agreements": Agreement.objects.seen_by(identity.viewer)
        .filter(customer_id=identity.organisation)
        .select_related("supplier"),
        "now": speaking.now(),
    }
    return render(request, "desk/mine.html", told)


def _solved(rows: QuerySet[Standing], speaking: Speaking) -> Iterator[Ended]:
    """The newest first, each with the day on which it was solved."""
    found = rows.filter(is_open=False, solved_at__isnull=False).order_by("-solved_at", "ticket_id")
    told = found.values_list("ticket__number", "ticket__title", "solved_at", "turn")
    for number, title, solved_at, turn in told[:SHOWN]:
        assert solved_at is not None
        on = speaking.texts.on_date(speaking.texts.on(instant_of(solved_at)))
        yield Ended(number, title, on, is_asked=turn == CUSTOMER)


def _voided(rows: QuerySet[Standing]) -> Iterator[Ended]:
    found = rows.filter(is_open=False, solved_at__isnull=True).order_by("-reported_at", "ticket_id")
    for number, title in found.values_list("ticket__number", "ticket__title")[:VOIDED]:
        yield Ended(number, title, _("lapsed"), is_asked=False)


def waiting_rows(request: Visit) -> list[TicketRow]:
    """The tickets that wait for the customer."""
    identity = known(request)
    rows = Standing.objects.seen_by(identity.viewer).filter(
        customer_id=identity.organisation, is_open=True, turn=CUSTOMER
    )
    found = lines_of(rows.order_by("due_at", "ticket_id")[:SHOWN])
    speaking = speaking_to(identity, request.at)
    return [_waits(each) for each in rows_of(found, identity.viewer, speaking)]


def _waits(row: TicketRow) -> TicketRow:
    """Frozen, in plain words."""
    return replace(row, badge=replace(row.badge, word=_("waits for you")))


@require_safe
@stated(Right.WRITE_TICKETS)
@kept_plans()
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
@kept_plans()
def new_verdict(request: Visit) -> HttpResponse:
    """What would be promised, as a part of the page."""
    card, speaking = _card(request, request.GET)
    told = {
        "verdict": verdict_for(card, request.GET, known(request), speaking, is_customer=True),
        **_usual(card, request.GET, known(request), speaking),
    }
    return render(request, "desk/new_verdict.html", told)


@require_POST
@stated(Right.WRITE_TICKETS)
def report(request: Visit) -> HttpResponse:
    """A customer reports by himself: his word, from now on."""
    identity = known(request)
    card, speaking = _card(request, request.POST)
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
        words=_words(card, request.POST),
        fields=chosen(card, request.POST),
        source_id=f"form/{once}" if once else "",
    )
    try:
        taken = flow.take_fact(told=told, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return _form(request, request.POST, fault=refused(refusal, speaking))
    assert taken.ticket is not None
    messages.success(request, _("Sent: %(number)s.") % {"number": taken.ticket.number})
    return HttpResponseRedirect(reverse("ticket", args=[taken.ticket.number]))


def relations_of(identity: Identity) -> list[Relation]:
    """Every supplier that one is a customer of."""
    rows = Relation.objects.seen_by(identity.viewer).filter(customer_id=identity.organisation)
    return list(rows.select_related("supplier", "customer").order_by("supplier__name"))


def _card(request: Visit, told: QueryDict) -> tuple[Card, Speaking]:
    """What was agreed with the supplier that is asked; with the only one where none is named."""
    identity = known(request)
    relations = relations_of(identity)
    asked = uuid_of(told, "customer")
    found = next((each for each in relations if each.supplier_id == asked), None)
    if found is None and len(relations) == 1 and not asked:
        found = relations[0]
    if found is None:
        raise Http404
    return card_of(found, identity, request.at)


def _form(request: Visit, told: QueryDict, fault: str = "") -> HttpResponse:
    identity = known(request)
    relations = relations_of(identity)
    shown: dict[str, object] = {"relations": relations, "fault": fault}
    if told.get("customer") or len(relations) == 1:
        card, speaking = _card(request, told)
        shown |= {
            "card": card,
            "verdict": verdict_for(card, told, identity, speaking, is_customer=True),
            "chosen": {name: told.get(name, "") for name in FIELDS},
            "told": {"title": told.get("title", ""), "words": told.get("words", "")},
            "asked": _asked(card.agreed, told),
            "missing": _missing(card.agreed, speaking),
            **_usual(card, told, identity, speaking),
            "once": uuid_of(told, "once") or uuid4(),
            "other": OTHER,
            "now": speaking.now(),
        }
    return render(request, "desk/new.html", shown, status=422 if fault else 200)


def _asked(agreed: Agreed | None, told: QueryDict) -> list[Asked]:
    """What a good report contains, as the agreement says it, with what was filled in."""
    if agreed is None:
        return []
    return [
        Asked(f"c-{each}", capital(agreed.words.words.show(each)), text_of(told, f"c-{each}", 400))
        for clause in agreed.document.of_type(DutyClause)
        for each in (clause.report_contains or ())
    ]


def _words(card: Card, told: QueryDict) -> str:
    """What was written, with what a good report contains below it, a line each."""
    lines = [f"{each.name}: {each.value}" for each in _asked(card.agreed, told) if each.value]
    return "\n".join(filter(None, [text_of(told, "words"), *lines]))


def _missing(agreed: Agreed | None, speaking: Speaking) -> list[str]:
    """What missing information does to time and cost, as the agreement has it."""
    if agreed is None:
        return []
    promises = agreed.clockwork.terms.promises
    pausing = next((p for p in promises if p.measure == SOLVE and CUSTOMER in p.pauses), None)
    answer = next((p for p in promises if p.measure == "answer" and p.promisor == CUSTOMER), None)
    told = []
    if pausing is not None:
        clause = clause_of(agreed.contract, pausing.clause, speaking).lower()
        told.append(
            _("What is missing we ask first; until you answer our clock stands still (%(clause)s).")
            % {"clause": clause}
        )
    if answer is not None:
        clause = clause_of(agreed.contract, answer.clause, speaking).lower()
        told.append(_("Your clock runs then: %(clause)s.") % {"clause": clause})
    for each in agreed.document.of_type(ReductionClause):
        if each.earned_by == "complete_report":
            clause = clause_of(agreed.contract, each.id, speaking).lower()
            slots = {"amount": _amount(each.reduction, speaking), "clause": clause}
            told.append(_("A complete report costs you %(amount)s less (%(clause)s).") % slots)
    return told


def _amount(amount: Money | Fraction, speaking: Speaking) -> str:
    if isinstance(amount, Money):
        return speaking.texts.money(amount.amount, amount.currency)
    return speaking.texts.share(amount, 3)


def _usual(
    card: Card, told: QueryDict, identity: Identity, speaking: Speaking
) -> dict[str, object]:
    """What is usual at the level of what was chosen, and how busy it is."""
    held = next((each for each in card.offered if each.key == told.get("service")), None)
    if card.agreed is None or held is None:
        return {}
    agreement, at = card.agreed.signed.row.agreement_id, datetime_of(speaking.at)
    found = usual_at(agreement=agreement, level=held.level, viewer=identity.viewer, at=at)
    busy = {
        "quiet": _("It is quiet now."),
        "usual": _("It is as busy as usual."),
        "busy": _("It is busy now: count on the promised time, not on less."),
    }
    usual = ""
    if found is not None:
        slots = {
            "level": held.level_name,
            "half": speaking.long(found.half),
            "most": speaking.long(found.most),
        }
        usual = (
            _("Usual at level %(level)s: half within %(half)s, nine of ten within %(most)s.")
            % slots
        )
    return {
        "usual": usual,
        "busy": busy.get(busy_at(supplier=card.relation.supplier_id, at=at), ""),
    }


def _speaking(request: Visit) -> Speaking:
    return speaking_to(known(request), request.at)
