"""Agreements in the making, by programs: texts, remarks, proposals, and who sees none of it."""

from hands import Hand
from world import World

from afspraak.language.text.templates import template_bytes

YAML = "application/yaml"
TEXT = template_bytes("kleine-reseller")


def test_a_draft_is_begun_shown_talked_over_and_written_on(
    world: World, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    path = f"relations/{world.to_bakery.id}/drafts?name=2028"
    made = alice.post(path, TEXT, content_type=YAML)
    assert made.status_code == 201, made.content
    one = f"drafts/{made.json()['id']}"
    assert bob.get(one).status_code == 404
    assert alice.post(f"{one}/shown", {}).status_code == 200
    assert bob.get(f"{one}/document").content == TEXT
    said = bob.post(f"{one}/remarks", {"words": "Wat kost dit?"})
    assert said.status_code == 201, said.content
    assert alice.get(f"{one}/remarks").json()["items"][0]["words"] == "Wat kost dit?"
    told = {"clause": "reageren", "words": "Liever een uur."}
    proposed = bob.post(f"{one}/proposals", told)
    assert proposed.status_code == 201, proposed.content
    answer = f"proposals/{proposed.json()['id']}/answer"
    assert bob.post(answer, {"accept": True}).status_code == 409
    assert alice.post(answer, {"accept": False}).status_code == 409  # without a reason
    done = alice.post(answer, {"accept": False, "why": "Dat halen wij niet."})
    assert done.json()["answer"]["is_accepted"] is False
    written = alice.post(f"{one}/texts?after=1&why=prijs", TEXT + b"\n", content_type=YAML)
    assert written.json()["number"] == 2
    stale = bob.post(f"{one}/texts?after=1", TEXT, content_type=YAML)
    assert stale.status_code == 409
    assert [each["number"] for each in bob.get(f"{one}/texts").json()["items"]] == [1, 2]
    for stranger in ("", "/document", "/texts", "/remarks", "/proposals"):
        assert charlie.get(one + stranger).status_code == 404
    assert charlie.get("drafts").json()["items"] == []
