"""Files beside the facts of a ticket: handed in, listed, fetched; never shown in a page."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from afspraak.api.admission import takes
from afspraak.api.auth import Call
from afspraak.api.facts_told import speaks_for
from afspraak.api.kinds import Cursor, FileName, Id, Limit, Shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Contradicted
from afspraak.api.seen import one, ticket_seen
from afspraak.host.files import keep_file, read_file
from afspraak.intake.actions import Enclosed, add_file
from afspraak.intake.kinds import MOST_BYTES, kind_of
from afspraak.intake.models import Attachment
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Fact, Ticket

router = Router()
BYTES = "application/octet-stream"


class AttachmentShown(Shown):
    """A file beside a fact; its name and type are what its sender called them."""

    id: UUID
    ticket: UUID
    fact: UUID
    name: str
    content_type: str
    size: int
    sha256: str


@router.get("/tickets/{uuid:ticket}/attachments", response=Page[AttachmentShown])
@stated(Right.READ_TICKETS)
def list_attachments(
    request: Call, ticket: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[AttachmentShown]:
    """The files beside a ticket's facts."""
    viewer = request.identity.viewer
    row = ticket_seen(viewer, ticket)
    rows = Attachment.objects.seen_by(viewer).filter(ticket=row)
    return page_of(
        rows, ("id",), cursor, limit, lambda found: [attachment_shown(each) for each in found]
    )


@router.post("/tickets/{uuid:ticket}/attachments", response={201: AttachmentShown})
@takes(BYTES, most=MOST_BYTES)
@stated(Right.WRITE_TICKETS)
def attach_file(
    request: Call, ticket: UUID, name: FileName, fact: Id | None = None
) -> Status[AttachmentShown]:
    """Hand in a file: its bytes as they are, at most 10 MB, of a kind that nothing runs (text,
    pictures, PDF, office documents, archives), by its name and its beginning. It stands beside a
    fact that your own side told: the newest, where none is named.
    """
    identity = request.identity
    row = ticket_seen(identity.viewer, ticket)
    beside = _beside(row, fact, identity)
    content = request.body
    media = kind_of(name, content)
    file = Enclosed(name, media, len(content), keep_file(content))
    made = add_file(
        file=file, fact=beside, actor=identity.actor, viewer=identity.viewer, at=request.at
    )
    return Status(201, attachment_shown(made))


def _beside(ticket: Ticket, fact: UUID | None, identity: Identity) -> Fact:
    """The fact that a file belongs to: nobody adds to what the other side said."""
    party = speaks_for(ticket, identity)
    facts = Fact.objects.seen_by(identity.viewer).filter(ticket=ticket).select_related("ticket")
    if fact is not None and one(facts, fact).recorded_by != party:
        raise Contradicted("fact: the other side told it: tell one of your own, and add it there")
    own = facts.filter(recorded_by=party)
    found = (own.filter(id=fact) if fact else own).order_by("-seq").first()
    if found is None:
        raise Contradicted("there is nothing that your side told yet: tell it, then add the file")
    return found


@router.get("/attachments/{uuid:attachment}")
@stated(Right.READ_TICKETS)
def get_attachment(request: Call, attachment: UUID) -> HttpResponse:
    """The bytes of a file, as something to keep: no browser shows or runs them here."""
    row = one(Attachment.objects.seen_by(request.identity.viewer), attachment)
    answer = HttpResponse(read_file(row.sha256), content_type=BYTES)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.name, safe='')}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def attachment_shown(row: Attachment) -> AttachmentShown:
    """A file."""
    return AttachmentShown(
        id=row.id,
        ticket=row.ticket_id,
        fact=row.fact_id,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
    )
