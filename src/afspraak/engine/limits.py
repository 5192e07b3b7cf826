"""Which targets bound a clock, as reclassifications go by (SEMANTICS C3, K7, K11).

Most clocks have one limit. An upgrade on new facts adds one, "now + new target", beside the old;
the earliest due instant of all limits is the clock's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from afspraak.engine.cycles import Cycle
from afspraak.engine.facts import CUSTOMER, Fact, Ticket, other_party
from afspraak.engine.hours import Hours
from afspraak.engine.running import Limit, Running
from afspraak.engine.terms import BestEffort, Case, Fields, Open, Promise, Rule, governing_rule
from afspraak.engine.time import Duration, Refusal, local_date, zone_of

NEVER: Final = 1 << 62


class Choice:
    """The rules of one promise with their hours, and the rule for each combination of the finite
    fields met so far (C3). `hours` are the promise's; `calendars` those that a rule may name.
    """

    __slots__ = ("_calendars", "_fields", "_found", "_hours", "promise")

    def __init__(
        self, promise: Promise, fields: Fields, hours: Hours, calendars: Mapping[str, Hours]
    ) -> None:
        self.promise = promise
        self._fields = fields
        self._hours = hours
        self._calendars = calendars
        self._found: dict[tuple[tuple[str, str], ...], Rule] = {}

    def rule(self, case: Case) -> Rule:
        """The rule that wins for a case; refuses a value that the contract doesn't know, a gap and
        a tie.
        """
        key = tuple(case.items())
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._looked_up(case)
        return found

    def _looked_up(self, case: Case) -> Rule:
        for name, value in case.items():
            known = self._fields.values.get(name)
            if known and value not in known:
                raise Refusal(
                    "the contract knows no %(field)s %(value)s: it has %(known)s",
                    field=name,
                    value=value,
                    known=", ".join(known),
                )
        return governing_rule(self._fields, self.promise.rules, case)

    def hours(self, rule: Rule) -> Hours:
        """The hours that a rule counts in; refuses a calendar that is missing (T8)."""
        if not rule.calendar:
            return self._hours
        found = self._calendars.get(rule.calendar)
        if found is None:
            raise Refusal(f"clause {rule.clause}: there is no calendar {rule.calendar}")
        return found

    def limit(self, rule: Rule, from_at: int, start_at: int) -> Limit | None:
        """The limit that a rule sets from an instant, on a clock that started at `start_at`."""
        hours = self.hours(rule)
        target = _running_target(rule, hours, start_at)
        return None if target is None else Limit(from_at, target, hours)


def _running_target(rule: Rule, hours: Hours, start_at: int) -> Duration | None:
    """The target that runs: none for best effort and for an open term, unless its trial value holds
    (K11).
    """
    target = rule.target
    if isinstance(target, BestEffort):
        return None
    if isinstance(target, Open):
        trial = target.trial
        if trial is None or trial.value is None:
            return None
        on = local_date(zone_of(hours.calendar.zone), start_at)
        return trial.value if trial.from_on <= on < trial.until_on else None
    return target


@dataclass(slots=True)
class Course:
    """The rule that holds for a cycle and the limits it has set, as reclassifications went by (K7).

    `pending` is the downgrade that waits for the customer's consent; a later reclassification takes
    its place.
    """

    rule: Rule
    fields: dict[str, str]
    limits: list[Limit] = field(default_factory=list)
    started: bool = False
    on_trial: bool = False
    pending: Fact | None = None


def course_of(choice: Choice, running: Running, ticket: Ticket, cycle: Cycle) -> Course:
    """The limits of a cycle after every reclassification that counts (K7). Refuses a case without a
    target.
    """
    if cycle.place < 0:
        course = begun(choice, ticket.fields, cycle.start_at)
    else:
        course = Course(choice.rule(ticket.fields), dict(ticket.fields))
    for place, fact in enumerate(ticket.facts):
        if fact.code not in ("reclassified", "confirmed"):
            continue
        if not course.started and place > cycle.place:
            _start(course, choice, cycle.start_at)
        if place > cycle.end_place or _is_missed(course, running, fact.happened_at):
            break
        if not any(gap.place < place < gap.rejected_place for gap in cycle.gaps):
            _take(course, choice, ticket, fact, cycle.start_at)
    if not course.started:
        _start(course, choice, cycle.start_at)
    return course


def begun(choice: Choice, fields: Case, start_at: int) -> Course:
    """The course of a clock that starts with the report."""
    course = Course(choice.rule(fields), dict(fields))
    _start(course, choice, start_at)
    return course


def _start(course: Course, choice: Choice, start_at: int) -> None:
    limit = choice.limit(course.rule, start_at, start_at)
    course.started = True
    course.on_trial = isinstance(course.rule.target, Open) and limit is not None
    course.limits = [] if limit is None else [limit]


def _is_missed(course: Course, running: Running, at: int) -> bool:
    """What had been missed stays missed (K7): a due instant lies before `at`."""
    dues = (running.due(limit) for limit in course.limits)
    return any(due is not None and due < at for due in dues)


def _take(course: Course, choice: Choice, ticket: Ticket, fact: Fact, origin: int) -> None:
    """One reclassification, or the customer's consent to the one that waits for it (K7)."""
    change, agreed = fact, True
    if fact.code == "reclassified":
        agreed = fact.agreed or _is_agreed_before(ticket, fact)
    elif course.pending is None or not _consents(fact, course.pending):
        return
    else:
        change = course.pending
    course.pending = None
    fields = {**course.fields, **change.fields}
    rule = choice.rule(fields)
    later = _later_by(choice, course.rule, rule, origin)
    if later > 0 and not agreed:
        course.pending = change
        return
    course.fields = fields
    limit = choice.limit(rule, max(fact.happened_at, origin), origin)
    if not later and limit is not None and not _is_same_target(course.rule, rule):
        return  # equal is no change, of a clock that has yet to begin either
    course.rule = rule
    if not later or not course.started:
        return
    if later < 0 and change.cause == "new_facts" and limit is not None:
        course.limits.append(limit)
    else:
        _start(course, choice, origin)


def _is_agreed_before(ticket: Ticket, change: Fact) -> bool:
    """Whether the customer's consent stands before the change that it names: what a correction
    moved later, or what was recorded late.
    """
    before = takewhile(lambda fact: fact is not change, ticket.facts)
    return any(_consents(fact, change) for fact in before)


def _consents(fact: Fact, change: Fact) -> bool:
    """The customer's word on a reclassification (K7); nobody else's agrees to a later target."""
    return (
        fact.code == "confirmed"
        and fact.of == change.id
        and (fact.by or other_party(change.by)) == CUSTOMER
    )


def _later_by(choice: Choice, old: Rule, new: Rule, start_at: int) -> int:
    """By how much the new rule's due instant lies later, both from the original start (K7): an
    upgrade is negative. Equal targets are no change, wherever they fall due.
    """
    if _is_same_target(old, new):
        return 0
    return _due_from(choice, new, start_at) - _due_from(choice, old, start_at)


def _is_same_target(old: Rule, new: Rule) -> bool:
    return (new.target, new.calendar) == (old.target, old.calendar)


def _due_from(choice: Choice, rule: Rule, start_at: int) -> int:
    """The due instant that a rule gives by itself; never, where nothing is due."""
    limit = choice.limit(rule, start_at, start_at)
    return NEVER if limit is None else limit.hours.due(start_at, limit.target)
