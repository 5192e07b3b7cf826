"""What all that was reported would have come to under another text, beside what it came to under
today's: misses by month, credits by the period for which they are reckoned. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.reports.contracts import Contract
from afspraak.reports.replay import Logged, Replay, replay
from afspraak.reports.uptimes import ServiceLog

NO_MONEY: Final = Decimal("0.00")
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Came:
    """What something came to: what was kept and missed, what is still measured, and credits."""

    tally: Tally = field(default_factory=Tally)
    credits: Decimal = NO_MONEY

    def __add__(self, other: "Came") -> "Came":
        """Both together."""
        return Came(self.tally + other.tally, self.credits + other.credits)


@dataclass(frozen=True, slots=True)
class Month:
    """One month [on, its end) under today's text and under the other. Credits stand in the month
    in which the period ends for which they are reckoned.
    """

    on: date
    today: Came
    then: Came


@dataclass(frozen=True, slots=True)
class Effects:
    """All months that something fell due in, oldest first; and what could not be judged, under
    either text (T8).
    """

    months: tuple[Month, ...]
    tickets: int
    unjudged: tuple[int, int]
    currency: str

    def within(self, period: Period) -> "Effects":
        """Only the months of a period."""
        kept = [each for each in self.months if period.from_on <= each.on < period.until_on]
        return Effects(tuple(kept), self.tickets, self.unjudged, self.currency)

    @property
    def today(self) -> Came:
        """All of it under today's text."""
        return sum((each.today for each in self.months), Came())

    @property
    def then(self) -> Came:
        """All of it under the other."""
        return sum((each.then for each in self.months), Came())

    @property
    def is_same(self) -> bool:
        """Whether nothing would have been otherwise."""
        return all(each.today == each.then for each in self.months)


def effects_of(
    logs: Sequence[Logged],
    today: Contract,
    then: Contract,
    *,
    span: tuple[int, int],
    as_of: int,
    services: ServiceLog,
) -> Effects:
    """Both replays of the same facts. Each text is taken as if it had always held: a what-if, in
    which no later version stands between.
    """
    one, other = replay([today], logs, span=span, as_of=as_of, against=[then], log=services)
    assert other is not None
    ones, others = _by_month(one), _by_month(other)
    months = [
        Month(on, ones.get(on, Came()), others.get(on, Came())) for on in sorted({*ones, *others})
    ]
    return Effects(
        tuple(months), one.tickets, (len(one.unjudged), len(other.unjudged)), today.terms.currency
    )


def _by_month(replayed: Replay) -> dict[date, Came]:
    found: dict[date, Came] = {}
    for on, came in (*_counted(replayed), *_owed(replayed)):
        found[on] = found.get(on, Came()) + came
    return found


def _counted(replayed: Replay) -> Iterator[tuple[date, Came]]:
    contract = replayed.contracts[0]
    ours = {each.clause for each in contract.terms.promises if each.promisor == SUPPLIER}
    for key, cell in replayed.cube.cells():
        if key.due_on is not None and key.clause in ours:
            yield key.due_on.replace(day=1), Came(cell.tally)


def _owed(replayed: Replay) -> Iterator[tuple[date, Came]]:
    """Credits of the periods that are over."""
    for each in replayed.accounts.bills:
        if each.bill is not None and each.is_over and each.kind == "credit" and each.bill.rounded:
            last = each.period.until_on - _DAY
            yield last.replace(day=1), Came(credits=each.bill.rounded)
