"""Signing in: by password or code, with a second factor, throttled, and nobody by himself."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from conftest import take_role
from django.core import mail
from django.core.cache import cache
from django.db import InternalError
from django.test import Client
from django.urls import get_resolver
from world import START, TUESDAY, World, make_world

from afspraak.parties.actions_access import Wanted, invite
from afspraak.parties.identity import Identity
from afspraak.parties.models import Account
from afspraak.parties.roles import Role
from afspraak.parties.stated import policy_of
from afspraak.rights.viewer import Viewer, viewing
from afspraak.web import viewing as viewing_of_pages

PASSWORD = "a long word of one's own"


@pytest.fixture
def world(as_system: None, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(viewing_of_pages, "now", lambda: TUESDAY)
    cache.clear()
    world = make_world()
    for name in ("alice", "bob"):
        account = world.people[name].account
        account.set_password(PASSWORD)
        account.save()
    take_role("app")
    return world


def sign_in(client: Client, email: str, password: str = PASSWORD) -> object:
    return client.post("/account/login/", {"login": email, "password": password})


def add_app(email: str) -> str:
    """An authenticator app for an account; its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with viewing(Viewer(address=email)):
        TOTP.activate(Account.objects.get(email=email), secret)
    return secret


def test_bob_signs_in_with_his_password(world: World, client: Client) -> None:
    answer = sign_in(client, "Bob@bakery.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    page = client.get("/")
    assert page.status_code == 200
    assert world.bakery.name in page.content.decode()
    assert world.notary.name not in page.content.decode()


@pytest.mark.parametrize("email", ["bob@bakery.example", "nobody@bakery.example"])
def test_a_wrong_password_and_an_unknown_address_are_told_alike(
    world: World, client: Client, email: str
) -> None:
    answer = sign_in(client, email, "wrong")
    assert answer.status_code == 200
    shown = re.sub(r'(value|csrfmiddlewaretoken|nonce)="[^"]*"', "", answer.content.decode())
    other = re.sub(
        r'(value|csrfmiddlewaretoken|nonce)="[^"]*"',
        "",
        sign_in(Client(), "somebody@else.example", "wrong").content.decode(),
    )
    assert shown == other


def test_a_code_by_mail_signs_in(world: World, client: Client) -> None:
    client.post("/account/login/code/", {"email": "bob@bakery.example"})
    assert len(mail.outbox) == 1
    code = re.search(r"^[A-Z0-9-]{6,}$", mail.outbox[0].body, re.MULTILINE)
    assert code, mail.outbox[0].body
    client.post("/account/login/code/confirm/", {"code": code[0]})
    assert client.get("/").status_code == 200


def test_no_mail_goes_to_an_unknown_address(world: World, client: Client) -> None:
    client.post("/account/login/code/", {"email": "nobody@bakery.example"})
    client.post("/account/password/reset/", {"email": "nobody@bakery.example"})
    assert mail.outbox == []


def test_nobody_signs_up_by_himself() -> None:
    names = {str(each) for each in get_resolver().reverse_dict if isinstance(each, str)}
    assert not [name for name in names if "signup" in name]


def test_failures_close_the_address_for_a_while(world: World, client: Client) -> None:
    for _ in range(5):
        answer = sign_in(client, "bob@bakery.example", "wrong")
    assert answer.status_code == 429
    assert sign_in(client, "bob@bakery.example").status_code == 429


def test_staff_must_take_a_second_factor_first(world: World, client: Client) -> None:
    sign_in(client, "alice@supplier.example")
    for path in ("/", "/setup/people/", "/setup/tokens/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/")
    assert client.get("/account/second-factor/").status_code == 200
    assert client.get("/account/second-factor/app/").status_code in (200, 302)


def test_the_second_factor_is_asked_and_opens(world: World, client: Client) -> None:
    secret = add_app("alice@supplier.example")
    row = None
    with viewing(Viewer(address="alice@supplier.example")):
        row = Authenticator.objects.get()
    assert secret not in str(row.data)  # sealed where it lies
    answer = sign_in(client, "alice@supplier.example")
    assert answer["Location"] == "/account/second-factor/authenticate/"
    assert client.get("/").status_code == 302
    assert client.get("/account/second-factor/authenticate/").status_code == 200
    code = format_hotp_value(hotp_value(secret, max(yield_hotp_counters_from_time())))
    client.post("/account/second-factor/authenticate/", {"code": code})
    page = client.get("/")
    assert page.status_code == 200
    assert world.supplier.name in page.content.decode()


def demonstration(world: World, name: str) -> None:
    take_role("system")
    Account.objects.filter(pk=world.people[name].account_id).update(is_demonstration=True)
    take_role("app")


def test_a_demonstration_account_needs_none_here_and_opens_nothing_elsewhere(
    world: World,
) -> None:
    demonstration(world, "alice")
    here = Client(headers={"host": "localhost:8000"})
    sign_in(here, "alice@supplier.example")
    page = here.get("/")
    assert page.status_code == 200
    assert 'class="banner"' in page.content.decode()
    assert here.get("/", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert here.get("/setup/people/", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_a_new_password_ends_other_sessions(world: World, client: Client) -> None:
    other = Client()
    for each in (client, other):
        sign_in(each, "bob@bakery.example")
        assert each.get("/").status_code == 200
    told = {"oldpassword": PASSWORD, "password1": PASSWORD + "!", "password2": PASSWORD + "!"}
    assert client.post("/account/password/", told).status_code == 302
    assert other.get("/").status_code == 302
    assert sign_in(Client(), "bob@bakery.example", PASSWORD + "!")["Location"] == "/"


def test_a_reset_link_works_once(world: World, client: Client) -> None:
    client.post("/account/password/reset/", {"email": "bob@bakery.example"})
    link = re.search(r"/account/password/reset/\S+", mail.outbox[0].body)
    assert link
    form = client.get(link[0], follow=True)
    told = {"password1": PASSWORD + "?", "password2": PASSWORD + "?"}
    assert client.post(form.request["PATH_INFO"], told).status_code == 302
    assert sign_in(Client(), "bob@bakery.example", PASSWORD + "?")["Location"] == "/"
    again = Client().get(link[0], follow=True)
    assert "password1" not in again.content.decode()


def test_a_guest_joins_by_the_link(world: World, client: Client) -> None:
    bob = signed(world, "bob")
    with viewing(bob.viewer):
        wanted = Wanted(world.bakery.id, "new@bakery.example", role=Role.CUSTOMER_USER)
        _, secret = invite(wanted=wanted, actor=bob.actor, rights=bob.rights, at=TUESDAY - 1)
    page = client.get(f"/join/{secret}/")
    assert world.bakery.name in page.content.decode()
    answer = client.post(f"/join/{secret}/", {"name": "Nel", "password": PASSWORD})
    assert answer["Location"] == "/"
    assert client.get(f"/join/{secret}/").status_code == 404
    assert sign_in(client, "new@bakery.example")["Location"] == "/"
    assert client.get("/").status_code == 200


def signed(world: World, name: str) -> Identity:
    from afspraak.agreements.identity import identify  # noqa: PLC0415  (beside its use)

    found = identify(world.people[name].account_id, START + 1)
    assert found is not None
    return found


def test_pages_are_private_and_run_nothing_foreign(world: World, client: Client) -> None:
    sign_in(client, "bob@bakery.example")
    for path in ("/", "/setup/people/", "/account/login/", "/account/second-factor/"):
        answer = client.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        page = answer.content.decode()
        assert not re.search(r"\son[a-z]+=|style=|<style|javascript:", page)
        assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)


def test_every_page_states_its_policy() -> None:
    def walk(patterns: list[object], prefix: str = "") -> list[str]:
        bare = []
        for each in patterns:
            route = prefix + str(each.pattern)
            if hasattr(each, "url_patterns"):
                bare += walk(each.url_patterns, route)
            elif not route.startswith("api/") and policy_of(each.callback) is None:
                bare.append(route)
        return bare

    assert walk(get_resolver().url_patterns) == []


def test_a_page_without_a_policy_is_refused(world: World, client: Client, settings: object) -> None:
    settings.ROOT_URLCONF = "bare_urls"
    client.raise_request_exception = False
    assert client.get("/bare/").status_code == 500


def test_probes_answer_anybody_and_metrics_only_here(world: World, client: Client) -> None:
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["database"], ready.json()["watch"]) == (
        503,
        True,
        False,
    )
    here = Client(headers={"host": "localhost:8000"})
    assert b"afspraak_http_requests_total" in here.get("/metrics").content
    assert here.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_a_database_that_cannot_write_who_was_here_costs_no_page(
    world: World,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(**_told: object) -> None:
        raise InternalError("cannot execute INSERT in a read-only transaction")

    sign_in(client, "bob@bakery.example")
    monkeypatch.setattr(viewing_of_pages, "note_seen", refuse)
    assert client.get("/").status_code == 200
    assert "not written down who was here" in caplog.text
