"""How often a page asks the database: a number a page, however many rows there are. Each more is a
round trip that everybody waits for, so it is to be seen here before it is there.
"""

from collections.abc import Callable

import pytest
from conftest import take_role
from django.db import connection
from django.test import Client
from world import HOUR, TUESDAY, World, make_world

from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM
from afspraak.web import viewing as viewing_of_pages
from afspraak.web.caller import MOST_PEOPLE

WHO = 2
"""Whose session it is, and who that is."""
PAGES = {
    "/desk/": WHO + 3,
    "/desk/?customer={bakery}": WHO + 18,
    "/desk/search/?q=mail": WHO + 10,
    "/queue/": WHO + 5,
    "/queue/part/": WHO + 4,
    "/at-risk/": WHO + 11,
    "/t/{number}/": WHO + 11,
}


@pytest.fixture
def desk(
    as_system: None, monkeypatch: pytest.MonkeyPatch, settings: object
) -> tuple[Client, World]:
    settings.SECOND_FACTOR = "none"
    monkeypatch.setattr(viewing_of_pages, "now", lambda: TUESDAY + HOUR)
    world, client = make_world(), Client()
    client.force_login(
        world.people["agnes"].account,
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client, world


def asked(client: Client, path: str) -> list[str]:
    found: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        assert client.get(path).status_code == 200
    return found


def test_a_page_asks_as_often_with_many_rows_as_with_few(desk: tuple[Client, World]) -> None:
    client, world = desk
    first = world.report(TUESDAY)
    told = {"bakery": world.bakery.id, "number": first.ticket.number}
    take_role("app")
    few = {}
    for page in PAGES:
        asked(client, page.format(**told))  # what is read once a process is read
        few[page] = asked(client, page.format(**told))
    take_role("system")
    for number in range(12):
        world.report(TUESDAY + number + 1, to=("bakery", "notary")[number % 2])
    take_role("app")
    for page, most in PAGES.items():
        asked(client, page.format(**told))
        many = asked(client, page.format(**told))
        assert len(many) <= most, (page, len(many), many)
        assert len(many) <= len(few[page]), (page, many)


def test_of_a_customers_people_so_many_are_named(desk: tuple[Client, World]) -> None:
    client, world = desk
    there = Person.objects.seen_by(SYSTEM).filter(organisation=world.bakery).count()
    more = [
        Person(
            id=new_id(TUESDAY + number),
            organisation=world.bakery,
            name=f"Aad {number:02}",
            created_at=datetime_of(TUESDAY),
        )
        for number in range(MOST_PEOPLE)
    ]
    Person.objects.bulk_create(more)
    take_role("app")
    page = client.get(f"/desk/?customer={world.bakery.id}").content.decode()
    assert [page.count(f">{each.name}<") for each in more] == [1] * MOST_PEOPLE
    assert f"en nog {there}<" in page
    assert ">Bob<" not in page
    page = client.get(f"/desk/?customer={world.bakery.id}&person={world.people['bob'].id}")
    assert "Bob" in page.content.decode(), "whoever is on the line is no list"
