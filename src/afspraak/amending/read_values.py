"""Index values from a table that somebody has: `index;month;value;source`, a line each. Pure."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from afspraak.amending.actions import Entered

LONGEST: Final = 200_000
"""Characters of a table."""
MOST: Final = 2_000
"""Lines of a table."""
COLUMNS: Final = 3
HEADS: Final = ("index", "series", "reeks", "indice")
_VALUE: Final = re.compile(r"[0-9]{1,8}(?:[.,][0-9]{1,4})?")
_MONTH: Final = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Faulty:
    """A line that cannot be read, by its number."""

    line: int
    text: str


def read_values(text: str, source: str) -> tuple[list[Entered], list[Faulty]]:
    """What a table says, and each line that is wrong. `source` stands where a line names none."""
    found, faults = [], []
    lines = text.lstrip("\ufeff").splitlines()[: MOST + 1]
    mark = (
        ";" if ";" in (lines[0] if lines else "") else "\t" if "\t" in "".join(lines[:1]) else ","
    )
    for number, line in enumerate(lines, 1):
        cells = _cells(line, mark)
        if not any(cells) or (number == 1 and cells[0].casefold() in HEADS):
            continue
        entered = _entered(cells, source)
        if entered is None:
            faults.append(Faulty(number, line[:80]))
        else:
            found.append(entered)
    return found, faults


def _cells(line: str, mark: str) -> list[str]:
    try:
        return [each.strip() for each in next(csv.reader([line], delimiter=mark), [""])]
    except csv.Error:
        return ["?"]


def _entered(cells: list[str], source: str) -> Entered | None:
    if len(cells) < COLUMNS or not cells[0]:
        return None
    month, value = month_of(cells[1]), value_of(cells[2])
    told = cells[3] if len(cells) > COLUMNS and cells[3] else source
    if month is None or value is None or not told:
        return None
    return Entered(cells[0][:200], month, value, told[:200])


def month_of(text: str) -> date | None:
    """`2027-10` -> the first of that month."""
    found = _MONTH.fullmatch(text.strip())
    if found is None or found[1] < "1900":
        return None
    return date(int(found[1]), int(found[2]), 1)


def value_of(text: str) -> Decimal | None:
    """`118.4` or `118,4`: above nothing, at most four decimals."""
    plain = text.strip()
    if not _VALUE.fullmatch(plain):
        return None
    value = Decimal(plain.replace(",", "."))
    return value if value > 0 else None
