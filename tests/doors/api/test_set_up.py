"""What a supplier sets beside its agreements, through the API: for itself, and for nobody else."""

from typing import Any, get_args

from hands import Hand, signed_in, take_role
from world import START, World

from afspraak.agreements.actions import invite_adviser
from afspraak.api.set_up import StaffRole
from afspraak.parties.roles import STAFF

USUAL = [
    {"percent": 75, "role": "agent"},
    {"percent": 90, "role": "contract_manager"},
    {"percent": 100, "role": "contract_manager"},
]


def test_a_ladder_is_its_suppliers_own(world: World, alice: Hand, bob: Hand) -> None:
    path = f"agreements/{world.versions['bakery'].agreement_id}/ladder"
    assert set(get_args(StaffRole)) == STAFF
    assert alice.get(path).json()["steps"] == USUAL
    steps = [{"percent": 100, "role": "admin"}, {"percent": 50, "role": "agent"}]
    made = alice.post(path, {"steps": steps}).json()
    assert (made["is_own"], made["steps"]) == (True, steps[::-1])
    assert alice.get(path).json() == made
    assert (
        alice.post(path, {"steps": [{"percent": 50, "role": "customer_user"}]}).status_code == 422
    )
    assert alice.post(path, {"steps": []}).json()["steps"] == USUAL
    assert bob.get(path).status_code == 404
    assert bob.post(path, {"steps": []}).status_code in (403, 404)


def test_an_hour_outside_has_one_price_at_a_time(world: World, alice: Hand, bob: Hand) -> None:
    asked = {
        "per_hour": "EUR 95.00",
        "from_at": "2028-01-01T00:00:00Z",
        "until_at": "2029-01-01T00:00:00Z",
    }
    made = alice.post("outside-hours", asked)
    assert made.status_code == 201, made.content
    assert made.json()["per_hour"] == "EUR 95.00"
    assert alice.post("outside-hours", asked).status_code == 409
    assert (
        alice.post("outside-hours", asked | {"until_at": "2027-01-01T00:00:00Z"}).status_code == 409
    )
    early = {"from_at": "2027-01-05T00:00:00Z", "until_at": "2028-01-01T00:00:00Z"}
    assert alice.post("outside-hours", asked | early).status_code == 409
    assert [each["id"] for each in bob.get("outside-hours").json()["items"]] == [made.json()["id"]]
    assert bob.post("outside-hours", asked).status_code == 403


def test_who_invited_an_adviser_ends_the_advice(world: World, settings: Any) -> None:
    take_role("system")
    adviser = invite_adviser(
        agreement=world.versions["bakery"].agreement,
        person=world.people["charlie"],
        organisation=world.bakery.pk,
        at=START,
    )
    settings.SECOND_FACTOR = "none"
    path, sent = f"/api/v1/advisers/{adviser.pk}/end", {"content_type": "application/json"}
    assert signed_in(world, "alice").post(path, **sent).status_code == 404
    bob = signed_in(world, "bob")
    ended = bob.post(path, **sent).json()
    assert ended["until_at"] is not None
    assert bob.post(path, **sent).json() == ended
    assert bob.get("/api/v1/advisers").json()["items"] == [ended]
