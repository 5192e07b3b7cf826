"""Bringing an archive in order: papers, what was read in them, and what a person confirms of it."""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from afspraak.api.auth import Call
from afspraak.api.kinds import Asked, Cursor, Limit, Moment, Name, Shown, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import one
from afspraak.archive import actions
from afspraak.archive.load import proposals_for, read_as, readings_of, stage_of
from afspraak.archive.models import Paper, Reading
from afspraak.archive.proposing import Field as FieldName
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.querysets import InternalQuerySet

router = Router()


class PaperShown(Shown):
    """A paper of your archive. `stage`: unread, scan (a picture without text), read, confirmed,
    begun, aside; `confirmed`: each field's newest value; `draft`: what was begun from it.
    """

    id: UUID
    name: str
    reference: str
    sha256: str
    lies_at: str
    stage: str
    fault: str
    set_aside: str
    draft: UUID | None
    added_at: Moment
    confirmed: dict[str, str]


class ProposalRead(Shown):
    """What was read for a field: on which page (0: in the list it came with), in which words."""

    field: str
    value: str
    page: int
    quote: str


class ReadPaper(Shown):
    """A paper with everything that was read in it. Nothing of it holds before it is confirmed."""

    paper: PaperShown
    pages: int
    proposals: list[ProposalRead]


class ConfirmedAsked(Asked):
    """The value of a field, one that was read or another."""

    field: FieldName
    value: Annotated[Name, Field(max_length=200)]


@router.get("/papers", response=Page[PaperShown])
@stated(Right.NEGOTIATE)
def list_papers(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[PaperShown]:
    """The papers of your archive, in the order in which they came in."""

    def show(found: list[Paper]) -> list[PaperShown]:
        readings = readings_of(found, request.identity.viewer)
        return [paper_shown(each, readings.get(each.id, {})) for each in found]

    return page_of(_papers(request).defer("pages"), ("added_at", "id"), cursor, limit, show)


@router.get("/papers/{uuid:paper}", response=ReadPaper)
@stated(Right.NEGOTIATE)
def get_read_paper(request: Call, paper: UUID) -> ReadPaper:
    """A paper, and what was read in it."""
    row = one(_papers(request), paper)
    return ReadPaper(
        paper=_with_readings(request, row),
        pages=len(row.pages or ()),
        proposals=[
            ProposalRead(field=each.field, value=each.value, page=each.page, quote=each.quote)
            for found in proposals_for(row).values()
            for each in found
        ],
    )


@router.post("/papers/{uuid:paper}/confirmed", response=PaperShown)
@stated(Right.NEGOTIATE)
def confirm_reading(request: Call, paper: UUID, body: ConfirmedAsked) -> PaperShown:
    """Confirm what a paper says of a field, as a person does; the newest word counts."""
    row = one(_papers(request), paper)
    found = read_as(row, body.field, body.value)
    actions.confirm(
        paper=row,
        field=body.field,
        value=body.value,
        actor=request.identity.actor,
        at=request.at,
        page=found.page if found else None,
        quote=found.quote if found else "",
    )
    return _with_readings(request, row)


def _papers(call: Call) -> InternalQuerySet[Paper]:
    """Those of the organisation that is acted for."""
    identity = call.identity
    return Paper.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)


def _with_readings(call: Call, row: Paper) -> PaperShown:
    return paper_shown(row, readings_of([row], call.identity.viewer).get(row.id, {}))


def paper_shown(row: Paper, confirmed: dict[str, Reading]) -> PaperShown:
    """One paper, without its text."""
    return PaperShown(
        id=row.id,
        name=row.name,
        reference=row.reference,
        sha256=row.sha256,
        lies_at=row.lies_at,
        stage=stage_of(row, confirmed),
        fault=row.fault,
        set_aside=row.set_aside,
        draft=row.draft_id,
        added_at=shown(row.added_at),
        confirmed={field: each.value for field, each in confirmed.items()},
    )
