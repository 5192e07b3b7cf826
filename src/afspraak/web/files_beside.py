"""The files beside a ticket, as lines of its page."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from afspraak.intake.kinds import KINDS
from afspraak.intake.models import Attachment
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Ticket

MOST: Final = 200
KILO: Final = 1_000
TAKEN: Final = ",".join(f".{each}" for each in KINDS)
"""What a browser offers to choose from."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One file: its name, how large, who handed it in, where it is fetched."""

    name: str
    url: str
    size: str
    who: str


def files_of(ticket: Ticket, viewer: Viewer) -> list[Attached]:
    """Those that came with its facts, in their order."""
    rows = Attachment.objects.seen_by(viewer).filter(ticket=ticket)
    return [
        Attached(
            row.name,
            reverse("attachment", args=[row.pk]),
            _size(row.size),
            row.fact.person.name if row.fact.person else "",
        )
        for row in rows.select_related("fact__person").order_by("id")[:MOST]
    ]


def _size(count: int) -> str:
    """`2 kB`, `1.4 MB`."""
    if count < KILO * KILO:
        return f"{max(1, round(count / KILO))} kB"
    return f"{count / KILO / KILO:.1f} MB"
