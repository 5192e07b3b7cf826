"""Whether a log's header has what its mapping names, once each, parted as it says."""

from collections.abc import Sequence
from difflib import get_close_matches

from afspraak.tickets.faults import Fault, LogRefused, refused
from afspraak.tickets.mapping import LogMapping


def check_header(mapping: LogMapping, header: Sequence[str], name: str) -> None:
    """Raises LogRefused with every fault of the header, the log's line 1."""
    place = f"{name}:1"
    missing = [column for column in mapping.columns if column not in header]
    if missing and len(header) == 1 and (found := _separator(header[0], mapping.form.delimiter)):
        fact = f"one column only with the delimiter {mapping.form.delimiter!r}"
        remedy = f"the header looks separated by {found!r}: state `file: {{delimiter: ...}}`"
        raise refused(place, fact, remedy)
    faults = [Fault(place, _lacks(mapping, column), _remedy(column, header)) for column in missing]
    for column in mapping.columns:
        if (count := header.count(column)) > 1:
            fact = f"the column {column!r} stands there {count} times"
            faults.append(Fault(place, fact, "rename all but one"))
    if faults:
        raise LogRefused(faults)


def _lacks(mapping: LogMapping, column: str) -> str:
    line = mapping.lines[column]
    return f"no column {column!r}, which line {line} of the mapping {mapping.name} names"


def _remedy(column: str, header: Sequence[str]) -> str:
    close = get_close_matches(column, header, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"the log has: {', '.join(header[:12])}"


def _separator(text: str, declared: str) -> str | None:
    found = max(";,\t|", key=text.count)
    return found if found != declared and text.count(found) else None
