"""Organisations, their people, and the relations between them."""

from typing import Annotated
from uuid import UUID

from ninja import Router, Status
from pydantic import StringConstraints

from afspraak.api.auth import Call
from afspraak.api.kinds import (
    Asked,
    Cursor,
    Id,
    Language,
    Limit,
    Line,
    Moment,
    Name,
    Phone,
    Register,
    Shown,
    shown,
)
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import organisation_seen, relation_seen
from afspraak.engine.time import zone_of
from afspraak.parties.actions import enter_customer
from afspraak.parties.models import Organisation, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
Zone = Annotated[
    str, StringConstraints(max_length=60, pattern=r"^[A-Z][A-Za-z]+(?:/[A-Z][A-Za-z_]+){0,2}$")
]


class OrganisationShown(Shown):
    """A supplier, a customer, a third party."""

    id: UUID
    name: str
    register_number: str
    language: str
    zone: str
    phone: str
    address: str
    created_at: Moment


class RelationShown(Shown):
    """What stands between a supplier and a customer."""

    id: UUID
    supplier: UUID
    customer: UUID
    created_at: Moment


class OrganisationAsked(Asked):
    """A new customer: it gets a relation with the organisation acted for, as its supplier."""

    name: Name
    register_number: Register = ""
    language: Language = "nl"
    zone: Zone = "Europe/Amsterdam"
    phone: Phone = ""
    address: Line = ""


class CustomerShown(Shown):
    """A customer with the relation that was opened."""

    organisation: OrganisationShown
    relation: RelationShown


def organisation_shown(row: Organisation) -> OrganisationShown:
    """An organisation."""
    return OrganisationShown(
        id=row.id,
        name=row.name,
        register_number=row.register,
        language=row.language,
        zone=row.zone,
        phone=row.phone,
        address=row.address,
        created_at=shown(row.created_at),
    )


def relation_shown(row: Relation) -> RelationShown:
    """A relation."""
    return RelationShown(
        id=row.id,
        supplier=row.supplier_id,
        customer=row.customer_id,
        created_at=shown(row.created_at),
    )


@router.get("/organisations", response=Page[OrganisationShown])
@stated(Right.READ_PARTIES)
def list_organisations(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[OrganisationShown]:
    """Your own organisations, and those that they have a relation with, by name."""
    rows = Organisation.objects.seen_by(request.identity.viewer)
    return page_of(
        rows, ("name", "id"), cursor, limit, lambda found: [organisation_shown(x) for x in found]
    )


@router.get("/organisations/{uuid:organisation}", response=OrganisationShown)
@stated(Right.READ_PARTIES)
def get_organisation(request: Call, organisation: UUID) -> OrganisationShown:
    """One organisation."""
    return organisation_shown(organisation_seen(request.identity.viewer, organisation))


@router.post("/customers", response={201: CustomerShown})
@stated(Right.WRITE_PARTIES)
def add_customer(request: Call, body: OrganisationAsked) -> Status[CustomerShown]:
    """A new customer of the organisation acted for, with the relation between the two."""
    identity, at = request.identity, request.at
    supplier = organisation_seen(identity.viewer, identity.organisation)
    zone_of(body.zone)
    relation = enter_customer(
        supplier=supplier,
        name=body.name,
        register=body.register_number,
        language=body.language,
        zone=body.zone,
        phone=body.phone,
        address=body.address,
        actor=identity.actor,
        at=at,
    )
    made = CustomerShown(
        organisation=organisation_shown(relation.customer), relation=relation_shown(relation)
    )
    return Status(201, made)


@router.get("/relations", response=Page[RelationShown])
@stated(Right.READ_PARTIES)
def list_relations(
    request: Call,
    supplier: Id | None = None,
    customer: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[RelationShown]:
    """The relations in which your organisations stand, oldest first."""
    rows = Relation.objects.seen_by(request.identity.viewer)
    if supplier is not None:
        rows = rows.filter(supplier_id=supplier)
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    return page_of(
        rows, ("created_at", "id"), cursor, limit, lambda found: [relation_shown(x) for x in found]
    )


@router.get("/relations/{uuid:relation}", response=RelationShown)
@stated(Right.READ_PARTIES)
def get_relation(request: Call, relation: UUID) -> RelationShown:
    """One relation."""
    return relation_shown(relation_seen(request.identity.viewer, relation))
