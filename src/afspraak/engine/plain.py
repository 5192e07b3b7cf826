"""Plain tickets judged in one pass (SEMANTICS T6, T7, K2, K4-K6): most of them. One clock from the
report to what satisfies it, frozen by one question at a time, under one target.

Nothing here is a rule of its own. The whole law says the same of every ticket that is judged here,
and judges all others: whatever is not plain is handed to it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from afspraak.engine.cycles import OUTWARD
from afspraak.engine.facts import CUSTOMER, LONG_AGO, Fact, Ticket, begins_plainly
from afspraak.engine.hours import Hours
from afspraak.engine.limits import Choice
from afspraak.engine.terms import Measure
from afspraak.engine.time import Refusal, ServiceTime

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
_NOTHING: Final[frozenset[str]] = frozenset()
_Target = tuple[int, Hours]
"""Service time, and the hours it counts in."""


class Verdict(NamedTuple):
    """An assessment without its reasons: what became of it, and the instants that tell so."""

    state: State
    start_at: int
    end_at: int
    due_at: int | None
    satisfied_at: int | None
    missed_at: int | None


_new: Final = tuple.__new__
"""Makes a verdict from its parts in one call; by its name it would take as long as a deadline."""

Run = tuple[list[Wait], Fact | None]
"""A plain clock: the questions that froze it, in order, and what satisfied it."""


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
        self._targets: dict[str, _Target | None] = {}

    def run(self, ticket: Ticket) -> Run | None:  # noqa: C901 - one pass, every turn in sight
        """The one run of the clock on a plain ticket, for its reasons; None where the whole law
        must look.
        """
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
        """What became of a plain ticket; None where the reasons or the whole law must be asked."""
        return self._told(ticket.facts, ticket.as_of) if ticket.plain else None

    def verdict_of(self, log: Sequence[Fact], as_of: int) -> Verdict | None:
        """What became of a log that is a plain ticket as it stands, in the same look; None where it
        must be settled first.
        """
        return self._told(log, as_of) if begins_plainly(log, as_of) else None

    def _told(self, facts: Sequence[Fact], as_of: int) -> Verdict | None:  # noqa: C901, PLR0911, PLR0912 - one look, with open time counted as it goes
        """`due` is the open time by which the clock falls due: a wait that begins before it moves
        it.
        """
        minds, pauses, report = self._minds, self._pauses, facts[0]
        case = report.case
        target = self._targets[case] if case in self._targets else self._looked_up(report)
        if minds is None or target is None:
            return None
        span, hours = target
        open_time = hours.open_time
        start, before = report.happened_at, LONG_AGO
        due = open_time(start) + span
        question = satisfied_at = None
        stopped, named = 0, []
        for fact in facts:
            at = fact.happened_at
            if at <= before or not fact.plain:
                return None
            before = at
            code = fact.code
            if code not in minds:
                continue
            if code == "answer":
                if fact.by in pauses:
                    if question is None or fact.of != question.id or fact.by != question.to:
                        return None
                    question = None
                    if stopped < due:
                        due += open_time(at) - stopped
            elif code != "question" or (self._asking and fact.to == CUSTOMER):
                satisfied_at, minds = at, _NOTHING
            elif fact.to in pauses:
                if question is not None or fact.id in named:
                    return None
                question, stopped = fact, open_time(at)
                named.append(fact.id)
        end = as_of if satisfied_at is None else satisfied_at
        if start < hours.from_at or end >= hours.until_at:
            return None
        if question is not None and stopped < due:
            if satisfied_at is None:
                return _new(Verdict, ("paused", start, end, None, None, None))
            due += open_time(end) - stopped
        due_at = hours.reached(due)
        if end > due_at:
            return _new(Verdict, ("missed", start, end, due_at, satisfied_at, due_at))
        state = "running" if satisfied_at is None else "met"
        return _new(Verdict, (state, start, end, due_at, satisfied_at, None))

    def _looked_up(self, report: Fact) -> _Target | None:
        """The target of a case, where it is service time, and some of it; what the promise does not
        cover is for the whole law to refuse.
        """
        try:
            rule = self._choice.rule(dict(report.fields))
            hours = self._choice.hours(rule)
        except Refusal:
            return None
        found = None
        if isinstance(rule.target, ServiceTime) and rule.target.microseconds > 0:
            found = rule.target.microseconds, hours
        self._targets[report.case] = found
        return found


def _is_known(question: str, waits: list[Wait]) -> bool:
    for asked, _ in waits:  # noqa: SIM110 - a generator would take as long as a deadline
        if asked.id == question:
            return True
    return False
