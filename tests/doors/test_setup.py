"""The set-up is a door onto the same actions: same rights, same refusals, nothing twice, no secret
shown twice, and what ends access is confirmed.
"""

import re
from base64 import b64encode
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import pytest
from conftest import take_role
from django.core import mail
from django.db.models import Model
from django.test import Client
from world import START, TUESDAY, World, make_world, sign

from afspraak.agreements.actions import invite_adviser
from afspraak.agreements.load import ladders_of, outside_rates
from afspraak.agreements.models import Adviser
from afspraak.engine.time import parse_instant
from afspraak.intake.models import Watched
from afspraak.language.begin import numbered
from afspraak.notices.models import Channel, Telling
from afspraak.parties.identity import identify_token
from afspraak.parties.models import (
    AuditEntry,
    Invitation,
    Membership,
    Organisation,
    Person,
    Relation,
    Token,
)
from afspraak.parties.roles import Right, Role
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import NumberSeries
from afspraak.web import viewing as viewing_of_pages

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ("", "organisations/", "people/", "warnings/", "mail/", "monitors/", "webhooks/", "tokens/")
OPENS = {
    "alice": {*PAGES},
    "coen": {"", "warnings/", "monitors/"},
    "agnes": {""},
    "bob": {"people/"},  # and from the first steps he is sent there
    "bob_user": set(),
}
KEYS = "1:" + b64encode(b"k" * 32).decode()
SECRET = re.compile(r"<code>((?:afs_|whsec_|http)[^<]+)</code>")


@pytest.fixture
def world(as_system: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> World:
    settings.SECOND_FACTOR = "none"
    monkeypatch.setattr(viewing_of_pages, "now", lambda: TUESDAY)
    for name in ("SMTP_URL", "ADDRESS", "IMAP_URL", "ORGANISATION", "TOKEN_KEYS", "AUTHSERV_ID"):
        monkeypatch.delenv(f"AFSPRAAK_MAIL_{name}", raising=False)
    made = make_world()
    take_role("app")
    return made


class Hand:
    """Somebody who is signed in, on the pages of the set-up."""

    def __init__(self, world: World, name: str) -> None:
        self.client = Client()
        take_role("system")
        self.client.force_login(world.people[name].account, backend=BACKEND)
        take_role("app")

    def get(self, path: str) -> Any:
        """A page; `page` is what stands there."""
        answer = self.client.get(f"/setup/{path}")
        self.page = answer.content.decode()
        return answer

    def post(self, path: str, **told: Any) -> int:
        """A form, and the page after it; the status of the form's own answer."""
        answer = self.client.post(f"/setup/{path}", told)
        self.page = answer.content.decode()
        if answer.status_code == 302:
            self.page = self.client.get(answer["Location"]).content.decode()
        return answer.status_code

    def secret(self) -> str:
        """What the page shows this once."""
        found = SECRET.search(self.page)
        assert found, self.page
        return found[1]


def rows(model: type[Model], **wanted: Any) -> Any:
    """As the system sees them; then the application's role holds again."""
    take_role("system")
    found = list(model.objects.seen_by(SYSTEM).filter(**wanted).order_by("pk"))
    take_role("app")
    return found


def test_each_page_opens_for_whom_its_policy_says(world: World) -> None:
    for name, opens in OPENS.items():
        hand = Hand(world, name)
        answered = {path: hand.get(path).status_code for path in PAGES}
        assert {path for path, status in answered.items() if status == 200} == opens, name
        assert {answered[path] for path in set(PAGES) - opens - {""}} <= {403}, name
        menu = hand.client.get("/").content.decode()
        assert ('data-key="i"' in menu) == (name in ("alice", "coen", "bob")), name


def test_a_version_that_was_replaced_says_so_in_the_list_and_on_its_own_page(world: World) -> None:
    old = world.versions["bakery"]
    take_role("system")
    data = numbered(bytes(old.document), 2, date(2027, 2, 1))
    new = sign(world, world.to_bakery, data, parse_instant("2027-01-20T09:00:00Z"))
    take_role("app")
    coen = Hand(world, "coen")
    told = {old.pk: "vervangen", new.pk: "van kracht"}
    coen.get("agreements/?q=bakker")
    assert [coen.page.count(each) for each in told.values()] == [1, 1]
    for version, how in told.items():
        coen.get(f"agreements/{version}/")
        badge = coen.page.partition('class="badge')[2].partition("</dd>")[0]
        assert how in badge


# Access -------------------------------------------------------------------------------------------


def test_a_link_is_shown_once_and_a_form_sent_twice_invites_once(world: World) -> None:
    alice = Hand(world, "alice")
    told = {
        "email": "dirk@noord.example",
        "role": "agent",
        "organisation": world.supplier.pk,
        "once": uuid4(),
    }
    assert alice.post("people/", **told) == 302
    link = alice.secret()
    assert "/join/" in link
    secret = link.rstrip("/").rsplit("/", 1)[1]
    assert secret not in str(rows(AuditEntry)) + str(rows(Invitation)[0].__dict__)
    alice.get("people/")
    assert not SECRET.search(alice.page)
    assert alice.post("people/", **told) == 302
    assert "niets dubbel" in alice.page
    assert len(rows(Invitation)) == 1
    assert Client().get(f"/join/{secret}/").status_code == 200


def test_a_new_link_ends_the_old_one_and_a_withdrawn_one_opens_nothing(world: World) -> None:
    alice = Hand(world, "alice")
    alice.post("people/", email="dirk@noord.example", role="agent", organisation=world.supplier.pk)
    first, row = alice.secret(), rows(Invitation)[0]
    assert alice.post(f"invited/{row.pk}/again/", once=uuid4()) == 302
    second = alice.secret()
    path = {each: each[each.index("/join/") :] for each in (first, second)}
    assert Client().get(path[first]).status_code == 404
    assert Client().get(path[second]).status_code == 200
    (fresh,) = rows(Invitation, used_at=None)
    assert alice.post(f"invited/{row.pk}/again/") == 302
    assert "nodig opnieuw uit" in alice.page
    assert alice.post(f"invited/{fresh.pk}/withdraw/") == 302
    assert Client().get(path[second]).status_code == 404


def test_the_link_is_mailed_where_mail_leaves(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Hand(world, "alice")
    told = {"email": "dirk@noord.example", "role": "agent", "organisation": world.supplier.pk}
    alice.post("people/", **told, mail="1")
    assert mail.outbox == []
    monkeypatch.setenv("AFSPRAAK_MAIL_ADDRESS", "desk@noord.example")
    monkeypatch.setenv("AFSPRAAK_MAIL_SMTP_URL", "smtp://localhost")
    alice.post("people/", **told, mail="1")
    (sent,) = mail.outbox
    assert sent.to == ["dirk@noord.example"]
    assert alice.secret() in sent.body


def test_nobody_gives_or_ends_more_than_they_may(world: World) -> None:
    bob = Hand(world, "bob")
    told = {"email": "x@bakery.example", "organisation": world.bakery.pk}
    assert bob.post("people/", **told, role="admin") == 422
    assert (
        bob.post("people/", **told | {"organisation": world.notary.pk}, role="customer_user") == 422
    )
    assert bob.post("people/", **told, role="customer_user") == 302
    (held,) = rows(Membership, person=world.people["agnes"])
    assert bob.get(f"people/{held.pk}/end/").status_code == 404
    assert bob.post(f"people/{held.pk}/role/", role="customer_user") == 404
    (mine,) = rows(Membership, person=world.people["bob_user"])
    assert bob.post(f"people/{mine.pk}/role/", role="admin") == 302
    assert "mag meer dan u" in bob.page
    assert [each.role for each in rows(Membership, pk=mine.pk, until_at=None)] == [
        Role.CUSTOMER_USER
    ]
    assert bob.post(f"people/{mine.pk}/role/", role="customer_manager") == 302
    assert rows(Membership, person=world.people["bob_user"], until_at=None)[0].role == (
        Role.CUSTOMER_MANAGER
    )


def test_a_role_ends_after_it_was_confirmed_and_the_last_administrator_stays(world: World) -> None:
    alice = Hand(world, "alice")
    (held,) = rows(Membership, person=world.people["coen"])
    alice.get(f"people/{held.pk}/end/")
    assert "De rol van Coen beëindigen?" in alice.page
    assert rows(Membership, pk=held.pk, until_at=None)
    assert alice.post(f"people/{held.pk}/end/") == 302
    assert not rows(Membership, pk=held.pk, until_at=None)
    assert alice.get(f"people/{held.pk}/end/").status_code == 404
    (own,) = rows(Membership, person=world.people["alice"])
    assert alice.post(f"people/{own.pk}/end/") == 422
    assert "laatste beheerder" in alice.page


def test_an_adviser_is_ended_by_who_invited(world: World) -> None:
    take_role("system")
    adviser = invite_adviser(
        agreement=world.versions["bakery"].agreement,
        person=world.people["charlie"],
        organisation=world.bakery.pk,
        at=START,
    )
    take_role("app")
    assert Hand(world, "alice").post(f"advisers/{adviser.pk}/end/") == 404
    bob = Hand(world, "bob")
    assert bob.get(f"advisers/{adviser.pk}/end/").status_code == 200
    assert rows(Adviser, until_at=None)
    assert bob.post(f"advisers/{adviser.pk}/end/") == 302
    assert not rows(Adviser, until_at=None)
    assert "end_advice" in [each.action for each in rows(AuditEntry)]


def test_a_token_is_shown_once_holds_what_was_chosen_and_is_ended(world: World) -> None:
    alice = Hand(world, "alice")
    told = {"name": "Kuma", "rights": [Right.WRITE_SERVICES.value], "until_on": "2027-06-01"}
    once = {"once": uuid4()}
    assert alice.post("tokens/", **told, **once) == 302
    secret = alice.secret()
    known = identify_token(secret, TUESDAY + 1)
    assert known is not None
    assert known.rights == {Right.WRITE_SERVICES}
    assert "no-store" in alice.get("tokens/")["Cache-Control"]
    assert secret not in alice.page
    assert alice.post("tokens/", **told, **once) == 302
    assert len(rows(Token)) == 1
    (row,) = rows(Token)
    assert alice.get(f"tokens/{row.pk}/end/").status_code == 200
    assert identify_token(secret, TUESDAY + 1) is not None
    assert alice.post(f"tokens/{row.pk}/end/") == 302
    assert identify_token(secret, TUESDAY + 1) is None
    assert alice.post("tokens/", **told | {"until_on": "2029-01-01"}) == 422
    assert alice.post("tokens/", name="x", until_on="2027-06-01") == 422


# Who there is -------------------------------------------------------------------------------------


def test_a_customer_is_entered_once_changed_and_its_people_known(world: World) -> None:
    alice = Hand(world, "alice")
    told = {
        "name": "Drukkerij Sol",
        "register": "kvk:55556666",
        "language": "fr",
        "zone": "Europe/Brussels",
    }
    once = {"once": uuid4()}
    assert alice.post("organisations/", **told, **once) == 302
    assert alice.post("organisations/", **told, **once) == 302
    (sol,) = rows(Organisation, name="Drukkerij Sol")
    assert rows(Relation, customer=sol, supplier=world.supplier)
    assert alice.post("organisations/", **told | {"name": "Nog eens"}) == 422
    assert alice.post("organisations/", **told | {"register": "12"}) == 422
    assert alice.post("organisations/", **told | {"register": "kbo:0123456789"}) == 422
    assert "geen KBO-nummer" in alice.page
    assert alice.post("organisations/", **told | {"name": "a\u202eb", "register": ""}) == 422
    path = f"organisations/{sol.pk}/"
    changed = {**told, "what": "change", "phone": "+32 3 555 01 22"}
    assert alice.post(path, **changed) == 302
    assert rows(Organisation, pk=sol.pk)[0].phone == "+32 3 555 01 22"
    assert (
        alice.post(path, what="person", name="Sol", email="SOL@sol.example", language="fr") == 302
    )
    (person,) = rows(Person, organisation=sol)
    assert person.email == "sol@sol.example"
    named = {"name": "Marie Sol", "language": "fr", "email": "", "phone": ""}
    assert alice.post(f"person/{person.pk}/", **named) == 302
    assert rows(Person, pk=person.pk)[0].name == "Marie Sol"


def test_who_stands_by_itself_says_itself_who_it_is(world: World) -> None:
    alice = Hand(world, "alice")
    path, told = f"organisations/{world.bakery.pk}/", {"language": "nl", "zone": "Europe/Paris"}
    assert alice.post(path, what="change", name="Anders", **told) == 422
    assert "zegt zelf wie zij is" in alice.page
    assert rows(Organisation, pk=world.bakery.pk)[0].name == world.bakery.name
    strange = rows(Person, name="Charlie")[0]
    zuid = Hand(world, "coen")
    assert zuid.get(f"person/{strange.pk}/").status_code == 403


def test_numbers_are_begun_once(world: World) -> None:
    take_role("system")
    NumberSeries.objects.seen_by(SYSTEM).all().delete()
    take_role("app")
    alice = Hand(world, "alice")
    path = f"organisations/{world.supplier.pk}/"
    assert alice.post(path, what="numbers", begins="MEL-") == 302
    assert rows(NumberSeries)[0].prefix == "MEL-"
    alice.post(path, what="numbers", begins="X-")
    assert rows(NumberSeries)[0].prefix == "MEL-"


# Programs -----------------------------------------------------------------------------------------


def test_a_webhooks_secret_is_shown_once_and_its_address_never(world: World) -> None:
    alice = Hand(world, "alice")
    told = {"name": "Planner", "kind": "webhook", "events": ["missed"], "once": uuid4()}
    assert alice.post("webhooks/", **told, url="http://planner.example/in") == 422
    assert "begint met https://" in alice.page
    assert alice.post("webhooks/", **told, url="https://planner.example/s3cret") == 302
    assert alice.secret().startswith("whsec_")
    alice.get("webhooks/")
    assert not SECRET.search(alice.page)
    assert "s3cret" not in alice.page
    assert alice.post("webhooks/", name="x", kind="chat", url="https://x.example") == 422
    (row,) = rows(Channel)
    assert alice.get(f"webhooks/{row.pk}/end/").status_code == 200
    assert alice.post(f"webhooks/{row.pk}/end/") == 302
    assert not rows(Channel, ended_at=None)


def test_a_monitors_word_stands_for_a_service_until_it_is_ended(world: World) -> None:
    coen = Hand(world, "coen")
    agreement = world.versions["bakery"].agreement_id
    told = {"label": "mail.noord", "service": f"{agreement}/e-mail"}
    assert coen.post("monitors/", **told | {"service": f"{agreement}/koffie"}) == 422
    assert coen.post("monitors/", **told) == 302
    assert coen.post("monitors/", **told) == 302
    (row,) = rows(Watched)
    assert Hand(world, "bob").get(f"monitors/{row.pk}/end/").status_code == 403
    assert coen.get(f"monitors/{row.pk}/end/").status_code == 200
    assert coen.post(f"monitors/{row.pk}/end/") == 302
    assert not rows(Watched, ended_at=None)


def test_mail_says_what_is_missing_and_shows_no_password(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = Hand(world, "alice")
    alice.get("mail/")
    assert "AFSPRAAK_MAIL_SMTP_URL" in alice.page
    assert alice.post("mail/try/") == 302
    assert "wat ontbreekt" in alice.page
    monkeypatch.setenv("AFSPRAAK_MAIL_SMTP_URL", "smtps://me:pa55@mail.noord.example:465")
    monkeypatch.setenv("AFSPRAAK_MAIL_IMAP_URL", "imaps://me:pa55@mail.noord.example/INBOX")
    alice.get("mail/")
    assert "mail.noord.example:465" in alice.page
    assert "pa55" not in alice.page
    monkeypatch.setenv("AFSPRAAK_MAIL_ORGANISATION", "kvk:99999999")
    monkeypatch.setenv("AFSPRAAK_MAIL_ADDRESS", "hulp@mail.noord.example")
    monkeypatch.setenv("AFSPRAAK_MAIL_TOKEN_KEYS", KEYS)
    for page in ("mail/", ""):
        alice.get(page)
        assert "mail.noord.example" not in alice.page, page


# Beside the agreements ----------------------------------------------------------------------------


def ladder(path: str, hand: Hand, *steps: tuple[str, str], **more: str) -> int:
    body = [("percent", each) for each, _ in steps] + [("role", each) for _, each in steps]
    answer = hand.client.post(
        f"/setup/{path}",
        urlencode([*body, *more.items()]),
        content_type="application/x-www-form-urlencoded",
    )
    hand.page = answer.content.decode()
    return answer.status_code


def test_an_agreement_has_its_own_ladder_until_the_usual_one_holds_again(world: World) -> None:
    coen, bakery = Hand(world, "coen"), world.versions["bakery"]
    path = f"warnings/{bakery.agreement_id}/"
    assert coen.get(path).status_code == 200
    assert ladder(path, coen, ("50", "agent"), ("100", "account_manager"), ("", "agent")) == 302
    assert own_ladder(bakery.agreement_id, bakery.relation_id) == (
        (50, "agent"),
        (100, "account_manager"),
    )
    assert ladder(path, coen, ("140", "agent")) == 422
    assert ladder(path, coen, ("50", "customer_user")) == 422
    assert ladder(path, coen, ("50", "customer_manager")) == 422
    assert ladder(path, coen, usual="1") == 302
    assert own_ladder(bakery.agreement_id, bakery.relation_id) is None
    assert ladder(path, coen, what="telling", breach_by_itself="1", warn_days="400") == 422
    assert ladder(path, coen, what="telling", breach_by_itself="1", warn_days="21") == 302
    (telling,) = rows(Telling)
    assert (telling.breach_by_itself, telling.warn_days) == (True, 21)


def own_ladder(agreement: UUID, relation: UUID) -> Any:
    take_role("system")
    found = ladders_of([relation], SYSTEM).get(agreement)
    take_role("app")
    return found


def test_a_rate_outside_holds_from_today_and_never_twice(world: World) -> None:
    coen = Hand(world, "coen")
    told = {"per_hour": "95.00", "from_on": "2027-03-02", "until_on": "2028-01-01"}
    assert coen.post("warnings/", **told | {"from_on": "2027-03-01"}) == 422
    assert "op zijn vroegst vandaag" in coen.page
    assert coen.post("warnings/", **told, once=uuid4()) == 302
    assert (
        coen.post("warnings/", **told | {"from_on": "2027-12-31", "until_on": "2029-01-01"}) == 422
    )
    assert (
        coen.post("warnings/", **told | {"from_on": "2028-01-01", "until_on": "2027-01-01"}) == 422
    )
    take_role("system")
    (rate,) = outside_rates(world.supplier.pk, SYSTEM)
    take_role("app")
    assert str(rate.per_hour) == "95.00"
    assert Hand(world, "agnes").post("warnings/", **told) == 403


# The first steps ----------------------------------------------------------------------------------


def test_the_steps_say_what_exists_and_what_comes_next(world: World) -> None:
    alice = Hand(world, "alice")
    alice.get("")
    told = re.sub(r"<[^>]+>", " ", alice.page)
    assert re.search(r"Nu:\s+Uw eigen organisatie", told)
    assert "nog niet: telefoon" in told
    assert re.search(r"2 collega|3 collega", told)
    assert "nl-2027-0042 geldt" in told or "nl-2027-0043 geldt" in told
    agnes = Hand(world, "agnes")
    agnes.get("")
    assert "/setup/people/" not in agnes.page
    assert date(2027, 3, 2).isoformat() not in agnes.page
