"""Where an agreement is in its life, and where its page leads."""

import re

import pytest
from django.test import Client
from django.utils import translation
from world import HOUR, TUESDAY, World, make_world

from afspraak.engine.in_force import Version, newest_in_force
from afspraak.engine.time import DAY
from afspraak.web import viewing as viewing_of_pages
from afspraak.web.life.stages import standing_of
from afspraak.web.speaking import Speaking

DAY_0 = 1_800_000_000_000_000
SIGNED = {"supplier": DAY_0, "customer": DAY_0 + DAY}


def version(name: str, days: tuple[int, int], signed: dict[str, int] | None = None) -> Version:
    from_at, until_at = (DAY_0 + each * DAY for each in days)
    return Version(name, "a", ("supplier", "customer"), from_at, until_at, signed or {})


@pytest.mark.parametrize(
    ("versions", "day", "key", "told"),
    [
        ([], 0, "made", "nothing to sign yet"),
        ([version("1", (10, 99))], 0, "signed", "the supplier and the customer"),
        ([version("1", (10, 99), {"supplier": DAY_0})], 20, "signed", "the customer"),
        ([version("1", (10, 99), SIGNED)], 5, "signed", "signed, holds from"),
        ([version("1", (10, 99), SIGNED)], 20, "running", "until"),
        ([version("1", (10, 99), SIGNED), version("2", (50, 99))], 20, "running", "; waits for"),
        ([version("1", (10, 99), SIGNED)], 120, "ended", "since"),
    ],
)
def test_where_it_is(versions: list[Version], day: int, key: str, told: str) -> None:
    at = DAY_0 + day * DAY
    with translation.override("en"):
        found = standing_of(versions, newest_in_force(versions, at), Speaking("UTC", at))
        assert (found.key, told in found.told) == (key, True)
        assert [each.key for each in found.stages if each.state == "now"] == [key]


@pytest.fixture
def world(as_system: None, monkeypatch: pytest.MonkeyPatch, settings: object) -> World:
    settings.SECOND_FACTOR = "none"
    monkeypatch.setattr(viewing_of_pages, "now", lambda: TUESDAY + HOUR)
    return make_world()


@pytest.mark.parametrize("who", ["coen", "bob"])
def test_every_part_of_it_opens(world: World, who: str) -> None:
    client = Client()
    client.force_login(
        world.people[who].account,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    address = f"/agreements/{world.versions['bakery'].agreement_id}/"
    assert address in client.get("/agreements/").content.decode()
    page = client.get(address).content.decode()
    parts = page[page.index('id="parts"') : page.index('id="versions"')]
    leads_to = re.findall(r'href="([^"]+)"', parts)
    assert len(leads_to) > 8
    assert {each: client.get(each).status_code for each in leads_to} == dict.fromkeys(leads_to, 200)
