"""What changed between two of the same part of a document: sentence by sentence, row by row, by
value and not by text.

So a reference whose number moved is no change, and a value that changed cannot hide.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from afspraak.language.document import Document
from afspraak.language.text.clauses import sentence_of
from afspraak.language.text.fields import fields_of, is_given, value_at
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.orders import Side, better_for, parties_of
from afspraak.language.text.sentences import Slot, line_of, pieces_of
from afspraak.language.text.structure import (
    Column,
    Part,
    columns_of,
    empty_cell,
    parts_of,
    said,
    word_of,
)
from afspraak.language.text.tree import text_of
from afspraak.language.text.words import both

Verdict = Side | Literal["both", "changed"]


@dataclass(frozen=True, slots=True)
class Version:
    """A document and what its things are called."""

    document: Document
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words: what was and what comes; either may be empty.

    `about` names the row and the column, or the part; `is_cell` says that the two are values and no
    sentences.
    """

    old: str
    new: str
    about: str = ""
    verdict: Verdict = "changed"
    is_cell: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The same part of two documents, and the clause that it belongs to in the newer one."""

    old: BaseModel
    new: BaseModel
    before: Version
    after: Version
    outer: "Pair | None" = field(default=None)


def changes_of(pair: Pair) -> Iterator[Change]:
    """Every sentence and every row that says something else."""
    gone: list[tuple[Part, str]] = []
    come: list[tuple[Part, str]] = []
    for part in parts_of(word_of(type(pair.new))):
        if part.is_table:
            name = fields_of(type(pair.new))[part.name].name
            yield from _rows(pair, getattr(pair.old, name) or (), getattr(pair.new, name) or ())
            continue
        old = sentence_of(part, pair.old, pair.before.lexicon)
        new = sentence_of(part, pair.new, pair.after.lexicon)
        if old and new:
            yield from _sentence(part, pair, text_of(old), text_of(new))
        elif old:
            gone.append((part, text_of(old)))
        elif new:
            come.append((part, text_of(new)))
    yield from _matched(gone, come)


def _sentence(part: Part, pair: Pair, old: str, new: str) -> Iterator[Change]:
    pattern = said(pair.after.lexicon.lang, word_of(type(pair.new)), part.name)
    changed = _changed(pattern, pair)
    if changed:
        yield Change(old, new, verdict=verdict_of(changed, pair))


def _changed(pattern: str, pair: Pair) -> dict[str, tuple[object, object]]:
    """The slots of a sentence whose values differ: path -> old and new."""
    paths = [piece.path for piece in pieces_of(pattern, type(pair.new)) if isinstance(piece, Slot)]
    values = {path: (value_at(pair.old, path), value_at(pair.new, path)) for path in paths}
    return {path: each for path, each in values.items() if each[0] != each[1]}


def verdict_of(changed: Mapping[str, tuple[object, object]], pair: Pair) -> Verdict:
    """For whom it is better; `changed` as soon as one of the values is not ordered."""
    clause = pair.outer or pair
    row = pair.new if pair.outer else None
    parties = parties_of(clause.new, row, pair.after.document)
    if parties != parties_of(clause.old, pair.old if pair.outer else None, pair.before.document):
        return "changed"
    if _other_hours(pair):
        return "changed"
    word = word_of(type(pair.new))
    sides = {
        better_for(f"{word}.{path}", old, new, parties) for path, (old, new) in changed.items()
    }
    if None in sides:
        return "changed"
    return "both" if len(sides) > 1 else next(side for side in sides if side)


def _other_hours(pair: Pair) -> bool:
    """Whether the two are counted in other hours: then a shorter time need not be better."""
    names = [
        (
            getattr(each.old, "calendar", None) or each.before.document.calendar,
            getattr(each.new, "calendar", None) or each.after.document.calendar,
        )
        for each in (pair.outer, pair)
        if each is not None
    ]
    return any(
        old != new
        or pair.before.document.calendars.get(old or "")
        != pair.after.document.calendars.get(new or "")
        for old, new in names
    )


def _matched(gone: list[tuple[Part, str]], come: list[tuple[Part, str]]) -> Iterator[Change]:
    """Sentences that stand for each other, as `continues` and `restarts` do, as one change."""
    for part, old in gone:
        match = next(
            (each for each in come if set(each[0].conditions) & set(part.conditions)), None
        )
        if match is None:
            yield Change(old, "")
        else:
            come.remove(match)
            yield Change(old, match[1])
    for _, new in come:
        yield Change("", new)


# Rows ------------------------------------------------------------------------------------------


def _rows(pair: Pair, old: Sequence[BaseModel], new: Sequence[BaseModel]) -> Iterator[Change]:
    """Rows are the same row if their first cell says the same."""
    before = {_key(row, place, old): row for place, row in enumerate(old)}
    after = {_key(row, place, new): row for place, row in enumerate(new)}
    for key, row in before.items():
        if key not in after:
            yield Change(row_text(row, pair.before.lexicon), "")
    for key, row in after.items():
        if key not in before:
            yield Change("", row_text(row, pair.after.lexicon))
            continue
        yield from row_changes(
            Pair(before[key], row, pair.before, pair.after, pair), _label(row, pair.after.lexicon)
        )


def _key(row: BaseModel, place: int, rows: Sequence[BaseModel]) -> object:
    """What a row is about: the values of its first column; its place too where several are about
    the same.
    """
    first = _state(columns_of(word_of(type(row)))[0], row)
    same = [
        each for each in rows[:place] if _state(columns_of(word_of(type(each)))[0], each) == first
    ]
    return (str(first), len(same))


def _state(column: Column, row: BaseModel) -> tuple[str, tuple[object, ...]] | None:
    """Which sentence fills a cell, and with what."""
    word = word_of(type(row))
    for part in column.cells:
        pattern = said("nl", word, column.name, part.name)
        slots = [piece for piece in pieces_of(pattern, type(row)) if isinstance(piece, Slot)]
        values = tuple(value_at(row, slot.path) for slot in slots)
        if part.holds(row) and all(map(is_given, values)):
            return part.name, values
    return None


def row_changes(pair: Pair, label: str) -> Iterator[Change]:
    """The cells of a row that say something else, beyond its first."""
    word = word_of(type(pair.new))
    for column in columns_of(word):
        old, new = _state(column, pair.old), _state(column, pair.new)
        if old != new:
            head = said(pair.after.lexicon.lang, word, column.name, "head")
            verdict: Verdict = "changed"
            if old and new and old[0] == new[0]:
                pattern = said("nl", word, column.name, new[0])
                verdict = verdict_of(_changed(pattern, pair), pair)
            cells = (
                _cell(column, pair.old, pair.before.lexicon),
                _cell(column, pair.new, pair.after.lexicon),
            )
            about = f"{label}, {head[0].lower()}{head[1:]}" if label else head
            yield Change(*cells, about=about, verdict=verdict, is_cell=True)


def _cell(column: Column, row: BaseModel, lexicon: Lexicon) -> str:
    word = word_of(type(row))
    state = _state(column, row)
    line = line_of(said(lexicon.lang, word, column.name, state[0]), row, lexicon) if state else None
    return text_of(line) if line else empty_cell(lexicon.lang, word, column.name)


def _label(row: BaseModel, lexicon: Lexicon) -> str:
    return _cell(columns_of(word_of(type(row)))[0], row, lexicon)


def row_text(row: BaseModel, lexicon: Lexicon) -> str:
    """A whole row in one line: `Waarvoor: niveau goud, Norm: 4 uur servicetijd`."""
    word = word_of(type(row))
    told = [
        f"{said(lexicon.lang, word, column.name, 'head')}: {_cell(column, row, lexicon)}"
        for column in columns_of(word)
        if _state(column, row)
    ]
    return both(told, lexicon.values) if len(told) == 1 else "; ".join(told)
