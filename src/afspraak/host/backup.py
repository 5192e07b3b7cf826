"""An installation as one file: the database, the files, the keys.

Not in it: the passwords of the database's roles, which each installation makes for itself, and the
list of what has been signed, by which a restored older state is recognised.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from afspraak import __version__
from afspraak.host import archive, cluster
from afspraak.host.binaries import Binaries, clients_of
from afspraak.host.data import SIGNED_LIST
from afspraak.host.database import Address, connected, is_embedded
from afspraak.host.faults import HostFault

OWN_KEYS: Final = ("database-app", "database-system", SIGNED_LIST)
"""Keys of this installation alone."""


def back_up(owner: Address, data: Path, *, out: Path | None, at: datetime) -> Path:
    """Write a backup of what is committed now; verified before it gets its name. Others may go on
    working. Returns its path. Raises HostFault.
    """
    target = out or data / "backups" / f"afspraak-{at:%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise HostFault(target, "there is such a file already", "name another one with --out")
    if not target.absolute().parent.is_dir():
        raise HostFault(target.parent, "there is no such folder", "make it first")
    with tempfile.TemporaryDirectory(dir=data / "backups", prefix=".dump-") as folder:
        dump = Path(folder) / archive.DUMP
        server = server_version(owner)
        run(
            clients_of(server, embedded=is_embedded()),
            "pg_dump",
            owner,
            ["--format=custom", f"--file={dump}"],
        )
        sources = {archive.DUMP: dump, **_kept(data)}  # files come after the rows that name them
        manifest = archive.Manifest(
            format=archive.FORMAT,
            made_at=at.isoformat(),
            afspraak=__version__,
            server=server,
            members=tuple(archive.describe(name, path) for name, path in sources.items()),
        )
        archive.write(target, manifest, sources.values())
    return target


def _kept(data: Path) -> dict[str, Path]:
    """The files and the keys, by their names in the backup; no drafts, whose names begin with a
    dot.
    """
    return {
        path.relative_to(data).as_posix(): path
        for part in ("files", "keys")
        for path in sorted((data / part).rglob("*"))
        if path.is_file() and not path.name.startswith(".")
        if not (part == "keys" and path.name in OWN_KEYS)
    }


def server_version(owner: Address) -> int:
    """The server's major version. Raises HostFault if it cannot be reached."""
    with connected(owner) as connection:
        return connection.info.server_version // 10_000


def run(programs: Binaries, name: str, where: Address, words: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs on a database. Raises HostFault with its last words.

    The password goes by the environment: arguments can be seen by everybody.
    """
    target = Address(where.host, where.port, where.name, where.user, "", where.options)
    done = subprocess.run(
        [programs.program(name), "--no-password", f"--dbname={target.conninfo()}", *words],
        env={"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": where.password},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise HostFault(
            where.url(hidden=True), f"{name}: {said[-1] if said else 'failed'}", "mend that first"
        )


@contextmanager
def running(data: Path) -> Iterator[None]:
    """The embedded server runs within, and stops again if it did not run before."""
    started = is_embedded() and cluster.start(data)
    try:
        yield
    finally:
        if started:
            cluster.stop(data)
