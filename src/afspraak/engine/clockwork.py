"""One version's clocks together (SEMANTICS C1, T8): every promise on a ticket, under the version
that governs it.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass

from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import Ticket
from afspraak.engine.hours import Calendar, Hours, lay_out
from afspraak.engine.in_force import Governing, keep_misses
from afspraak.engine.terms import Case, Rule, Terms
from afspraak.engine.time import Refusal, zone_of


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
    """The clocks of one version's terms, made once and asked about many tickets."""

    __slots__ = ("_cases", "clocks", "hours", "terms", "zone")

    def __init__(self, terms: Terms, hours: Mapping[str, Hours]) -> None:
        self.terms = terms
        self.zone = zone_of(terms.zone)
        self.hours = dict(hours)
        self.clocks = tuple(
            Clock(promise, terms.fields, self.hours[promise.calendar], self.hours)
            for promise in terms.promises
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
            found = self._cases[key] = self.terms.fields.complete(known)
        return found


def assess_under(
    governing: Governing, clockwork: Callable[[str], Clockwork], ticket: Ticket
) -> tuple[list[Assessment], list[Refused]]:
    """A ticket judged by the version that governs it; what was missed under the one before it stays
    missed (C1). `clockwork` gives the clocks of a version's id.
    """
    assessed, refused = clockwork(governing.version.id).assess(ticket)
    if governing.before is None:
        return assessed, refused
    before, _ = assess_under(governing.before, clockwork, ticket)
    return list(keep_misses(before, assessed, governing.since_at)), refused
