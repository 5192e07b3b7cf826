"""What `afspraak doctor` looks at in the database."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import psycopg

from afspraak.host.binaries import OLDEST
from afspraak.host.checks import Finding, fail, failed, warn, well
from afspraak.host.database import (
    EXTENSIONS,
    ROLES,
    USERS,
    Connection,
    address,
    connected,
)
from afspraak.host.faults import HostFault

SAFE: Final = ("fsync", "full_page_writes", "synchronous_commit")
"""What must be on, so that what was acknowledged is kept."""
DRIFT_SECONDS: Final = 2
"""By how much the server's clock may differ from ours."""
STILL_SECONDS: Final = 120
"""After how long without a look the watch stands still."""


def of_database(data: Path, *, at: datetime) -> Iterator[Finding]:
    """All that the database says; one line if it cannot be reached."""
    try:
        owner = address("owner")
        with connected(owner) as connection:
            yield _server(connection)
            yield _durable(connection)
            yield _drift(connection, at=at)
            yield from _roles(connection)
            yield _extensions(connection)
            yield from _watch(connection, at=at)
        yield from _log_ins()
    except HostFault as fault:
        yield failed("database", fault)
        return
    yield _migrations(data)


def _server(connection: Connection) -> Finding:
    version = connection.info.server_version
    fact = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version // 10_000 < OLDEST:
        return fail("server", fact, f"use version {OLDEST} or newer")
    return well("server", fact)


def _durable(connection: Connection) -> Finding:
    off = connection.execute(
        "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting IN ('off', 'local')",
        [list(SAFE)],
    ).fetchall()
    if off:
        names = ", ".join(name for (name,) in off)
        return fail("durability", f"off: {names}", "set it to on, and restart the server")
    return well("durability", "what is acknowledged is on disk")


def _drift(connection: Connection, *, at: datetime) -> Finding:
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row
    seconds = abs((row[0] - at).total_seconds())
    if seconds > DRIFT_SECONDS:
        remedy = "let a time service keep both right"
        return warn("clocks", f"the server's differs from ours by {seconds:.0f} s", remedy)
    return well("clocks", "the server's agrees with ours")


def _roles(connection: Connection) -> Iterator[Finding]:
    """Neither may see past the policies."""
    for role in ROLES[1:]:
        row = connection.execute(
            "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,"
            " rolcanlogin FROM pg_roles WHERE rolname = %s",
            [USERS[role]],
        ).fetchone()
        name = f"role {role}"
        if row is None:
            yield fail(name, f"{USERS[role]} is not there", "afspraak database prepare")
        elif row != (False, True):
            yield fail(name, f"{USERS[role]} may more than it should", "afspraak database prepare")
        else:
            yield well(name, f"{USERS[role]} sees what its policies let it see")


def _log_ins() -> Iterator[Finding]:
    for role in ROLES[1:]:
        try:
            with connected(address(role)):
                yield well(f"log-in {role}", "works")
        except HostFault as fault:
            yield fail(f"log-in {role}", fault.fact, "afspraak database prepare")


def _extensions(connection: Connection) -> Finding:
    rows = connection.execute("SELECT extname FROM pg_extension").fetchall()
    missing = sorted(set(EXTENSIONS) - {name for (name,) in rows})
    if missing:
        return fail("extensions", f"missing: {', '.join(missing)}", "afspraak database prepare")
    return well("extensions", ", ".join(EXTENSIONS))


def _watch(connection: Connection, *, at: datetime) -> Iterator[Finding]:
    """When somebody last looked at the deadlines; nothing where no watch has ever run."""
    try:
        row = connection.execute(
            "SELECT max(looked_at), bool_or(stopped_at IS NOT NULL) FROM clocks_beat"
        ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn):
        return
    if row is None or row[0] is None:
        yield warn("watch", "no watch has looked yet", "afspraak serve, or afspraak watch")
        return
    seconds = (at - row[0]).total_seconds()
    if row[1]:
        yield fail("watch", "it stopped because the clock jumped", "afspraak watch confirm")
    elif seconds > STILL_SECONDS:
        yield fail("watch", f"its last look was {seconds:.0f} s ago", "start it: afspraak watch")
    else:
        yield well("watch", f"its last look was {max(seconds, 0):.0f} s ago")


def _migrations(data: Path) -> Finding:
    """Asked of a process of its own: this room knows no tables."""
    words = [sys.executable, "-m", "afspraak", "migrate", "--check"]
    environment = {**os.environ, "AFSPRAAK_DATA": str(data), "AFSPRAAK_ROLE": "owner"}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return well("migrations", "all done")
    said = (done.stdout + done.stderr).strip().splitlines()
    return fail("migrations", said[-1] if said else "not all done", "afspraak migrate")
