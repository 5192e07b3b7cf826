"""Facts from Parquet in batches of whole tickets, a stretch of row groups at a time.

The facts of a ticket stand together, but a row group may end in the middle of them. A ticket
belongs to the stretch in which it begins, so stretches can be read by different processes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from afspraak.reports.bulk_facts import Places, check_schema, firsts
from afspraak.tickets.load import READ

GROUPS: Final = 64
"""Row groups in a stretch: few enough that two processes end together, many enough that its ends,
which two stretches read, do not count.
"""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Row groups [first, until) of a file of facts."""

    path: Path
    first: int
    until: int


def stretches(path: Path, groups: int = GROUPS) -> list[Stretch]:
    """A file cut into stretches; refuses one that lacks a column."""
    file = pq.ParquetFile(path)
    check_schema(file.schema_arrow)
    return [
        Stretch(path, first, min(first + groups, file.num_row_groups))
        for first in range(0, file.num_row_groups, groups)
    ]


def groups_of(stretch: Stretch) -> Iterator[pa.RecordBatch]:
    """The row groups of a stretch, decoded, as they stand."""
    file = _Groups(stretch.path)
    return (file.read(number) for number in range(stretch.first, stretch.until))


def batches(stretch: Stretch) -> Iterator[tuple[pa.RecordBatch, Places]]:
    """The tickets that begin in a stretch, in batches of whole ones, with where each begins.

    Those that the row groups cut come last, together in one batch.
    """
    file = _Groups(stretch.path)
    cut = _Cut(file.last_ticket_before(stretch.first))
    for number in range(stretch.first, stretch.until):
        group = file.read(number)
        if len(group):
            first = firsts(group.column("ticket"))
            start, end = cut.take(group, first)
            if start < end:
                whole = first[start : end + 1]
                length = int(whole[-1] - whole[0])
                yield group.slice(int(whole[0]), length), whole - whole[0]
    pieces = [*cut.pieces, *(file.rest_of(cut.open, stretch.until) if cut.pieces else ())]
    if pieces:
        together = _one_batch(pa.Table.from_batches(pieces))
        yield together, firsts(together.column("ticket"))


class _Cut:
    """The pieces of tickets that stand at the edges of row groups, in order; `open` is the ticket
    that the last group ended with.
    """

    def __init__(self, before: object) -> None:
        self.open = before
        self.pieces: list[pa.RecordBatch] = []

    def take(self, group: pa.RecordBatch, first: Places) -> tuple[int, int]:
        """Keeps a group's pieces; the tickets from the first to before the second are whole."""
        tickets, last = group.column("ticket"), len(first) - 2
        start = int(tickets[0].as_py() == self.open)
        if start and self.pieces:
            self.pieces.append(_copied(group, 0, int(first[1])))
        if start <= last:
            self.pieces.append(_copied(group, int(first[last]), len(group)))
            self.open = tickets[-1].as_py()
        return start, last


class _Groups:
    """The row groups of a file of facts, with the columns that the law reads."""

    def __init__(self, path: Path) -> None:
        self._file = pq.ParquetFile(path)
        self._columns = [name for name in READ if name in self._file.schema_arrow.names]

    def read(self, number: int, columns: Sequence[str] | None = None) -> pa.RecordBatch:
        """One row group; all columns of the law, unless told."""
        names = list(columns or self._columns)
        return _one_batch(self._file.read_row_group(number, columns=names, use_threads=False))

    def last_ticket_before(self, number: int) -> object:
        """The ticket of the last fact before a row group; None at the start of the file."""
        for before in reversed(range(number)):
            tickets = self.read(before, ["ticket"]).column("ticket")
            if len(tickets):
                return tickets[-1].as_py()
        return None

    def rest_of(self, ticket: object, number: int) -> Iterator[pa.RecordBatch]:
        """What the row groups from `number` on still hold of a ticket."""
        for group in range(number, self._file.num_row_groups):
            tickets = self.read(group, ["ticket"]).column("ticket")
            if len(tickets):
                length = int(firsts(tickets)[1]) if tickets[0].as_py() == ticket else 0
                if length:
                    yield _copied(self.read(group), 0, length)
                if length < len(tickets):
                    break


def _copied(group: pa.RecordBatch, start: int, end: int) -> pa.RecordBatch:
    """Rows [start, end) of their own: a slice would keep the whole group in memory."""
    return group.take(pa.array(range(start, end), pa.int64()))


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    """A table as one batch, its dictionaries as one."""
    whole = table.unify_dictionaries().combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], schema=table.schema)
