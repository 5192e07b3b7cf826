"""Plain tickets judged in one pass (SEMANTICS T6, T7, K2, K4-K6): most of them. One clock from the
report to what satisfies it, frozen by one question at a time, under one target.

Nothing here is a rule of its own. The whole law says the same of every ticket that is judged here,
and judges all others: whatever is not plain is handed to it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from afspraak.engine.cycles import OUTWARD
from afspraak.engine.facts import CUSTOMER, PARTIES, STEPS, Fact, Ticket, step_of
from afspraak.engine.hours import Hours
from afspraak.engine.limits import Choice
from afspraak.engine.terms import Measure, Promise
from afspraak.engine.time import Refusal, ServiceTime

State = Literal["running", "paused", "measuring", "met", "missed", "void"]
Wait = tuple[Fact, Fact | None]
"""A question that froze the clock, and the answer, or the end, that let it go on."""

_ENDS: Final[Mapping[Measure, frozenset[int]]] = MappingProxyType(
    {
        "first_response": frozenset(
            (step_of("question", to=CUSTOMER), *map(step_of, sorted(OUTWARD)))
        ),
        "diagnosis": frozenset((step_of("diagnosis"), step_of("solved"))),
        "resolution": frozenset((step_of("solved"),)),
    }
)
"""What satisfies a clock that runs once (K2, K4, K5)."""
_IGNORED, _ENDED, _WEIGHED, _OVER, _BEGUN, _ANSWERED = range(6)
"""What a step can be to a clock: nothing, its end, what the whole law must weigh, what comes too
late to mean anything, or what lets it go on: the report, and, from the last on, an answer of the
first of the parties, of the second and so on. A question that freezes it is less than nothing: its
answer's number with the sign turned.
"""
_REPORTED: Final = step_of("reported")
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
    """A promise made ready for plain tickets: what each step is to it, and the target of each case
    met so far.
    """

    __slots__ = ("_acts", "_acts_at_end", "_choice", "_targets")

    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self._acts = _acts_of(choice.promise)
        self._acts_at_end = _at_end(self._acts)
        self._targets: dict[str, _Target | None] = {"": None}

    def run(self, ticket: Ticket) -> Run | None:
        """The one run of the clock on a plain ticket, for its reasons; None where the whole law
        must look.
        """
        if not self._acts or not ticket.plain:
            return None
        waits: list[Wait] = []
        question: Fact | None = None
        awaited = 0
        for fact in ticket.facts[1:]:
            act = self._acts[step_of(fact.code, fact.to, fact.by)]
            if question is not None and act in (awaited, _ENDED):
                if act == awaited and fact.of != question.id:
                    return None
                waits.append((question, fact))
                question = None
            elif act < 0:
                if question is not None or _is_known(fact.id, waits):
                    return None
                question, awaited = fact, -act
            elif act > _ENDED:
                return None
            if act == _ENDED:
                return waits, fact
        if question is not None:
            waits.append((question, None))
        return waits, None

    def verdict(self, facts: Sequence[Fact], as_of: int, until: int) -> Verdict | None:  # noqa: C901, PLR0911, PLR0912 - one look, with open time counted as it goes
        """What became of a plain log of which nothing counts after `until`; None for any other."""
        report = facts[0]
        try:
            target = self._targets[report.case]
        except KeyError:
            target = self._looked_up(report)
        if target is None:
            return None
        left, hours = target
        shift, first, early, before = hours.early
        acts, asked, awaited = self._acts, "", _BEGUN
        known: dict[str, Fact] = {}
        spent = satisfied_at = missed_at = None
        try:
            for fact in facts:
                act = acts[fact.step]
                if not act:
                    continue
                at = fact.happened_at
                if at <= before:
                    return None
                before = at
                if act == awaited:
                    if fact.of != asked:
                        return None
                    awaited = 0
                    ends, opened, lag = early[(at >> shift) - first]
                    passed = at - lag if opened is None else opened
                    left += passed if ends is None else hours.open_time(at)
                elif act < 0:
                    asked = fact.id
                    if awaited or asked in known:
                        return None
                    known[asked] = fact
                    awaited = -act
                    ends, opened, lag = early[(at >> shift) - first]
                    passed = at - lag if opened is None else opened
                    if ends is not None:
                        passed = hours.open_time(at)
                    if passed < left:
                        left -= passed
                    elif spent is None:
                        spent = left
                elif act == _ENDED:
                    satisfied_at, acts = at, self._acts_at_end
                elif act != _OVER:
                    return None
            end = as_of if satisfied_at is None else satisfied_at
            if before > until or end >= hours.until_at:
                return None
            if awaited and satisfied_at is not None:
                left, awaited = left + hours.open_time(end), 0
            due_at = None if awaited and not spent else hours.reached(spent or left)
        except (IndexError, Refusal):
            return None
        state = "paused" if due_at is None else "running" if satisfied_at is None else "met"
        if due_at is not None and end > due_at:
            state, missed_at = "missed", due_at
        return _new(Verdict, (state, report.happened_at, end, due_at, satisfied_at, missed_at))

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
        if self._acts and isinstance(rule.target, ServiceTime) and rule.target.microseconds > 0:
            found = rule.target.microseconds, hours
        self._targets[report.case] = found
        return found


def _is_known(question: str, waits: list[Wait]) -> bool:
    for asked, _ in waits:  # noqa: SIM110 - a generator would take as long as a deadline
        if asked.id == question:
            return True
    return False


def _acts_of(promise: Promise) -> Sequence[int]:
    """What each step is to a promise; nothing where its clock may run more than once."""
    if promise.measure not in _ENDS:
        return ()
    acts = [_WEIGHED, *(_IGNORED for _ in range(STEPS))]
    acts[_REPORTED] = _BEGUN
    for number, party in enumerate(PARTIES, _ANSWERED):
        if party in promise.pauses:
            acts[step_of("question", to=party)] = -number
            acts[step_of("answer", by=party)] = number
    for ends in _ENDS[promise.measure]:
        acts[ends] = _ENDED
    return tuple(acts)


def _at_end(acts: Sequence[int]) -> Sequence[int]:
    """The same once the clock has ended: only what must be weighed means something still."""
    return tuple(act if act in (_IGNORED, _WEIGHED) else _OVER for act in acts)
