"""Search: a few letters of a name, a number, an address; who and what it may be."""

from typing import Annotated, Literal
from uuid import UUID

from ninja import Router
from pydantic import StringConstraints

from afspraak.agreements.models import Agreement
from afspraak.api.auth import Call
from afspraak.api.kinds import LINE, Shown
from afspraak.parties.found import found_people
from afspraak.parties.models import Organisation, Person
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.search import found_in
from afspraak.tickets.found import found_tickets
from afspraak.tickets.models import Ticket

router = Router()
Sought = Annotated[str, StringConstraints(min_length=2, max_length=100, pattern=LINE)]
Kind = Literal["organisation", "person", "agreement", "ticket"]
MOST = 10


class FoundShown(Shown):
    """Something that was found: what it is, what it is called, and what tells it apart."""

    kind: Kind
    id: UUID
    name: str
    beside: str
    organisation: UUID | None


class SearchShown(Shown):
    """What was found, the likeliest of each kind first."""

    found: list[FoundShown]


@router.get("/search", response=SearchShown)
@stated(Right.READ_PARTIES)
def search(request: Call, q: Sought, kind: Kind | None = None) -> SearchShown:
    """Organisations, people, agreements and tickets by a few letters; accents and case do not
    matter, and a typing error is forgiven. At most ten of each kind.
    """
    found: list[FoundShown] = []
    for name, look in _LOOKS.items():
        if kind in (None, name):
            found += look(request, q)
    return SearchShown(found=found)


def _organisations(call: Call, q: str) -> list[FoundShown]:
    rows = found_in(Organisation.objects.seen_by(call.identity.viewer), q, MOST)
    return [
        FoundShown(
            kind="organisation", id=row.id, name=row.name, beside=row.register, organisation=row.id
        )
        for row in rows
    ]


def _people(call: Call, q: str) -> list[FoundShown]:
    rows = found_people(Person.objects.seen_by(call.identity.viewer), q, MOST)
    return [
        FoundShown(
            kind="person",
            id=row.id,
            name=row.name,
            beside=row.email or row.phone,
            organisation=row.organisation_id,
        )
        for row in rows
    ]


def _agreements(call: Call, q: str) -> list[FoundShown]:
    if not call.identity.may(Right.READ_AGREEMENTS):
        return []
    rows = found_in(Agreement.objects.seen_by(call.identity.viewer), q, MOST)
    return [
        FoundShown(
            kind="agreement",
            id=row.id,
            name=row.reference,
            beside=row.name,
            organisation=row.customer_id,
        )
        for row in rows
    ]


def _tickets(call: Call, q: str) -> list[FoundShown]:
    if not call.identity.may(Right.READ_TICKETS):
        return []
    rows = Ticket.objects.seen_by(call.identity.viewer)
    return [
        FoundShown(
            kind="ticket",
            id=row.id,
            name=row.number,
            beside=row.title,
            organisation=row.customer_id,
        )
        for row in found_tickets(rows, q, MOST, organisations=call.identity.viewer.members_of)
    ]


_LOOKS = {
    "organisation": _organisations,
    "person": _people,
    "agreement": _agreements,
    "ticket": _tickets,
}
