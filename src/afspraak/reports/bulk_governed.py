"""A contract made ready for columns: its clauses, the cases as it knows them, and which misses wait
for another party's (SEMANTICS A8, C3).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from afspraak.engine.columns import HourColumns
from afspraak.engine.hours import Hours
from afspraak.engine.periods import Period, period_of
from afspraak.engine.terms import Case, Relief
from afspraak.engine.time import Refusal
from afspraak.reports.bulk_clause import ClauseCounts, Parts
from afspraak.reports.bulk_counts import Counts, Fields, Key, Waiting, Where
from afspraak.reports.contracts import Clockwork
from afspraak.reports.governing import Judged, with_assumed


class HoursOnce:
    """Hours made ready for columns once each: many contracts have the same ones."""

    def __init__(self) -> None:
        self._known: dict[int, HourColumns | None] = {}

    def of(self, hours: Hours) -> HourColumns | None:
        """None where they open and close too often for the columns."""
        if id(hours) not in self._known:
            self._known[id(hours)] = _columns(hours)
        return self._known[id(hours)]


def _columns(hours: Hours) -> HourColumns | None:
    try:
        return HourColumns(hours)
    except Refusal:
        return None


class Governed:
    """A contract's clauses, made ready for columns."""

    def __init__(
        self,
        clockwork: Clockwork,
        dates: Period,
        assumed: Mapping[str, str],
        columns: HoursOnce,
    ) -> None:
        self.clockwork = clockwork
        self.parts = Parts(clockwork, dates)
        self._assumed = assumed
        self._stated: Sequence[Case] = ()
        self._cases: list[Case] = []
        self._dates = dates
        reliefs = clockwork.contract.terms.reliefs
        self._on_ticket = _relieving(each for each in reliefs if each.on == "same_ticket")
        self._in_period = _relieving(each for each in reliefs if each.on == "same_period")
        self.waiting = frozenset().union(*self._in_period.values())
        relieving = {*self._on_ticket, *self._in_period}
        self.clauses = [
            ClauseCounts(
                clock,
                columns.of(clock.hours),
                self.parts,
                may_count=clock.promise.clause not in relieving,
                keeps_misses=clock.promise.clause in self.waiting,
            )
            for clock in clockwork.clocks
        ]

    def cases(self, stated: Sequence[Case]) -> Sequence[Case]:
        """The cases as this contract knows them, with what is assumed."""
        if stated is not self._stated:
            new = stated[len(self._cases) :]
            self._cases = [*self._cases, *(self._as_known(case) for case in new)]
            self._stated = stated
        return self._cases

    def _as_known(self, case: Case) -> Case:
        known = self.clockwork.contract.terms.fields.values
        return with_assumed(case, self._assumed, known, is_whole=True)

    def relievable(self, judged: Judged) -> frozenset[str]:
        """The clauses whose misses on the same ticket may be relieved by what was missed here."""
        missed = {each.promise.clause for each in judged.assessed if each.missed_at is not None}
        return frozenset().union(*(self._on_ticket.get(clause, ()) for clause in missed))

    def relieved_by_period(self, clause: str) -> frozenset[str]:
        """The clauses whose misses in the same period a miss of this one may relieve."""
        return self._in_period.get(clause, frozenset())

    def where(self, key: Key, clause: str, on: date) -> Where:
        """The relieved promise's own period in which a date falls, for the customer of a key."""
        share = self.clockwork.contract.promise(clause).share
        period = period_of(on, share.per if share else "month", self._dates)
        return Where(key.book, key.contract, clause, key.customer, period.from_on.isoformat())

    def into(
        self, counts: Counts, book: int, place: int, cases: Sequence[Case], names: Sequence[str]
    ) -> None:
        """Adds what the columns counted, in words."""
        complete = self.clockwork.contract.terms.fields.complete
        words: list[Fields] = [tuple(sorted(complete(case).items())) for case in self.cases(cases)]
        for clause in self.clauses:
            for cell in clause.cells():
                who, case = names[cell.customer], words[cell.case]
                key = Key(book, place, clause.clause, who, case, cell.due_on, cell.state)
                counts.counts[key] += cell.number
                for missed_at in cell.missed_at:
                    on = date.fromisoformat(cell.due_on)
                    where = self.where(key, clause.clause, on)
                    counts.waiting[Waiting(key, where, missed_at)] += 1


def _relieving(reliefs: Iterator[Relief]) -> Mapping[str, frozenset[str]]:
    """Whose miss -> the clauses that it may relieve."""
    found: dict[str, frozenset[str]] = {}
    for each in reliefs:
        found[each.when_missed] = found.get(each.when_missed, frozenset()) | {*each.of}
    return found
