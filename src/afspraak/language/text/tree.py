"""The text between document and page: a few kinds of blocks, made of spans that say whose words
they are.

A writer (`markdown`, `html`) turns blocks into a page; it escapes every span, whoever wrote it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["ours", "value", "figure", "user"]
"""Our own words; a typed value that the clocks run on; one that is a number, a sum, a time or a
date; what a person wrote in free prose or as a name.
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text. A value knows the path of the term that it shows, as `targets.0.value`."""

    text: str
    kind: Kind = "ours"
    path: str = ""


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3, with its number as text (`3.2`, or nothing) and its anchor."""

    level: int
    line: Line
    number: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph: one sentence a line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one thing a line."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its heads, and rows of as many cells. `even` gives it columns of fixed widths, as
    tables that stand below each other want.
    """

    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    even: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A labelled block beside the text: a note in free prose, or an example that was computed."""

    label: str
    lines: tuple[Line, ...]
    sort: Literal["note", "example", "mark"]


@dataclass(frozen=True, slots=True)
class PageEnd:
    """What comes next begins on a new page when printed."""


Block = Heading | Lines | Items | Table | Aside | PageEnd


@dataclass(frozen=True, slots=True)
class Page:
    """A whole text: its language, its title, what stands at its foot, its blocks."""

    lang: str
    title: str
    foot: str
    blocks: tuple[Block, ...]


def ours(text: str) -> Line:
    """Our own words as a line."""
    return (Span(text),)


def text_of(line: Sequence[Span]) -> str:
    """A line as it reads, nothing escaped."""
    return "".join(span.text for span in line)


def capital(line: Line) -> Line:
    """The line with a capital at its start, as a sentence has; a name keeps its own."""
    for place, span in enumerate(line):
        if span.text:
            first = span.text[0].upper()
            if span.kind == "user" or len(first) != 1:
                return line
            raised = Span(first + span.text[1:], span.kind, span.path)
            return (*line[:place], raised, *line[place + 1 :])
    return line
