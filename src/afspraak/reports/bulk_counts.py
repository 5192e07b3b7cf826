"""What a replay in columns comes to: how many, by clause, customer, finite fields, part of a month
and state.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

Fields = tuple[tuple[str, str], ...]
"""The finite fields of a case, name and value, in the order of their names."""

Apart = Literal["unreported", "refused"]
"""Tickets apart: not yet reported; without a contract, or with a promise that got no answer."""

FORMAT: Final = 1


class Key(NamedTuple):
    """What is counted: under which book and contract (by place), which clause, for whom and which
    fields; `due_on` is the first date of the part of a month in which the due instant falls (ISO
    8601; empty where none is due); the state, or `relieved` for the misses that were.
    """

    book: int
    contract: int
    clause: str
    customer: str
    fields: Fields
    due_on: str
    state: str


class Where(NamedTuple):
    """A promise that relief by the period speaks of: its clause, the customer, the first date of
    the promise's own period (A8).
    """

    book: int
    contract: int
    clause: str
    customer: str
    period: str


class Waiting(NamedTuple):
    """A miss at an instant that another party's miss in the same period may relieve."""

    key: Key
    where: Where
    missed_at: int


@dataclass(slots=True)
class Counts:
    """Exact counts. `tickets` and `facts` were read; `apart` are tickets by book and why; `scalar`
    tickets went to the scalar law. `took_ns` and `scalar_ns` are what the whole and the scalar law
    took by the caller's stopwatch, and no part of the result.

    Relief by the period is known when the whole log has been seen: until then misses are `waiting`,
    and `firsts` are the first misses that relieve.
    """

    counts: Counter[Key] = field(default_factory=Counter)
    apart: Counter[tuple[int, Apart]] = field(default_factory=Counter)
    tickets: int = 0
    facts: int = 0
    scalar: int = 0
    took_ns: int = 0
    scalar_ns: int = 0
    waiting: Counter[Waiting] = field(default_factory=Counter)
    firsts: dict[Where, int] = field(default_factory=dict)

    def first(self, where: Where, missed_at: int) -> None:
        """Notes a miss that may relieve another party's."""
        self.firsts[where] = min(missed_at, self.firsts.get(where, missed_at))

    def add(self, other: "Counts") -> None:
        """Adds what another part of the log came to."""
        self.counts.update(other.counts)
        self.apart.update(other.apart)
        self.tickets += other.tickets
        self.facts += other.facts
        self.scalar += other.scalar
        self.took_ns += other.took_ns
        self.scalar_ns += other.scalar_ns
        self.waiting.update(other.waiting)
        for where, missed_at in other.firsts.items():
            self.first(where, missed_at)

    def relieve(self) -> None:
        """Counts the misses that waited and are relieved; all parts of the log are here."""
        for each, number in self.waiting.items():
            first = self.firsts.get(each.where)
            if number and first is not None and first < each.missed_at:
                self.counts[each.key._replace(state="relieved")] += number
        self.waiting.clear()
        self.firsts.clear()

    def sha256(self) -> str:
        """The hash of the counts: equal for equal results, however they were come by."""
        told = [
            FORMAT,
            sorted(self.counts.items()),
            sorted(self.apart.items()),
            self.tickets,
            self.facts,
        ]
        return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def together(counts: Iterable[Counts]) -> Counts:
    """The sum of the counts of all parts of a log, in whatever order they come."""
    total = Counts()
    for each in counts:
        total.add(each)
    total.relieve()
    return total
