"""A clause's number comes from its place: its chapter, and its place within it (`3.2`)."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final, Protocol

CHAPTERS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "promises": ("ticket_promise", "open_term", "availability", "quality_guarantee"),
        "cooperation": ("duty", "user_support", "tasks", "people", "knowledge"),
        "rhythm": ("recurring_promise", "reporting", "review", "entitlement"),
        "change": ("delivery", "roll_out", "maintenance"),
        "prices": (
            *("standing_fee", "project_price", "prepaid_hours", "hourly", "start_up"),
            *("reduction", "volume", "extra_cost", "payment", "indexation"),
        ),
        "consequences": ("credit", "bonus", "penalty", "cap", "relief"),
        "end": ("ownership", "exit"),
    }
)
"""What belongs together. Clauses of one chapter that follow each other stand under one heading."""

_CHAPTER_OF: Final = {kind: name for name, kinds in CHAPTERS.items() for kind in kinds}


class Numbered(Protocol):
    """A clause as far as its number needs it."""

    @property
    def id(self) -> str:
        """The stable id."""

    @property
    def type(self) -> str:
        """The clause type's word."""


class Clauses(Protocol):
    """A document as far as its numbers need it."""

    @property
    def clauses(self) -> Iterable[Numbered]:
        """The clauses in their order."""


def chapters(document: Clauses) -> list[tuple[str, tuple[Numbered, ...]]]:
    """The clauses in their order, those of one chapter that follow each other together: (chapter,
    clauses).
    """
    runs = groupby(document.clauses, key=lambda clause: _CHAPTER_OF[clause.type])
    return [(chapter, tuple(clauses)) for chapter, clauses in runs]


def clause_numbers(document: Clauses) -> dict[str, str]:
    """Clause id -> its number in the text, as `3.2`."""
    return {
        clause.id: f"{chapter}.{place}"
        for chapter, (_, clauses) in enumerate(chapters(document), 1)
        for place, clause in enumerate(clauses, 1)
    }
