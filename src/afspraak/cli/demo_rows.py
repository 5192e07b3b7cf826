"""The demonstration's rows: a supplier, its customers, what they signed, and a year that ends now.

Each customer is loaded whole by one of a few processes, in the database's role of the system.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.read import document_of
from afspraak.cli.demo_keeping import live
from afspraak.cli.demo_people import PASSWORD, STAFF, SUPPLIER, Login, customer_logins, title_of
from afspraak.cli.ready import make_ready
from afspraak.engine.time import DAY, instant_of, zone_of
from afspraak.flow.bring_in import Foreign, bring_in
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    give_role,
    open_relation,
)
from afspraak.parties.models import Organisation, Person
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.actions import begin_numbers
from afspraak.tickets.load import TicketFacts, load_tickets
from afspraak.tickets.moving import Move

SOURCE: Final = "demo"
ZONE: Final = "Europe/Amsterdam"
SIGNED_BEFORE: Final = 30 * DAY
"""Everything was signed this long before its term."""

LATELY: Final = 95 * DAY
"""Longer than two whole months and the one that runs: in which a relation goes quiet."""

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Side:
    """A customer of the demonstration: who it is, what it signs, and what its people are called."""

    name: str
    slug: str
    register: str
    manager: str
    contract: bytes
    log_name: str
    """What the log calls it."""
    is_quiet: bool = False
    """Whether it says less and less."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one process loads: a customer, and its tickets from a folder of facts."""

    side: Side
    facts: Path
    weeks: int
    at: int
    supplier: UUID
    person: UUID


def add_supplier(at: int) -> tuple[Organisation, Person]:
    """The supplier with its people, as of `at`; the administrator speaks for it."""
    with transaction.atomic():
        supplier = add_organisation(
            name=SUPPLIER, register="kvk:12345678", phone="+31725551200", at=at
        )
        begin_numbers(supplier=supplier, prefix="N-")
        people = [_add_login(supplier, login, at) for login in STAFF]
    return supplier, people[0]


@cache
def _hashed(password: str) -> str:
    """Made once: it takes half a second, as it should where it is a secret."""
    return make_password(password)


def _add_login(organisation: Organisation, login: Login, at: int) -> Person:
    account = add_account(
        email=login.email, password="", at=at, is_demonstration=True, hashed=_hashed(PASSWORD)
    )
    person = add_person(
        organisation=organisation, name=login.name, email=login.email, account=account, at=at
    )
    give_role(person=person, organisation=organisation, role=login.role, at=at)
    return person


def load_all(loads: Sequence[Load], total: int, tell: Tell) -> int:
    """Load every customer, in a few processes; how many tickets there are then."""
    done = 0
    workers = max(1, min(4, os.cpu_count() or 1))
    with ProcessPoolExecutor(workers, get_context("spawn"), make_ready, ("system",)) as pool:
        for loaded in as_completed([pool.submit(load_customer, each) for each in loads]):
            done += loaded.result()
            tell(done, max(total, done))
    return done


def load_customer(load: Load) -> int:
    """A customer with its people, its agreement as both signed it, and its tickets; how many."""
    side = load.side
    supplier = Organisation.objects.seen_by(SYSTEM).get(id=load.supplier)
    begin = supplier.created_at
    at = instant_of(begin)
    with transaction.atomic():
        phone, address = reached_at(side)
        customer = add_organisation(
            name=side.name, register=side.register, phone=phone, address=address, at=at
        )
        relation = open_relation(supplier=supplier, customer=customer, at=at)
        for login in customer_logins(side.slug, side.manager):
            _add_login(customer, login, at)
    sign(relation.id, side, Actor(supplier.id, load.person), at)
    tickets = _tickets(load.facts, side.log_name)
    move = Move(load.weeks, zone_of(ZONE), load.at)
    if side.is_quiet:
        tickets = _fewer(tickets, move)
    foreign = _foreign(relation.id, tickets, move)
    count = bring_in(tickets=foreign, source=SOURCE, viewer=SYSTEM, at=load.at).tickets
    live(relation=relation.id, at=load.at)
    return count


def reached_at(side: Side) -> tuple[str, str]:
    """A customer's telephone number and address, as its contract has them."""
    party = document_of(side.contract).parties["customer"]
    return (party.contact or "").removeprefix("tel:"), party.address or ""


def sign(relation: UUID, side: Side, actor: Actor, at: int) -> None:
    """A customer's contract brought in, and signed by every party."""
    version = flow.bring_in_version(
        relation=relation,
        data=side.contract,
        name=f"{side.slug}.yaml",
        actor=actor,
        viewer=SYSTEM,
        at=at,
    )
    for party in version.parties:
        name = side.manager if party == "customer" else STAFF[0].name
        signing = Signing(party, name, version.sha256, at, note="demonstration")
        flow.sign_version(version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=at)


def _foreign(relation: UUID, tickets: Sequence[TicketFacts], move: Move) -> Iterator[Foreign]:
    for each in tickets:
        facts = move.facts(each.facts)
        if facts:
            service = next((fact.fields.get("service", "") for fact in facts if fact.fields), "")
            told = TicketFacts(each.ticket, each.customer, facts)
            yield Foreign(relation, title_of(each.ticket, service), told)


def _fewer(tickets: Sequence[TicketFacts], move: Move) -> list[TicketFacts]:
    """One in four of those of the last months."""
    since_at = move.until_at - LATELY
    return [
        each
        for place, each in enumerate(tickets)
        if place % 4 == 0 or move.instant(each.facts[0].happened_at) < since_at
    ]


def _tickets(folder: Path, customer: str) -> list[TicketFacts]:
    """The tickets of one customer of a log; an empty name takes all of them."""
    grouped = _grouped(folder)
    if customer:
        return grouped.get(customer, [])
    return [each for group in grouped.values() for each in group]


@cache
def _grouped(folder: Path) -> dict[str, list[TicketFacts]]:
    found: dict[str, list[TicketFacts]] = {}
    for each in load_tickets(folder):
        found.setdefault(each.customer, []).append(each)
    return found
