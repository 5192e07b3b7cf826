"""Facts from disk for the scalar engine: ticket by ticket, a row group at a time."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from afspraak.engine.facts import EMPTY, Fact
from afspraak.engine.figures import Maintenance, Outage
from afspraak.engine.time import Refusal
from afspraak.tickets.import_log import FACTS, OUTCOMES

OUTAGES: Final = "outages.parquet"
READ: Final = (
    "ticket",
    "position",
    "fact",
    "happened_at",
    "recorded_at",
    "by",
    "recorded_by",
    "id",
    "of",
    "to",
    "why",
    "cause",
    "agreed",
    "until",
    "reported_at",
    "set",
    "priority",
    "service",
    "kind",
    "site",
    "customer",
)
"""The columns of facts.parquet that the law reads."""

NAMES: Final = ("priority", "service", "kind", "site")
"""Those of them that a report states; a service implies its level (C3)."""

Row = tuple[Any, ...]
KnownFields = dict[Row, Mapping[str, str]]
_NO_CHANGES: Final[Mapping[str, object]] = MappingProxyType({})


class TicketFacts(NamedTuple):
    """One ticket: its id, its customer ("" where the log names none), its facts as logged.

    `unreadable`: why the law refuses one of its facts; `facts` is empty then.
    """

    ticket: str
    customer: str
    facts: list[Fact]
    unreadable: str = ""


class ServiceFact(NamedTuple):
    """What a customer's service went through, and when that was written down (F1, F5)."""

    customer: str
    recorded_at: int
    fact: Outage | Maintenance


@dataclass(frozen=True, slots=True)
class RecordedOutcome:
    """What the log itself recorded of a ticket; `kept` are its hindsight instants by name.

    Instants in microseconds; None where the log has none.
    """

    ticket: str
    made: bool | None
    deadline_at: int | None
    priority_first: str
    priority_last: str
    service: str
    kind: str
    site: str
    customer: str
    kept: Mapping[str, int]


def load_tickets(folder: Path) -> Iterator[TicketFacts]:
    """Every ticket of facts.parquet in `folder`, in its order; a row group is in memory at a time.

    The facts carry no `source_id`: an import has dropped what came twice already.
    """
    file = pq.ParquetFile(folder / FACTS)
    fields = no_fields()
    groups = (
        file.read_row_group(group, columns=list(READ)) for group in range(file.num_row_groups)
    )
    rows = (row for table in groups for row in rows_of(table))
    for _, held in groupby(rows, key=itemgetter(0)):
        yield ticket_of(list(held), fields)


def no_fields() -> KnownFields:
    """The fields of facts met so far: many facts state the same ones, and share them."""
    return {("", "", "", ""): EMPTY}


def ticket_of(rows: list[Row], fields: KnownFields) -> TicketFacts:
    """The ticket of these rows."""
    ticket, customer = rows[0][0], rows[0][-1]
    try:
        return TicketFacts(ticket, customer, [_fact(row, fields) for row in rows])
    except Refusal as refusal:
        return TicketFacts(ticket, customer, [], str(refusal))


def load_outcomes(folder: Path) -> Iterator[RecordedOutcome]:
    """Every ticket of outcomes.parquet in `folder`."""
    file = pq.ParquetFile(folder / OUTCOMES)
    names = file.schema_arrow.names
    for group in range(file.num_row_groups):
        table = file.read_row_group(group)
        for row in zip(*(_plain(table[name]) for name in names), strict=True):
            kept = {name: at for name, at in zip(names[9:], row[9:], strict=True) if at is not None}
            yield RecordedOutcome(*row[:9], kept)  # type: ignore[call-arg]  # nine of nine


def load_outages(folder: Path) -> Iterator[ServiceFact]:
    """Outages and maintenance of outages.parquet in `folder`; nothing where there is none."""
    path = folder / OUTAGES
    if not path.is_file():
        return
    table = pq.read_table(path)
    names = ("customer", "recorded_at", "what", "service", "from_at", "until_at", "announced_at")
    for customer, recorded_at, what, *stated in zip(
        *(_plain(table[name]) for name in names), strict=True
    ):
        fact = Outage(*stated[:3]) if what == "outage" else Maintenance(*stated)
        yield ServiceFact(customer, recorded_at, fact)


def rows_of(table: pa.Table) -> Iterator[Row]:
    """The rows of a table that has every column of `READ`, in their order."""
    return zip(*(_plain(table[name]) for name in READ), strict=True)


def _plain(column: pa.ChunkedArray) -> list[Any]:
    """Python values: instants as microseconds, an absent text as "", any other absence as None."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        return list(column.cast(pa.int64()).to_pylist())
    if pa.types.is_dictionary(kind):
        words = column.combine_chunks()
        known = [*words.dictionary.to_pylist(), ""]
        return [known[index] for index in words.indices.fill_null(len(known) - 1).to_pylist()]
    if pa.types.is_string(kind):
        return list(pc.fill_null(column, "").to_pylist())
    return list(column.to_pylist())


def _fact(row: Row, known: KnownFields) -> Fact:
    stated = row[16:20]
    fields = known.get(stated)
    if fields is None:
        fields = known[stated] = {k: v for k, v in zip(NAMES, stated, strict=True) if v}
    return Fact(
        row[2],
        row[3],
        row[4],
        row[1],
        row[5],
        row[6],
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
        row[13],
        row[14],
        fields,
        json.loads(row[15]) if row[15] else _NO_CHANGES,
    )
