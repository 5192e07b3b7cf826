"""The embedded server: started once, found again after whatever happens to it."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from embedded import environment

from afspraak.host import cluster
from afspraak.host.data import made
from afspraak.host.database import Address, connected, embedded, prepare
from afspraak.host.faults import HostFault
from afspraak.host.making import major
from afspraak.host.places import places_of

START = """
import sys
from pathlib import Path
from afspraak.host import cluster
print(cluster.start(Path(sys.argv[1])))
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another account")


class Writer(threading.Thread):
    """Commits one row after another and remembers which were acknowledged."""

    def __init__(self, owner: Address, table: str) -> None:
        super().__init__()
        self.owner, self.table = owner, table
        self.acknowledged: list[int] = []
        self.enough = threading.Event()

    def run(self) -> None:
        with psycopg.connect(self.owner.conninfo(), autocommit=True) as connection:
            for number in range(1_000_000):
                try:
                    connection.execute(f"INSERT INTO {self.table} VALUES ({number})")
                except psycopg.OperationalError:
                    return
                self.acknowledged.append(number)
                if number == 300:
                    self.enough.set()


def rows(owner: Address, table: str) -> set[int]:
    with connected(owner) as connection:
        return {row[0] for row in connection.execute(f"SELECT number FROM {table}").fetchall()}


def test_it_runs_from_a_path_with_a_space(data: Path, owner: Address) -> None:
    assert " " in str(data)
    assert cluster.is_running(data)
    with connected(owner) as connection:
        row = connection.execute(
            "SELECT current_setting('data_directory'), current_setting('listen_addresses'),"
            " current_setting('synchronous_commit'), current_setting('fsync'),"
            " current_setting('data_checksums'), current_setting('password_encryption')"
        ).fetchone()
    assert row == (str(places_of(data).cluster), "", "on", "on", "on", "scram-sha-256")


def test_whoever_has_no_password_is_not_let_in(data: Path) -> None:
    app = embedded(data, "app")
    with connected(app) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("afspraak_app",)
    wrong = Address(app.host, app.port, app.name, app.user, "wrong")
    with pytest.raises(HostFault, match="password authentication failed"), connected(wrong):
        pass


def test_every_acknowledged_row_outlives_a_kill(data: Path, owner: Address) -> None:
    with connected(owner) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (number int)")
    writer = Writer(owner, "kept")
    writer.start()
    assert writer.enough.wait(30)
    found = cluster.status(data)
    assert found
    os.kill(found.pid, signal.SIGKILL)
    writer.join()
    assert cluster.start(data)
    assert len(writer.acknowledged) > 300
    assert set(writer.acknowledged) - rows(owner, "kept") == set()


def test_starting_twice_is_starting_once(data: Path) -> None:
    cluster.stop(data)
    words = [sys.executable, "-c", START, str(data)]
    both = [
        subprocess.Popen(words, env=environment(data), stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = sorted(each.communicate()[0] for each in both)
    assert told == ["False\n", "True\n"]
    assert not cluster.start(data)
    assert cluster.is_running(data)


def test_a_note_of_a_dead_server_counts_for_nothing(data: Path) -> None:
    """After a restart of a container its number belongs to somebody else, who lives."""
    note = places_of(data).cluster / "postmaster.pid"
    whole = note.read_text()
    cluster.stop(data)
    assert not cluster.stop(data)
    note.write_text(whole.replace(whole.splitlines()[0], str(os.getpid()), 1))
    assert cluster.status(data) is None
    assert cluster.start(data)


@pytest.mark.parametrize("note", ["", "\n", "nonsense\n", "999999999\n"])
def test_half_a_note_counts_for_nothing(data: Path, note: str) -> None:
    cluster.stop(data)
    (places_of(data).cluster / "postmaster.pid").write_text(note)
    assert cluster.status(data) is None


def test_an_interrupted_making_leaves_nothing_by_half(data: Path) -> None:
    assert major(data) is not None
    assert not (data / "cluster.new").exists()


def test_another_major_version_is_refused(tmp_path: Path) -> None:
    data = made(tmp_path)
    (data / "cluster").mkdir()
    (data / "cluster" / "PG_VERSION").write_text("9\n")
    with pytest.raises(HostFault, match="made by PostgreSQL 9"):
        cluster.start(data)


def test_a_server_that_does_not_start_says_why(data: Path) -> None:
    cluster.stop(data)
    with pytest.raises(HostFault, match=r"FATAL.*shared_buffers"):
        cluster.start(data, parameters={"shared_buffers": "nonsense"})


@as_root
def test_as_root_it_runs_as_somebody_else(data: Path) -> None:
    found = cluster.status(data)
    assert found
    who = Path(f"/proc/{found.pid}").stat().st_uid
    assert who != 0
    assert who == places_of(data).cluster.stat().st_uid
    assert (data / "keys").stat().st_uid == 0


@as_root
def test_below_a_closed_home_it_lies_elsewhere_and_is_never_made_twice(ground: Path) -> None:
    home = ground / "closed home"
    home.mkdir(mode=0o700)
    data = made(home / "data")
    assert cluster.start(data)
    prepare(embedded(data, "owner"), data=data)
    assert (data / "cluster").is_symlink()
    cluster.stop(data)
    there = places_of(data).cluster
    there.rename(there.with_name("moved"))
    with pytest.raises(HostFault, match=r"is gone.*restore a backup"):
        cluster.start(data)


def test_somebody_elses_folder_is_no_place_for_a_socket(
    ground: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = made(ground / "taken")
    (data / "run").symlink_to(tmp_path / "there")
    (tmp_path / "there").symlink_to(tmp_path)
    with pytest.raises(HostFault, match="somebody else's folder"):
        cluster.start(data)
