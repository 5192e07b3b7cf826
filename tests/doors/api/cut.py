"""A database that is cut off at a chosen moment: before a statement, before a commit, after one.

The server ends the session, as it does when a machine dies: what was not committed is gone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from embedded import session_address

AFTER = "after COMMIT"
Prints = dict[str, tuple[int, str]]
TABLES = """SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"""
PRINT = "count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), ''))"


@dataclass
class Cut:
    """Counts what goes to the server, and cuts at the moment with a number; 0 cuts never."""

    name: str
    moment: int = 0
    passed: int = 0
    where: str = ""
    """What was cut off."""

    def _pass(self, where: str) -> None:
        self.passed += 1
        if self.passed == self.moment:
            self.where = where
            end_session(self.name, connection.connection.info.backend_pid)

    def execute(self, run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        """Before each statement; after it, too, where it is a transaction of its own."""
        self._pass(f"before {sql[:90]}")
        found = run(sql, params, many, context)
        if connection.get_autocommit() and not connection.in_atomic_block:
            self._after(f"after {sql[:90]}")
        return found

    def commit(self, plain: Callable[[], None]) -> None:
        """Before and after."""
        self._pass("before COMMIT")
        plain()
        self._after(AFTER)

    def _after(self, where: str) -> None:
        """It is done; that it is done is not heard any more."""
        self._pass(where)
        if self.where == where:
            with connection.wrap_database_errors:
                connection.connection.execute("SELECT 1")


@contextmanager
def cutting(cut: Cut) -> Iterator[Cut]:
    """From here on this thread's connection is counted, and cut."""
    plain = connection._commit

    def commit() -> None:
        cut.commit(plain)

    connection._commit = commit
    try:
        with connection.execute_wrapper(cut.execute):
            yield cut
    finally:
        connection._commit = plain


def end_session(name: str, pid: int) -> None:
    """The server ends a session, and has."""
    with owner(name) as admin:
        gone = admin.execute("SELECT pg_terminate_backend(%s, 10000)", [pid]).fetchone()
    assert gone == (True,)


@contextmanager
def owner(name: str) -> Iterator[psycopg.Connection[Any]]:
    """Who sees everything, beside the connection that is cut."""
    address = session_address("owner", name=name)
    with psycopg.connect(address.conninfo(), autocommit=True) as admin:
        yield admin


def fingerprints(name: str) -> Prints:
    """Of every table: how many rows, and a hash of all that stands in them."""
    with owner(name) as admin:
        tables = admin.execute(TABLES).fetchall()
        each = (f"SELECT '{table}', {PRINT} FROM \"{table}\" t" for (table,) in tables)
        found = admin.execute(" UNION ALL ".join(each)).fetchall()
    return {table: (count, hashed) for table, count, hashed in found}
