"""Who looks, as the database is told: never later than the first statement, never once it is over,
and whatever is undone in between.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from conftest import take_role
from django.db import DataError, ProgrammingError, connection, transaction
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread
from world import START, World, make_world

from afspraak.agreements.identity import who_asks
from afspraak.parties.models import Person, Relation
from afspraak.rights.planned import planned, together
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import NOBODY, SYSTEM, Viewer, viewing


@pytest.fixture
def world(as_system: None) -> World:
    """Made as the system; from then on the application's role holds."""
    world = make_world()
    take_role("app")
    return world


def shown() -> int:
    """What the second wall alone shows."""
    return Relation.objects.seen_by(SYSTEM).count()


def undone_by_a_fault() -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        shown()
        raise ZeroDivisionError


def undone_by_the_database() -> None:
    with suppress(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO parties_presence DEFAULT VALUES")


def undone_quietly() -> None:
    with transaction.atomic():
        shown()
        transaction.set_rollback(True)


def undone_in_what_is_sent_together() -> None:
    with suppress(DataError), transaction.atomic(), together():
        planned().execute("SELECT 1 / %s::integer", [0])


def with_a_named_cursor() -> None:
    assert len(list(Relation.objects.seen_by(SYSTEM).iterator(1))) == 1


def with_many_values() -> None:
    with connection.cursor() as cursor:
        cursor.executemany("SELECT %s", [[1], [2]])


@pytest.mark.parametrize(
    "first",
    [shown, undone_by_a_fault, undone_by_the_database, undone_quietly, with_many_values,
     with_a_named_cursor, undone_in_what_is_sent_together],
)  # fmt: skip
def test_the_eyes_are_those_of_who_looks_now(world: World, first: Callable[[], object]) -> None:
    with viewing(world.viewer("bob")):  # he has one relation, Alice has more
        first()
        assert shown() == 1
        with viewing(world.viewer("alice")) as look:
            theirs = shown()
            look(world.viewer("bob"))
            assert shown() == 1
        assert shown() == 1
    assert theirs > 1
    assert shown() == 0


def test_a_block_that_asks_nothing_tells_nothing(world: World) -> None:
    asked: list[str] = []

    def note(execute: Callable[..., object], sql: str, *rest: object) -> object:
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        with viewing(world.viewer("alice")), viewing(NOBODY):
            pass
        with viewing(world.viewer("alice")):
            shown()
    assert len(asked) == 1


def test_percent_signs_and_names_in_what_is_told_harm_nothing(world: World) -> None:
    odd = replace(world.viewer("bob"), address="50%s' || 'x\\%")
    with viewing(odd), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('afspraak.address'), %s", ["%"])
        assert cursor.fetchone() == (odd.address, "%")


def test_a_plan_that_is_kept_serves_all_eyes(world: World) -> None:
    account = world.people["bob"].account_id
    assert account is not None
    for name in ("bob", "alice", "bob"):
        asking = who_asks(world.people[name].account_id, START + 1)
        assert asking is not None
        assert asking.person == world.people[name].id
        assert set(asking.roles) == {world.people[name].organisation_id}
    with viewing(world.viewer("alice")):  # asked with her eyes, it is still he who is shown
        found = who_asks(account, START + 1)
        assert found is not None
        assert found.person == world.people["bob"].id
    assert who_asks(world.people["bob"].id, START + 1) is None


def test_inside_a_transaction_no_plan_is_kept(world: World) -> None:
    with viewing(world.viewer("bob")), kept_plans():
        first = set(Person.objects.seen_by(world.viewer("bob")).values_list("id"))
        assert first
        assert set(Person.objects.seen_by(world.viewer("bob")).values_list("id")) == first


def test_what_was_told_with_something_that_failed_is_told_again(
    own_database: str, django_db_blocker: DjangoDbBlocker
) -> None:
    """Outside a transaction what is sent together is one by itself: the settings go with it."""

    def address() -> str:
        with viewing(Viewer(address="bob")):
            with suppress(DataError), together():
                planned().execute("SELECT 1 / %s::integer", [0])
            with planned() as cursor:
                cursor.execute("SELECT current_setting('afspraak.address', true)")
                return str(cursor.fetchone()[0])

    with django_db_blocker.unblock(), as_database(own_database, "app"):
        assert in_thread(address) == "bob"
