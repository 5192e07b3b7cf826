"""Addresses of the three roles, and a database that is as it must be."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from afspraak.host import database as room
from afspraak.host.data import made
from afspraak.host.database import (
    EXTENSIONS,
    Address,
    address,
    connected,
    embedded,
    exists,
    prepare,
    read_url,
)
from afspraak.host.faults import HostFault


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFSPRAAK_DATA", str(tmp_path))
    url = "postgresql://boss:p%40ss@db.example:6543/sla?sslmode=require"
    monkeypatch.setenv("AFSPRAAK_DATABASE_URL", url)


@pytest.fixture
def fresh(owner: Address) -> Address:
    """The address of a database that is not there."""
    other = replace(owner, name="fresh")
    with connected(owner) as connection:
        connection.execute("DROP DATABASE IF EXISTS fresh")
    return other


def test_roles_of_a_server_elsewhere_share_its_address(elsewhere: None) -> None:
    owner, app = address("owner"), address("app")
    assert owner == Address(
        "db.example", 6543, "sla", "boss", "p@ss", options=(("sslmode", "require"),)
    )
    assert replace(app, user="boss", password="p@ss") == owner
    assert app.user == "afspraak_app"
    assert app.password == address("app").password != address("system").password


def test_the_name_can_be_said_apart(elsewhere: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFSPRAAK_DATABASE_NAME", "other")
    assert {address(role).name for role in room.ROLES} == {"other"}
    monkeypatch.delenv("AFSPRAAK_DATABASE_URL")
    assert {address(role).name for role in room.ROLES} == {"other"}


def test_an_address_is_written_as_it_is_read(elsewhere: None) -> None:
    owner = address("owner")
    assert read_url(owner.url()) == owner
    socket = Address("/a b/run", 5432, "sla", "boss", "")
    assert read_url(socket.url()) == socket
    six = Address("::1", 5432, "sla", "boss", "x")
    assert read_url(six.url()) == six


def test_nothing_shows_a_password(elsewhere: None) -> None:
    owner = address("owner")
    assert "p@ss" not in repr(owner)
    assert "p@ss" not in owner.url(hidden=True)
    assert "%40" not in owner.url(hidden=True)


@pytest.mark.parametrize(
    ("url", "fact"),
    [
        ("mysql://x:secret@h/d", "no address"),
        ("postgresql:///sla", "names no host"),
        ("postgresql://host/sla", "names no user"),
        ("postgresql://u:secret@h:no/sla", "port|no address"),
    ],
)
def test_an_address_that_says_nothing_is_refused_without_its_password(url: str, fact: str) -> None:
    with pytest.raises(HostFault, match=fact) as met:
        read_url(url)
    assert "secret" not in str(met.value)


def test_a_prepared_database_is_as_it_must_be(owner: Address, fresh: Address, data: Path) -> None:
    assert not exists(fresh)
    prepare(fresh)
    prepare(fresh)
    with connected(fresh) as connection:
        names = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
        order = connection.execute(
            "SELECT datcollate, datctype, datlocale, pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = 'fresh'"
        ).fetchone()
        sorted_so = connection.execute("SELECT 'Z' < 'a', 'z' < 'é', lower('É')").fetchone()
        may = connection.execute(
            "SELECT has_database_privilege('afspraak_app', 'fresh', 'CONNECT'),"
            " has_database_privilege('afspraak_app', 'fresh', 'CREATE'),"
            " has_schema_privilege('afspraak_app', 'public', 'CREATE')"
        ).fetchone()
    assert names >= set(EXTENSIONS)
    assert order == ("C.UTF-8", "C.UTF-8", "C.UTF-8", "UTF8")
    assert sorted_so == (True, True, "é")
    assert may == (True, False, False)


def test_roles_that_may_too_much_are_put_right(owner: Address, data: Path) -> None:
    with connected(owner) as connection:
        connection.execute("ALTER ROLE afspraak_app SUPERUSER BYPASSRLS CREATEDB PASSWORD 'x'")
    prepare(owner)
    with connected(embedded(data, "app")) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == (False,) * 5


def test_two_can_prepare_at_once(owner: Address, fresh: Address) -> None:
    faults: list[BaseException] = []

    def one() -> None:
        try:
            prepare(fresh)
        except BaseException as fault:  # noqa: BLE001 - told to the test
            faults.append(fault)

    both = [threading.Thread(target=one) for _ in range(3)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert faults == []
    assert exists(fresh)


def test_a_database_with_another_order_is_refused(owner: Address, fresh: Address) -> None:
    with connected(owner) as connection:
        connection.execute(
            "CREATE DATABASE fresh TEMPLATE template0 ENCODING 'UTF8'"
            " LOCALE 'C' LOCALE_PROVIDER libc"
        )
    with pytest.raises(HostFault, match=r"ordered by C, not UTF8 by C\.UTF-8"):
        prepare(fresh)


def test_an_old_server_is_named_and_refused(
    owner: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "OLDEST", 99)
    with pytest.raises(HostFault, match=r"the server is PostgreSQL \d+, older than 99"):
        prepare(owner)


def test_an_owner_who_does_not_see_every_row_is_refused(data: Path) -> None:
    with pytest.raises(HostFault, match="does not see every row"):
        prepare(embedded(data, "app"), data=data)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    where = embedded(made(tmp_path), "owner")
    with pytest.raises(HostFault, match="cannot be reached"):
        prepare(where)
