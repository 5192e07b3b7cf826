"""The desk (`/desk/`): somebody calls; who it is, what was promised, one button to keep it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.time import Refusal
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.happened import Happened
from afspraak.web.acquaintance import Present, who_is_in, who_knows
from afspraak.web.agreed import rate_at
from afspraak.web.caller import Asset, Card, card_of, relation_with
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.finding import desk_url, find
from afspraak.web.presence import here
from afspraak.web.queue import first_in_queue
from afspraak.web.refusing import refused
from afspraak.web.saying import Sentence, not_covered, said
from afspraak.web.speaking import Speaking
from afspraak.web.things import thing_told
from afspraak.web.visit import Visit, known

FIELDS: Final = ("service", "impact", "kind", "site")
ASSET: Final = "asset"
OTHER: Final = "-"
"""Chosen where what it is about stands in no agreement."""
LONGEST_TITLE: Final = 200


@require_safe
@stated(Right.WORK_TICKETS)
def desk(request: Visit) -> HttpResponse:
    """The whole page: the search, and whoever is on the line."""
    return _page(request, request.GET)


@require_POST
@stated(Right.WORK_TICKETS)
def ask(request: Visit) -> HttpResponse:
    """The same with the verdict, for who has no script; nothing is saved."""
    return _page(request, request.POST)


@require_safe
@stated(Right.WORK_TICKETS)
def search(request: Visit) -> HttpResponse:
    """What a few letters may mean, as a part of the page."""
    words = request.GET.get("q", "")
    return render(
        request, "desk/found.html", {"q": words, "found": find(words, known(request), request.at)}
    )


@require_safe
@stated(Right.WORK_TICKETS)
@kept_plans()
def verdict(request: Visit) -> HttpResponse:
    """What would be promised, as a part of the page."""
    relation = _relation(request.GET, known(request))
    if relation is None:
        raise Http404
    identity = known(request)
    card, speaking = card_of(relation, identity, request.at)
    present = who_is_in(identity.organisation, identity.viewer, request.at)
    told = {"verdict": _with_people(card, request.GET, identity, present, speaking)}
    return render(request, "desk/verdict.html", told)


@require_POST
@stated(Right.WORK_TICKETS)
def report(request: Visit) -> HttpResponse:
    """Keep the report: from here on its clocks run."""
    identity = known(request)
    relation = _relation(request.POST, identity)
    if relation is None:
        raise Http404
    card, speaking = card_of(relation, identity, request.at, uuid_of(request.POST, "person"))
    title = text_of(request.POST, "title", LONGEST_TITLE)
    if not title:
        return _page(request, request.POST, fault=_("Say in a few words what is wrong."))
    try:
        taken = flow.take_fact(
            told=_reported(request, card, title), viewer=identity.viewer, at=request.at
        )
    except Refusal as refusal:
        return _page(request, request.POST, fault=refused(refusal, speaking))
    assert taken.ticket is not None
    messages.success(request, _("Saved as %(number)s.") % {"number": taken.ticket.number})
    return HttpResponseRedirect(reverse("ticket", args=[taken.ticket.number]))


def _reported(request: Visit, card: Card, title: str) -> Happened:
    once = uuid_of(request.POST, "once")
    return Happened(
        relation=card.relation.id,
        code="reported",
        happened_at=request.at,
        recorded_by="supplier",
        person=known(request).actor.person,
        reporter=card.person.pk if card.person else None,
        title=title,
        words=text_of(request.POST, "words"),
        fields=chosen(card, request.POST),
        more={ASSET: thing.key} if (thing := asset_of(card, request.POST)) else {},
        source_id=f"form/{once}" if once else "",
    )


def chosen(card: Card, told: QueryDict) -> dict[str, str]:
    """What was chosen of what the contract knows; anything else is left out."""
    known_keys = {
        "service": [each.key for each in card.offered],
        "impact": [each.key for each in card.impacts],
        "kind": [each.key for each in card.kinds],
        "site": [each.key for each in card.sites],
    }
    picked = {name: one_of(told, name, known_keys[name]) for name in FIELDS}
    thing = asset_of(card, told)
    if thing is not None and not told.get("service"):
        picked["service"] = thing.service
    return {name: value for name, value in picked.items() if value}


def asset_of(card: Card, told: QueryDict) -> Asset | None:
    """The thing that it is about; None where none was chosen."""
    return next((each for each in card.assets if each.key == told.get(ASSET)), None)


def verdict_for(
    card: Card,
    told: QueryDict,
    identity: Identity,
    speaking: Speaking,
    *,
    is_customer: bool = False,
) -> Sentence | None:
    """What would be promised for what was chosen so far; None while too little is known."""

    def outside(why: str) -> Sentence:
        rate = rate_at(card.relation.supplier_id, identity.viewer, speaking.at)
        return not_covered(speaking, rate, why)

    if card.agreed is None:
        return outside(_("No agreement that both signed is in force now."))
    if told.get("service") == OTHER:
        return outside(_("This stands in no agreement with this customer."))
    fields = chosen(card, told)
    if "service" not in fields or (card.impacts and "impact" not in fields):
        return None
    try:
        found = flow.would_promise(
            supplier=card.relation.supplier_id,
            customer=card.relation.customer_id,
            service=fields["service"],
            impact=fields.get("impact", ""),
            kind=fields.get("kind", ""),
            site=fields.get("site"),
            viewer=identity.viewer,
            at=speaking.at,
        )
    except Refusal as refusal:
        return outside(refused(refusal, speaking))
    if found.outside:
        return outside(_("No agreement that both signed is in force now."))
    impact = fields.get("impact", "")
    return said(found, card.agreed, speaking, impact, is_customer=is_customer)


def _with_people(
    card: Card,
    told: QueryDict,
    identity: Identity,
    present: Sequence[Present],
    speaking: Speaking,
) -> Sentence | None:
    """The verdict, and under it who is in, those who know the customer first."""
    found = verdict_for(card, told, identity, speaking)
    if found is None or not present:
        return found
    supplier = card.relation.supplier_id
    knows = who_knows([card.relation.pk], supplier, identity.viewer).get(card.relation.pk, [])
    familiar = [each.name for each in present if each.person in knows]
    others = [each.name for each in present if each.person not in knows]
    line = _("In now: %(names)s.") % {"names": ", ".join([*familiar, *others])}
    if familiar:
        line += " " + _("Know this customer: %(names)s.") % {"names": ", ".join(familiar)}
    return replace(found, notes=(*found.notes, line))


def _relation(told: QueryDict, identity: Identity) -> Relation | None:
    customer = uuid_of(told, "customer")
    return None if customer is None else relation_with(customer, identity)


def _page(request: Visit, told: QueryDict, fault: str = "") -> HttpResponse:
    identity = known(request)
    words = told.get("q", "")
    shown: dict[str, object] = {
        "q": words,
        "found": find(words, identity, request.at),
        "fault": fault,
    }
    present = who_is_in(identity.organisation, identity.viewer, request.at)
    relation = _relation(told, identity)
    if relation is None and told.get("customer"):
        raise Http404
    if relation is not None:
        person = uuid_of(told, "person")
        with kept_plans():
            card, speaking = card_of(relation, identity, request.at, person, is_whole=True)
            found = _with_people(card, told, identity, present, speaking)
        shown |= {
            "card": card,
            "present": present,
            "verdict": found,
            "thing": thing_told(card.agreed, told.get(ASSET, ""), speaking),
            "chosen": {name: told.get(name, "") for name in (*FIELDS, ASSET)},
            "told": {"title": told.get("title", ""), "words": told.get("words", "")},
            "once": uuid_of(told, "once") or uuid4(),
            "now": speaking.now(),
            "other": OTHER,
            "again": desk_url(customer=relation.customer_id),
        }
    elif not words:
        shown |= first_in_queue(identity, request.at)
    shown["here"] = here(present, identity, request.at)
    return render(request, "desk/desk.html", shown, status=422 if fault else 200)
