"""The door for programs, tried under the role that bypasses nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hands import Hand, give_token, take_role
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread, serving
from world import TUESDAY, World, make_world

from afspraak.api import admission


@dataclass
class Now:
    """The moment that the door's clock shows."""

    at: int = TUESDAY


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    moment = Now()
    monkeypatch.setattr(admission, "now", lambda: moment.at)
    return moment


@pytest.fixture
def world(db: None, now: Now) -> World:
    """The world, and from here on only what the application may do."""
    take_role("system")
    made = make_world()
    made.secrets = {name: give_token(made, name) for name in made.people}
    take_role("app")
    return made


@pytest.fixture
def hand(world: World) -> Callable[[str], Hand]:
    """The hand of one of the people; of nobody for an empty name."""
    return lambda name: Hand(world.secrets.get(name, ""))


@pytest.fixture
def alice(hand: Callable[[str], Hand]) -> Hand:
    return hand("alice")


@pytest.fixture
def bob(hand: Callable[[str], Hand]) -> Hand:
    return hand("bob")


@pytest.fixture
def charlie(hand: Callable[[str], Hand]) -> Hand:
    return hand("charlie")


@dataclass
class Served:
    """The API as it is served, and a world in it."""

    url: str
    world: World


@pytest.fixture
def served(
    own_database: str,
    now: Now,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Served]:
    """A world of its own, really committed, and a server for it; its clock stands, so nobody's
    bucket would ever be filled again.
    """
    monkeypatch.setenv("AFSPRAAK_API_RATE", "0")
    with django_db_blocker.unblock():
        with as_database(own_database, "system"):
            world = in_thread(make_with_secrets)
        with as_database(own_database, "app"), serving() as url:
            yield Served(url, world)


def make_with_secrets() -> World:
    made = make_world()
    made.secrets = {name: give_token(made, name) for name in made.people}
    return made
