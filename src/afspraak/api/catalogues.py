"""Catalogues: which services a supplier offers, at which level, for which price."""

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.models import Catalogue
from afspraak.api.admission import takes
from afspraak.api.agreements import YAML
from afspraak.api.auth import Call
from afspraak.api.kinds import Cursor, Id, Limit, Moment, Shown, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import one
from afspraak.language.catalogue import Catalogue as Document
from afspraak.language.catalogue import check_catalogue
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()


class CatalogueShown(Shown):
    """A catalogue, valid [from_on, until_on); a newer one changes no agreement."""

    id: UUID
    organisation: UUID
    reference: str
    sha256: str
    from_on: date
    until_on: date
    recorded_at: Moment


class LevelTargetShown(Shown):
    """A target of a level, for one priority or for all without one of their own."""

    measure: str
    value: str
    priority: str | None


class LevelShown(Shown):
    """What a level promises, in which hours, and to which share."""

    level: str
    calendar: str
    targets: list[LevelTargetShown]
    share: str | None


class OfferShown(Shown):
    """What a service costs at a level; `bands` are the numbers of units that the fee is for."""

    service: str
    name: dict[str, str]
    level: str
    fee: str
    start_up: str | None
    surcharge: str | None
    bands: list[tuple[int, int]]


class WholeCatalogueShown(Shown):
    """A catalogue with its levels and offers: a service x a level x a price each."""

    catalogue: CatalogueShown
    currency: str
    zone: str
    levels: list[LevelShown]
    offers: list[OfferShown]


@router.get("/catalogues", response=Page[CatalogueShown])
@stated(Right.READ_AGREEMENTS)
def list_catalogues(
    request: Call,
    organisation: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[CatalogueShown]:
    """Your own catalogues and your suppliers', newest first. Not for a customer's user."""
    rows = Catalogue.objects.seen_by(request.identity.viewer).defer("document")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    order = ("-recorded_at", "-id")
    return page_of(rows, order, cursor, limit, lambda found: [catalogue_shown(x) for x in found])


@router.get("/catalogues/{uuid:catalogue}", response=WholeCatalogueShown)
@stated(Right.READ_AGREEMENTS)
def get_catalogue(request: Call, catalogue: UUID) -> WholeCatalogueShown:
    """One catalogue: every service at every level with its price, and what each level promises."""
    row = one(Catalogue.objects.seen_by(request.identity.viewer), catalogue)
    document = _document(bytes(row.document))
    told = document.model_dump(mode="json")
    return WholeCatalogueShown(
        catalogue=catalogue_shown(row),
        currency=document.currency,
        zone=document.zone,
        levels=[_level(level, each) for level, each in told["levels"].items()],
        offers=[
            _offer(service, each["name"], level, offer)
            for service, each in told["services"].items()
            for level, offer in each["offers"].items()
        ],
    )


@router.get("/catalogues/{uuid:catalogue}/document")
@stated(Right.READ_AGREEMENTS)
def get_catalogue_document(request: Call, catalogue: UUID) -> HttpResponse:
    """The very bytes of a catalogue."""
    row = one(Catalogue.objects.seen_by(request.identity.viewer), catalogue)
    return HttpResponse(bytes(row.document), content_type=YAML)


@router.post("/catalogues", response={201: CatalogueShown})
@takes(YAML)
@stated(Right.WRITE_AGREEMENTS)
def bring_in_catalogue(request: Call) -> Status[CatalogueShown]:
    """Bring in a catalogue of the organisation acted for, as YAML. The same bytes again are the
    same catalogue; an unsound one is told every fault, with its line and remedy.
    """
    actor = request.identity.actor
    row = add_catalogue(data=request.body, name="document", actor=actor, at=request.at)
    return Status(201, catalogue_shown(row))


def catalogue_shown(row: Catalogue) -> CatalogueShown:
    """A catalogue."""
    return CatalogueShown(
        id=row.id,
        organisation=row.organisation_id,
        reference=row.reference,
        sha256=row.sha256,
        from_on=row.from_on,
        until_on=row.until_on,
        recorded_at=shown(row.recorded_at),
    )


@lru_cache(maxsize=64)
def _document(data: bytes) -> Document:
    """What stands in stored bytes. They were checked before: a fault is ours."""
    document, faults = check_catalogue(data, "document")
    assert document is not None, faults
    return document


def _level(level: str, told: dict[str, Any]) -> LevelShown:
    targets = [LevelTargetShown(**each) for each in told["targets"]]
    return LevelShown(level=level, calendar=told["calendar"], targets=targets, share=told["share"])


def _offer(service: str, name: dict[str, str | None], level: str, told: Any) -> OfferShown:
    names = {language: text for language, text in name.items() if text is not None}
    return OfferShown(service=service, name=names, level=level, **told)
