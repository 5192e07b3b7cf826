"""Who is looking: the first wall's filter and the second wall's settings come from one value."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID


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
"""Who looks, in this thread."""


def looking() -> Viewer:
    """With whose eyes the next statement is asked (`postgresql.base`)."""
    return _LOOKING.get()


@contextmanager
def viewing(viewer: Viewer) -> Iterator[Callable[[Viewer], None]]:
    """The database shows what this viewer may see, until the end of the block; then what the block
    around it may see: outside every block nothing. What is handed over takes another viewer's eyes
    for the rest of the block.

    Fails closed: a new connection knows of nobody until it is told.
    """
    around = _LOOKING.get()
    _LOOKING.set(viewer)
    try:
        yield _look
    finally:
        _LOOKING.set(around)


def _look(viewer: Viewer) -> None:
    _LOOKING.set(viewer)


def _array(ids: frozenset[UUID]) -> str:
    return "{" + ",".join(sorted(map(str, ids))) + "}" if ids else ""
