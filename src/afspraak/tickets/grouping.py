"""Rows ticket by ticket: a log grouped by ticket streams, another is sorted through files first.

A ticket's rows keep the log's order; tickets come in the order of their first row. In memory are
the open ticket and every ticket's id; when sorting, a run of rows, too.
"""

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyarrow import ipc

from afspraak.tickets.source import Row

RUN: Final = 200_000
"""Rows that are sorted in memory at a time."""

BATCH: Final = 4_096

Ticket = tuple[str, list[Row]]
TicketOf = Callable[[Row], str]
_Keyed = tuple[int, int, list[str]]

_SCHEMA: Final = pa.schema(
    [("ticket", pa.int64()), ("line", pa.int64()), ("cells", pa.list_(pa.string()))],
)


class NotGroupedError(Exception):
    """A ticket came back after another one had begun: the log must be sorted."""


def grouped(rows: Iterable[Row], ticket_of: TicketOf) -> Iterator[Ticket]:
    """Tickets of a log whose rows lie together. Raises NotGroupedError when a ticket comes back."""
    seen: set[str] = set()
    ticket, held = "", list[Row]()
    for row in rows:
        name = ticket_of(row)
        if name == ticket:
            held.append(row)
            continue
        if held:
            yield ticket, held
        if name in seen:
            raise NotGroupedError(name)
        seen.add(name)
        ticket, held = name, [row]
    if held:
        yield ticket, held


def sorted_through(folder: Path, rows: Iterable[Row], ticket_of: TicketOf) -> Iterator[Ticket]:
    """Tickets of any log: sorted runs go to `folder` (the caller's to empty), then are merged."""
    numbers: dict[str, int] = {}
    runs: list[Path] = []
    run: list[_Keyed] = []
    for row in rows:
        number = numbers.setdefault(ticket_of(row), len(numbers))
        run.append((number, row.line, row.cells))
        if len(run) == RUN:
            runs.append(_written(folder / f"run{len(runs)}.arrow", run))
            run = []
    run.sort(key=_place)
    names = list(numbers)
    numbers.clear()
    ordered = merge(*(_read(path) for path in runs), run, key=_place)
    for number, group in groupby(ordered, key=lambda row: row[0]):
        yield names[number], [Row(line, cells) for _, line, cells in group]


def _place(row: _Keyed) -> tuple[int, int]:
    return row[0], row[1]


def _written(path: Path, run: list[_Keyed]) -> Path:
    run.sort(key=_place)
    with ipc.new_file(path, _SCHEMA) as file:
        for start in range(0, len(run), BATCH):
            numbers, lines, cells = zip(*run[start : start + BATCH], strict=True)
            file.write_batch(pa.record_batch([numbers, lines, cells], schema=_SCHEMA))
    return path


def _read(path: Path) -> Iterator[_Keyed]:
    with ipc.open_file(path) as file:
        for index in range(file.num_record_batches):
            batch = file.get_batch(index)
            numbers, lines = batch["ticket"].to_pylist(), batch["line"].to_pylist()
            yield from zip(numbers, lines, batch["cells"].to_pylist(), strict=True)
