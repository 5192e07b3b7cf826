"""A cluster of its own for the tests of the machine's room: they stop it, kill it, replace it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from afspraak.host import binaries, cluster, places
from afspraak.host.data import made
from afspraak.host.database import Address, embedded, prepare
from afspraak.host.making import major


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker for all of them: they share the cluster."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("host"))


@pytest.fixture(scope="session")
def ground() -> Iterator[Path]:
    """A folder that every account can enter, as /var/lib is; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="afspraak host ")).resolve()
    folder.chmod(0o755)
    yield folder
    for data in folder.rglob("cluster"):
        if data.is_dir() and not data.is_symlink():
            cluster.stop(data.parent)
    shutil.rmtree(folder)


@pytest.fixture(autouse=True)
def nothing_outside(ground: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would lie in the system's folders lies in the tests' own."""
    monkeypatch.setattr(places, "ELSEWHERE", ground / "elsewhere")
    monkeypatch.setattr(binaries, "ELSEWHERE", ground / "elsewhere")


@pytest.fixture(scope="session")
def made_data(ground: Path) -> Path:
    """A data folder with a space in its path and a prepared cluster that keeps what it says.

    An earlier start was cut off while it made the cluster.
    """
    data = made(ground / "data folder")
    (data / "cluster.new").mkdir()
    (data / "cluster.new" / "PG_VERSION").write_text("18\n")
    assert major(data) is None
    cluster.start(data)
    prepare(embedded(data, "owner"), data=data)
    return data


@pytest.fixture
def data(made_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, running, and named by the settings."""
    monkeypatch.setenv("AFSPRAAK_DATA", str(made_data))
    monkeypatch.delenv("AFSPRAAK_DATABASE_URL", raising=False)
    cluster.start(made_data)
    return made_data


@pytest.fixture
def owner(data: Path) -> Address:
    """Its owner's address."""
    return embedded(data, "owner")
