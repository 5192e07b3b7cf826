"""The doctor says what is so, what is wrong, and what to do about it."""

import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from afspraak.host import checks, checks_database
from afspraak.host.checks import Finding, State, of_machine
from afspraak.host.checks_database import of_database
from afspraak.host.data import made, secret
from afspraak.host.database import Address, connected

BEAT = "CREATE TABLE clocks_beat (watcher text, looked_at timestamptz, stopped_at timestamptz)"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return made(tmp_path / "data")


@pytest.fixture(autouse=True)
def no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations are another room's."""
    done = Finding("migrations", State.OK, "all done")
    monkeypatch.setattr(checks_database, "_migrations", lambda _: done)


def named(findings: Iterable[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def server_time(owner: Address) -> datetime:
    with connected(owner) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row
    return row[0]


def test_a_good_installation_has_nothing_to_mend(data: Path, owner: Address) -> None:
    found = [*of_machine(data), *of_database(data, at=server_time(owner))]
    assert [str(each) for each in found if each.state is State.FAIL] == []
    assert {"programs", "keys", "server", "role app", "log-in system", "migrations"} <= {
        each.name for each in found
    }
    assert [each.remedy for each in found if each.state is State.OK] == [""] * sum(
        each.state is State.OK for each in found
    )


def test_keys_that_others_can_read_are_told(empty: Path) -> None:
    secret("one", data=empty)
    assert named(of_machine(empty), "keys").state is State.OK
    (empty / "keys" / "one").chmod(0o644)
    found = named(of_machine(empty), "keys")
    assert found.state is State.FAIL
    assert str(empty / "keys" / "one") in found.fact
    assert found.remedy.startswith("chmod 600")


def test_a_folder_that_others_can_look_into_is_told(empty: Path) -> None:
    empty.chmod(0o755)
    assert named(of_machine(empty), "data").state is State.FAIL
    empty.chmod(0o710)  # the server's account goes through, and sees nothing
    assert named(of_machine(empty), "data").state is State.OK


@pytest.mark.parametrize(
    ("free", "state"),
    [(10**8, State.FAIL), (10**9, State.WARN), (10**11, State.OK)],
)
def test_a_full_disk_is_told(
    empty: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: State
) -> None:
    usage = SimpleNamespace(free=free)
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage)
    assert named(of_machine(empty), "disk").state is state


def test_a_mail_server_is_called(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("AFSPRAAK_MAIL_SMTP_URL", f"smtp://me:secret@127.0.0.1:{port}")
        found = named(of_machine(empty), "mail")
        assert (found.state, found.fact) == (
            State.OK,
            f"AFSPRAAK_MAIL_SMTP_URL: 127.0.0.1:{port} answers",
        )
    found = named(of_machine(empty), "mail")
    assert found.state is State.FAIL
    assert "secret" not in str(found)
    monkeypatch.setenv("AFSPRAAK_MAIL_SMTP_URL", "nonsense")
    assert "names no server" in named(of_machine(empty), "mail").fact


def test_a_database_that_is_away_is_one_line(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFSPRAAK_DATA", str(empty))
    monkeypatch.delenv("AFSPRAAK_DATABASE_URL", raising=False)
    found = [*of_database(empty, at=datetime(2026, 3, 1, tzinfo=UTC))]
    assert [each.name for each in found] == ["database"]
    assert "cannot be reached" in found[0].fact


def test_a_clock_that_is_off_is_told(data: Path, owner: Address) -> None:
    at = server_time(owner) - timedelta(minutes=3)
    found = named(of_database(data, at=at), "clocks")
    assert found.state is State.WARN
    assert "180 s" in found.fact


def test_a_role_that_may_too_much_is_told(data: Path, owner: Address) -> None:
    with connected(owner) as connection:
        connection.execute("ALTER ROLE afspraak_app BYPASSRLS")
        found = named(of_database(data, at=server_time(owner)), "role app")
        connection.execute("ALTER ROLE afspraak_app NOBYPASSRLS")
    assert found.state is State.FAIL
    assert found.remedy == "afspraak database prepare"


def test_a_password_that_is_another_is_told(data: Path, owner: Address) -> None:
    with connected(owner) as connection:
        row = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'afspraak_system'"
        ).fetchone()
        assert row
        connection.execute("ALTER ROLE afspraak_system PASSWORD 'other'")
        found = named(of_database(data, at=server_time(owner)), "log-in system")
        connection.execute(f"ALTER ROLE afspraak_system PASSWORD '{row[0]}'")
    assert found.state is State.FAIL


@pytest.mark.parametrize(
    ("seconds", "stopped", "state"),
    [
        (None, False, State.WARN),
        (3, False, State.OK),
        (500, False, State.FAIL),
        (3, True, State.FAIL),
    ],
)
def test_a_watch_that_stands_still_is_told(
    data: Path, owner: Address, seconds: int | None, state: State, *, stopped: bool
) -> None:
    at = server_time(owner)
    with connected(owner) as connection:
        connection.execute(BEAT)
        if seconds is not None:
            looked = at - timedelta(seconds=seconds)
            words = "INSERT INTO clocks_beat VALUES ('one', %s, %s)"
            connection.execute(words, [looked, at if stopped else None])
        found = named(of_database(data, at=at), "watch")
        connection.execute("DROP TABLE clocks_beat")
    assert found.state is state


def test_without_its_table_nothing_is_said_of_the_watch(data: Path, owner: Address) -> None:
    assert "watch" not in {each.name for each in of_database(data, at=server_time(owner))}
