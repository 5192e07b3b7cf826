"""Notices: what was told to whom, as it was told; and what waits for somebody's word."""

from typing import Literal
from uuid import UUID

from ninja import Router

from afspraak.api.auth import Call
from afspraak.api.kinds import Cursor, Id, Limit, Moment, Shown, show, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import one
from afspraak.notices.models import Notice
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
NEWEST = ("-made_at", "-id")
State = Literal["draft", "owed", "claimed", "sent", "failed", "withheld"]


class NoticeShown(Shown):
    """A message to one person. `failure` and `attempts` only for who sends it."""

    id: UUID
    relation: UUID | None
    ticket: UUID | None
    sender: UUID
    recipient: UUID
    recipient_organisation: UUID
    address: str
    language: str
    title: str
    body: str
    state: str
    made_at: Moment
    send_after: Moment
    sent_at: Moment | None
    message_id: str
    decided_by: UUID | None
    attempts: int | None
    failure: str | None


def notice_shown(row: Notice, identity: Identity) -> NoticeShown:
    """A notice for who looks."""
    inside = row.sender_id in identity.viewer.organisations
    return NoticeShown(
        id=row.id,
        relation=row.relation_id,
        ticket=row.ticket_id,
        sender=row.sender_id,
        recipient=row.recipient_id,
        recipient_organisation=row.recipient_organisation_id,
        address=row.address,
        language=row.language,
        title=row.title,
        body=row.body,
        state=row.state,
        made_at=shown(row.made_at),
        send_after=shown(row.send_after),
        sent_at=show(row.sent_at),
        message_id=row.message_id,
        decided_by=row.decided_by_id if inside else None,
        attempts=row.attempts if inside else None,
        failure=row.failure if inside else None,
    )


@router.get("/notices", response=Page[NoticeShown])
@stated(Right.READ_NOTICES)
def list_notices(
    request: Call,
    state: State | None = None,
    ticket: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[NoticeShown]:
    """Notices that your organisation sends or was sent, newest first."""
    rows = Notice.objects.seen_by(request.identity.viewer)
    if state is not None:
        rows = rows.filter(state=state)
    if ticket is not None:
        rows = rows.filter(ticket_id=ticket)
    return page_of(
        rows,
        NEWEST,
        cursor,
        limit,
        lambda found: [notice_shown(each, request.identity) for each in found],
    )


@router.get("/notices/{uuid:notice}", response=NoticeShown)
@stated(Right.READ_NOTICES)
def get_notice(request: Call, notice: UUID) -> NoticeShown:
    """One notice, as it was sent or will be."""
    row = one(Notice.objects.seen_by(request.identity.viewer), notice)
    return notice_shown(row, request.identity)
