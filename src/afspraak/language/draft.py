"""A document on its way through the checks: what could be read of it, and where everything stands.

A part that is wrong by itself is left out, so that the rest can still be checked: all faults are
told at once.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from afspraak.language.document import Document, SomeClause
from afspraak.language.faults import Fault
from afspraak.language.nodes import (
    Items,
    Key,
    Mapping,
    Node,
    Path,
    Plain,
    Scalar,
    child,
    line_of,
    place_of,
    plain,
    scalars,
)
from afspraak.language.schema_faults import faults_of

_NULLS: Final = frozenset(("", "~", "null", "Null", "NULL"))
_STAND_INS: Final[dict[str, Plain]] = {
    "afspraak": "1",
    "law": "1",
    "id": "unknown",
    "language": "nl",
    "currency": "EUR",
    "zone": "UTC",
    "parties": {"supplier": {"name": "unknown"}, "customer": {"name": "unknown"}},
    "term": {"from": "2000-01-01", "until": "2001-01-01"},
    "calendars": {},
}
"""What stands for a part that has to be there and is wrong; no check looks at it."""
_KEYED: Final = frozenset(("calendars", "services", "parties", "names"))
_LISTED: Final = frozenset(("clauses", "priority_from"))


@dataclass(frozen=True, slots=True)
class Draft:
    """The readable part of a document. `broken` names the parts of which something was left out.

    `places` are the indices in the file of the list entries that were kept, by the part's name.
    """

    document: Document
    root: Node
    file: str
    broken: frozenset[str]
    places: dict[str, tuple[int, ...]]

    def path(self, path: Path) -> Path:
        """A path in the document -> the same in the file."""
        if len(path) > 1 and path[0] in self.places and isinstance(path[1], int):
            return (path[0], self.places[path[0]][path[1]], *path[2:])
        return path

    def line(self, path: Path) -> int:
        """The line in the file of a path in the document."""
        return line_of(self.root, self.path(path))

    def fault(self, path: Path, fact: str, remedy: str, *, note: bool = False) -> Fault:
        """A fault at a path of the document."""
        place = place_of(self.root, self.path(path))
        return Fault(self.file, self.line(path), place, fact, remedy, note)

    def clauses(self, kind: type[SomeClause]) -> Iterator[tuple[Path, SomeClause]]:
        """The clauses of a class with their paths."""
        for place, clause in enumerate(self.document.clauses):
            if isinstance(clause, kind):
                yield ("clauses", place), clause

    def keys(self, section: str) -> tuple[str, ...]:
        """What a part of the file lists, wrong entries included: keys, words or clause ids."""
        node = child(self.root, section)
        if isinstance(node, Mapping):
            return tuple(node.keys)
        if not isinstance(node, Items):
            return ()
        named = (child(item, "id") if isinstance(item, Mapping) else item for item in node.items)
        return tuple(item.text for item in named if isinstance(item, Scalar))


def read_draft(root: Node, file: str) -> tuple[Draft | None, list[Fault]]:
    """As much of the document as can be read, and every fault of its texts and its form."""
    found = _nothing(root, file)
    silent = {path for path, _ in found}
    content = plain(root)
    places = {name: tuple(range(len(entries))) for name, entries in _lists(content)}
    broken: set[str] = set()
    document: Document | None = None
    for _ in range(3):  # a part left out can leave another one wrong; twice at most
        try:
            document = Document.model_validate(content)
            break
        except ValidationError as error:
            errors = [
                (_filed(path, places), path, fault) for path, fault in faults_of(error, root, file)
            ]
            found += [(at, fault) for at, _, fault in errors if at not in silent and not broken]
            content, places = _without(content, places, [path for _, path, _ in errors])
            broken |= {str(path[0]) if path else "" for _, path, _ in errors}
    faults = [fault for _, fault in found]
    if document is None:
        return None, faults
    return Draft(document, root, file, frozenset(broken), places), faults


def _nothing(root: Node, file: str) -> list[tuple[Path, Fault]]:
    """The places where a plain null, or nothing, stands for a value."""
    return [
        (
            path,
            Fault(
                file,
                scalar.line,
                place_of(root, path),
                _told(path, scalar.text),
                "write a value, or leave it out",
            ),
        )
        for path, scalar in scalars(root)
        if scalar.plain and scalar.text in _NULLS
    ]


def _told(path: Path, text: str) -> str:
    return f"`{path[-1] if path else 'document'}` holds {text or 'nothing'} instead of a value"


def _lists(content: Plain) -> Iterator[tuple[str, list[Plain]]]:
    if isinstance(content, dict):
        for name in _LISTED:
            entries = content.get(name)
            if isinstance(entries, list):
                yield name, entries


def _filed(path: Path, places: dict[str, tuple[int, ...]]) -> Path:
    if len(path) > 1 and path[0] in places and isinstance(path[1], int):
        return (path[0], places[path[0]][path[1]], *path[2:])
    return path


def _without(
    content: Plain, places: dict[str, tuple[int, ...]], paths: list[Path]
) -> tuple[Plain, dict[str, tuple[int, ...]]]:
    """The content without the entries that are wrong; what has to be there is replaced by a
    stand-in.
    """
    if not isinstance(content, dict):
        return content, places
    kept = dict(content)
    wrong: dict[str, set[Key | None]] = {}
    for path in filter(None, paths):
        wrong.setdefault(str(path[0]), set()).add(path[1] if len(path) > 1 else None)
    for section, inside in wrong.items():
        whole = None in inside  # the part itself, not only what stands in it
        part = kept.get(section)
        if section in _KEYED and isinstance(part, dict) and not whole:
            kept[section] = {key: value for key, value in part.items() if key not in inside}
        elif section in _LISTED and isinstance(part, list) and not whole:
            left = [place for place in range(len(part)) if place not in inside]
            kept[section] = [part[place] for place in left]
            places = places | {section: tuple(places[section][place] for place in left)}
        elif section in _STAND_INS:
            kept[section] = deepcopy(_STAND_INS[section])
        else:
            kept.pop(section, None)
    return kept, places


# Walking -----------------------------------------------------------------------------------------


def walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every part and value of a model with its path, as its keys are written in the document."""
    yield path, value
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from walk(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from walk(item, (*path, place))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, (*path, str(key)))
