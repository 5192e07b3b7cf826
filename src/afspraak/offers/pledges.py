"""Which promises made on the way are neither a clause yet nor openly declined. Pure.

A promise ends in one of two ways. As a clause: somebody names it, and it stands in the text that is
to be signed; taken out of it again, the promise is open again. Declined: by the side that did not
write the promise down, or by both; a side that drops alone what it wrote down itself has only said
that it would.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Said:
    """A promise, and which organisation wrote it down."""

    id: UUID
    written_by: UUID


@dataclass(frozen=True, slots=True)
class End:
    """What a side said became of a promise."""

    pledge: UUID
    how: Literal["clause", "declined"]
    by: UUID
    clause: str = ""


def unsettled(
    pledges: Iterable[Said], ends: Sequence[End], clauses: frozenset[str] | None = None
) -> list[UUID]:
    """The promises that still want an end, in their order. `clauses` are those of the text that is
    to be signed; None where none is at hand: then a clause is believed.
    """
    return [each.id for each in pledges if not is_settled(each, ends, clauses)]


def is_settled(said: Said, ends: Iterable[End], clauses: frozenset[str] | None = None) -> bool:
    """Whether a promise is a clause, or was openly declined."""
    mine = [end for end in ends if end.pledge == said.id]
    if any(end.how == "declined" and end.by != said.written_by for end in mine):
        return True
    named = [end.clause for end in mine if end.how == "clause"]
    return bool(named) and (clauses is None or named[-1] in clauses)
