"""The life of an agreement through the API: owners, what was said, the register, a rejection."""

import pytest
from hands import Hand, take_role
from world import TUESDAY, World

from afspraak import flow


@pytest.fixture
def agreement(world: World) -> str:
    take_role("system")
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=TUESDAY)
    take_role("app")
    return str(world.versions["bakery"].agreement_id)


def test_a_side_names_who_sees_to_its_own_dates(
    world: World, agreement: str, bob: Hand, alice: Hand, charlie: Hand
) -> None:
    path = f"agreements/{agreement}/owners"
    person = str(world.people["bob"].pk)
    named = bob.post(path, {"clause": "contactlijst", "person": person})
    assert named.status_code == 200, named.content
    shown = {"clause": "contactlijst", "party": "customer", "person": person, "name": "Bob"}
    assert named.json() == alice.get(path).json() == [shown]
    other = bob.post(path, {"clause": "hersteltest", "person": person})
    assert other.status_code in (409, 422)
    assert bob.post(path, {"clause": "contactlijst", "person": None}).json() == []
    assert charlie.get(path).status_code == 404


def test_things_are_kept_and_read_by_both_sides(agreement: str, bob: Hand, alice: Hand) -> None:
    thing = {"label": "k1", "name": "Kassa 1", "owner": "customer", "service": "kassa"}
    made = alice.post(f"agreements/{agreement}/things", thing)
    assert made.status_code == 201, made.content
    (said,) = bob.get(f"agreements/{agreement}/said?subject=thing").json()["items"]
    assert (said["key"], said["party"], said["data"]["service"]) == ("k1", "supplier", "kassa")
    wrong = alice.post(f"agreements/{agreement}/things", thing | {"service": "mail"})
    assert wrong.status_code in (409, 422)
    assert "it is one of" in wrong.content.decode()


def test_evidence_of_a_delivery_is_rejected(agreement: str, bob: Hand, alice: Hand) -> None:
    path = f"agreements/{agreement}/evidence"
    fact = bob.post(path, {"code": "evidence", "clause": "gegevens"}).json()
    told = {"code": "evidence_rejected", "of": fact["id"], "words": "de helft ontbreekt"}
    assert bob.post(path, told).status_code in (409, 422)
    assert alice.post(path, told).status_code == 201
    duties = alice.get(f"agreements/{agreement}/duties").json()["items"]
    (step,) = [each for each in duties if each["clause"] == "gegevens"]
    assert (step["state"], step["satisfied_at"]) == ("missed", None)
