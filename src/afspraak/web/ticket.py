"""One ticket (`/t/<number>/`): what happened, its clocks, whose turn it is, what can be done."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.clocks.explain import Explained, explain
from afspraak.clocks.judge import closed_at
from afspraak.clocks.load import signed_in
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import Refusal
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.actions import write_note
from afspraak.tickets.models import Fact, Note, Ticket
from afspraak.web.acts import Act, acts_for, open_questions, told_from
from afspraak.web.agreed import Agreed, agreed_by, rate_at
from afspraak.web.caller import Choice
from afspraak.web.clock_shown import ClockShown, clocks_of
from afspraak.web.filled import text_of
from afspraak.web.saying import Sentence, not_covered, said
from afspraak.web.speaking import Speaking, language
from afspraak.web.timeline import SHOWN, Event, events_of
from afspraak.web.visit import Visit, known

NOTE = "note"


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket as one side sees it."""

    ticket: Ticket
    side: str
    found: Explained
    agreed: Agreed | None
    speaking: Speaking

    @property
    def is_customer(self) -> bool:
        """Whether the customer looks."""
        return self.side == CUSTOMER


@require_safe
@stated(Right.READ_TICKETS)
def ticket(request: Visit, number: str) -> HttpResponse:
    """The page."""
    return page(request, shown_of(request, number))


@require_POST
@stated(Right.WRITE_TICKETS)
def tell(request: Visit, number: str) -> HttpResponse:
    """Something happened: said by one side, judged, and kept; or refused in words."""
    identity, shown = known(request), shown_of(request, number)
    code = request.POST.get("code", "")
    if shown.side == SUPPLIER and not identity.may(Right.WORK_TICKETS):
        raise PermissionDenied
    if code == NOTE:
        return _note(request, shown)
    if code not in {each.code for each in acts_for(shown.side, shown.found.judgement.ticket)}:
        return page(request, shown, fault=_("That cannot be said of this ticket as it stands now."))
    try:
        told = told_from(
            request.POST, code, shown.side, shown.ticket, shown.found.judgement.ticket,
            zone=shown.speaking.zone, person=identity.actor.person, at=request.at,
        )  # fmt: skip
        flow.take_fact(told=told, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return page(request, shown, fault=str(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("ticket", args=[number]))


def _note(request: Visit, shown: Shown) -> HttpResponse:
    body = text_of(request.POST, "words")
    if shown.is_customer:
        raise PermissionDenied
    if not body:
        return page(request, shown, fault=_("There is nothing in the note."))
    write_note(ticket=shown.ticket, actor=known(request).actor, body=body, at=request.at)
    messages.success(request, _("Saved, for your own organisation only."))
    return HttpResponseRedirect(reverse("ticket", args=[shown.ticket.number]))


def shown_of(request: Visit, number: str) -> Shown:
    """A ticket by its number, as the acting organisation sees it. Raises Http404: a foreign one and
    none at all are told alike.
    """
    identity = known(request)
    row, side = _found(number, identity)
    found = explain(ticket=row, viewer=identity.viewer, as_of=request.at)
    agreed = _agreed(found)
    zone = agreed.document.zone if agreed else row.supplier.zone
    return Shown(row, side, found, agreed, Speaking(zone, request.at))


def _found(number: str, identity: Identity) -> tuple[Ticket, str]:
    rows = Ticket.objects.seen_by(identity.viewer).select_related(
        "relation", "customer", "supplier", "reporter"
    )
    for row in rows.filter(number=number[:24].replace("\0", ""))[:10]:
        side = row.relation.party_of(identity.organisation)
        if side is not None:
            return row, side
    raise Http404


def _agreed(found: Explained) -> Agreed | None:
    governing = found.judgement.governing
    if governing is None or found.judgement.clockwork is None:
        return None
    signed = signed_in(found.ground, governing.version.id)
    return agreed_by(signed, found.judgement.clockwork, language())


def page(request: Visit, shown: Shown, fault: str = "") -> HttpResponse:
    """The page, with the reason why something was not kept."""
    identity = known(request)
    settled = shown.found.judgement.ticket
    may = identity.may(Right.WORK_TICKETS if shown.side == SUPPLIER else Right.WRITE_TICKETS)
    acts: list[Act] = acts_for(shown.side, settled) if may else []
    told = {
        "ticket": shown.ticket,
        "is_customer": shown.is_customer,
        "verdict": verdict_of(shown, identity),
        "clocks": clocks(shown),
        "events": _events(shown, identity),
        "acts": acts,
        "may_note": may and not shown.is_customer,
        "questions": open_questions(settled),
        "priorities": _priorities(shown),
        "is_solved": closed_at(settled) is not None,
        "told": {"words": text_of(request.POST, "words"), "code": request.POST.get("code", "")},
        "once": uuid4(),
        "fault": fault,
        "ours": _("with the supplier") if shown.is_customer else _("with us"),
        "theirs": _("with you") if shown.is_customer else _("with the customer"),
        "now": shown.speaking.now(),
    }
    return render(request, "desk/ticket.html", told, status=422 if fault else 200)


def clocks(shown: Shown) -> list[ClockShown]:
    """Its clocks; none outside every agreement."""
    return clocks_of(shown.found, shown.agreed, shown.speaking) if shown.agreed else []


def verdict_of(shown: Shown, identity: Identity) -> Sentence:
    """What is to be done, in a sentence."""
    settled = shown.found.judgement.ticket
    if settled.voided is not None:
        return Sentence("none", "none", _("Voided"), settled.voided.why)
    if shown.agreed is None:
        rate = rate_at(
            shown.ticket.supplier_id, identity.viewer, settled.start_at or shown.speaking.at
        )
        why = _("No agreement that both signed was in force when this was reported.")
        return not_covered(shown.speaking, rate, why)
    sentence = said(
        shown.found.verdict, shown.agreed, shown.speaking, is_customer=shown.is_customer
    )
    return Sentence(sentence.tone, sentence.sign, sentence.head, sentence.about, (), sentence.notes)


def _events(shown: Shown, identity: Identity) -> list[Event]:
    viewer = identity.viewer
    facts = (
        Fact.objects.seen_by(viewer)
        .filter(ticket=shown.ticket)
        .select_related("words", "person")
        .order_by("seq")[:SHOWN]
    )
    notes = Note.objects.seen_by(viewer).filter(ticket=shown.ticket).select_related("person")
    parties = {SUPPLIER: shown.ticket.supplier.name, CUSTOMER: shown.ticket.customer.name}
    return events_of(facts, notes[:SHOWN], shown.agreed, shown.speaking, parties)


def _priorities(shown: Shown) -> list[Choice]:
    if shown.agreed is None:
        return []
    return [Choice(each, each) for each in shown.agreed.document.priorities]
