"""Tickets by hand, for the engine's tests: facts at hours of one Monday, on plain calendars."""

from datetime import date

from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import Fact, Ticket, settle
from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.terms import Fields, Promise, Rule, Target
from afspraak.engine.time import HOUR, ServiceTime, parse_instant

MONDAY = parse_instant("2026-03-02T00:00Z")
NO_FIELDS = Fields()


def hours_of(name: str, opens: int, closes: int, zone: str = "UTC") -> Hours:
    """Every day from `opens` to `closes` o'clock, in March 2026."""
    week = ((Interval(opens * 60, closes * 60),),) * 7
    cover = (date(2026, 3, 1), date(2026, 4, 1))
    return lay_out(Calendar(name, zone, week, frozenset(), {}, cover))


ALWAYS = hours_of("always", 0, 24)
OFFICE = hours_of("office", 9, 17)


def at(clock: float) -> int:
    """The instant so many hours after Monday 00:00."""
    return MONDAY + round(clock * HOUR)


class Log(list[Fact]):
    """A ticket's log, to which facts are added in the order of their places."""

    def add(self, code: str, clock: float, recorded: float | None = None, **fields: object) -> Fact:
        """A fact at an hour of the Monday, recorded at another one or at once."""
        when = at(clock)
        known = when if recorded is None else at(recorded)
        fact = Fact(code, when, known, len(self), **fields)  # type: ignore[arg-type]
        self.append(fact)
        return fact

    def as_of(self, clock: float) -> Ticket:
        return settle(self, at(clock))


def reported(clock: float = 9, **fields: str) -> Log:
    """A log that begins with a report."""
    log = Log()
    log.add("reported", clock, fields=fields)
    return log


def promise_of(*targets: Target | tuple[str, Target] | Rule, **terms: object) -> Promise:
    """A promise with a rule for each target: for all tickets, or for one priority."""
    rules = tuple(
        each
        if isinstance(each, Rule)
        else Rule("3.1", each[1], {"priority": each[0]})
        if isinstance(each, tuple)
        else Rule("3.1", each)
        for each in targets
    )
    return Promise("3.1", rules=rules, **{"measure": "resolution", "calendar": "always", **terms})  # type: ignore[arg-type]


def hours(number: float) -> ServiceTime:
    """A target of so many hours."""
    return ServiceTime(round(number * HOUR))


def assess(promise: Promise, ticket: Ticket, fields: Fields = NO_FIELDS) -> tuple[Assessment, ...]:
    """The assessments on a calendar that is always open; the rule's own may be the office's."""
    return Clock(promise, fields, ALWAYS, {"office": OFFICE}).assess(ticket)


def one(promise: Promise, ticket: Ticket, fields: Fields = NO_FIELDS) -> Assessment:
    """The only one."""
    (found,) = assess(promise, ticket, fields)
    return found
