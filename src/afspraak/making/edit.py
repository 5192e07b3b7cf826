"""A clause changed, added, removed or moved in a text that stays as it is everywhere else, comments
and layout included. Raises Refusal where a text is written so that this cannot be done.
"""

import json
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from afspraak.engine.time import Refusal
from afspraak.language.nodes import Items, Node, Path, Plain, Scalar, child, plain
from afspraak.language.nodes import Mapping as Entries
from afspraak.language.reader import read
from afspraak.language.write import scalar_of

NAME: Final = "contract"
_WIDE: Final = 10_000
Change = tuple[int, int, str]
"""Two offsets in characters, and the text that comes between them."""


def changed(data: bytes, place: int, values: Mapping[str, Plain]) -> bytes:
    """The text with these values in one clause: only what differs is written anew."""
    items, text = _clauses(data), data.decode("utf-8")
    node = items.items[place]
    if plain(node) == dict(values):
        return data
    found = _with(text, list(_changes(node, dict(values), text)))
    if _holds(found, place, values):
        return found
    whole = _with(text, [(node.start, _end(node, text), _block(values, _indent(node, text)))])
    if not _holds(whole, place, values):
        raise Refusal("there is a letter in it that no agreement may hold: take it out")
    return whole


def made(data: bytes, path: Path, wanted: Plain) -> bytes:
    """The text with something else at a path: only what differs is written anew."""
    node: Node = _root(data)
    for step in path:
        found = child(node, step)
        assert found is not None, path
        node = found
    text = data.decode("utf-8")
    return _with(text, list(_changes(node, wanted, text)))


def added(data: bytes, values: Mapping[str, Plain], after: int | None) -> bytes:
    """The text with one clause more, behind another or at the end."""
    root, text = _root(data), data.decode("utf-8")
    items = child(root, "clauses")
    if items is None or (isinstance(items, Items) and not items.items):
        return _first(root, text, values)
    blocks = _blocks(data)
    at = blocks[len(blocks) - 1 if after is None else after][1]
    before = text[:at] if text[:at].endswith("\n") else text[:at] + "\n"
    return (before + _item(values, _dash(_clauses(data), text)) + text[at:]).encode()


def removed(data: bytes, place: int) -> bytes:
    """The text without a clause, and without the comment that stands right above it."""
    blocks, text = _blocks(data), data.decode("utf-8")
    if len(blocks) == 1:
        raise Refusal("the last clause cannot be taken out: an agreement without one says nothing")
    start, end = blocks[place]
    return (text[:start] + text[end:]).encode()


def moved(data: bytes, place: int, by: int) -> bytes:
    """The text with a clause so many places further down, or up; at an end it stays."""
    blocks, text = _blocks(data), data.decode("utf-8")
    to = min(max(place + by, 0), len(blocks) - 1)
    if to == place:
        return data
    parts = [_closed(text[start:end]) for start, end in blocks]
    parts.insert(to, parts.pop(place))
    return (text[: blocks[0][0]] + "".join(parts) + text[blocks[-1][1] :]).encode()


def replaced(data: bytes, place: int, source: str) -> bytes:
    """The text with a clause as somebody wrote it, in YAML."""
    values = clause_in(source)
    if values is None:
        raise Refusal("this is no clause in YAML: write keys and values")
    return changed(data, place, values)


def clause_in(source: str) -> dict[str, Plain] | None:
    """A clause written by itself; None for what is none."""
    root, faults = read(source.encode(), NAME)
    found = plain(root) if isinstance(root, Entries) and not faults else None
    return found if isinstance(found, dict) else None


def written(values: Mapping[str, Plain]) -> str:
    """A clause by itself, as it would be written."""
    return _block(values, 0) + "\n"


# Where a clause stands ----------------------------------------------------------------------------


def _root(data: bytes) -> Entries:
    root, faults = read(data, NAME)
    if not isinstance(root, Entries) or faults:
        raise Refusal("this text cannot be read: mend it in the editor first")
    return root


def _clauses(data: bytes) -> Items:
    found = child(_root(data), "clauses")
    if not isinstance(found, Items) or not found.items:
        raise Refusal("this text has no list of clauses: write it in the editor")
    return found


def _blocks(data: bytes) -> list[tuple[int, int]]:
    """From where to where each clause stands, with the comment right above it."""
    items, text = _clauses(data), data.decode("utf-8")
    if items.flow:
        raise Refusal("the clauses stand in brackets: write each on its own line, in the editor")
    starts = [_top(text, text.rfind("\n", 0, each.start) + 1) for each in items.items]
    ends = [*starts[1:], _bottom(text, items.items[-1])]
    return list(zip(starts, ends, strict=True))


def _top(text: str, start: int) -> int:
    """Above the comment lines that stand right above a line."""
    while start:
        above = text.rfind("\n", 0, start - 1) + 1
        if not text[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _bottom(text: str, node: Node) -> int:
    """Below the last line of a clause."""
    end = text.find("\n", _end(node, text) - 1)
    return len(text) if end < 0 else end + 1


def _end(node: Node, text: str) -> int:
    """Where what a node holds ends: a block's own end lies before what comes next."""
    if isinstance(node, Scalar) or node.flow:
        return node.end
    parts = node.items if isinstance(node, Items) else tuple(node.entries.values())
    return max((_end(each, text) for each in parts), default=node.end)


def _indent(node: Node, text: str) -> int:
    """How far to the right a node begins."""
    return node.start - (text.rfind("\n", 0, node.start) + 1)


def _dash(items: Items, text: str) -> int:
    """How far to the right the dashes of a list stand."""
    start = text.rfind("\n", 0, items.items[0].start) + 1
    return len(text[start:]) - len(text[start:].lstrip(" "))


def _closed(part: str) -> str:
    return part if part.endswith("\n") else part + "\n"


def _first(root: Entries, text: str, values: Mapping[str, Plain]) -> bytes:
    """The first clause of all."""
    if root.flow:
        raise Refusal("this text stands in braces: write it in the editor")
    key, held = root.keys.get("clauses"), root.entries.get("clauses")
    if key is None or held is None:
        return (_closed(text) + "clauses:\n" + _item(values, 2)).encode()
    return (text[: key.end] + ":\n" + _item(values, 2) + text[held.end :].lstrip("\n")).encode()


# How it is written --------------------------------------------------------------------------------


def _item(values: Mapping[str, Plain], dash: int) -> str:
    return " " * dash + "- " + _block(values, dash + 2) + "\n"


def _block(values: Mapping[str, Plain], indent: int) -> str:
    """A clause key by key, the further lines moved to where it stands; what is inside stays on one
    line, but for rows.
    """
    whole = CommentedMap()
    for key, value in values.items():
        whole[scalar_of(key)] = _part(value, is_top=True)
    yaml = YAML(typ="rt", pure=True)
    yaml.width = _WIDE
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = StringIO()
    yaml.dump(whole, stream)
    lines = stream.getvalue().rstrip("\n").split("\n")
    return "\n".join([lines[0], *(" " * indent + line if line else line for line in lines[1:])])


def _part(value: Plain, *, is_top: bool = False) -> object:
    if isinstance(value, str):
        return scalar_of(value)
    if isinstance(value, dict):
        held = CommentedMap({scalar_of(key): _part(each) for key, each in value.items()})
        held.fa.set_flow_style()
        return held
    items = CommentedSeq([_part(each) for each in value])
    if not (is_top and any(isinstance(each, dict) for each in value)):
        items.fa.set_flow_style()
    return items


def _line(value: Plain) -> str:
    """A value on one line, in brackets and braces."""
    if isinstance(value, str):
        return _word(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_word(key)}: {_line(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(_line, value)) + "]"


_SURE: Final = re.compile(r"[\w€][\w€ .%/+-]*")


def _word(value: str) -> str:
    """A scalar on one line: bare where it can be read as nothing else, inside braces too."""
    known = scalar_of(value)
    if isinstance(known, bool | int):
        return value
    is_bare = type(known) is str and _SURE.fullmatch(value) is not None
    return value if is_bare else json.dumps(value, ensure_ascii=False)


# What differs -------------------------------------------------------------------------------------


def _changes(node: Node, wanted: Plain, text: str) -> Iterator[Change]:
    """What makes a node hold what is wanted."""
    if plain(node) == wanted:
        return
    if isinstance(node, Entries) and isinstance(wanted, dict):
        yield from _entries(node, wanted, text)
    elif isinstance(node, Items) and isinstance(wanted, list) and _alike(node, wanted):
        for each, value in zip(node.items, wanted, strict=False):
            yield from _changes(each, value, text)
        yield from _rows(node, wanted, text)
    else:
        yield node.start, _end(node, text), _line(wanted)


def _alike(node: Items, wanted: list[Plain]) -> bool:
    """Whether a list can be changed row by row: it has rows, and is not emptied."""
    return bool(node.items) and bool(wanted) and isinstance(node.items[0], Entries)


def _entries(node: Entries, wanted: dict[str, Plain], text: str) -> Iterator[Change]:
    gone = [key for key in node.entries if key not in wanted]
    come = {key: value for key, value in wanted.items() if key not in node.entries}
    if len(gone) == len(node.entries):
        yield node.start, _end(node, text), _line(wanted)
        return
    for key, held in node.entries.items():
        if key in wanted:
            yield from _changes(held, wanted[key], text)
        else:
            yield _without(node, key, text)
    end = _end(node, text)
    if node.flow:
        more = "".join(f", {_word(key)}: {_line(each)}" for key, each in come.items())
        yield from [(end - 1, end - 1, more)] if more else []
        return
    indent = " " * _indent(node, text)
    more = "".join(f"\n{indent}{_word(key)}: {_line(each)}" for key, each in come.items())
    line = text.find("\n", end)
    line = len(text) if line < 0 else line
    yield from [(line, line, more)] if more else []


def _without(node: Entries, key: str, text: str) -> Change:
    """What takes an entry out: in braces with a comma beside it, else with its lines."""
    name, value = node.keys[key], node.entries[key]
    others = list(node.entries)
    place = others.index(key)
    if node.flow:
        if place + 1 < len(others):
            return name.start, node.keys[others[place + 1]].start, ""
        return node.entries[others[place - 1]].end, value.end, ""
    if place + 1 < len(others):
        return name.start, node.keys[others[place + 1]].start, ""
    return text.rfind("\n", 0, name.start), _end(value, text), ""


def _rows(node: Items, wanted: list[Plain], text: str) -> Iterator[Change]:
    """The rows that are too many go from the end; those that are new come there."""
    last = node.items[min(len(node.items), len(wanted)) - 1]
    end = _end(last, text)
    if len(node.items) > len(wanted):
        yield end, _end(node.items[-1], text), ""
    for row in wanted[len(node.items) :]:
        head = ", " if node.flow else "\n" + " " * _dash(node, text) + "- "
        line = end if node.flow else text.find("\n", end)
        line = len(text) if line < 0 else line
        yield line, line, head + _line(row)


def _with(text: str, changes: list[Change]) -> bytes:
    for _, (start, end, more) in sorted(
        enumerate(changes), key=lambda each: (-each[1][0], -each[0])
    ):
        text = text[:start] + more + text[end:]
    return text.encode()


def _holds(data: bytes, place: int, values: Mapping[str, Plain]) -> bool:
    """Whether a text reads back with these values in a clause."""
    root, faults = read(data, NAME)
    clauses = None if root is None or faults else child(root, "clauses")
    found = None if clauses is None else child(clauses, place)
    return found is not None and plain(found) == dict(values)
