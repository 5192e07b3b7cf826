"""The door itself: who is let in, what is refused and how, keys, tags."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.test import Client
from hands import Hand, a_report, give_token, take_role
from psycopg import errors
from world import World

from afspraak.api.app import api
from afspraak.api.openapi import names, operations
from afspraak.api.problem import problem_of
from afspraak.parties.models import Answer
from afspraak.parties.roles import Right
from afspraak.parties.stated import policy_of
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Ticket

A_UUID = "23b45add-6576-425c-a2ea-7c12927af31b"

PROBLEM = "application/problem+json"


def told(answer: object, status: int) -> dict:
    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM), answer.content
    problem = json.loads(answer.content)
    assert problem["status"] == status
    return problem


def test_every_operation_states_its_policy_and_has_a_name_of_its_own() -> None:
    assert [each.path for each in operations(api) if policy_of(each.view_func) is None] == []
    listed = list(names(api))
    assert len(set(listed)) == len(listed)


def test_nobody_is_let_in_without_a_token_or_a_session(hand: Callable[[str], Hand]) -> None:
    answer = hand("").get("tickets")
    told(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"
    told(Hand("afs_wrong").get("tickets"), 401)
    told(hand("").get("tickets", Authorization="Basic YWxpY2U6eA=="), 401)


def test_a_token_holds_no_more_rights_than_were_given(world: World) -> None:
    take_role("system")
    secret = give_token(world, "agnes", Right.READ_TICKETS)
    take_role("app")
    reader = Hand(secret)
    assert reader.get("tickets").status_code == 200
    told(reader.post("tickets", a_report(world)), 403)


def test_a_session_writes_only_with_its_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    take_role("system")  # signing in is another door's matter
    client.force_login(world.people["bob"].account)
    take_role("app")
    assert client.get("/api/v1/tickets").status_code == 200
    report = json.dumps(a_report(world))
    told(client.post("/api/v1/tickets", report, content_type="application/json"), 403)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    answer = client.post(
        "/api/v1/tickets",
        report,
        content_type="application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert answer.status_code == 201, answer.content


def test_acting_for_an_organisation_that_is_not_ones_own_is_refused(
    world: World, bob: Hand
) -> None:
    told(bob.get("tickets", **{"Afspraak-Organisation": str(world.notary.id)}), 403)
    told(bob.get("tickets", **{"Afspraak-Organisation": "mine"}), 422)
    own = {"Afspraak-Organisation": str(world.bakery.id)}
    assert bob.get("tickets", **own).status_code == 200


def test_addresses_and_methods_that_are_not_there_are_told_as_problems(alice: Hand) -> None:
    told(alice.get("nothing/here"), 404)
    told(alice.get("tickets/not-an-id"), 404)
    told(alice.get("/api/v2/tickets"), 404)
    answer = alice.ask("DELETE", "tickets")
    told(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"title": "a", "title": "b"}',
        b"[" * 5_000,
        b"[" * 40 + b"]" * 40,
        b'{"n": ' + b"9" * 6_000 + b"}",
    ],
)
def test_what_is_no_json_is_a_400(alice: Hand, body: bytes) -> None:
    status = 422 if body == b"" else 400
    told(alice.post("tickets", body, content_type="application/json"), status)


def test_bodies_have_a_type_and_an_end(world: World, alice: Hand) -> None:
    told(alice.post("tickets", b"a=b", content_type="application/x-www-form-urlencoded"), 415)
    huge = json.dumps(a_report(world, words="x" * 1_100_000)).encode()
    told(alice.post("tickets", huge), 413)


WRONG = [
    ("title", "a\x00b"),
    ("title", "\ud800"),
    ("title", "x" * 301),
    ("title", ""),
    ("title", "Marit\u202egpj.exe"),
    ("title", 5),
    ("title", None),
    ("words", "a\x00"),
    ("words", "\udfff"),
    ("service", "../../etc"),
    ("service", ["e-mail"]),
    ("happened_at", 0),
    ("happened_at", "0"),
    ("happened_at", "2027-03-02"),
    ("happened_at", "2027-03-02T10:00:00"),
    ("happened_at", "0001-01-01T00:00:00Z"),
    ("happened_at", "9999-12-31T23:59:59Z"),
    ("happened_at", "2027-02-30T10:00:00Z"),
    ("happened_at", "2027-03-02T10:00:00+25:00"),
    ("happened_at", 1e308),
    ("relation", 7),
    ("relation", "{" + A_UUID + "}"),
    ("relation", A_UUID + "\n"),
    ("reporter", "me"),
    ("source", "Ours!"),
    ("source_id", ""),
    ("source_id", "a b"),
    ("unknown", True),
    ("recorded_by", "supplier"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_not_as_described_is_told_with_its_place(
    world: World, alice: Hand, name: str, value: object
) -> None:
    problem = told(alice.post("tickets", a_report(world, **{name: value})), 422)
    assert any(fault["place"].endswith(name) for fault in problem["faults"]), problem


def test_every_fault_is_told_at_once(world: World, alice: Hand) -> None:
    problem = told(alice.post("tickets", {"title": 5, "extra": 1}), 422)
    assert {each["place"].rpartition("/")[2] for each in problem["faults"]} == {
        "title",
        "extra",
        "relation",
        "service",
    }


@pytest.mark.parametrize(
    "query",
    [
        "order_by=password",
        "customer__name=x",
        "limit=0",
        "limit=201",
        "limit=1e2",
        "limit=%00",
        "limit=99999999999999999999",
        "limit=1&limit=2",
        "customer=x",
        "is_open=1",
        "cursor=%00",
    ],
)
def test_parameters_are_strict(alice: Hand, query: str) -> None:
    told(alice.get(f"tickets?{query}"), 422)


@pytest.mark.parametrize(
    "cursor", ["abc", "W10", "W1sidCIsIjAiXSxbInUiLCJ4Il1d", "eyJhIjoxfQ", "_-_-"]
)
def test_a_cursor_that_was_never_given_out_leads_nowhere(alice: Hand, cursor: str) -> None:
    told(alice.get(f"tickets?cursor={cursor}"), 404)


def test_a_key_is_answered_once(world: World, bob: Hand, alice: Hand) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = bob.post("tickets", a_report(world), **key)
    again = bob.post("tickets", a_report(world), **key)
    assert (first.status_code, first.content) == (201, again.content)
    assert again["Idempotency-Replayed"] == "true"
    other = told(bob.post("tickets", a_report(world, title="Anders"), **key), 409)
    assert other["type"].endswith("key-used")
    assert alice.post("tickets", a_report(world), **key).json()["ticket"]["number"] == "N-2"
    take_role("system")
    assert Ticket.objects.seen_by(SYSTEM).count() == 2
    assert Answer.objects.seen_by(SYSTEM).count() == 2


def test_what_was_refused_leaves_nothing_and_may_be_tried_again(world: World, bob: Hand) -> None:
    key = {"Idempotency-Key": "k-2"}
    told(bob.post("tickets", a_report(world, impact="doom"), **key), 409)
    assert bob.post("tickets", a_report(world), **key).status_code == 201
    told(bob.post("tickets", a_report(world), **{"Idempotency-Key": "a b"}), 422)


def test_what_has_not_changed_is_not_sent_again(world: World, bob: Hand) -> None:
    first = bob.get("tickets")
    assert first["Cache-Control"] == "no-store, private"
    same = bob.get("tickets", **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    bob.post("tickets", a_report(world))
    changed = bob.get("tickets", **{"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)
    bob.get("tickets", **{"If-None-Match": '"a", \x7f'})


def test_the_description_is_there_for_everybody(hand: Callable[[str], Hand]) -> None:
    told_all = hand("").get("openapi.json").json()
    assert told_all["openapi"] == "3.1.0"
    assert "list_tickets" in {
        op["operationId"] for item in told_all["paths"].values() for op in item.values()
    }


@pytest.mark.parametrize(
    ("cause", "kind", "seconds"),
    [
        (errors.LockNotAvailable(), "busy", "1"),
        (errors.QueryCanceled(), "busy", "1"),
        (errors.DiskFull(), "no-room", "60"),
        (errors.AdminShutdown(), "away", "2"),
        (None, "away", "2"),
    ],
)
def test_why_nothing_can_be_done_now_is_told_apart(
    cause: Exception | None, kind: str, seconds: str
) -> None:
    for fault in (OperationalError("x"), InterfaceError("connection already closed")):
        fault.__cause__ = cause
        answer = problem_of(HttpRequest(), fault)
        assert answer["Retry-After"] == seconds
        assert told(answer, 503)["type"] == f"urn:afspraak:problem:{kind}"
