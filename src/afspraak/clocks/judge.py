"""A ticket's facts under the version that governs it -> what became of every promise (C1, C2, T8).
Pure: values in, values out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from afspraak.engine.clock import Assessment
from afspraak.engine.clockwork import Clockwork, Refused, assess_under
from afspraak.engine.facts import CUSTOMER, SUPPLIER, Fact, Ticket, settle
from afspraak.engine.figures import relieve
from afspraak.engine.in_force import (
    Governing,
    NotCovered,
    OutsideRate,
    Version,
    governing_version,
)
from afspraak.engine.warning import spent_at

MISSED = 100
"""The step of a ladder that is the miss itself."""

Ladder = Sequence[tuple[int, str]]
"""Whom to tell when: (percent of the target spent, role), lowest first."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a relation's tickets are judged by: its versions, the clocks of each, the rates outside
    them, and each agreement's escalation ladder.
    """

    versions: tuple[Version, ...]
    clockwork: Callable[[str], Clockwork]
    rates: tuple[OutsideRate, ...]
    ladder: Callable[[str], Ladder]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A ticket as of a moment. `outside` says why no agreement governs it, in the law's words."""

    ticket: Ticket
    governing: Governing | None
    clockwork: Clockwork | None
    assessed: tuple[Assessment, ...]
    refused: tuple[Refused, ...] = ()
    relieved: frozenset[int] = frozenset()
    outside: NotCovered | None = None


def judge(log: Iterable[Fact], ground: Ground, as_of: int) -> Judgement:
    """What became of every promise on a ticket, as of a moment."""
    ticket = settle(log, as_of)
    if ticket.start_at is None:
        return Judgement(ticket, None, None, ())
    try:
        governing = governing_version(
            ground.versions, ticket.start_at, as_of, closed_at(ticket), ground.rates
        )
    except NotCovered as outside:
        return Judgement(ticket, None, None, (), outside=outside)
    assessed, refused = assess_under(governing, ground.clockwork, ticket)
    clockwork = ground.clockwork(governing.version.id)
    relieved = frozenset(relieve(clockwork.terms.reliefs, assessed))
    return Judgement(ticket, governing, clockwork, tuple(assessed), tuple(refused), relieved)


def closed_at(ticket: Ticket) -> int | None:
    """When the last solution that stands was given; None while the ticket is open (C1)."""
    closed: int | None = None
    for fact in ticket.facts:
        if fact.code == "solved" and closed is None:
            closed = fact.happened_at
        elif fact.code == "rejected":
            closed = None
    return closed


def turn_of(ticket: Ticket) -> str:
    """Whose turn it is: the party that has an open question; else the supplier's until it is
    solved, and the customer's to accept; nobody's after that.
    """
    asked: dict[str, str] = {}
    turn = SUPPLIER
    for fact in ticket.facts:
        if fact.code == "question":
            asked[fact.id] = fact.to
        elif fact.code == "answer":
            asked.pop(fact.of, None)
        elif fact.code == "solved":
            asked, turn = {}, CUSTOMER
        elif fact.code == "rejected":
            turn = SUPPLIER
        elif fact.code == "accepted" and turn == CUSTOMER:
            turn = ""
    if ticket.voided is not None:
        return ""
    return next(iter(asked.values()), turn)


# When to look next --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Nearing:
    """A step of the ladder on a running clock, and the instant at which it is reached."""

    assessment: Assessment
    percent: int
    at: int


def nearing(judgement: Judgement, ladder: Ladder) -> list[Nearing]:
    """Every step below the miss itself that running clocks will reach, or have reached."""
    parts = _parts(tuple(ladder))
    found = []
    for each in judgement.assessed:
        if each.on_trial:
            continue
        for percent, part in parts:
            at = spent_at(each, part)
            if at is not None:
                found.append(Nearing(each, percent, at))
    return found


@lru_cache(maxsize=256)
def _parts(ladder: tuple[tuple[int, str], ...]) -> tuple[tuple[int, Fraction], ...]:
    """The steps of a ladder below the miss itself, and what part of the target each is."""
    percents = sorted({percent for percent, _ in ladder if percent < MISSED})
    return tuple((percent, Fraction(percent, 100)) for percent in percents)


def next_look(judgement: Judgement, steps: Iterable[Nearing], log: Iterable[Fact]) -> int | None:
    """The first instant after which the answer changes without a new fact: a step reached, a
    deadline passed (a microsecond after it, T7), a fact whose time comes.
    """
    as_of = judgement.ticket.as_of
    ahead = [step.at for step in steps]
    ahead += [
        each.due_at + 1
        for each in judgement.assessed
        if each.state == "running" and each.due_at is not None
    ]
    ahead += [max(fact.happened_at, fact.recorded_at) for fact in log]
    return min((at for at in ahead if at > as_of), default=None)
