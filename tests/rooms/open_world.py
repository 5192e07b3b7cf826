"""Two months under a contract that was signed open (SLA 2.0): Noord serves the notary De Wit. Wim
is its manager. Reports of the case system took from half an hour to eight hours; two still run.
"""

from world import HOUR, MINUTE, START, World, frozen, make_world, renamed, sign

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.engine.facts import Fact
from afspraak.engine.time import DAY, parse_instant
from afspraak.flow.bring_in import Foreign, bring_in
from afspraak.parties.actions import (
    add_account,
    add_organisation,
    add_person,
    give_role,
    open_relation,
)
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.load import TicketFacts

FIRST = parse_instant("2027-01-04T09:00:00+01:00")
"""A Monday."""
OPEN = "open"
"""Under this name the world knows the agreement's version, and its people."""


def open_contract() -> bytes:
    """The template, between these two."""
    data = frozen("sla-2-0")
    for was, now in (
        ("Werf & Wolk B.V.", "Noord ICT B.V."),
        ("kvk:23456789", "kvk:12345678"),
        ("Notariskantoor De Wit", "De Wit Notarissen"),
    ):
        data = renamed(data, was, now)
    return data


def make_open_world(tickets: int = 40) -> World:
    """The world with the notary De Wit, and what was reported there until the second of March."""
    world = make_world()
    organisation = add_organisation(name="De Wit Notarissen", register="kvk:34567890", at=START)
    relation = open_relation(supplier=world.supplier, customer=organisation, at=START)
    email = "wim@dewit.example"
    account = add_account(email=email, password="", at=START)
    person = add_person(
        organisation=organisation, name="Wim", email=email, account=account, at=START
    )
    give_role(person=person, organisation=organisation, role=Role.CUSTOMER_MANAGER, at=START)
    world.people["wim"] = person
    world.versions[OPEN] = sign(world, relation, open_contract(), START)
    at = FIRST + 57 * DAY
    made = [
        Foreign(relation.id, f"Dossier {number}", TicketFacts(f"D{number}", "", list(told)))
        for number, told in enumerate(stories(tickets))
    ]
    brought = bring_in(tickets=made, source="test", viewer=SYSTEM, at=at)
    assert brought.refused == ()
    flow.follow(agreement=world.versions[OPEN].agreement_id, since=at, at=at)
    return world


def stories(tickets: int) -> list[tuple[Fact, ...]]:
    """One report a working day and sometimes two; each takes longer than the one before, and begins
    anew after a while. Every fifth is e-mail, which has a target already and is sometimes missed.
    """
    found = []
    for number in range(tickets):
        week, day = divmod(number % 40, 5)
        at = FIRST + (week * 7 + day) * DAY + (number // 40) * HOUR
        service = "e-mail" if number % 5 == 4 else "dossier"
        took = (number % 16 + 1) * HOUR // 2 + (12 * HOUR if service == "e-mail" else 0)
        facts = [
            fact("reported", at, 0, fields={"service": service, "impact": "team"}),
            fact("supplier_contact", at + 5 * MINUTE, 1),
        ]
        if number % 40 != 38:
            facts.append(fact("solved", at + took, 2))
        found.append(tuple(facts))
    return found


def fact(code: str, at: int, position: int, **more: object) -> Fact:
    """Something that was recorded when it happened."""
    return Fact(code, at, at, position, **more)  # type: ignore[arg-type]  # its own names


def open_agreement(world: World) -> Agreement:
    """The agreement that was signed open."""
    found = Agreement.objects.seen_by(SYSTEM).select_related("relation")
    return found.get(pk=world.versions[OPEN].agreement_id)
