"""What stands beside the facts: files, erased texts; and what a supplier offers."""

import hashlib
from collections.abc import Callable
from importlib.resources import files
from urllib.parse import quote

import pytest
from hands import Hand, a_report, take_role
from world import World

from afspraak.ledger.models import Head, Leaf
from afspraak.ledger.tree import Range
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Words

BYTES = "application/octet-stream"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
CATALOGUE = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()


@pytest.fixture
def ticket(world: World, bob: Hand) -> str:
    return bob.post("tickets", a_report(world)).json()["ticket"]["id"]


def test_a_file_is_kept_and_fetched_by_both_sides_alone(
    world: World, alice: Hand, bob: Hand, charlie: Hand, ticket: str, hand: Callable[[str], Hand]
) -> None:
    path = f"tickets/{ticket}/attachments"
    name = quote("scherm (één).png")
    made = bob.post(f"{path}?name={name}", PNG, content_type=BYTES)
    assert made.status_code == 201, made.content
    file = made.json()
    assert (file["content_type"], file["size"]) == ("image/png", len(PNG))
    assert file["sha256"] == hashlib.sha256(PNG).hexdigest()
    fetched = alice.get(f"attachments/{file['id']}")
    assert fetched.content == PNG
    assert fetched["Content-Type"] == BYTES
    assert fetched["Content-Disposition"].startswith("attachment;")
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in fetched["Content-Security-Policy"]
    assert [each["id"] for each in alice.get(path).json()["items"]] == [file["id"]]
    for stranger in (charlie, hand("bob_user")):  # a user sees his own tickets only
        assert stranger.get(f"attachments/{file['id']}").status_code == 404
        assert stranger.get(path).status_code == 404
        assert stranger.post(f"{path}?name=a.txt", b"x", content_type=BYTES).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("page.html", b"<script>", 409),
        ("drawing.svg", b"<svg onload=alert(1)>", 409),
        ("run.exe", b"MZ", 409),
        ("picture.png", b"<html>", 409),
        ("words.txt", b"a\x00b", 409),
        ("words.txt", b"\xff\xfe", 409),
        ("empty.txt", b"", 409),
        ("../../etc/passwd.txt", b"x", 422),
        ("a\u202egnp.txt", b"x", 422),
        ("noend", b"x", 422),
        ("log.TXT", b"fine", 201),
    ],
)
def test_only_kinds_that_nothing_runs_are_taken(
    bob: Hand, ticket: str, name: str, content: bytes, status: int
) -> None:
    path = f"tickets/{ticket}/attachments?name={quote(name)}"
    assert bob.post(path, content, content_type=BYTES).status_code == status


def test_nobody_adds_to_what_the_other_side_told(
    alice: Hand, bob: Hand, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"tickets/{ticket}/attachments?name=a.txt"
    reported = alice.get(f"tickets/{ticket}/facts").json()["items"][0]["id"]
    assert alice.post(f"{path}&fact={reported}", b"x", content_type=BYTES).status_code == 409
    assert alice.post(path, b"x", content_type=BYTES).status_code == 409  # nothing told yet
    assert bob.post(f"{path}&fact={reported}", b"x", content_type=BYTES).status_code == 201
    monkeypatch.setattr("afspraak.intake.actions.MOST_FILES", 1)
    assert bob.post(path, b"y", content_type=BYTES).status_code == 409
    told = b"x" * 10_000_001
    assert bob.post(path, told, content_type=BYTES).status_code == 413
    assert bob.post(path, {"a": 1}).status_code == 415


# Erasure --------------------------------------------------------------------------------------


def test_a_text_is_erased_and_its_proof_stands(
    world: World, alice: Hand, bob: Hand, charlie: Hand, ticket: str
) -> None:
    fact = bob.get(f"tickets/{ticket}/facts").json()["items"][0]
    assert fact["words"] == "Sinds vanochtend."
    path, why = f"facts/{fact['id']}/erasure", {"why": "request"}
    assert charlie.post(path, why).status_code == 404
    assert alice.post(path, why).status_code == 409  # the other side wrote it
    before = bob.get(f"tickets/{ticket}/explanation").json()["verdict"]["promised"]
    told = bob.post(path, why)
    assert told.status_code == 200, told.content
    assert (told.json()["words"], told.json()["words_erased"]) == ("", True)
    assert bob.post(path, why).json()["words_erased"]  # again is the same as once
    after = bob.get(f"tickets/{ticket}/explanation").json()["verdict"]["promised"]
    assert [each["due_at"] for each in before] == [each["due_at"] for each in after]
    take_role("system")
    words = Words.objects.seen_by(SYSTEM).get()
    assert (words.body, bytes(words.salt)) == ("", b"")
    leaves = Leaf.objects.seen_by(SYSTEM).filter(relation_id=world.to_bakery.id).order_by("seq")
    assert [each.kind for each in leaves][-1] == "erasure"
    assert sum(each.kind == "erasure" for each in leaves) == 1
    tree = Range()
    for each in leaves:
        tree = tree.append(bytes(each.leaf_hash))
    head = Head.objects.seen_by(SYSTEM).get(relation_id=world.to_bakery.id)
    assert tree.to_bytes() == bytes(head.edge)
    assert b"vanochtend" not in b"".join(bytes(each.body) for each in leaves)


def test_who_may_not_erase_is_told_so(bob: Hand, ticket: str, hand: Callable[[str], Hand]) -> None:
    fact = bob.get(f"tickets/{ticket}/facts").json()["items"][0]["id"]
    for name in ("agnes", "coen", "bob_user"):
        assert hand(name).post(f"facts/{fact}/erasure", {"why": "x"}).status_code == 403


# Catalogues -----------------------------------------------------------------------------------


def test_a_catalogue_is_services_by_levels_by_prices(
    world: World, alice: Hand, bob: Hand, hand: Callable[[str], Hand]
) -> None:
    made = alice.post("catalogues", CATALOGUE, content_type="application/yaml")
    assert made.status_code == 201, made.content
    row = made.json()
    again = alice.post("catalogues", CATALOGUE, content_type="application/yaml")
    assert again.json() == row
    whole = bob.get(f"catalogues/{row['id']}").json()
    assert whole["catalogue"] == row
    offers = {(each["service"], each["level"]): each for each in whole["offers"]}
    assert offers["e-mail", "gold"]["fee"] == "EUR 4.50 / user / month"
    assert offers["e-mail", "gold"]["bands"] == [[1, 100]]
    assert offers["kassa", "custom"]["surcharge"] == "15 %"
    levels = {each["level"]: each for each in whole["levels"]}
    assert levels["silver"]["targets"][2] == {
        "measure": "resolution",
        "value": "1 working day",
        "priority": None,
    }
    assert bob.get(f"catalogues/{row['id']}/document").content == CATALOGUE
    assert hand("bob_user").get("catalogues").json()["items"] == []  # prices stand in it
    assert bob.post("catalogues", CATALOGUE, content_type="application/yaml").status_code == 403
    unsound = CATALOGUE.replace(b"level", b"lewel").replace(b"calendar: kantoor", b"calendar: x")
    told = alice.post("catalogues", unsound, content_type="application/yaml")
    assert (told.status_code, told.json()["type"]) == (409, "urn:afspraak:problem:unsound")
    assert len(told.json()["faults"]) > 1
