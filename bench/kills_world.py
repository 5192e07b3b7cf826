"""The small world of `kills.py`: one supplier, two customers, promises of seconds, so that the
watch and the worker have as much to do as the web server.
"""

from dataclasses import dataclass
from hashlib import sha256
from secrets import token_hex

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.engine.time import DAY, datetime_of
from afspraak.language.freeze import freeze
from afspraak.ledger.ids import new_id
from afspraak.notices.actions_telling import set_telling
from afspraak.notices.models import Habit
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    give_role,
    open_relation,
)
from afspraak.parties.models import Organisation, Person, Relation, Token
from afspraak.parties.roles import Right, Role
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.actions import begin_numbers

CONTRACT = """\
afspraak: 1
law: 1
id: kills-{number}
language: nl
currency: EUR
zone: Europe/Amsterdam
version: {{number: 1, from: "{last}-01-01"}}
parties:
  supplier: {{name: Noord ICT B.V.}}
  customer: {{name: "Klant {number}"}}
term: {{from: "{last}-01-01", until: "{end}-01-01"}}
calendars:
  altijd:
    name: {{nl: Dag en nacht, fr: Jour et nuit, en: Day and night}}
    zone: Europe/Amsterdam
    week: {{mon-sun: ["00:00-24:00"]}}
    cover: ["{last}-01-01", "{cover}-01-01"]
priorities: [P1, P2]
priority_from:
  - {{impact: everybody, priority: P1}}
  - {{impact: one_person, priority: P2}}
ticket_kinds: [incident]
services:
  e-mail: {{name: {{nl: E-mail, fr: E-mail, en: E-mail}}, level: gold}}
clauses:
  - {{id: reageren, type: ticket_promise, key: true, promisor: supplier, calendar: altijd,
     measure: first_response,
     targets: [{{value: PT30S}}, {{when: {{priority: P1}}, value: PT10S}}]}}
  - {{id: bijpraten, type: ticket_promise, promisor: supplier, calendar: altijd,
     measure: next_response, armed_by: contact, targets: [{{value: PT30S}}]}}
  - {{id: oplossen, type: ticket_promise, key: true, promisor: supplier, calendar: altijd,
     measure: resolution, pauses: [customer],
     targets: [{{value: PT2M}}, {{when: {{priority: P1}}, value: PT45S}}]}}
  - {{id: ons-woord, type: ticket_promise, promisor: supplier, calendar: altijd,
     measure: expectation}}
  - {{id: antwoorden, type: ticket_promise, promisor: customer, calendar: altijd,
     measure: answer, targets: [{{value: PT20S}}]}}
"""
CUSTOMERS = 2


@dataclass
class Household:
    """Who there is: the ids that a client needs, and the tokens it asks with."""

    relations: list[str]
    reporters: list[str]
    supplier: str
    """The secret of a token with all the supplier's rights."""
    customers: list[str]


def make_household(at: int) -> Household:
    """All of it, as of a day ago; every notice leaves at once, by itself."""
    since = at - DAY
    supplier = add_organisation(name="Noord ICT B.V.", at=since)
    begin_numbers(supplier=supplier, prefix="N-")
    admin = _person(supplier, "Alice", Role.ADMIN, since)
    made = Household([], [], _token(admin, since), [])
    for number in range(CUSTOMERS):
        customer = add_organisation(name=f"Klant {number}", at=since)
        relation = open_relation(supplier=supplier, customer=customer, at=since)
        manager = _person(customer, f"Bob {number}", Role.CUSTOMER_MANAGER, since)
        reporter = _person(customer, f"Carla {number}", Role.CUSTOMER_USER, since)
        _sign(relation, number, Actor(supplier.id, admin.id), since)
        made.relations.append(str(relation.id))
        made.reporters.append(str(reporter.id))
        made.customers.append(_token(manager, since))
    return made


def _person(organisation: Organisation, name: str, role: Role, at: int) -> Person:
    email = f"{name.lower().replace(' ', '')}@x{organisation.id.hex[-6:]}.example"
    account = add_account(email=email, password="", at=at)
    person = add_person(organisation=organisation, name=name, email=email, account=account, at=at)
    give_role(person=person, organisation=organisation, role=role, at=at)
    Habit.objects.bulk_create([Habit(person=person, most_a_day=32_000)])
    return person


def _token(person: Person, at: int) -> str:
    secret = f"afs_{token_hex(20)}"
    row = Token(
        id=new_id(at),
        organisation_id=person.organisation_id,
        name=person.name,
        token_hash=sha256(secret.encode()).digest(),
        hint=secret[:8],
        rights=[each.value for each in Right],
        made_by=person,
        created_at=datetime_of(at),
        expires_at=datetime_of(at + 300 * DAY),
    )
    Token.objects.bulk_create([row])
    return secret


def _sign(relation: Relation, number: int, actor: Actor, at: int) -> None:
    year = datetime_of(at).year
    text = CONTRACT.format(number=number, last=year - 1, end=year + 4, cover=year + 6)
    data, faults = freeze(text.encode(), "kills")
    assert data is not None, faults
    version = flow.bring_in_version(
        relation=relation.id, data=data, name="kills", actor=actor, viewer=SYSTEM, at=at
    )
    for party in version.parties:
        signing = Signing(party, "M. de Boer", version.sha256, at)
        flow.sign_version(version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=at)
    set_telling(agreement=version.agreement, breach_by_itself=True, warn_days=14)
