"""The tables of cases in tests/cases, read once for all who try them: reading is what costs."""

from pathlib import Path
from typing import Any

from afspraak.cli.conformance import read

CASES = Path(__file__).resolve().parent / "cases"
FILES = sorted(CASES.glob("*.yaml"))

Table = dict[str, Any]
TABLES: dict[Path, tuple[Table, list[Table]]] = {path: read(path) for path in FILES}
"""File -> its calendars and its cases."""
