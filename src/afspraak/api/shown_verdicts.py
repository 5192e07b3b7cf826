"""Verdicts as answers: what is promised, until when, and the clauses it rests on (C4)."""

from collections.abc import Iterable
from uuid import UUID

from afspraak.api.kinds import Moment, Shown, show, shown
from afspraak.api.shown_tickets import (
    FactShown,
    TicketShown,
    Told,
    fact_told,
    outside_shown,
    ticket_told,
)
from afspraak.clocks.verdict import Promised, Verdict
from afspraak.flow import Taken
from afspraak.parties.identity import Identity


class PromisedShown(Shown):
    """One promise as it stands; `number` is its place in the signed text."""

    clause: str
    number: str
    measure: str
    promisor: str
    cycle: int
    state: str
    target: str
    spent: str
    remaining: str
    start_at: Moment
    due_at: Moment | None
    satisfied_at: Moment | None
    missed_at: Moment | None
    is_relieved: bool
    on_trial: bool


class NotJudgedShown(Shown):
    """A promise that could not be judged, and why (T8)."""

    clause: str
    why: str


class VerdictShown(Shown):
    """What is to be done: how urgent, whose turn, which promise leads, and all of them."""

    urgency: str
    turn: str
    agreement: UUID | None
    version: UUID | None
    case: dict[str, str]
    leads: PromisedShown | None
    promised: list[PromisedShown]
    not_judged: list[NotJudgedShown]
    outside: str


class TakenShown(Shown):
    """What became of what was told. `is_repeated`: it was known; nothing was written."""

    fact: FactShown
    ticket: TicketShown | None
    verdict: VerdictShown | None
    is_repeated: bool


def promised_shown(each: Promised) -> PromisedShown:
    """One promise."""
    return PromisedShown.model_validate(promised_told(each))


def promised_told(each: Promised) -> Told:
    """The same as it is written down."""
    return {
        "clause": each.clause,
        "number": each.number,
        "measure": each.measure,
        "promisor": each.promisor,
        "cycle": each.cycle,
        "state": each.state,
        "target": each.target,
        "spent": each.spent,
        "remaining": each.remaining,
        "start_at": shown(each.start_at),
        "due_at": show(each.due_at),
        "satisfied_at": show(each.satisfied_at),
        "missed_at": show(each.missed_at),
        "is_relieved": each.is_relieved,
        "on_trial": each.on_trial,
    }


def verdict_shown(verdict: Verdict, identity: Identity) -> VerdictShown:
    """A verdict for who looks."""
    return VerdictShown.model_validate(verdict_told(verdict, identity))


def verdict_told(verdict: Verdict, identity: Identity) -> Told:
    """The same as it is written down."""
    return {
        "urgency": verdict.urgency,
        "turn": verdict.turn,
        "agreement": verdict.agreement or None,
        "version": verdict.version or None,
        "case": dict(verdict.case),
        "leads": promised_told(verdict.leads) if verdict.leads else None,
        "promised": [promised_told(each) for each in verdict.promised],
        "not_judged": [{"clause": clause, "why": str(why)} for clause, why in verdict.refused],
        "outside": outside_shown(verdict.outside, identity),
    }


def taken_shown(taken: Taken, identity: Identity) -> TakenShown:
    """What was taken, for who told it."""
    return TakenShown.model_validate(taken_told(taken, identity))


def taken_told(taken: Taken, identity: Identity) -> Told:
    """The same as it is written down."""
    return all_told([taken], identity)[0]


def all_told(taken: Iterable[Taken], identity: Identity) -> list[Told]:
    """What was taken at once: a verdict that several share is written once."""
    verdicts: dict[int, Told | None] = {}
    found = []
    for each in taken:
        place = id(each.judgement)
        if place not in verdicts:
            verdict = each.verdict
            verdicts[place] = verdict_told(verdict, identity) if verdict else None
        told = {
            "fact": fact_told(each.fact, identity),
            "ticket": ticket_told(each.ticket, identity) if each.ticket else None,
            "verdict": verdicts[place],
            "is_repeated": each.is_repeated,
        }
        found.append(told)
    return found
