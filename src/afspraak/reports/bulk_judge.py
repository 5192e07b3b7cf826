"""Blocks of tickets under the contracts that govern them: counted by the columns, the rest by the
scalar law (HOUSE_STYLE 12).
"""

import copyreg
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pyarrow as pa

from afspraak.engine.columns import Block
from afspraak.reports.bulk_book import BookCounts, Left
from afspraak.reports.bulk_counts import Counts
from afspraak.reports.bulk_facts import Customers, Places, tickets_at
from afspraak.reports.contracts import Contract, stretched
from afspraak.reports.governing import cover_of
from afspraak.reports.replay import Logged, as_it_stands


def _view(table: dict[object, object]) -> MappingProxyType[object, object]:
    return MappingProxyType(table)


# Terms hold read-only views of tables; other processes are sent the tables.
copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Books of contracts that the same facts are judged under, each for itself, as of a moment;
    over a log's span of instants [first, last], with the fields that are assumed.
    """

    books: tuple[tuple[Contract, ...], ...]
    span: tuple[int, int]
    as_of: int
    assumed: Mapping[str, str]


def plan_of(
    books: Sequence[Sequence[Contract]],
    span: tuple[int, int],
    as_of: int,
    assumed: Mapping[str, str],
) -> Plan:
    """What to replay: every contract with its calendars as wide as the log, so that other processes
    need nothing else.
    """
    reach = (span[0], max(span[1], as_of))
    wide = tuple(tuple(_wide(each, reach) for each in book) for book in books)
    return Plan(wide, span, as_of, dict(assumed))


def _wide(contract: Contract, reach: tuple[int, int]) -> Contract:
    calendars = contract.wider(contract.terms, cover_of(contract, reach))
    return replace(contract, terms=replace(contract.terms, calendars=calendars), wider=stretched)


class Judge:
    """Takes blocks of tickets, then says the counts. `stopwatch` tells nanoseconds."""

    def __init__(self, plan: Plan, stopwatch: Callable[[], int]) -> None:
        self._as_of = plan.as_of
        self._stopwatch = stopwatch
        self._customers = Customers()
        self._books = [
            BookCounts(place, book, plan.span, plan.as_of, plan.assumed)
            for place, book in enumerate(plan.books)
        ]
        self._counts = Counts()
        self._cases: Sequence[Mapping[str, str]] = ()

    def take(self, block: Block, batch: pa.RecordBatch) -> None:
        """Counts a block; `batch` holds its facts, for the tickets that go to the scalar law."""
        self._cases = block.facts.cases
        self._counts.tickets += len(block.facts)
        self._counts.facts += len(block.facts.code)
        customers = self._customers.of(batch, block.facts.first)
        left = [book.take(block, self._customers.names, customers) for book in self._books]
        every = np.unique(
            np.concatenate(
                [np.flatnonzero(block.hard), *(np.fromiter(each, np.int64) for each in left)]
            )
        )
        if len(every):
            start = self._stopwatch()
            self._take_scalar(block, batch, every, left)
            self._counts.scalar_ns += self._stopwatch() - start

    def _take_scalar(
        self, block: Block, batch: pa.RecordBatch, every: Places, left: list[Left]
    ) -> None:
        self._counts.scalar += len(every)
        for number, told in tickets_at(batch, block.facts.first, every):
            logged = Logged(told.ticket, told.customer, told.facts, told.unreadable)
            ticket, read = as_it_stands(logged, self._as_of)
            for book, some in zip(self._books, left, strict=True):
                if block.hard[number]:
                    book.take_hard(read, ticket)
                elif number in some:
                    assert ticket is not None, "the columns read what the law does not"
                    book.take_left(read, ticket, some[number])

    def counts(self) -> Counts:
        """All that was counted so far."""
        for book in self._books:
            book.into(self._counts, self._cases, self._customers.names)
        return self._counts
