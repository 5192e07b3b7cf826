"""Whether a relation goes quiet: what both sides say, whether they meet, whether they come by,
each against its own first months. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from afspraak.engine.time import Rhythm, add

MONTH: Final = Rhythm(months=1)
FIRST: Final = 3
"""So many whole months say what is usual."""
LATELY: Final = 2
"""So many whole months in a row must lie below it."""
LEAST: Final = 6
"""With fewer than this in the first months, nothing is usual."""
CONTACTS: Final = "contacts"
SEEN: Final = "seen"
REVIEWS: Final = "reviews"
NOT_HELD: Final = f"{REVIEWS}/both"
"""The name under which it is kept that the last review was not held."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What one side does (`contacts`, `seen`) a month: at first, and lately."""

    what: str
    side: str
    first: tuple[int, ...]
    lately: tuple[int, ...]

    @property
    def name(self) -> str:
        """Under which it is kept."""
        return f"{self.what}/{self.side}"

    @property
    def usual(self) -> int:
        """So many a month at first, cut to whole ones."""
        return sum(self.first) // max(1, len(self.first))

    @property
    def is_quiet(self) -> bool:
        """Each of the last months at most half of what was usual, compared exactly."""
        usual = sum(self.first)
        whole = usual >= LEAST and bool(self.lately)
        return whole and all(each * 2 * len(self.first) <= usual for each in self.lately)


def months_of(begun_on: date, on: date) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """The first whole months of a relation and the last ones before a date, by their first days;
    none while they would overlap.
    """
    start = begun_on if begun_on.day == 1 else add(begun_on.replace(day=1), MONTH)
    this = on.replace(day=1)
    first = tuple(add(start, MONTH, place) for place in range(FIRST))
    lately = tuple(add(this, MONTH, -place) for place in range(LATELY, 0, -1))
    return (first, lately) if first[-1] < lately[0] else ((), ())


def sign(
    what: str,
    side: str,
    counts: Mapping[date, int],
    months: tuple[Sequence[date], Sequence[date]],
) -> Sign:
    """What one side did in those months."""
    first, lately = ([counts.get(on, 0) for on in part] for part in months)
    return Sign(what, side, tuple(first), tuple(lately))


def reviews_lapsed(states: Iterable[str]) -> bool:
    """Whether meetings were held once, and the last one that was due was not. `states` in the order
    in which they were due.
    """
    known = list(states)
    return "met" in known[:-1] and known[-1] == "missed"
