"""A list of contracts as CSV: named columns, strictly read; each bad line named with its remedy."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from afspraak.archive.numbers import dates_in, spans_in
from afspraak.archive.proposing import Field
from afspraak.archive.registers import is_kbo

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "file": ("file", "bestand", "fichier"),
    "reference": ("reference", "kenmerk", "référence", "nummer", "number"),
    "customer": ("customer", "klant", "client", "partij", "party"),
    "customer_register": ("register", "kvk", "kbo", "bce", "kvk/kbo"),
    "from_on": ("from", "van", "begin", "ingang", "début", "start"),
    "until_on": ("until", "tot", "einde", "fin", "end"),
    "notice": ("notice", "opzegtermijn", "préavis"),
    "lies_at": ("original", "origineel", "ligt", "original at", "lieu"),
}
"""Our column -> the names under which a list may have it, without regard to case."""
MOST_LINES: Final = 5_000
MOST_LETTERS: Final = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A contract of the list. `told`: what it says of fields; `line` counts from 1."""

    line: int
    file: str
    reference: str
    lies_at: str
    told: Mapping[Field, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line; `column` is empty for the line as a whole."""

    line: int
    column: str
    fact: str


def rows_of(text: str) -> tuple[tuple[Row, ...], tuple[BadLine, ...]]:
    """The rows that can be taken, and every line that cannot. A line with a fault is not taken."""
    told = io.StringIO(text.removeprefix("\ufeff"), newline="")
    try:
        lines = list(csv.reader(told, delimiter=_delimiter(text)))
    except csv.Error:  # a cell without end
        return (), (BadLine(1, "", "too_long"),)
    if not lines:
        return (), (BadLine(1, "", "empty"),)
    head, faults = _head(lines[0])
    if faults:
        return (), tuple(faults)
    rows: list[Row] = []
    wrong: list[BadLine] = []
    for number, cells in enumerate(lines[1 : MOST_LINES + 1], 2):
        if not any(cell.strip() for cell in cells):
            continue
        found = _row(number, cells, head)
        if isinstance(found, Row):
            rows.append(found)
        else:
            wrong.append(found)
    if len(lines) > MOST_LINES + 1:
        wrong.append(BadLine(MOST_LINES + 2, "", "too_many"))
    return tuple(rows), tuple(wrong)


def _delimiter(text: str) -> str:
    """Whichever of the three the head has most of."""
    head = text.partition("\n")[0]
    return max(";,\t", key=head.count)


def _head(cells: list[str]) -> tuple[list[str], list[BadLine]]:
    names = {name: ours for ours, known in COLUMNS.items() for name in known}
    head = [names.get(cell.strip().casefold(), "") for cell in cells]
    faults = [
        BadLine(1, cell.strip()[:40], "unknown_column")
        for cell, ours in zip(cells, head, strict=True)
        if not ours
    ]
    faults += [
        BadLine(1, each, "twice") for each in sorted(set(head)) if head.count(each) > 1 and each
    ]
    if not {"file", "reference"} & set(head):
        faults.append(BadLine(1, "", "no_name"))
    return head, faults


def _row(number: int, cells: list[str], head: list[str]) -> Row | BadLine:
    if len(cells) != len(head):
        return BadLine(number, "", "cells")
    told = {name: cell.strip() for name, cell in zip(head, cells, strict=True)}
    for name, text in told.items():
        if len(text) > MOST_LETTERS or "\0" in text:
            return BadLine(number, name, "too_long")
    if not (told.get("file") or told.get("reference")):
        return BadLine(number, "", "no_name")
    fields: dict[Field, str] = {}
    for name, value in _fields(told):
        if value is None:
            return BadLine(number, name, "unreadable")
        fields[name] = value
    return Row(
        number,
        told.get("file", ""),
        told.get("reference", ""),
        told.get("lies_at", ""),
        fields,
    )


def _fields(told: Mapping[str, str]) -> Iterator[tuple[Field, str | None]]:
    """What a line says of fields; None for what cannot be read, or can mean two things."""
    if told.get("customer"):
        yield "customer", told["customer"]
    if told.get("customer_register"):
        yield "customer_register", _register(told["customer_register"])
    if told.get("from_on"):
        yield "from_on", _only(found.values for found in dates_in(told["from_on"]))
    if told.get("until_on"):
        yield "until_on", _only(found.values for found in dates_in(told["until_on"]))
    if told.get("notice"):
        spans = (each.values for each in spans_in(told["notice"]) if each.kind == "rhythm")
        yield "notice", _only(spans)


def _only(found: Iterator[tuple[str, ...]]) -> str | None:
    values = [value for each in found for value in each]
    return values[0] if len(values) == 1 else None


def _register(text: str) -> str | None:
    digits = re.sub(r"[ .]", "", text.casefold().removeprefix("be")).removeprefix("kvk:")
    digits = digits.removeprefix("kbo:")
    if re.fullmatch(r"[0-9]{8}", digits):
        return f"kvk:{digits}"
    return f"kbo:{digits}" if re.fullmatch(r"[0-9]{10}", digits) and is_kbo(digits) else None
