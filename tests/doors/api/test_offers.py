"""What is said before a contract is signed, through the API."""

from datetime import date
from importlib.resources import files

from hands import Hand, take_role
from world import START, World

from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.language.catalogue import check_catalogue
from afspraak.language.text.templates import template_bytes
from afspraak.offers.actions_offers import Offering, make_offer, show_offer
from afspraak.parties.actions import Actor

YAML = "application/yaml"


def test_an_offer_is_read_and_answered_and_a_consent_waits(
    world: World, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    take_role("system")
    coen = Actor(world.supplier.id, world.people["coen"].id)
    data = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    row = add_catalogue(data=data, name="x", actor=coen, at=START)
    document, _ = check_catalogue(data, "x")
    assert document is not None
    offer = make_offer(
        relation=world.to_bakery, catalogue=row, document=document, actor=coen, at=START,
        offering=Offering("Kassa", {"kassa": 2}, ("gold",), date(2027, 3, 31)),
    )  # fmt: skip
    take_role("app")
    assert bob.get("offers").json()["items"] == []
    assert bob.get(f"offers/{offer.id}").status_code == 404
    take_role("system")
    show_offer(offer=offer, actor=coen, at=START)
    take_role("app")
    (told,) = bob.get("offers").json()["items"]
    assert told["lines"][0] | {"monthly": "110.00", "level": "gold"} == told["lines"][0]
    asked = {"what": "accept", "level": "silver", "by_name": "Bob"}
    assert bob.post(f"offers/{offer.id}/answer", asked).status_code == 409
    assert alice.post(f"offers/{offer.id}/answer", asked).status_code == 409
    assert charlie.post(f"offers/{offer.id}/answer", asked).status_code == 404
    assert bob.post(f"offers/{offer.id}/answer", asked | {"level": "gold"}).status_code == 201
    path = f"relations/{world.to_bakery.id}/consents"
    (consent,) = alice.get(path).json()
    assert (consent["how"], consent["giver"], consent["level"]) == ("offer", "customer", "gold")
    assert charlie.get(path).status_code == 404


def test_a_promise_made_on_the_way_is_ones_own_until_it_is_shown(
    world: World, alice: Hand, bob: Hand
) -> None:
    path = f"relations/{world.to_bakery.id}/pledges"
    told = {
        "promisor": "supplier",
        "by_name": "Anna",
        "said_on": "2027-03-01",
        "place": "dinner",
        "words": "Gratis training",
        "is_shown": False,
    }
    made = bob.post(path, told)
    assert made.status_code == 201, made.content
    assert made.json()["is_open"] is True
    assert alice.get(path).json()["items"] == []
    bob.post(path, told | {"is_shown": True})
    assert [each["by_name"] for each in alice.get(path).json()["items"]] == ["Anna"]
    assert bob.post(path, told | {"said_on": "2030-01-01"}).status_code == 409


def test_a_wish_is_granted_into_a_text_that_both_see(
    world: World, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    take_role("system")
    data = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    actor = Actor(world.supplier.id, world.people["coen"].id)
    catalogue = add_catalogue(data=data, name="x", actor=actor, at=START)
    take_role("app")
    path = f"relations/{world.to_bakery.id}/wishes"
    asked = {
        "catalogue": str(catalogue.id),
        "service": "kassa",
        "level": "gold",
        "words": "Op zaterdag open",
        "week": {"sat": ["09:00-17:00"]},
    }
    assert bob.post(path, asked | {"week": {}}).status_code == 409
    assert charlie.post(path, asked).status_code == 404
    wish = bob.post(path, asked).json()["id"]
    yes = {"is_granted": True, "yearly": "900.00"}
    assert alice.post(f"wishes/{wish}/decision", yes).status_code == 409
    assert bob.post(f"wishes/{wish}/upkeep", {"fixed": "250"}).status_code == 403
    upkeep = alice.post(f"wishes/{wish}/upkeep", {"fixed": "250", "standby": "12.50"}).json()
    assert upkeep["lines"][0]["factors"][1] == "12.50"
    text = template_bytes("msp-vier-niveaus")
    made = alice.post(f"relations/{world.to_bakery.id}/drafts?name=2028", text, content_type=YAML)
    draft = made.json()["id"]
    assert bob.get(f"drafts/{draft}").status_code == 404
    nowhere = yes | {"draft": wish}
    assert alice.post(f"wishes/{wish}/decision", nowhere).status_code == 404
    told = alice.post(f"wishes/{wish}/decision", yes | {"draft": draft})
    assert told.status_code == 201, told.content
    assert told.json()["decision"] == bob.get(path).json()["items"][0]["decision"]
    assert told.json()["decision"]["draft"] == draft
    assert "EUR 900.00 / year" in bob.get(f"drafts/{draft}/document").content.decode()
