"""Readiness and the archive through the API."""

import pytest
from hands import Hand, take_role
from world import TUESDAY, World, frozen

from afspraak import flow
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Draft
from afspraak.archive.actions import Brought, bring_in, keep_text
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM


@pytest.fixture
def draft(world: World) -> str:
    """One that both sides see."""
    take_role("system")
    told = {"actor": Actor(world.supplier.id, world.people["coen"].id), "viewer": SYSTEM}
    beginning = Beginning("Volgend jaar", Draft.Origin.TEMPLATE, frozen("kleine-reseller"))
    made = flow.begin_draft(relation=world.to_bakery.id, beginning=beginning, at=TUESDAY, **told)
    flow.show_draft(draft=made.id, at=TUESDAY, **told)
    take_role("app")
    return str(made.id)


def question(told: dict[str, list[dict[str, list[dict[str, object]]]]]) -> dict[str, object]:
    """The one that no clause answers."""
    every = (each for point in told["points"] for each in point["questions"])
    return next(each for each in every if each["name"] == "team.others")


def test_what_one_side_leaves_open_the_other_accepts(
    draft: str, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    path = f"drafts/{draft}/readiness"
    assert {"gdpr", "team.others"} <= set(alice.get(path).json()["open"])
    assert "gdpr" not in alice.post(f"{path}/lists", {"about": "gdpr", "choice": "no"}).json()
    asked = {"question": "team.others", "kind": "left", "words": "Niemand anders."}
    left = question(alice.post(f"{path}/answers", asked).json())
    assert (left["state"], left["accepted"]) == ("proposed", ["supplier"])
    told = bob.post(f"{path}/accepted", {"what": left["answer"]}).json()
    assert question(told)["state"] == "left"
    assert not {"gdpr", "team.others"} & set(told["open"])
    assert alice.post(f"{path}/answers", asked | {"words": ""}).status_code == 409
    assert charlie.get(path).status_code == 404
    assert charlie.post(f"{path}/accepted", {"what": left["answer"]}).status_code == 404


def test_what_runs_is_asked_the_same(world: World, alice: Hand, bob: Hand, charlie: Hand) -> None:
    path = f"agreements/{world.versions['bakery'].agreement_id}/readiness"
    asked = {"question": "team.others", "kind": "elsewhere", "where": "Onze offerte, blz. 3"}
    assert question(bob.post(f"{path}/answers", asked).json())["state"] == "elsewhere"
    assert question(alice.get(path).json())["where"] == "Onze offerte, blz. 3"
    told = alice.post(f"{path}/lists", {"about": "nis2", "choice": "no"}).json()
    assert "nis2" not in told["open"]
    assert alice.post(f"{path}/accepted", {"what": path.split("/")[1]}).status_code == 404
    assert charlie.get(path).status_code == 404


def test_a_paper_is_read_and_confirmed(world: World, alice: Hand, bob: Hand) -> None:
    take_role("system")
    actor = Actor(world.supplier.id, world.people["coen"].id)
    paper = bring_in(brought=Brought("contract.pdf", "a" * 64), actor=actor, at=TUESDAY)
    pages = ("Niets.", "De opzegtermijn is drie maanden.")
    keep_text(paper=paper, pages=pages, reader="pypdf", at=TUESDAY)
    take_role("app")
    (listed,) = alice.get("papers").json()["items"]
    assert (listed["stage"], listed["confirmed"]) == ("read", {})
    (read,) = alice.get(f"papers/{paper.id}").json()["proposals"]
    assert (read["field"], read["value"], read["page"]) == ("notice", "3 months", 2)
    path = f"papers/{paper.id}/confirmed"
    done = alice.post(path, {"field": "notice", "value": "3 months"})
    assert done.json()["confirmed"] == {"notice": "3 months"}
    assert alice.post(path, {"field": "colour", "value": "3 months"}).status_code == 422
    assert bob.get("papers").json()["items"] == []
    assert bob.get(f"papers/{paper.id}").status_code == 404
