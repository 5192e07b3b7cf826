"""A backup becomes the installation, as a whole or not at all.

Everything is made beside what is there: a database under another name, a folder `restoring`. The
moment at which it counts is one transaction that changes the databases' names. Whatever is cut
off before it is thrown away, and whatever is cut off after it is finished, at the next start.
"""

import contextlib
import os
import re
import shutil
from dataclasses import replace as with_other
from pathlib import Path
from typing import Final, LiteralString

import psycopg
from psycopg import sql

from afspraak import __version__
from afspraak.host import archive
from afspraak.host.backup import OWN_KEYS, run, server_version
from afspraak.host.binaries import clients_of
from afspraak.host.data import made, settle
from afspraak.host.database import Address, Connection, connected, exists, is_embedded, prepare
from afspraak.host.faults import HostFault

_STAGE: Final = "restoring"
_WHOLE: Final = "whole"
"""The file below `restoring` that says that everything is there, and the name may change."""
_LONGEST_NAME: Final = 63


def restore(file: Path, owner: Address, data: Path, *, replace: bool) -> archive.Manifest:
    """Make the installation what the backup holds. Raises HostFault, and has then changed nothing.

    The list of what was signed, and the database's passwords, stay as they are.
    """
    finish(owner, data)
    manifest = archive.verify(file)
    _refuse_another_time(file, manifest, owner)
    _refuse_what_is_used(owner, data, replace=replace)
    try:
        _stage(file, owner, data)
        _change_names(owner)
    except BaseException:
        with contextlib.suppress(HostFault, psycopg.Error):
            finish(owner, data)
        raise
    finish(owner, data)
    return manifest


def finish(owner: Address, data: Path) -> None:
    """End a restore that was cut off: back if it had not counted yet, forward if it had."""
    stage = made(data) / _STAGE
    if not stage.exists():
        return
    whole = stage / _WHOLE
    if whole.exists() and not exists(_staged(owner)):  # the names have changed
        _move_in(stage, data)
    elif whole.exists():
        whole.unlink()
        settle(stage)
    _drop(owner, _staged(owner).name)
    _drop(owner, _old(owner).name)
    shutil.rmtree(stage)


# Refusing -----------------------------------------------------------------------------------------


def _refuse_another_time(file: Path, manifest: archive.Manifest, owner: Address) -> None:
    """A newer program's tables, or a newer server's dump, cannot be read here."""
    if _numbers(manifest.afspraak) > _numbers(__version__):
        raise HostFault(
            file,
            f"it was made by Afspraak {manifest.afspraak}, newer than this {__version__}",
            "upgrade this installation first",
        )
    version = server_version(with_other(owner, name="postgres"))
    if manifest.server > version:
        raise HostFault(
            file,
            f"it was made on PostgreSQL {manifest.server}, newer than the server's {version}",
            "restore it on a server of that version",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _refuse_what_is_used(owner: Address, data: Path, *, replace: bool) -> None:
    """Somebody at work would lose what they do; somebody's data, what they have."""
    if not exists(owner):
        return
    with connected(owner) as connection:
        sessions = _count(
            connection,
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'",
        )
        tables = _count(
            connection,
            "SELECT count(*) FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
        )
    files = any((data / "files").iterdir())
    if not replace and (tables or files):
        what = f"{tables} tables" if tables else "files"
        raise HostFault(
            data, f"this installation is not empty ({what})", "say --replace to lose it"
        )
    if sessions:
        raise HostFault(
            owner.url(hidden=True),
            f"{sessions} sessions use the database",
            "stop `afspraak serve`, and whoever else is connected",
        )


def _count(connection: Connection, statement: LiteralString) -> int:
    row = connection.execute(statement).fetchone()
    assert row
    return int(row[0])


# Making -------------------------------------------------------------------------------------------


def _stage(file: Path, owner: Address, data: Path) -> None:
    """Everything beside what is there, then the word that it is whole."""
    stage, staged = data / _STAGE, _staged(owner)
    stage.mkdir(mode=0o700)
    archive.unpack(file, stage)
    prepare(staged, data=data)
    programs = clients_of(server_version(staged), embedded=is_embedded())
    wishes = ["--no-owner", "--exit-on-error", "--single-transaction"]
    run(programs, "pg_restore", staged, [*wishes, str(stage / archive.DUMP)])
    (stage / "files").mkdir(mode=0o700, exist_ok=True)
    os.sync()
    (stage / _WHOLE).touch()
    settle(stage)


def _change_names(owner: Address) -> None:
    """The moment at which the restored database is the database."""
    with connected(with_other(owner, name="postgres")) as connection, connection.transaction():
        if exists(owner):
            _rename(connection, owner.name, _old(owner).name)
        _rename(connection, _staged(owner).name, owner.name)


def _move_in(stage: Path, data: Path) -> None:
    """Put files and keys in their places; can be repeated from wherever it was cut off."""
    files, left = data / "files", stage / "left"
    if (stage / "files").exists():
        if not left.exists():
            files.rename(left)
        (stage / "files").rename(files)  # over an empty folder, if one has been made meanwhile
    for key in sorted((stage / "keys").glob("*")):
        if key.name not in OWN_KEYS:
            key.replace(data / "keys" / key.name)
    settle(data / "keys")
    settle(data)


def _staged(owner: Address) -> Address:
    return _beside(owner, "_restoring")


def _old(owner: Address) -> Address:
    return _beside(owner, "_replaced")


def _beside(owner: Address, ending: str) -> Address:
    return with_other(owner, name=owner.name[: _LONGEST_NAME - len(ending)] + ending)


def _rename(connection: Connection, old: str, new: str) -> None:
    words = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    try:
        connection.execute(words.format(sql.Identifier(old), sql.Identifier(new)))
    except psycopg.errors.ObjectInUse:
        raise HostFault(old, "somebody uses the database", "stop `afspraak serve`") from None


def _drop(owner: Address, name: str) -> None:
    with connected(with_other(owner, name="postgres")) as connection:
        words = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(words.format(sql.Identifier(name)))
