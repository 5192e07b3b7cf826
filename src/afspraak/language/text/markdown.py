"""Blocks as Markdown (CommonMark and tables): the plain form of a text. Every span is escaped,
whoever wrote it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from afspraak.language.text.tree import (
    Aside,
    Block,
    Heading,
    Items,
    Line,
    Lines,
    Page,
    PageEnd,
    Table,
)

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|~#]|&(?=[#A-Za-z]))")
_ESCAPED: Final = re.compile(r"\\([\\`*_\[\]<>&|~#\n+.-])")
_AT_START: Final = re.compile(r"(?m)^([+-]|[0-9]+[.)])(?=\s|$)")
RULE: Final = "---"


def escape(text: str) -> str:
    """The text with a backslash before whatever Markdown or HTML could take for more than text.

    A line break inside stays one, as a hard break: what follows it still belongs to the same line
    of ours.
    """
    escaped = _SPECIAL.sub(r"\\\1", text)
    escaped = _AT_START.sub(lambda match: match[1][:-1] + "\\" + match[1][-1], escaped)
    return escaped.replace("\n", "\\\n")


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return _ESCAPED.sub(r"\1", text)


def markdown(page: Page) -> str:
    """The whole text, ending in a line break."""
    return (
        "\n\n".join(filter(None, map(_block, page.blocks))) + f"\n\n{RULE}\n\n{escape(page.foot)}\n"
    )


def _block(block: Block) -> str:
    match block:
        case Heading(level, line, number, _):
            return "#" * level + " " + (f"{number} " if number else "") + _line(line)
        case Lines(lines):
            return "\n".join(map(_line, lines))
        case Items(lines):
            return "\n".join(f"- {_line(line)}" for line in lines)
        case Table(head, rows, _):
            return "\n".join(_table(head, rows))
        case Aside(label, lines, _):
            return _quoted([f"**{escape(label)}**", *map(_line, lines)])
        case PageEnd():
            return ""


def _line(line: Line) -> str:
    return "".join(escape(span.text) for span in line)


def _table(head: Sequence[Line], rows: Sequence[Sequence[Line]]) -> Iterator[str]:
    for cells in (head, None, *rows):
        shown = ["---"] * len(head) if cells is None else map(_line, cells)
        yield "| " + " | ".join(cell.replace("\\\n", "<br>") for cell in shown) + " |"


def _quoted(lines: Sequence[str]) -> str:
    return "\n".join(f"> {line}" for text in lines for line in text.split("\n"))
