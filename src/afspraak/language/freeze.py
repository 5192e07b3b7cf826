"""`freeze`: the public holidays written out as dates, in place, so that no library's upgrade
changes a verdict.

The text stays as it is, comments included; only `frozen` and each calendar's `holiday_dates` are
added. A frozen document is returned byte for byte.
"""

from datetime import date
from typing import Final

from afspraak.engine.time import TZDATA_VERSION
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.holidays import holidays_between, library_version
from afspraak.language.nodes import Mapping, Node, Scalar
from afspraak.language.reader import read
from afspraak.language.schema_frame import Frozen

Insert = tuple[int, str]
"""An offset in characters, and the text that goes there."""
_WIDTH: Final = 100


def freeze(data: bytes, name: str) -> tuple[bytes | None, list[Fault]]:
    """The frozen document's bytes; none, and every fault, where the document is not sound."""
    document, faults = check(data, name)
    if document is None or document.frozen is not None:
        return (None if document is None else data), faults
    root, _ = read(data, name)
    assert isinstance(root, Mapping)
    text = data.decode("utf-8")
    inserts = [_mark(root, text)]
    for key, part in document.calendars.items():
        if part.holidays is not None:
            node = _held(_held(root, "calendars"), key)
            assert isinstance(node, Mapping)
            dates = holidays_between(part.holidays, part.cover, document.language)
            inserts.append(_dates(node, text, dates))
    for place, added in sorted(inserts, reverse=True):
        text = text[:place] + added + text[place:]
    frozen = text.encode("utf-8")
    if not _says_the_same(document, frozen, name):
        return None, [*faults, _unusual(root, name)]
    return frozen, faults


def frozen_of(document: Document) -> Document:
    """A checked document as it will read once its text is frozen: for who looks before it is."""
    if document.frozen is not None:
        return document
    calendars = {
        key: part.model_copy(
            update={"holiday_dates": holidays_between(part.holidays, part.cover, document.language)}
        )
        if part.holidays is not None
        else part
        for key, part in document.calendars.items()
    }
    frozen = Frozen(holidays=library_version(), tzdata=TZDATA_VERSION)
    return document.model_copy(update={"frozen": frozen, "calendars": calendars})


def _unusual(root: Mapping, name: str) -> Fault:
    """For keys that are written in a way (`? key`) behind which nothing can be put."""
    fact = "the holidays cannot be written beside what stands here"
    remedy = "write zone and holidays each as `key: value`"
    return Fault(name, root.keys["calendars"].line, "calendars", fact, remedy)


def _held(node: Node, key: str) -> Node:
    assert isinstance(node, Mapping)
    return node.entries[key]


def _mark(root: Mapping, text: str) -> Insert:
    """Behind the zone, with which the head of the document ends."""
    versions = f'frozen: {{holidays: "{library_version()}", tzdata: "{TZDATA_VERSION}"}}'
    return _behind(root, "zone", text, versions)


def _dates(calendar: Mapping, text: str, dates: dict[date, str]) -> Insert:
    """Behind `holidays`, in lines that can be read."""
    indent = " " * (_indent(text, calendar.keys["holidays"].start) + 4)
    lines, line = [], ""
    for entry in (f'"{on}": {quoted(name)}' for on, name in dates.items()):
        if line and len(indent) + len(line) + len(entry) > _WIDTH - 3:
            lines.append(line)
            line = ""
        line += f"{', ' if line else ''}{entry}"
    lines.append(line)
    first = _newline(text) + indent
    body = f",{first}".join(lines)
    return _behind(calendar, "holidays", text, f"holiday_dates: {{{first}{body}}}")


def quoted(name: str) -> str:
    """A name as a double-quoted scalar."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _behind(mapping: Mapping, key: str, text: str, entry: str) -> Insert:
    """Where an entry goes that stands behind another of the same mapping, and how it is written
    there.
    """
    value, at = mapping.entries[key], mapping.keys[key].start
    assert isinstance(value, Scalar)
    if mapping.flow:
        return value.end, f", {entry}"
    end = text.find("\n", value.end - text[: value.end].endswith("\n"))
    line = f"{' ' * _column(text, at)}{entry}{_newline(text)}"
    return (len(text), _newline(text) + line) if end < 0 else (end + 1, line)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _column(text: str, place: int) -> int:
    return place - (text.rfind("\n", 0, place) + 1)


def _indent(text: str, place: int) -> int:
    """How far the line of a place is indented."""
    line = text[place - _column(text, place) :]
    return len(line) - len(line.lstrip(" "))


def _says_the_same(document: Document, frozen: bytes, name: str) -> bool:
    """Whether the frozen text is sound and says nothing else than the document did."""
    again, _ = check(frozen, name)
    if again is None:
        return False
    calendars = {
        key: part.model_copy(update={"holiday_dates": None})
        for key, part in again.calendars.items()
    }
    return again.model_copy(update={"frozen": None, "calendars": calendars}) == document
