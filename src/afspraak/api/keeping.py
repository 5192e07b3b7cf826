"""The life of an agreement: who sees to which dated promise, what was said of its people, things
and end, and the register of things.
"""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Router, Status
from pydantic import Field

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.agreements.owners import owners_of
from afspraak.api.auth import Call
from afspraak.api.facts_told import speaks_for
from afspraak.api.kinds import Asked, Code, Cursor, Day, Id, Limit, Line, Moment, Name, Shown, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import agreement_seen
from afspraak.clocks.in_force import held_at
from afspraak.keeping.actions import Said
from afspraak.keeping.models import Entry, Subject
from afspraak.keeping.things import Thing, thing_in, written
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.viewer import Viewer

router = Router()


class OwnerAsked(Asked):
    """Who of one's own side sees to a clause's dates from now on; null: nobody."""

    clause: Code
    person: Id | None


class OwnerShown(Shown):
    """Who sees to a clause's dates, for which side."""

    clause: str
    party: str
    person: UUID
    name: str


class EntryShown(Shown):
    """Something that a side said; `key` names what of the subject, `what` what happened to it."""

    id: UUID
    agreement: UUID
    subject: str
    key: str
    what: str
    party: str
    on: date | None
    data: dict[str, Any]
    words: str
    sha256: str
    file_name: str
    recorded_at: Moment


class ThingAsked(Asked):
    """A thing as it is now; the newest word on a label holds."""

    label: Annotated[str, Field(max_length=80)]
    name: Name
    owner: Literal["customer", "supplier", "third_party"]
    of: Line = ""
    service: Line = ""
    number: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    from_on: Day | None = None
    until_on: Day | None = None
    at_exit: Literal["stays_with_owner", "handed_over", "bought"] = "stays_with_owner"


@router.get("/agreements/{uuid:agreement}/owners", response=list[OwnerShown])
@stated(Right.READ_AGREEMENTS)
def list_owners(request: Call, agreement: UUID) -> list[OwnerShown]:
    """Who sees to which dated promise of an agreement, for either side."""
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    sides = {row.supplier_id: "supplier", row.customer_id: "customer"}
    return [
        OwnerShown(clause=clause, party=sides[side], person=person.pk, name=person.name)
        for (_, clause, side), person in sorted(
            owners_of([row.pk], viewer).items(), key=lambda each: each[0][1:]
        )
    ]


@router.post("/agreements/{uuid:agreement}/owners", response=list[OwnerShown])
@stated(Right.NEGOTIATE)
def name_owner(request: Call, agreement: UUID, body: OwnerAsked) -> list[OwnerShown]:
    """Name somebody of one's own side; warnings go to them."""
    identity = request.identity
    row = agreement_seen(identity.viewer, agreement)
    speaks_for(row, identity)
    flow.name_owner(
        agreement=row,
        clause=body.clause,
        person=body.person,
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )
    return list_owners(request, agreement)


@router.get("/agreements/{uuid:agreement}/said", response=Page[EntryShown])
@stated(Right.READ_AGREEMENTS)
def list_said(
    request: Call,
    agreement: UUID,
    *,
    subject: Subject | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[EntryShown]:
    """What both sides said of the people, the things and the end, in the order of recording."""
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    rows = Entry.objects.seen_by(viewer).filter(agreement=row)
    if subject is not None:
        rows = rows.filter(subject=subject)
    return page_of(
        rows, ("recorded_at", "id"), cursor, limit, lambda found: [entry_shown(e) for e in found]
    )


def entry_shown(row: Entry) -> EntryShown:
    """One entry."""
    return EntryShown(
        id=row.pk,
        agreement=row.agreement_id,
        subject=row.subject,
        key=row.key,
        what=row.what,
        party=row.side,
        on=row.on,
        data=row.data,
        words=row.words,
        sha256=row.sha256,
        file_name=row.file_name,
        recorded_at=shown(row.recorded_at),
    )


@router.post("/agreements/{uuid:agreement}/things", response={201: EntryShown})
@stated(Right.WRITE_EVIDENCE)
def keep_thing(request: Call, agreement: UUID, body: ThingAsked) -> Status[EntryShown]:
    """Add a thing to the register, or say how it is now."""
    identity = request.identity
    row = agreement_seen(identity.viewer, agreement)
    speaks_for(row, identity)
    told = Thing(**body.model_dump())
    thing = thing_in(written(told), _services(row, identity.viewer, request.at))
    said = Said(Subject.THING, thing.label, "kept", data=dict(written(thing)))
    made = flow.say(agreement=row, said=[said], actor=identity.actor, at=request.at)
    return Status(201, entry_shown(made[0]))


def _services(row: Agreement, viewer: Viewer, at: int) -> list[str]:
    """What the version in force serves."""
    held = held_at({row.relation_id: row.supplier_id}, viewer, at)
    signed = next((each.signed for each in held if each.agreement == row.pk), None)
    return list(signed.document.services) if signed else []
