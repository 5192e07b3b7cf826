"""One customer of the made year as the desk sees it: the contract's fields, hours and targets."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.hours import Calendar, Hours, lay_out
from afspraak.engine.terms import Measure, governing_rule
from afspraak.engine.time import HOUR, Refusal, ServiceTime, WorkingDays, start_of_date, zone_of
from afspraak.language.document import Document
from afspraak.language.terms_of import terms_of
from afspraak.tickets.sample_customers import Customer

_USUAL: Final = (6 * HOUR, 12 * HOUR, 24 * HOUR, 40 * HOUR)
"""Aimed at by priority where nothing was promised."""

Case = Mapping[str, str]


class Aim(NamedTuple):
    """What the desk aims at: so many microseconds of these hours."""

    hours: Hours
    span: int


_laid: dict[object, Hours] = {}


def _laid_out(calendar: Calendar) -> Hours:
    """The calendar's hours; customers of one template share them."""
    exceptions = tuple(sorted(calendar.exceptions.items()))
    key = (calendar.zone, calendar.week, calendar.closed, exceptions, calendar.cover)
    if key not in _laid:
        _laid[key] = lay_out(calendar)
    return _laid[key]


class Desk:
    """A contract made ready for its tickets.

    `pace` is the desk's for this customer, `slow` the customer's own, in thousandths of the usual.
    """

    def __init__(self, customer: Customer, document: Document, pace: int, slow: int) -> None:
        self.customer, self.document, self.pace, self.slow = customer, document, pace, slow
        self.terms = terms_of(document)
        self.zone = zone_of(document.zone)
        self.hours = {name: _laid_out(held) for name, held in self.terms.calendars.items()}
        self.office = self.hours["kantoor"]
        self.from_on = document.term.from_on
        self.has_third_party = document.third_party is not None
        self._aims: dict[tuple[str, ...], Aim] = {}

    @property
    def priorities(self) -> tuple[str, ...]:
        """From the most urgent one on."""
        return self.document.priorities

    def aim(self, measure: Measure, case: Case) -> Aim:
        """The target that the contract gives a case, in service time."""
        key = (measure, *case.values())
        found = self._aims.get(key)
        if found is None:
            found = self._aims[key] = self._found(measure, case)
        return found

    def _found(self, measure: Measure, case: Case) -> Aim:
        usual = Aim(self.office, _USUAL[self.priorities.index(case["priority"])])
        promise = next(
            (
                one
                for one in self.terms.promises
                if one.measure == measure and one.promisor == SUPPLIER
            ),
            None,
        )
        if promise is None:
            return usual
        try:
            rule = governing_rule(self.terms.fields, promise.rules, case)
        except Refusal:
            return usual
        hours = self.hours[rule.calendar or promise.calendar]
        if isinstance(rule.target, ServiceTime):
            return Aim(hours, rule.target.microseconds)
        if isinstance(rule.target, WorkingDays):
            return Aim(hours, rule.target.days * self._day(hours))
        return usual

    def _day(self, hours: Hours) -> int:
        """The open time of a usual Wednesday."""
        on = self.from_on + timedelta(days=(2 - self.from_on.weekday()) % 7 + 14)
        start = start_of_date(self.zone, on)
        return hours.elapsed(start, start_of_date(self.zone, on + timedelta(days=1)))
