"""A small world for the tests of rooms and doors: Noord ICT serves a bakery and a notary under
signed agreements; Glasnet lays its cables. Alice works at Noord, Bob at the bakery, Charlie at the
notary's: a stranger to Bob.
"""

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.models import AgreementVersion
from afspraak.engine.time import parse_instant
from afspraak.flow import Taken
from afspraak.language.freeze import freeze
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    give_role,
    open_relation,
)
from afspraak.parties.models import Organisation, Person, Relation
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.actions import begin_numbers
from afspraak.tickets.happened import Happened

START = parse_instant("2027-01-04T08:00:00Z")
"""When the world is made: before the first report."""
TUESDAY = parse_instant("2027-03-02T10:00:00+01:00")
HOUR = 3_600_000_000
MINUTE = 60_000_000


@cache
def frozen(template: str) -> bytes:
    """A template of the language as it can be signed."""
    path = files("afspraak.language") / "templates" / f"{template}.yaml"
    data, faults = freeze(path.read_bytes(), template)
    assert data is not None, faults
    return data


def renamed(data: bytes, was: str, now: str) -> bytes:
    """The same contract under another id."""
    assert was.encode() in data
    return data.replace(was.encode(), now.encode())


@dataclass
class World:
    """Who there is. Every row is made as the system."""

    supplier: Organisation
    bakery: Organisation
    notary: Organisation
    to_bakery: Relation
    to_notary: Relation
    people: dict[str, Person] = field(default_factory=dict)
    versions: dict[str, AgreementVersion] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """The eyes of one of the people."""
        person = self.people[name]
        limited = name == "bob_user"
        own = frozenset({person.organisation_id})
        return Viewer(
            organisations=frozenset() if limited else own,
            limited=own if limited else frozenset(),
            person=person.id,
        )

    def report(self, at: int, *, to: str = "bakery", viewer: Viewer = SYSTEM, **more: Any) -> Taken:
        """A report of a customer: e-mail, one person, unless it says otherwise."""
        fields = {"service": "e-mail", "impact": "one_person", "kind": "incident"}
        told = {"title": "Mail komt niet aan", "words": "Sinds vanochtend.", "fields": fields}
        relation = self.to_bakery if to == "bakery" else self.to_notary
        return flow.take_fact(
            told=Happened(
                relation.id, "reported", at, **{"recorded_by": "supplier", **told, **more}
            ),
            viewer=viewer,
            at=at,
        )

    def tell(
        self, code: str, ticket: UUID, at: int, *, viewer: Viewer = SYSTEM, **more: Any
    ) -> Taken:
        """Something that happened to a ticket of the bakery."""
        told = {"recorded_by": "supplier", "relation": self.to_bakery.id, **more}
        return flow.take_fact(
            told=Happened(
                code=code, happened_at=told.pop("happened_at", at), ticket=ticket, **told
            ),
            viewer=viewer,
            at=at,
        )


PEOPLE = {
    "alice": ("supplier", Role.ADMIN),
    "agnes": ("supplier", Role.AGENT),
    "coen": ("supplier", Role.CONTRACT_MANAGER),
    "bob": ("bakery", Role.CUSTOMER_MANAGER),
    "bob_user": ("bakery", Role.CUSTOMER_USER),
    "charlie": ("notary", Role.CUSTOMER_MANAGER),
}


def make_world(at: int = START) -> World:
    """The world, in the database as it stands."""
    supplier = add_organisation(name="Noord ICT B.V.", register="kvk:12345678", at=at)
    bakery = add_organisation(name="Bakkerij De Korenaar B.V.", register="kvk:87654321", at=at)
    notary = add_organisation(name="Notariskantoor Vermeulen", register="kvk:11112222", at=at)
    begin_numbers(supplier=supplier, prefix="N-")
    world = World(
        supplier,
        bakery,
        notary,
        open_relation(supplier=supplier, customer=bakery, at=at),
        open_relation(supplier=supplier, customer=notary, at=at),
    )
    for name, (where, role) in PEOPLE.items():
        organisation = getattr(world, where)
        email = f"{name}@{where}.example"
        account = add_account(email=email, password="", at=at)
        person = add_person(
            organisation=organisation, name=name.title(), email=email, account=account, at=at
        )
        give_role(person=person, organisation=organisation, role=role, at=at)
        world.people[name] = person
    world.versions["bakery"] = sign(world, world.to_bakery, bakery_contract(), at)
    other = renamed(frozen("msp-vier-niveaus"), "nl-2027-0042", "nl-2027-0043")
    world.versions["notary"] = sign(world, world.to_notary, other, at)
    return world


def bakery_contract() -> bytes:
    """The template with four levels, in which Bob may agree to extra cost."""
    return renamed(frozen("msp-vier-niveaus"), "{by: Sanne Kuiper", "{by: Bob")


def sign(world: World, relation: Relation, data: bytes, at: int) -> AgreementVersion:
    """A version brought in and signed by every party."""
    actor = Actor(world.supplier.id, world.people["alice"].id)
    version = flow.bring_in_version(
        relation=relation.id, data=data, name="contract", actor=actor, viewer=SYSTEM, at=at
    )
    for party in version.parties:
        signing = Signing(party, "M. de Boer", version.sha256, at)
        flow.sign_version(version=version.id, signing=signing, actor=actor, viewer=SYSTEM, at=at)
    return version
