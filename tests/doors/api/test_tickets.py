"""Tickets and facts through the API: Alice works on them, Bob reports, Charlie finds nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from hands import Hand, a_report, take_role
from world import HOUR, MINUTE, TUESDAY, World

from afspraak.api.shown_verdicts import TakenShown
from afspraak.engine.time import datetime_of
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.costs import sum_of, sums_of
from afspraak.tickets.models import Fact, Ticket


def reported(bob: Hand, world: World, **more: object) -> dict:
    answer = bob.post("tickets", a_report(world, **more))
    assert answer.status_code == 201, answer.content
    return answer.json()


def test_a_report_is_answered_with_its_verdict(world: World, bob: Hand) -> None:
    told = reported(bob, world)
    assert told["verdict"]["urgency"] == "drop_everything"
    assert told["verdict"]["leads"]["due_at"] == "2027-03-02T11:00:00Z"
    assert told["ticket"]["number"] == "N-1"
    assert told["ticket"]["reporter"] == str(world.people["bob"].id)
    assert TakenShown.model_validate(told).model_dump(mode="json") == told  # as it is described


def test_the_verdict_before_a_ticket_exists_is_the_one_it_gets(world: World, bob: Hand) -> None:
    asked = a_report(world)
    del asked["title"], asked["words"]
    before = bob.post("would-promise", asked).json()
    assert reported(bob, world)["verdict"] == before


def test_both_sides_see_a_ticket_and_a_stranger_sees_none(
    world: World, alice: Hand, bob: Hand, charlie: Hand
) -> None:
    ticket = reported(bob, world)["ticket"]["id"]
    for hand in (alice, bob):
        assert hand.get(f"tickets/{ticket}").json()["id"] == ticket
        assert [each["id"] for each in hand.get("tickets").json()["items"]] == [ticket]
    foreign, nothing = charlie.get(f"tickets/{ticket}"), charlie.get(f"tickets/{uuid4()}")
    assert (foreign.status_code, foreign.content) == (404, nothing.content)
    assert charlie.get("tickets").json()["items"] == []
    for path in ("facts",):
        told = charlie.post(f"tickets/{ticket}/{path}", {"code": "customer_contact"})
        assert (told.status_code, told.content) == (404, nothing.content)


def test_a_stranger_cannot_report_in_anothers_relation(world: World, charlie: Hand) -> None:
    assert charlie.post("tickets", a_report(world)).status_code == 404


def test_what_is_internal_is_only_the_suppliers(world: World, alice: Hand, bob: Hand) -> None:
    ticket = reported(bob, world)["ticket"]["id"]
    inside = alice.get(f"tickets/{ticket}").json()["standing"]
    outside = bob.get(f"tickets/{ticket}").json()["standing"]
    assert inside["next_look_at"] is not None
    assert (outside["next_look_at"], outside["fault"]) == (None, None)


def test_a_question_freezes_the_clock_and_its_answer_goes_on(
    world: World, alice: Hand, bob: Hand, now: object
) -> None:
    path = f"tickets/{reported(bob, world)['ticket']['id']}/facts"
    now.at = TUESDAY + HOUR
    asked = alice.post(path, {"code": "question", "to": "customer", "words": "Welke?"}).json()
    assert (asked["verdict"]["urgency"], asked["verdict"]["turn"]) == ("waiting", "customer")
    now.at = TUESDAY + 2 * HOUR
    answer = {"code": "answer", "of": asked["fact"]["id"], "words": "Die van ons."}
    answered = bob.post(path, answer).json()
    assert answered["verdict"]["turn"] == "supplier"
    assert (answered["fact"]["by"], answered["fact"]["recorded_by"]) == ("customer", "customer")
    timeline = bob.get(path).json()["items"]
    assert [each["code"] for each in timeline] == ["reported", "question", "answer"]
    assert timeline[1]["words"] == "Welke?"


def test_a_customer_cannot_say_the_suppliers_word(world: World, bob: Hand) -> None:
    ticket = reported(bob, world)["ticket"]["id"]
    told = bob.post(f"tickets/{ticket}/facts", {"code": "solved"})
    assert told.status_code == 403
    assert told["Content-Type"] == "application/problem+json"


def test_what_lies_in_the_future_is_refused_with_a_remedy(world: World, alice: Hand) -> None:
    told = alice.post("tickets", a_report(world, happened_at="2027-03-02T12:00:00+01:00"))
    assert told.status_code == 409
    assert "tell it when it has happened" in told.json()["faults"][0]["remedy"]


def test_a_user_sees_his_own_tickets_alone(
    world: World, bob: Hand, hand: Callable[[str], Hand]
) -> None:
    theirs = reported(bob, world)["ticket"]["id"]
    user = hand("bob_user")
    own = reported(user, world)["ticket"]
    assert own["reporter"] == str(world.people["bob_user"].id)
    assert [each["id"] for each in user.get("tickets").json()["items"]] == [own["id"]]
    assert user.get(f"tickets/{theirs}").status_code == 404
    assert user.get(f"tickets/{own['id']}/facts").json()["items"][0]["code"] == "reported"


def test_pages_go_on_where_the_last_one_ended(world: World, bob: Hand, now: object) -> None:
    for minute in range(5):
        now.at = TUESDAY + minute * MINUTE
        reported(bob, world)
    found, cursor = [], ""
    while True:
        page = bob.get(f"tickets?limit=2{cursor}").json()
        found += [each["number"] for each in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == ["N-5", "N-4", "N-3", "N-2", "N-1"]


@pytest.mark.parametrize(
    "facts",
    [
        [{"code": "acknowledged"}, {"code": "supplier_contact", "words": "We kijken."}],
        [{"code": "diagnosis", "words": "Schijf vol", "until": "2027-03-03T10:00:00Z"}],
        [{"code": "expectation", "until": "2027-03-03T10:00:00Z", "cost": "EUR 120.00"}],
        [{"code": "workaround"}, {"code": "solved", "words": "Hersteld"}],
        [{"code": "reclassified", "cause": "new_facts", "fields": {"priority": "P1"}}],
        [{"code": "voided", "words": "Dubbel"}],
        [{"code": "cost_proposed", "cost": "EUR 95.00"}],
        [{"code": "contribution", "words": "Herstart"}],
    ],
)
def test_every_code_of_the_supplier_is_taken(
    world: World, alice: Hand, bob: Hand, facts: list
) -> None:
    path = f"tickets/{reported(bob, world)['ticket']['id']}/facts"
    for fact in facts:
        told = alice.post(path, fact)
        assert told.status_code == 201, told.content
        assert told.json()["fact"]["code"] == fact["code"]


def test_costs_are_proposed_by_one_and_agreed_by_the_other(
    world: World, alice: Hand, bob: Hand, hand: Callable[[str], Hand]
) -> None:
    ticket = reported(bob, world, reporter=str(world.people["bob_user"].id))["ticket"]["id"]
    path = f"tickets/{ticket}/facts"
    proposed = alice.post(path, {"code": "cost_proposed", "cost": "EUR 95.00"}).json()["fact"]
    user = hand("bob_user")
    assert user.get(path).json()["items"][-1]["cost"] is None
    agree = {"code": "cost_agreed", "of": proposed["id"]}
    assert user.post(path, agree).status_code == 403
    assert bob.post(path, agree).status_code == 201
    assert bob.get(path).json()["items"][1]["cost"] == "EUR 95.00"
    take_role("system")
    consents = Fact.objects.seen_by(SYSTEM).filter(code="cost_agreed")
    assert list(sums_of(map(sum_of, consents), SYSTEM).values()) == ["EUR 95.00"]
    take_role("app")
    more = alice.post(path, {"code": "cost_proposed", "cost": "EUR 160.00"}).json()["fact"]
    beyond = bob.post(path, {"code": "cost_agreed", "of": more["id"]})
    assert (beyond.status_code, "255.00" in beyond.json()["detail"]) == (409, True), beyond.content


def test_a_correction_and_its_confirmation(world: World, alice: Hand, bob: Hand) -> None:
    path = f"tickets/{reported(bob, world)['ticket']['id']}/facts"
    contact = alice.post(path, {"code": "supplier_contact"}).json()["fact"]["id"]
    change = {"code": "corrected", "of": contact, "set": {"happened_at": "2027-03-02T10:00:00Z"}}
    told = alice.post(path, change)
    assert told.status_code == 201, told.content
    confirm = {"code": "confirmed", "of": told.json()["fact"]["id"]}
    assert bob.post(path, confirm).status_code == 201
    foreign = bob.post(path, {"code": "confirmed", "of": str(uuid4())})
    assert foreign.status_code == 404


def test_a_ticket_is_merged_with_another_of_its_relation(
    world: World, alice: Hand, bob: Hand, now: object
) -> None:
    first = reported(bob, world)["ticket"]["id"]
    now.at = TUESDAY + HOUR
    second = reported(bob, world)["ticket"]["id"]
    path = f"tickets/{second}/facts"
    told = alice.post(path, {"code": "merged", "ticket": first}).json()
    assert told["ticket"]["standing"]["reported_at"] == "2027-03-02T09:00:00Z"
    assert alice.post(path, {"code": "merged", "ticket": str(uuid4())}).status_code == 404


def test_the_same_report_of_a_source_is_one_ticket(world: World, bob: Hand) -> None:
    first = reported(bob, world, source="mail", source_id="<1@bakery.example>")
    again = reported(bob, world, source="mail", source_id="<1@bakery.example>")
    assert (first["is_repeated"], again["is_repeated"]) == (False, True)
    assert first["ticket"]["id"] == again["ticket"]["id"]
    take_role("system")
    assert Ticket.objects.seen_by(SYSTEM).count() == 1


def test_a_clock_that_jumps_by_hours_leaves_the_log_in_order(
    world: World, now: Any, alice: Hand, bob: Hand
) -> None:
    """Put right again, a clock that was ahead is waited for: nothing is logged before what stands
    there, nothing is refused, and what happened keeps the time it was told with.
    """
    ticket = reported(bob, world)["ticket"]["id"]

    def told(at: int, code: str) -> tuple[str, str]:
        now.at = at
        answer = alice.post(f"tickets/{ticket}/facts", {"code": code, "words": "Wij bellen."})
        assert answer.status_code == 201, answer.content
        return answer.json()["fact"]["happened_at"], answer.json()["fact"]["logged_at"]

    assert told(TUESDAY + 6 * HOUR, "supplier_contact") == (shown(6 * HOUR), shown(6 * HOUR))
    assert told(TUESDAY + MINUTE, "diagnosis") == (shown(MINUTE), shown(6 * HOUR))
    assert told(TUESDAY - 5 * HOUR, "workaround") == (shown(-5 * HOUR), shown(6 * HOUR))
    assert told(TUESDAY + 7 * HOUR, "solved") == (shown(7 * HOUR), shown(7 * HOUR))
    seen = bob.get(f"tickets/{ticket}/facts").json()["items"]
    assert [each["seq"] for each in seen] == sorted(each["seq"] for each in seen)
    assert [each["logged_at"] for each in seen] == sorted(each["logged_at"] for each in seen)


def shown(after: int) -> str:
    """An instant so long after Tuesday, as answers have it."""
    return datetime_of(TUESDAY + after).isoformat().replace("+00:00", "Z")
