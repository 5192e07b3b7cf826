"""Wishes that fit no level: what deviates, what the exception costs its supplier a year, and the
text that a granted one is written into.
"""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Router, Status
from pydantic import Field, StringConstraints

from afspraak import flow
from afspraak.agreements.models import Catalogue
from afspraak.api.auth import Call
from afspraak.api.kinds import (
    LINE,
    WORDS,
    Asked,
    Cursor,
    Id,
    Limit,
    Moment,
    Name,
    Shown,
    shown,
)
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import one, relation_seen
from afspraak.offers.actions import Decision, Deviation, decide_wish, write_wish
from afspraak.offers.models import Upkeep, Wish
from afspraak.offers.upkeep import Figures
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
Amount = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,7}(?:\.[0-9]{1,2})?$")]
Span = Annotated[str, StringConstraints(pattern=r"^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$")]
Days = Literal["mon-fri", "sat", "sun"]
Short = Annotated[str, StringConstraints(max_length=40, pattern=LINE)]
Told = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=WORDS)]
Why = Annotated[str, StringConstraints(max_length=1000, pattern=WORDS)]


class WishAsked(Asked):
    """What deviates from the level that comes nearest: another `target` of a `measure` (of one
    `priority`, or of all that have none of their own), other hours (`week`), or both.
    """

    catalogue: Id
    service: Name
    level: Literal["bronze", "silver", "gold", "platinum", "custom"]
    words: Told
    measure: Literal["first_response", "resolution"] | None = None
    priority: Short = ""
    target: Short = ""
    week: dict[Days, Annotated[list[Span], Field(max_length=6)]] = Field(default_factory=dict)


class UpkeepAsked(Asked):
    """Sums of money a year (`fixed`) and an hour (`standby`, `per_hour`); tickets a year, hours for
    each; hours a month that a sharper target takes.
    """

    standby: Amount = "0"
    tickets: Amount = "0"
    hours_each: Amount = "0"
    per_hour: Amount = "0"
    sharper: Amount = "0"
    fixed: Amount = "0"


class DecisionAsked(Asked):
    """Granted for so much a year, written into a draft or into an amendment that is begun of an
    agreement; or declined, and why.
    """

    is_granted: bool
    yearly: Amount | None = None
    draft: Id | None = None
    agreement: Id | None = None
    words: Why = ""


class GrantShown(Shown):
    """What the supplier decided; `draft` is the text that says it, in force when both signed."""

    is_granted: bool
    yearly: str | None
    currency: str
    words: str
    draft: UUID | None
    decided_at: Moment


class WishShown(Shown):
    """A wish of one of the two sides, and what was decided about it."""

    id: UUID
    relation: UUID
    catalogue: UUID
    service: str
    level: str
    words: str
    measure: str
    priority: str
    target: str
    week: dict[str, list[str]]
    asked_at: Moment
    decision: GrantShown | None


class UpkeepLine(Shown):
    """A line of the arithmetic: its factors in order, and what they come to."""

    what: str
    factors: list[str]
    total: str


class UpkeepShown(Shown):
    """What an exception costs its supplier a year: for its own eyes."""

    lines: list[UpkeepLine]
    total: str
    currency: str
    computed_at: Moment


@router.get("/relations/{uuid:relation}/wishes", response=Page[WishShown])
@stated(Right.NEGOTIATE)
def list_wishes(
    request: Call, relation: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[WishShown]:
    """The wishes between the two that fit no level, newest first."""
    viewer = request.identity.viewer
    row = relation_seen(viewer, relation)
    rows = Wish.objects.seen_by(viewer).filter(relation=row).select_related("grant")
    return page_of(rows, ("-asked_at", "-id"), cursor, limit, _all)


@router.post("/relations/{uuid:relation}/wishes", response={201: WishShown})
@stated(Right.NEGOTIATE)
def make_wish(request: Call, relation: UUID, body: WishAsked) -> Status[WishShown]:
    """Wish something that no level of the supplier's catalogue gives."""
    identity = request.identity
    row = relation_seen(identity.viewer, relation)
    catalogues = Catalogue.objects.seen_by(identity.viewer)
    catalogue = one(catalogues.filter(organisation_id=row.supplier_id), body.catalogue)
    wish = write_wish(
        relation=row, catalogue=catalogue, actor=identity.actor, at=request.at,
        deviation=Deviation(
            body.service, body.level, body.words, body.measure or "", body.priority, body.target,
            {day: spans for day, spans in body.week.items() if spans},
        ),
    )  # fmt: skip
    return Status(201, _shown(wish))


@router.post("/wishes/{uuid:wish}/upkeep", response={201: UpkeepShown})
@stated(Right.WRITE_AGREEMENTS)
def reckon_wish(request: Call, wish: UUID, body: UpkeepAsked) -> Status[UpkeepShown]:
    """Compute what the exception costs a year, before it is granted: the supplier's own."""
    actor, row = request.identity.actor, _wish(request, wish)
    figures = Figures(**{name: Decimal(each) for name, each in body.model_dump().items()})
    made = flow.reckon_upkeep(wish=row, figures=figures, actor=actor, at=request.at)
    return Status(201, _reckoned(made))


@router.post("/wishes/{uuid:wish}/decision", response={201: WishShown})
@stated(Right.WRITE_AGREEMENTS)
def decide_on_wish(request: Call, wish: UUID, body: DecisionAsked) -> Status[WishShown]:
    """Grant it as *custom*, in a text that both see and that binds once both have signed it; or
    decline it.
    """
    identity, row = request.identity, _wish(request, wish)
    yearly = None if body.yearly is None else Decimal(body.yearly)
    decision = Decision(body.is_granted, body.words, yearly)
    if body.is_granted:
        flow.grant_wish(
            wish=row, into=flow.Into(body.draft, body.agreement), decision=decision,
            actor=identity.actor, viewer=identity.viewer, at=request.at,
        )  # fmt: skip
    else:
        decide_wish(wish=row, decision=decision, draft=None, actor=identity.actor, at=request.at)
    return Status(201, _shown(_wish(request, wish)))


def _wish(request: Call, wish: UUID) -> Wish:
    rows = Wish.objects.seen_by(request.identity.viewer)
    return one(rows.select_related("catalogue", "grant"), wish)


def _all(rows: list[Wish]) -> list[WishShown]:
    return [_shown(each) for each in rows]


def _shown(row: Wish) -> WishShown:
    grant = getattr(row, "grant", None)
    return WishShown(
        id=row.id,
        relation=row.relation_id,
        catalogue=row.catalogue_id,
        service=row.service,
        level=row.level,
        words=row.words,
        measure=row.measure,
        priority=row.priority,
        target=row.target,
        week=dict(row.week),
        asked_at=shown(row.asked_at),
        decision=None if grant is None else GrantShown(
            is_granted=grant.is_granted,
            yearly=None if grant.yearly is None else f"{grant.yearly:.2f}",
            currency=grant.currency,
            words=grant.words,
            draft=grant.draft_id,
            decided_at=shown(grant.decided_at),
        ),
    )  # fmt: skip


def _reckoned(row: Upkeep) -> UpkeepShown:
    return UpkeepShown(
        lines=[UpkeepLine(**each) for each in row.lines],
        total=str(row.total),
        currency=row.currency,
        computed_at=shown(row.computed_at),
    )
