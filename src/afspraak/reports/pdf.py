"""The plain report as PDF/UA: laid out by Typst in a child process of its own, which gets nothing
but the text and its limits.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import as_file, files
from types import MappingProxyType
from typing import Any, Final

from afspraak.host.confined import NotDone, answer_of
from afspraak.reports.bars import Bar
from afspraak.reports.plain_values import Plain, Section
from afspraak.reports.tables import Cell, Table
from afspraak.reports.view_plots import Figure
from afspraak.reports.view_turns import TurnBar

COLOURS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "--ink": "#1b2330",
        "--muted": "#586474",
        "--line": "#e3e0d7",
        "--ours": "#1d4e8f",
        "--late": "#b3261e",
        "--sheet": "#ffffff",
    }
)
"""The page's variables on paper: those of its light face."""
_VARIABLE: Final = re.compile(r"var\((--[a-z0-9-]+)\)")
_PATTERNS: Final = """
<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)"><rect width="8" height="8" fill="#dbe7f5"/><rect width="4"
 height="8" fill="#86abd9"/></pattern>
<pattern id="stripe" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8"
 fill="#efe6d6"/><rect width="3.5" height="8" fill="#a98f63"/></pattern>
<pattern id="dots" width="7" height="6" patternUnits="userSpaceOnUse"><rect width="7" height="6"
 fill="#eceef1"/><circle cx="3.5" cy="3" r="1.4" fill="#7a8494"/></pattern>
"""
_FILLS: Final = {"ours": "#1d4e8f", "late": "#b3261e", "kept": "#23703d"}


class NotPrinted(RuntimeError):
    """The PDF could not be made; the message is the child's."""


def pdf_of(plain: Plain, *, address: str, tickets: str) -> bytes:
    """The report's bytes: the same for the same report. `address` is the installation's, `tickets`
    the page that lists what is behind a figure. Raises NotPrinted.
    """
    told = json.dumps(data_of(plain, address, tickets), ensure_ascii=False, sort_keys=True)
    try:
        return _printed(told)
    except NotDone as fault:
        raise NotPrinted(str(fault)) from fault


@lru_cache(maxsize=16)
def _printed(told: str) -> bytes:
    """What the child made of a report, once: the same text gives the same bytes."""
    with as_file(files("afspraak.reports")) as folder:
        return answer_of("afspraak.reports.pdf_child", told.encode(), str(folder))


def data_of(plain: Plain, address: str, tickets: str) -> dict[str, Any]:
    """What the layout is filled with: text, addresses and pictures."""
    return {
        "lang": plain.language,
        "title": plain.title,
        "sub": plain.sub,
        "stand": plain.stand,
        "headline": plain.headline,
        "key_figures": [asdict(each) for each in plain.key_figures],
        "sections": [_section(each, address, tickets) for each in plain.sections],
    }


def _section(each: Section, address: str, tickets: str) -> dict[str, Any]:
    return {
        "title": each.title,
        "notes": list(each.notes),
        "tables": [_table(one, address, tickets) for one in each.tables],
        "bars": [_bar(one) for one in each.bars],
        "figures": [_figure(one) for one in each.figures],
        "words": each.words,
    }


def _table(each: Table, address: str, tickets: str) -> dict[str, Any]:
    return {
        "caption": each.caption,
        "head": [_cell(cell, address, tickets) for cell in each.head],
        "rows": [[_cell(cell, address, tickets) for cell in row] for row in each.rows],
        "total": each.total,
    }


def _cell(each: Cell, address: str, tickets: str) -> dict[str, str]:
    link = each.link
    if link:
        link = address + (link if link.startswith("/") else f"{tickets}?{link}")
    return {"text": each.text, "tone": each.tone, "beside": each.beside, "link": link}


def _bar(each: TurnBar) -> dict[str, Any]:
    parts = [{"name": part.name, "figure": part.figure} for part in each.parts]
    return {"promise": each.promise, "party": each.party, "alt": each.bar.label,
            "svg": bar_svg(each.bar), "parts": parts}  # fmt: skip


def _figure(each: Figure) -> dict[str, Any]:
    return {"title": each.title, "alt": each.alt, "svgs": [on_paper(svg) for svg in each.svgs]}


def bar_svg(bar: Bar) -> str:
    """A clock bar as a picture that needs nothing else."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 24" width="1000" height="24">'
        f'<defs>{_PATTERNS}</defs><rect width="1000" height="24" fill="#efede5"/>'
        f"{''.join(_rects(bar))}</svg>"
    )


def _rects(bar: Bar) -> Iterator[str]:
    for each in bar.rects:
        fill = _FILLS.get(each.fill, f"url(#{each.fill})")
        yield f'<rect x="{each.x}" width="{each.width}" height="24" fill="{fill}"/>'


def on_paper(svg: str) -> str:
    """A plot with colours instead of the page's variables."""
    plain = _VARIABLE.sub(lambda found: COLOURS.get(found[1], COLOURS["--muted"]), svg)
    return plain.replace(' aria-hidden="true" focusable="false"', "")
