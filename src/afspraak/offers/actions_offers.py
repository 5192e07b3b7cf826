"""The only place where offers are written, and what was agreed to before anything was signed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.agreements.models import AgreementVersion, Catalogue, Draft
from afspraak.engine.time import Refusal, datetime_of, local_date, zone_of
from afspraak.language.catalogue import Catalogue as Document
from afspraak.language.catalogue import service_at
from afspraak.language.schema_base import LEVELS
from afspraak.language.terms_money import monthly_fee
from afspraak.ledger.canonical import instant_text
from afspraak.ledger.ids import new_id
from afspraak.ledger.models import Head
from afspraak.ledger.said import logged, put_in
from afspraak.offers.models import Assent, AssentEnd, Offer, OfferEvent, OfferLine
from afspraak.offers.models_promised import Side
from afspraak.offers.strangers import refuse_stranger
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM

CENT: Final = Decimal("0.01")
MOST_UNITS: Final = 1_000_000
What = OfferEvent.What


@dataclass(frozen=True, slots=True)
class Offering:
    """What is offered: for each service so many units, at each of these levels at which the
    catalogue has it; valid until the end of a date.
    """

    name: str
    units: dict[str, int]
    levels: tuple[str, ...]
    valid_on: date
    words: str = ""


def make_offer(
    *,
    relation: Relation,
    catalogue: Catalogue,
    document: Document,
    offering: Offering,
    actor: Actor,
    at: int,
) -> Offer:
    """An offer that nobody but its maker sees yet. `document` is what stands in `catalogue`. Raises
    Refusal.
    """
    if relation.supplier_id != actor.organisation:
        raise Refusal("only the supplier makes an offer")
    if offering.valid_on < _today(relation, at):
        raise Refusal("an offer is valid until a date that is still to come")
    lines = lines_of(document, offering)
    if not lines:
        raise Refusal("nothing is offered: choose services, how many, and levels that have them")
    with transaction.atomic():
        offer = Offer.objects.create(
            **parties_of(relation),
            id=new_id(at),
            catalogue=catalogue,
            name=offering.name[:200],
            words=offering.words[:2000],
            currency=document.currency,
            valid_on=offering.valid_on,
            made_by_id=actor.person,
            made_at=datetime_of(at),
        )
        OfferLine.objects.bulk_create(
            OfferLine(**parties_of(relation), id=new_id(at), offer=offer, **asdict(each))
            for each in lines
        )
        _note("make_offer", offer.id, actor, at)
    return offer


def _today(relation: Relation, at: int) -> date:
    return local_date(zone_of(relation.supplier.zone), at)


@dataclass(frozen=True, slots=True)
class Priced:
    """A line as it is kept."""

    service: str
    level: str
    units: int
    fee: str
    monthly: Decimal
    start_up: Decimal


def lines_of(document: Document, offering: Offering) -> list[Priced]:
    """A line for each service at each level that it is offered at. Raises Refusal for what the
    catalogue does not have.
    """
    unknown = [key for key in offering.units if key not in document.services]
    if unknown:
        raise Refusal("the catalogue has no service %(key)s", key=unknown[0])
    found = []
    for key, units in offering.units.items():
        if not 0 < units <= MOST_UNITS:
            raise Refusal("how many is a whole number from 1 on")
        for level in LEVELS:
            if level in offering.levels and level in document.services[key].offers:
                service = service_at(document, key, level, units)
                monthly = monthly_fee(service).quantize(CENT, ROUND_HALF_UP)
                start = document.services[key].offers[level].start_up
                begin = start.amount * units if start else Decimal("0.00")
                found.append(Priced(key, level, units, str(service.fee), monthly, begin))
    return found


def show_offer(*, offer: Offer, actor: Actor, at: int) -> None:
    """From now on the customer sees it, and can answer. Raises Refusal."""
    if offer.supplier_id != actor.organisation:
        raise Refusal("only the supplier shows its offer")
    with transaction.atomic():
        row = _locked(offer)
        if row.withdrawn_at is not None:
            raise Refusal("this offer was withdrawn: make another")
        if row.shown_at is None:
            row.shown_at = datetime_of(at)
            row.save(update_fields=["shown_at"])
            _happened(row, What.SHOWN, actor, at)
            _note("show_offer", row.id, actor, at)


def withdraw_offer(*, offer: Offer, words: str, actor: Actor, at: int) -> None:
    """It can be accepted no more. What was accepted before stays what it is. Raises Refusal."""
    if offer.supplier_id != actor.organisation:
        raise Refusal("only the supplier withdraws its offer")
    with transaction.atomic():
        row = _locked(offer)
        if row.withdrawn_at is None:
            row.withdrawn_at = datetime_of(at)
            row.save(update_fields=["withdrawn_at"])
            _happened(row, What.WITHDRAWN, actor, at, words=words)
            _note("withdraw_offer", row.id, actor, at)


def note_offer_seen(*, offer: Offer, actor: Actor, at: int) -> None:
    """The customer has opened it; the first time is kept."""
    if offer.customer_id != actor.organisation or offer.shown_at is None:
        return
    rows = OfferEvent.objects.seen_by(SYSTEM).filter(offer=offer, what=What.SEEN)
    if not rows.exists():
        _happened(offer, What.SEEN, actor, at)


def say_of_offer(*, offer: Offer, words: str, actor: Actor, at: int) -> None:
    """A question about it, or the answer to one. Raises Refusal."""
    if not words:
        raise Refusal("there is nothing in the question or the answer")
    refuse_stranger(offer, actor)
    is_customer = offer.customer_id == actor.organisation
    _happened(offer, What.ASKED if is_customer else What.SAID, actor, at, words=words)


def decline_offer(*, offer: Offer, words: str, actor: Actor, at: int) -> None:
    """The customer wants none of it. Raises Refusal."""
    with transaction.atomic():
        row = _answerable(offer, actor, at)
        _happened(row, What.DECLINED, actor, at, words=words)
        _note("decline_offer", row.id, actor, at)


def accept_offer(
    *, offer: Offer, level: str, by_name: str, words: str, actor: Actor, at: int
) -> Assent:
    """The customer takes one of its levels: kept as agreed to and not signed. Raises Refusal."""
    with transaction.atomic():
        row = _answerable(offer, actor, at)
        offered = OfferLine.objects.seen_by(SYSTEM).filter(offer=row, level=level)
        if not offered.exists():
            raise Refusal("this offer has no such level: choose one of its own")
        _happened(row, What.ACCEPTED, actor, at, words=words, level=level)
        told = Said(
            how=Assent.How.OFFER, giver=Side.CUSTOMER, by_name=by_name,
            words=words or row.name, agreed_at=at, offer=row.id, level=level,
        )  # fmt: skip
        return record_assent(relation=row.relation, said=told, actor=actor, at=at)


def _answerable(offer: Offer, actor: Actor, at: int) -> Offer:
    """The offer, locked, as the customer may answer it now. Raises Refusal."""
    if offer.customer_id != actor.organisation:
        raise Refusal("only the customer answers an offer")
    row = _locked(offer)
    if row.shown_at is None or row.withdrawn_at is not None:
        raise Refusal("this offer was withdrawn: ask for another")
    if _today(row.relation, at) > row.valid_on:
        raise Refusal("this offer was valid until %(on)s: ask for another", on=str(row.valid_on))
    answered = OfferEvent.objects.seen_by(SYSTEM).filter(
        offer=row, what__in=(What.ACCEPTED, What.DECLINED)
    )
    if answered.exists():
        raise Refusal("this offer was answered already")
    return row


def _locked(offer: Offer) -> Offer:
    """The row as it is now; whoever else answers or withdraws it waits. The customer may not change
    the row itself, so what is locked is the head of the relation's log.
    """
    Head.objects.seen_by(SYSTEM).select_for_update().get(pk=offer.relation_id)
    rows = Offer.objects.seen_by(SYSTEM).select_related("relation__supplier")
    return rows.get(id=offer.id)


def _happened(
    offer: Offer, what: What, actor: Actor, at: int, *, words: str = "", level: str = ""
) -> None:
    OfferEvent.objects.create(
        **parties_of(offer),
        id=new_id(at),
        offer=offer,
        what=what,
        level=level,
        words=words[:2000],
        organisation_id=actor.organisation,
        person_id=actor.person,
        at=datetime_of(at),
    )


# Agreed to, and not signed ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """Who agreed, in which way, when, and in which words."""

    how: Assent.How
    giver: Side
    by_name: str
    words: str
    agreed_at: int
    offer: UUID | None = None
    level: str = ""


def record_assent(*, relation: Relation, said: Said, actor: Actor, at: int) -> Assent:
    """Somebody agreed before anything was signed. It is in force nowhere here, and may bind all the
    same: so it is counted and reminded of until a contract names it. Raises Refusal.
    """
    if not said.by_name:
        raise Refusal("who agreed? Give the name")
    if not said.words:
        raise Refusal("to what did they agree? Say it in a few words")
    refuse_stranger(relation, actor)
    if said.agreed_at > at:
        raise Refusal("it was agreed at a moment that has not come yet: give when it was")
    with logged(relation, at) as log:
        row = Assent.objects.create(
            **parties_of(relation),
            id=new_id(at),
            offer_id=said.offer,
            level=said.level,
            how=said.how,
            giver=said.giver,
            by_name=said.by_name[:200],
            words=said.words[:2000],
            agreed_at=datetime_of(said.agreed_at),
            organisation_id=actor.organisation,
            recorded_by_id=actor.person,
            recorded_at=datetime_of(at),
        )
        told = {"giver": str(said.giver), "how": str(said.how), "offer": _text(said.offer)}
        put_in(log, row, "assent", told | {"agreed_at": instant_text(said.agreed_at)})
        _note("record_assent", row.id, actor, at, "assent")
    return row


def replace_assents(
    *,
    assents: Sequence[Assent],
    by: Draft | AgreementVersion,
    actor: Actor,
    at: int,
) -> None:
    """The contract names which earlier consents it replaces: each of these, from its signing on."""
    for each in assents:
        refuse_stranger(each, actor)
        named = {"draft": by} if isinstance(by, Draft) else {"version": by}
        _end(each, actor, at, **named)
        _note("replace_assent", each.id, actor, at, "assent")


def let_assent_go(*, assent: Assent, why: str, actor: Actor, at: int) -> None:
    """No contract will come of it; why not is kept. Raises Refusal."""
    if not why:
        raise Refusal("why does no contract come of it? Say it: the other side reads it")
    refuse_stranger(assent, actor)
    _end(assent, actor, at, why=why[:1000])
    _note("let_assent_go", assent.id, actor, at, "assent")


def _end(
    assent: Assent, actor: Actor, at: int, *, why: str = "",
    draft: Draft | None = None, version: AgreementVersion | None = None,
) -> None:  # fmt: skip
    with logged(assent, at) as log:
        row = AssentEnd.objects.create(
            **parties_of(assent),
            id=new_id(at),
            assent=assent,
            draft=draft,
            version=version,
            why=why,
            organisation_id=actor.organisation,
            person_id=actor.person,
            at=datetime_of(at),
        )
        told = {"draft": _text(draft.id if draft else None)}
        told |= {"version": _text(version.id if version else None)}
        put_in(log, row, "assent_ended", told | {"assent": str(assent.id)})


def _text(pk: UUID | None) -> str | None:
    return None if pk is None else str(pk)


def _note(action: str, pk: UUID, actor: Actor, at: int, subject: str = "offer") -> None:
    note_in_audit(actor=actor, action=action, subject=subject, subject_id=pk, at=at)
