"""Papers as text: a PDF, a DOCX or a photograph, read in a limited child (RELIABILITY), so that no
file that somebody hands in can do more than fail to be read.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from typing import Final

from afspraak.engine.time import Refusal
from afspraak.host.confined import NotDone, answer_of

CHILD: Final = "afspraak.intake.papers_child"
"""By its name: what it needs to read papers is loaded there and in no server."""
SECONDS: Final = 60
OCR_SECONDS: Final = 120
OCR_LANGUAGES: Final = ("nld", "fra", "eng")
PAPERS: Final = ("pdf", "docx", "png", "jpg", "jpeg")
"""The ends of names that are read; the others are kept only."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A text by its pages. `reader`: what read it; empty pages are pictures without text."""

    pages: tuple[str, ...]
    reader: str

    @property
    def is_scan(self) -> bool:
        """Whether nothing could be read as text."""
        return not any(each.strip() for each in self.pages)


def read_paper(data: bytes) -> Paper:
    """The text of a paper. Raises Refusal where it cannot be read."""
    told = json.loads(_asked(data, "text", 1))
    reader = "pypdf" if data.startswith(b"%PDF-") else "python-docx"
    return Paper(tuple(map(str, told)), "" if _is_picture(data) else reader)


def picture_of(data: bytes, page: int) -> bytes:
    """A page as it looks, as PNG. Raises Refusal where it cannot be drawn."""
    return _asked(data, "picture", page)


def _is_picture(data: bytes) -> bool:
    return not data.startswith((b"%PDF-", b"PK"))


def _asked(data: bytes, mode: str, page: int) -> bytes:
    try:
        return answer_of(CHILD, data, mode, str(page), seconds=SECONDS)
    except NotDone as fault:
        raise Refusal(
            "this file cannot be read: send it as a PDF that opens without a password"
        ) from fault


# Scans --------------------------------------------------------------------------------------------


def ocr_program() -> str | None:
    """The program that reads pictures of text, where this machine has one; it is never needed."""
    return shutil.which("tesseract")


def recognised(png: bytes) -> str:
    """The text in the picture of a page; empty where no program reads it. What it makes of it is
    a guess at letters, and is shown as read from a scan.
    """
    program = ocr_program()
    if program is None:
        return ""
    try:
        done = subprocess.run(  # noqa: S603  (a program found by name, arguments of our own)
            [program, "stdin", "stdout", "-l", "+".join(OCR_LANGUAGES)],
            input=png,
            capture_output=True,
            timeout=OCR_SECONDS,
            check=False,
            env={"OMP_THREAD_LIMIT": "1"},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
