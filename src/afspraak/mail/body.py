"""A mail's text: what is plain as it is, what is HTML without its tags."""

import html
import re
from collections.abc import Iterator
from typing import Final

import nh3

_BLOCKS: Final = frozenset(
    {"p", "div", "br", "hr", "tr", "li", "ul", "ol", "table", "blockquote", "pre"}
    | {f"h{n}" for n in range(1, 7)}
)
_HIDDEN: Final = {"script", "style", "title", "head"}
_TAG: Final = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")  # of nh3's output only: there, < is a tag's
_GAPS: Final = re.compile(r"\n{3,}")
_RUNS: Final = re.compile(r"[ \t\r\n]+")


def text_of_html(source: str) -> str:
    """The text of an HTML body: blocks on lines of their own, quotations behind `> `."""
    safe = nh3.clean(
        source,
        tags=set(_BLOCKS),
        clean_content_tags=_HIDDEN,
        attributes={},
        strip_comments=True,
        link_rel=None,
    )
    lines = (line.rstrip() for line in _lines(safe))
    return _GAPS.sub("\n\n", "\n".join(lines)).strip()


def _lines(safe: str) -> Iterator[str]:
    quotes, held = 0, ""
    for text, closing, tag in _pieces(safe):
        held += text
        if not tag:
            continue
        yield _quoted(held, quotes)
        held = ""
        if tag == "blockquote":
            quotes = max(quotes + (-1 if closing else 1), 0)
        elif tag == "p" and closing:
            yield ""
        elif tag == "li" and not closing:
            held = "- "
    yield _quoted(held, quotes)


def _pieces(safe: str) -> Iterator[tuple[str, bool, str]]:
    """Text, then the tag behind it; the last piece has none."""
    at = 0
    for found in _TAG.finditer(safe):
        text = html.unescape(_RUNS.sub(" ", safe[at : found.start()]))
        yield text, bool(found[1]), found[2]
        at = found.end()
    yield html.unescape(_RUNS.sub(" ", safe[at:])), False, ""


def _quoted(text: str, quotes: int) -> str:
    text = text.strip()
    return f"{'>' * min(quotes, 9)} {text}" if quotes and text else text
