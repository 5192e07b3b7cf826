"""Notices: what was told to whom, as it was told; and what waits for somebody's word."""

from typing import Literal
from uuid import UUID

from ninja import Router

from afspraak import flow
from afspraak.api.auth import Call
from afspraak.api.kinds import (
    Asked,
    Cursor,
    Id,
    Limit,
    Moment,
    Name,
    Said,
    Shown,
    Title,
    show,
    shown,
)
from afspraak.api.matching import matching
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import one
from afspraak.notices.actions_send import edit_draft, withhold
from afspraak.notices.models import Notice
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
NEWEST = ("-made_at", "-id")
State = Literal["draft", "owed", "gathered", "claimed", "sent", "failed", "withheld"]


class NoticeShown(Shown):
    """A message to one person. `asks`, `failure` and `attempts` only for who sends it; `asks` is
    what a draft still lacks.
    """

    id: UUID
    relation: UUID | None
    ticket: UUID | None
    sender: UUID
    recipient: UUID | None
    recipient_organisation: UUID | None
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
    is_edited: bool | None
    asks: str | None
    attempts: int | None
    failure: str | None


class DraftAsked(Asked):
    """A draft in a person's own words."""

    title: Title
    body: Said


class ApprovalAsked(Asked):
    """`without_expectation`: it leaves although nobody can say yet when it will be."""

    without_expectation: bool = False


class WithholdingAsked(Asked):
    """Why it does not leave."""

    why: Name


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
        is_edited=row.is_edited if inside else None,
        asks=row.asks if inside else None,
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
    return notice_shown(_seen(request, notice), request.identity)


# What people decide ---------------------------------------------------------------------------


@router.post("/notices/{uuid:notice}/approve", response=NoticeShown)
@stated(Right.WRITE_NOTICES)
def approve_notice(request: Call, notice: UUID, body: ApprovalAsked) -> NoticeShown:
    """Let a draft leave, in the words that fit what has happened until now."""
    identity = request.identity
    row = flow.approve_notice(
        notice=notice,
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
        without_expectation=body.without_expectation,
    )
    return notice_shown(row, identity)


@router.patch("/notices/{uuid:notice}", response=NoticeShown)
@stated(Right.WRITE_NOTICES)
def edit_notice(request: Call, notice: UUID, body: DraftAsked) -> NoticeShown:
    """Put a draft in your own words; with `If-Match` only if nobody else did so since."""
    identity = request.identity
    matching(request, notice_shown(_seen(request, notice), identity))
    row = edit_draft(
        notice=notice,
        title=body.title,
        body=body.body,
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )
    return notice_shown(row, identity)


@router.post("/notices/{uuid:notice}/withhold", response=NoticeShown)
@stated(Right.WRITE_NOTICES)
def withhold_notice(request: Call, notice: UUID, body: WithholdingAsked) -> NoticeShown:
    """Decide that a draft does not leave, and why. What it is about stays."""
    identity = request.identity
    row = withhold(
        notice=notice, why=body.why, actor=identity.actor, viewer=identity.viewer, at=request.at
    )
    return notice_shown(row, identity)


def _seen(call: Call, notice: UUID) -> Notice:
    return one(Notice.objects.seen_by(call.identity.viewer), notice)
