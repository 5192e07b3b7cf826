"""A text to begin a new version from: a template, or what stands, changed in a few places and left
as it is everywhere else, comments included.

What is taken and given here is a text on its way to the editor; what was signed is never touched.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

from afspraak.language.freeze import quoted
from afspraak.language.nodes import Key, Node, Path, Scalar, child
from afspraak.language.nodes import Mapping as Entries
from afspraak.language.reader import read

Change = tuple[int, int, str]
"""Two offsets in characters, and the text that comes between them."""
_NAME: Final = "contract"


@lru_cache(maxsize=256)
def thawed(data: bytes) -> bytes:
    """The document without what `freeze` wrote into it, so that the holidays are written out anew
    for the cover that it will have then. A text that cannot be read stays as it is.
    """
    root = _root(data)
    if root is None:
        return data
    text = data.decode("utf-8")
    calendars = child(root, "calendars")
    parts = list(calendars.entries.values()) if isinstance(calendars, Entries) else []
    changes = [*_without(root, "frozen", text)]
    for part in parts:
        changes += _without(part, "holiday_dates", text)
    return _changed(text, changes)


def with_values(data: bytes, values: Mapping[Path, str]) -> bytes:
    """The text with other values at these paths, each in double quotes; a path that the text does
    not have is passed over.
    """
    root = _root(data)
    if root is None:
        return data
    found = {path: _at(root, path) for path in values}
    changes = [
        (node.start, node.end, _scalar(values[path]))
        for path, node in found.items()
        if isinstance(node, Scalar)
    ]
    return _changed(data.decode("utf-8"), changes)


@lru_cache(maxsize=256)
def numbered(data: bytes, number: int, from_on: date) -> bytes:
    """The text as this version of its agreement, from a date on."""
    root = _root(data)
    if root is None:
        return data
    text, known = data.decode("utf-8"), child(root, "version")
    if isinstance(known, Entries):
        given: dict[Path, str] = {("version", "number"): str(number)}
        return with_values(data, given | {("version", "from"): from_on.isoformat()})
    zone = child(root, "zone")
    if zone is None or root.flow:
        return data
    end = text.find("\n", zone.end)
    entry = f'version: {{number: {number}, from: "{from_on}"}}'
    place = len(text) if end < 0 else end
    return _changed(text, [(place, place, f"\n{entry}")])


def _root(data: bytes) -> Entries | None:
    root, _ = read(data, _NAME)
    return root if isinstance(root, Entries) else None


def _at(root: Node, path: Path) -> Node | None:
    node: Node | None = root
    for step in path:
        node = None if node is None else child(node, step)
    return node


def _without(part: Node, key: Key, text: str) -> Iterator[Change]:
    """What takes an entry out: its lines, or in braces what stands from the value before it on; of
    the first, what stands up to the next.
    """
    if not isinstance(part, Entries) or key not in part.keys:
        return
    name, value = part.keys[str(key)], part.entries[str(key)]
    if part.flow:
        before = [each.end for each in part.entries.values() if each.end < name.start]
        after = [each.start for each in part.keys.values() if each.start > value.end]
        first = (name.start, min(after, default=value.end), "")
        yield (max(before), value.end, "") if before else first
        return
    start = text.rfind("\n", 0, name.start) + 1
    end = text.find("\n", _last(value).end - 1)
    yield start, len(text) if end < 0 else end + 1, ""


def _last(node: Node) -> Node:
    """What is written last in a value: a mapping without braces only ends where the next key
    begins, after remarks and blank lines that are not its own.
    """
    while isinstance(node, Entries) and not node.flow and node.entries:
        *_, node = node.entries.values()
    return node


def _scalar(value: str) -> str:
    """A value as it is written: a number bare, all else in double quotes."""
    return value if value.isascii() and value.isdigit() else quoted(value)


def _changed(text: str, changes: list[Change]) -> bytes:
    for start, end, added in sorted(changes, reverse=True):
        text = text[:start] + added + text[end:]
    return text.encode("utf-8")
