"""Verdicts of whole blocks of tickets (SEMANTICS K1, K2, K4-K6, T5-T7): the law of `clock.py` over
arrays, equal to it on every ticket that it judges.

Along the axis of cumulative open time a clock is simple. It is due where the axis has grown by the
target; a pause that began before that point moves it by the open time that the pause held. So one
addition per pause gives the point, and one inverse gives the due instant. Working days are the same
along an axis of closings.

What it does not judge it names: the tickets that `unusual` found, overlapping questions, and
targets that were signed open. Those go to the scalar law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from afspraak.engine.clock import Clock
from afspraak.engine.columns.block import MEASURED, Along, Block, Ends, Questions
from afspraak.engine.columns.facts import CODE, CODES, PARTY, Bytes, FactColumns, unusual
from afspraak.engine.columns.hours import HourColumns
from afspraak.engine.columns.steps import Bools, Ints
from afspraak.engine.facts import LATE_AFTER
from afspraak.engine.plain import State
from afspraak.engine.terms import BestEffort, Case, Target
from afspraak.engine.time import Refusal, ServiceTime, WorkingDays

__all__ = [
    "CODE",
    "CODES",
    "PARTY",
    "STATES",
    "Block",
    "ClockColumns",
    "FactColumns",
    "Verdicts",
    "unusual",
]

STATES: Final[tuple[State | None, ...]] = (None, "running", "paused", "met", "missed")
NO_CLOCK, RUNNING, PAUSED, MET, MISSED = range(5)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One promise's results, per ticket, in the lane of the hours that made them.

    `state` indexes STATES; `due_at` and `satisfied_at` hold `nothing` where there is none; `spent`
    is in days where the target is (`in_days`). `hard` marks the tickets that were not judged here.
    """

    state: Bytes
    due_at: Ints
    satisfied_at: Ints
    spent: Ints
    in_days: Bools
    hard: Bools
    nothing: int


@dataclass(slots=True)
class _Course:
    """Where a block's clocks stand along an axis: the `point` at which each is due, what was
    `spent`, and which stand still, unanswered, before that point.
    """

    point: Ints
    spent: Ints
    frozen: Bools


@dataclass(frozen=True, slots=True)
class _Targets:
    """What a promise's rules give each case: how much, in the lane or in days; `none`: best effort;
    `left`: the scalar law's.
    """

    cases: Sequence[Case]
    lengths: Ints
    in_days: Bools
    none: Bools
    left: Bools


class ClockColumns:
    """A clock for columns: one promise, on its hours, in one lane."""

    def __init__(self, clock: Clock, hours: HourColumns) -> None:
        if clock.promise.measure not in MEASURED or clock.promise.reopen != "continue":
            raise Refusal(f"clause {clock.promise.clause}: only the scalar law measures this")
        self.clock = clock
        self.hours = hours
        self._known: _Targets | None = None
        self._nothing = int(np.iinfo(hours.dtype).min)

    @property
    def late_after(self) -> int:
        """The fifteen minutes of F4, in this lane."""
        return LATE_AFTER // self.hours.unit

    def assess(self, facts: FactColumns, as_of: int, hard: Bools) -> Verdicts:
        """Verdicts of a block as of a moment (in the lane); `hard` as `unusual` found it."""
        return self.judge(Block(facts, as_of, hard))

    def judge(self, block: Block, cases: Sequence[Case] | None = None) -> Verdicts:
        """Verdicts of a block that several promises may share; `cases` stand for the block's own,
        one for each, where a replay assumes what a contract does not know.
        """
        targets = self._targets(block.facts.cases if cases is None else cases)
        case, ends = block.facts.case, block.ends(self.clock.promise.measure)
        target, in_days, none = targets.lengths[case], targets.in_days[case], targets.none[case]
        hard = block.hard | targets.left[case] | ~self.hours.covers(block.start, ends.at)
        self._set_apart(block, ends, hard)
        due, course, within = self._run(block, ends, target, in_days)
        np.copyto(due, block.start, where=target == 0)
        frozen = course.frozen & ~ends.satisfied
        hard |= ~within & ~frozen & ~none
        state = np.where(due < ends.at, np.int8(MISSED), np.int8(RUNNING))
        state[(state == RUNNING) & ends.satisfied] = MET
        state[frozen] = PAUSED
        state[none] = NO_CLOCK
        due[frozen | none] = self._nothing
        satisfied_at = np.where(ends.satisfied, ends.at, self._nothing)
        return Verdicts(state, due, satisfied_at, course.spent, in_days, hard, self._nothing)

    def _set_apart(self, block: Block, ends: Ends, hard: Bools) -> None:
        """Marks the tickets in which more than one question may have waited at a time."""
        if self.clock.promise.pauses:
            questions = block.questions(self.clock.promise.pauses)
            tickets = questions.muddled_ticket
            hard[tickets[questions.muddled < ends.place[tickets]]] = True

    def _run(
        self, block: Block, ends: Ends, target: Ints, in_days: Bools
    ) -> tuple[Ints, _Course, Bools]:
        """Due instants, courses, and which due instants the cover holds."""
        if in_days.all():
            return self._run_along(block.along(self.hours.days), ends, target)
        due, course, within = self._run_along(block.along(self.hours), ends, target)
        if in_days.any():
            due_on, by_days, covered = self._run_along(block.along(self.hours.days), ends, target)
            np.copyto(due, due_on, where=in_days)
            np.copyto(within, covered, where=in_days)
            np.copyto(course.spent, by_days.spent, where=in_days)
            np.copyto(course.frozen, by_days.frozen, where=in_days)
        return due, course, within

    def _run_along(self, along: Along, ends: Ends, target: Ints) -> tuple[Ints, _Course, Bools]:
        end = along.end(ends.at)
        course = _Course(along.start + target, end - along.start, np.zeros(len(end), np.bool_))
        if self.clock.promise.pauses:
            questions = along.block.questions(self.clock.promise.pauses)
            _pause(course, questions, along.held(self.clock.promise.pauses), ends, end)
        due, within = along.reached(course.point)
        return due, course, within

    def _targets(self, cases: Sequence[Case]) -> _Targets:
        """Each case's target, looked up once as long as the same cases are asked about."""
        if self._known is None or self._known.cases is not cases:
            self._known = self._looked_up(cases)
        return self._known

    def _looked_up(self, cases: Sequence[Case]) -> _Targets:
        lengths = np.zeros(len(cases), self.hours.dtype)
        in_days, none, left = (np.zeros(len(cases), np.bool_) for _ in range(3))
        for number, case in enumerate(cases):
            match self._target(case):
                case ServiceTime(microseconds) if self._fits(microseconds):
                    lengths[number] = microseconds // self.hours.unit
                case WorkingDays(days):
                    lengths[number], in_days[number] = days, True
                case BestEffort():
                    none[number] = True
                case _:
                    left[number] = True
        return _Targets(cases, lengths, in_days, none, left)

    def _fits(self, microseconds: int) -> bool:
        whole, rest = divmod(microseconds, self.hours.unit)
        return not rest and whole <= np.iinfo(self.hours.dtype).max // 4

    def _target(self, case: Case) -> Target | None:
        """The target of a case, or None where the scalar law must answer (or refuse)."""
        try:
            rule = self.clock.choice.rule(case)
        except Refusal:
            return None
        return None if rule.calendar else rule.target


def _pause(
    course: _Course, questions: Questions, values: tuple[Ints, Ints], ends: Ends, end: Ints
) -> None:
    """Moves each ticket's due point by its pauses and takes them out of what was spent (K6).

    A pause counts if it began before the target had been spent, that is, if the axis less what
    earlier pauses held had not yet come to the target; so none after the first that doesn't.
    """
    if not len(questions.place):
        return
    begun, answered_at = values
    ticket, starts = questions.ticket, questions.starts
    last_place = ends.place.take(ticket)
    answered = questions.answer_place < last_place
    held = np.where(answered, answered_at, end.take(ticket))
    held -= begun
    outside = questions.place > last_place
    held[outside] = 0
    sums = _sums(held)
    before = sums[:-1] - sums.take(starts).take(questions.group)
    counts = begun - before < course.point.take(ticket)
    counts &= ~outside
    moves = _sums(np.where(counts, held, 0))
    whose, beyond = ticket.take(starts), np.append(starts[1:], len(ticket))
    course.spent[whose] -= (sums.take(beyond) - sums.take(starts)).astype(held.dtype)
    course.point[whose] += (moves.take(beyond) - moves.take(starts)).astype(held.dtype)
    course.frozen[ticket[counts & ~answered]] = True


def _sums(values: Ints) -> Ints:
    """The sum of all values before each, and of all."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums
