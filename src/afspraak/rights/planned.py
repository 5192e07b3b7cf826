"""Statements that come with every report: PostgreSQL plans each once a session, not once a report,
and many are sent in one round trip.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from afspraak.rights.postgresql.base import DatabaseWrapper, Planned


def planned() -> CursorWrapper:
    """A cursor whose statements are prepared by the server the first time (`prepare_threshold` in
    the settings); their values travel beside them. Django's own cursor writes values into the
    text, which is another text each time. To be closed, as any other.
    """
    held = _held()
    with held.wrap_database_errors:
        made = Planned(held)
    return held.make_cursor(made)  # type: ignore[arg-type]  # the driver's own, as it is asked to


def _held() -> DatabaseWrapper:
    """This thread's connection, open: the usual proxy would look for it at every name."""
    found = connections[DEFAULT_DB_ALIAS]
    assert isinstance(found, DatabaseWrapper)
    found.close_if_health_check_failed()
    found.ensure_connection()
    return found


_CHECKS: Final[ContextVar[list[Callable[[], None]] | None]] = ContextVar("checks", default=None)
"""What is looked at once everything that was sent together is answered; None: nothing is."""


@contextmanager
def together() -> Iterator[None]:
    """What is written in here is sent in one round trip, and waited for at the end. The first that
    fails is told, those after it are not done. Within another it is part of that one.
    """
    if _CHECKS.get() is not None:
        yield
        return
    held = _held()
    assert held.connection is not None
    checks: list[Callable[[], None]] = []
    was = _CHECKS.set(checks)
    try:
        with held.wrap_database_errors, held.connection.pipeline():
            yield
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
