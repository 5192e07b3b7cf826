"""A wish that fits no level (`/offers/wishes/<id>/`): what deviates, what the exception costs in a
year, line by line, and whether it is granted.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.models import Catalogue, Draft
from afspraak.clocks.in_force import held_at
from afspraak.engine.time import HOUR, Refusal, parse_duration
from afspraak.language.text.kinds import PHRASES
from afspraak.offers.actions import Decision, Deviation, decide_wish, write_wish
from afspraak.offers.load import NotThere, wish_of
from afspraak.offers.models import Upkeep, Wish
from afspraak.offers.upkeep import Figures
from afspraak.offers.wished import extra_of
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.offered import Offered, offered_in
from afspraak.web.offers.catalogue import MEASURES, day_names, page
from afspraak.web.offers.filled import Faults
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

FIGURES: Final = ("standby", "tickets", "hours_each", "per_hour", "sharper", "fixed")
MOST: Final = 20
CENT: Final = Decimal("0.01")


@require_POST
@stated(Right.NEGOTIATE)
def write(request: Visit) -> HttpResponse:
    """A wish, by either side."""
    identity, faults = known(request), Faults()
    catalogue = _catalogue(request)
    relation = _relation(request, catalogue)
    document = offered_in(bytes(catalogue.document), language()).catalogue
    service, _dash, level = text_of(request.POST, "place", 120).partition("/")
    if service not in document.services or level not in document.levels:
        faults["place"] = _("Choose a service at a level.")
    target = text_of(request.POST, "target", 40)
    if target and not _is_duration(target):
        faults["target"] = _("Write it as PT4H or as 2 working days.")
    deviation = Deviation(
        service, level, faults.words(request.POST, "words"),
        one_of(request.POST, "measure", MEASURES) if target else "",
        one_of(request.POST, "priority", document.priorities) if target else "",
        target, faults.week(request.POST),
    )  # fmt: skip
    if not faults:
        try:
            wish = write_wish(
                relation=relation, catalogue=catalogue, deviation=deviation,
                actor=identity.actor, at=request.at,
            )  # fmt: skip
            return HttpResponseRedirect(reverse("offers_wish", args=[wish.pk]))
        except Refusal as refusal:
            faults["words"] = refused(refusal)
    return page(request, faults)


def _is_duration(text: str) -> bool:
    try:
        parse_duration(text)
    except Refusal:
        return False
    return True


def _catalogue(request: Visit) -> Catalogue:
    pk = uuid_of(request.POST, "catalogue")
    row = Catalogue.objects.seen_by(known(request).viewer).filter(pk=pk).first() if pk else None
    if row is None:
        raise Http404
    return row


def _relation(request: Visit, catalogue: Catalogue) -> Relation:
    """The relation that is named: of the acting organisation, served by who offers this."""
    identity, pk = known(request), uuid_of(request.POST, "relation")
    rows = Relation.objects.seen_by(identity.viewer).filter(supplier_id=catalogue.organisation_id)
    row = rows.filter(pk=pk).first() if pk else None
    if row is None or party_of(row, identity.organisation) is None:
        raise Http404
    return row


# One wish -----------------------------------------------------------------------------------------


@require_safe
@stated(Right.NEGOTIATE)
def wish(request: Visit, wish: UUID) -> HttpResponse:
    """The page."""
    return _page(request, _found(request, wish), Faults())


def _found(request: Visit, pk: UUID) -> Wish:
    identity = known(request)
    try:
        row = wish_of(pk, identity.viewer)
    except NotThere as gone:
        raise Http404 from gone
    if party_of(row, identity.organisation) is None:
        raise Http404
    return row


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def compute(request: Visit, wish: UUID) -> HttpResponse:
    """The yearly upkeep, from the figures that are entered."""
    identity, row, faults = known(request), _found(request, wish), Faults()
    figures = Figures(*(faults.number(request.POST, name) for name in FIGURES))
    if faults:
        return _page(request, row, faults)
    try:
        flow.reckon_upkeep(wish=row, figures=figures, actor=identity.actor, at=request.at)
    except Refusal as refusal:
        return _page(request, row, Faults(fixed=refused(refusal)))
    return HttpResponseRedirect(reverse("offers_wish", args=[row.pk]) + "#upkeep")


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def decide(request: Visit, wish: UUID) -> HttpResponse:
    """Granted as *custom* for so much a year, or not, and why."""
    identity, row, faults = known(request), _found(request, wish), Faults()
    is_granted = one_of(request.POST, "do", ("grant", "decline")) == "grant"
    yearly = faults.number(request.POST, "yearly", empty="-") if is_granted else None
    if faults:
        return _page(request, row, faults)
    decision = Decision(is_granted, text_of(request.POST, "words", 1000), yearly)
    try:
        if is_granted:
            flow.grant_wish(
                wish=row, into=_into(request, row), decision=decision,
                actor=identity.actor, viewer=identity.viewer, at=request.at,
            )  # fmt: skip
        else:
            decide_wish(
                wish=row, decision=decision, draft=None, actor=identity.actor, at=request.at
            )
    except Refusal as refusal:
        return _page(request, row, Faults(words=refused(refusal)))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("offers_wish", args=[row.pk]))


def _into(request: Visit, row: Wish) -> flow.Into:
    """The text that was chosen, of those that are there."""
    chosen = one_of(request.POST, "into", [key for key, _name in _texts(request, row)])
    kind, _equals, pk = (chosen or "=").partition("=")
    return flow.Into(**{kind: UUID(pk)}) if pk else flow.Into()


def _texts(request: Visit, row: Wish) -> list[tuple[str, str]]:
    """What it may be written into: the drafts between the two, and amendments that begin then."""
    viewer = known(request).viewer
    drafts = Draft.objects.seen_by(viewer).filter(relation_id=row.relation_id, closed_at=None)
    held = held_at({row.relation_id: row.supplier_id}, viewer, request.at)
    running = [(each.agreement, each.signed.terms.id) for each in held if each.signed is not None]
    return [
        *((f"draft={each.pk}", each.name) for each in drafts.order_by("-begun_at")[:MOST]),
        *((f"agreement={pk}", _("an amendment of %(of)s") % {"of": name})
          for pk, name in running[:MOST]),
    ]  # fmt: skip


def _page(request: Visit, row: Wish, faults: Faults) -> HttpResponse:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    offered = offered_in(bytes(row.catalogue.document), language())
    is_supplier = row.supplier_id == identity.organisation
    extra, since = extra_of(row, offered.catalogue, request.at)
    computed = Upkeep.objects.seen_by(identity.viewer).filter(wish=row)
    newest = computed.order_by("-computed_at", "-id").first() if is_supplier else None
    grant = getattr(row, "grant", None)
    told = {
        "wish": row,
        "service": offered.words.services.show(row.service),
        "level_name": offered.words.enums["level"].show(row.level),
        "target": _target(row, offered),
        "measure": speaking.texts.word("measure", row.measure),
        "week": list(row.week.items()),
        "days": day_names(),
        "extra": _hours(extra, speaking),
        "since": speaking.texts.on_date(since),
        "is_supplier": is_supplier,
        "may_decide": is_supplier and grant is None and identity.may(Right.WRITE_AGREEMENTS),
        "texts_of": _texts(request, row) if is_supplier and grant is None else [],
        "grant": grant,
        "yearly": "" if grant is None or grant.yearly is None
        else speaking.texts.money(grant.yearly, grant.currency),
        "upkeep": newest,
        "total": "" if newest is None else speaking.texts.money(newest.total, newest.currency),
        "lines": [] if newest is None else [_line(each, newest, speaking) for each in newest.lines],
        "figures": _figures(newest, request),
        "faults": faults,
        "told": request.POST,
    }  # fmt: skip
    return render(request, "offers/wish.html", told, status=422 if faults else 200)


def _target(row: Wish, offered: Offered) -> str:
    if not row.target:
        return ""
    return PHRASES["duration"].show(parse_duration(row.target), offered.words)


def _hours(microseconds: int, speaking: Speaking) -> str:
    return speaking.texts.number((Decimal(microseconds) / HOUR).quantize(CENT, ROUND_HALF_UP))


def _line(each: dict[str, Any], row: Upkeep, speaking: Speaking) -> tuple[str, str, str]:
    """What it is, the factors as they are multiplied, and what they come to."""
    names = {
        "standing_by": _("Standing by: extra open hours × an hour of standing by"),  # noqa: RUF001 - the sign of a product
        "tickets": _("Tickets in those hours × hours each × an hour of work"),  # noqa: RUF001 - the same
        "sharper": _("Sharper target: hours a month × 12 × an hour of work"),  # noqa: RUF001 - the same
        "administration": _("Administration, a fixed sum"),
    }
    factors = [speaking.texts.number(Decimal(factor)) for factor in each["factors"]]
    total = speaking.texts.money(Decimal(each["total"]), row.currency)
    return names[each["what"]], " × ".join(factors), total  # noqa: RUF001 - the same


def _figures(newest: Upkeep | None, request: Visit) -> list[tuple[str, str, str]]:
    """The fields of the arithmetic: name, what it is, and what stands in it."""
    names = {
        "standby": _("Standing by, for each extra open hour"),
        "tickets": _("Tickets expected in those hours, a year"),
        "hours_each": _("Hours for each of them"),
        "per_hour": _("An hour of work then"),
        "sharper": _("Hours a month that the sharper target takes"),
        "fixed": _("Administration, a year"),
    }
    before = newest.figures if newest is not None else {}
    return [
        (name, told, request.POST.get(name, _as_typed(before.get(name, ""))))
        for name, told in names.items()
    ]


def _as_typed(number: str) -> str:
    return f"{Decimal(number).normalize():f}".replace(".", ",") if number else ""
