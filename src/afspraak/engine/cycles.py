"""Where a promise's clock begins and ends on a ticket (SEMANTICS K1-K5, K9): the cycles, before any
time is counted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from afspraak.engine.facts import CUSTOMER, Fact, Ticket
from afspraak.engine.hours import Hours
from afspraak.engine.terms import Measure, Promise

NEVER: Final = 1 << 62
OUTWARD: Final = frozenset(("supplier_contact", "diagnosis", "expectation", "workaround", "solved"))
"""Outward, substantive contact by a person (K2); a question is one, too, if it is put to the
customer.
"""

_CONTACTS: Final = frozenset(("customer_contact", "rejected"))
_OF_THEIR_OWN: Final = ("expectation", "answer")
"""Promises that a fact of their own starts, not the report."""
_Ordered = list[tuple[int, Fact]]


@dataclass(frozen=True, slots=True)
class Solution:
    """A solution and the rejection that undid it, if any (K5), with their places in the ticket's
    order.
    """

    solved: Fact
    place: int
    rejected: Fact | None
    rejected_place: int


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run of a clock: from its start until it was satisfied, less the gaps in which a solution
    stood (K5).

    `place` and `end_place` are places in the ticket's order; `of` is the fact that began the cycle;
    `until` the due instant of a stated expectation (K9); `withdrawn`: a solution took
    back the question that began it (K6).
    """

    start_at: int
    place: int
    of: Fact | None = None
    satisfied_by: Fact | None = None
    end_place: int = NEVER
    gaps: tuple[Solution, ...] = ()
    until: int | None = None
    withdrawn: bool = False


def cycles_of(promise: Promise, hours: Hours, ticket: Ticket) -> list[Cycle]:
    """The cycles of a promise on a ticket, oldest first; none where it never started."""
    facts = list(enumerate(ticket.facts))
    start = ticket.start_at
    if promise.measure in _OF_THEIR_OWN:
        return _BEGINNINGS[promise.measure](promise, hours, 0, facts)
    if start is None:
        return []
    # What the order puts before the report does not respond to it, even at the same instant.
    reports = (place for place, fact in facts if fact.code == "reported")
    first = next((place for place in reports if ticket.facts[place].happened_at == start), -1)
    facts = [each for each in facts if each[0] > first and each[1].happened_at >= start]
    return _BEGINNINGS[promise.measure](promise, hours, start, facts)


def is_outward(fact: Fact) -> bool:
    """K2: the first human, outward, substantive contact; an acknowledgement or a note is none."""
    return fact.code in OUTWARD or (fact.code == "question" and fact.to == CUSTOMER)


def solutions(promise: Promise, hours: Hours, facts: _Ordered) -> Iterator[Solution]:
    """Every solution with its rejection, while one may be rejected: until accepted, and within the
    window (K5).
    """
    standing: Fact | None = None
    place, accepted = 0, False
    for at_place, fact in facts:
        if fact.code == "solved" and standing is None:
            standing, place = fact, at_place
        elif fact.code == "accepted" and standing is not None:
            accepted = True
        elif fact.code != "rejected" or standing is None or accepted:
            continue
        elif _in_time(promise, hours, standing, fact):
            yield Solution(standing, place, fact, at_place)
            standing = None
    if standing is not None:
        yield Solution(standing, place, None, -1)


def _in_time(promise: Promise, hours: Hours, solved: Fact, rejected: Fact) -> bool:
    """A rejection at the window's very end is in time; without a window every one before acceptance
    is (K5).
    """
    if promise.acceptance is None:
        return True
    return rejected.happened_at <= hours.due(solved.happened_at, promise.acceptance)


def _first_response(_promise: Promise, _hours: Hours, start: int, facts: _Ordered) -> list[Cycle]:
    for place, fact in facts:
        if is_outward(fact):
            return [Cycle(start, -1, satisfied_by=fact, end_place=place)]
    return [Cycle(start, -1)]


def _diagnosis(_promise: Promise, _hours: Hours, start: int, facts: _Ordered) -> list[Cycle]:
    for place, fact in facts:
        if fact.code in ("diagnosis", "solved"):
            return [Cycle(start, -1, satisfied_by=fact, end_place=place)]
    return [Cycle(start, -1)]


def _resolution(promise: Promise, hours: Hours, start: int, facts: _Ordered) -> list[Cycle]:
    """One clock through all rejections, or (restart) one cycle from each of them (K5)."""
    found = list(solutions(promise, hours, facts))
    if promise.reopen == "restart":
        return _restarted(start, found)
    gaps = tuple(solution for solution in found if solution.rejected)
    if found and not found[-1].rejected:
        return [
            Cycle(start, -1, satisfied_by=found[-1].solved, end_place=found[-1].place, gaps=gaps)
        ]
    return [Cycle(start, -1, gaps=gaps)]


def _restarted(start: int, found: list[Solution]) -> list[Cycle]:
    cycles: list[Cycle] = []
    place, of = -1, None
    for solution in found:
        cycles.append(Cycle(start, place, of, solution.solved, solution.place))
        if solution.rejected is None:
            return cycles
        start, place, of = solution.rejected.happened_at, solution.rejected_place, solution.rejected
    return [*cycles, Cycle(start, place, of)]


def _expectation(promise: Promise, hours: Hours, _start: int, facts: _Ordered) -> list[Cycle]:
    """One cycle per stated expectation, satisfied by the next solution not rejected (K9)."""
    rejected = max((each.rejected_place for each in solutions(promise, hours, facts)), default=-1)
    solved = [(place, fact) for place, fact in facts if fact.code == "solved" and place > rejected]
    cycles = []
    for place, fact in facts:
        if fact.code == "expectation":
            later = (each for each in solved if each[0] > place)
            end_place, end = next(later, (NEVER, None))
            cycles.append(Cycle(fact.happened_at, place, fact, end, end_place, until=fact.until))
    return cycles


def _answer(promise: Promise, _hours: Hours, _start: int, facts: _Ordered) -> list[Cycle]:
    """One cycle per question put to the promisor, until its answer arrived; a solution withdraws
    the question, and nothing is owed any more (C5, K6).
    """
    cycles = []
    for place, question in facts:
        if question.code == "question" and question.to == promise.promisor:
            end_place, end = end_of_question(question, place, facts)
            withdrawn = end is not None and end.code == "solved"
            cycles.append(
                Cycle(question.happened_at, place, question, end, end_place, withdrawn=withdrawn),
            )
    return cycles


def end_of_question(question: Fact, place: int, facts: _Ordered) -> tuple[int, Fact | None]:
    """The answer of the party that has the question, or the solution that withdraws it, whichever
    comes first (K6). An answer may stand before the question that it names: then nothing waited.
    """
    for found, fact in facts:
        if _answers(fact, question) or (found > place and fact.code == "solved"):
            return found, fact
    return NEVER, None


def _answers(fact: Fact, question: Fact) -> bool:
    return (
        fact.code == "answer"
        and fact.of == question.id
        and fact.by == question.to
        and bool(question.id)
    )


def _next_response(promise: Promise, hours: Hours, _start: int, facts: _Ordered) -> list[Cycle]:
    if promise.armed_by == "contact":
        return _unanswered(facts)
    rejections = {each.rejected_place for each in solutions(promise, hours, facts)}
    return _since_contact(facts, rejections)


def _unanswered(facts: _Ordered) -> list[Cycle]:
    """K3: from the oldest unanswered contact of the customer, after the first response, until
    outward contact.
    """
    cycles: list[Cycle] = []
    begun: tuple[int, Fact] | None = None
    responded = False
    for place, fact in facts:
        if is_outward(fact):
            if begun is not None:
                cycles.append(Cycle(begun[1].happened_at, begun[0], begun[1], fact, place))
            begun, responded = None, True
        elif responded and begun is None and _is_contact(fact):
            begun = (place, fact)
    if begun is not None:
        cycles.append(Cycle(begun[1].happened_at, begun[0], begun[1]))
    return cycles


def _is_contact(fact: Fact) -> bool:
    return fact.code in _CONTACTS or (fact.code == "answer" and fact.by == CUSTOMER)


def _since_contact(facts: _Ordered, rejections: set[int]) -> list[Cycle]:
    """K3: the promised interval since the last outward contact; ends when solved, begins again with
    a rejection.
    """
    cycles: list[Cycle] = []
    begun: tuple[int, Fact] | None = None
    solved = False
    for place, fact in facts:
        if is_outward(fact):
            if begun is not None:
                cycles.append(Cycle(begun[1].happened_at, begun[0], begun[1], fact, place))
            solved = solved or fact.code == "solved"
            begun = None if solved else (place, fact)
        elif solved and place in rejections:
            solved, begun = False, (place, fact)
    if begun is not None:
        cycles.append(Cycle(begun[1].happened_at, begun[0], begun[1]))
    return cycles


_BEGINNINGS: Final[Mapping[Measure, Callable[[Promise, Hours, int, _Ordered], list[Cycle]]]] = (
    MappingProxyType(
        {
            "first_response": _first_response,
            "next_response": _next_response,
            "diagnosis": _diagnosis,
            "resolution": _resolution,
            "expectation": _expectation,
            "answer": _answer,
        },
    )
)
