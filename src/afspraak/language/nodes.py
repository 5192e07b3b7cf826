"""The tree that the reader makes: text, lists and mappings, each with its line and its place in the
file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from afspraak.language.values import quoted

_LONGEST_NAME: Final = 60

Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text; `plain` if it stands without quotes. `start` and `end` are offsets in characters,
    lines count from 1.
    """

    text: str
    line: int
    plain: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `flow` if it stands in brackets."""

    items: tuple["Node", ...]
    line: int
    flow: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys in their order, each with its own place, and what they hold; `flow` if it stands in
    braces.
    """

    keys: dict[str, Scalar]
    entries: dict[str, "Node"]
    line: int
    flow: bool
    start: int
    end: int


Node = Scalar | Items | Mapping
Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node) -> Plain:
    """The tree as bare text, lists and dicts."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, value in node.entries.items()}


def child(node: Node, key: Key) -> Node | None:
    """What a node holds under a key or an index, None if nothing."""
    if isinstance(node, Mapping) and isinstance(key, str):
        return node.entries.get(key)
    if isinstance(node, Items) and isinstance(key, int) and 0 <= key < len(node.items):
        return node.items[key]
    return None


def line_of(root: Node, path: Path) -> int:
    """The line of the node that a path leads to, of the key where it ends at a key, else of the
    nearest above it.

    Steps that the tree does not have (the name of a clause's type) are passed over.
    """
    node, line = root, root.line
    for place, step in enumerate(path):
        found = child(node, step)
        if found is None:
            if place == len(path) - 1 and isinstance(node, Mapping) and step in node.keys:
                line = node.keys[str(step)].line
            continue
        line = node.keys[str(step)].line if isinstance(node, Mapping) else found.line
        node = found
    return node.line if isinstance(node, Scalar) else line


def scalars(node: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every text of the tree that is not a key, with its path."""
    if isinstance(node, Scalar):
        yield path, node
    elif isinstance(node, Items):
        for place, item in enumerate(node.items):
            yield from scalars(item, (*path, place))
    else:
        for key, value in node.entries.items():
            yield from scalars(value, (*path, key))


def place_of(root: Node, path: Path) -> str:
    """How a fault calls the place: the clause's id, `calendars.kantoor`, `term`, or `document`."""
    if not path:
        return "document"
    if path[0] == "clauses" and len(path) > 1:
        clause = child(root, "clauses")
        clause = child(clause, path[1]) if clause else None
        name = child(clause, "id") if clause else None
        return _said(name.text) if isinstance(name, Scalar) else f"clauses[{path[1]}]"
    keyed = path[0] in ("calendars", "services", "parties", "names")
    return ".".join(_said(str(step)) for step in path[: 2 if keyed else 1])


def _said(name: str) -> str:
    """A name as it stands, if it can stand in a message."""
    sayable = name.strip() and name.isprintable() and len(name) <= _LONGEST_NAME
    return name if sayable else quoted(name)


def place_at(root: Node, line: int) -> str:
    """The place that a line belongs to: the last part that begins on it or above it."""
    if not isinstance(root, Mapping):
        return "document"
    key = _last([(key.line, name) for name, key in root.keys.items()], line)
    if key is None:
        return "document"
    part = root.entries.get(str(key))
    starts: list[tuple[int, Key]] = []
    if isinstance(part, Items):
        starts = [(item.line, place) for place, item in enumerate(part.items)]
    elif isinstance(part, Mapping):
        starts = [(held.line, name) for name, held in part.keys.items()]
    inner = _last(starts, line)
    return place_of(root, (key,) if inner is None else (key, inner))


def _last(starts: list[tuple[int, Key]], line: int) -> Key | None:
    """The last that begins at or above a line; none where several begin on the same one."""
    above = [start for start in starts if start[0] <= line]
    first = [start for start in above if start[0] == above[-1][0]]
    return first[0][1] if len(first) == 1 else None
