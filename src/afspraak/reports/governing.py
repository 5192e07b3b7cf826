"""Which contract governs a reported ticket: as a what-if, or strictly as signed (SEMANTICS C1, C2,
T8).
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from afspraak.clocks.judge import closed_at
from afspraak.engine.clock import Assessment
from afspraak.engine.clockwork import LaidOut, Refused, assess_under
from afspraak.engine.facts import Ticket
from afspraak.engine.hours import Calendar
from afspraak.engine.in_force import Governing, governing_version
from afspraak.engine.terms import Case
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.reports.contracts import Clockwork, Contract, Cover

BEFORE: Final = timedelta(days=32)
"""A what-if's calendars begin this long before the log: a merge may lead further back (K8)."""

BEYOND: Final = timedelta(days=2 * 366)
"""They end this long after it: a due instant lies beyond the last fact."""

Uncovering = Literal["no_customer", "no_contract", "outside"]


class NotCovered(Refusal):
    """A ticket that no contract of the replay governs (C2), and why not."""

    def __init__(self, why: Uncovering, message: str) -> None:
        super().__init__(message)
        self.why: Uncovering = why


@dataclass(frozen=True, slots=True)
class Judged:
    """Every promise on one ticket under the contract that governs it; `ticket` as it was judged,
    with the fields that were assumed.
    """

    clockwork: Clockwork
    ticket: Ticket
    assessed: list[Assessment]
    refused: list[Refused]


class Book:
    """The contracts of a replay by customer, each with its clocks.

    A what-if takes every contract as signed and as wide as the log: its newest version that had
    begun, else its first one. `strict` applies terms, signatures and covers as they are. `assumed`
    are fields that stand in where a contract does not know what the log states. A single agreement
    governs every ticket; strictly, only its own customer's where the log names one.
    """

    def __init__(
        self,
        contracts: Sequence[Contract],
        span: tuple[int, int],
        *,
        strict: bool,
        assumed: Mapping[str, str],
    ) -> None:
        self.contracts = tuple(contracts)
        self.strict = strict
        self.assumed = assumed
        laid = LaidOut()
        self.clockworks = tuple(
            Clockwork(
                each, place, laid.hours(each.terms.calendars if strict else _wide(each, span))
            )
            for place, each in enumerate(self.contracts)
        )
        self._by_customer = _by_customer(self.clockworks)
        self._versions = {each.contract.version.id: each for each in self.clockworks}
        self._governs_all = len({each.terms.id for each in contracts}) == 1

    def judge(self, customer: str, ticket: Ticket) -> Judged | None:
        """A ticket's assessments as of its moment; None before its report. Raises NotCovered."""
        if ticket.start_at is None:
            return None
        candidates = self.candidates(customer)
        if self.strict:
            return self._as_signed(candidates, ticket)
        return self.judge_under(newest(candidates, ticket.start_at), ticket)

    def candidates(self, customer: str) -> Sequence[Clockwork]:
        """The contracts that may govern a customer's tickets. Raises NotCovered."""
        if self._governs_all and not (self.strict and customer):
            return self.clockworks
        found = self._by_customer.get(customer.casefold(), ())
        if not found and not customer:
            raise NotCovered(
                "no_customer", "the report names no customer, and no contract governs all"
            )
        if not found:
            raise NotCovered("no_contract", f"no contract with {customer} is among those given")
        return found

    def _as_signed(self, candidates: Sequence[Clockwork], ticket: Ticket) -> Judged:
        assert ticket.start_at is not None
        versions = [each.contract.version for each in candidates]
        try:
            governing = governing_version(
                versions, ticket.start_at, ticket.as_of, closed_at(ticket)
            )
        except Refusal as refusal:
            raise NotCovered("outside", str(refusal)) from None
        return self._under(governing, ticket)

    def _under(self, governing: Governing, ticket: Ticket) -> Judged:
        """Judged by a version; what was missed under the one before it stays missed (C1)."""
        clockwork = self._versions[governing.version.id]
        ticket = self._completed(clockwork, ticket)
        assessed, refused = assess_under(governing, self._versions.__getitem__, ticket)
        return Judged(clockwork, ticket, assessed, refused)

    def judge_under(
        self, clockwork: Clockwork, ticket: Ticket, clauses: Container[str] | None = None
    ) -> Judged:
        """A ticket's assessments under a contract, or those of some clauses of it."""
        ticket = self._completed(clockwork, ticket)
        assessed, refused = clockwork.assess(ticket, clauses)
        return Judged(clockwork, ticket, assessed, refused)

    def _completed(self, clockwork: Clockwork, ticket: Ticket) -> Ticket:
        if not self.assumed:
            return ticket
        return with_fields(ticket, self.assumed, clockwork.contract.terms.fields.values)


def with_fields(ticket: Ticket, assumed: Case, known: Mapping[str, tuple[str, ...]]) -> Ticket:
    """The ticket with assumed fields where its facts state none, or one that the contract lacks."""
    facts = tuple(
        replace(
            fact,
            fields=with_assumed(fact.fields, assumed, known, is_whole=fact.code == "reported"),
        )
        if fact.code in ("reported", "reclassified")
        else fact
        for fact in ticket.facts
    )
    return ticket._replace(facts=facts)


def with_assumed(
    stated: Case, assumed: Case, known: Mapping[str, tuple[str, ...]], *, is_whole: bool
) -> Case:
    """Stated fields with those assumed that the contract does not know; a report is whole: what it
    does not state is assumed, too.
    """
    fields = dict(stated)
    for name, value in assumed.items():
        wanting = is_whole and name not in fields
        if wanting or (name in fields and fields[name] not in known.get(name, ())):
            fields[name] = value
    return fields


def newest(candidates: Sequence[Clockwork], reported_at: int) -> Clockwork:
    """The one that had begun last at a report; else the first to begin."""
    ordered = sorted(candidates, key=lambda each: each.contract.from_at)
    begun = [each for each in ordered if each.contract.from_at <= reported_at]
    return begun[-1] if begun else ordered[0]


def _by_customer(clockworks: Sequence[Clockwork]) -> Mapping[str, tuple[Clockwork, ...]]:
    found: dict[str, tuple[Clockwork, ...]] = {}
    for each in clockworks:
        for name in each.contract.customers:
            found[name] = (*found.get(name, ()), each)
    return found


def _wide(contract: Contract, span: tuple[int, int]) -> Mapping[str, Calendar]:
    return contract.wider(contract.terms, cover_of(contract, span))


def cover_of(contract: Contract, span: tuple[int, int]) -> Cover:
    """The dates that a what-if's calendars must cover for a log's span of instants: whole years."""
    zone = zone_of(contract.terms.zone)
    first = local_date(zone, span[0]) - BEFORE
    last = local_date(zone, span[1]) + BEYOND
    return date(first.year, 1, 1), date(last.year + 1, 1, 1)
