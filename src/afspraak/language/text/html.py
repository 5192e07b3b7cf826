"""Blocks as one self-contained HTML page: calm paper, one ink, one blue; light and dark; made to be
printed.

Nothing is fetched and nothing runs. Every span is escaped, whoever wrote it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from types import MappingProxyType
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
    text_of,
)

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_MARKS = {"figure": "b", "value": "span", "user": "i"}
"""Figures stand out; values and what a person wrote are marked for whoever looks at the page's
source.
"""


@cache
def style() -> str:
    """The style sheet, which stands in the page itself."""
    return files("afspraak.language").joinpath("texts", "page.css").read_text(encoding="utf-8")


def html(page: Page) -> str:
    """The whole page."""
    body = "\n".join(_sections(page.blocks))
    first = next((text_of(block.lines[0]) for block in page.blocks if isinstance(block, Lines)), "")
    return f"""<!doctype html>
<html lang="{page.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(page.title)}: {escape(first)}</title>
<style>
{style()}</style>
</head>
<body>
<main>
{body}
<footer>{escape(page.foot)}</footer>
</main>
</body>
</html>
"""


def body_of(page: Page, beside: Mapping[str, str]) -> str:
    """The blocks alone, for a page that has a frame of its own. `beside`: clause -> markup that is
    put under its heading as it is; whoever gives it has escaped it.
    """
    return "\n".join(_sections(page.blocks, beside))


def _sections(blocks: Sequence[Block], beside: Mapping[str, str] = _NOTHING) -> Iterator[str]:
    """The blocks, each clause in an article of its own so that its number can hang beside it."""
    opened = ""
    for block in blocks:
        if isinstance(block, Heading | PageEnd) and opened:
            yield opened
            opened = ""
        if isinstance(block, Heading) and block.level == 3 and block.number:  # noqa: PLR2004 - a clause's level
            yield f'<article id="{escape(block.anchor)}">'
            opened = "</article>"
        yield _block(block)
        if opened and isinstance(block, Heading) and block.anchor in beside:
            yield beside[block.anchor]
    yield opened


def _block(block: Block) -> str:
    match block:
        case Heading(level, line, number, anchor):
            place = f' id="{escape(anchor)}"' if anchor and not (level == 3 and number) else ""  # noqa: PLR2004
            mark = f'<span class="number">{escape(number)}</span> ' if number else ""
            return f"<h{level}{place}>{mark}{_line(line)}</h{level}>"
        case Lines(lines):
            return "<p>" + "<br>\n".join(map(_line, lines)) + "</p>"
        case Items(lines):
            return "<ul>" + "".join(f"<li>{_line(line)}</li>" for line in lines) + "</ul>"
        case Table(head, rows, even):
            return _table(head, rows, "table even" if even else "table")
        case Aside(label, lines, sort):
            inner = "".join(f"<p>{_line(line)}</p>" for line in lines)
            return f'<aside class="{sort}"><strong>{escape(label)}</strong>{inner}</aside>'
        case PageEnd():
            return '<hr class="page">'


def _table(head: Sequence[Line], rows: Sequence[Sequence[Line]], kind: str) -> str:
    heads = "".join(map(_head, head))
    body = "".join(
        "<tr>" + "".join(_cell(cell, place) for place, cell in enumerate(row)) + "</tr>\n"
        for row in rows
    )
    return (
        f'<div class="{kind}"><table>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{body}</tbody>\n</table></div>"
    )


def _head(line: Line) -> str:
    """A corner that heads nothing is no heading."""
    return f'<th scope="col">{_line(line)}</th>' if text_of(line) else "<td></td>"


def _cell(line: Line, place: int) -> str:
    tag = "td" if place else "th"
    scope = "" if place else ' scope="row"'
    return f"<{tag}{scope}>{_line(line)}</{tag}>"


def _line(line: Line) -> str:
    return "".join(_span(span.text, _MARKS.get(span.kind, "")) for span in line)


def _span(text: str, mark: str) -> str:
    shown = escape(text).replace("\n", "<br>")
    return f"<{mark}>{shown}</{mark}>" if mark else shown
