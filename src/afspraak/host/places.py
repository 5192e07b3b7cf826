"""Where the cluster and its socket lie.

In the data folder, unless that cannot be: the server's account must be able to enter, and the
path of a socket has 107 bytes at most. Then a link in the data folder says where, so that every
process finds the same place, whatever its own environment says.
"""

import hashlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from afspraak.host.account import everyone_reaches, is_root

PORT: Final = 5432
"""Only a part of the socket's name: the embedded server listens on no network."""
LONGEST_SOCKET: Final = 103
"""Bytes; 107 on Linux, 103 on macOS."""
ELSEWHERE: Final = Path("/var/lib/afspraak-server")
"""For clusters and programs of data folders that the server's account cannot enter (root only)."""
_PLAIN: Final = re.compile(r"[A-Za-z0-9/._+ -]+")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one cluster."""

    data: Path
    home: Path
    """Holds `cluster`; the data folder itself, or a folder below ELSEWHERE."""
    run: Path
    """Holds the socket."""

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "cluster"

    @property
    def log(self) -> Path:
        """What the server said."""
        return self.data / "log" / "postgres.log"


def places_of(data: Path) -> Places:
    """The places of the cluster of a data folder, the same before and after they are made."""
    home = _home(data)
    return Places(data=data, home=home, run=_run(data, home))


def _home(data: Path) -> Path:
    link = data / "cluster"
    if link.is_symlink():
        return link.readlink().parent
    if is_root() and not link.exists() and not everyone_reaches(data):
        return ELSEWHERE / name_of(data)
    return data


def _run(data: Path, home: Path) -> Path:
    link = data / "run"
    if link.is_symlink():
        return link.readlink()
    inside = home / "run"
    if fits(inside):
        return inside
    return Path(tempfile.gettempdir()) / f"afspraak-{name_of(data)}"


def fits(folder: Path) -> bool:
    """Whether a socket in this folder can be named: short, and without what libpq's lists part."""
    socket = folder / f".s.PGSQL.{PORT}"
    plain = _PLAIN.fullmatch(str(socket)) is not None
    return plain and len(str(socket).encode()) <= LONGEST_SOCKET


def name_of(data: Path) -> str:
    """A short name that no other data folder of this machine has."""
    return hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:12]
