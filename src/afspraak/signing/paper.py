"""The paper that is signed: one PDF of a version, tagged (PDF/UA-1) and to be kept (PDF/A-3a), with
the contract's own bytes inside. Pure: the same version gives the same bytes.

Whatever somebody wrote is data to the layout, never markup; a letter that no font has, or that a
reader cannot see, stands on the paper by its number, as `[U+200B]`.
"""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import as_file, files
from typing import Any, Final

from afspraak.agreements.actions import signing_parties
from afspraak.agreements.read import document_of
from afspraak.host.confined import NotDone, answer_of
from afspraak.language.document import Document
from afspraak.language.text.render import page_of
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

ATTACHED: Final = "contract.yaml"
"""The name of the contract's own bytes inside the paper."""
_SHOWN: Final = re.compile(
    "[^ -~\u00a0-\u00ac\u00ae-\u02af\u0300-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    "\u03a3-\u04ff\u1e00-\u1eff\u2010-\u2027\u202f-\u2040\u2044-\u2052\u2057\u2070\u2071"
    "\u2074-\u208e\u2090-\u209c\u20a0-\u20bf\u2116\u2122\u2126\u2150-\u2151\u2153-\u215e"
    "\u2190-\u21ff\u2200-\u22ff\u2500-\u25ff\u2713-\u2718\n]"
)
"""What is not: letters of the Latin, Greek and Cyrillic scripts, and the usual signs."""


class NotPrinted(RuntimeError):
    """The paper could not be made; the message is the layout's."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A version on paper: the PDF, and the SHA-256 of both its bytes and the contract's."""

    pdf: bytes
    sha256: str
    contract_sha256: str


@lru_cache(maxsize=16)
def paper_of(data: bytes) -> Paper:
    """The paper of a version's bytes, in the language that binds. Raises NotPrinted."""
    told = json.dumps(laid_out(data), ensure_ascii=False, sort_keys=True)
    fonts = files("afspraak.reports") / "fonts"
    with as_file(files("afspraak.signing")) as folder, as_file(fonts) as letters:
        try:
            pdf = answer_of(
                "afspraak.signing.paper_child", told.encode(), str(folder), str(letters)
            )
        except NotDone as fault:
            raise NotPrinted(str(fault)) from fault
    pdf = with_form(pdf)
    return Paper(pdf, sha256(pdf).hexdigest(), sha256(data).hexdigest())


_TRAILER: Final = re.compile(
    rb"trailer\s+<</Size (\d+)/Root (\d+) 0 R(.*?)>>\s+startxref\s+(\d+)\s+%%EOF\s*\Z", re.DOTALL
)


def with_form(pdf: bytes) -> bytes:
    """The PDF with an empty form, which signatures are put into: so that whoever signs adds to what
    is there, and changes nothing of it.
    """
    found = _TRAILER.search(pdf)
    if found is None:
        raise NotPrinted("the layout ends in another way than this program knows")
    size, root, rest, before = int(found[1]), found[2], found[3], found[4]
    opening = b"\n%s 0 obj\n<<" % root
    start = pdf.rindex(opening) + len(opening)
    catalog = pdf[start : pdf.index(b"endobj", start)].rstrip().removesuffix(b">>")
    parts = [pdf.rstrip(), b"\n"]
    places = {}
    for number, body in (
        (int(root), b"<<%s/AcroForm %d 0 R>>" % (catalog, size)),
        (size, b"<</Fields[]/SigFlags 3>>"),
    ):
        places[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    end = sum(map(len, parts))
    table = b"".join(b"%d 1\n%010d 00000 n \n" % each for each in sorted(places.items()))
    trailer = b"<</Size %d/Root %s 0 R%s/Prev %s>>" % (size + 1, root, rest, before)
    parts.append(b"xref\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (table, trailer, end))
    return b"".join(parts)


def laid_out(data: bytes) -> dict[str, Any]:
    """What the layout is filled with: blocks of text, and the contract itself."""
    document = document_of(data)
    page, words = page_of(document, document.language), words_in(document.language)
    number = str(document.version.number) if document.version else "1"
    title = f"{page.title} {document.id}, {words['version']} {number}"
    return {
        "lang": page.lang,
        "title": plain(title),
        "foot": plain(page.foot),
        "sha256": sha256(data).hexdigest(),
        "yaml": data.decode(),
        "attached": ATTACHED,
        "words": dict(words),
        "parties": _parties(document, words),
        "blocks": _blocks(page),
    }


def _parties(document: Document, words: Mapping[str, str]) -> list[dict[str, Any]]:
    """Who must sign, and who does so for them."""
    return [
        {
            "role": words.get(key, words["third_party"]),
            "name": plain(document.parties[key].name),
            "signers": [plain(f"{each.name}, {each.function}") for each in party.signers],
        }
        for key in signing_parties(document)
        for party in (document.parties[key],)
    ]


@cache
def words_in(lang: str) -> Mapping[str, str]:
    """What the paper itself says."""
    text = files("afspraak.signing").joinpath("page", f"{lang}.toml").read_text("utf-8")
    return tomllib.loads(text)


def plain(text: str) -> str:
    """A text in letters that can be printed and seen; others by their number."""
    return _SHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.replace("\t", " "))


def _blocks(page: Page) -> list[dict[str, Any]]:
    return [_block(each) for each in page.blocks]


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(level, line, number, anchor):
            return {"sort": "heading", "level": level, "line": _line(line), "number": number,
                    "anchor": anchor}  # fmt: skip
        case Lines(lines):
            return {"sort": "lines", "lines": _lines(lines)}
        case Items(lines):
            return {"sort": "items", "lines": _lines(lines)}
        case Table(head, rows, even):
            return {"sort": "table", "head": _lines(head), "rows": [_lines(row) for row in rows],
                    "even": even}  # fmt: skip
        case Aside(label, lines, sort):
            return {"sort": "aside", "label": plain(label), "lines": _lines(lines), "kind": sort}
        case PageEnd():
            return {"sort": "page"}


def _lines(lines: Sequence[Line]) -> list[list[dict[str, str]]]:
    return [_line(line) for line in lines]


def _line(line: Line) -> list[dict[str, str]]:
    return [{"text": plain(span.text), "kind": span.kind} for span in line]
