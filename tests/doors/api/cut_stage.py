"""A world in which every write and every step has something to work on, to be copied as often as it
is cut off.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import embedded
from authority import made, signed
from cut_making import set_making
from hands import give_token
from ready import make_ready
from world import HOUR, MINUTE, TUESDAY, World, frozen, make_world

from afspraak import flow
from afspraak.clocks.models import Duty
from afspraak.flow.labels import map_label
from afspraak.host.files import read_file
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Notice
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM
from afspraak.signing.actions import confirm_key
from afspraak.tickets.actions_incidents import open_incident, reach
from afspraak.tickets.happened import Happened

LATER = TUESDAY + 4 * HOUR
"""When everything is asked: the first responses have been missed, a breach waits for approval."""


@dataclass
class Stage:
    """A database with a world in which every write has something to work on, to be copied."""

    name: str
    world: World
    ids: dict[str, str] = field(default_factory=dict)
    signed_pdf: bytes = b""

    @contextmanager
    def copy(self) -> Iterator[str]:
        name = f"afspraak_cut_{secrets.token_hex(6)}"
        embedded.copied_database(name, template=self.name)
        try:
            yield name
        finally:
            embedded.drop_database(name)


def set_stage(name: str) -> Stage:
    world = make_world()
    world.secrets = {each: give_token(world, each) for each in world.people}
    stage = Stage(name, world)
    reporter = world.people["bob_user"].id
    tickets = [world.report(TUESDAY + n, reporter=reporter).ticket for n in range(3)]
    ticket, other, third = (each for each in tickets if each is not None)
    at = TUESDAY + MINUTE
    asked = world.tell("question", ticket.id, at, to="customer", words="Sinds wanneer?")
    cost = world.tell("cost_proposed", ticket.id, at, cost="EUR 120.00")
    flow.look(at=TUESDAY + 3 * HOUR)
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=TUESDAY)
    address_owed(at=TUESDAY + 3 * HOUR)
    incident = open_incident(organisation=world.supplier.id, name="Storing", at=at)
    reach(incident=incident, tickets=[other, third], at=at)
    agreement = world.versions["bakery"].agreement
    map_label(
        label="mail.noord",
        agreement=agreement,
        service="e-mail",
        actor=Actor(world.supplier.id),
        viewer=SYSTEM,
        at=at,
    )
    stage.ids = {
        "ticket": str(ticket.id),
        "other": str(other.id),
        "question": str(asked.fact.id),
        "cost": str(cost.fact.id),
        "incident": str(incident.id),
        "agreement": str(agreement.id),
        "relation": str(world.to_bakery.id),
        "person": str(world.people["bob"].id),
        "bakery": str(world.bakery.id),
        **_of_the_agreement(world),
        **_drafts(),
        **set_making(world),
    }
    stage.signed_pdf = _signed(world, UUID(stage.ids["version"]))
    return stage


def _signed(world: World, version: UUID) -> bytes:
    """The paper of a version as Alice signed it, with a certificate that she has confirmed."""
    key, alice = made("M. de Boer"), Actor(world.supplier.id, world.people["alice"].id)
    told = {"actor": alice, "viewer": SYSTEM, "at": TUESDAY}
    confirm_key(data=key.der, **told)
    paper = flow.paper_for(version=version, **told)
    return signed(read_file(paper.sha256), key)


def _of_the_agreement(world: World) -> dict[str, str]:
    """A version that nobody has signed, an outage, maintenance, and evidence that waits."""
    agreement, at = world.versions["bakery"].agreement, TUESDAY + MINUTE
    version = flow.bring_in_version(
        relation=world.to_bakery.id,
        data=amended(),
        name="amended",
        actor=Actor(world.supplier.id, world.people["alice"].id),
        viewer=SYSTEM,
        at=at,
    )

    make_ready(version, supplier=world.supplier.id, customer=world.bakery.id, at=at)

    def told(code: str, **more: str) -> str:
        happened = Happened(
            world.to_bakery.id, code, at, "supplier", agreement=agreement.id, more=more
        )
        return str(flow.take_fact(told=happened, viewer=SYSTEM, at=at).fact.id)

    duty = Duty.objects.seen_by(SYSTEM).filter(promisor="supplier").order_by("due_at")[0]
    on = duty.planned_on.isoformat()
    return {
        "version": str(version.id),
        "sha256": version.sha256,
        "clause": duty.clause,
        "for_on": on,
        "outage": told("outage_began", service="e-mail"),
        "maintenance": told(
            "maintenance_announced",
            service="e-mail",
            from_at="2027-03-09T20:00:00Z",
            until_at="2027-03-09T22:00:00Z",
        ),
        "evidence": told("evidence", clause=duty.clause, for_on=on),
    }


def amended() -> bytes:
    data = frozen("msp-vier-niveaus")
    was, now = b'number: 1, from: "2027-01-01"', b'number: 2, from: "2027-06-01"'
    assert was in data
    return data.replace(was, now)


def _drafts() -> dict[str, str]:
    drafts = Notice.objects.seen_by(SYSTEM).filter(state="draft").order_by("id")
    assert drafts, "no breach waits"
    return {"notice": str(drafts[0].id)}
