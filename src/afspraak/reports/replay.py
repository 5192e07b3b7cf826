"""A log replayed under contracts: a what-if, or strictly as signed. One pass, ticket by ticket; one
bad ticket never stops it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from afspraak.engine.clockwork import Refused
from afspraak.engine.facts import SUPPLIER, Fact, Ticket, settle
from afspraak.engine.hours import Uncovered
from afspraak.engine.periods import Period
from afspraak.engine.terms import winners
from afspraak.engine.time import Refusal, datetime_of, local_date, zone_of
from afspraak.reports.accounts import Accounts, accounts_of
from afspraak.reports.contracts import Contract
from afspraak.reports.cube import Arrivals, Cube, Spread
from afspraak.reports.governing import Book, Judged, NotCovered
from afspraak.reports.misses import Misses, Worst
from afspraak.reports.relieving import Deferred
from afspraak.reports.rows import Row, rows_of
from afspraak.reports.uptimes import ServiceLog

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
NO_LOG: Final = ServiceLog()


@dataclass(frozen=True, slots=True)
class Logged:
    """One ticket of a log: its id, its customer (empty where the log names none), its facts in the
    order of the log; or why they could not be read.
    """

    id: str
    customer: str
    facts: Sequence[Fact]
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A ticket, or one promise on it, without a verdict, and why: `why` is a word that pages have a
    sentence for, `told` the law's own words.
    """

    ticket: str
    customer: str
    clause: str
    why: str
    told: str


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of a log under some contracts, as of a moment (microseconds). `span` are the log's
    instants [first, last], `dates` the days from its first until the moment; `unreported` tickets
    were not yet reported then; `assumed` fields stood in where a contract did not know the log's.
    """

    contracts: tuple[Contract, ...]
    strict: bool
    as_of: int
    span: tuple[int, int]
    dates: Period
    tickets: int
    unreported: int
    cube: Cube
    spread: Spread
    arrivals: Arrivals
    accounts: Accounts
    unjudged: tuple[Unjudged, ...]
    unjudged_tickets: int
    worst: tuple[Worst, ...]
    assumed: Mapping[str, str] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The zone of the first contract, in which whole pages speak."""
        return self.contracts[0].terms.zone


class Replayer:
    """A replay in the making: takes tickets as they stand, then closes. Raises Refusal where a
    contract's calendars cannot be laid out.
    """

    def __init__(
        self,
        contracts: Sequence[Contract],
        span: tuple[int, int],
        as_of: int,
        *,
        strict: bool = False,
        assumed: Mapping[str, str] = NOTHING,
        worst: int = 3,
        log: ServiceLog = NO_LOG,
    ) -> None:
        assert contracts, "a replay has at least one contract"
        self.contracts, self.span, self.as_of = tuple(contracts), span, as_of
        self.strict, self.assumed, self.log = strict, assumed, log
        self._zone = zone_of(contracts[0].terms.zone)
        self.dates = dates_of(contracts[0], span, as_of)
        reach = (span[0], max(span[1], as_of))
        self.book = Book(contracts, reach, strict=strict, assumed=assumed)
        self.cube, self.spread, self.arrivals = Cube(), Spread(), Arrivals()
        self.misses = Misses(worst)
        self.deferred = Deferred(self.contracts, self.dates)
        self.unjudged: list[Unjudged] = []
        self.tickets = self.unreported = 0

    def take(self, logged: Logged, ticket: Ticket | None) -> None:
        """Judges one ticket; `ticket` are its facts as they stand, None if they cannot be read."""
        self.tickets += 1
        if ticket is None:
            self._note(logged, "", "unreadable", logged.unreadable)
            return
        try:
            judged = self.book.judge(logged.customer, ticket)
        except NotCovered as refusal:
            self._note(logged, "", refusal.why, str(refusal))
            return
        if judged is None:
            self.unreported += 1
        else:
            self._count(logged, judged)

    def _count(self, logged: Logged, judged: Judged) -> None:
        for refused in judged.refused:
            self._note(logged, refused.clause, why_refused(judged, refused), str(refused.refusal))
        rows = rows_of(logged.customer, judged)
        for row in rows:
            if not self.deferred.keeps(row):
                self._add(row)
        self.misses.take(logged.id, logged.customer, judged, rows)
        self._arrived(judged, rows)

    def _add(self, row: Row) -> None:
        self.cube.take(row)
        self.spread.take(row)

    def _arrived(self, judged: Judged, rows: Sequence[Row]) -> None:
        start_at = judged.ticket.start_at
        assert start_at is not None
        at = datetime_of(start_at).astimezone(self._zone)
        missed = any(
            row.state == "missed" and each.promise.promisor == SUPPLIER
            for row, each in zip(rows, judged.assessed, strict=True)
        )
        self.arrivals.take(at.date(), at.hour, missed=missed)

    def _note(self, logged: Logged, clause: str, why: str, told: str) -> None:
        self.unjudged.append(Unjudged(logged.id, logged.customer, clause, why, told))

    def close(self) -> Replay:
        """The result; nothing may be taken afterwards."""
        for row in self.deferred.relieved():
            self._add(row)
        return Replay(
            contracts=self.contracts,
            strict=self.strict,
            as_of=self.as_of,
            span=self.span,
            dates=self.dates,
            tickets=self.tickets,
            unreported=self.unreported,
            cube=self.cube,
            spread=self.spread,
            arrivals=self.arrivals,
            accounts=accounts_of(
                self.book.clockworks,
                self.cube,
                self.dates,
                self.log,
                strict=self.strict,
                as_of=self.as_of,
            ),
            unjudged=tuple(self.unjudged),
            unjudged_tickets=len({each.ticket for each in self.unjudged}),
            worst=self.misses.worst(),
            assumed=dict(self.assumed),
        )


def dates_of(contract: Contract, span: tuple[int, int], as_of: int) -> Period:
    """The days from a log's first instant until the moment, on the wall of a contract's zone."""
    zone = zone_of(contract.terms.zone)
    last = local_date(zone, max(as_of, span[0]))
    return Period(local_date(zone, span[0]), last + timedelta(days=1))


def why_refused(judged: Judged, refused: Refused) -> str:
    """The kind of a refusal, for a sentence in the reader's language."""
    if isinstance(refused.refusal, Uncovered):
        return "uncovered"
    terms = judged.clockwork.contract.terms
    case = {name: value for name, value in judged.ticket.fields.items() if name != "customer"}
    for name, value in case.items():
        if terms.fields.values.get(name) and value not in terms.fields.values[name]:
            return f"unknown_{name}"
    best = winners(terms.fields, judged.clockwork.contract.promise(refused.clause).rules, case)
    return "no_target" if not best else "tie" if len(best) > 1 else "refused"


def replay(
    contracts: Sequence[Contract],
    tickets: Iterable[Logged],
    *,
    span: tuple[int, int],
    as_of: int | None = None,
    strict: bool = False,
    assumed: Mapping[str, str] = NOTHING,
    against: Sequence[Contract] = (),
    log: ServiceLog = NO_LOG,
) -> tuple[Replay, Replay | None]:
    """Replays a log as of a moment (the end of its span, unless told), in one pass; `against` are
    other contracts for the same log, whose replay is the second answer; `log` is what it tells of
    services.
    """
    moment = span[1] if as_of is None else as_of
    first = Replayer(contracts, span, moment, strict=strict, assumed=assumed, log=log)
    second = (
        Replayer(against, span, moment, strict=strict, assumed=assumed, worst=0, log=log)
        if against
        else None
    )
    for logged in tickets:
        ticket, read = as_it_stands(logged, moment)
        first.take(read, ticket)
        if second is not None:
            second.take(read, ticket)
    return first.close(), second.close() if second is not None else None


def as_it_stands(logged: Logged, moment: int) -> tuple[Ticket | None, Logged]:
    """A ticket's facts as of a moment (F5); none, and why, where the law refuses them."""
    if logged.unreadable:
        return None, logged
    try:
        return settle(logged.facts, moment), logged
    except Refusal as refusal:
        return None, Logged(logged.id, logged.customer, (), str(refusal))
