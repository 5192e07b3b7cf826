"""Files that people hand in by a form and fetch again: within bounds, and as something to keep."""

from typing import Final, Protocol
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _

from afspraak.engine.time import Refusal
from afspraak.host.files import read_file
from afspraak.intake.kinds import MOST_BYTES

BYTES: Final = "application/octet-stream"
LONGEST_NAME: Final = 200


class File(Protocol):
    """A file of a form, as far as it is asked here."""

    @property
    def name(self) -> str | None:
        """What it is called."""

    @property
    def size(self) -> int | None:
        """Its bytes, counted."""

    def read(self) -> bytes:
        """Its bytes."""


def read_handed(file: File | None) -> tuple[str, bytes]:
    """A file's name and what it holds. Raises Refusal where none was chosen, or a large one."""
    if file is None or not file.name:
        raise Refusal(_("Which file? Choose one."))
    if file.size is None or file.size > MOST_BYTES:
        raise Refusal(_("That file is too large: at most 10 MB."))
    return plain_name(file.name), file.read()


def plain_name(name: str) -> str:
    """A file's name without what no name has."""
    return "".join(each for each in name if each.isprintable())[-LONGEST_NAME:]


def to_keep(sha256: str, name: str) -> HttpResponse:
    """The bytes of a file, as something to keep: no browser shows or runs them here."""
    answer = HttpResponse(read_file(sha256), content_type=BYTES)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
