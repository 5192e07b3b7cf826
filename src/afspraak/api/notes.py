"""Notes beside a ticket: one side's own, never seen by the other."""

from uuid import UUID

from ninja import Router, Status

from afspraak.api.auth import Call
from afspraak.api.kinds import Asked, Cursor, Limit, Moment, Said, Shown, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import ticket_seen
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.actions import write_note
from afspraak.tickets.models import Note

router = Router()


class NoteAsked(Asked):
    """What one writes for oneself and one's colleagues."""

    body: Said


class NoteShown(Shown):
    """A note of one's own organisation."""

    id: UUID
    ticket: UUID
    person: UUID
    body: str
    written_at: Moment


def note_shown(row: Note) -> NoteShown:
    """A note."""
    return NoteShown(
        id=row.id,
        ticket=row.ticket_id,
        person=row.person_id,
        body=row.body,
        written_at=shown(row.written_at),
    )


@router.get("/tickets/{uuid:ticket}/notes", response=Page[NoteShown])
@stated(Right.READ_TICKETS)
def list_notes(
    request: Call, ticket: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[NoteShown]:
    """The notes that your own organisation wrote beside a ticket, oldest first."""
    viewer = request.identity.viewer
    row = ticket_seen(viewer, ticket)
    rows = Note.objects.seen_by(viewer).filter(ticket=row)
    return page_of(
        rows, ("written_at", "id"), cursor, limit, lambda found: [note_shown(x) for x in found]
    )


@router.post("/tickets/{uuid:ticket}/notes", response={201: NoteShown})
@stated(Right.WORK_TICKETS)
def add_note(request: Call, ticket: UUID, body: NoteAsked) -> Status[NoteShown]:
    """Write a note for your own organisation."""
    identity = request.identity
    row = ticket_seen(identity.viewer, ticket)
    return Status(
        201, note_shown(write_note(ticket=row, actor=identity.actor, body=body.body, at=request.at))
    )
