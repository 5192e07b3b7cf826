"""Verdicts of whole blocks of tickets (SEMANTICS K1, K2, K4-K6, T6, T7): the law of `clock.py` over
arrays, equal to it on every ticket that it judges.

Along the axis of cumulative open time a clock is simple. It is due where the axis has grown by the
target; a pause that began before that point moves it by the open time that the pause held. So one
addition per pause gives the point, and one inverse gives the due instant.

What it does not judge it names: tickets with corrections, confirmations, reclassifications, merges,
rejections, late records, facts out of order, overlapping questions, and targets in working days or
signed open. Those go to the scalar law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from afspraak.engine.clock import Clock, State
from afspraak.engine.columns.hours import Bools, HourColumns, Ints
from afspraak.engine.facts import CUSTOMER, LATE_AFTER, THIRD_PARTY
from afspraak.engine.terms import BestEffort, Case, Measure, Target
from afspraak.engine.time import Refusal, ServiceTime

CODES: Final = [
    "reported",
    "acknowledged",
    "supplier_contact",
    "customer_contact",
    "question",
    "answer",
    "diagnosis",
    "expectation",
    "workaround",
    "solved",
    "accepted",
    "cost_proposed",
    "cost_agreed",
    "cost_declined",
    "contribution",
    "rejected",
    "reclassified",
    "merged",
    "voided",
    "confirmed",
    "corrected",
]
"""The codes of facts by number (int8). From `rejected` on a ticket is the scalar law's."""

CODE: Final = {code: number for number, code in enumerate(CODES)}
PARTY: Final = {"": 0, CUSTOMER: 1, THIRD_PARTY: 2}
STATES: Final[tuple[State | None, ...]] = (None, "running", "paused", "met", "missed")
NO_CLOCK, RUNNING, PAUSED, MET, MISSED = range(5)
_ODD: Final = CODE["rejected"]
_ENDS: Final[dict[Measure, tuple[str, ...]]] = {
    "first_response": ("supplier_contact", "diagnosis", "expectation", "workaround", "solved"),
    "diagnosis": ("diagnosis", "solved"),
    "resolution": ("solved",),
}
Bytes = NDArray[np.int8]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FactColumns:
    """The facts of whole tickets, one ticket after the other, in the order of their log.

    `first` (n + 1) are the places where each ticket begins. Per fact: `code`, `happened_at` and
    `recorded_at` in a lane of `HourColumns`, `party` (whom a question was put to, who answered) and
    `link` (the number of a question in its ticket, or of the question that an answer names; 0:
    none). Per ticket: `case`, an index into `cases`, the finite fields as reported. `odd` marks
    tickets that only the scalar law can judge, for a reason the loader saw.
    """

    first: Places
    code: Bytes
    happened_at: Ints
    recorded_at: Ints
    party: Bytes
    link: NDArray[np.int16]
    case: NDArray[np.int32]
    cases: Sequence[Case]
    odd: Bools | None = None

    def __len__(self) -> int:
        return len(self.first) - 1


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One promise's results, per ticket, in the lane of the hours that made them.

    `state` indexes STATES; `due_at` and `satisfied_at` hold `nothing` where there is none. `hard`
    marks the tickets that were not judged here.
    """

    state: Bytes
    due_at: Ints
    satisfied_at: Ints
    spent: Ints
    hard: Bools
    nothing: int


def unusual(facts: FactColumns, as_of: int, late_after: int) -> Bools:
    """The tickets that only the scalar law can judge, whatever the promise (F2-F5, K7, K8)."""
    hard: Bools = np.zeros(len(facts), np.bool_) if facts.odd is None else facts.odd.copy()
    happened, recorded, first = facts.happened_at, facts.recorded_at, facts.first
    bad = facts.code >= _ODD
    bad |= (recorded - happened) > late_after
    backwards = happened[1:] < happened[:-1]
    backwards |= recorded[1:] < recorded[:-1]
    backwards[first[1:-1] - 1] = False
    bad[1:] |= backwards
    if len(recorded) and max(int(recorded.max()), int(happened.max())) > as_of:
        bad |= (recorded > as_of) | (happened > as_of)
    reported = facts.code == CODE["reported"]
    hard |= ~reported[first[:-1]]
    reported[first[:-1]] = False
    bad |= reported
    _mark(hard, first, np.flatnonzero(bad))
    return hard


def _mark(hard: Bools, first: Places, places: Places) -> None:
    """Marks the tickets that the facts at these places belong to."""
    if len(places):
        hard[np.searchsorted(first, places, "right") - 1] = True


class ClockColumns:
    """A clock for columns: one promise, on its hours, in one lane."""

    def __init__(self, clock: Clock, hours: HourColumns) -> None:
        if clock.promise.measure not in _ENDS or clock.promise.reopen != "continue":
            raise Refusal(f"clause {clock.promise.clause}: only the scalar law measures this")
        self.clock = clock
        self.hours = hours
        self._ends = [CODE[code] for code in _ENDS[clock.promise.measure]]
        self._asks_customer = clock.promise.measure == "first_response"
        self._pausing = [PARTY[party] for party in sorted(clock.promise.pauses)]
        self._nothing = int(np.iinfo(hours.dtype).min)

    @property
    def late_after(self) -> int:
        """The fifteen minutes of F4, in this lane."""
        return LATE_AFTER // self.hours.unit

    def assess(self, facts: FactColumns, as_of: int, hard: Bools) -> Verdicts:
        """Verdicts of a block as of a moment (in the lane); `hard` as `unusual` found it."""
        hours, hard = self.hours, hard.copy()
        target, none = self._targets(facts, hard)
        events = _Events(self, facts, hard)
        start = facts.happened_at[facts.first[:-1]]
        end = np.full(len(facts), as_of, hours.dtype)
        end[events.satisfied] = facts.happened_at[events.end_place[events.satisfied]]
        hard |= ~hours.covers(start, end)
        open_start, open_end = hours.clipped_open_time(start), hours.clipped_open_time(end)
        point = open_start + target
        spent = open_end - open_start
        frozen = _pause(events, facts, hours, point, spent, open_end)
        due, within = hours.clipped_reached(point)
        np.copyto(due, start, where=target == 0)
        frozen &= ~events.satisfied
        hard |= ~within & ~frozen & ~none
        state = np.where(due < end, np.int8(MISSED), np.int8(RUNNING))
        state[(state == RUNNING) & events.satisfied] = MET
        state[frozen] = PAUSED
        state[none] = NO_CLOCK
        due[frozen | none] = self._nothing
        end[~events.satisfied] = self._nothing
        return Verdicts(state, due, end, spent, hard, self._nothing)

    def _targets(self, facts: FactColumns, hard: Bools) -> tuple[Ints, Bools]:
        """Each ticket's target in the lane, and which have none; no service time: hard."""
        lengths = np.zeros(len(facts.cases), self.hours.dtype)
        left, none = np.zeros(len(facts.cases), np.bool_), np.zeros(len(facts.cases), np.bool_)
        for number, case in enumerate(facts.cases):
            target = self._target(case)
            if isinstance(target, ServiceTime) and target.microseconds % self.hours.unit == 0:
                length = target.microseconds // self.hours.unit
                left[number] = length > np.iinfo(self.hours.dtype).max // 4
                lengths[number] = 0 if left[number] else length
            else:
                none[number] = isinstance(target, BestEffort)
                left[number] = not none[number]
        if left.any():
            hard |= left[facts.case]
        return lengths[facts.case], none[facts.case]

    def _target(self, case: Case) -> Target | None:
        """The target of a case, or None where the scalar law must answer (or refuse)."""
        try:
            rule = self.clock.choice.rule(case)
        except Refusal:
            return None
        return None if rule.calendar else rule.target

    def ends(self, facts: FactColumns) -> Bools:
        """Which facts satisfy this clock (K2, K4, K5)."""
        found: Bools = facts.code == self._ends[0]
        for code in self._ends[1:]:
            found |= facts.code == code
        if self._asks_customer:
            found |= (facts.code == CODE["question"]) & (facts.party == PARTY[CUSTOMER])
        return found

    def pauses(self, facts: FactColumns) -> tuple[Bools, Bools] | None:
        """Which facts put a question to a party that this clause lists, and which answer one."""
        if not self._pausing:
            return None
        listed = facts.party == self._pausing[0]
        for party in self._pausing[1:]:
            listed |= facts.party == party
        return (facts.code == CODE["question"]) & listed, (facts.code == CODE["answer"]) & listed


class _Events:
    """What moves a clock, ticket by ticket: the fact that satisfies it, and the pauses before it.

    Per ticket: `satisfied`, `end_place` (place of the satisfying fact). Per pause, in order:
    `ticket`, `from_place`, `until_place` (of the answer; -1: it ended with the clock, or not).
    """

    __slots__ = ("end_place", "from_place", "satisfied", "ticket", "until_place")

    def __init__(self, clock: ClockColumns, facts: FactColumns, hard: Bools) -> None:
        ends, pauses = clock.ends(facts), clock.pauses(facts)
        count = len(facts)
        chosen = ends.copy()
        if pauses is not None:
            chosen |= pauses[0]
            chosen |= pauses[1]
        chosen[facts.first[:-1]] = True
        places = np.flatnonzero(chosen)
        is_first = np.zeros(len(facts.code), np.bool_)
        is_first[facts.first[:-1]] = True
        ticket = np.cumsum(is_first[places]) - 1
        is_end = ends[places]
        at_end = np.flatnonzero(is_end)
        self.satisfied = np.zeros(count, np.bool_)
        self.end_place = np.full(count, len(facts.code), np.int64)
        backwards = at_end[::-1]  # the last assignment wins, so the first such fact of each ticket
        self.end_place[ticket[backwards]] = places[backwards]
        self.satisfied[ticket[at_end]] = True
        self.ticket = self.from_place = self.until_place = np.empty(0, np.int64)
        if pauses is not None:
            inner = (places < self.end_place[ticket]) & ~is_first[places]
            self._pair(facts, places[inner], ticket[inner], hard)

    def _pair(self, facts: FactColumns, places: Places, ticket: Places, hard: Bools) -> None:
        """Questions with their answers; a ticket in which they don't simply alternate is hard."""
        asks = facts.code[places] == CODE["question"]
        same = np.zeros(len(places), np.bool_)
        same[1:] = ticket[1:] == ticket[:-1]
        follows = np.zeros(len(places), np.bool_)
        follows[1:] = same[1:] & asks[:-1]
        link = facts.link[places]
        linked = np.zeros(len(places), np.bool_)
        linked[1:] = (link[1:] == link[:-1]) & (link[1:] != 0)
        party = facts.party[places]
        linked[1:] &= party[1:] == party[:-1]
        wrong = np.where(asks, follows, ~(follows & linked))
        hard[ticket[wrong]] = True
        question = np.flatnonzero(asks)
        answered = np.zeros(len(question), np.bool_)
        inside = question + 1 < len(places)
        answered[inside] = (same & ~asks)[question[inside] + 1]
        self.ticket = ticket[question]
        self.from_place = places[question]
        self.until_place = np.full(len(question), -1, np.int64)
        self.until_place[answered] = places[question[answered] + 1]


def _pause(  # noqa: PLR0917 - the axis and what moves along it
    events: _Events,
    facts: FactColumns,
    hours: HourColumns,
    point: Ints,
    spent: Ints,
    open_end: Ints,
) -> Bools:
    """Moves each ticket's due point by its pauses, in order, and takes them out of what was spent
    (K6). Returns which tickets stand still, unanswered, before their due point.
    """
    frozen = np.zeros(len(facts), np.bool_)
    if not len(events.ticket):
        return frozen
    ticket, answered = events.ticket, events.until_place >= 0
    begun = hours.clipped_open_time(facts.happened_at[events.from_place])
    until = open_end[ticket]
    until[answered] = hours.clipped_open_time(facts.happened_at[events.until_place[answered]])
    held = until - begun
    starts = np.flatnonzero(np.concatenate([[True], ticket[1:] != ticket[:-1]]))
    spent[ticket[starts]] -= np.add.reduceat(held, starts)
    order = np.arange(len(ticket)) - np.repeat(starts, np.diff(np.append(starts, len(ticket))))
    for turn in range(int(order.max()) + 1):
        now = np.flatnonzero(order == turn)
        whose = ticket[now]
        counts = begun[now] < point[whose]
        point[whose] += np.where(counts, held[now], 0)
        frozen[whose[counts & ~answered[now]]] = True
    return frozen
