"""Agreements in the making: their texts, what both sides say of them, what becomes of proposals."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status
from pydantic import BeforeValidator, Field, WithJsonSchema

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.drafts import NoSuchDraft, draft_of, newest_text
from afspraak.agreements.models import Draft, DraftText
from afspraak.api.admission import takes
from afspraak.api.auth import Call
from afspraak.api.kinds import (
    Asked,
    Code,
    Cursor,
    Limit,
    Line,
    Moment,
    Name,
    Said,
    Shown,
    Words,
    show,
    shown,
)
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Missing
from afspraak.api.seen import relation_seen
from afspraak.making.models import Proposal, Remark
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer

router = Router()
YAML = "application/yaml"
MOST_TEXTS: Final = 100_000


def _number(value: object) -> object:
    """A number in a query is text: digits alone, and few of them."""
    if isinstance(value, str) and re.fullmatch("0|[1-9][0-9]{0,5}", value):
        return int(value)
    raise ValueError("write the number of a text")


After = Annotated[
    int,
    BeforeValidator(_number),
    Field(ge=0, le=MOST_TEXTS),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": MOST_TEXTS}),
]
"""The number of the text that was seen; 0: none."""


class DraftShown(Shown):
    """A draft: it binds nobody. `organisation` is the side that writes it; the other sees it from
    `shown_at` on.
    """

    id: UUID
    relation: UUID
    organisation: UUID
    agreement: UUID | None
    name: str
    origin: str
    begun_at: Moment
    shown_at: Moment | None
    closed_at: Moment | None


class TextShown(Shown):
    """One text of a draft, without its bytes."""

    number: int
    sha256: str
    organisation: UUID
    why: str
    written_at: Moment


class RemarkShown(Shown):
    """A remark beside a clause; without one about the whole."""

    id: UUID
    clause: str
    organisation: UUID
    position: str
    words: str
    said_at: Moment


class AnswerShown(Shown):
    """What became of a proposal."""

    is_accepted: bool
    is_withdrawn: bool
    why: str
    said_at: Moment


class ProposalShown(Shown):
    """What a side would rather have there: `source` is the clause as YAML, made upon text `after`;
    `answer` is null while nobody has answered.
    """

    id: UUID
    clause: str
    organisation: UUID
    position: str
    after: int
    source: str
    words: str
    said_at: Moment
    answer: AnswerShown | None


class RemarkAsked(Asked):
    """A remark."""

    clause: Code | Literal[""] = ""
    words: Said


class ProposalAsked(Asked):
    """A proposal: the clause as YAML, in words, or both."""

    clause: Code
    source: Words = ""
    words: Words = ""


class ProposalAnswerAsked(Asked):
    """Accept, or decline and say why; who made it declines to take it back."""

    accept: bool
    why: Line = ""


def draft_shown(row: Draft) -> DraftShown:
    """A draft."""
    return DraftShown(
        id=row.id,
        relation=row.relation_id,
        organisation=row.organisation_id,
        agreement=row.agreement_id,
        name=row.name,
        origin=row.origin,
        begun_at=shown(row.begun_at),
        shown_at=show(row.shown_at),
        closed_at=show(row.closed_at),
    )


def text_shown(row: DraftText) -> TextShown:
    """One text."""
    return TextShown(
        number=row.number,
        sha256=row.sha256,
        organisation=row.organisation_id,
        why=row.why,
        written_at=shown(row.written_at),
    )


def remark_shown(row: Remark) -> RemarkShown:
    """A remark."""
    return RemarkShown(
        id=row.id,
        clause=row.clause,
        organisation=row.organisation_id,
        position=row.position,
        words=row.words,
        said_at=shown(row.said_at),
    )


def proposal_shown(row: Proposal) -> ProposalShown:
    """A proposal with its answer."""
    reply = getattr(row, "reply", None)
    answer = None
    if reply is not None:
        answer = AnswerShown(
            is_accepted=reply.is_accepted,
            is_withdrawn=reply.is_withdrawn,
            why=reply.why,
            said_at=shown(reply.said_at),
        )
    return ProposalShown(
        id=row.id,
        clause=row.clause,
        organisation=row.organisation_id,
        position=row.position,
        after=row.after,
        source=row.source,
        words=row.words,
        said_at=shown(row.said_at),
        answer=answer,
    )


@contextmanager
def _there() -> Iterator[None]:
    """What does not exist and what is not seen are told alike."""
    try:
        yield
    except (NoSuchDraft, flow.NoSuchProposal) as fault:
        raise Missing from fault


@router.get("/drafts", response=Page[DraftShown])
@stated(Right.NEGOTIATE)
def list_drafts(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[DraftShown]:
    """The drafts that you see, in the order in which they were begun."""
    rows = Draft.objects.seen_by(request.identity.viewer)
    return page_of(
        rows, ("begun_at", "id"), cursor, limit, lambda found: [draft_shown(x) for x in found]
    )


@router.post("/relations/{uuid:relation}/drafts", response={201: DraftShown})
@takes(YAML)
@stated(Right.NEGOTIATE)
def begin_draft(request: Call, relation: UUID, name: Name) -> Status[DraftShown]:
    """Begin a draft from YAML. It may have faults; only your own side sees it."""
    identity = request.identity
    row = relation_seen(identity.viewer, relation)
    if party_of(row, identity.organisation) is None:
        raise Missing
    beginning = Beginning(name, Draft.Origin.FILE, request.body)
    made = flow.begin_draft(
        relation=row.id,
        beginning=beginning,
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )
    return Status(201, draft_shown(made))


@router.get("/drafts/{uuid:draft}", response=DraftShown)
@stated(Right.NEGOTIATE)
def get_draft(request: Call, draft: UUID) -> DraftShown:
    """One draft."""
    return draft_shown(_seen(request.identity.viewer, draft))


@router.post("/drafts/{uuid:draft}/shown", response=DraftShown)
@stated(Right.NEGOTIATE)
def show_draft(request: Call, draft: UUID) -> DraftShown:
    """Let the other side see it."""
    identity = request.identity
    with _there():
        flow.show_draft(draft=draft, actor=identity.actor, viewer=identity.viewer, at=request.at)
    return draft_shown(_seen(identity.viewer, draft))


@router.get("/drafts/{uuid:draft}/texts", response=Page[TextShown])
@stated(Right.NEGOTIATE)
def list_draft_texts(
    request: Call, draft: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[TextShown]:
    """All texts of a draft, by their number."""
    row = _seen(request.identity.viewer, draft)
    rows = DraftText.objects.seen_by(request.identity.viewer).filter(draft=row).defer("document")
    return page_of(rows, ("number",), cursor, limit, lambda found: [text_shown(x) for x in found])


@router.get("/drafts/{uuid:draft}/document")
@stated(Right.NEGOTIATE)
def get_draft_document(request: Call, draft: UUID) -> HttpResponse:
    """The text that was written last, as YAML."""
    with _there():
        text = newest_text(draft, request.identity.viewer)
    return HttpResponse(bytes(text.document), content_type=YAML)


@router.post("/drafts/{uuid:draft}/texts", response={201: TextShown})
@takes(YAML)
@stated(Right.NEGOTIATE)
def write_draft(request: Call, draft: UUID, after: After, why: Line = "") -> Status[TextShown]:
    """The next text, on from text number `after`: refused where somebody has written since."""
    identity = request.identity
    with _there():
        made = flow.write_on(
            draft=draft,
            data=request.body,
            after=after,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
            why=why,
        )
    return Status(201, text_shown(made))


@router.get("/drafts/{uuid:draft}/remarks", response=Page[RemarkShown])
@stated(Right.NEGOTIATE)
def list_remarks(
    request: Call, draft: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[RemarkShown]:
    """What was remarked, oldest first."""
    viewer = request.identity.viewer
    rows = Remark.objects.seen_by(viewer).filter(draft=_seen(viewer, draft))
    return page_of(
        rows, ("said_at", "id"), cursor, limit, lambda found: [remark_shown(x) for x in found]
    )


@router.post("/drafts/{uuid:draft}/remarks", response={201: RemarkShown})
@stated(Right.NEGOTIATE)
def add_remark(request: Call, draft: UUID, body: RemarkAsked) -> Status[RemarkShown]:
    """Remark something, beside a clause or about the whole."""
    identity = request.identity
    with _there():
        made = flow.remark(
            draft=draft,
            clause=body.clause,
            words=body.words,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    return Status(201, remark_shown(made))


@router.get("/drafts/{uuid:draft}/proposals", response=Page[ProposalShown])
@stated(Right.NEGOTIATE)
def list_proposals(
    request: Call, draft: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[ProposalShown]:
    """What was proposed and what became of it, oldest first."""
    viewer = request.identity.viewer
    rows = Proposal.objects.seen_by(viewer).filter(draft=_seen(viewer, draft))
    return page_of(
        rows.select_related("reply"),
        ("said_at", "id"),
        cursor,
        limit,
        lambda found: [proposal_shown(x) for x in found],
    )


@router.post("/drafts/{uuid:draft}/proposals", response={201: ProposalShown})
@stated(Right.NEGOTIATE)
def add_proposal(request: Call, draft: UUID, body: ProposalAsked) -> Status[ProposalShown]:
    """Propose a clause to the other side. The text stays as it is until they accept."""
    identity = request.identity
    with _there():
        made = flow.propose(
            draft=draft,
            clause=body.clause,
            source=body.source,
            words=body.words,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    return Status(201, proposal_shown(made))


@router.post("/proposals/{uuid:proposal}/answer", response=ProposalShown)
@stated(Right.NEGOTIATE)
def answer_proposal(request: Call, proposal: UUID, body: ProposalAnswerAsked) -> ProposalShown:
    """Accept it: the clause as proposed is the draft's next text. Or decline it, with a reason."""
    identity = request.identity
    ours = {"proposal": proposal, "actor": identity.actor, "viewer": identity.viewer}
    with _there():
        act = flow.accept if body.accept else flow.decline
        act(at=request.at, why=body.why, **ours)  # type: ignore[arg-type]  # as named above
    rows = Proposal.objects.seen_by(identity.viewer).select_related("reply")
    return proposal_shown(rows.get(pk=proposal))


def _seen(viewer: Viewer, draft: UUID) -> Draft:
    try:
        return draft_of(draft, viewer)
    except NoSuchDraft as fault:
        raise Missing from fault
