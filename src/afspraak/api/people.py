"""People: of one's own organisation, of one's customers, of one's suppliers."""

from uuid import UUID

from ninja import Router, Status

from afspraak.api.auth import Call
from afspraak.api.kinds import (
    Asked,
    Cursor,
    Email,
    Id,
    Language,
    Limit,
    Moment,
    Name,
    Phone,
    Shown,
    shown,
)
from afspraak.api.matching import matching
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import organisation_seen, person_seen
from afspraak.parties.actions import add_person, change_person, note_in_audit
from afspraak.parties.models import Person, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import Forbidden, stated
from afspraak.rights.viewer import Viewer

router = Router()


class PersonShown(Shown):
    """Somebody of an organisation."""

    id: UUID
    organisation: UUID
    name: str
    email: str
    phone: str
    language: str
    created_at: Moment


class PersonAsked(Asked):
    """Somebody new."""

    organisation: Id
    name: Name
    email: Email = ""
    phone: Phone = ""
    language: Language = "nl"


class PersonChanged(Asked):
    """What changes of somebody; what is not named stays."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    language: Language | None = None


def person_shown(row: Person) -> PersonShown:
    """Somebody."""
    return PersonShown(
        id=row.id,
        organisation=row.organisation_id,
        name=row.name,
        email=row.email,
        phone=row.phone,
        language=row.language,
        created_at=shown(row.created_at),
    )


@router.get("/people", response=Page[PersonShown])
@stated(Right.READ_PARTIES)
def list_people(
    request: Call,
    organisation: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[PersonShown]:
    """The people that you see, by name."""
    rows = Person.objects.seen_by(request.identity.viewer)
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    return page_of(
        rows, ("name", "id"), cursor, limit, lambda found: [person_shown(each) for each in found]
    )


@router.get("/people/{uuid:person}", response=PersonShown)
@stated(Right.READ_PARTIES)
def get_person(request: Call, person: UUID) -> PersonShown:
    """Somebody."""
    return person_shown(person_seen(request.identity.viewer, person))


@router.post("/people", response={201: PersonShown})
@stated(Right.WRITE_PARTIES)
def add_somebody(request: Call, body: PersonAsked) -> Status[PersonShown]:
    """Somebody of your own organisation, or of one of your customers."""
    identity = request.identity
    organisation = organisation_seen(identity.viewer, body.organisation)
    _check_ours(organisation.id, identity.viewer)
    person = add_person(
        organisation=organisation,
        name=body.name,
        email=body.email,
        phone=body.phone,
        language=body.language,
        at=request.at,
    )
    note_in_audit(
        actor=identity.actor,
        action="add_person",
        subject="person",
        subject_id=person.id,
        at=request.at,
    )
    return Status(201, person_shown(person))


@router.patch("/people/{uuid:person}", response=PersonShown)
@stated(Right.WRITE_PARTIES)
def change_somebody(request: Call, person: UUID, body: PersonChanged) -> PersonShown:
    """Change what is known of somebody; with `If-Match` only if nobody else did so since."""
    identity = request.identity
    row = person_seen(identity.viewer, person)
    _check_ours(row.organisation_id, identity.viewer)
    matching(request, person_shown(row))
    named = {name: value for name, value in body if value is not None}
    row = change_person(person=row, actor=identity.actor, at=request.at, **named)
    return person_shown(row)


def _check_ours(organisation: UUID, viewer: Viewer) -> None:
    """One's own people, or a customer's; never a supplier's."""
    ours = viewer.organisations
    supplied = Relation.objects.seen_by(viewer).filter(
        customer_id=organisation, supplier_id__in=ours
    )
    if organisation not in ours and not supplied.exists():
        raise Forbidden("only an organisation itself, or its supplier, says who its people are")
