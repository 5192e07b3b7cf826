"""The monthly check, told: once, to who takes care of an agreement, in their own language."""

from typing import Any

import pytest
from world import HOUR, World, make_world

from afspraak import flow
from afspraak.archive.actions import Carers
from afspraak.engine.time import DAY, parse_instant
from afspraak.flow.archive import take_care
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Notice
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM

FEBRUARY = parse_instant("2027-02-10T09:00:00+01:00")
MARCH = parse_instant("2027-03-01T06:07:00+01:00")
LATE = {"service": "kassa", "impact": "everybody", "kind": "incident"}


@pytest.fixture
def world(as_system: None) -> World:
    """February at the bakery: the promise to solve was missed three times."""
    made = make_world()
    for nth in range(3):
        at = FEBRUARY + nth * DAY
        ticket = made.report(at, fields=LATE).ticket
        assert ticket is not None
        made.tell("solved", ticket.id, at + 9 * HOUR, words="Gemaakt.")
    return made


def told() -> dict[str, tuple[str, str]]:
    """Name -> title and body of what everybody was told of the month."""
    rows = Notice.objects.seen_by(SYSTEM).filter(obligation__kind="month")
    return {
        each.recipient.name: (each.title, each.body)
        for each in rows.select_related("recipient")
        if each.recipient is not None
    }


def test_the_month_is_told_once_to_owner_and_deputy_in_their_language(world: World) -> None:
    people = world.people
    agnes = people["agnes"]
    agnes.language = "en"
    agnes.save(update_fields=["language"])
    carers: dict[str, Any] = {"carers": Carers(people["coen"].id, agnes.id)}
    agreement = world.versions["bakery"].agreement
    actor = Actor(world.supplier.id, people["alice"].id)
    take_care(agreement=agreement, actor=actor, at=FEBRUARY, **carers)
    assert flow.tell_the_month(at=MARCH) == 3
    assert flow.tell_the_month(at=MARCH + DAY) == 0
    address_owed(at=MARCH)
    found = told()
    assert {"Coen", "Agnes", "Bob"} <= set(found)
    assert "Alice" not in found  # she manages people, not contracts; somebody does
    title, body = found["Agnes"]
    assert title == "The monthly check: 1 agreements want attention"
    assert "no signed copy" in body
    assert "missed 3 times" in body
    assert f"/agreements/{agreement.id}/pinches/" in body
    assert "februari 2027" in found["Coen"][1]
    assert "niemand zorgt ervoor" in found["Coen"][1]  # the notary's: a contract manager hears it
    assert "niemand zorgt ervoor" in found["Bob"][1]


def test_what_a_worker_missed_is_told_within_the_week_and_not_later(world: World) -> None:
    assert flow.tell_the_month(at=MARCH + 8 * DAY) == 0
    assert flow.tell_the_month(at=MARCH + 5 * DAY) == 3
