"""Facts as columns (SEMANTICS F1-F5), and which tickets only the scalar law can judge.

What the columns do not judge is named here: tickets with corrections, confirmations,
reclassifications, merges, rejections, late records, facts out of order. Those go to the scalar law.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from afspraak.engine.columns.steps import Bools, Ints
from afspraak.engine.facts import CUSTOMER, SUPPLIER, THIRD_PARTY
from afspraak.engine.terms import Case

CODES: Final = [
    "reported",
    "acknowledged",
    "customer_contact",
    "answer",
    "question",
    "supplier_contact",
    "expectation",
    "workaround",
    "diagnosis",
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
"""The codes of facts by number (int8): outward contact together, what satisfies a diagnosis
together. From `rejected` on a ticket is the scalar law's.
"""

CODE: Final = {code: number for number, code in enumerate(CODES)}
PARTY: Final = {"": 0, CUSTOMER: 1, THIRD_PARTY: 2, SUPPLIER: 3}
_REPORTED: Final = CODE["reported"]
_ODD: Final = CODE["rejected"]
Bytes = NDArray[np.int8]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FactColumns:
    """The facts of whole tickets, one ticket after the other, in the order of their log.

    `first` (n + 1) are the places where each ticket begins. Per fact: `code`, `happened_at` and
    `recorded_at` in a lane of `HourColumns`, `party` (whom a question was put to, who answered) and
    `link` (the number of a question, or of the question that an answer names; 0: none). Numbers of
    questions rise within a ticket. Per ticket: `case`, an index into `cases`, the finite fields as
    reported. `odd` marks tickets that only the scalar law can judge, for a reason the loader saw.
    """

    first: Places
    code: Bytes
    happened_at: Ints
    recorded_at: Ints
    party: Bytes
    link: NDArray[np.int16] | NDArray[np.int32]
    case: NDArray[np.int32]
    cases: Sequence[Case]
    odd: Bools | None = None

    def __len__(self) -> int:
        return len(self.first) - 1

    def only(self, tickets: Places) -> "FactColumns":
        """The facts of some of the tickets."""
        lengths = np.diff(self.first).take(tickets)
        first = np.concatenate([[0], np.cumsum(lengths)])
        places = np.repeat(self.first.take(tickets) - first[:-1], lengths) + np.arange(first[-1])
        return FactColumns(
            first,
            self.code.take(places),
            self.happened_at.take(places),
            self.recorded_at.take(places),
            self.party.take(places),
            self.link.take(places),
            self.case.take(tickets),
            self.cases,
            None if self.odd is None else self.odd.take(tickets),
        )


def unusual(facts: FactColumns, as_of: int, late_after: int) -> Bools:
    """The tickets that only the scalar law can judge, whatever the promise (F2-F5, K7, K8)."""
    hard: Bools = np.zeros(len(facts), np.bool_) if facts.odd is None else facts.odd.copy()
    happened, recorded, first = facts.happened_at, facts.recorded_at, facts.first
    bad = facts.code >= _ODD
    bad |= (recorded - happened) > late_after
    bad[1:] |= _backwards(happened, recorded, first)
    if len(recorded) and max(int(recorded.max()), int(happened.max())) > as_of:
        bad |= (recorded > as_of) | (happened > as_of)
    reported = facts.code == _REPORTED
    hard |= ~reported[first[:-1]]
    reported[first[:-1]] = False
    bad |= reported
    places = np.flatnonzero(bad)
    if len(places):
        hard[np.searchsorted(first, places, "right") - 1] = True
    return hard


def _backwards(happened: Ints, recorded: Ints, first: Places) -> Bools:
    """The facts, from the second one on, whose order is not that of the log (F2)."""
    backwards: Bools = happened[1:] < happened[:-1]
    inverted: Bools = recorded[1:] < recorded[:-1]
    for between in (backwards, inverted):
        between[first[1:-1] - 1] = False
    places = np.flatnonzero(inverted)
    backwards[places] |= happened[places + 1] == happened[places]
    return backwards
