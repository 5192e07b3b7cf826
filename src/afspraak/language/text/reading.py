"""From the printed text back to the values: what the lines of a part say, as the plain text that
its YAML would hold.

Every sentence and table is read by the pattern that wrote it, so text and terms cannot drift apart
unseen.
"""

from collections.abc import Mapping, Sequence
from typing import cast

from pydantic import BaseModel

from afspraak.language.text.fields import fields_of
from afspraak.language.text.kinds import Plain
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.sections import Boxed, Content, Grid
from afspraak.language.text.sentences import read_line
from afspraak.language.text.structure import (
    Column,
    Part,
    columns_of,
    empty_cell,
    parts_of,
    said,
    word_of,
)
from afspraak.language.text.words import UnreadableError

Found = dict[str, Plain]


def read_part(
    model: type[BaseModel], contents: Sequence[Content], lexicon: Lexicon
) -> tuple[Found, Sequence[Content]]:
    """What the contents say of a part of the document, and the contents that are left over.

    Keys as in the YAML. The parts are tried in the order in which they are written.
    """
    found: Found = {}
    left = list(contents)
    for part in parts_of(word_of(model)):
        if left and part.is_table and isinstance(left[0], Grid):
            row = fields_of(model)[part.name].model
            assert row is not None
            found[part.name] = cast(
                "list[Plain]", read_table(row, cast("Grid", left.pop(0)), lexicon)
            )
        elif left and not part.is_table and isinstance(left[0], str):
            values = _sentence(part, model, left[0], lexicon)
            if values is not None:
                left.pop(0)
                for path, value in values.items():
                    _put(found, path, value)
    return found, left


def read_whole(model: type[BaseModel], contents: Sequence[Content], lexicon: Lexicon) -> Found:
    """What the contents say, boxes left out. Raises `UnreadableError` where a line says nothing of
    the part.
    """
    found, left = read_part(
        model, [each for each in contents if not isinstance(each, Boxed)], lexicon
    )
    if left:
        raise UnreadableError(f"{word_of(model)}: {left[0]!r} is not said of it")
    return found


def _sentence(
    part: Part, model: type[BaseModel], line: str, lexicon: Lexicon
) -> Mapping[str, Plain] | None:
    try:
        slots = read_line(said(lexicon.lang, word_of(model), part.name), model, line, lexicon)
    except UnreadableError:
        return None
    return {**slots, **part.says()}


def read_table(row: type[BaseModel], grid: Grid, lexicon: Lexicon, labels: int = 0) -> list[Found]:
    """The rows of a table; the first `labels` columns are left out."""
    word = word_of(row)
    by_head = {said(lexicon.lang, word, column.name, "head"): column for column in columns_of(word)}
    columns = [by_head[head] for head in grid.head[labels:]]
    rows = []
    for cells in grid.rows:
        found: Found = {}
        for column, cell in zip(columns, cells[labels:], strict=True):
            for path, value in _cell(column, row, cell, lexicon).items():
                _put(found, path, value)
        rows.append(found)
    return rows


def _cell(column: Column, row: type[BaseModel], cell: str, lexicon: Lexicon) -> Mapping[str, Plain]:
    word = word_of(row)
    if cell == empty_cell(lexicon.lang, word, column.name):
        return {}
    for part in column.cells:
        try:
            slots = read_line(said(lexicon.lang, word, column.name, part.name), row, cell, lexicon)
        except UnreadableError:
            continue
        return {**slots, **part.says()}
    raise UnreadableError(f"{word}.{column.name}: {cell!r} says nothing")


def _put(found: Found, path: str, value: Plain) -> None:
    """Sets a value at a path; `bounds.0` and `bounds.1` make a pair."""
    first, _, rest = path.partition(".")
    if not rest:
        found[first] = value
        return
    if rest.isdigit():
        pair = found.setdefault(first, ["", ""])
        assert isinstance(pair, list)
        pair[int(rest)] = value
        return
    inner = found.setdefault(first, {})
    assert isinstance(inner, dict)
    _put(inner, rest, value)
