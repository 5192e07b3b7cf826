"""Rows -> values, one way: what a level costs, what history says of it, what is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.db.models import Count, Sum

from afspraak.agreements.models import Catalogue
from afspraak.clocks.in_force import held_at
from afspraak.clocks.models import Standing
from afspraak.engine.time import datetime_of
from afspraak.offers.models import LevelCost, Offer, OpenCatalogue, Wish
from afspraak.offers.models_promised import Pledge, PledgeEnd
from afspraak.offers.pledges import End, Said, unsettled
from afspraak.parties.models import Relation
from afspraak.rights.querysets import Row, ScopedQuerySet
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Booking

LOOKED_BACK: Final = timedelta(days=365)
MONTHS: Final = 12
MINUTES: Final = 60
THOUSANDTH: Final = Decimal("0.001")
Place = tuple[str, str]
"""A service and a level."""


class NotThere(LookupError):
    """A row that does not exist, or that the viewer does not see."""


def one(rows: ScopedQuerySet[Row], pk: UUID) -> Row:
    """The row of an id among these. Raises NotThere."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotThere(f"there is no {rows.model.__name__} {pk}")
    return found


def offer_of(offer: UUID, viewer: Viewer) -> Offer:
    """An offer with its two sides. Raises NotThere."""
    rows = Offer.objects.seen_by(viewer)
    return one(rows.select_related("supplier", "customer", "catalogue", "relation"), offer)


def wish_of(wish: UUID, viewer: Viewer) -> Wish:
    """A wish with its two sides. Raises NotThere."""
    rows = Wish.objects.seen_by(viewer)
    return one(rows.select_related("supplier", "customer", "catalogue", "grant__draft"), wish)


# The catalogue ------------------------------------------------------------------------------------


def newest_catalogue(organisation: UUID, viewer: Viewer) -> Catalogue | None:
    """What an organisation offers now."""
    rows = Catalogue.objects.seen_by(viewer).filter(organisation_id=organisation)
    return rows.order_by("-recorded_at", "-id").first()


def open_page(organisation: UUID, viewer: Viewer) -> OpenCatalogue | None:
    """The organisation's open page."""
    rows = OpenCatalogue.objects.seen_by(viewer).filter(organisation_id=organisation)
    return rows.filter(closed_at=None).first()


def presented_page(viewer: Viewer) -> OpenCatalogue | None:
    """The page whose address the viewer presents, if it is open."""
    rows = OpenCatalogue.objects.seen_by(viewer).filter(address_hash=viewer.presented)
    return rows.filter(closed_at=None).select_related("catalogue").first()


def costs_of(organisation: UUID, viewer: Viewer) -> dict[Place, LevelCost]:
    """What each level costs to keep, as it was last entered."""
    rows = LevelCost.objects.seen_by(viewer).filter(organisation_id=organisation)
    return {(row.service, row.level): row for row in rows.order_by("entered_at", "id")}


@dataclass(frozen=True, slots=True)
class Experience:
    """What the year until now says of a service at a level: minutes that were booked, tickets, and
    for how many units it was kept.
    """

    minutes: int
    tickets: int
    units: int

    @property
    def hours(self) -> Decimal | None:
        """Hours per unit and month; None where no unit is held now."""
        if not self.units:
            return None
        whole = Decimal(self.minutes) / MINUTES / self.units / MONTHS
        return whole.quantize(THOUSANDTH, ROUND_HALF_UP)


def experience_of(supplier: UUID, viewer: Viewer, at: int) -> dict[Place, Experience]:
    """The supplier's own year: booked minutes by service and level of the ticket, against the units
    of agreements that are in force now. Nobody's guess: what was not booked is not in it, and where
    nothing was booked at all there is no experience.
    """
    since = datetime_of(at) - LOOKED_BACK
    booked = Booking.objects.seen_by(viewer).filter(
        supplier_id=supplier, worked_on__gte=since.date(), booked_at__lte=datetime_of(at)
    )
    grouped = booked.values("ticket__standing__service", "ticket__standing__level")
    minutes = {
        (row["ticket__standing__service"] or "", row["ticket__standing__level"] or ""): row["sum"]
        for row in grouped.annotate(sum=Sum("minutes")).order_by()
    }
    if not minutes:
        return {}  # no text of an agreement is read for nothing
    units = _units(supplier, viewer, at)
    tickets = _tickets(supplier, viewer, at)
    places = {*minutes, *units} - {("", "")}
    return {
        place: Experience(minutes.get(place, 0), tickets.get(place, 0), units.get(place, 0))
        for place in places
    }


def _tickets(supplier: UUID, viewer: Viewer, at: int) -> Mapping[Place, int]:
    rows = Standing.objects.seen_by(viewer).filter(
        supplier_id=supplier,
        reported_at__gte=datetime_of(at) - LOOKED_BACK,
        reported_at__lte=datetime_of(at),
    )
    grouped = rows.values("service", "level").annotate(number=Count("pk")).order_by()
    return {(row["service"], row["level"]): row["number"] for row in grouped}


def _units(supplier: UUID, viewer: Viewer, at: int) -> dict[Place, int]:
    relations = Relation.objects.seen_by(viewer).filter(supplier_id=supplier)
    held = held_at(dict.fromkeys(relations.values_list("id", flat=True), supplier), viewer, at)
    found: dict[Place, int] = {}
    for each in held:
        if each.signed is None:
            continue
        for key, service in each.signed.document.services.items():
            place = (key, service.level)
            found[place] = found.get(place, 0) + (service.units or 1)
    return found


# Promised on the way ------------------------------------------------------------------------------


def unsettled_promises(
    relation: UUID,
    viewer: Viewer,
    *,
    draft: UUID | None = None,
    clauses: frozenset[str] | None = None,
) -> list[Pledge]:
    """The promises made on the way that are neither a clause nor openly declined, the oldest first:
    before signing there is none left. With a draft: its own, and those that name none. `clauses`
    are those of the text that is to be signed.
    """
    rows = Pledge.objects.seen_by(viewer).filter(relation_id=relation)
    found = [
        row
        for row in rows.order_by("said_on", "id")
        if draft is None or row.draft_id in (None, draft)
    ]
    ends = ends_of(found, viewer)
    open_ = set(unsettled(map(said_of, found), ends, clauses))
    return [row for row in found if row.id in open_]


def said_of(row: Pledge) -> Said:
    """A promise as the rule sees it."""
    return Said(row.id, row.organisation_id)


def ends_of(rows: Iterable[Pledge], viewer: Viewer) -> list[End]:
    """What was said to have become of these promises, in order."""
    found = PledgeEnd.objects.seen_by(viewer).filter(pledge__in=[row.id for row in rows])
    return ends_in(found.order_by("at", "id"))


def ends_in(rows: Iterable[PledgeEnd]) -> list[End]:
    """The same of rows that are read already, in order."""
    return [
        End(each.pledge_id, "clause" if each.how == "clause" else "declined",
            each.organisation_id, each.clause)
        for each in rows
    ]  # fmt: skip
