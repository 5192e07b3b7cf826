"""Plain tickets judged in one pass (SEMANTICS T6, T7, K2, K4-K6): most of them. One clock from the
report to what satisfies it, frozen by one question at a time, under one target.

Nothing here is a rule of its own. The whole law says the same of every ticket that is judged here,
and judges all others: whatever is not plain is handed to it.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from afspraak.engine.cycles import OUTWARD
from afspraak.engine.facts import CUSTOMER, Fact, Ticket
from afspraak.engine.limits import Choice
from afspraak.engine.terms import Measure
from afspraak.engine.time import ServiceTime

State = Literal["running", "paused", "measuring", "met", "missed", "void"]
Wait = tuple[Fact, Fact | None]
"""A question that froze the clock, and the answer, or the end, that let it go on."""

_ENDS: Final[Mapping[Measure, frozenset[str]]] = MappingProxyType(
    {
        "first_response": OUTWARD,
        "diagnosis": frozenset(("diagnosis", "solved")),
        "resolution": frozenset(("solved",)),
    }
)
"""What satisfies a clock that runs once (K2, K4, K5); a first response is also a question to the
customer.
"""
_TURNS: Final = frozenset(("question", "answer"))
_Count = Callable[[int, int], int]


class Verdict(NamedTuple):
    """An assessment without its reasons: what became of it, and the instants that tell so."""

    state: State
    start_at: int
    end_at: int
    due_at: int | None
    satisfied_at: int | None
    missed_at: int | None


_made: Final = partial(tuple.__new__, Verdict)
"""A verdict from its parts in one call; by its name it would take as long as a deadline."""

Run = tuple[list[Wait], Fact | None]
"""A plain clock: the questions that froze it, in order, and what satisfied it."""


class _Target(NamedTuple):
    """A target of service time, and how its hours count; they know nothing beyond `until_at`."""

    span: int
    elapsed: _Count
    deadline: _Count
    require: Callable[[int, int], None]
    until_at: int


class Plain:
    """A promise made ready for plain tickets: what it minds, and the target of each case met so
    far.
    """

    __slots__ = ("_asking", "_choice", "_minds", "_pauses", "_targets")

    def __init__(self, choice: Choice) -> None:
        promise = choice.promise
        self._choice = choice
        self._pauses = promise.pauses
        self._asking = promise.measure == "first_response"
        ends = _ENDS.get(promise.measure)
        self._minds = None if ends is None else ends | _TURNS
        self._targets: dict[tuple[tuple[str, str], ...], _Target | None] = {}

    def run(self, ticket: Ticket) -> Run | None:  # noqa: C901 - one pass, every turn in sight
        """The one run of the clock on a plain ticket; None where the whole law must look."""
        minds, pauses = self._minds, self._pauses
        if minds is None or not ticket.plain:
            return None
        waits: list[Wait] = []
        question: Fact | None = None
        for fact in ticket.facts:
            code = fact.code
            if code not in minds:
                continue
            if code == "answer":
                if fact.by in pauses:
                    if question is None or fact.of != question.id or fact.by != question.to:
                        return None
                    waits.append((question, fact))
                    question = None
            elif code != "question" or (self._asking and fact.to == CUSTOMER):
                if question is not None:
                    waits.append((question, fact))
                return waits, fact
            elif fact.to in pauses:
                if question is not None or _is_known(fact.id, waits):
                    return None
                question = fact
        if question is not None:
            waits.append((question, None))
        return waits, None

    def verdict(self, ticket: Ticket) -> Verdict | None:
        """What became of a plain ticket; None where the whole law must look."""
        run = self.run(ticket)
        if run is None:
            return None
        waits, satisfied_by = run
        report = ticket.facts[0]
        case = tuple(report.fields.items())
        target = self._targets[case] if case in self._targets else self._looked_up(case)
        if target is None:
            return None
        span, elapsed, deadline, require, until_at = target
        start = report.happened_at
        end = ticket.as_of if satisfied_by is None else satisfied_by.happened_at
        due = _due(waits, start, span, elapsed, deadline)
        if end > until_at:
            require(start, end)
        satisfied_at = None if satisfied_by is None else end
        if due is None:
            return _made(("paused", start, end, None, None, None))
        if end > due:
            return _made(("missed", start, end, due, satisfied_at, due))
        state = "running" if satisfied_by is None else "met"
        return _made((state, start, end, due, satisfied_at, None))

    def _looked_up(self, case: tuple[tuple[str, str], ...]) -> _Target | None:
        """The target of a case, where it is service time; refuses what the promise does not
        cover.
        """
        rule, found = self._choice.rule(dict(case)), None
        if isinstance(rule.target, ServiceTime):
            hours = self._choice.hours(rule)
            span = rule.target.microseconds
            found = _Target(span, hours.elapsed, hours.deadline, hours.require, hours.until_at)
        self._targets[case] = found
        return found


def _is_known(question: str, waits: list[Wait]) -> bool:
    for asked, _ in waits:  # noqa: SIM110 - a generator would take as long as a deadline
        if asked.id == question:
            return True
    return False


def _due(waits: list[Wait], at: int, left: int, elapsed: _Count, deadline: _Count) -> int | None:
    """The least instant at which `left` has been spent from `at` on, less the waits; None while the
    clock is frozen before it.
    """
    for question, end in waits:
        spent = elapsed(at, question.happened_at)
        if left <= spent:
            break
        left -= spent
        if end is None:
            return None
        at = end.happened_at
    return deadline(at, left)
