"""The Markdown that `markdown` writes, read again: headings with the lines, tables and labelled
blocks below them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from afspraak.language.text.markdown import RULE, unescape

_HEADING: Final = re.compile(r"(#{1,3}) (?:([0-9]+(?:\.[0-9]+)?) )?(.*)", re.DOTALL)
_ODD_BACKSLASHES: Final = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_CELL: Final = re.compile(r"(?<!\\)((?:\\\\)*)\|")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it reads: its heads and its rows of cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Boxed:
    """A labelled block: its label and its text."""

    label: str
    text: str


Content = str | Grid | Boxed


@dataclass(slots=True)
class Section:
    """What stands under one heading: level, number and title, and the contents in their order."""

    level: int
    number: str
    title: str
    contents: list[Content] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The title of a heading that has no number, whatever it begins with."""
        return f"{self.number} {self.title}" if self.number else self.title


def sections_of(text: str) -> list[Section]:
    """The sections in their order; what stands before the first heading is left out."""
    found: list[Section] = []
    goes_on = False
    for line in _whole_lines(text.partition(f"\n\n{RULE}\n\n")[0].split("\n")):
        heading = _HEADING.fullmatch(line)
        if heading:
            found.append(Section(len(heading[1]), heading[2] or "", unescape(heading[3])))
        elif found and line:
            _add(found[-1].contents, line, goes_on=goes_on)
        goes_on = bool(line)
    return found


def _whole_lines(lines: Iterable[str]) -> Iterator[str]:
    """Physical lines, those that end in a hard break joined with what they go on with."""
    waiting = ""
    for line in lines:
        waiting += line
        if _ODD_BACKSLASHES.search(line):
            waiting += "\n"
            continue
        yield waiting
        waiting = ""


def _add(contents: list[Content], line: str, *, goes_on: bool) -> None:
    """One line, as part of the table or the box that it goes on with: no empty line between."""
    last = contents[-1] if contents and goes_on else None
    if line.startswith("| "):
        cells = _cells(line)
        if set(cells) == {"---"}:
            return
        if isinstance(last, Grid) and len(last.head) == len(cells):
            contents[-1] = Grid(last.head, (*last.rows, cells))
        else:
            contents.append(Grid(cells, ()))
    elif line.startswith("> "):
        inner = line[2:].replace("\n> ", "\n")
        if isinstance(last, Boxed) and not last.text:
            contents[-1] = Boxed(last.label, unescape(inner))
        else:
            contents.append(Boxed(unescape(inner.removeprefix("**").removesuffix("**")), ""))
    else:
        contents.append(unescape(line.removeprefix("- ")))


def _cells(line: str) -> tuple[str, ...]:
    """The cells of a row; each stands between one space and another."""
    parts = _CELL.sub(lambda match: match[1] + "\0", line[1:-1]).split("\0")
    return tuple(unescape(part[1:-1].replace("<br>", "\n")) for part in parts)
