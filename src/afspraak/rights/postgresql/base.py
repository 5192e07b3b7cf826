"""The database's connection: who looks is told in the round trip of the first statement that is
asked with their eyes, and not again before somebody else looks.

`viewer.viewing` only says who looks. Here, before anything is asked, it is compared with what the
session was told last; where it differs, the settings that the policies read are sent ahead of the
statement, in one message with it. So nothing can be asked with the eyes of a request that is over,
and a block that asks nothing costs nothing.
"""

import select
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from typing import Any, Final, Self

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus
from psycopg.sql import SQL, Composable, Literal

from afspraak.rights.viewer import NOBODY, Viewer, looking

_ENDED: Final = (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)
"""Nothing but going back is taken in these."""


MOST_KEPT: Final = 150
"""Plans that a session keeps; what is asked beyond is planned each time."""
_KEEPING: Final = ContextVar("keeping", default=False)


@contextmanager
def kept_plans() -> Iterator[None]:
    """What is asked in this block is planned once a session and not each time, where the plan does
    not depend on the values: rows by keys, or the first of an index. PostgreSQL makes it anew by
    itself where tables or the role have changed; who looks is read when it is run.
    """
    before = _KEEPING.set(True)
    try:
        yield
    finally:
        _KEEPING.reset(before)


class Cursor(psycopg.ClientCursor[Any]):
    """A cursor of a connection that knows who looks."""

    wrapper: "DatabaseWrapper | None" = None

    def execute(self, query: Any, params: Any = None, **how: Any) -> Self:
        """Ask, with the eyes of who looks now."""
        if params is not None and self.wrapper is not None and _KEEPING.get():
            query, params = self._kept(str(query), params)
        ahead = self._ahead()
        if not ahead:
            return super().execute(query, params, **how)
        assert self.wrapper is not None
        words = query.as_string(self) if isinstance(query, Composable) else query
        words = words.decode() if isinstance(words, bytes) else words
        if params is not None:
            ahead = ahead.replace("%", "%%")
        with self.wrapper.telling():
            super().execute(f"SELECT {ahead}; {words}".encode(), params, **how)
        self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:
        """The same for many values; who looks is told before."""
        self.tell()
        super().executemany(query, params_seq, **how)

    def copy(self, statement: Any, params: Any = None, **how: Any) -> Any:
        """The same for rows that are streamed."""
        self.tell()
        return super().copy(statement, params, **how)

    def tell(self) -> None:
        """Say by itself who looks, where it is not known."""
        if self.wrapper is not None:
            self.wrapper.tell()

    def _kept(self, query: str, values: Sequence[Any]) -> tuple[str, Any]:
        """The same question to a plan that the session keeps; made the first time, unless there
        are many already, or inside a transaction, which a plan that cannot be made would end.
        """
        assert self.wrapper is not None
        known = self.wrapper.prepared
        name = f"kept_{sha256(query.encode()).hexdigest()[:24]}"
        if name not in known:
            idle = self.connection.info.transaction_status is TransactionStatus.IDLE
            if len(known) >= MOST_KEPT or not idle:
                return query, values
            places = map("${}".format, range(1, len(values) + 1))
            self.execute(f"PREPARE {name} AS {query % tuple(places)}")
            known.add(name)
        return f"EXECUTE {name} ({', '.join(['%s'] * len(values))})", values

    def _ahead(self) -> str:
        return "" if self.wrapper is None else self.wrapper.untold()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's connection, with what its session was told of who looks."""

    told: Viewer | None = NOBODY
    """None: not known, because something was undone."""
    prepared: set[str]
    """The names of the questions that the session has planned (`rights.prepared`)."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's own, with our cursor."""
        return super().get_connection_params() | {"cursor_factory": Cursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A session that was told nothing yet, and so shows nothing."""
        self.told, self.prepared = NOBODY, set()
        made = super().get_new_connection(conn_params)
        # After each ROLLBACK the driver would drop every plan of the session, ours too; PostgreSQL
        # keeps them through it, and makes them anew where a table has changed.
        made._prepared.clear = lambda: False  # noqa: SLF001  (it has no switch for it)
        return made

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of ours; where it has a name it is Django's, and the session is told before."""
        if name is not None:
            self.tell()
        cursor = super().create_cursor(name)
        cursor.wrapper = self
        return cursor

    def tell(self) -> None:
        """Say by itself who looks, where the session does not know: before what other cursors than
        ours ask, and before what is sent together.
        """
        if settings := self._unlike():
            calls = ", ".join(["set_config(%s, %s, false)"] * len(settings))
            values = [each for pair in settings.items() for each in pair]
            with self.telling(), psycopg.Cursor(self.connection) as plain:
                plain.execute(f"SELECT {calls}", values)  # the driver's own: planned once a session

    def untold(self) -> str:
        """What the session must be told before it is asked anything: calls with commas between;
        nothing where it knows, or where a failed transaction has to be ended first.
        """
        calls = [
            SQL("set_config({}, {}, false)").format(Literal(name), Literal(value))
            for name, value in self._unlike().items()
        ]
        return SQL(", ").join(calls).as_string(self.connection) if calls else ""

    def _unlike(self) -> dict[str, str]:
        """The settings that the session must be told; none where it knows, or where a failed
        transaction has to be ended first.
        """
        viewer = looking()
        if viewer is self.told or viewer == self.told:
            return {}
        if self.connection.info.transaction_status in _ENDED:
            return {}
        known = {} if self.told is None else self.told.settings()
        return {
            name: value for name, value in viewer.settings().items() if known.get(name) != value
        }

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Around the statement that tells it: one that fails takes the settings along."""
        self.told = None
        yield
        self.told = looking()

    def is_usable(self) -> bool:
        """Whether the session is still there. A server that has gone has closed its end, which can
        be seen without asking it; only where there is something to be read is it asked.
        """
        if self.connection is None or self.connection.closed:
            return False
        polled = select.poll()
        polled.register(self.connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
        return not polled.poll(0) or super().is_usable()

    def _rollback(self) -> None:
        """What was told since the transaction began is undone with it."""
        self.told = None
        super()._rollback()  # type: ignore[misc]  # Django's own hook, without a stub

    def _savepoint_rollback(self, sid: str) -> None:
        """The same for what was told since the savepoint."""
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # Django's own hook, without a stub
        self.told = None
