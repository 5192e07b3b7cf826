"""What is said before a contract is signed: offers and their answers, consents that are in force
nowhere, promises made on the way.
"""

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Router, Status

from afspraak.api.auth import Call
from afspraak.api.kinds import (
    Asked,
    Cursor,
    Day,
    Id,
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
from afspraak.api.seen import one, relation_seen
from afspraak.engine.time import Refusal
from afspraak.offers.actions_offers import accept_offer, decline_offer, say_of_offer
from afspraak.offers.actions_pledges import Told, write_pledge
from afspraak.offers.load import ends_of, said_of
from afspraak.offers.models import Assent, Offer, OfferLine
from afspraak.offers.models_promised import Pledge, Side
from afspraak.offers.pledges import is_settled
from afspraak.offers.waiting import waiting_of
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer

router = Router()
Level = Literal["bronze", "silver", "gold", "platinum", "custom"]
Promisor = Literal["supplier", "customer"]
Place = Literal["mail", "call", "meeting", "dinner", "offer", "other"]


class OfferLineShown(Shown):
    """A service at a level for so many units; what it comes to in a month, without VAT."""

    service: str
    level: str
    units: int
    fee: str
    monthly: str
    start_up: str


class OfferShown(Shown):
    """An offer: it can be accepted until the end of `valid_on`."""

    id: UUID
    relation: UUID
    name: str
    words: str
    currency: str
    valid_on: date
    made_at: Moment
    shown_at: Moment | None
    withdrawn_at: Moment | None
    lines: list[OfferLineShown]


class OfferAnswerAsked(Asked):
    """Accept one of its levels, decline it, or ask something about it."""

    what: Literal["accept", "decline", "ask"]
    level: Level | None = None
    by_name: Line = ""
    words: Words = ""


class ConsentShown(Shown):
    """Somebody agreed before anything was signed. It is in force nowhere here, and may bind all the
    same. `replaced_by` is the contract in the making that names it.
    """

    id: UUID
    relation: UUID
    offer: UUID | None
    level: str
    how: str
    giver: str
    by_name: str
    words: str
    agreed_at: Moment
    replaced_by: str


class PledgeAsked(Asked):
    """A promise made on the way. With `is_shown` the other side sees it at once."""

    promisor: Promisor
    by_name: Name
    to_name: Line = ""
    said_on: Day
    place: Place
    words: Said
    evidence: Line = ""
    is_shown: bool


class PledgeShown(Shown):
    """A promise made on the way; open until it is a clause, or openly declined."""

    id: UUID
    relation: UUID
    draft: UUID | None
    promisor: str
    by_name: str
    to_name: str
    said_on: date
    place: str
    words: str
    evidence: str
    shown_at: Moment | None
    is_open: bool


@router.get("/offers", response=Page[OfferShown])
@stated(Right.NEGOTIATE)
def list_offers(
    request: Call, relation: Id | None = None, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[OfferShown]:
    """The offers that you made, and those that were shown to you, newest first."""
    viewer = request.identity.viewer
    rows = Offer.objects.seen_by(viewer)
    if relation is not None:
        rows = rows.filter(relation_id=relation)
    return page_of(
        rows, ("-made_at", "-id"), cursor, limit, lambda found: offers_shown(found, viewer)
    )


@router.get("/offers/{uuid:offer}", response=OfferShown)
@stated(Right.NEGOTIATE)
def get_offer(request: Call, offer: UUID) -> OfferShown:
    """One offer, with its lines."""
    viewer = request.identity.viewer
    return offers_shown([one(Offer.objects.seen_by(viewer), offer)], viewer)[0]


@router.post("/offers/{uuid:offer}/answer", response={201: OfferShown})
@stated(Right.NEGOTIATE)
def answer_offer(request: Call, offer: UUID, body: OfferAnswerAsked) -> Status[OfferShown]:
    """Answer an offer. What is accepted is agreed to, and in force nowhere before it is signed; it
    may bind all the same.
    """
    identity = request.identity
    rows = Offer.objects.seen_by(identity.viewer).select_related("relation__supplier")
    row = one(rows, offer)
    if body.what == "accept":
        if body.level is None:
            raise Refusal("this offer has no such level: choose one of its own")
        accept_offer(
            offer=row, level=body.level, by_name=body.by_name, words=body.words,
            actor=identity.actor, at=request.at,
        )  # fmt: skip
    else:
        act = decline_offer if body.what == "decline" else say_of_offer
        act(offer=row, words=body.words, actor=identity.actor, at=request.at)
    return Status(201, offers_shown([row], identity.viewer)[0])


def offers_shown(rows: list[Offer], viewer: Viewer) -> list[OfferShown]:
    """Offers, each with its lines."""
    lines = list(OfferLine.objects.seen_by(viewer).filter(offer__in=rows).order_by("id"))
    return [
        OfferShown(
            id=row.id,
            relation=row.relation_id,
            name=row.name,
            words=row.words,
            currency=row.currency,
            valid_on=row.valid_on,
            made_at=shown(row.made_at),
            shown_at=show(row.shown_at),
            withdrawn_at=show(row.withdrawn_at),
            lines=[_line(each) for each in lines if each.offer_id == row.id],
        )
        for row in rows
    ]


def _line(each: OfferLine) -> OfferLineShown:
    return OfferLineShown(
        service=each.service,
        level=each.level,
        units=each.units,
        fee=each.fee,
        monthly=str(each.monthly),
        start_up=str(each.start_up),
    )


# Agreed to, and not signed ------------------------------------------------------------------------


@router.get("/relations/{uuid:relation}/consents", response=list[ConsentShown])
@stated(Right.NEGOTIATE)
def list_consents(request: Call, relation: UUID) -> list[ConsentShown]:
    """What was agreed to between the two, and no signed contract has replaced, newest first."""
    row, viewer = relation_seen(request.identity.viewer, relation), request.identity.viewer
    return [_consent(each.assent, each.named_by) for each in waiting_of(None, viewer, row)]


def _consent(row: Assent, named_by: str) -> ConsentShown:
    return ConsentShown(
        id=row.id,
        relation=row.relation_id,
        offer=row.offer_id,
        level=row.level,
        how=row.how,
        giver=row.giver,
        by_name=row.by_name,
        words=row.words,
        agreed_at=shown(row.agreed_at),
        replaced_by=named_by,
    )


# Promised on the way ------------------------------------------------------------------------------


@router.get("/relations/{uuid:relation}/pledges", response=Page[PledgeShown])
@stated(Right.NEGOTIATE)
def list_pledges(
    request: Call, relation: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[PledgeShown]:
    """Promises made on the way between the two, newest first; the other side's own notes are not
    among them.
    """
    viewer = request.identity.viewer
    row = relation_seen(viewer, relation)
    rows = Pledge.objects.seen_by(viewer).filter(relation=row)
    order = ("-said_on", "-id")
    return page_of(rows, order, cursor, limit, lambda found: pledges_shown(found, viewer))


@router.post("/relations/{uuid:relation}/pledges", response={201: PledgeShown})
@stated(Right.NEGOTIATE)
def add_pledge(request: Call, relation: UUID, body: PledgeAsked) -> Status[PledgeShown]:
    """Write down a promise that somebody made on the way."""
    identity = request.identity
    rows = Relation.objects.seen_by(identity.viewer).select_related("supplier")
    row = one(rows, relation)
    if party_of(row, identity.organisation) is None:
        raise Refusal("only the two of a relation write down what was promised between them")
    told = Told(
        Side(body.promisor), body.by_name, body.words, body.said_on,
        Pledge.Place(body.place), body.to_name, body.evidence,
    )  # fmt: skip
    pledge = write_pledge(
        relation=row, told=told, is_shown=body.is_shown, actor=identity.actor, at=request.at
    )
    return Status(201, pledges_shown([pledge], identity.viewer)[0])


def pledges_shown(rows: list[Pledge], viewer: Viewer) -> list[PledgeShown]:
    """Promises, each with whether it still wants an end."""
    ends = ends_of(rows, viewer)
    return [
        PledgeShown(
            id=row.id,
            relation=row.relation_id,
            draft=row.draft_id,
            promisor=row.promisor,
            by_name=row.by_name,
            to_name=row.to_name,
            said_on=row.said_on,
            place=row.place,
            words=row.words,
            evidence=row.evidence,
            shown_at=show(row.shown_at),
            is_open=not is_settled(said_of(row), ends),
        )
        for row in rows
    ]
