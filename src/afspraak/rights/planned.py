"""Statements that come with every report: PostgreSQL plans each once a session, not once a report,
and many are sent in one round trip.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from afspraak.rights.postgresql.base import DatabaseWrapper


def planned(*, is_blind: bool = False) -> CursorWrapper:
    """A cursor whose statements are prepared by the server the first time (`prepare_threshold` in
    the settings); their values travel beside them. Django's own cursor writes values into the
    text, which is another text each time. To be closed, as any other. `is_blind`: what is asked is
    a function that answers alike whoever looks, so nobody's eyes need to be told first.
    """
    held = _here()
    if not is_blind:
        _tell(held)
    with held.wrap_database_errors:
        made = psycopg.Cursor(held.connection)
    return held.make_cursor(made)  # type: ignore[arg-type]  # the driver's own, as it is asked to


def _here() -> DatabaseWrapper:
    """This thread's connection."""
    held = connections[DEFAULT_DB_ALIAS]  # itself: the usual proxy looks for it at every name
    assert isinstance(held, DatabaseWrapper)
    held.close_if_health_check_failed()
    held.ensure_connection()
    return held


def _tell(held: DatabaseWrapper) -> None:
    """Its session knows who looks."""
    with held.wrap_database_errors:
        held.tell()


_CHECKS: Final[ContextVar[list[Callable[[], None]] | None]] = ContextVar("checks", default=None)
"""What is looked at once everything that was sent together is answered; None: nothing is."""


@contextmanager
def together() -> Iterator[None]:
    """What is asked and written in here is sent in one round trip, who looks and the transaction's
    beginning among it, and waited for at the end. The first that fails is told, those after it are
    not done. Within another it is part of that one.
    """
    if _CHECKS.get() is not None:
        yield
        return
    held = _here()
    checks: list[Callable[[], None]] = []
    was = _CHECKS.set(checks)
    try:
        with held.wrap_database_errors, held.connection.pipeline():
            yield
    except BaseException:
        held.told = None  # what was told in here may have been undone with it
        raise
    finally:
        _CHECKS.reset(was)
    for check in checks:
        check()


def once_answered(check: Callable[[], None]) -> None:
    """Look at an answer as soon as it is there: at once, or with what is sent together."""
    checks = _CHECKS.get()
    if checks is None:
        check()
    else:
        checks.append(check)


def be_patient(*, seconds: int) -> None:
    """Until the end of the transaction, wait this long for what others have locked (the settings
    say how long is usual).
    """
    with planned() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{seconds}s"])
