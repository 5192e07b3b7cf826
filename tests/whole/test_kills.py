"""What takes long because processes die or a disk is full: `bench/kills.py` says what is done and
what must be true afterwards.

AFSPRAAK_KILLS says how many, AFSPRAAK_SEED which.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from embedded import environment

pytestmark = pytest.mark.long
KILLS = os.environ.get("AFSPRAAK_KILLS", "2000")


def kills(root: Path, folder: Path, *words: str) -> None:
    """Run it as anybody would; its own words are the report of a failure."""
    seed = os.environ.get("AFSPRAAK_SEED")
    again = ("--seed", seed) if seed else ()
    done = subprocess.run(
        [sys.executable, str(root / "bench" / "kills.py"), *words, *again],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-8_000:]


def test_kills_at_random_moments_lose_nothing(root: Path, tmp_path: Path) -> None:
    kills(root, tmp_path, "--kills", KILLS)


def test_kills_of_processes_as_in_production_lose_nothing(root: Path, tmp_path: Path) -> None:
    kills(root, tmp_path, "--kills", str(int(KILLS) // 20), "--plain")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that is soon full; only root may have one."""
    place = tmp_path / "small"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(words, check=False).returncode:
        pytest.skip("a small file system can be mounted here by nobody")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_loses_nothing(root: Path, tmp_path: Path, small_disk: Path) -> None:
    kills(root, tmp_path, "--full", "20", "--on", str(small_disk))
