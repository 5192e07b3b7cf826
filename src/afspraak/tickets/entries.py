"""A row of a log read under a mapping: what it says of its ticket, or why it cannot be placed."""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from afspraak.tickets.dates import DateReader
from afspraak.tickets.mapping import FIELDS, Cell, LogMapping, Meaning
from afspraak.tickets.source import Row

REMEMBERED: Final = 1 << 17
"""How many texts of a column are remembered at most before its memory is emptied."""

Values = tuple[str | None, ...]
Instants = tuple[int | None, ...]


class Entry(NamedTuple):
    """What one row says. Instants in microseconds; None where the log has a null.

    `fields` follow `mapping.FIELDS`, `stated` the mapping's `instants`, `kept` its `kept_instants`.
    """

    line: int
    at: int | None
    recorded_at: int | None
    state: str | None
    activity: str | None
    by: str | None
    reported_at: int | None
    reported_recorded_at: int | None
    made: bool | None
    deadline_at: int | None
    fields: Values
    stated: Instants
    kept: Instants
    raw: tuple[str, ...]


class UnplacedError(ValueError):
    """A row that cannot be placed; the message is the reason."""


class _Memo(dict[str, object]):
    """What a column's texts mean, each worked out once."""

    def __init__(self, work_out: Callable[[str], object]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, text: str) -> object:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[text] = self._work_out(text)
        return found


class EntryReader:
    """Reads the rows of one log; made from its header, so that a cell costs one look-up."""

    def __init__(self, mapping: LogMapping, header: Sequence[str], dates: DateReader) -> None:
        self._mapping, self._header, self._dates = mapping, header, dates
        self._ticket = header.index(mapping.ticket)
        self._joint: list[tuple[int, ...]] = []
        self._plan: list[tuple[int, _Memo]] = []
        self._constants: list[str | None] = [None]
        places = self._places()
        width = len(self._plan)
        self._arrange = itemgetter(*(width - 1 - at if at < 0 else at for at in places))
        self._groups = (9 + len(FIELDS), 9 + len(FIELDS) + len(mapping.instants))

    def ticket_of(self, row: Row) -> str:
        """The ticket's id; empty where the log has none."""
        value = row.cells[self._ticket].strip()
        return "" if value in self._mapping.nulls else value

    def entry(self, row: Row) -> Entry:
        """What the row says. Raises UnplacedError with the reason."""
        cells = row.cells
        if self._joint:
            cells = cells + ["\0".join([cells[i] for i in indexes]) for indexes in self._joint]
        values = [memo[cells[index]] for index, memo in self._plan] + self._constants
        found = self._arrange(values)
        stated, kept = self._groups
        entry = Entry._make(
            (
                row.line,
                *found[:9],
                found[9:stated],
                found[stated:kept],
                found[kept:],
                tuple(row.cells),
            )
        )
        if entry.at is None and self._mapping.events:
            raise UnplacedError(f"no instant in {self._mapping.events.at!r}")
        if entry.reported_at is None and not self._mapping.events:
            raise UnplacedError(f"no instant in {self._mapping.reported.at!r}")
        return entry

    def _places(self) -> list[int]:
        """Where among a row's values each part of an Entry stands; -1 nothing, below: constants."""
        mapping, events, reported = self._mapping, self._mapping.events, self._mapping.reported
        return [
            self._instant(events.at if events else ""),
            self._instant(events.recorded_at if events else ""),
            self._listed(events.state if events else None, "state", mapping.states),
            self._listed(events.activity if events else None, "activity", mapping.activities),
            self._text(mapping.by),
            self._instant(reported.at),
            self._instant(reported.recorded_at),
            self._outcome(),
            self._instant(mapping.outcome.deadline),
            *(self._text(mapping.cells.get(field)) for field in FIELDS),
            *(self._instant(item.column) for item in mapping.instants),
            *(self._instant(column) for column in mapping.kept_instants.values()),
        ]

    def _read(self, index: int, work_out: Callable[[str], object]) -> int:
        self._plan.append((index, _Memo(work_out)))
        return len(self._plan) - 1

    def _instant(self, column: str) -> int:
        if not column:
            return -1
        formats = " or ".join(self._mapping.dates.formats)

        def work_out(text: str) -> int | None:
            text = text.strip()
            if text in self._mapping.nulls:
                return None
            at = self._dates(text)
            if at is None:
                raise UnplacedError(f"{column} is {text!r}, no instant as {formats}")
            return at

        return self._read(self._header.index(column), work_out)

    def _outcome(self) -> int:
        outcome = self._mapping.outcome
        if not outcome.made:
            return -1

        def work_out(text: str) -> bool | None:
            word = text.strip()
            if word in outcome.when_true or word in outcome.when_false:
                return word in outcome.when_true
            if word in self._mapping.nulls:
                return None
            lists = "neither in `when_true` nor in `when_false`"
            raise UnplacedError(f"{outcome.made} is {word!r}, {lists}")

        return self._read(self._header.index(outcome.made), work_out)

    def _listed(self, cell: Cell | None, what: str, known: Mapping[str, Meaning]) -> int:
        """A column whose words the mapping lists."""

        def check(word: str | None) -> str | None:
            if word is None or word in known or self._mapping.unlisted is not None:
                return word
            plural = "states" if what == "state" else "activities"
            raise UnplacedError(f"unknown {what} {word!r}: add it to the mapping's {plural}")

        return self._text(cell, check)

    def _text(
        self,
        cell: Cell | None,
        check: Callable[[str | None], str | None] = lambda word: word,
    ) -> int:
        if cell is None:
            return -1
        if cell.constant:
            self._constants.append(cell.constant)
            return -len(self._constants)
        indexes = tuple(self._header.index(column) for column in cell.columns)
        index = indexes[0]
        if len(indexes) > 1:
            self._joint.append(indexes)
            index = len(self._header) + len(self._joint) - 1
        nulls = self._mapping.nulls

        def work_out(text: str) -> str | None:
            parts = [part.strip() for part in text.split("\0")]
            return check(_translated(cell, [part for part in parts if part not in nulls]))

        return self._read(index, work_out)


def _translated(cell: Cell, parts: list[str]) -> str | None:
    if not parts:
        return None
    word = " / ".join(parts)
    if cell.words:
        found = cell.words.get(word, cell.otherwise)
        if found is None:
            column = " / ".join(cell.columns)
            raise UnplacedError(f"{column} is {word!r}, which is not among the mapping's words")
        return found
    return _slug(word) if cell.slug else word


def _slug(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-") or "-"
