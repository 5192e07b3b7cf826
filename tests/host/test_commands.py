"""The doors: what is typed, what is told, and with which status it ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from afspraak.cli import keeping, serving
from afspraak.cli.app import app
from afspraak.cli.faults import lines_of
from afspraak.host import cluster
from afspraak.host.checks import Finding, State
from afspraak.host.database import Address, connected, prepare
from afspraak.host.faults import HostFault


def call(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def told(found: Result) -> str:
    """The line of a fault."""
    assert isinstance(found.exception, Exception)
    (line,) = lines_of(found.exception) or [""]
    return line


def test_the_database_is_stopped_and_started(data: Path, owner: Address) -> None:
    assert call("database", "stop").output == "stopped\n"
    assert call("database", "stop").output == "it did not run\n"
    away = call("database", "status")
    assert away.exit_code == 1
    assert "cannot be reached" in away.output
    assert call("database", "start").output == "started\n"
    assert call("database", "start").output == "it runs already\n"
    there = call("database", "status")
    found = cluster.status(data)
    assert found
    assert there.exit_code == 0
    assert f"process {found.pid}: " in there.output


def test_an_address_is_shown_to_who_asks(data: Path) -> None:
    assert call("database", "url").output.startswith("postgresql://afspraak_owner@/")
    assert call("database", "url", "--role", "app").output.startswith("postgresql://afspraak_app:")
    assert told(call("database", "url", "--role", "boss")).startswith("--role: there is no role")


def test_preparing_can_be_repeated(data: Path) -> None:
    for _ in range(2):
        assert call("database", "prepare").output.startswith("prepared: postgresql://")


def test_a_server_elsewhere_is_not_ours_to_start(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFSPRAAK_DATABASE_URL", "postgresql://boss@db.example/sla")
    for word in ("start", "stop"):
        assert "not ours" in told(call("database", word))


def test_a_backup_comes_back_though_nothing_runs(data: Path, owner: Address) -> None:
    prepare(owner)
    with connected(owner) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS typed (number int)")
    cluster.stop(data)
    made = call("backup", "--out", str(data / "backups" / "b.tar"))
    assert made.exit_code == 0, made.output
    assert made.output.endswith("b.tar\n")
    assert "not empty" in told(call("restore", str(data / "backups" / "b.tar")))
    back = call("restore", str(data / "backups" / "b.tar"), "--replace")
    assert back.exit_code == 0, back.output
    assert cluster.status(data) is None  # as it was found
    cluster.start(data)
    with connected(owner) as connection:
        assert connection.execute("SELECT to_regclass('typed')").fetchone() == ("typed",)
        connection.execute("DROP TABLE typed")
    (data / "backups" / "b.tar").unlink()


@pytest.mark.parametrize(("state", "status"), [(State.WARN, 0), (State.FAIL, 1)])
def test_the_doctors_status_says_whether_anything_fails(
    data: Path, monkeypatch: pytest.MonkeyPatch, state: State, status: int
) -> None:
    found = [Finding("disk", state, "1 GB free", "make room"), Finding("x", State.OK, "good")]
    monkeypatch.setattr(keeping, "of_machine", lambda _: found)
    monkeypatch.setattr(keeping, "of_database", lambda *_, **__: [])
    doctor = call("doctor")
    assert doctor.exit_code == status
    assert doctor.output == (
        f"{state:<4} disk: 1 GB free: make room\nok   x: good\n2 looked at, {status} failed\n"
    )


def test_serve_is_told_what_and_where(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    monkeypatch.setenv("AFSPRAAK_PORT", "1")

    def serve(only: str | None, _tell: object) -> int:
        asked.extend([only, serving.os.environ["AFSPRAAK_PORT"]])
        return 3

    monkeypatch.setattr(serving, "serve", serve)
    assert call("serve", "--only", "web", "--port", "8123").exit_code == 3
    assert asked == ["web", "8123"]
    assert call("serve", "--port", "99999").exit_code == 2


def test_a_fault_of_the_machine_is_a_line(data: Path) -> None:
    assert lines_of(HostFault("disk", "it is full", "make room")) == ["disk: it is full: make room"]
    assert told(call("serve", "--only", "nonsense")).startswith("--only: there is no nonsense")


def test_help_is_quick_for_it_reads_no_database() -> None:
    script = "import sys, afspraak.cli.app; print(*{'psycopg', 'django'} & sys.modules.keys())"
    words = [sys.executable, "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
