"""Access through the API: given and taken by people; secrets shown once; who asks too often."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from hands import Hand, signed_in, take_role
from world import HOUR, MINUTE, TUESDAY, World

from afspraak.api import throttle
from afspraak.engine.time import SECOND
from afspraak.parties.models import Answer
from afspraak.rights.viewer import SYSTEM

API = "/api/v1/"


@pytest.fixture(autouse=True)
def without_second_factor(settings: object) -> None:
    settings.SECOND_FACTOR = "none"


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    told = json.dumps(body) if body is not None else ""
    return client.post(API + path, told, content_type="application/json", headers=headers)


TOKEN = {"name": "topdesk", "rights": ["tickets:read"], "expires_at": "2027-09-01T00:00:00Z"}


def test_a_token_is_made_shown_once_and_ended(world: World, hand: Callable[[str], Hand]) -> None:
    alice = signed_in(world, "alice")
    made = post(alice, "tokens", TOKEN, **{"Idempotency-Key": "k1"})
    assert made.status_code == 201, made.content
    secret, token = made.json()["secret"], made.json()["token"]
    assert (token["rights"], token["hint"]) == (["tickets:read"], secret[:12])
    reader = Hand(secret)
    assert reader.get("tickets").status_code == 200
    again = post(alice, "tokens", TOKEN, **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()) == (201, {"token": token, "secret": None})
    take_role("system")
    kept = [bytes(each.body) for each in Answer.objects.seen_by(SYSTEM)]
    take_role("app")
    assert secret.encode() not in b"".join(kept)
    listed = alice.get(API + "tokens").content.decode()
    assert token["id"] in listed
    assert secret not in listed
    ended = post(alice, f"tokens/{token['id']}/end")
    assert ended.json()["ended_at"] is not None
    assert reader.get("tickets").status_code == 401
    strangers = signed_in(world, "charlie")
    assert post(strangers, f"tokens/{token['id']}/end").status_code == 403
    more = TOKEN | {"rights": ["tickets:read", "no:such"]}
    assert post(alice, "tokens", more).status_code == 422


def test_no_token_gives_access(world: World, alice: Hand) -> None:
    """One that leaked, with every right, makes no other, invites nobody, changes no role."""
    member = alice.get(f"memberships?person={world.people['agnes'].id}").json()["items"][0]["id"]
    invitation = {"organisation": str(world.supplier.id), "email": "x@y.example", "role": "agent"}
    for path, body in (
        ("tokens", TOKEN),
        ("invitations", invitation),
        (f"memberships/{member}/role", {"role": "admin"}),
        (f"memberships/{member}/end", None),
        (f"invitations/{member}/renew", None),
        (f"advisers/{member}/end", None),
    ):
        assert alice.post(path, body).status_code == 403, path


def test_an_invitation_is_sent_by_who_made_it(world: World) -> None:
    bob = signed_in(world, "bob")
    asked = {
        "organisation": str(world.bakery.id),
        "email": "nel@bakery.example",
        "role": "customer_user",
    }
    made = post(bob, "invitations", asked)
    assert made.status_code == 201, made.content
    link, invitation = made.json()["link"], made.json()["invitation"]["id"]
    assert re.fullmatch(r"http://localhost:8000/join/[A-Za-z0-9_-]{43}/", link)
    assert link not in bob.get(API + "invitations").content.decode()
    renewed = post(bob, f"invitations/{invitation}/renew")
    assert renewed.status_code == 201, renewed.content
    assert renewed.json()["link"] != link
    assert Client().get(link.removeprefix("http://localhost:8000")).status_code == 404
    assert post(bob, f"invitations/{invitation}/renew").status_code == 409
    invitation = renewed.json()["invitation"]["id"]
    withdrawn = post(bob, f"invitations/{invitation}/withdraw").json()
    assert withdrawn["used_at"] is not None
    assert post(bob, "invitations", asked | {"role": "admin"}).status_code == 409
    assert post(bob, "invitations", asked | {"email": "nel"}).status_code == 422
    foreign = asked | {"organisation": str(world.notary.id)}
    assert post(bob, "invitations", foreign).status_code == 404
    charlie = signed_in(world, "charlie")
    assert post(charlie, f"invitations/{invitation}/withdraw").status_code == 404


def test_roles_change_and_end(world: World) -> None:
    alice, bob = signed_in(world, "alice"), signed_in(world, "bob")
    listed = alice.get(API + "memberships").json()["items"]
    of = {each["person"]: each["id"] for each in listed}
    agnes, own = (of[str(world.people[name].id)] for name in ("agnes", "alice"))
    changed = post(alice, f"memberships/{agnes}/role", {"role": "contract_manager"})
    assert changed.status_code == 201, changed.content
    assert changed.json()["role"] == "contract_manager"
    assert post(alice, f"memberships/{agnes}/end").status_code == 409  # it has ended
    ended = post(alice, f"memberships/{changed.json()['id']}/end").json()
    assert ended["until_at"] is not None
    for last in (
        post(alice, f"memberships/{own}/role", {"role": "agent"}),
        post(alice, f"memberships/{own}/end"),
    ):
        assert (last.status_code, "administrator" in last.json()["detail"]) == (409, True)
    assert post(bob, f"memberships/{own}/end").status_code == 404
    assert signed_in(world, "agnes").get(API + "memberships").status_code in (401, 403)


# Throttling -----------------------------------------------------------------------------------


def test_who_asks_too_often_waits(
    world: World, alice: Hand, bob: Hand, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    monkeypatch.setenv(throttle.RATE, "3")
    monkeypatch.setenv(throttle.WORKERS, "1")
    monkeypatch.setattr(throttle, "BUCKETS", throttle.Buckets())
    assert [alice.get("tickets").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = alice.get("tickets")
    assert (refused["Retry-After"], refused["Content-Type"]) == ("20", "application/problem+json")
    assert refused.json()["type"] == "urn:afspraak:problem:too-many"
    assert bob.get("tickets").status_code == 200  # somebody else's bucket
    now.at = TUESDAY + 20 * SECOND
    assert [alice.get("tickets").status_code for _ in range(2)] == [200, 429]
    monkeypatch.setenv(throttle.RATE, "0")
    assert alice.get("tickets").status_code == 200


def test_a_bucket_never_gives_more_than_it_holds() -> None:
    """Over any stretch of time: a full bucket, and what has flowed in since; also where the clock
    goes back.
    """
    buckets, asker = throttle.Buckets(), UUID(int=1)
    taken = sum(buckets.take(asker, 60, at) == 0 for at in range(0, 2 * MINUTE, SECOND // 4))
    assert 120 + 60 - 1 <= taken <= 120 + 60
    assert buckets.take(asker, 60, -HOUR) > 0
