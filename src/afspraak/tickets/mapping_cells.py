"""The columns that a mapping names, and how their texts are translated."""

from typing import Final

from afspraak.engine.facts import PARTIES
from afspraak.language.nodes import Mapping
from afspraak.tickets.mapping import Cell
from afspraak.tickets.mapping_table import Table

Lines = dict[str, int]
"""Column -> the line of the mapping that names it first."""

_KEYS: Final = ("column", "value", "words", "otherwise", "slug")


def column_of(table: Table, key: str, lines: Lines, default: str | None = None) -> str:
    """A column's name; "" where it may be left out."""
    column = table.text(key, default)
    if column:
        lines.setdefault(column, table.line_of(key))
    return column


def cell_of(table: Table, key: str, lines: Lines) -> Cell | None:
    """A column's name, a list of columns, or a table {column, value, words, otherwise, slug}."""
    node = table.node(key)
    if node is None:
        return None
    if not isinstance(node, Mapping):
        return Cell(_columns(table, key, lines))
    inner = table.under(node, key)
    words = inner.table("words")
    cell = Cell(
        columns=_columns(inner, "column", lines),
        constant=inner.text("value", ""),
        words={word: words.plain(word, item) for word, item in words.items()} if words else {},
        otherwise=inner.text("otherwise") if "otherwise" in inner else None,
        slug=inner.flag("slug", default=False),
    )
    if bool(cell.columns) == bool(cell.constant):
        remedy = "name exactly one of `column` and `value`"
        inner.fault(inner.line, "a column or a value", remedy)
    if cell.otherwise is not None and not cell.words:
        remedy = "list the words that are known"
        inner.fault(inner.line_of("otherwise"), "'otherwise' without 'words'", remedy)
    inner.done(_KEYS)
    return cell


def by_cell(table: Table, lines: Lines) -> Cell | None:
    """Which party acts in a row: a cell whose words are parties."""
    cell = cell_of(table, "by", lines)
    if cell is None:
        return None
    line = table.line_of("by")
    said = {*cell.words.values(), cell.otherwise or "", cell.constant} - {""}
    if odd := said - set(PARTIES):
        table.fault(line, f"{min(odd)!r} is no party", f"one of: {', '.join(PARTIES)}")
    if cell.columns and not cell.words:
        remedy = "say which of the log's words is which party"
        table.fault(line, "'by' without 'words'", remedy)
    return cell


def _columns(table: Table, key: str, lines: Lines) -> tuple[str, ...]:
    columns = table.texts(key)
    for column in columns:
        lines.setdefault(column, table.line_of(key))
    return columns
