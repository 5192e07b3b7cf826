"""An export on disk: each table as JSON lines, CSV and Parquet, and the files beside facts."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import (
    BooleanField,
    DateField,
    DateTimeField,
    Field,
    IntegerField,
    JSONField,
)

from afspraak.host.files import read_file
from afspraak.reports.export import AT_ONCE, PARTS, Part, Row, plain, rows_of
from afspraak.rights.viewer import Viewer

MANIFEST: Final = "export.json"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
Progress = Callable[[str, int], None]


class Writer(Protocol):
    """What takes rows in one form."""

    def __call__(self, rows: list[Row], /) -> None:
        """Take some rows more."""


def write_export(
    *,
    out: Path,
    viewer: Viewer,
    said: dict[str, str],
    parts: Sequence[Part] = PARTS,
    progress: Progress = lambda _name, _rows: None,
) -> dict[str, int]:
    """Write everything that a viewer sees into an empty folder; how many rows each table has.

    The manifest comes last: a folder without one is an export that was cut off.
    """
    counts = {}
    for part in parts:
        counts[part.name] = _write_part(out, part, rows_of(part, viewer))
        progress(part.name, counts[part.name])
    counts["files"] = _write_files(out, viewer) if "attachments" in counts else 0
    told = {**said, "rows": counts}
    (out / MANIFEST).write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return counts


def _write_part(out: Path, part: Part, rows: Iterator[Row]) -> int:
    count = 0
    with ExitStack() as stack:
        forms = (_lines(out, part), _table(out, part), _parquet(out, part))
        writers = [stack.enter_context(each) for each in forms]
        while batch := list(islice(rows, AT_ONCE)):
            count += len(batch)
            for write in writers:
                write(batch)
    return count


def _write_files(out: Path, viewer: Viewer) -> int:
    """Files by their SHA-256: what they are called stands in the table of attachments."""
    folder = out / "files"
    folder.mkdir()
    part = next(each for each in PARTS if each.name == "attachments")
    digests = {row["sha256"] for row in rows_of(part, viewer)}
    for digest in sorted(digests):
        (folder / digest).write_bytes(read_file(digest))
    return len(digests)


# Forms --------------------------------------------------------------------------------------------


@contextmanager
def _lines(out: Path, part: Part) -> Iterator[Writer]:
    with (out / f"{part.name}.jsonl").open("w", encoding="utf-8") as file:

        def write(rows: list[Row], /) -> None:
            for row in rows:
                told = {name: plain(value) for name, value in row.items()}
                file.write(json.dumps(told, ensure_ascii=False) + "\n")

        yield write


@contextmanager
def _table(out: Path, part: Part) -> Iterator[Writer]:
    with (out / f"{part.name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(names_of(part))

        def write(rows: list[Row], /) -> None:
            table.writerows([cell(value) for value in row.values()] for row in rows)

        yield write


def cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(plain(value))


@contextmanager
def _parquet(out: Path, part: Part) -> Iterator[Writer]:
    schema = schema_of(part)
    with pq.ParquetWriter(out / f"{part.name}.parquet", schema, compression="zstd") as file:

        def write(rows: list[Row], /) -> None:
            columns = (_column(rows, field.name) for field in schema)
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(columns, schema, strict=True)
            ]
            file.write_table(pa.Table.from_arrays(arrays, schema=schema))

        yield write


def _column(rows: Iterable[Row], name: str) -> list[Any]:
    found = [row[name] for row in rows]
    return [json.dumps(v, ensure_ascii=False) if isinstance(v, list | dict) else v for v in found]


def names_of(part: Part) -> list[str]:
    """The columns as they are called in files."""
    return [name.replace("__", "_") for name in part.columns]


def schema_of(part: Part) -> pa.Schema:
    """The columns' types, from the rows' own."""
    named = zip(names_of(part), part.columns, strict=True)
    return pa.schema([(name, _type(_field(part, column))) for name, column in named])


def _field(part: Part, column: str) -> "Field[Any, Any]":
    model: Any = part.model
    *steps, last = column.split("__")
    for step in steps:
        model = model._meta.get_field(step).related_model
    found: Field[Any, Any] = model._meta.get_field(last)
    return found


def _type(field: "Field[Any, Any]") -> pa.DataType:
    target = getattr(field, "target_field", field)
    if isinstance(target, DateTimeField):
        return pa.timestamp("us", tz="UTC")
    if isinstance(target, DateField):
        return pa.date32()
    if isinstance(target, BooleanField):
        return pa.bool_()
    if isinstance(target, IntegerField) and not isinstance(target, JSONField):
        return pa.int64()
    return pa.string()
