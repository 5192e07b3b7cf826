"""Which tickets that are open would get which other due instants if a text were signed now
(SEMANTICS C1). Pure; nothing is stored.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from afspraak.engine.clock import Assessment
from afspraak.engine.facts import Ticket
from afspraak.reports.contracts import Contract
from afspraak.reports.governing import Book, Judged, NotCovered
from afspraak.reports.replay import NOTHING, Logged, as_it_stands


@dataclass(frozen=True, slots=True)
class Moved:
    """A promise on an open ticket whose due instant would be another one; None: it has none (it is
    frozen, only measured, or not promised).
    """

    ticket: str
    clause: str
    promisor: str
    before_at: int | None
    after_at: int | None


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: how many open tickets, which promises would move, and on how many tickets
    the law refuses an answer.
    """

    tickets: int
    moved: tuple[Moved, ...]
    refused: int


def moved_by(
    logs: Iterable[Logged],
    signed: Sequence[Contract],
    draft: Contract,
    *,
    span: tuple[int, int],
    at: int,
) -> Looked:
    """As of when the draft would be in force: until then time passes, and nothing else is known to
    happen. What is missed before it stays missed (C1).
    """
    when = max(at, draft.version.in_force_at) + 1
    before = Book(signed, span, strict=True, assumed=NOTHING)
    after = Book([*signed, draft], span, strict=True, assumed=NOTHING)
    tickets = refused = 0
    moved: list[Moved] = []
    for logged in logs:
        tickets += 1
        ticket, _read = as_it_stands(logged, when)
        try:
            both = [_judged(book, ticket) for book in (before, after)]
        except NotCovered:
            refused += 1
            continue
        moved += _differences(logged.id, *both)
    return Looked(tickets, tuple(moved), refused)


def _judged(book: Book, ticket: Ticket | None) -> Judged | None:
    return None if ticket is None else book.judge("", ticket)


def _differences(number: str, one: Judged | None, other: Judged | None) -> Iterator[Moved]:
    ones, others = _open(one), _open(other)
    for key in dict.fromkeys((*ones, *others)):
        was, now = ones.get(key), others.get(key)
        before_at = None if was is None else was.due_at
        after_at = None if now is None else now.due_at
        if before_at != after_at:
            known = was or now
            assert known is not None
            yield Moved(number, key[0], known.promise.promisor, before_at, after_at)


def _open(judged: Judged | None) -> dict[tuple[str, int], Assessment]:
    """What still waits to be done, by clause and cycle."""
    return {
        (each.promise.clause, each.cycle): each
        for each in (judged.assessed if judged else ())
        if each.satisfied_at is None and each.state != "void"
    }
