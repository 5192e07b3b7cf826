"""The published log is fetched whole, or the reason is told; nothing else is kept."""

import hashlib
import io
import zipfile
from pathlib import Path
from typing import IO
from urllib.error import URLError

import pytest

from afspraak.tickets import uci
from afspraak.tickets.faults import LogRefused

TEXT = b"number,incident_state\nINC1,New\n"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """For these tests the log is a small one."""
    monkeypatch.setattr(uci, "CSV_SHA256", hashlib.sha256(TEXT).hexdigest())


def packed(name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, data)
    return held.getvalue()


def serving(data: bytes) -> uci.Opener:
    def opener(address: str) -> IO[bytes]:
        assert address.startswith("https://archive.ics.uci.edu/")
        return io.BytesIO(data)

    return opener


def nobody(address: str) -> IO[bytes]:
    raise AssertionError(f"asked {address} again")


@pytest.mark.parametrize("deep", [False, True])
def test_the_log_is_kept_and_not_fetched_twice(tmp_path: Path, *, deep: bool) -> None:
    archive = packed(uci.CSV_NAME, TEXT)
    archive = packed(uci.ZIP_NAME, archive) if deep else archive
    steps: list[tuple[int, int]] = []
    path = uci.fetch_uci(
        tmp_path, opener=serving(archive), progress=lambda *step: steps.append(step)
    )
    with zipfile.ZipFile(path) as kept:
        assert kept.read(uci.CSV_NAME) == TEXT
    assert steps[-1][0] == len(archive)
    assert uci.fetch_uci(tmp_path, opener=nobody) == path
    assert [found.name for found in tmp_path.iterdir()] == [uci.ZIP_NAME]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"<html>", "no such archive"),
        (packed("other.csv", TEXT), "no incident_event_log.csv in it"),
        (packed(uci.CSV_NAME, TEXT + b"x"), "another file"),
        (packed(uci.ZIP_NAME, b"broken"), "no such archive"),
    ],
)
def test_another_file_is_not_kept(tmp_path: Path, data: bytes, says: str) -> None:
    with pytest.raises(LogRefused, match=says):
        uci.fetch_uci(tmp_path, opener=serving(data))
    assert list(tmp_path.iterdir()) == []


def test_without_a_network_the_way_out_is_told(tmp_path: Path) -> None:
    def no_network(address: str) -> IO[bytes]:
        raise URLError("Name or service not known")

    with pytest.raises(LogRefused, match=r"Name or service not known.*--log"):
        uci.fetch_uci(tmp_path, opener=no_network)


def test_the_log_beside_the_project_is_found(tmp_path: Path) -> None:
    assert uci.find_uci(tmp_path / "project") is None
    log = tmp_path / "shared" / "data" / uci.ZIP_NAME
    log.parent.mkdir(parents=True)
    log.touch()
    assert uci.find_uci(tmp_path / "project") == log.resolve()
