"""The verdict on a ticket, as a value that every door can say: how long, until when, drop
everything or plan it, and what it rests on (C4).
"""

from dataclasses import dataclass
from typing import Final, Literal

from afspraak.clocks.judge import Judgement, turn_of
from afspraak.clocks.rows import leading_of, newest_case
from afspraak.engine.clock import Assessment
from afspraak.engine.terms import Case
from afspraak.engine.time import HOUR, Refusal, ServiceTime

URGENT: Final = 4 * HOUR
"""A promise with this much service time left, or less, is not planned but done."""

Urgency = Literal["drop_everything", "plan", "waiting", "late", "done", "none"]


@dataclass(frozen=True, slots=True)
class Promised:
    """One promise of a ticket as it stands. Instants in microseconds; durations as shown (T1).
    `number` is the clause's place in the signed text, `measuring` an open term that only measures.
    """

    clause: str
    number: str
    measure: str
    promisor: str
    cycle: int
    state: str
    target: str
    spent: str
    remaining: str
    start_at: int
    due_at: int | None
    satisfied_at: int | None
    missed_at: int | None
    is_relieved: bool
    on_trial: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done about a ticket. `outside`: why no agreement governs it, with the rate
    that then applies (C2). `refused`: clause -> why it could not be judged (T8).
    """

    urgency: Urgency
    turn: str
    version: str
    agreement: str
    case: Case
    leads: Promised | None
    promised: tuple[Promised, ...]
    refused: tuple[tuple[str, Refusal], ...] = ()
    outside: str = ""


def verdict_of(judgement: Judgement) -> Verdict:
    """The verdict in a judgement."""
    case = newest_case(judgement.ticket)
    turn = turn_of(judgement.ticket)
    if judgement.governing is None or judgement.clockwork is None:
        return Verdict("none", turn, "", "", case, None, (), outside=str(judgement.outside or ""))
    terms = judgement.clockwork.terms
    promised = tuple(
        _promised(each, terms.numbers.get(each.promise.clause, ""), place in judgement.relieved)
        for place, each in enumerate(judgement.assessed)
    )
    leading = leading_of(judgement)
    leads = None
    if leading is not None:
        leads = promised[judgement.assessed.index(leading)]
    version = judgement.governing.version
    return Verdict(
        urgency=urgency_of(leading, judgement),
        turn=turn,
        version=version.id,
        agreement=version.agreement,
        case=terms.fields.complete(case),
        leads=leads,
        promised=promised,
        refused=tuple((each.clause, each.refusal) for each in judgement.refused),
    )


def urgency_of(leading: Assessment | None, judgement: Judgement) -> Urgency:
    """What the desk does now: the first open clock of the supplier decides."""
    if leading is None:
        return "done" if judgement.assessed else "none"
    if leading.state == "missed":
        return "late"
    if leading.state == "paused":
        return "waiting"
    left = leading.remaining
    if isinstance(left, ServiceTime):
        return "drop_everything" if left.microseconds <= URGENT else "plan"
    if left is None and leading.due_at is not None:  # a stated expectation has no service time
        near = leading.due_at - judgement.ticket.as_of <= URGENT
        return "drop_everything" if near else "plan"
    return "plan"


def _promised(each: Assessment, number: str, is_relieved: bool) -> Promised:  # noqa: FBT001  (a fact of the row)
    return Promised(
        clause=each.promise.clause,
        number=number,
        measure=each.promise.measure,
        promisor=each.promise.promisor,
        cycle=each.cycle,
        state=each.state,
        target=str(each.limits[0].target) if each.limits else "",
        spent=str(each.spent) if each.spent else "",
        remaining=str(each.remaining) if each.remaining else "",
        start_at=each.start_at,
        due_at=each.due_at,
        satisfied_at=each.satisfied_at,
        missed_at=each.missed_at,
        is_relieved=is_relieved,
        on_trial=each.on_trial,
    )
