"""Misses that another party's miss in the same period relieves (SEMANTICS A8): known only when the
whole log has been seen.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Relief
from afspraak.reports.contracts import Contract
from afspraak.reports.rows import Row

_Where = tuple[int, str, str, Period]


class Deferred:
    """Rows that wait for the end of the log: misses that a clause may relieve by the period."""

    __slots__ = ("_contracts", "_first", "_reliefs", "_rows", "_term")

    def __init__(self, contracts: Sequence[Contract], term: Period) -> None:
        self._contracts = contracts
        self._term = term
        self._reliefs = {
            place: tuple(each for each in contract.terms.reliefs if each.on == "same_period")
            for place, contract in enumerate(contracts)
        }
        self._first: dict[_Where, int] = {}
        self._rows: list[Row] = []

    def keeps(self, row: Row) -> bool:
        """Notes a miss; whether the row waits here until the end."""
        reliefs = self._reliefs[row.contract]
        if not reliefs or row.state != "missed" or row.due_on is None or row.missed_at is None:
            return False
        for relief in reliefs:
            if row.clause == relief.when_missed:
                for clause in relief.of:
                    where = self._where(row, clause, row.due_on)
                    self._first[where] = min(row.missed_at, self._first.get(where, row.missed_at))
        if row.relieved_by or not any(row.clause in relief.of for relief in reliefs):
            return False
        self._rows.append(row)
        return True

    def relieved(self) -> Iterator[Row]:
        """The rows that waited, relieved where the other party had missed first."""
        for row in self._rows:
            row.relieved_by = next(
                (each.clause for each in self._reliefs[row.contract] if self._holds(each, row)), ""
            )
            yield row

    def _holds(self, relief: Relief, row: Row) -> bool:
        assert row.due_on is not None
        assert row.missed_at is not None
        if row.clause not in relief.of:
            return False
        first = self._first.get(self._where(row, row.clause, row.due_on))
        return first is not None and first < row.missed_at

    def _where(self, row: Row, clause: str, on: date) -> _Where:
        """The relieved promise's own period in which a date falls."""
        contract = self._contracts[row.contract]
        share = contract.promise(clause).share
        period = period_of(on, share.per if share else "month", self._term)
        return row.contract, clause, row.customer, period
