"""What somebody filled in, read strictly: texts without what no text holds, ids, and choices."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import QueryDict

from afspraak.engine.time import instant_of, zone_of

LONGEST: Final = 10_000
"""Letters of a text; what is longer is cut."""


def text_of(told: QueryDict, name: str, longest: int = LONGEST) -> str:
    """A text without NUL and lone surrogates, which no database keeps."""
    plain = told.get(name, "").replace("\0", "").encode("utf-8", "ignore").decode()
    return plain.replace("\r\n", "\n").strip()[:longest]


def uuid_of(told: QueryDict, name: str) -> UUID | None:
    """An id; None for what is none."""
    try:
        return UUID(told.get(name, ""))
    except ValueError:
        return None


def one_of(told: QueryDict, name: str, known: Iterable[str]) -> str:
    """A choice; empty for what cannot be chosen."""
    value = told.get(name, "")
    return value if value in known else ""


def moment_of(told: QueryDict, name: str, zone: str) -> int | None:
    """A date and time on the wall of a zone, as a browser sends it; None for what is none."""
    return on_wall(told.get(name, ""), zone)


def on_wall(text: str, zone: str) -> int | None:
    """`2027-03-02T09:10` on the wall of a zone; None for what is none."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    if local.tzinfo is not None or not 2000 <= local.year < 9000:  # noqa: PLR2004 (what an instant can hold)
        return None
    return instant_of(local.replace(tzinfo=zone_of(zone)))
