"""The tables on disk: facts.parquet and outcomes.parquet, a row group at a time, tickets whole."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from afspraak.engine.facts import SUPPLIER

FORMAT: Final = "1"
GROUP: Final = 1 << 17
"""Facts in a row group, at least; it ends with a ticket."""

OUTCOMES_GROUP: Final = 1 << 16


class FactRow(NamedTuple):
    """One fact, as facts.parquet has it. Instants in microseconds; None where it has no value."""

    ticket: str
    fact: str
    happened_at: int
    recorded_at: int
    by: str | None = None
    recorded_by: str = SUPPLIER
    to: str | None = None
    of: str | None = None
    id: str | None = None
    cause: str | None = None
    why: str | None = None
    agreed: bool = False
    until: int | None = None
    reported_at: int | None = None
    set: str | None = None
    priority: str | None = None
    service: str | None = None
    kind: str | None = None
    site: str | None = None
    customer: str | None = None
    state: str | None = None
    source_id: str | None = None


class OutcomeRow(NamedTuple):
    """What the log itself recorded of one ticket; `kept` are its hindsight instants in order."""

    ticket: str
    made: bool | None
    deadline_at: int | None
    priority_first: str | None
    priority_last: str | None
    service: str | None
    kind: str | None
    site: str | None
    customer: str | None
    kept: tuple[int | None, ...] = ()


INSTANT: Final = pa.timestamp("us", tz="UTC")
_WORD: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final[Mapping[str, pa.DataType]] = {
    "ticket": pa.string(),
    "happened_at": INSTANT,
    "recorded_at": INSTANT,
    "until": INSTANT,
    "reported_at": INSTANT,
    "of": pa.string(),
    "id": pa.string(),
    "set": pa.string(),
    "source_id": pa.string(),
    "agreed": pa.bool_(),
}
_REQUIRED: Final = frozenset(
    ("ticket", "fact", "happened_at", "recorded_at", "recorded_by", "agreed")
)
_FACT_FIELDS: Final = [
    pa.field(name, _TYPES.get(name, _WORD), nullable=name not in _REQUIRED)
    for name in FactRow._fields
]
FACTS_SCHEMA: Final = pa.schema(
    [_FACT_FIELDS[0], pa.field("position", pa.int32(), nullable=False), *_FACT_FIELDS[1:]],
)


def outcomes_schema(kept: Sequence[str]) -> pa.Schema:
    """The columns of outcomes.parquet; hindsight says so in its field's metadata."""
    label = {b"afspraak.hindsight": b"written on every row of the log; not known at the time"}
    return pa.schema(
        [
            pa.field("ticket", pa.string(), nullable=False),
            pa.field("made", pa.bool_()),
            pa.field("deadline_at", INSTANT),
            *(pa.field(name, _WORD) for name in OutcomeRow._fields[3:-1]),
            *(pa.field(name, INSTANT, metadata=label) for name in kept),
        ],
    )


class _Table:
    """Rows gathered until a row group is full."""

    def __init__(self, path: Path, schema: pa.Schema, metadata: Mapping[str, str]) -> None:
        marked = {f"afspraak.{key}": value for key, value in metadata.items()}
        self._schema = schema.with_metadata({"afspraak.format": FORMAT, **marked})
        words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        self._writer = pq.ParquetWriter(
            path, self._schema, compression="zstd", use_dictionary=words
        )

    def _write(self, columns: Sequence[Sequence[object]]) -> None:
        arrays = [
            pa.array(values, pa.string()).dictionary_encode()
            if pa.types.is_dictionary(field.type)
            else pa.array(values, field.type)
            for values, field in zip(columns, self._schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))

    def _close(self) -> None:
        self._writer.close()


class FactsTable(_Table):
    """facts.parquet being written; `count` facts so far, from `first_at` to `last_at`."""

    def __init__(self, path: Path, metadata: Mapping[str, str]) -> None:
        super().__init__(path, FACTS_SCHEMA, metadata)
        self._rows: list[FactRow] = []
        self._positions: list[int] = []
        self.count = 0
        self.first_at: int | None = None
        self.last_at: int | None = None

    def add(self, ticket: Sequence[FactRow]) -> None:
        """All facts of one ticket, in the order of its log."""
        self._rows.extend(ticket)
        self._positions.extend(range(len(ticket)))
        if len(self._rows) >= GROUP:
            self._flush()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = list(zip(*self._rows, strict=True))
        happened, recorded = columns[2], columns[3]
        self.first_at = min(*happened, self.first_at or happened[0])
        self.last_at = max(*recorded, self.last_at or recorded[0])
        self.count += len(self._rows)
        self._write([columns[0], self._positions, *columns[1:]])
        self._rows, self._positions = [], []

    def close(self) -> None:
        """Writes what is left."""
        self._flush()
        self._close()


class OutcomesTable(_Table):
    """outcomes.parquet being written."""

    def __init__(self, path: Path, kept: Sequence[str], metadata: Mapping[str, str]) -> None:
        super().__init__(path, outcomes_schema(kept), metadata)
        self._rows: list[OutcomeRow] = []
        self.count = 0

    def add(self, row: OutcomeRow) -> None:
        """The outcome of one ticket."""
        self._rows.append(row)
        if len(self._rows) >= OUTCOMES_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            columns = list(zip(*((*row[:-1], *row.kept) for row in self._rows), strict=True))
            self.count += len(self._rows)
            self._write(columns)
            self._rows = []

    def close(self) -> None:
        """Writes what is left."""
        self._flush()
        self._close()
