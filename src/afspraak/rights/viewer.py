"""Who is looking: the first wall's filter and the second wall's settings come from one value."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.pq import TransactionStatus

from afspraak.rights.planned import planned


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose eyes a question is asked with.

    `organisations` are those whose rows the viewer sees whole; of `limited` ones a person sees only
    what is his own (a customer's user). `agreements` are single ones to which a person was invited
    (an adviser). Before it is known who somebody is, `account`, the `address` that is typed to sign
    in, or the hash of what was `presented` (a token, an invitation) shows just that one row.
    `is_system`: the watch, the workers, the command line: all rows, by a database role of its own.
    """

    organisations: frozenset[UUID] = frozenset()
    limited: frozenset[UUID] = frozenset()
    agreements: frozenset[UUID] = frozenset()
    person: UUID | None = None
    account: UUID | None = None
    presented: bytes = b""
    address: str = ""
    is_system: bool = False

    @property
    def members_of(self) -> frozenset[UUID]:
        """Every organisation that the viewer belongs to, whole or limited."""
        return self.organisations | self.limited

    def settings(self) -> dict[str, str]:
        """What the policies of the database read; empty text where there is nothing."""
        return {
            "afspraak.organisations": _array(self.organisations),
            "afspraak.limited": _array(self.limited),
            "afspraak.agreements": _array(self.agreements),
            "afspraak.person": "" if self.person is None else str(self.person),
            "afspraak.account": "" if self.account is None else str(self.account),
            "afspraak.presented": self.presented.hex(),
            "afspraak.address": self.address,
        }


SYSTEM: Final = Viewer(is_system=True)
"""The watch, the workers and the command line."""

NOBODY: Final = Viewer()
"""Nobody is signed in: no row of any party is seen."""


_LOOKING: Final = ContextVar("looking", default=NOBODY)
"""Who looks in this thread."""
_TOLD: Final[ContextVar[object]] = ContextVar("told", default=None)
"""The connection that was told so."""


@contextmanager
def viewing(viewer: Viewer) -> Iterator[Callable[[Viewer], None]]:
    """The database shows what this viewer may see, until the end of the block; then what the block
    around it may see: outside every block nothing. What is handed over takes another viewer's eyes
    for the rest of the block.

    Fails closed: a lost connection comes back without a viewer.
    """
    around = _LOOKING.get()
    if viewer != around or not _is_told():
        _look(viewer)
    try:
        yield _look
    finally:
        is_as_before = _LOOKING.get() == around and _is_told()
        _LOOKING.set(around)
        if not is_as_before and not _is_broken():
            _tell_database(around)


def _look(viewer: Viewer) -> None:
    _tell_database(viewer)
    _LOOKING.set(viewer)


def _tell_database(viewer: Viewer) -> None:
    """For the session, in one round trip: a transaction that is rolled back inside keeps it."""
    settings = viewer.settings()
    calls = ", ".join("set_config(%s, %s, false)" for _ in settings)
    with planned() as cursor:
        cursor.execute(
            f"SELECT {calls}",
            [word for pair in settings.items() for word in pair],
        )
    _TOLD.set(connections[DEFAULT_DB_ALIAS].connection)


def _is_told() -> bool:
    """Whether this connection is the one that knows who looks: a new one knows of nobody."""
    held = connections[DEFAULT_DB_ALIAS].connection
    return held is not None and held is _TOLD.get()


def _is_broken() -> bool:
    """No connection is left; or a transaction failed and will be rolled back: it takes what was set
    inside it along.
    """
    held = connections[DEFAULT_DB_ALIAS].connection
    if held is None:
        return True
    status = held.info.transaction_status
    return status in (TransactionStatus.INERROR, TransactionStatus.UNKNOWN)


def _array(ids: frozenset[UUID]) -> str:
    return "{" + ",".join(sorted(map(str, ids))) + "}" if ids else ""
