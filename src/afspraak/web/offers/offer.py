"""One offer (`/offers/<id>/`): levels side by side, seen and answered; and beside a contract's
text, every difference.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraak.agreements.drafts import newest_text
from afspraak.agreements.models import AgreementVersion, Catalogue, Draft
from afspraak.agreements.read import checked
from afspraak.engine.time import Refusal, instant_of, local_date, parse_duration, zone_of
from afspraak.language.schema_base import LEVELS
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.values import parse_rate
from afspraak.offers.actions_offers import (
    Offering,
    accept_offer,
    decline_offer,
    make_offer,
    note_offer_seen,
    say_of_offer,
    show_offer,
    withdraw_offer,
)
from afspraak.offers.annex import Difference, Offered, differences
from afspraak.offers.load import NotThere, newest_catalogue, offer_of
from afspraak.offers.models import Offer, OfferEvent, OfferLine
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.texts import Texts
from afspraak.rights.parties import party_of
from afspraak.web import offered as catalogues
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.offered import offered_in
from afspraak.web.offers.filled import Faults
from afspraak.web.offers.listed import other_of, state_of
from afspraak.web.offers.matrix import LevelShown, matrix_of
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import relations_of
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

MONTHS: Final = 12
ACTS: Final = ("show", "withdraw", "say", "accept", "decline")


@dataclass(frozen=True, slots=True)
class LineShown:
    """A service, and what it costs at each of the offered levels; empty where it is not had."""

    name: str
    units: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """An offered level: what it promises, and what all lines come to, a month, a year, at first."""

    level: LevelShown
    monthly: str
    yearly: str
    start_up: str


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def make(request: Visit) -> HttpResponse:
    """A new offer for one customer, from the newest catalogue."""
    identity, faults = known(request), Faults()
    row = newest_catalogue(identity.organisation, identity.viewer)
    relations = relations_of(identity)
    if row is None:
        return render(request, "offers/make.html", {"row": None})
    offered = offered_in(bytes(row.document), language())
    if request.method == "POST":
        offer = _made(request, row, offered, faults)
        if offer is not None:
            return HttpResponseRedirect(reverse("offers_offer", args=[offer.pk]))
    matrix = matrix_of(offered)
    told = {
        "row": row,
        "relations": relations,
        "matrix": matrix,
        "faults": faults,
        "told": request.POST,
        "units": [
            (each.key, each.name, request.POST.get(f"units_{each.key}", ""),
             faults.get(f"units_{each.key}", ""))
            for each in matrix.rows
        ],
        "chosen": request.POST.getlist("level"),
        "asked": request.POST.get("relation") or request.GET.get("relation", ""),
    }  # fmt: skip
    return render(request, "offers/make.html", told, status=422 if faults else 200)


def _made(
    request: Visit, row: Catalogue, offered: catalogues.Offered, faults: Faults
) -> Offer | None:
    identity, pk = known(request), uuid_of(request.POST, "relation")
    rows = Relation.objects.seen_by(identity.viewer).select_related("supplier")
    relation = rows.filter(pk=pk, supplier_id=identity.organisation).first() if pk else None
    if relation is None:
        raise Http404
    units = {
        key: number
        for key in offered.catalogue.services
        if (number := faults.count(request.POST, f"units_{key}"))
    }
    levels = tuple(each for each in LEVELS if each in request.POST.getlist("level"))
    valid_on = faults.day(request.POST, "valid_on")
    name = faults.words(request.POST, "name", 200)
    if faults or valid_on is None:
        return None
    offering = Offering(name, units, levels, valid_on, text_of(request.POST, "words", 2000))
    try:
        return make_offer(
            relation=relation, catalogue=row, document=offered.catalogue, offering=offering,
            actor=identity.actor, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        faults["whole"] = refused(refusal)
        return None


# One offer ----------------------------------------------------------------------------------------


@require_safe
@stated(Right.NEGOTIATE)
def offer(request: Visit, offer: UUID) -> HttpResponse:
    """The page; the first time that the customer opens it is kept."""
    row = found(request, offer)
    note_offer_seen(offer=row, actor=known(request).actor, at=request.at)
    return _page(request, row)


def found(request: Visit, pk: UUID) -> Offer:
    """An offer of the organisation that one acts for. Raises Http404."""
    identity = known(request)
    try:
        row = offer_of(pk, identity.viewer)
    except NotThere as gone:
        raise Http404 from gone
    if party_of(row, identity.organisation) is None:
        raise Http404
    return row


@require_POST
@stated(Right.NEGOTIATE)
def answer(request: Visit, offer: UUID) -> HttpResponse:
    """Shown, withdrawn, asked about; accepted or declined by the customer."""
    identity, row = known(request), found(request, offer)
    what = one_of(request.POST, "do", ACTS)
    if not what:
        raise Http404
    words = text_of(request.POST, "words", 2000)
    given = {"offer": row, "actor": identity.actor, "at": request.at}
    try:
        if what == "show":
            show_offer(**given)  # type: ignore[arg-type]  # as given above
        elif what == "accept":
            accept_offer(
                level=one_of(request.POST, "level", LEVELS),
                by_name=text_of(request.POST, "by_name", 200),
                words=words, **given,  # type: ignore[arg-type]  # the same
            )  # fmt: skip
        else:
            act = {"withdraw": withdraw_offer, "say": say_of_offer, "decline": decline_offer}[what]
            act(words=words, **given)  # type: ignore[arg-type]  # the same
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("offers_offer", args=[row.pk]))


def _page(request: Visit, row: Offer, fault: str = "") -> HttpResponse:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    lines = list(OfferLine.objects.seen_by(identity.viewer).filter(offer=row))
    events = OfferEvent.objects.seen_by(identity.viewer).filter(offer=row)
    events_shown = list(events.select_related("person", "organisation").order_by("at", "id"))
    offered = offered_in(bytes(row.catalogue.document), language())
    happened = [each.what for each in events_shown]
    today = local_date(zone_of(own_zone(identity, request.at)), request.at)
    answered = set(happened) & {"accepted", "declined"}
    is_customer = row.customer_id == identity.organisation
    is_live = row.withdrawn_at is None and not answered and today <= row.valid_on
    told = {
        "offer": row,
        "other": other_of(row, identity),
        "badge": state_of(row, happened, today),
        "valid": speaking.texts.on_date(row.valid_on),
        "columns": _columns(lines, offered, row, speaking),
        "lines": _lines(lines, offered, row, speaking),
        "events": [_event(each, speaking, offered) for each in events_shown],
        "is_customer": is_customer,
        "may_answer": is_customer and is_live,
        "may_show": not is_customer and row.shown_at is None and row.withdrawn_at is None,
        "may_withdraw": not is_customer and is_live and row.shown_at is not None,
        "texts_of": _texts(request, row),
        "fault": fault,
        "told": request.POST,
    }
    return render(request, "offers/offer.html", told, status=422 if fault else 200)


def _columns(
    lines: list[OfferLine], offered: catalogues.Offered, row: Offer, speaking: Speaking
) -> list[Column]:
    shown = {each.key: each for each in matrix_of(offered).levels}
    made = []
    for level in LEVELS:
        mine = [each for each in lines if each.level == level]
        if not mine:
            continue
        monthly = sum((each.monthly for each in mine), Decimal("0.00"))
        begin = sum((each.start_up for each in mine), Decimal("0.00"))
        money = speaking.texts.money
        made.append(
            Column(
                shown[level],
                money(monthly, row.currency),
                money(monthly * MONTHS, row.currency),
                money(begin, row.currency) if begin else "",
            )
        )
    return made


def _lines(
    lines: list[OfferLine], offered: catalogues.Offered, row: Offer, speaking: Speaking
) -> list[LineShown]:
    levels = [level for level in LEVELS if any(each.level == level for each in lines)]
    by_place = {(each.service, each.level): each for each in lines}
    made = []
    for service in dict.fromkeys(each.service for each in lines):
        found_ = [by_place.get((service, level)) for level in levels]
        cells = tuple(
            ("", "") if each is None else (
                speaking.texts.money(each.monthly, row.currency),
                PHRASES["rate"].show(parse_rate(each.fee), offered.words),
            )
            for each in found_
        )  # fmt: skip
        units = next(each.units for each in found_ if each is not None)
        made.append(LineShown(offered.words.services.show(service), units, cells))
    return made


def _event(each: OfferEvent, speaking: Speaking, offered: catalogues.Offered) -> dict[str, object]:
    return {
        "at": speaking.texts.full(instant_of(each.at)),
        "what": _happened(each.what),
        "level": offered.words.enums["level"].show(each.level) if each.level else "",
        "who": each.person.name if each.person else each.organisation.name,
        "words": each.words,
        "is_customer": each.organisation_id == each.customer_id,
    }


def _happened(what: str) -> str:
    return {
        "shown": _("shown to the customer"),
        "seen": _("seen for the first time"),
        "asked": _("asked"),
        "said": _("answered"),
        "accepted": _("accepted"),
        "declined": _("declined"),
        "withdrawn": _("withdrawn"),
    }[what]


# As an annex --------------------------------------------------------------------------------------


def _texts(request: Visit, row: Offer) -> list[tuple[str, str]]:
    """The texts that it may become an annex of: drafts, and versions, of the same relation."""
    viewer = known(request).viewer
    drafts = Draft.objects.seen_by(viewer).filter(relation_id=row.relation_id, closed_at=None)
    versions = AgreementVersion.objects.seen_by(viewer).filter(relation_id=row.relation_id)
    named = versions.select_related("agreement").defer("document").order_by("-recorded_at")
    return [
        *((f"draft={each.pk}", each.name) for each in drafts[:20]),
        *((f"version={each.pk}", f"{each.agreement.reference} ({each.number})")
          for each in named[:20]),
    ]  # fmt: skip


@require_safe
@stated(Right.NEGOTIATE)
def against(request: Visit, offer: UUID) -> HttpResponse:
    """The lines of one level against a text, every difference."""
    row = found(request, offer)
    name, data = _text(request, row)
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    lines = list(OfferLine.objects.seen_by(identity.viewer).filter(offer=row))
    levels = [each for each in LEVELS if any(line.level == each for line in lines)]
    accepted = OfferEvent.objects.seen_by(identity.viewer).filter(offer=row, what="accepted")
    taken = accepted.values_list("level", flat=True).first()
    level = one_of(request.GET, "level", levels) or taken or levels[0]
    document, faults = checked(data, "contract")
    offered = offered_in(bytes(row.catalogue.document), language())
    shown = [] if document is None else [
        _difference(each, offered, speaking.texts)
        for each in differences(
            [Offered(x.service, x.level, x.units, x.fee) for x in lines if x.level == level],
            offered.catalogue.levels,  # type: ignore[arg-type]  # levels are texts
            document,
        )
    ]  # fmt: skip
    told = {
        "offer": row, "name": name, "level": level, "differences": shown,
        "levels": [(each, offered.words.enums["level"].show(each)) for each in levels],
        "faults": len(faults), "is_read": document is not None,
        "query": "draft" if uuid_of(request.GET, "draft") else "version",
        "of": uuid_of(request.GET, "draft") or uuid_of(request.GET, "version"),
    }  # fmt: skip
    return render(request, "offers/against.html", told)


def _text(request: Visit, row: Offer) -> tuple[str, bytes]:
    """The text that is asked for, of the same relation."""
    viewer = known(request).viewer
    pk = uuid_of(request.GET, "draft")
    if pk is not None:
        draft = Draft.objects.seen_by(viewer).filter(pk=pk, relation_id=row.relation_id).first()
        if draft is None:
            raise Http404
        return draft.name, bytes(newest_text(draft.pk, viewer).document)
    pk = uuid_of(request.GET, "version")
    rows = AgreementVersion.objects.seen_by(viewer).select_related("agreement")
    version = rows.filter(pk=pk, relation_id=row.relation_id).first() if pk else None
    if version is None:
        raise Http404
    return f"{version.agreement.reference} ({version.number})", bytes(version.document)


def _difference(
    each: Difference, offered: catalogues.Offered, texts: Texts
) -> tuple[str, str, str, str]:
    """Service, what differs, as offered, as written."""
    words = offered.words
    name = words.services.show(each.service)
    if each.what == "target":
        told = f"{texts.word('measure', each.measure)} {each.priority}".strip()
        return name, told, _duration(each.offered, words), _duration(each.written, words)
    titles = {
        "service": _("the service"),
        "level": _("the level"),
        "units": _("how many"),
        "fee": _("the price"),
        "not_offered": _("not offered"),
    }
    return (
        name,
        titles[each.what],
        _value(each.offered, each.what, words),
        _value(each.written, each.what, words),
    )


def _duration(text: str, words: Lexicon) -> str:
    try:
        return PHRASES["duration"].show(parse_duration(text), words)
    except Refusal:
        return text


def _value(text: str, what: str, words: Lexicon) -> str:
    if what in ("level", "not_offered", "service") and text in LEVELS:
        return words.enums["level"].show(text)
    return PHRASES["rate"].show(parse_rate(text), words) if what == "fee" and text else text
