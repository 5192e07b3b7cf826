"""One clause counted over blocks of tickets by columns, where they can judge it (SEMANTICS A2)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from afspraak.engine.clock import Clock
from afspraak.engine.columns import Block, ClockColumns, HourColumns
from afspraak.engine.columns.clock import MISSED, NO_CLOCK, PAUSED, STATES
from afspraak.engine.columns.facts import CODE, PARTY
from afspraak.engine.columns.steps import Bools, Steps
from afspraak.engine.periods import Period, periods
from afspraak.engine.terms import Case, Promise
from afspraak.engine.time import Refusal, local_date, start_of_date
from afspraak.reports.accounts import term_of
from afspraak.reports.contracts import Clockwork

Ints = NDArray[np.int64]
_CASE: Final = 20
_CUSTOMER: Final = 40
"""The bits of a cell from which on its case and its customer stand; below them date and state."""


class Parts:
    """The parts of months that a contract's figures may tell apart: cut where a month begins, and
    where a period that the contract counts from its own start does (T9). By number from 1.
    """

    def __init__(self, clockwork: Clockwork, dates: Period) -> None:
        hours = clockwork.hours.values()
        from_at = min(each.from_at for each in hours)
        until_at = max(each.until_at for each in hours)
        first, last = (local_date(clockwork.zone, at) for at in (from_at, until_at))
        cover = Period(first.replace(day=1), last + timedelta(days=1))
        self.dates = sorted(_cuts(clockwork, dates, cover))
        starts = [start_of_date(clockwork.zone, on) for on in self.dates]
        lane = np.dtype(np.int64)
        self._steps = Steps(np.array(starts, np.int64), from_at, until_at, lane, inclusive=True)

    def of(self, instants: Ints) -> Ints:
        """The number of the part in which each instant falls."""
        numbers = np.empty(len(instants), np.int64)
        self._steps.into(instants, numbers, np.empty(len(instants), np.int64))
        return numbers

    def name(self, on: date | None) -> str:
        """The first date of the part that holds a date; empty for none."""
        return "" if on is None else self.dates[bisect_right(self.dates, on) - 1].isoformat()


def _cuts(clockwork: Clockwork, dates: Period, cover: Period) -> set[date]:
    terms = clockwork.contract.terms
    cuts = {each.from_on for each in periods("month", cover)}
    if terms.periods_from_start:
        term = term_of(terms, dates, strict=False)
        own = Period(term.from_on, cover.until_on)
        cuts |= {each.from_on for each in periods("month", own, from_start=True)}
    return cuts


@dataclass(frozen=True, slots=True)
class Cell:
    """So many in one state: customer and case by number, the part of a month ("": none); when
    they were missed, where that is kept.
    """

    customer: int
    case: int
    due_on: str
    state: str
    number: int
    missed_at: Sequence[int] = ()


class ClauseCounts:
    """The counts of one clause of a contract. `hours` None, or not `may_count`: the scalar law
    judges it on every ticket. `keeps_misses`: their instants, which relief by the period asks for.
    """

    def __init__(
        self,
        clock: Clock,
        hours: HourColumns | None,
        parts: Parts,
        *,
        may_count: bool,
        keeps_misses: bool,
    ) -> None:
        self.clause = clock.promise.clause
        self._clock = clock
        self._parts = parts
        self._columns = _columns_or_none(clock, hours) if may_count else None
        self._known: Sequence[Case] = ()
        self._refused: Bools = np.zeros(0, np.bool_)
        self._sums = _Sums()
        self._misses: dict[int, list[int]] | None = {} if keeps_misses else None

    def take(
        self, block: Block, cases: Sequence[Case], customers: Ints | None
    ) -> tuple[Bools, Bools]:
        """Counts what the columns judge of a block; returns which other tickets the scalar law must
        judge, and of which the rules have no answer (C3). Neither tells of tickets that are hard
        for every clause.
        """
        if self._columns is None:
            return self._may_begin(block) & ~block.hard, np.zeros(len(block.facts), np.bool_)
        refused = self._refusing(cases).take(block.facts.case) & ~block.hard
        verdicts = self._columns.judge(block, cases)
        left = verdicts.hard & ~refused & ~block.hard
        state = verdicts.state
        counted = np.flatnonzero((state != NO_CLOCK) & ~verdicts.hard)
        due_at = verdicts.due_at.take(counted)
        part = self._parts.of(due_at)
        state = state.take(counted)
        part[state == PAUSED] = 0
        cells = (block.facts.case.take(counted).astype(np.int64) << _CASE) + part * len(STATES)
        cells += state
        if customers is not None:
            cells += customers.take(counted) << _CUSTOMER
        self._sums.take(cells)
        if self._misses is not None:
            for place in np.flatnonzero(state == MISSED).tolist():
                self._misses.setdefault(int(cells[place]), []).append(int(due_at[place]))
        return left, refused

    def cells(self) -> Iterator[Cell]:
        """What was counted."""
        names = ["", *(on.isoformat() for on in self._parts.dates)]
        for cell, number in zip(*self._sums.total(), strict=True):
            part, state = divmod(cell & ((1 << _CASE) - 1), len(STATES))
            case = (cell >> _CASE) & ((1 << (_CUSTOMER - _CASE)) - 1)
            name = STATES[state]
            assert name is not None
            missed_at = (self._misses or {}).get(cell, ())
            yield Cell(cell >> _CUSTOMER, case, names[part], name, number, missed_at)

    def _refusing(self, cases: Sequence[Case]) -> Bools:
        """Which cases the rules refuse (C3), looked up once as long as they are the same."""
        if cases is not self._known:
            self._refused = np.array([self._is_refused(case) for case in cases], np.bool_)
            self._known = cases
        return self._refused

    def _is_refused(self, case: Case) -> bool:
        try:
            self._clock.choice.rule(case)
        except Refusal:
            return True
        return False

    def _may_begin(self, block: Block) -> Bools:
        """The tickets on which a clock that the columns do not know may have begun (K3, K9, C5)."""
        facts = block.facts
        begins = _BEGINS.get(self._clock.promise.measure)
        if begins is None or self._clock.promise.armed_by == "interval":
            return np.ones(len(facts), np.bool_)
        return block.having(begins(self._clock.promise, facts.code, facts.party))


class _Sums:
    """How often each cell was met: sorted sums, and what came since they were last put together."""

    def __init__(self) -> None:
        self._cells = [np.zeros(0, np.int64)]
        self._numbers = [np.zeros(0, np.int64)]
        self._waiting = 0

    def take(self, cells: Ints) -> None:
        found, numbers = np.unique(cells, return_counts=True)
        self._cells.append(found)
        self._numbers.append(numbers)
        self._waiting += len(found)
        if self._waiting > _FEW + len(self._cells[0]):
            self._put_together()

    def total(self) -> tuple[list[int], list[int]]:
        """The cells met, and how often each was."""
        self._put_together()
        return self._cells[0].tolist(), self._numbers[0].tolist()

    def _put_together(self) -> None:
        cells, which = np.unique(np.concatenate(self._cells), return_inverse=True)
        numbers = np.zeros(len(cells), np.int64)
        np.add.at(numbers, which, np.concatenate(self._numbers))
        self._cells, self._numbers, self._waiting = [cells], [numbers], 0


_FEW: Final = 1 << 17
_Codes = NDArray[np.int8]


def _contact(_promise: Promise, code: _Codes, party: _Codes) -> Bools:
    by_customer: Bools = (code == CODE["answer"]) & (party == PARTY["customer"])
    by_customer |= code == CODE["customer_contact"]
    return by_customer


def _expectation(_promise: Promise, code: _Codes, _party: _Codes) -> Bools:
    stated: Bools = code == CODE["expectation"]
    return stated


def _question(promise: Promise, code: _Codes, party: _Codes) -> Bools:
    put: Bools = (code == CODE["question"]) & (party == PARTY[promise.promisor])
    return put


_BEGINS: Final[Mapping[str, Callable[[Promise, _Codes, _Codes], Bools]]] = {
    "next_response": _contact,
    "expectation": _expectation,
    "answer": _question,
}
"""Without a fact of these there is no cycle; on hard tickets the scalar law sees for itself."""


def _columns_or_none(clock: Clock, hours: HourColumns | None) -> ClockColumns | None:
    if hours is None:
        return None
    try:
        return ClockColumns(clock, hours)
    except Refusal:
        return None
