"""What an amendment writes into the text that stands: its number and dates, a value for an open
term. All else stays as it is, comments included; what was signed is never touched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from afspraak.engine.time import Duration, Refusal
from afspraak.language.begin import numbered, with_values
from afspraak.language.check import check
from afspraak.language.nodes import Items, Mapping, Node, Path, Scalar, child
from afspraak.language.reader import read

NAME: Final = "contract"
Edit = tuple[int, int, str]
"""Two offsets in characters, and the text that comes between them."""


@dataclass(frozen=True, slots=True)
class Dated:
    """An amendment's number, from when it holds, and whether it governs tickets that are open then
    (C1).
    """

    number: int
    from_on: date
    open_tickets: bool


def amended(data: bytes, dated: Dated) -> bytes:
    """The text that stands as the next version of its agreement."""
    text = numbered(data, dated.number, dated.from_on)
    said = "true" if dated.open_tickets else "false"
    version = child(_root(text), "version")
    if not isinstance(version, Mapping):
        raise Refusal("the text that stands has no place for a version: write it in block form")
    if "open_tickets" in version.entries:
        return with_values(text, {("version", "open_tickets"): said})
    return _edited(text, [_beside_from(version, text.decode("utf-8"), said)])


def _beside_from(version: Mapping, text: str, said: str) -> Edit:
    """Where `open_tickets` goes: behind the date, in braces or on a line of its own."""
    value, key = version.entries["from"], version.keys["from"]
    if version.flow:
        return value.end, value.end, f", open_tickets: {said}"
    column = key.start - (text.rfind("\n", 0, key.start) + 1)
    return value.end, value.end, f"\n{' ' * column}open_tickets: {said}"


def filled_in(data: bytes, term: str, value: Duration) -> bytes:
    """The text with a value where the open term was referred to, and without the clause that left
    it open. Raises Refusal where the text is written in a way that this cannot be done in.
    """
    root = _root(data)
    text, clauses = data.decode("utf-8"), child(root, "clauses")
    if not isinstance(clauses, Items):
        raise Refusal("there is no open term %(term)s", term=term)
    edits = [*_values(clauses, term, str(value)), *_clause_gone(clauses, term, text)]
    if not edits:
        raise Refusal("there is no open term %(term)s", term=term)
    filled = _edited(data, edits)
    _document, faults = check(filled, NAME)
    if any(not fault.note for fault in faults):
        raise Refusal("the value cannot be written into this text by itself: open it in the editor")
    return filled


def _values(clauses: Items, term: str, value: str) -> Iterator[Edit]:
    """`open: term` becomes `value: ...`, in each row of targets that refers to it."""
    for clause in clauses.items:
        rows = child(clause, "targets")
        for row in rows.items if isinstance(rows, Items) else ():
            named = child(row, "open")
            if isinstance(row, Mapping) and isinstance(named, Scalar) and named.text == term:
                yield row.keys["open"].start, named.end, f"value: {value}"


def _clause_gone(clauses: Items, term: str, text: str) -> Iterator[Edit]:
    """The lines of the clause itself: from its dash to the end of its last value."""
    for clause in clauses.items:
        named = child(clause, "id")
        if not (isinstance(named, Scalar) and named.text == term):
            continue
        if clauses.flow:
            raise Refusal("write the clauses one below the other: this one cannot be taken out")
        start = text.rfind("\n", 0, clause.start) + 1
        end = text.find("\n", _last(clause) - 1)
        yield start, len(text) if end < 0 else end + 1, ""


def _last(node: Node) -> int:
    """Where the last thing of a node ends: a block's own end may lie behind what follows it."""
    if isinstance(node, Mapping) and not node.flow and node.entries:
        return max(map(_last, node.entries.values()))
    if isinstance(node, Items) and not node.flow and node.items:
        return max(map(_last, node.items))
    return node.end


def is_there(data: bytes, path: Path) -> bool:
    """Whether the text has something at a path."""
    node: Node | None = _root(data)
    for step in path:
        node = None if node is None else child(node, step)
    return node is not None


def _root(data: bytes) -> Node:
    root, _faults = read(data, NAME)
    if root is None:
        raise Refusal("the text that stands cannot be read")
    return root


def _edited(data: bytes, edits: list[Edit]) -> bytes:
    text = data.decode("utf-8")
    for start, end, put in sorted(edits, reverse=True):
        text = text[:start] + put + text[end:]
    return text.encode("utf-8")
