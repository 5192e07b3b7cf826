"""The contracts that a log is replayed under, and their clocks made ready once for many tickets."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import CUSTOMER, SUPPLIER, Ticket
from afspraak.engine.hours import Calendar, Hours, lay_out
from afspraak.engine.in_force import Version
from afspraak.engine.terms import Case, Promise, Rule, Terms
from afspraak.engine.time import Refusal, start_of_date, zone_of

Cover = tuple[date, date]
"""The dates [from, until) that a calendar may be asked about (T8)."""

Names = Mapping[str, Mapping[str, str]]
"""A clause's or a service's id -> language -> how it is called on a page."""

Wider = Callable[[Terms, Cover], Mapping[str, Calendar]]
_NO_NAMES: Final[Names] = MappingProxyType({})


def stretched(terms: Terms, cover: Cover) -> Mapping[str, Calendar]:
    """The calendars over wider dates, from what they themselves say: of dates outside their own
    cover no public holiday is known.
    """
    return {
        name: Calendar(
            each.name,
            each.zone,
            each.week,
            each.closed,
            each.exceptions,
            (min(cover[0], each.cover[0]), max(cover[1], each.cover[1])),
        )
        for name, each in terms.calendars.items()
    }


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract version as it is replayed, with what a page says of it.

    `customers` are the names by which a log may call its customer, in lower case; none: it governs
    every ticket. `wider` gives its calendars over other dates, for a what-if. `signed_at`, in
    microseconds, is when its last party signed; None: at its start.
    """

    terms: Terms
    name: str
    sha256: str = ""
    customers: frozenset[str] = frozenset()
    parties: Mapping[str, str] = field(default_factory=dict)
    titles: Names = field(default_factory=lambda: _NO_NAMES)
    services: Names = field(default_factory=lambda: _NO_NAMES)
    wider: Wider = stretched
    signed_at: int | None = None

    @property
    def from_at(self) -> int:
        """The instant from which this version holds."""
        terms = self.terms
        return start_of_date(zone_of(terms.zone), terms.version_from_on or terms.from_on)

    @property
    def version(self) -> Version:
        """Its dates as the law asks for them (C1, C2)."""
        signed_at = self.from_at if self.signed_at is None else self.signed_at
        return Version(
            id=f"{self.terms.id}/{self.terms.version}",
            agreement=self.terms.id,
            parties=(SUPPLIER, CUSTOMER),
            from_at=self.from_at,
            until_at=start_of_date(zone_of(self.terms.zone), self.terms.until_on),
            signed_at={SUPPLIER: signed_at, CUSTOMER: signed_at},
            open_tickets=self.terms.open_tickets,
            signed_late=self.terms.signed_late,
        )

    def promise(self, clause: str) -> Promise:
        """The ticket promise of a clause."""
        return next(each for each in self.terms.promises if each.clause == clause)

    def title(self, clause: str, language: str) -> str:
        """What its signed text calls a clause; empty where it has no title."""
        names = self.titles.get(clause, {})
        return names.get(language) or next(iter(names.values()), "")


class LaidOut:
    """Hours by what their calendar says: many contracts have the same ones, and they take long."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Hours] = {}

    def hours(self, calendars: Mapping[str, Calendar]) -> dict[str, Hours]:
        """The calendars laid out, by name. Raises Refusal for one that cannot be."""
        return {name: self._hours(each) for name, each in calendars.items()}

    def _hours(self, each: Calendar) -> Hours:
        dated = tuple(sorted(each.exceptions.items()))
        key = (each.name, each.zone, each.week, each.closed, dated, each.cover)
        if key not in self._known:
            self._known[key] = lay_out(each)
        return self._known[key]


@dataclass(frozen=True, slots=True)
class Refused:
    """A promise that could not be judged on a ticket, and the law's own words for it (T8, C3)."""

    clause: str
    refusal: Refusal


class Clockwork:
    """One contract's clocks and their hours. `place` is the contract's place among those that are
    replayed.
    """

    __slots__ = ("_cases", "clocks", "contract", "hours", "place", "zone")

    def __init__(self, contract: Contract, place: int, hours: Mapping[str, Hours]) -> None:
        self.contract = contract
        self.place = place
        self.zone = zone_of(contract.terms.zone)
        self.hours = dict(hours)
        fields = contract.terms.fields
        self.clocks = tuple(
            Clock(promise, fields, self.hours[promise.calendar], self.hours)
            for promise in contract.terms.promises
        )
        self._cases: dict[tuple[int, tuple[tuple[str, str], ...]], Case] = {}

    def assess(
        self, ticket: Ticket, clauses: Container[str] | None = None
    ) -> tuple[list[Assessment], list[Refused]]:
        """What became of every promise on a ticket, or of those of some clauses; what cannot be
        answered spoils nothing else.
        """
        assessed: list[Assessment] = []
        refused: list[Refused] = []
        for clock in self.clocks:
            if clauses is not None and clock.promise.clause not in clauses:
                continue
            try:
                assessed += clock.assess(ticket)
            except Refusal as refusal:
                refused.append(Refused(clock.promise.clause, refusal))
        return assessed, refused

    def hours_of(self, assessment: Assessment) -> Hours:
        """The hours in which an assessment's time ran."""
        own = assessment.rule.calendar if assessment.rule else ""
        return self.hours[own or assessment.promise.calendar]

    def case(self, reported: Case, rule: Rule | None) -> Case:
        """The finite fields that an assessment is counted under: as reported, as the rule that
        judged it has them, and the level that the service implies. The same object for the same
        fields.
        """
        key = (id(rule), tuple(reported.items()))
        found = self._cases.get(key)
        if found is None:
            known = {**reported, **(rule.when if rule else {})}
            found = self._cases[key] = self.contract.terms.fields.complete(known)
        return found
