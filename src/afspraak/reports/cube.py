"""What rows add up to: counts and turns by everything that a table may be cut by. Whoever makes the
rows, one at a time or in columns, the figures come from here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, TypeVar

from afspraak.engine.figures import Tally
from afspraak.reports.rows import Row, Turns

COUNTS: Final = ("met", "missed", "relieved", "running", "paused", "measuring", "void")
_PLACES: Final = MappingProxyType({name: place for place, name in enumerate(COUNTS)})
PART: Final = 100
"""The width of a bar of the distribution, in thousandths of the target."""
FARTHEST: Final = 30
"""The last bar of the distribution: three times the target and all beyond."""


Group = TypeVar("Group")

Place = tuple[int, str]
"""A clause: the contract's place among those that are replayed, and the clause's id."""

_Short = tuple[str, int, date | None]


@dataclass(frozen=True, slots=True)
class Key:
    """What a cell counts: the contract (by place), its clause, the customer, the finite fields, and
    the local date of the due instants; None: without one (A2).
    """

    contract: int
    clause: str
    customer: str
    case: tuple[tuple[str, str], ...]
    due_on: date | None

    def field(self, name: str) -> str:
        """The value of a finite field, or of `customer`; empty where nothing was stated."""
        if name == "customer":
            return self.customer
        return next((value for each, value in self.case if each == name), "")


@dataclass(slots=True)
class Sum:
    """Counts in the order of `COUNTS`, and turns, that were added up."""

    counts: list[int] = field(default_factory=lambda: [0] * len(COUNTS))
    turns: Turns = field(default_factory=Turns)

    def count(self, name: str, number: int = 1) -> None:
        """So many more under a state, or as `relieved`."""
        self.counts[_PLACES[name]] += number

    @property
    def tally(self) -> Tally:
        """The counts as the law's figures want them."""
        return Tally(*self.counts)


class Cube:
    """Sums by key, kept clause by clause: a clause's figures need no other's cells."""

    __slots__ = ("_cases", "_kept", "_places")

    def __init__(self) -> None:
        self._places: dict[Place, dict[_Short, tuple[Key, Sum]]] = {}
        self._cases: dict[int, object] = {}
        self._kept: dict[object, object] = {}

    def take(self, row: Row) -> None:
        """Counts one row."""
        case = row.case
        place = (row.contract, row.clause)
        cells = self._places.get(place)
        if cells is None:
            cells = self._places[place] = {}
        short = (row.customer, id(case), row.due_on)
        found = cells.get(short)
        if found is None:
            self._cases[id(case)] = case  # keeps it alive, so that its id stays its own
            key = Key(row.contract, row.clause, row.customer, tuple(case.items()), row.due_on)
            found = cells[short] = (key, Sum())
        cell = found[1]
        cell.count(row.state)
        if row.relieved_by and row.state == "missed":
            cell.count("relieved")
        cell.turns.add(row.turns)

    def add(self, key: Key, name: str, number: int) -> None:
        """Counts more under a state, or as `relieved`, where others have summed the rows."""
        case = self._kept.setdefault(key.case, key.case)
        cells = self._places.setdefault((key.contract, key.clause), {})
        short = (key.customer, id(case), key.due_on)
        cells.setdefault(short, (key, Sum()))[1].count(name, number)

    def cells(self, places: Iterable[Place] | None = None) -> Iterator[tuple[Key, Sum]]:
        """Every cell of some clauses, or of all."""
        for place in self._places if places is None else places:
            yield from self._places.get(place, {}).values()

    def total(self, places: Iterable[Place]) -> Sum:
        """The sum of some clauses."""
        total = Sum()
        for _, cell in self.cells(places):
            _add(total.counts, cell.counts)
            total.turns.add(cell.turns)
        return total

    def by(
        self, places: Iterable[Place], group: Callable[[Key], Group | None]
    ) -> dict[Group, Tally]:
        """The counts of some clauses by what `group` says of each cell; None leaves it out."""
        found: dict[Group, list[int]] = {}
        for key, cell in self.cells(places):
            name = group(key)
            if name is not None:
                _add(found.setdefault(name, [0] * len(COUNTS)), cell.counts)
        return {name: Tally(*counts) for name, counts in found.items()}


def _add(total: list[int], counts: Sequence[int]) -> None:
    for place, number in enumerate(counts):
        if number:
            total[place] += number


class Spread:
    """The distribution of the time spent against the target, per contract and clause: bars of a
    tenth of the target; met and missed.
    """

    __slots__ = ("_bars",)

    def __init__(self) -> None:
        self._bars: dict[tuple[int, str], dict[int, Sum]] = {}

    def take(self, row: Row) -> None:
        """Counts a row that has a verdict and a target."""
        if row.part is not None and row.state in ("met", "missed"):
            part = row.part
            # Exactly at the target is in time (T7): it belongs to the bar before.
            bar = min((part - 1) // PART if part else 0, FARTHEST)
            bar = max(bar, 10) if row.state == "missed" else min(bar, 9)
            bars = self._bars.setdefault((row.contract, row.clause), {})
            bars.setdefault(bar, Sum()).count(row.state)

    def bars(self, places: Iterable[Place]) -> Mapping[int, Tally]:
        """Bar -> met and missed, of these clauses together."""
        found: dict[int, Tally] = {}
        for place in places:
            for bar, each in self._bars.get(place, {}).items():
                found[bar] = found.get(bar, Tally()) + each.tally
        return found


@dataclass(slots=True)
class Hour:
    """The tickets reported in one hour, and on how many of them the supplier missed a promise."""

    tickets: int = 0
    missed: int = 0


class Arrivals:
    """Reports by local date and hour."""

    __slots__ = ("hours",)

    def __init__(self) -> None:
        self.hours: dict[tuple[date, int], Hour] = {}

    def take(self, on: date, hour: int, *, missed: bool) -> None:
        """Counts one ticket."""
        found = self.hours.setdefault((on, hour), Hour())
        found.tickets += 1
        found.missed += missed
