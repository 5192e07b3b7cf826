"""The catalogue (`/offers/catalogue/`): services x levels with prices, targets and hours; for its
supplier what each level costs to keep and what is left of the price; and its open page.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.agreements.models import Catalogue
from afspraak.engine.time import Refusal
from afspraak.language.schema_base import LEVELS
from afspraak.language.terms_money import monthly
from afspraak.offers.actions import (
    Costing,
    close_catalogue,
    enter_cost,
    hash_of,
    open_catalogue,
)
from afspraak.offers.load import (
    Experience,
    Place,
    costs_of,
    experience_of,
    open_page,
    presented_page,
)
from afspraak.offers.models import LevelCost, Wish
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import PUBLIC, stated
from afspraak.reports.texts import Texts
from afspraak.rights.viewer import Viewer, viewing
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.offered import Offered, offered_in
from afspraak.web.offers.filled import Faults
from afspraak.web.offers.matrix import matrix_of
from afspraak.web.own import own_zone
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import relations_of
from afspraak.web.speaking import language
from afspraak.web.visit import Visit, known

CENT: Final = Decimal("0.01")
WIDTH: Final = 100
MOST_WISHES: Final = 50
MEASURES: Final = ("first_response", "resolution")
"""What a wish may ask sooner than its level gives it."""


@dataclass(frozen=True, slots=True)
class CostShown:
    """What one unit of a service at a level brings in and costs in a month. `kept` is the part of
    the price that its costs take, in hundredths of the bar; above 100 it costs more than it brings.
    """

    service: str
    level: str
    level_name: str
    price: str
    hours: str
    source: str
    cost: str
    margin: str
    kept: int
    is_short: bool


@require_safe
@stated(Right.READ_AGREEMENTS)
def catalogue(request: Visit) -> HttpResponse:
    """The page; prices are not for a customer's users."""
    identity = known(request)
    if identity.organisation not in identity.viewer.organisations:
        return render(request, "web/refused.html", status=403)
    return page(request, Faults())


def page(request: Visit, faults: Faults) -> HttpResponse:
    """The page, with what is wrong beside its fields."""
    identity = known(request)
    rows = _catalogues(identity)
    asked = uuid_of(request.GET, "of") or uuid_of(request.POST, "catalogue")
    row = next((each for each in rows if asked in (None, each.pk)), None)
    if asked is not None and row is None:
        raise Http404
    told: dict[str, object] = {"rows": rows, "row": row, "faults": faults, "told": request.POST}
    if row is not None:
        told |= _about(row, request, faults)
    return render(request, "offers/catalogue.html", told, status=422 if faults else 200)


def _catalogues(identity: Identity) -> list[Catalogue]:
    """The newest of each supplier that one sees, one's own first."""
    rows = Catalogue.objects.seen_by(identity.viewer).select_related("organisation")
    newest: dict[UUID, Catalogue] = {}
    for row in rows.order_by("organisation__name", "-recorded_at", "-id"):
        newest.setdefault(row.organisation_id, row)
    return sorted(newest.values(), key=lambda row: row.organisation_id != identity.organisation)


def _about(row: Catalogue, request: Visit, faults: Faults) -> dict[str, object]:
    identity = known(request)
    offered = offered_in(bytes(row.document), language())
    is_own = row.organisation_id == identity.organisation
    texts = Texts(language(), own_zone(identity, request.at))
    may_see = is_own and identity.may(Right.NEGOTIATE)
    wishes = Wish.objects.seen_by(identity.viewer).filter(supplier_id=row.organisation_id)
    return {
        "matrix": matrix_of(offered),
        "is_own": is_own,
        "may_wish": identity.may(Right.NEGOTIATE),
        "may_write": is_own and identity.may(Right.WRITE_AGREEMENTS),
        "costs": list(_costs(offered, identity, texts, request.at)) if may_see else [],
        "open": open_page(identity.organisation, identity.viewer) if may_see else None,
        "wishes": wishes.select_related("customer", "grant")[:MOST_WISHES],
        "relations": _with(row, identity),
        "measures": [(each, texts.word("measure", each)) for each in MEASURES],
        "weeks": [
            (each, names, request.POST.get(f"week_{each}", ""), faults.get(f"week_{each}", ""))
            for each, names in day_names().items()
        ],
    }


def _with(row: Catalogue, identity: Identity) -> list[tuple[UUID, str]]:
    """Between whom a wish may be: this supplier and one of its customers."""
    if row.organisation_id == identity.organisation:
        return relations_of(identity)
    rows = Relation.objects.seen_by(identity.viewer).select_related("supplier")
    mine = rows.filter(customer_id=identity.organisation, supplier_id=row.organisation_id)
    return [(each.pk, each.supplier.name) for each in mine]


def day_names() -> dict[str, str]:
    """The parts of the week for which other hours can be wished."""
    return {
        "mon-fri": _("Monday to Friday"),
        "sat": _("Saturday"),
        "sun": _("Sunday"),
    }


# What it costs to keep ----------------------------------------------------------------------------


def _costs(offered: Offered, identity: Identity, texts: Texts, at: int) -> Iterator[CostShown]:
    """A line for each service at each level of which a cost was entered, or that the year until now
    tells of.
    """
    entered = costs_of(identity.organisation, identity.viewer)
    known_ = experience_of(identity.organisation, identity.viewer, at)
    for key, service in offered.catalogue.services.items():
        for level in (each for each in LEVELS if each in service.offers):
            place: Place = (key, level)
            if place in entered or (place in known_ and known_[place].minutes):
                price = monthly(service.offers[level].fee)
                yield _cost(
                    place, price, entered=entered.get(place), lived=known_.get(place),
                    offered=offered, texts=texts,
                )  # fmt: skip


def _cost(
    place: Place,
    price: Decimal,
    *,
    entered: LevelCost | None,
    lived: Experience | None,
    offered: Offered,
    texts: Texts,
) -> CostShown:
    currency, words = offered.catalogue.currency, offered.words
    hours = lived.hours if lived and lived.minutes else None
    source = _("from what was booked") if hours is not None else _("as entered")
    taken = hours if hours is not None else entered.hours if entered else None
    cost = None
    if entered is not None and taken is not None:
        cost = (taken * entered.per_hour + entered.other).quantize(CENT, ROUND_HALF_UP)
    kept = 0 if cost is None or not price else int(cost * WIDTH / price)
    return CostShown(
        words.services.show(place[0]),
        place[1],
        words.enums["level"].show(place[1]),
        texts.money(price.quantize(CENT, ROUND_HALF_UP), currency),
        "" if taken is None else texts.number(taken),
        source,
        "" if cost is None else texts.money(cost, currency),
        "" if cost is None else texts.money(price - cost, currency),
        min(kept, WIDTH),
        is_short=cost is not None and cost > price,
    )


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def cost(request: Visit) -> HttpResponse:
    """What a level costs to keep, entered."""
    identity, faults = known(request), Faults()
    row = next(iter(_catalogues(identity)), None)
    if row is None or row.organisation_id != identity.organisation:
        raise Http404
    document = offered_in(bytes(row.document), language()).catalogue
    service, _dash, level = text_of(request.POST, "place", 120).partition("/")
    if service not in document.services or level not in document.services[service].offers:
        faults["place"] = _("Choose a service at a level.")
    costing = Costing(
        service, level, faults.number(request.POST, "hours"),
        faults.number(request.POST, "per_hour"), faults.number(request.POST, "other"),
        document.currency, text_of(request.POST, "note", 400),
    )  # fmt: skip
    if faults:
        return page(request, faults)
    enter_cost(costing=costing, actor=identity.actor, at=request.at)
    messages.success(request, _("Saved, for your own organisation only."))
    return HttpResponseRedirect(reverse("offers_catalogue") + "#costs")


# The open page ------------------------------------------------------------------------------------


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def open_(request: Visit) -> HttpResponse:
    """Show the newest catalogue to anybody who has the address, or to nobody any more."""
    identity = known(request)
    row = next(iter(_catalogues(identity)), None)
    if row is None or row.organisation_id != identity.organisation:
        raise Http404
    if one_of(request.POST, "do", ("close",)):
        close_catalogue(actor=identity.actor, at=request.at)
        messages.success(request, _("Closed: the address leads nowhere now."))
        return HttpResponseRedirect(reverse("offers_catalogue"))
    try:
        open_catalogue(
            catalogue=row,
            address=text_of(request.POST, "address", 60),
            shows_prices=request.POST.get("prices") == "yes",
            actor=identity.actor,
            at=request.at,
        )
    except Refusal as refusal:
        return page(request, Faults(address=refused(refusal)))
    messages.success(request, _("Open: whoever has the address sees this catalogue."))
    return HttpResponseRedirect(reverse("offers_catalogue") + "#open")


@require_safe
@stated(PUBLIC)
def public(request: Visit, address: str) -> HttpResponse:
    """The catalogue for whoever has its address. The database shows that one row, and no other,
    whoever looks.
    """
    with viewing(Viewer(presented=hash_of(address))) as _look:
        page = presented_page(Viewer(presented=hash_of(address)))
        document = b"" if page is None else bytes(page.catalogue.document)
    if page is None:
        raise Http404
    offered = offered_in(document, language())
    matrix = matrix_of(offered, shows_prices=page.shows_prices)
    told = {"matrix": matrix, "shows_prices": page.shows_prices}
    return render(request, "offers/public.html", told)
