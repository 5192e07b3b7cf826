"""What `serve` runs, and the database under its supervision."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded import environment

from afspraak.host import cluster, processes
from afspraak.host.database import connected, embedded
from afspraak.host.faults import HostFault
from afspraak.host.processes import jobs_of, serve, web

WORDS = [sys.executable, "-m", "afspraak", "serve", "--only", "database"]


def names(data: Path) -> list[str]:
    return [job.name for job in jobs_of(data)]


def nothing(_name: str, _line: str) -> None:
    """Whoever listens to what is refused."""


def test_the_parts_start_in_their_order(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(data) == ["database", "prepare", "migrate", "watch", "worker", "web"]
    monkeypatch.setenv("AFSPRAAK_DATABASE_URL", "postgresql://boss@db.example/sla")
    assert names(data) == ["prepare", "migrate", "watch", "worker", "web"]


def test_a_part_that_there_is_not_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(HostFault, match="one of: database, watch, worker, web"):
        serve("prepare", nothing)
    monkeypatch.setenv("AFSPRAAK_DATABASE_URL", "postgresql://boss@db.example/sla")
    with pytest.raises(HostFault, match="not ours"):
        serve("database", nothing)


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8e3"])
def test_a_port_that_cannot_be_is_refused(
    data: Path, monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    monkeypatch.setenv("AFSPRAAK_PORT", port)
    with pytest.raises(HostFault, match="AFSPRAAK_PORT"):
        web(data)


def test_everything_runs_once_from_a_folder(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def again(_jobs: object, _tell: object) -> int:
        with pytest.raises(HostFault, match=rf"runs from it already \(process {os.getpid()}\)"):
            serve(None, nothing)
        return 7

    monkeypatch.setattr(processes, "supervise", again)
    assert serve(None, nothing) == 7


@pytest.fixture
def served(data: Path) -> Iterator["subprocess.Popen[str]"]:
    cluster.stop(data)
    process = subprocess.Popen(WORDS, env=environment(data), stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.communicate()


def started(served: "subprocess.Popen[str]") -> int:
    """Read on until the server takes connections; its process."""
    assert served.stdout
    pid = 0
    for line in served.stdout:
        if "database started" in line:
            pid = int(line.split("pid=")[1])
        if "ready to accept connections" in line:
            return pid
    raise AssertionError("it has not started")


def child_of(server: int, title: str) -> int:
    """The number of one of a server's own processes."""
    for number in Path(f"/proc/{server}/task/{server}/children").read_text("ascii").split():
        if title in Path(f"/proc/{number}/cmdline").read_text("utf-8", "replace"):
            return int(number)
    raise AssertionError(f"the server has no {title}")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows a server's processes so")
def test_a_killed_database_comes_back_and_stops_at_the_end(
    data: Path, served: "subprocess.Popen[str]"
) -> None:
    first = started(served)
    with connected(embedded(data, "owner")) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS seen (number int)")
    os.kill(first, signal.SIGKILL)
    second = started(served)
    assert second != first
    os.kill(child_of(second, "background writer"), signal.SIGKILL)
    third = started(served)
    assert third != second, "it recovers by itself, and may stand still"
    with connected(embedded(data, "owner")) as connection:
        assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    served.send_signal(signal.SIGTERM)
    rest, _ = served.communicate(timeout=60)
    assert served.returncode == 0
    assert "database system is shut down" in rest
    assert cluster.status(data) is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_the_database_stops_when_serve_is_killed(
    data: Path, served: "subprocess.Popen[str]"
) -> None:
    server = os.pidfd_open(started(served))
    served.kill()
    assert select.select([server], [], [], 30)[0]
    os.close(server)
    assert cluster.status(data) is None
