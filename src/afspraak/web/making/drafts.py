"""Agreements in the making (`/drafts/`): which there are and whose turn it is; and where one
begins: from the catalogue, a template, an agreement, a file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Agreement, AgreementVersion, Catalogue, Draft
from afspraak.engine.time import Refusal, instant_of, local_date, zone_of
from afspraak.language.begin import numbered, thawed
from afspraak.language.catalogue import Catalogue as Offer
from afspraak.language.text.amounts import show_money
from afspraak.language.text.templates import template_names
from afspraak.language.text.words import values_of
from afspraak.making.chosen import Between, Choice, from_catalogue
from afspraak.making.load import newest_texts, said_of, turn_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.drafting import LONGEST
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.making.seen import stage_of
from afspraak.web.offered import offered_in
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.setup_agreements import begun_from_template, relation_in, relations_of, templates
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A line of the list. `far`: how far they are."""

    draft: Draft
    other: str
    about: str
    badge: Badge
    texts: int
    proposals: int
    remarks: int
    written: str


@require_safe
@stated(Right.NEGOTIATE)
def drafts(request: Visit) -> HttpResponse:
    """What is being made, newest first; what is closed below it."""
    identity = known(request)
    rows = list(_rows(identity, speaking_to(identity, request.at)))
    told = {
        "open": [each for each in rows if each.draft.closed_at is None],
        "closed": [each for each in rows if each.draft.closed_at is not None],
    }
    return render(request, "making/list.html", told)


def _rows(identity: Identity, speaking: Speaking) -> Iterator[DraftRow]:
    own = identity.organisation
    sides = Q(supplier_id=own) | Q(customer_id=own)
    rows = Draft.objects.seen_by(identity.viewer).filter(sides)
    found = list(rows.select_related("supplier", "customer", "agreement")[:MOST])
    texts = newest_texts((each.id for each in found), identity.viewer)
    words = said_of((each.id for each in found), identity.viewer)
    for row in found:
        text, said = texts[row.id], words[row.id]
        yield DraftRow(
            row,
            row.supplier.name if row.customer_id == own else row.customer.name,
            row.agreement.reference if row.agreement else _("a new agreement"),
            stage_of(row, turn_of(row, said, text), own),
            text.number,
            sum(each.is_open for each in said),
            sum(not each.is_proposal for each in said),
            speaking.moment(instant_of(text.written_at)),
        )


# Where one begins ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of a catalogue, and what each level of it costs."""

    key: str
    name: str
    levels: tuple[tuple[str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def new(request: Visit) -> HttpResponse:
    """Choose with whom and from what; posted, the draft is there for one's own side alone."""
    identity = known(request)
    if request.method != "POST":
        return _page(request)
    relation = relation_in(request.POST, identity)
    try:
        beginning = _beginning(request, relation, identity)
        row = flow.begin_draft(
            relation=relation.pk,
            beginning=beginning,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, refused(refusal))
    messages.success(request, _("Begun. Only your own side sees it, until you show it."))
    return HttpResponseRedirect(reverse("draft", args=[row.pk]))


def _page(request: Visit, fault: str = "") -> HttpResponse:
    identity = known(request)
    relations = relations_of(identity)
    asked = uuid_of(request.POST if request.method == "POST" else request.GET, "relation")
    chosen = next((each for each in relations if each[0] == asked), None)
    if chosen is None and len(relations) == 1:
        chosen = relations[0]
    told: dict[str, object] = {"relations": relations, "chosen": chosen, "fault": fault}
    if chosen is not None:
        found = _catalogue_of(chosen[0], identity)
        told |= {
            "templates": templates(),
            "agreements": _agreements(chosen[0], identity),
            "offered": [] if found is None else list(_offered(found[1])),
            "catalogue": found[0] if found else None,
        }
    return render(request, "making/new.html", told, status=422 if fault else 200)


def _agreements(relation: UUID, identity: Identity) -> list[Agreement]:
    rows = Agreement.objects.seen_by(identity.viewer).filter(relation_id=relation)
    return list(rows.order_by("reference")[:MOST])


def _catalogue_of(relation: UUID, identity: Identity) -> tuple[Catalogue, Offer] | None:
    """What the relation's supplier offers now."""
    row = Relation.objects.seen_by(identity.viewer).get(id=relation)
    rows = Catalogue.objects.seen_by(identity.viewer).filter(organisation_id=row.supplier_id)
    newest = rows.order_by("-recorded_at").first()
    if newest is None:
        return None
    return newest, offered_in(bytes(newest.document), language()).catalogue


def _offered(offer: Offer) -> Iterator[Offered]:
    lang = language()
    values = values_of(lang)
    for key, service in offer.services.items():
        levels = tuple(
            (level, show_money(each.fee.money.amount, each.fee.money.currency, values))
            for level, each in service.offers.items()
        )
        yield Offered(key, service.name.get(lang, offer.language), levels)


def _beginning(request: Visit, relation: Relation, identity: Identity) -> Beginning:
    """The first text, by what was chosen. Raises Refusal for what is lacking."""
    told = request.POST
    name = text_of(told, "name", 200)
    match one_of(told, "from", Draft.Origin.values):
        case Draft.Origin.CATALOGUE:
            data = _from_catalogue(request, relation, identity)
            return Beginning(name or _("From the catalogue"), Draft.Origin.CATALOGUE, data)
        case Draft.Origin.AGREEMENT:
            return _from_agreement(request, relation, identity, name)
        case Draft.Origin.FILE:
            data = _file_of(request)
            return Beginning(name or _("From a file"), Draft.Origin.FILE, data)
        case _:
            template = one_of(told, "template", template_names()) or template_names()[0]
            data = begun_from_template(template, relation, identity, request.at).encode()
            return Beginning(name or dict(templates())[template], Draft.Origin.TEMPLATE, data)


def _file_of(request: Visit) -> bytes:
    file = request.FILES.get("file")
    if file is None:
        raise Refusal(_("Choose a file to begin from."))
    if file.size is None or file.size > LONGEST:
        raise Refusal(_("This file is too large to be an agreement in YAML."))
    data: bytes = file.read()
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Refusal(_("This file is no text in UTF-8.")) from fault
    return data


def _from_agreement(request: Visit, relation: Relation, identity: Identity, name: str) -> Beginning:
    """The newest version that stands, with the next number, holding from tomorrow on."""
    asked = uuid_of(request.POST, "agreement")
    rows = AgreementVersion.objects.seen_by(identity.viewer).select_related("agreement")
    own = rows.filter(relation=relation, agreement_id=asked) if asked else rows.none()
    newest = own.order_by("-number").first()
    if newest is None:
        raise Refusal(_("Choose the agreement to begin from."))
    on = local_date(zone_of(own_zone(identity, request.at)), request.at) + timedelta(days=1)
    data = numbered(thawed(bytes(newest.document)), newest.number + 1, on)
    title = name or newest.agreement.name or newest.agreement.reference
    return Beginning(title, Draft.Origin.AGREEMENT, data, newest.agreement)


def _from_catalogue(request: Visit, relation: Relation, identity: Identity) -> bytes:
    found = _catalogue_of(relation.pk, identity)
    chosen = [] if found is None else list(_choices(request, found[1]))
    if found is None or not chosen:
        raise Refusal(_("Choose at least one service and its level."))
    on = local_date(zone_of(own_zone(identity, request.at)), request.at)
    first = (on.replace(day=1) + timedelta(days=32)).replace(day=1)
    customer = {"name": relation.customer.name}
    customer |= {"register": relation.customer.register} if relation.customer.register else {}
    number = Draft.objects.seen_by(identity.viewer).filter(relation=relation).count() + 1
    reference = f"{found[1].id[:40]}-{on:%Y%m%d}-{number}"
    return from_catalogue(
        bytes(found[0].document), tuple(chosen), Between(reference, customer, first)
    )


def _choices(request: Visit, offer: Offer) -> Iterator[Choice]:
    for key, service in offer.services.items():
        level = one_of(request.POST, f"level_{key}", service.offers)
        units = request.POST.get(f"units_{key}", "")
        counted = re.fullmatch("[0-9]{1,6}", units)
        if level:
            yield Choice(key, level, int(units) if counted else 0)
