"""A server that is not ours, over the network, with an owner who is no superuser."""

import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from afspraak.host import cluster
from afspraak.host.backup import back_up
from afspraak.host.checks import State
from afspraak.host.checks_database import of_database
from afspraak.host.data import made
from afspraak.host.database import Address, address, connected, embedded, exists, prepare
from afspraak.host.faults import HostFault
from afspraak.host.places import places_of
from afspraak.host.restore import restore

RULES = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
USERS = ("afspraak_app", "afspraak_system")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def server(made_data: Path, ground: Path) -> Iterator[Address]:
    """The superuser of a server that listens on the network."""
    cluster.stop(made_data)
    rules = ground / "rules"
    rules.write_text(RULES)
    port = free_port()
    listening = {"listen_addresses": "127.0.0.1", "port": str(port), "hba_file": str(rules)}
    assert cluster.start(made_data, parameters=listening)
    yield Address(str(places_of(made_data).run), port, "postgres", "afspraak_owner", "")
    cluster.stop(made_data)
    cluster.start(made_data)
    prepare(embedded(made_data, "owner"), data=made_data)


@pytest.fixture
def boss(server: Address) -> Iterator[Address]:
    """The same; nobody has prepared anything."""
    clean(server)
    yield server
    clean(server)


def clean(boss: Address) -> None:
    with connected(boss) as connection:
        for name in ("sla", "sla_restoring", "sla_replaced", "afspraak", "fresh"):
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        for user in (*USERS, "chief"):
            connection.execute(f"DROP ROLE IF EXISTS {user}")


@pytest.fixture
def there(boss: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation that uses it; its data folder."""
    with connected(boss) as connection:
        connection.execute(
            "CREATE ROLE chief LOGIN CREATEDB CREATEROLE BYPASSRLS PASSWORD 'p@ss/word'"
        )
    url = f"postgresql://chief:p%40ss%2Fword@127.0.0.1:{boss.port}/sla"
    monkeypatch.setenv("AFSPRAAK_DATABASE_URL", url)
    monkeypatch.setenv("AFSPRAAK_DATA", str(tmp_path))
    return made(tmp_path)


def test_all_of_it_works_there_too(there: Path) -> None:
    owner = address("owner")
    prepare(owner)
    prepare(owner)
    with connected(owner) as connection:
        connection.execute("CREATE TABLE said (number int)")
        connection.execute("ALTER TABLE said ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE said FORCE ROW LEVEL SECURITY")
        connection.execute("GRANT SELECT ON said TO afspraak_app")
        connection.execute("INSERT INTO said VALUES (1), (2)")
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row
    at = row[0]
    findings = [f for f in of_database(there, at=at) if f.name != "migrations"]
    assert [str(each) for each in findings if each.state is State.FAIL] == []
    file = back_up(owner, there, out=None, at=datetime(2026, 3, 1, tzinfo=UTC))
    with connected(owner) as connection:
        connection.execute("DELETE FROM said")
    restore(file, owner, there, replace=True)
    with connected(owner) as connection:
        assert connection.execute("SELECT count(*) FROM said").fetchone() == (2,)
    with connected(address("app")) as connection:  # no policy lets it see any
        assert connection.execute("SELECT count(*) FROM said").fetchone() == (0,)
    assert not exists(Address(owner.host, owner.port, "sla_replaced", owner.user, owner.password))


def test_roles_that_belong_to_somebody_else_are_not_taken(boss: Address, there: Path) -> None:
    with connected(boss) as connection:
        connection.execute("CREATE ROLE afspraak_app LOGIN")
    with pytest.raises(HostFault, match="chief may not do this"):
        prepare(address("owner"))


@pytest.mark.parametrize("right", ["CREATEDB", "CREATEROLE", "BYPASSRLS"])
def test_an_owner_without_one_of_its_rights_is_told(boss: Address, there: Path, right: str) -> None:
    with connected(boss) as connection:
        connection.execute(f"ALTER ROLE chief NO{right}")
    with pytest.raises(HostFault, match="ALTER ROLE chief CREATEDB CREATEROLE BYPASSRLS"):
        prepare(address("owner"))


def test_a_wrong_password_is_told_and_not_shown(
    boss: Address, there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"postgresql://chief:secret@127.0.0.1:{boss.port}/sla"
    monkeypatch.setenv("AFSPRAAK_DATABASE_URL", url)
    with pytest.raises(HostFault, match="password authentication failed") as met:
        prepare(address("owner"))
    assert "secret" not in str(met.value)
    assert isinstance(met.value.__cause__, psycopg.OperationalError)
