"""The desk's own: queue, clocks and their reasons, notes, incidents, batches, notices, export."""

import json
from collections.abc import Callable
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from hands import Hand, a_report, signed_in, take_role
from world import HOUR, TUESDAY, World

from afspraak import flow
from afspraak.api.batch import BatchShown
from afspraak.ledger.models import Leaf
from afspraak.notices.actions_address import address_owed
from afspraak.parties.actions import give_role
from afspraak.parties.roles import Role
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact, Ticket


@pytest.fixture
def ticket(world: World, bob: Hand) -> str:
    return bob.post("tickets", a_report(world)).json()["ticket"]["id"]


def test_the_queue_has_what_is_due_first_and_what_is_frozen_apart(
    world: World, alice: Hand, bob: Hand, charlie: Hand, ticket: str
) -> None:
    plan = bob.post("tickets", a_report(world, service="printers")).json()["ticket"]["id"]
    queue = alice.get("queue?limit=1").json()
    following = alice.get(f"queue?limit=1&cursor={queue['next']}").json()
    assert [queue["items"][0]["id"], following["items"][0]["id"]] == [ticket, plan]
    question = {"code": "question", "to": "customer", "words": "Welke?"}
    alice.post(f"tickets/{ticket}/facts", question)
    frozen = alice.get("queue?part=frozen").json()["items"]
    assert ticket in [each["id"] for each in frozen]
    assert [each["id"] for each in alice.get("queue?service=printers").json()["items"]] == [plan]
    assert bob.get("queue").json()["items"] == []
    assert [each["id"] for each in bob.get("queue?side=customer").json()["items"]] == [plan]
    assert charlie.get("queue?side=customer").json()["items"] == []
    assert charlie.get(f"queue?side=customer&customer={world.bakery.id}").json()["items"] == []


def test_clocks_are_explained_span_by_span(
    world: World, alice: Hand, bob: Hand, charlie: Hand, ticket: str, now: object
) -> None:
    now.at = TUESDAY + HOUR
    question = {"code": "question", "to": "customer", "words": "Welke?"}
    asked = alice.post(f"tickets/{ticket}/facts", question).json()["fact"]["id"]
    now.at = TUESDAY + 3 * HOUR
    told = bob.get(f"tickets/{ticket}/explanation").json()
    solving = next(each for each in told["promises"] if each["promise"]["clause"] == "oplossen")
    assert [each["why"] for each in solving["spans"]] == ["counted", "paused"]
    assert solving["spans"][0]["spent"] == solving["promise"]["spent"] == "PT1H"
    assert solving["spans"][1]["because"] == [asked]
    before = bob.get(f"tickets/{ticket}/explanation?as_of=2027-03-02T09:30:00Z").json()
    assert before["verdict"]["turn"] == "supplier"
    late = bob.get(f"tickets/{ticket}/explanation?as_of=2028-03-02T09:30:00Z")
    assert late.status_code == 409
    clauses = {each["clause"] for each in alice.get(f"tickets/{ticket}/clocks").json()["items"]}
    assert {"reageren", "oplossen"} <= clauses
    for path in ("explanation", "clocks", "facts", "notes"):
        assert charlie.get(f"tickets/{ticket}/{path}").status_code == 404


def test_notes_are_one_sides_own(world: World, alice: Hand, bob: Hand, ticket: str) -> None:
    made = alice.post(f"tickets/{ticket}/notes", {"body": "Lastige klant."})
    assert made.status_code == 201, made.content
    assert alice.get(f"tickets/{ticket}/notes").json()["items"][0]["body"] == "Lastige klant."
    assert bob.get(f"tickets/{ticket}/notes").json()["items"] == []


def test_one_cause_is_told_to_all_its_tickets(
    world: World, alice: Hand, bob: Hand, charlie: Hand, ticket: str, hand: Callable[[str], Hand]
) -> None:
    of_notary = a_report(world, relation=str(world.to_notary.id))
    other = charlie.post("tickets", of_notary).json()["ticket"]["id"]
    incident = alice.post("incidents", {"name": "Mailserver stuk"}).json()["id"]
    reached = alice.post(f"incidents/{incident}/tickets", {"tickets": [ticket, other]})
    assert reached.status_code == 200, reached.content
    assert len(alice.get(f"incidents/{incident}/tickets").json()["items"]) == 2
    told = alice.post(
        f"incidents/{incident}/facts", {"code": "supplier_contact", "words": "Wij weten het."}
    )
    assert [each["fact"]["code"] for each in told.json()["taken"]] == ["supplier_contact"] * 2
    assert "Wij weten het." in [
        x["words"] for x in charlie.get(f"tickets/{other}/facts").json()["items"]
    ]
    one = alice.post(f"incidents/{incident}/facts", {"code": "voided", "words": "Weg"})
    assert one.status_code == 409
    assert alice.post(f"incidents/{incident}/close").json()["closed_at"] is not None
    assert bob.get("incidents").status_code == 403
    missing = alice.post(f"incidents/{incident}/tickets", {"tickets": [str(uuid4())]})
    assert missing.status_code == 404


def batch_of(world: World, *more: dict) -> dict:
    report = {"code": "reported", **a_report(world, foreign="topdesk:M1")}
    fact = {"code": "fact", "relation": str(world.to_bakery.id), "foreign": "topdesk:M1"}
    contact = {**fact, "fact": {"code": "supplier_contact", "words": "We kijken."}}
    return {"items": [report, contact, *more]}


def test_a_batch_is_taken_whole(world: World, alice: Hand, charlie: Hand) -> None:
    told = alice.post("facts:batch", batch_of(world))
    assert told.status_code == 200, told.content
    taken = told.json()["taken"]
    assert [each["fact"]["code"] for each in taken] == ["reported", "supplier_contact"]
    assert taken[0]["ticket"]["id"] == taken[1]["ticket"]["id"]
    assert charlie.post("facts:batch", batch_of(world)).status_code == 404


def test_reports_that_are_alike_have_one_verdict_and_rows_of_their_own(
    world: World, alice: Hand
) -> None:
    """What is told alike is judged once; each is answered as it is described, and found so."""
    alike = [{**a_report(world), "code": "reported", "title": f"Storing {n}"} for n in range(3)]
    other = {**alike[0], "happened_at": "2027-03-02T07:30:00Z"}
    told = alice.post("facts:batch", {"items": [*alike, other]}).json()
    assert BatchShown.model_validate(told).model_dump(mode="json") == told
    first, second, third, last = told["taken"]
    assert first["verdict"] == second["verdict"] == third["verdict"] != last["verdict"]
    for each in told["taken"]:
        ticket = alice.get(f"tickets/{each['ticket']['id']}").json()
        assert ticket == each["ticket"]
        facts = alice.get(f"tickets/{each['ticket']['id']}/facts").json()
        assert facts["items"] == [each["fact"]]


def test_one_refusal_refuses_the_batch(world: World, alice: Hand) -> None:
    wrong = {
        "code": "fact",
        "relation": str(world.to_bakery.id),
        "foreign": "topdesk:M2",
        "fact": {"code": "solved"},
    }
    assert alice.post("facts:batch", batch_of(world, wrong)).status_code == 404
    take_role("system")
    assert (Ticket.objects.seen_by(SYSTEM).count(), Fact.objects.seen_by(SYSTEM).count()) == (0, 0)


def test_a_history_carries_its_own_systems_times(
    world: World, alice: Hand, hand: Callable[[str], Hand]
) -> None:
    history = batch_of(world)
    history["history"] = True
    for item in history["items"]:
        item["recorded_at"] = "2027-02-01T10:05:00Z"
        (item.get("fact") or item)["happened_at"] = "2027-02-01T10:00:00Z"
    for name in ("agnes", "coen", "bob"):
        assert hand(name).post("facts:batch", history).status_code == 403
    taken = alice.post("facts:batch", history).json()["taken"]
    assert {each["fact"]["recorded_at"] for each in taken} == {"2027-02-01T10:05:00Z"}
    assert all(each["fact"]["is_imported"] for each in taken)
    del history["history"]
    assert alice.post("facts:batch", history).status_code == 409


def test_a_history_is_told_by_no_person_and_by_no_customer(
    world: World, alice: Hand, settings: object
) -> None:
    """Not even by an administrator who is signed in, or by one of the other side."""
    settings.SECOND_FACTOR = "none"
    client = signed_in(world, "alice")
    take_role("system")
    give_role(person=world.people["bob"], organisation=world.bakery, role=Role.ADMIN, at=TUESDAY)
    take_role("app")
    history = batch_of(world) | {"history": True}
    told = client.post("/api/v1/facts:batch", json.dumps(history), content_type="application/json")
    assert (told.status_code, "token" in told.json()["detail"]) == (403, True)
    bob = Hand(world.secrets["bob"])
    assert bob.post("facts:batch", history).status_code == 403


def test_what_is_imported_keeps_its_label(world: World, alice: Hand, now: object) -> None:
    """In the figures and in the sealed log: an import is never told as kept here."""
    history = batch_of(world) | {"history": True}
    for item in history["items"]:
        item["recorded_at"] = "2027-02-01T10:05:00Z"
        (item.get("fact") or item)["happened_at"] = "2027-02-01T10:00:00Z"
    alice.post("facts:batch", history)
    ticket = alice.post("tickets", a_report(world)).json()["ticket"]["id"]
    alice.post(f"tickets/{ticket}/facts", {"code": "supplier_contact", "words": "Gezien."})
    agreement = world.versions["bakery"].agreement_id
    figures = alice.get(f"agreements/{agreement}/figures").json()["figures"]
    reacting = [each for each in figures if each["clause"] == "reageren"]
    assert [(each["counts"]["met"], each["imported"]) for each in reacting] == [(2, 1)]
    take_role("system")
    leaves = Leaf.objects.seen_by(SYSTEM).filter(kind="fact").order_by("seq")
    told = [json.loads(bytes(each.body))["body"].get("imported", False) for each in leaves]
    assert told == [True, True, False, False]


def test_only_a_historys_report_may_lack_its_service(world: World, alice: Hand) -> None:
    batch = batch_of(world)
    del batch["items"][0]["service"], batch["items"][0]["impact"]
    assert alice.post("facts:batch", batch).status_code == 409
    assert alice.post("facts:batch", batch | {"history": True}).status_code == 200


def test_a_fact_names_another_by_its_own_systems_word(
    world: World, alice: Hand, bob: Hand, ticket: str
) -> None:
    path = f"tickets/{ticket}/facts"
    alice.post(path, {"code": "question", "id": "q-1", "to": "customer", "words": "Welke?"})
    answered = bob.post(path, {"code": "answer", "of": "q-1"})
    assert answered.json()["verdict"]["turn"] == "supplier"


def test_everything_that_is_seen_can_be_taken_along(
    world: World, alice: Hand, bob: Hand, charlie: Hand, ticket: str, hand: Callable[[str], Hand]
) -> None:
    alice.post(f"tickets/{ticket}/notes", {"body": "Lastige klant."})

    def lines(one: Hand) -> list[dict]:
        return [
            json.loads(line) for line in b"".join(one.get("export").streaming_content).splitlines()
        ]

    ours, theirs, strangers = lines(alice), lines(bob), lines(charlie)
    for told in (ours, theirs, strangers):
        assert told[0]["kind"] == "export"
        assert told[-1] == {"kind": "end", "value": {"lines": len(told) - 2}}
    kinds = {each["kind"] for each in theirs}
    assert {"organisations", "agreements", "versions", "tickets", "facts", "clocks"} <= kinds
    assert "mails" not in kinds
    assert "Lastige klant." in json.dumps(ours)
    assert "Lastige klant." not in json.dumps(theirs)
    assert ticket not in json.dumps(strangers)
    assert hand("bob_user").get("export").status_code == 403
    with ZipFile(BytesIO(b"".join(bob.get("export?form=files").streaming_content))) as packed:
        told = json.loads(packed.read("export.json"))
        tables = [name for name in packed.namelist() if name.startswith("tickets.")]
        assert "Lastige klant." not in str([packed.read(name) for name in packed.namelist()])
    assert (told["rows"]["tickets"], sorted(tables)) == (
        1,
        ["tickets.csv", "tickets.jsonl", "tickets.parquet"],
    )


def test_notices_are_read_by_who_sends_them(world: World, alice: Hand, charlie: Hand) -> None:
    assert alice.get("notices?state=draft").json() == {"items": [], "next": None}
    assert alice.get(f"notices/{uuid4()}").status_code == 404
    assert charlie.get("notices").status_code == 403


def a_draft(world: World, alice: Hand, bob: Hand, now: object) -> str:
    """A promise is missed, and the notice of it waits for somebody's word."""
    bob.post("tickets", a_report(world))
    take_role("system")
    flow.look(at=TUESDAY + 100 * HOUR)
    address_owed(at=TUESDAY + 100 * HOUR)
    take_role("app")
    now.at = TUESDAY + 101 * HOUR
    return alice.get("notices?state=draft").json()["items"][0]["id"]


def test_a_draft_is_edited_and_leaves(
    world: World, alice: Hand, bob: Hand, charlie: Hand, now: object, hand: Callable[[str], Hand]
) -> None:
    path = f"notices/{a_draft(world, alice, bob, now)}"
    words = {"title": "Wij zijn te laat", "body": "Het spijt ons."}
    tag = alice.get(path)["ETag"]
    edited = alice.patch(path, words, **{"If-Match": tag})
    assert (edited.status_code, edited.json()["is_edited"]) == (200, True)
    assert alice.patch(path, words, **{"If-Match": tag}).status_code == 412
    assert bob.patch(path, words).status_code == 403
    sent = alice.post(f"{path}/approve", {})
    assert (sent.status_code, sent.json()["state"]) == (200, "owed"), sent.content
    assert sent.json()["decided_by"] == str(world.people["alice"].id)
    assert alice.post(f"{path}/approve", {}).status_code == 409
    assert charlie.post(f"{path}/approve", {}).status_code == 403


def test_a_draft_is_withheld_with_a_reason(
    world: World, alice: Hand, bob: Hand, now: object
) -> None:
    path = f"notices/{a_draft(world, alice, bob, now)}"
    assert alice.post(f"{path}/withhold", {}).status_code == 422
    held = alice.post(f"{path}/withhold", {"why": "Al gebeld."}).json()
    assert (held["state"], held["failure"]) == ("withheld", "Al gebeld.")
    assert alice.post(f"notices/{uuid4()}/withhold", {"why": "x"}).status_code == 404
