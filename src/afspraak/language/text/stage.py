"""The contract's own terms set up so that examples can be played on them: each example is what the
engine answers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Final

from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import Fact, settle
from afspraak.engine.hours import Calendar, Hours, lay_out
from afspraak.engine.periods import Period
from afspraak.engine.terms import Case, Measure, Promise, Rule, Target, Terms, winners
from afspraak.engine.time import MINUTE, Duration, Refusal, ServiceTime, local_time, zone_of
from afspraak.language.document import Document
from afspraak.language.schema_promises import TicketPromiseClause
from afspraak.language.terms_of import terms_of
from afspraak.language.text.amounts import show_money
from afspraak.language.text.kinds import PHRASES
from afspraak.language.text.lexicon import FIELDS, Lexicon
from afspraak.language.text.times import show_date, show_instant
from afspraak.language.text.words import fill

Slots = Mapping[str, str]
"""What an example shows, by the names of the slots of its sentence."""
TUESDAY: Final = 1
_MORNING: Final = 9 * 60 + 40
_LAST_HOUR: Final = 60
_WEEKS: Final = 4


@dataclass(frozen=True)
class Stage:
    """A document, what it is called, and its terms; made once for all examples of a text."""

    document: Document
    lexicon: Lexicon

    @cached_property
    def terms(self) -> Terms:
        """What the engine runs on."""
        return terms_of(self.document)

    @cached_property
    def hours(self) -> Mapping[str, Hours]:
        """Every calendar on the time line."""
        return {name: lay_out(calendar) for name, calendar in self.terms.calendars.items()}

    @property
    def term(self) -> Period:
        """The agreement's term."""
        return Period(self.terms.from_on, self.terms.until_on)

    # Promises ----------------------------------------------------------------------------------

    def promises(self, measure: Measure) -> Iterator[Promise]:
        """The promises of a measure, the supplier's first."""
        found = [promise for promise in self.terms.promises if promise.measure == measure]
        yield from sorted(found, key=lambda promise: promise.promisor != "supplier")

    def promise(self, measure: Measure) -> Promise | None:
        """The first of them."""
        return next(self.promises(measure), None)

    def cases(self, promise: Promise) -> Iterator[tuple[Case, Rule]]:
        """Every combination of the finite fields with the rule that wins, the less dangerous
        priorities first.
        """
        fields = self.terms.fields
        names = [
            name for name in ("priority", "service", "kind", "site") if fields.values.get(name)
        ]
        values = [
            reversed(fields.values[n]) if n == "priority" else fields.values[n] for n in names
        ]
        for chosen in product(*values):
            case = fields.complete(dict(zip(names, chosen, strict=True)))
            best = winners(fields, promise.rules, case)
            if len(best) == 1:
                yield case, best[0]

    def case(self, promise: Promise, kind: type[Target] | None = None) -> tuple[Case, Rule] | None:
        """The first combination whose target is a duration, or of the kind asked for."""
        wanted = kind or Duration
        return next(
            (each for each in self.cases(promise) if isinstance(each[1].target, wanted)), None
        )

    def play(
        self, promise: Promise, case: Case, facts: list[Fact], as_of: int
    ) -> tuple[Assessment, ...]:
        """What the clock says of a report with these facts, as of a moment."""
        clock = Clock(promise, self.terms.fields, self.hours[promise.calendar], self.hours)
        known = [
            fact if fact.code != "reported" else reported(fact.happened_at, case) for fact in facts
        ]
        return clock.assess(settle(known, as_of))

    def newest(self, promise: Promise, case: Case, facts: list[Fact], as_of: int) -> Assessment:
        """The newest assessment. Refuses where no clock runs, so that there is nothing to show."""
        assessed = self.play(promise, case, facts, as_of)
        if not assessed:
            raise Refusal(f"no clock of {promise.clause} runs on this")
        return assessed[-1]

    def due(self, promise: Promise, case: Case, facts: list[Fact], as_of: int) -> int:
        """When it is due. Refuses where nothing is due, as on an open target."""
        due = self.newest(promise, case, facts, as_of).due_at
        if due is None:
            raise Refusal(f"nothing of {promise.clause} is due")
        return due

    def calendar_of(self, promise: Promise, rule: Rule) -> str:
        """The calendar on which a rule counts."""
        return rule.calendar or promise.calendar

    def promisor(self, promise: Promise) -> str:
        """Who made a promise, as the text calls them."""
        clause = self.document.clause(promise.clause)
        assert isinstance(clause, TicketPromiseClause)
        return self.lexicon.parties.show(clause.promisor)

    # Moments -----------------------------------------------------------------------------------

    def ordinary(self, calendar: str) -> int:
        """A Tuesday morning within the term on which the calendar is open, in an ordinary week if
        there is one.
        """
        cal = self.terms.calendars[calendar]
        days = [on for on in self.days(cal) if cal.intervals(on)]
        if not days:
            raise Refusal(f"calendar {calendar} is closed in the first weeks of the term")
        best = min(days, key=lambda on: (on.weekday() != TUESDAY, self._odd_days(cal, on), on))
        first = cal.intervals(best)[0]
        minute = _MORNING if first.opens <= _MORNING < first.closes else first.opens
        return local_time(zone_of(cal.zone), best, minute).first

    def evening(self, calendar: str) -> int | None:
        """An hour before closing on a day after which the calendar is closed; None if it never
        closes.
        """
        cal = self.terms.calendars[calendar]
        for on in self.days(cal):
            hours = cal.intervals(on)
            if (
                hours
                and not cal.intervals(on + timedelta(days=1))
                and hours[-1].closes - hours[-1].opens > _LAST_HOUR
            ):
                return local_time(zone_of(cal.zone), on, hours[-1].closes - _LAST_HOUR).first
        return None

    def days(self, calendar: Calendar) -> list[date]:
        """The first weeks of the term that the calendar covers; not the very first, for the sake of
        holidays.
        """
        start = max(self.terms.from_on, calendar.cover[0]) + timedelta(days=7)
        return [start + timedelta(days=days) for days in range(7 * _WEEKS)]

    def _odd_days(self, calendar: Calendar, on: date) -> int:
        week = (on + timedelta(days=days) for days in range(7))
        return sum(day in calendar.closed or day in calendar.exceptions for day in week)

    # Words -------------------------------------------------------------------------------------

    def moment(self, at: int) -> str:
        """An instant on the agreement's wall."""
        return show_instant(at, self.terms.zone, self.lexicon.values)

    def day(self, on: date) -> str:
        """A date."""
        return show_date(on, self.lexicon.values)

    def show(self, kind: str, value: object) -> str:
        """Any value as its kind is shown."""
        return PHRASES[kind].show(value, self.lexicon)

    def money(self, amount: Decimal) -> str:
        """A sum in the agreement's currency."""
        return show_money(amount, self.terms.currency, self.lexicon.values)

    def clause(self, clause_id: str) -> str:
        """`clausule 3.2`, without its title."""
        return fill(self.lexicon.phrases["clause_short"], number=self.terms.numbers[clause_id])

    def case_words(self, promise: Promise, case: Case) -> str:
        """`dienst E-mail, prioriteit P1`: the service, and the other fields that the promise's rows
        ask for.
        """
        asked = {name for rule in promise.rules for name in rule.when} | {"service"}
        return self.lexicon.values.comma.join(
            fill(self.lexicon.conditions[name], value=self.lexicon.of_field(name).show(case[name]))
            for name in FIELDS
            if name in case and name in asked and (name != "level" or "service" not in case)
        )


def first(stage: Stage, tries: Iterable[Callable[[Stage], Slots | None]]) -> Slots | None:
    """The first example that shows something; one that the law refuses to answer shows nothing."""
    for each in tries:
        with suppress(Refusal):
            found = each(stage)
            if found is not None:
                return found
    return None


def reported(at: int, case: Case) -> Fact:
    """A report with its fields."""
    return fact("reported", at, fields=dict(case))


def fact(code: str, at: int, **more: object) -> Fact:
    """A fact that is recorded as it happens."""
    return Fact(code, at, at, at // MINUTE, **more)  # type: ignore[arg-type]


def after(hours: Hours, at: int, minutes: int) -> int:
    """So many minutes of service time later."""
    return hours.due(at, ServiceTime(minutes * MINUTE))
