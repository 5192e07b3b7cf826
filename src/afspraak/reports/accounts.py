"""What was kept per period, and what it costs (SEMANTICS A2, A3, A5, A7-A9): from the cube to
judgements and bills.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Final, Literal

from afspraak.engine.credits import Bill, bill, earned_back
from afspraak.engine.fees import Fees, invoiced
from afspraak.engine.figures import Tally, is_kept
from afspraak.engine.periods import Per, Period, period_of
from afspraak.engine.terms import Consequence, Promise, Scope, Terms
from afspraak.engine.time import Refusal, Rhythm, add
from afspraak.reports.contracts import Clockwork
from afspraak.reports.cube import Cube, Key, Place
from afspraak.reports.uptimes import PeriodUptime, ServiceLog, uptimes_of

Kind = Literal["credit", "bonus", "penalty"]
KINDS: Final[tuple[Kind, ...]] = ("credit", "bonus", "penalty")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether the promised share was kept in one period and scope (A3); None without a case.
    `is_over`: the period had passed as of the replay's moment.
    """

    contract: int
    clause: str
    period: Period
    scope: str
    counted: Tally
    at_least: Fraction
    kept: bool | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class PeriodBill:
    """One kind of consequence in one period: the bill, or why there is none (`refused`)."""

    contract: int
    kind: Kind
    period: Period
    bill: Bill | None
    refused: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class EarnedBack:
    """What was earned back of a period's credit under a clause, exact (A9)."""

    contract: int
    clause: str
    period: Period
    exact: Fraction


@dataclass(frozen=True, slots=True)
class Accounts:
    """Everything that the contracts of a replay say about whole periods."""

    judgements: tuple[Judgement, ...]
    uptimes: tuple[PeriodUptime, ...]
    bills: tuple[PeriodBill, ...]
    earned_back: tuple[EarnedBack, ...]

    def owed(self, contract: int | None = None, kind: Kind = "credit") -> Decimal:
        """What the periods that were over come to, each rounded once (A5): of a contract, or of
        all.
        """
        return sum(
            (
                each.bill.rounded
                for each in self.bills
                if each.bill and each.is_over and each.kind == kind
                if contract in (None, each.contract)
            ),
            Decimal("0.00"),
        )


def accounts_of(
    clockworks: Sequence[Clockwork],
    cube: Cube,
    span: Period,
    log: ServiceLog,
    *,
    strict: bool,
    as_of: int,
) -> Accounts:
    """Judges every promised share and reckons every consequence, per contract and period. `span`
    are the dates of the log until the replay's moment.
    """
    everyone = len({each.contract.terms.id for each in clockworks}) == 1
    ledgers = []
    for each in clockworks:
        term = term_of(each.contract.terms, span, strict=strict)
        uptimes = list(uptimes_of(each, log.of(each, everyone=everyone), term, span, as_of))
        ledgers.append(_Ledger(each, cube, span, term, uptimes, strict=strict))
    return Accounts(
        tuple(each for ledger in ledgers for each in ledger.judgements),
        tuple(each for ledger in ledgers for each in ledger.uptimes),
        tuple(each for ledger in ledgers for each in ledger.bills),
        tuple(each for ledger in ledgers for each in ledger.earned_back()),
    )


class _Ledger:
    """One contract's periods."""

    def __init__(
        self,
        clockwork: Clockwork,
        cube: Cube,
        span: Period,
        term: Period,
        uptimes: list[PeriodUptime],
        *,
        strict: bool,
    ) -> None:
        self.place, self.terms = clockwork.place, clockwork.contract.terms
        self.cube, self.span, self.term, self.strict = cube, span, term, strict
        self.uptimes = uptimes
        self.judgements = list(self._judged())
        self.bills = list(self._billed())

    def period(self, on: date, per: Per) -> Period:
        return period_of(on, per, self.term, from_start=self.terms.periods_from_start)

    def tallies(self, promise: Promise, per: Per, by: Scope) -> dict[Period, dict[str, Tally]]:
        """Per period and scope, the counts of what fell due in it (A2)."""

        def group(key: Key) -> tuple[Period, str] | None:
            return None if key.due_on is None else (self.period(key.due_on, per), _scope(key, by))

        found: dict[Period, dict[str, Tally]] = {}
        for (period, scope), counted in sorted(
            self.cube.by(self._places(promise, by), group).items()
        ):
            found.setdefault(period, {})[scope] = counted
        return found

    def _places(self, promise: Promise, by: Scope) -> Iterator[Place]:
        """The clauses that a share is over: the promise's, or all of its promisor's."""
        for each in self.terms.promises:
            if each is promise or (by == "agreement" and each.promisor == promise.promisor):
                yield self.place, each.clause

    def _judged(self) -> Iterator[Judgement]:
        for promise in self.terms.promises:
            share = promise.share
            if share is None:
                continue
            for period, scopes in self.tallies(promise, share.per, share.by).items():
                for scope, counted in scopes.items():
                    kept = is_kept(share, counted)
                    yield Judgement(
                        self.place,
                        promise.clause,
                        period,
                        scope,
                        counted,
                        share.at_least,
                        kept,
                        self._is_over(period),
                    )

    def _is_over(self, period: Period) -> bool:
        return period.until_on <= self.span.until_on

    def _billed(self) -> Iterator[PeriodBill]:
        ordered = sorted(
            self.terms.consequences, key=lambda each: (KINDS.index(each.kind), each.per)
        )
        for (kind, _), group in groupby(ordered, key=lambda each: (each.kind, each.per)):
            consequences = list(group)
            periods: dict[Period, dict[tuple[str, str], Tally]] = {}
            for consequence in consequences:
                for period, scope, counted in self._counted(consequence):
                    periods.setdefault(period, {})[consequence.of, scope] = counted
            for period in sorted(periods):
                yield self._bill(kind, consequences, period, periods[period])

    def _counted(self, consequence: Consequence) -> Iterator[tuple[Period, str, Tally]]:
        """What a consequence is reckoned from: a ticket promise's counts, or the time up and down
        of an availability clause.
        """
        promise = next((e for e in self.terms.promises if e.clause == consequence.of), None)
        if promise is not None:
            found = self.tallies(promise, consequence.per, _scope_of(consequence, promise))
            for period, scopes in found.items():
                for scope, counted in scopes.items():
                    yield period, scope, counted
            return
        for each in self.uptimes:
            if each.clause == consequence.of and each.uptime and self._is_base(consequence, each):
                by_service = consequence.base == "fee_of_service"
                yield each.period, each.services[0] if by_service else "", each.counted

    def _is_base(self, consequence: Consequence, each: PeriodUptime) -> bool:
        """A service's fee is a base for that service; the agreement's for all of them together."""
        promise = next(e for e in self.terms.availabilities if e.clause == each.clause)
        if consequence.per != promise.per:
            return False
        single = len(each.services) == 1
        return single if consequence.base == "fee_of_service" else each.services == promise.services

    def _bill(
        self,
        kind: Kind,
        consequences: list[Consequence],
        period: Period,
        tallies: Mapping[tuple[str, str], Tally],
    ) -> PeriodBill:
        over = self._is_over(period)
        try:
            found = bill(consequences, tallies, self._fees(period))
        except Refusal as refusal:
            return PeriodBill(self.place, kind, period, None, str(refusal), over)
        return PeriodBill(self.place, kind, period, found, "", over)

    def _fees(self, period: Period) -> Fees:
        """As invoiced for the period; strictly, only for what the term holds of it (A7)."""
        term = Period(self.terms.from_on, self.terms.until_on) if self.strict else period
        return invoiced(self.terms.monthly_fees, period, term)

    def earned_back(self) -> Iterator[EarnedBack]:
        for consequence in self.terms.consequences:
            if consequence.earn_back is None:
                continue
            owed = {
                each.period: each.bill.per_clause[consequence.clause]
                for each in self.bills
                if each.bill and consequence.clause in each.bill.per_clause
            }
            kept: dict[Period, bool] = {}
            for each in self.judgements:
                if each.clause == consequence.of and each.kept is not None and each.is_over:
                    kept[each.period] = kept.get(each.period, True) and each.kept
            for period, exact in earned_back(consequence, kept, owed).items():
                yield EarnedBack(self.place, consequence.clause, period, exact)


def _scope(key: Key, by: Scope) -> str:
    return "" if by in ("promise", "agreement") else key.field(by)


def _scope_of(consequence: Consequence, promise: Promise) -> Scope:
    """The share's own scope; without a share, the service whose fee is the base, if it is one."""
    if promise.share is not None:
        return promise.share.by
    return "service" if consequence.base == "fee_of_service" else "promise"


def term_of(terms: Terms, span: Period, *, strict: bool) -> Period:
    """The term from which periods count: as signed; in a what-if moved by whole years to hold the
    log, and as long as the log where the whole term is one period.
    """
    if strict:
        return Period(terms.from_on, terms.until_on)
    if not terms.periods_from_start:
        return span
    start, years = terms.from_on, 0
    while start > span.from_on:
        years += 1
        start = add(terms.from_on, Rhythm(months=12), -years)
    return Period(start, max(span.until_on, start + timedelta(days=1)))
