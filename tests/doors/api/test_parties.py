"""Organisations, people, relations, search: what each side sees and may change."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from hands import Hand, a_report
from world import World


def names(hand: Hand, path: str) -> set[str]:
    return {each["name"] for each in hand.get(path).json()["items"]}


def test_each_sees_its_own_and_whom_it_has_a_relation_with(
    world: World, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    supplier, bakery, notary = (each.name for each in (world.supplier, world.bakery, world.notary))
    assert names(alice, "organisations") == {supplier, bakery, notary}
    assert names(bob, "organisations") == {supplier, bakery}
    assert names(charlie, "organisations") == {supplier, notary}
    path = f"organisations/{world.bakery.id}"
    assert bob.get(path).json()["register_number"] == "kvk:87654321"
    foreign, nothing = charlie.get(path), charlie.get(f"organisations/{uuid4()}")
    assert (foreign.status_code, foreign.content) == (404, nothing.content)


def test_people_and_relations_of_others_are_not_seen(
    world: World, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    assert {"Bob", "Charlie"} <= names(alice, "people")
    assert "Charlie" not in names(bob, "people")
    assert charlie.get(f"people/{world.people['bob'].id}").status_code == 404
    assert charlie.get(f"relations/{world.to_bakery.id}").status_code == 404
    assert len(bob.get("relations").json()["items"]) == 1
    assert charlie.get(f"people?organisation={world.bakery.id}").json()["items"] == []


def test_a_supplier_adds_a_customer_and_its_people(
    world: World, alice: Hand, bob: Hand, hand: Callable[[str], Hand]
) -> None:
    answer = alice.post("customers", {"name": "Smederij Bos", "register_number": "kvk:55556666"})
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["relation"]["supplier"] == str(world.supplier.id)
    customer = made["organisation"]["id"]
    person = alice.post("people", {"organisation": customer, "name": "Marie Bos"})
    assert person.status_code == 201, person.content
    assert "Marie Bos" in names(alice, f"people?organisation={customer}")
    assert bob.post("customers", {"name": "X"}).status_code == 403
    assert hand("agnes").post("customers", {"name": "X"}).status_code == 403
    assert alice.post("customers", {"name": "X", "zone": "Nowhere"}).status_code == 409


def test_a_person_is_changed_only_as_it_was_seen(world: World, alice: Hand, bob: Hand) -> None:
    path = f"people/{world.people['bob'].id}"
    tag = alice.get(path)["ETag"]
    changed = alice.patch(path, {"phone": "+31 224 555 801"}, **{"If-Match": tag})
    assert changed.status_code == 200, changed.content
    again = alice.patch(path, {"phone": "+31 224 555 802"}, **{"If-Match": tag})
    assert again.status_code == 412
    assert alice.get(path).json()["phone"] == "+31 224 555 801"
    assert bob.patch(path, {"phone": ""}).status_code == 403


def test_a_customer_never_says_who_works_at_its_supplier(
    world: World, alice: Hand, charlie: Hand
) -> None:
    stranger = {"organisation": str(world.bakery.id), "name": "Mallory"}
    assert charlie.post("people", stranger).status_code == 403
    assert alice.post("people", {**stranger, "organisation": str(uuid4())}).status_code == 404


@pytest.mark.parametrize(
    ("q", "kind", "name"),
    [
        ("kor", "organisation", "Bakkerij De Korenaar B.V."),
        ("KORENÁÁR", "organisation", "Bakkerij De Korenaar B.V."),
        ("korenar", "organisation", "Bakkerij De Korenaar B.V."),
        ("87654321", "organisation", "Bakkerij De Korenaar B.V."),
        ("bob bak", "person", "Bob"),
        ("nl-2027-0042", "agreement", "nl-2027-0042"),
        ("N-1", "ticket", "N-1"),
        ("mail komt", "ticket", "N-1"),
        ("mial komt niet", "ticket", "N-1"),
    ],
)
def test_a_few_letters_are_enough(
    world: World, alice: Hand, bob: Hand, charlie: Hand, q: str, kind: str, name: str
) -> None:
    bob.post("tickets", a_report(world))
    answer = alice.get(f"search?kind={kind}&q={q}")
    assert answer.status_code == 200, answer.content
    assert name in [each["name"] for each in answer.json()["found"]]
    assert name not in [each["name"] for each in charlie.get(f"search?q={q}").json()["found"]]


@pytest.mark.parametrize(
    "q", ["%25%25", "__", "''", "%5C%5C", "  ", "a%00b", "x", "%E2%80%AE%E2%80%AE"]
)
def test_signs_of_the_database_mean_nothing_in_a_search(world: World, alice: Hand, q: str) -> None:
    answer = alice.get(f"search?q={q}")
    assert answer.status_code in (200, 422)
    assert answer.json().get("found", []) == []
