"""Where the cluster and its socket lie: the same answer for every process."""

import os
from pathlib import Path

import pytest

from afspraak.host import places
from afspraak.host.places import LONGEST_SOCKET, Places, fits, places_of

ROOT = os.geteuid() == 0


@pytest.fixture
def data(ground: Path) -> Path:
    return ground / "places"


def test_all_lies_in_the_data_folder_where_it_can(data: Path) -> None:
    found = places_of(data)
    assert (found.home, found.run) == (data, data / "run")
    assert found.cluster == data / "cluster"


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("a" * 60, True),
        ("a" * 90, False),
        ("with a space", True),
        ("a,b", False),  # libpq parts hosts by commas
        ("é" * 4, False),
        ('quoted"', False),
    ],
)
def test_a_socket_has_a_short_and_plain_path(name: str, *, good: bool) -> None:
    assert fits(Path("/") / name) is good


def test_a_long_path_gets_a_short_folder_for_its_socket(data: Path) -> None:
    one, other = (places_of(data / (letter * 100)) for letter in "ab")
    assert one.run != other.run
    assert one.home == data / ("a" * 100)
    assert len(str(one.run / ".s.PGSQL.5432")) <= LONGEST_SOCKET


def test_links_say_where_it_was_put(data: Path, tmp_path: Path) -> None:
    data.mkdir()
    (data / "run").symlink_to(tmp_path / "r")
    (data / "cluster").symlink_to(tmp_path / "c" / "cluster")
    found = places_of(data)
    assert found == Places(data=data, home=tmp_path / "c", run=tmp_path / "r")
    assert found.cluster == tmp_path / "c" / "cluster"


@pytest.mark.parametrize("root", [True, False])
def test_only_root_looks_elsewhere_behind_a_closed_door(
    ground: Path, monkeypatch: pytest.MonkeyPatch, *, root: bool
) -> None:
    monkeypatch.setattr(places, "is_root", lambda: root)
    closed = ground / "closed"
    closed.mkdir(mode=0o700, exist_ok=True)
    data = closed / "data"
    assert places_of(data).home == (places.ELSEWHERE / places.name_of(data) if root else data)
