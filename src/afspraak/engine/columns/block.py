"""A block of facts made ready once for all promises and contracts (SEMANTICS K2, K4-K6): what
satisfies each measure, which questions were put to whom, and where all that lies along an axis.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from afspraak.engine.columns.facts import CODE, PARTY, FactColumns, Places
from afspraak.engine.columns.hours import DayColumns, HourColumns
from afspraak.engine.columns.steps import Bools, Ints
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.terms import Measure

_QUESTION: Final = CODE["question"]
_ANSWER: Final = CODE["answer"]
_ENDS: Final[dict[Measure, tuple[str, str]]] = {
    "first_response": ("supplier_contact", "solved"),
    "diagnosis": ("diagnosis", "solved"),
    "resolution": ("solved", "solved"),
}
"""The first and the last of the codes that satisfy a clock (K2, K4, K5)."""

MEASURED: Final = frozenset(_ENDS)
"""The measures that the columns know."""

Tickets = NDArray[np.int64]


class Block:
    """A block of facts made ready once for all promises: what satisfies a measure, which questions
    were put to whom. `hard` are the tickets that `unusual` found.
    """

    def __init__(self, facts: FactColumns, as_of: int, hard: Bools) -> None:
        self.facts = facts
        self.as_of = as_of
        self.hard = hard
        self.start: Ints = facts.happened_at[facts.first[:-1]]
        begins = np.zeros(len(facts.code), np.int8)
        begins[facts.first[1:-1]] = 1
        self._owner: NDArray[np.int32] = np.cumsum(begins, dtype=np.int32)
        self._ends: dict[Measure, Ends] = {}
        self._questions: dict[frozenset[str], Questions] = {}
        self._along: dict[int, Along] = {}

    def ends(self, measure: Measure) -> "Ends":
        """What satisfies a measure, by ticket."""
        found = self._ends.get(measure)
        if found is None:
            found = self._ends[measure] = self._ends_of(measure)
        return found

    def _ends_of(self, measure: Measure) -> "Ends":
        facts = self.facts
        first, last = (CODE[code] for code in _ENDS[measure])
        is_end: Bools = (facts.code >= first) & (facts.code <= last)
        if measure == "first_response":  # a question to the customer is outward contact, too
            is_end |= (facts.code == _QUESTION) & (facts.party == PARTY[CUSTOMER])
        places = np.flatnonzero(is_end)
        place = np.full(len(facts), len(facts.code), np.int64)
        place[self._whose(places[::-1])] = places[::-1]  # the last assignment wins: the first place
        satisfied: Bools = place < len(facts.code)
        at = facts.happened_at.take(place, mode="clip")
        at[~satisfied] = self.as_of
        return Ends(satisfied, place, at)

    def only(self, tickets: Tickets) -> "Block":
        """A block of some of the tickets."""
        return Block(self.facts.only(tickets), self.as_of, self.hard[tickets])

    def having(self, wanted: Bools) -> Bools:
        """The tickets with at least one of the wanted facts."""
        found: Bools = np.zeros(len(self.facts), np.bool_)
        found[self._owner[wanted]] = True
        return found

    def _whose(self, places: Places) -> Tickets:
        return self._owner.take(places).astype(np.int64)

    def questions(self, parties: frozenset[str]) -> "Questions":
        """The questions put to some parties, by place."""
        found = self._questions.get(parties)
        if found is None:
            found = self._questions[parties] = self._questions_to(parties)
        return found

    def _questions_to(self, parties: frozenset[str]) -> "Questions":
        facts = self.facts
        listed = np.zeros(len(facts.code), np.bool_)
        for party in parties:
            listed |= facts.party == PARTY[party]
        listed &= (facts.code == _QUESTION) | (facts.code == _ANSWER)
        places = np.flatnonzero(listed)
        asks = facts.code.take(places) == _QUESTION
        question = np.flatnonzero(asks)
        place, behind = places.take(question), places.take(question + 1, mode="clip")
        ticket = self._whose(place)
        answered = _answered(facts, place, behind) & (self._owner.take(behind) == ticket)
        muddled = _muddled(facts, ticket, place, answered)
        if len(places) > len(question) + np.count_nonzero(answered):  # answers to something else
            asks[question[answered] + 1] = True
            muddled = np.concatenate([muddled, places[~asks]])
        begins = np.ones(len(ticket), np.bool_)
        begins[1:] = ticket[1:] != ticket[:-1]
        behind[~answered] = len(facts.code)
        return Questions(
            ticket,
            place,
            behind,
            facts.happened_at.take(place),
            facts.happened_at.take(behind, mode="clip"),
            np.flatnonzero(begins),
            np.cumsum(begins) - 1,
            muddled,
            self._whose(muddled),
        )

    def along(self, axis: HourColumns | DayColumns) -> "Along":
        """The block along an axis."""
        found = self._along.get(id(axis))
        if found is None:
            found = self._along[id(axis)] = Along(self, axis)
        return found


@dataclass(frozen=True, slots=True)
class Ends:
    """Per ticket: whether a clock is satisfied, the place of the first fact that does it (one past
    the last fact where none does) and where counting stops: its instant, or as of.
    """

    satisfied: Bools
    place: Places
    at: Ints


@dataclass(frozen=True, slots=True)
class Questions:
    """Per question, in order of place: its ticket, its place, the place of the answer that came
    before anything else was asked (one past the last fact where none did), the instants of both.
    `starts` are where the questions of each ticket begin, `group` counts these tickets. `muddled`
    are the places, and the tickets, at which questions and answers do not simply take turns.
    """

    ticket: Tickets
    place: Places
    answer_place: Places
    asked_at: Ints
    answered_at: Ints
    starts: Places
    group: Places
    muddled: Places
    muddled_ticket: Tickets


def _answered(facts: FactColumns, place: Places, behind: Places) -> Bools:
    """Which questions the listed fact behind them answers, if it is of the same ticket."""
    link = facts.link.take(place)
    answered: Bools = (facts.code.take(behind) == _ANSWER) & (link == facts.link.take(behind))
    answered &= (link != 0) & (facts.party.take(place) == facts.party.take(behind))
    return answered


def _muddled(facts: FactColumns, ticket: Tickets, place: Places, answered: Bools) -> Places:
    """Questions that another one of the ticket came before, whose answer had not come or whose
    number is not less.
    """
    link = facts.link.take(place)
    further = ticket[1:] == ticket[:-1]
    wrong = np.flatnonzero(further & (~answered[:-1] | (link[1:] <= link[:-1])))
    muddled: Places = place[wrong + 1]
    return muddled


class Along:
    """A block along one axis: open time, or the closings that were reached (T5). How far the axis
    had come at each report and at each question and answer.
    """

    def __init__(self, block: Block, axis: HourColumns | DayColumns) -> None:
        self.block = block
        self._values = axis.clipped_days if isinstance(axis, DayColumns) else axis.clipped_open_time
        self.reached = axis.clipped_reached
        # Days are counted from after the day of start: the first closing that lies after it (T5).
        self._first_day = int(isinstance(axis, DayColumns))
        self.start: Ints = self._values(block.start) + self._first_day
        self._held: dict[frozenset[str], tuple[Ints, Ints]] = {}

    def end(self, at: Ints) -> Ints:
        """How far it had come at an instant of each ticket, its start or later."""
        values = self._values(at)
        return np.maximum(values, self.start, out=values) if self._first_day else values

    def held(self, parties: frozenset[str]) -> tuple[Ints, Ints]:
        """How far it had come at each question to some parties, and at its answer."""
        found = self._held.get(parties)
        if found is None:
            questions = self.block.questions(parties)
            asked, answered = (
                self._values(at) for at in (questions.asked_at, questions.answered_at)
            )
            if self._first_day:
                start = self.start[questions.ticket]
                np.maximum(asked, start, out=asked)
                np.maximum(answered, start, out=answered)
            found = self._held[parties] = asked, answered
        return found
