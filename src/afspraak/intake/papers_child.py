"""The process that reads a paper: limited by the kernel, with no file, no socket and no secret.

Started by `papers.py` as `python -m afspraak.intake.papers_child MODE PAGE`: the file on standard
input, the answer on standard output. The file may be hostile; all it can do is to be an answer.
"""

import codecs
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from encodings.aliases import aliases
from io import BytesIO
from typing import Final

import docx
import pypdf
import pypdfium2
from docx.table import Table
from PIL import Image

from afspraak.host.confined import confine

CPU_SECONDS: Final = 30
MOST_PAGES: Final = 300
MOST_LETTERS: Final = 2_000_000
LINES_A_PART: Final = 60
"""A text document has no pages until it is printed: so many lines make a part."""
WIDTH: Final = 1_240
"""Pixels of a page's picture: A4 at 150 to the inch."""
MOST_PIXELS: Final = 60_000_000


def main() -> None:
    """Read what comes in, and answer."""
    mode, page = sys.argv[1], int(sys.argv[2])
    data = sys.stdin.buffer.read()
    warm_up()
    confine(files=0, cpu_seconds=CPU_SECONDS)
    if mode == "picture":
        sys.stdout.buffer.write(picture_of(data, page))
    else:
        sys.stdout.buffer.write(json.dumps(pages_of(data)).encode())


def warm_up() -> None:
    """Let everything load that is loaded late, as long as files can be opened."""
    Image.init()
    for name in set(aliases.values()):  # a font names the coding of its letters, whichever it is
        with suppress(LookupError):
            codecs.lookup(name)
    blank = BytesIO()
    docx.Document().save(blank)
    pages_of(blank.getvalue())
    blank, writer = BytesIO(), pypdf.PdfWriter()
    writer.add_blank_page(72, 72)
    writer.write(blank)
    pages_of(blank.getvalue())
    picture_of(blank.getvalue(), 1)


# Text ---------------------------------------------------------------------------------------------


def pages_of(data: bytes) -> list[str]:
    """The text of each page; empty for one that is a picture only."""
    pages, left = [], MOST_LETTERS
    for text in _reader_of(data)(data):
        pages.append(text.replace("\0", "").encode("utf-8", "ignore").decode()[:left])
        left -= len(pages[-1])
    return pages


def _reader_of(data: bytes) -> Callable[[bytes], Iterator[str]]:
    if data.startswith(b"%PDF-"):
        return _pdf
    return _docx if data.startswith(b"PK") else _image


def _pdf(data: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(BytesIO(data))
    for page in reader.pages[:MOST_PAGES]:
        yield page.extract_text()


def _docx(data: bytes) -> Iterator[str]:
    lines = list(_lines(docx.Document(BytesIO(data)).iter_inner_content()))
    for start in range(0, max(len(lines), 1), LINES_A_PART):
        yield "\n".join(lines[start : start + LINES_A_PART])


def _lines(parts: Iterator[object]) -> Iterator[str]:
    """Paragraphs, and the rows of tables, in the order in which they stand."""
    for part in parts:
        if isinstance(part, Table):
            for row in part.rows:
                yield " | ".join(cell.text.replace("\n", " ") for cell in row.cells)
        else:
            yield str(getattr(part, "text", ""))


def _image(_data: bytes) -> Iterator[str]:
    """A photograph of a paper is one page without text."""
    yield ""


# Pictures -----------------------------------------------------------------------------------------


def picture_of(data: bytes, page: int) -> bytes:
    """A page as it looks, as PNG."""
    if data.startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(data)
        found = document[page - 1]
        width, height = found.get_size()
        scale = min(WIDTH / max(width, 1), 4 * WIDTH / max(height, 1))
        image = found.render(scale=scale).to_pil()
    else:
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        image = Image.open(BytesIO(data)).convert("RGB")
        image.thumbnail((WIDTH, 4 * WIDTH))
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


if __name__ == "__main__":
    main()
