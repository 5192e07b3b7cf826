"""The clocks (SEMANTICS K1-K11, T6, T7): facts under a promise and its hours -> assessments, with
what they rest on.

A clock counts along its running time: from its start, less the gaps in which it stood still (a
pause, or a solution that waited for acceptance). Its due instant is the least one by which a limit
has been spent along it. From that one sentence K6 follows: a question at or after that instant
cannot move it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from afspraak.engine.cycles import Cycle, cycles_of, end_of_question
from afspraak.engine.facts import LATE_AFTER, Fact, Ticket, settle
from afspraak.engine.hours import Hours
from afspraak.engine.limits import NEVER, Choice, Course, begun, course_of
from afspraak.engine.plain import Plain, Run, State, Verdict
from afspraak.engine.running import Gap, Limit, Running
from afspraak.engine.terms import BestEffort, Fields, Promise, Rule
from afspraak.engine.time import SECOND, Duration, ServiceTime, WorkingDays

NO_CALENDARS: Final[Mapping[str, Hours]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch [from_at, until_at) in which the clock stood still: whose turn it was (a party that
    had the question, or `acceptance`), the fact that began it and the one that ended it.
    `until_at` None: it still stands.
    """

    from_at: int
    until_at: int | None
    turn: str
    because: Fact
    ended_by: Fact | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What became of one cycle of a promise on a ticket, as of a moment (A1, A6).

    Instants in microseconds, None where there is none. `spent` and `remaining` are in the unit of
    the limit that leads; `remaining` is the target less the shown spent (T1); a stated expectation
    has neither. `end_at` is where counting stopped: when satisfied, else as of. `rule` is the row
    that chose the target.
    """

    promise: Promise
    cycle: int
    state: State
    start_at: int
    end_at: int
    due_at: int | None = None
    satisfied_at: int | None = None
    missed_at: int | None = None
    spent: Duration | None = None
    remaining: Duration | None = None
    rule: Rule | None = None
    limits: tuple[Limit, ...] = ()
    stops: tuple[Stop, ...] = ()
    on_trial: bool = False
    began: Fact | None = None
    ended: Fact | None = None


class Clock:
    """A promise in motion: its rules, its hours and its fields, made once and asked about many
    tickets. `calendars` are those that single rules may name beside the promise's own `hours`.
    """

    __slots__ = ("_plain", "choice", "hours", "promise")

    def __init__(
        self,
        promise: Promise,
        fields: Fields,
        hours: Hours,
        calendars: Mapping[str, Hours] = NO_CALENDARS,
    ) -> None:
        self.promise = promise
        self.hours = hours
        self.choice = Choice(promise, fields, hours, calendars)
        self._plain = Plain(self.choice)

    def assess(self, ticket: Ticket) -> tuple[Assessment, ...]:
        """The assessments on a ticket, oldest cycle first; none if it never started or promised
        nothing (K1-K11).
        """
        run = self._plain.run(ticket)
        return self.assess_in_full(ticket) if run is None else self._plainly(ticket, run)

    def verdicts(self, ticket: Ticket) -> tuple[Verdict, ...]:
        """The same without reasons: many times faster on a plain ticket."""
        if ticket.plain:
            as_of = ticket.as_of
            found = self._plain.verdict(ticket.facts, as_of, as_of)
            if found is not None:
                return (found,)
        return tuple(map(_told, self.assess(ticket)))

    def verdicts_of(self, log: Sequence[Fact], as_of: int) -> tuple[Verdict, ...]:
        """The verdicts on a log as of a moment, for who asks about one promise: of a log that is
        plain as it stands, no ticket is made.
        """
        if log:
            found = self._plain.verdict(log, as_of, as_of - LATE_AFTER)
            if found is not None:
                return (found,)
        return self.verdicts(settle(log, as_of))

    def _plainly(self, ticket: Ticket, run: Run) -> tuple[Assessment, ...]:
        """The assessment of a plain ticket: one cycle, under the rule that the report chose."""
        waits, satisfied_by = run
        cycle = Cycle(ticket.facts[0].happened_at, -1, None, satisfied_by)
        course = begun(self.choice, ticket.facts[0].fields, cycle.start_at)
        if isinstance(course.rule.target, BestEffort):
            return ()
        stops = tuple(
            Stop(asked.happened_at, end.happened_at if end else None, asked.to, asked, end)
            for asked, end in waits
            if end is None or end.happened_at > asked.happened_at
        )
        running = Running(gaps_of(stops))
        end = ticket.as_of if satisfied_by is None else satisfied_by.happened_at
        return (self._judged(0, cycle, end, running, course, stops),)

    def assess_in_full(self, ticket: Ticket) -> tuple[Assessment, ...]:
        """The assessments by the whole law, which also judges what is plain."""
        if ticket.voided is not None:
            return (_void(self.promise, ticket),)
        cycles = cycles_of(self.promise, self.hours, ticket)
        found = [self._assess(ticket, number, cycle) for number, cycle in enumerate(cycles)]
        assessed = tuple(each for each in found if each is not None)
        if self.promise.measure == "resolution" and len(assessed) > 1:
            return (_after_restarts(assessed),)
        return assessed

    def newest(self, ticket: Ticket) -> Assessment | None:
        """The assessment of the newest cycle alone; older ones may lie outside what is known."""
        if self.promise.measure in ("resolution", "first_response", "diagnosis") or ticket.voided:
            return next(reversed(self.assess(ticket)), None)
        cycles = cycles_of(self.promise, self.hours, ticket)
        return self._assess(ticket, len(cycles) - 1, cycles[-1]) if cycles else None

    def _assess(self, ticket: Ticket, number: int, cycle: Cycle) -> Assessment | None:
        satisfied = cycle.satisfied_by
        end = ticket.as_of if satisfied is None else satisfied.happened_at
        if cycle.until is not None:
            return _of_expectation(self.promise, number, cycle, end)
        stops = _stops(self.promise, ticket, cycle)
        running = Running(gaps_of(stops))
        course = course_of(self.choice, running, ticket, cycle)
        if isinstance(course.rule.target, BestEffort):
            return None
        judged = self._judged(number, cycle, end, running, course, stops)
        return _without_answer(judged) if cycle.withdrawn else judged

    def _judged(  # noqa: PLR0917 - a cycle's parts, each made once above
        self,
        number: int,
        cycle: Cycle,
        end: int,
        running: Running,
        course: Course,
        stops: tuple[Stop, ...],
    ) -> Assessment:
        satisfied_at = end if cycle.satisfied_by else None
        state: State = "measuring"
        due, missed_at, remaining = None, None, None
        if course.limits:
            due, limit = _leading(running, course.limits, end)
            state, missed_at = _verdict(due, satisfied_at, end)
        else:
            limit = Limit(cycle.start_at, ServiceTime(0), self.choice.hours(course.rule))
        spent = running.spent(_from(limit, cycle.start_at), end)
        if course.limits:
            remaining = _remaining(running, limit, cycle.start_at, end, spent)
        return Assessment(
            self.promise,
            number,
            state,
            cycle.start_at,
            end,
            due,
            satisfied_at,
            missed_at,
            ServiceTime(spent) if isinstance(limit.target, ServiceTime) else WorkingDays(spent),
            remaining,
            course.rule,
            tuple(course.limits),
            stops,
            course.on_trial,
            cycle.of,
            cycle.satisfied_by,
        )


def _told(each: Assessment) -> Verdict:
    return Verdict(
        each.state, each.start_at, each.end_at, each.due_at, each.satisfied_at, each.missed_at
    )


def _void(promise: Promise, ticket: Ticket) -> Assessment:
    """K8: no verdict, but counted and listed."""
    assert ticket.voided is not None
    end = ticket.voided.happened_at
    start = end if ticket.start_at is None else ticket.start_at
    return Assessment(promise, 0, "void", start, end, ended=ticket.voided)


def _without_answer(judged: Assessment) -> Assessment:
    """A question that a solution withdrew (K6): no answer is owed, and only a miss from before
    stays.
    """
    if judged.state == "missed":
        return replace(judged, satisfied_at=None)
    return replace(judged, state="void", due_at=None, satisfied_at=None, spent=None, remaining=None)


def _after_restarts(assessed: Sequence[Assessment]) -> Assessment:
    """A contract that restarts the clock keeps an earlier miss (K5)."""
    last = assessed[-1]
    missed = next((each for each in assessed if each.missed_at is not None), last)
    if missed is last:
        return last
    return replace(last, state="missed", due_at=missed.due_at, missed_at=missed.missed_at)


def _of_expectation(promise: Promise, number: int, cycle: Cycle, end: int) -> Assessment:
    """K9: due at the stated instant; no pause moves it."""
    satisfied_at = end if cycle.satisfied_by else None
    state, missed_at = _verdict(cycle.until, satisfied_at, end)
    return Assessment(
        promise,
        number,
        state,
        cycle.start_at,
        end,
        cycle.until,
        satisfied_at,
        missed_at,
        began=cycle.of,
        ended=cycle.satisfied_by,
    )


def _verdict(due: int | None, satisfied_at: int | None, as_of: int) -> tuple[State, int | None]:
    """T7: missed iff satisfied after the due instant, or unsatisfied when it has passed. Nothing is
    rounded first.
    """
    if satisfied_at is not None:
        assert due is not None
        return ("missed", due) if satisfied_at > due else ("met", None)
    if due is None:
        return "paused", None
    return ("missed", due) if as_of > due else ("running", None)


def _leading(running: Running, limits: Sequence[Limit], end: int) -> tuple[int | None, Limit]:
    """The earliest due instant and its limit; while the clock stands still, the limit that would
    lead if it ran.
    """
    if len(limits) == 1:
        return running.due(limits[0]), limits[0]
    dues = [(due, limit) for limit in limits if (due := running.due(limit)) is not None]
    if dues:
        return min(dues, key=lambda each: each[0])
    resumed = running.resumed(end)
    return None, min(limits, key=lambda limit: resumed.due(limit) or NEVER)


def _from(limit: Limit, start_at: int) -> Limit:
    """The limit counted from the clock's start: what is shown as spent."""
    return limit if limit.from_at == start_at else replace(limit, from_at=start_at)


def _remaining(running: Running, limit: Limit, start_at: int, end: int, spent: int) -> Duration:
    """The target less the shown spent, never below zero (T1). A later limit's target is what will
    have been spent, from the clock's start, when it falls due.
    """
    target = limit.target
    if limit.from_at == start_at:
        promised = target.days if isinstance(target, WorkingDays) else target.microseconds
    else:
        resumed = running.resumed(end)
        due = resumed.due(limit)
        promised = resumed.spent(_from(limit, start_at), NEVER if due is None else due)
    if isinstance(target, WorkingDays):
        return WorkingDays(max(0, promised - spent))
    return ServiceTime(max(0, promised - spent // SECOND * SECOND))


def _stops(promise: Promise, ticket: Ticket, cycle: Cycle) -> tuple[Stop, ...]:
    """Where the clock stood still, by when it began: questions that pause it (K6), solutions that
    were rejected (K5).
    """
    stops = [
        Stop(
            gap.solved.happened_at, gap.rejected.happened_at, "acceptance", gap.solved, gap.rejected
        )
        for gap in cycle.gaps
        if gap.rejected is not None
    ]
    if promise.pauses:
        stops += _pauses(promise, ticket, cycle)
    if len(stops) > 1:
        stops.sort(key=lambda stop: stop.from_at)
    return tuple(stops)


def _pauses(promise: Promise, ticket: Ticket, cycle: Cycle) -> list[Stop]:
    """From each question to a listed party until its answer, a solution or the clock's end (K6)."""
    facts = list(enumerate(ticket.facts))
    stops = []
    for place, question in facts:
        if question.code != "question" or question.to not in promise.pauses:
            continue
        if place > cycle.end_place or (promise.measure == "answer" and question is cycle.of):
            continue
        end_place, end = end_of_question(question, place, facts)
        if end_place > cycle.end_place:
            end = cycle.satisfied_by
        from_at = max(question.happened_at, cycle.start_at)
        until_at = end.happened_at if end else None
        if until_at is None or until_at > from_at:
            stops.append(Stop(from_at, until_at, question.to, question, end))
    return stops


def gaps_of(stops: Sequence[Stop]) -> list[Gap]:
    """The stops as disjoint stretches: where they overlap they count once (K6)."""
    gaps: list[Gap] = []
    for stop in stops:
        if gaps and (gaps[-1][1] is None or stop.from_at <= gaps[-1][1]):
            start, end = gaps[-1]
            if end is not None:
                gaps[-1] = (start, None if stop.until_at is None else max(end, stop.until_at))
        else:
            gaps.append((stop.from_at, stop.until_at))
    return gaps
