"""One book of contracts over blocks of tickets: which contract governs each, what the columns count
of it, and what is left to the scalar law (SEMANTICS C1, C3, A8).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from afspraak.engine.columns import Block
from afspraak.engine.facts import Ticket
from afspraak.engine.terms import Case
from afspraak.reports.bulk_clause import Ints
from afspraak.reports.bulk_counts import Apart, Counts, Key, Waiting
from afspraak.reports.bulk_governed import Governed, HoursOnce
from afspraak.reports.contracts import Contract
from afspraak.reports.governing import Book, NotCovered
from afspraak.reports.replay import Logged, dates_of
from afspraak.reports.rows import Row, rows_of


@dataclass(slots=True)
class LeftTicket:
    """What of a ticket is left to the scalar law: some clauses of the contract that governs it.
    `refused`: another one was refused already.
    """

    contract: int
    clauses: set[str] = field(default_factory=set)
    refused: bool = False


Left = dict[int, LeftTicket]
"""By number of the ticket in its block."""


class BookCounts:
    """The counts of a book, the `place`th of those that are replayed."""

    def __init__(
        self,
        place: int,
        contracts: Sequence[Contract],
        span: tuple[int, int],
        as_of: int,
        assumed: Mapping[str, str],
    ) -> None:
        reach = (span[0], max(span[1], as_of))
        self._place = place
        self._book = Book(contracts, reach, strict=False, assumed=assumed)
        dates = dates_of(contracts[0], span, as_of)
        columns = HoursOnce()
        self._governed = [Governed(each, dates, assumed, columns) for each in self._book.clockworks]
        self._counts = Counts()
        self._apart: Counter[Apart] = Counter()

    # By columns

    def take(self, block: Block, names: Sequence[str], customers: Ints | None) -> Left:
        """Counts a block; returns what is left, tickets that are hard for all left out."""
        left: Left = {}
        for place, tickets in self._cut(block, names, customers):
            whole = len(tickets) == len(block.facts)
            part = block if whole else block.only(tickets)
            theirs = customers if customers is None or whole else customers.take(tickets)
            if place < 0:
                self._apart["refused"] += int(np.count_nonzero(~part.hard))
            else:
                self._take(place, part, theirs, tickets, left)
        return left

    def _take(
        self, place: int, block: Block, customers: Ints | None, tickets: Ints, left: Left
    ) -> None:
        governed = self._governed[place]
        refused = np.zeros(len(block.facts), np.bool_)
        cases = governed.cases(block.facts.cases)
        for clause in governed.clauses:
            some, without = clause.take(block, cases, customers)
            refused |= without
            for number in tickets[some].tolist():
                left.setdefault(number, LeftTicket(place)).clauses.add(clause.clause)
        for number in tickets[refused].tolist():
            if number in left:
                left[number].refused = True
            else:
                self._apart["refused"] += 1

    def _cut(
        self, block: Block, names: Sequence[str], customers: Ints | None
    ) -> Iterator[tuple[int, Ints]]:
        """The tickets of a block by the contract that governs them, by place; -1: none does."""
        every = np.arange(len(block.facts))
        if len(self._governed) == 1 and self._places(""):
            yield 0, every
            return
        which = np.full(len(every), -1, np.int64)
        numbers = np.zeros(len(every), np.int64) if customers is None else customers
        for number in np.unique(numbers).tolist():
            places = self._places(names[number])
            if places:
                tickets = numbers == number
                begins = [self._from_at(place) for place in places]
                begun = np.searchsorted(begins, block.start[tickets], "right") - 1
                which[tickets] = np.array(places).take(np.maximum(begun, 0))
        for place in np.unique(which).tolist():
            yield place, np.flatnonzero(which == place)

    def _places(self, customer: str) -> list[int]:
        """The contracts that may govern a customer's tickets, in the order in which they begin."""
        try:
            found = self._book.candidates(customer)
        except NotCovered:
            return []
        return [each.place for each in sorted(found, key=lambda each: each.contract.from_at)]

    def _from_at(self, place: int) -> int:
        return self._book.contracts[place].from_at

    # By the scalar law

    def take_hard(self, logged: Logged, ticket: Ticket | None) -> None:
        """Counts a ticket that the columns did not judge at all; None: it cannot be read."""
        try:
            judged = None if ticket is None else self._book.judge(logged.customer, ticket)
        except NotCovered:
            self._apart["refused"] += 1
            return
        if judged is None:
            self._apart["refused" if ticket is None else "unreported"] += 1
            return
        self._apart["refused"] += bool(judged.refused)
        for row in rows_of(logged.customer, judged):
            self._count(row)

    def take_left(self, logged: Logged, ticket: Ticket, left: LeftTicket) -> None:
        """Counts what was left of a ticket; and which of its misses that relieves (A8), those that
        the columns counted, too.
        """
        governed = self._governed[left.contract]
        judged = self._book.judge_under(governed.clockwork, ticket, left.clauses)
        self._apart["refused"] += bool(judged.refused) or left.refused
        wanted = governed.relievable(judged) - left.clauses
        if wanted:
            more = self._book.judge_under(governed.clockwork, ticket, wanted)
            judged.assessed.extend(more.assessed)
        for row in rows_of(logged.customer, judged):
            self._count(row, counted=row.clause in wanted)

    def _count(self, row: Row, *, counted: bool = False) -> None:
        """`counted`: the columns did already, and could not see that the miss is relieved."""
        governed = self._governed[row.contract]
        due_on = governed.parts.name(row.due_on)
        fields = tuple(sorted(row.case.items()))
        key = Key(self._place, row.contract, row.clause, row.customer, fields, due_on, row.state)
        self._counts.counts[key] += not counted
        if row.state == "missed" and row.due_on is not None and row.missed_at is not None:
            relieved = bool(row.relieved_by)
            if relieved:
                self._counts.counts[key._replace(state="relieved")] += 1
            for clause in governed.relieved_by_period(row.clause):
                self._counts.first(governed.where(key, clause, row.due_on), row.missed_at)
            if row.clause in governed.waiting:
                where = governed.where(key, row.clause, row.due_on)
                self._counts.waiting[Waiting(key, where, row.missed_at)] += (not relieved) - counted

    # Together

    def into(self, counts: Counts, cases: Sequence[Case], names: Sequence[str]) -> None:
        """Adds all that was counted to the counts of all books, in words."""
        for place, governed in enumerate(self._governed):
            governed.into(self._counts, self._place, place, cases, names)
        counts.add(self._counts)
        for why, number in self._apart.items():
            if number:
                counts.apart[self._place, why] += number
