"""The parts of an agreement's life: each has pages of its own, and says here how it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from afspraak.agreements.models import Agreement
from afspraak.parties.identity import Identity

Entries = Callable[[Agreement, Identity], list[tuple[str, str, str]]]
"""(name, address, how it stands in a line or nothing) of each page that opens for somebody."""

ENTRIES: Final[tuple[Entries, ...]] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A page about this agreement."""

    name: str
    url: str
    told: str


def parts_of(agreement: Agreement, identity: Identity) -> list[Part]:
    """All pages about it that open for somebody, in the order of its life."""
    return [Part(*each) for entries in ENTRIES for each in entries(agreement, identity)]
