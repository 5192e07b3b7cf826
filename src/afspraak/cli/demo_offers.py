"""The demonstration's rows of what is said before a contract is signed: a catalogue with what a
level costs to keep, an offer, a consent that waits, promises made on the way, a wish.
"""

import re
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.engine.time import DAY, local_date, zone_of
from afspraak.language.catalogue import check_catalogue
from afspraak.offers.actions import Costing, Deviation, enter_cost, write_wish
from afspraak.offers.actions_offers import (
    Offering,
    Said,
    make_offer,
    note_offer_seen,
    record_assent,
    show_offer,
)
from afspraak.offers.actions_pledges import Told, write_pledge
from afspraak.offers.models import Assent
from afspraak.offers.models_promised import Pledge, Side
from afspraak.parties.actions import Actor
from afspraak.parties.models import Relation
from afspraak.rights.viewer import SYSTEM

COSTS: Final = (
    ("werkplek", "silver", "0.35"),
    ("werkplek", "gold", "0.55"),
    ("e-mail", "silver", "0.03"),
    ("e-mail", "gold", "0.05"),
    ("printers", "bronze", "0.30"),
)
AN_HOUR: Final = Decimal(58)
VALID: Final = timedelta(days=30)
YEARS: Final = re.compile(r'"(\d{4})-01-01"')


def catalogue_of(year: int) -> bytes:
    """The template of a catalogue, valid from the first day of a year."""
    data = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_text("utf-8")
    first = int(YEARS.findall(data)[0])
    return YEARS.sub(lambda found: f'"{int(found[1]) - first + year}-01-01"', data).encode()


def add_offers(*, supplier: UUID, person: UUID, customer: str, at: int) -> None:
    """An offer and a wish of the customer of this name, whose people can sign in; what was said
    before signing around the first of all, so that nothing keeps the other from signing.
    """
    actor = Actor(supplier, person)
    known = Relation.objects.seen_by(SYSTEM).filter(supplier_id=supplier)
    relations = known.select_related("supplier", "customer").order_by("customer__name")
    relation = relations.get(customer__name=customer)
    on = local_date(zone_of(relation.supplier.zone), at)
    data = catalogue_of(on.year)
    document, faults = check_catalogue(data, "catalogue")
    assert document is not None, faults
    with transaction.atomic():
        catalogue = add_catalogue(data=data, name="catalogue", actor=actor, at=at - 40 * DAY)
        for service, level, hours in COSTS:
            costing = Costing(service, level, Decimal(hours), AN_HOUR, Decimal(0), "EUR")
            enter_cost(costing=costing, actor=actor, at=at - 39 * DAY)
        offering = Offering(
            "Kassa en werkplek", {"kassa": 4, "werkplek": 22}, ("silver", "gold"), on + VALID
        )
        offer = make_offer(
            relation=relation, catalogue=catalogue, document=document, offering=offering,
            actor=actor, at=at - 3 * DAY,
        )  # fmt: skip
        show_offer(offer=offer, actor=actor, at=at - 3 * DAY)
        offer.shown_at = offer.made_at
        note_offer_seen(offer=offer, actor=Actor(relation.customer_id), at=at - 2 * DAY)
        deviation = Deviation(
            "kassa", "gold", "Ook op zaterdag open", week={"sat": ["08:00-17:00"]}
        )
        write_wish(
            relation=relation, catalogue=catalogue, deviation=deviation, actor=actor, at=at - DAY
        )
    _said(relations[0], actor, at)


def _said(relation: Relation, actor: Actor, at: int) -> None:
    """A consent by telephone that waits for twelve days, and two promises made on the way."""
    on = local_date(zone_of(relation.supplier.zone), at)
    words = "Doe volgend jaar maar goud voor de kassa's."
    said = Said(Assent.How.CALL, Side.CUSTOMER, "de bedrijfsleider", words, at - 12 * DAY)
    told = (
        ("Een gratis training voor de nieuwe kassa's", Pledge.Place.DINNER),
        ("Altijd hetzelfde vaste team", Pledge.Place.MAIL),
    )
    with transaction.atomic():
        record_assent(relation=relation, said=said, actor=actor, at=at - 12 * DAY)
        for promise, place in told:
            pledge = Told(Side.SUPPLIER, "de accountmanager", promise, on - VALID, place)
            write_pledge(relation=relation, told=pledge, is_shown=True, actor=actor, at=at - DAY)
