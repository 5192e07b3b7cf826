"""Mail handed over by a mail server, and what monitors tell, through the API, as the app role."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hands import Hand, give_token, take_role
from world import TUESDAY, World

from afspraak.flow.labels import map_label
from afspraak.intake.models import Incoming, State
from afspraak.parties.actions import Actor
from afspraak.parties.roles import Right
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact

MAIL = b"From: bob@bakery.example\r\nSubject: x\r\nMessage-ID: <1@b.example>\r\n\r\nHallo\r\n"
RFC822 = "message/rfc822"


def stored() -> list[Incoming]:
    take_role("system")
    return list(Incoming.objects.seen_by(SYSTEM))


def test_a_mail_is_stored_once_and_left_to_a_worker(world: World, alice: Hand) -> None:
    first = alice.post("mail", MAIL, content_type=RFC822)
    again = alice.post("mail", MAIL, content_type=RFC822)
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    (row,) = stored()
    assert (row.state, row.organisation_id, row.size) == (
        State.WAITING,
        world.supplier.id,
        len(MAIL),
    )


def test_only_mail_as_mail_is_taken(world: World, alice: Hand) -> None:
    assert alice.post("mail", MAIL).status_code == 415
    assert alice.post("mail", b" \r\n", content_type=RFC822).status_code == 422
    assert stored() == []


def test_who_has_no_desk_here_hands_nothing_over(world: World, bob: Hand) -> None:
    take_role("system")
    narrow = Hand(give_token(world, "agnes", Right.WORK_TICKETS))
    take_role("app")
    assert bob.post("mail", MAIL, content_type=RFC822).status_code == 403
    assert narrow.post("mail", MAIL, content_type=RFC822).status_code == 403
    assert Hand("").post("mail", MAIL, content_type=RFC822).status_code == 401
    assert stored() == []


ALERT: dict[str, Any] = {
    "version": "4",
    "alerts": [
        {
            "status": "firing",
            "labels": {"service": "mail.noord"},
            "annotations": {},
            "startsAt": "2027-03-02T08:55:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "fingerprint": "ab12",
        }
    ],
}


@pytest.fixture
def mapped(world: World) -> World:
    take_role("system")
    for name in ("bakery", "notary"):
        agreement = world.versions[name].agreement
        map_label(
            label="mail.noord",
            agreement=agreement,
            service="e-mail",
            actor=Actor(agreement.supplier_id),
            viewer=SYSTEM,
            at=TUESDAY,
        )
    take_role("app")
    return world


def test_an_alert_is_an_outage_of_each_customer(mapped: World, alice: Hand) -> None:
    first = alice.post("monitors/alertmanager", ALERT)
    again = alice.post("monitors/alertmanager", ALERT)
    assert first.json() == {"facts": 2, "repeated": 0, "unknown": []}
    assert again.json() == {"facts": 0, "repeated": 2, "unknown": []}
    take_role("system")
    facts = Fact.objects.seen_by(SYSTEM).filter(code="outage_began")
    assert {each.customer_id for each in facts} == {mapped.bakery.id, mapped.notary.id}


def test_labels_that_stand_for_nothing_are_told(world: World, alice: Hand) -> None:
    told = alice.post("monitors/alertmanager", ALERT).json()
    assert told == {"facts": 0, "repeated": 0, "unknown": ["mail.noord"]}


def test_what_is_not_understood_is_told_with_its_place(world: World, alice: Hand) -> None:
    answer = alice.post("monitors/alertmanager", {"version": "4", "alerts": [{}]})
    assert answer.status_code == 409
    assert "alerts" in json.dumps(answer.json()["faults"])


@pytest.mark.parametrize("program", ["alertmanager", "zabbix", "uptime-kuma"])
def test_every_program_needs_the_right(
    world: World, hand: Callable[[str], Hand], program: str
) -> None:
    assert hand("bob").post(f"monitors/{program}", {}).status_code == 403
    assert hand("").post(f"monitors/{program}", {}).status_code == 401
