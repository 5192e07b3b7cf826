"""One period of a replay: the same judgements, of which only what was due in it is counted (A2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import local_date
from afspraak.reports.accounts import Accounts
from afspraak.reports.cube import Arrivals, Cube, Spread
from afspraak.reports.governing import Judged
from afspraak.reports.misses import Misses
from afspraak.reports.replay import Logged, Replay, Replayer
from afspraak.reports.rows import Row, rows_of

MOST_MISSES: Final = 100
"""So many misses of each promise are told one by one; the counts hold them all."""


WORD: Final = "expectation"


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """The whole replay, what fell due in the period, and how the word was kept that was given on
    tickets whose contract had been missed (K9).
    """

    whole: Replay
    part: Replay
    word: Tally


class PeriodReplayer(Replayer):
    """A replay that counts a period apart while the log goes by."""

    def __init__(self, period: Period, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        self.part = Cube(), Spread(), Arrivals()
        self.part_misses = Misses(MOST_MISSES)
        self.part_tickets = 0
        self.word = Tally()

    def _count(self, logged: Logged, judged: Judged) -> None:
        super()._count(logged, judged)
        rows = rows_of(logged.customer, judged)
        inside = [place for place, row in enumerate(rows) if self.holds(row)]
        if inside:
            assessed = [judged.assessed[place] for place in inside]
            part = replace(judged, assessed=assessed)
            self.part_misses.take(logged.id, logged.customer, part, [rows[p] for p in inside])
            self.word += _word_in(part, judged)

    def _add(self, row: Row) -> None:
        super()._add(row)
        if self.holds(row):
            self.part[0].take(row)
            self.part[1].take(row)

    def _arrived(self, judged: Judged, rows: Sequence[Row]) -> None:
        super()._arrived(judged, rows)
        start_at = judged.ticket.start_at
        assert start_at is not None
        on = local_date(self._zone, start_at)
        if self.period.from_on <= on < self.period.until_on:
            self.part_tickets += 1
            self.part[2].take(on, 0, missed=False)

    def holds(self, row: Row) -> bool:
        """Whether a row's due instant lies in the period."""
        due = row.due_on
        return due is not None and self.period.from_on <= due < self.period.until_on

    def close_both(self) -> OfPeriod:
        """The whole replay, and the period's."""
        whole = self.close()
        cube, spread, arrivals = self.part
        part = replace(
            whole,
            dates=self.period,
            tickets=self.part_tickets,
            cube=cube,
            spread=spread,
            arrivals=arrivals,
            accounts=accounts_in(whole.accounts, self.period),
            worst=self.part_misses.worst(),
        )
        return OfPeriod(whole, part, self.word)


def _word_in(part: Judged, judged: Judged) -> Tally:
    """The stated expectations of a ticket that were due in the period, after a miss."""
    ours = [each for each in judged.assessed if each.promise.promisor == SUPPLIER]
    missed = [each.missed_at for each in ours if each.missed_at and each.promise.measure != WORD]
    first = min(missed, default=None)
    found = Tally()
    for each in part.assessed:
        is_word = each.promise.measure == WORD and each.state in ("met", "missed")
        if is_word and first is not None and each.due_at is not None and first < each.due_at:
            found += Tally(**{each.state: 1})
    return found


def accounts_in(accounts: Accounts, period: Period) -> Accounts:
    """What was reckoned for periods that end in this one."""

    def ends_inside(each: Period) -> bool:
        return period.from_on < each.until_on <= period.until_on

    return Accounts(
        tuple(each for each in accounts.judgements if ends_inside(each.period)),
        tuple(each for each in accounts.uptimes if ends_inside(each.period)),
        tuple(each for each in accounts.bills if ends_inside(each.period)),
        tuple(each for each in accounts.earned_back if ends_inside(each.period)),
    )
