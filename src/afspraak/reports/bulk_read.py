"""Facts from Parquet in batches of whole tickets, a stretch of row groups at a time.

The facts of a ticket stand together, but a row group may end in the middle of them. A ticket
belongs to the stretch in which it begins, so stretches can be read by different processes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from afspraak.engine.time import Refusal
from afspraak.reports.bulk_facts import COLUMNS, Places, check_schema, firsts

GROUPS: Final = 8
"""Row groups in a stretch: few enough that two processes end together, many enough to be worth
starting.
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


def span_of(path: Path) -> tuple[int, int]:
    """The first and the last instant of a file, from its row groups' statistics; microseconds."""
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    places = [names.index(name) for name in ("happened_at", "recorded_at")]
    found = [
        file.metadata.row_group(group).column(place).statistics
        for group in range(file.num_row_groups)
        for place in places
    ]
    if not found or any(each is None or not each.has_min_max for each in found):
        raise Refusal(f"{path.name} has no facts, or no statistics of their instants")
    kind = pa.timestamp("us", "UTC")
    instants = pa.array([at for each in found for at in (each.min, each.max)]).cast(kind)
    bounds = pc.min_max(instants.cast(pa.int64()))
    return bounds["min"].as_py(), bounds["max"].as_py()


def batches(stretch: Stretch) -> Iterator[tuple[pa.RecordBatch, Places]]:
    """The tickets that begin in a stretch, in batches of whole ones, with where each begins.

    The tickets that row groups cut come last, together in one batch.
    """
    file = pq.ParquetFile(stretch.path)
    columns = [name for name in COLUMNS if name in file.schema_arrow.names]
    cut = _Cut()
    if stretch.first:
        before = _group(file, stretch.first - 1, ["ticket"])
        cut.skip(before.column("ticket")[-1].as_py())
    for number in range(stretch.first, stretch.until):
        group = _group(file, number, columns)
        first = firsts(group.column("ticket"))
        start, end = cut.take(group, first)
        if start < end:
            whole = first[start : end + 1]
            yield group.slice(int(whole[0]), int(whole[-1] - whole[0])), whole - whole[0]
    number = stretch.until
    while cut.is_open and number < file.num_row_groups:
        cut.end(_group(file, number, columns))
        number += 1
    if pieces := cut.pieces:
        together = _one_batch(pa.Table.from_batches(pieces[:1]), pieces)
        yield together, firsts(together.column("ticket"))


def _group(file: pq.ParquetFile, number: int, columns: list[str]) -> pa.RecordBatch:
    table = file.read_row_group(number, columns=columns, use_threads=False)
    return _one_batch(table)
