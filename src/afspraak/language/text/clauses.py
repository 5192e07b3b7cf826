"""A part of the document as blocks: its sentences and tables, in the order and under the conditions
of `structure`.
"""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from afspraak.language.schema_base import ClauseBase
from afspraak.language.text.fields import fields_of
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.sentences import line_of
from afspraak.language.text.structure import (
    Column,
    Part,
    columns_of,
    empty_cell,
    parts_of,
    said,
    word_of,
)
from afspraak.language.text.tree import Aside, Block, Line, Lines, Span, Table, capital, ours
from afspraak.language.text.words import texts_of


def blocks_of(model: BaseModel, lexicon: Lexicon) -> list[Block]:
    """The sentences of a part, one a line, and its tables where they belong."""
    blocks: list[Block] = []
    waiting: list[Line] = []
    for part in parts_of(word_of(type(model))):
        if part.is_table:
            rows = getattr(model, fields_of(type(model))[part.name].name)
            if rows:
                blocks += [Lines(tuple(waiting))] if waiting else []
                blocks.append(table_of(rows, lexicon))
                waiting = []
        elif line := sentence_of(part, model, lexicon):
            waiting.append(line)
    return [*blocks, Lines(tuple(waiting))] if waiting else blocks


def sentence_of(part: Part, model: BaseModel, lexicon: Lexicon) -> Line | None:
    """One sentence, with its capital; None where it has nothing to say."""
    if not part.holds(model):
        return None
    line = line_of(said(lexicon.lang, word_of(type(model)), part.name), model, lexicon)
    return capital(line) if line else None


def table_of(
    rows: Sequence[BaseModel], lexicon: Lexicon, labels: Sequence[tuple[Line, Sequence[Line]]] = ()
) -> Table:
    """The rows as a table: the columns in which any row has something to say, after the labels' own
    columns.
    """
    word = word_of(type(rows[0]))
    shown = [
        (column, cells)
        for column in columns_of(word)
        for cells in [[_cell(column, row, lexicon) for row in rows]]
        if any(cells)
    ]
    heads = [ours(said(lexicon.lang, word, column.name, "head")) for column, _ in shown]
    columns = [
        [cell or ours(empty_cell(lexicon.lang, word, column.name)) for cell in cells]
        for column, cells in shown
    ]
    labelled = [list(lines) for _, lines in labels]
    return Table(
        (*(head for head, _ in labels), *heads),
        tuple(zip(*labelled, *columns, strict=True)),
    )


def _cell(column: Column, row: BaseModel, lexicon: Lexicon) -> Line | None:
    word = word_of(type(row))
    lines = (
        line_of(said(lexicon.lang, word, column.name, part.name), row, lexicon)
        for part in column.cells
        if part.holds(row)
    )
    return next((line for line in lines if line), None)


def note_of(clause: ClauseBase, lexicon: Lexicon) -> Iterator[Aside]:
    """The free prose beside a clause, labelled: it explains, and no clock runs on it."""
    if clause.note:
        label = texts_of(lexicon.lang, "page")["note"]
        assert isinstance(label, str)
        yield Aside(label, ((Span(clause.note, "user", "note"),),), "note")
