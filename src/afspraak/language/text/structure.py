"""Which sentences and tables a part of the document is made of, and when: the same in every
language.

`texts/structure.yaml` names them; `texts/<lang>/clauses.yaml` says them. A sentence stands in the
text if its conditions hold and all its slots have values.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from pydantic import BaseModel

from afspraak.language import values as plain
from afspraak.language.text.fields import is_given, value_at
from afspraak.language.text.words import Lang, neutral, texts_of

_CONDITIONS: Final = ("given", "absent")


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence, or one table of the rows under a key, with the conditions under which it stands
    there.

    A condition is a path and what must stand there: `given`, `absent`, or the value's own text.
    """

    name: str
    conditions: Mapping[str, str]
    is_table: bool = False

    def holds(self, model: BaseModel) -> bool:
        """Whether every condition holds."""
        return all(
            _holds(value_at(model, path), wanted) for path, wanted in self.conditions.items()
        )

    def says(self) -> Mapping[str, str]:
        """What a sentence says by standing there at all: paths and the values' own text."""
        return {
            path: wanted for path, wanted in self.conditions.items() if wanted not in _CONDITIONS
        }


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: the sentences of which the first that holds fills the cell."""

    name: str
    cells: tuple[Part, ...]


def _holds(value: object, wanted: str) -> bool:
    if wanted in _CONDITIONS:
        return is_given(value) == (wanted == "given")
    return value is not None and plain.show(value) == wanted


def word_of(model: type[BaseModel]) -> str:
    """The name of a model's texts: `TicketPromiseClause` -> ticket_promise, `TargetRow` ->
    target_row.
    """
    name = model.__name__.removesuffix("Clause")
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


@cache
def parts_of(word: str) -> tuple[Part, ...]:
    """The sentences and tables of a part of the document, in their order."""
    return tuple(map(_part, cast("Sequence[object]", neutral("structure")[word])))


@cache
def columns_of(word: str) -> tuple[Column, ...]:
    """The columns of a table of such rows."""
    tree = cast("Mapping[str, Sequence[object]]", neutral("structure")[word])
    return tuple(Column(name, tuple(map(_part, cells))) for name, cells in tree.items())


@cache
def said(lang: Lang, word: str, *path: str) -> str:
    """The pattern of a sentence, of a column's head or of a cell in a language."""
    texts = texts_of(lang, "clauses")
    tree: object = texts.get(word, {})
    if len(path) == 1 and path[0] not in cast("Mapping[str, object]", tree):
        tree = texts["shared"]
    for step in path:
        tree = cast("Mapping[str, object]", tree)[step]
    assert isinstance(tree, str), f"{lang}: {word} {path} is not a text"
    return tree


def empty_cell(lang: Lang, word: str, column: str) -> str:
    """What a cell without a value holds."""
    tree = cast("Mapping[str, Mapping[str, str]]", texts_of(lang, "clauses")[word])
    return tree[column].get("empty") or cast("str", texts_of(lang, "page")["absent"])


def _part(tree: object) -> Part:
    if isinstance(tree, str):
        return Part(tree, {})
    assert isinstance(tree, dict)
    ((name, conditions),) = tree.items()
    if name == "table":
        return Part(conditions, {}, is_table=True)
    return Part(name, conditions)
