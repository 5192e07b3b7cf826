"""One ticket (`/t/<number>/`): what happened, its clocks, whose turn it is, what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
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
from afspraak.clocks.load import signed_in
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import Refusal, instant_of
from afspraak.flow.costs import work_before_consent
from afspraak.offers.waiting import is_unsigned
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.actions import write_note
from afspraak.tickets.models import Booking, Fact, Note, Ticket
from afspraak.web.acts import (
    Act,
    Stands,
    acts_for,
    correctable,
    id_of,
    pauses,
    proposals,
    questions_to_answer,
    unagreed,
    waiting,
)
from afspraak.web.agreed import Agreed, agreed_by, rate_at
from afspraak.web.beside import beside
from afspraak.web.caller import Choice
from afspraak.web.clock_shown import ClockShown, clocks_of
from afspraak.web.files_beside import TAKEN, files_of
from afspraak.web.filled import text_of
from afspraak.web.refusing import refused
from afspraak.web.saying import Sentence, not_covered, said
from afspraak.web.speaking import Speaking, language
from afspraak.web.telling import Form, told_from
from afspraak.web.timeline import SHOWN, Event, Telling, events_of, what_of
from afspraak.web.visit import Visit, known

NOTE: Final = "note"


@dataclass(frozen=True, slots=True)
class Shown:
    """A ticket as one side sees it."""

    ticket: Ticket
    found: Explained
    agreed: Agreed | None
    speaking: Speaking
    stands: Stands

    @property
    def side(self) -> str:
        """Which side looks."""
        return self.stands.side

    @property
    def is_customer(self) -> bool:
        """Whether the customer looks."""
        return self.side == CUSTOMER


@require_safe
@stated(Right.READ_TICKETS)
def ticket(request: Visit, number: str) -> HttpResponse:
    """The page."""
    with kept_plans():
        return page(request, shown_of(request, number))


@require_POST
@stated(Right.WRITE_TICKETS)
def tell(request: Visit, number: str) -> HttpResponse:
    """Something happened: said by one side, judged, and kept; or refused in words."""
    shown = shown_of(request, number)
    identity = check_side(request, shown)
    code = request.POST.get("code", "")
    if code == NOTE:
        return _note(request, shown)
    if code not in {each.code for each in acts_for(shown.stands)}:
        return page(request, shown, fault=_("That cannot be said of this ticket as it stands now."))
    currency = shown.agreed.document.currency if shown.agreed else "EUR"
    form = Form(
        request.POST, shown.ticket, shown.stands, identity,
        zone=shown.speaking.zone, currency=currency, at=request.at,
    )  # fmt: skip
    try:
        flow.take_facts(told=told_from(form, code), viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return page(request, shown, fault=refused(refusal, shown.speaking))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("ticket", args=[number]))


def check_side(request: Visit, shown: Shown) -> Identity:
    """Who writes; of the supplier only who works on tickets."""
    identity = known(request)
    if shown.side == SUPPLIER and not identity.may(Right.WORK_TICKETS):
        raise PermissionDenied
    return identity


def _note(request: Visit, shown: Shown) -> HttpResponse:
    body = text_of(request.POST, "words")
    if shown.is_customer:
        raise PermissionDenied
    if not body:
        return page(request, shown, fault=_("There is nothing in the note."))
    write_note(ticket=shown.ticket, actor=known(request).actor, body=body, at=request.at)
    messages.success(request, _("Saved, for your own organisation only."))
    return HttpResponseRedirect(reverse("ticket", args=[shown.ticket.number]))


# What is shown ------------------------------------------------------------------------------------


def shown_of(request: Visit, number: str) -> Shown:
    """A ticket by its number, as the acting organisation sees it. Raises Http404: a foreign one and
    none at all are told alike.
    """
    identity = known(request)
    row, side = _found(number, identity)
    found = explain(ticket=row, viewer=identity.viewer, as_of=request.at)
    agreed = _agreed(found)
    zone = agreed.document.zone if agreed else row.supplier.zone
    facts = Fact.objects.seen_by(identity.viewer).filter(ticket=row)
    with kept_plans():
        rows = list(facts.select_related("words", "person").order_by("seq")[:SHOWN])
    stands = Stands(side, found.judgement.ticket, rows, identity.may, Lowering(agreed, rows))
    return Shown(row, found, agreed, Speaking(zone, request.at), stands)


def _found(number: str, identity: Identity) -> tuple[Ticket, str]:
    rows = Ticket.objects.seen_by(identity.viewer).select_related(
        "relation", "customer", "supplier", "reporter"
    )
    with kept_plans():
        found = list(rows.filter(number=number[:24].replace("\0", ""))[:10])
    for row in found:
        side = party_of(row, identity.organisation)
        if side is not None:
            return row, side
    raise Http404


def _agreed(found: Explained) -> Agreed | None:
    governing = found.judgement.governing
    if governing is None or found.judgement.clockwork is None:
        return None
    signed = signed_in(found.ground, governing.version.id)
    return agreed_by(signed, found.judgement.clockwork, language())


class Lowering:
    """Whether a reclassification asks less than what stood before: a lower priority of the
    contract's own list; anything else that it changes may.
    """

    def __init__(self, agreed: Agreed | None, rows: list[Fact]) -> None:
        self._order = list(agreed.document.priorities) if agreed else []
        self._rows = rows

    def __call__(self, change: Fact) -> bool:
        """Of a change that stands among the ticket's own facts."""
        fields = change.data.get("fields", {})
        before: dict[str, str] = {}
        for row in self._rows:
            if row.seq < change.seq and row.code in ("reported", "reclassified"):
                before |= row.data.get("fields", {})
        if any(before.get(name) != fields[name] for name in fields if name != "priority"):
            return True
        old, new = before.get("priority", ""), fields.get("priority", "")
        if old in self._order and new in self._order:
            return self._order.index(new) > self._order.index(old)
        return bool(new) and new != old


def page(request: Visit, shown: Shown, fault: str = "") -> HttpResponse:
    """The page, with the reason why something was not kept."""
    identity, stands = known(request), shown.stands
    is_ours = shown.side == SUPPLIER
    may = identity.may(Right.WORK_TICKETS if is_ours else Right.WRITE_TICKETS)
    acts: list[Act] = acts_for(stands) if may else []
    told = {
        "ticket": shown.ticket,
        "is_customer": shown.is_customer,
        "verdict": verdict_of(shown, identity),
        "clocks": clocks(shown),
        "events": _events(shown, identity),
        "acts": [each for each in acts if not each.is_rare],
        "rare": [each for each in acts if each.is_rare],
        "may_note": may and is_ours,
        "told": {"words": text_of(request.POST, "words"), "code": request.POST.get("code", "")},
        "once": uuid4(),
        "fault": fault,
        "ours": _("with the supplier") if shown.is_customer else _("with us"),
        "theirs": _("with you") if shown.is_customer else _("with the customer"),
        "now": shown.speaking.now(),
        "is_brought_in": _is_brought_in(shown),
        "attached": files_of(shown.ticket, identity.viewer),
        "may_attach": may and shown.found.judgement.ticket.voided is None,
        "takes": TAKEN,
        "is_cut": len(stands.rows) == SHOWN,
        "is_unsigned": shown.agreed is None and is_unsigned(shown.ticket.relation, identity.viewer),
        **_choices(shown),
    }
    if may and is_ours:
        told |= beside(request, shown.ticket, shown.agreed, shown.speaking)
    return render(request, "desk/ticket.html", told, status=422 if fault else 200)


def _choices(shown: Shown) -> Mapping[str, object]:
    """What the forms let one choose from."""
    stands, agreed = shown.stands, shown.agreed
    lines = {
        "corrected": correctable(stands),
        "confirmed": waiting(stands),
        "consent": unagreed(stands),
        "dispute": pauses(stands),
    }
    return {
        "questions": questions_to_answer(stands),
        "proposals": [
            replace(each, cost=shown.speaking.texts.sum(each.cost))
            for each in proposals(stands.rows)
        ],
        "lines": {name: [_line(row, shown) for row in rows] for name, rows in lines.items()},
        "priorities": [Choice(each, each) for each in agreed.document.priorities] if agreed else [],
        "services": _named(agreed, "services"),
        "kinds": _named(agreed, "ticket_kinds"),
        "currency": agreed.document.currency if agreed else "EUR",
    }


def _named(agreed: Agreed | None, what: str) -> list[Choice]:
    if agreed is None:
        return []
    if what == "services":
        names = agreed.words.services
        return [Choice(each, names.show(each)) for each in agreed.document.services]
    return [Choice(each, agreed.words.words.show(each)) for each in agreed.document.ticket_kinds]


def _line(row: Fact, shown: Shown) -> Choice:
    """A fact as a choice: when, what, and how it began."""
    words = "" if row.words is None else row.words.body.split("\n")[0][:60]
    parts = [shown.speaking.moment(instant_of(row.happened_at)), what_of(row, shown.speaking)]
    return Choice(id_of(row), " · ".join(filter(None, [*parts, words])))


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


def _is_brought_in(shown: Shown) -> bool:
    rows = shown.stands.rows
    return bool(rows) and all(row.is_imported for row in rows)


def _events(shown: Shown, identity: Identity) -> list[Event]:
    viewer = identity.viewer
    notes = Note.objects.seen_by(viewer).filter(ticket=shown.ticket).select_related("person")
    bookings = Booking.objects.seen_by(viewer).filter(ticket=shown.ticket)
    telling = Telling(
        shown.agreed,
        shown.speaking,
        {SUPPLIER: shown.ticket.supplier.name, CUSTOMER: shown.ticket.customer.name},
        early=work_before_consent(shown.stands.rows),
        waiting=shown.found.judgement.ticket.waiting,
        is_brought_in=_is_brought_in(shown),
        sees_money=identity.organisation in viewer.organisations,
    )
    booked = bookings.select_related("person").order_by("booked_at")
    with kept_plans():
        return events_of(shown.stands.rows, notes[:SHOWN], booked[:SHOWN], telling)
