"""Who owes what under a text, what the other then has a right to, and what happens where it is not
kept: so that what binds one side only stands out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from afspraak.language.document import Clause, Document
from afspraak.language.schema_consequences import (
    BonusClause,
    CreditClause,
    PenaltyClause,
    ReliefClause,
)
from afspraak.language.schema_people import TasksClause
from afspraak.language.schema_prices import PaymentClause
from afspraak.language.text.lexicon import clause_titles
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.words import Lang

Side = Literal["supplier", "customer", "third_party"]
Follows = Literal["credit", "penalty", "relief", "bonus", "interest"]
SIDES: Final[tuple[Side, ...]] = ("supplier", "customer")
PAYS: Final = ("standing_fee", "project_price", "prepaid_hours", "hourly", "start_up", "volume")
"""What the customer pays, though no clause of it says who promises."""
MEASURED: Final = (
    "ticket_promise", "availability", "recurring_promise", "reporting", "review", "delivery",
)  # fmt: skip
"""Whose keeping is told by a clock or a date."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens where a duty is not kept, or is kept better than promised."""

    kind: Follows
    clause: str
    number: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a side owes the other: the other's right."""

    clause: str
    number: str
    title: str
    type: str
    side: Side
    is_measured: bool
    follows: tuple[Consequence, ...]
    tasks: int = 0


@dataclass(frozen=True, slots=True)
class SideCount:
    """One side in figures."""

    side: Side
    duties: tuple[Duty, ...]
    may_end_early: bool

    @property
    def measured(self) -> int:
        """Duties whose keeping is told by a clock or a date."""
        return sum(each.is_measured for each in self.duties)

    @property
    def bound(self) -> int:
        """Duties that cost something where they are not kept."""
        return sum(any(one.kind != "bonus" for one in each.follows) for each in self.duties)

    @property
    def kinds(self) -> frozenset[str]:
        """What this side can be met with."""
        return frozenset(one.kind for each in self.duties for one in each.follows)


@dataclass(frozen=True, slots=True)
class Balance:
    """Both sides, and what only one of them bears: (what, who)."""

    supplier: SideCount
    customer: SideCount
    one_sided: tuple[tuple[str, Side], ...]


def balance_of(document: Document, lang: Lang) -> Balance:
    """The two sides of a document that can be read."""
    duties = list(_duties(document, lang))
    ends = {document.role(each.by) for each in document.term.early_end}
    sides = {
        side: SideCount(side, tuple(d for d in duties if d.side == side), side in ends)
        for side in SIDES
    }
    return Balance(sides["supplier"], sides["customer"], tuple(_one_sided(sides)))


def _one_sided(sides: Mapping[Side, SideCount]) -> Iterator[tuple[str, Side]]:
    """A consequence that only one bears; the way out early that only one has."""
    for kind in ("credit", "penalty", "interest", "bonus"):
        bears = [side for side in SIDES if kind in sides[side].kinds]
        if len(bears) == 1:
            yield kind, bears[0]
    leave = [side for side in SIDES if sides[side].may_end_early]
    if len(leave) == 1:
        yield "early_end", leave[0]


def _duties(document: Document, lang: Lang) -> Iterator[Duty]:
    titles, numbers = clause_titles(document, lang), clause_numbers(document)
    follows = _follows(document, numbers)
    for clause in document.clauses:
        for side, tasks in _bound(document, clause):
            yield Duty(
                clause.id,
                numbers[clause.id],
                titles[clause.id],
                clause.type,
                side,
                clause.type in MEASURED,
                tuple(follows.get(clause.id, ())),
                tasks,
            )


def _bound(document: Document, clause: Clause) -> Iterator[tuple[Side, int]]:
    """Whom a clause binds, and to how many tasks."""
    if isinstance(clause, TasksClause):
        roles = [document.role(each.by) for each in clause.tasks]
        for side in SIDES:
            if side in roles:
                yield side, roles.count(side)
        return
    promisor = getattr(clause, "promisor", None)
    if isinstance(promisor, str):
        yield document.role(promisor), 0  # type: ignore[misc]  # one of the three
    elif clause.type in PAYS:
        yield "customer", 0


def _follows(document: Document, numbers: Mapping[str, str]) -> dict[str, list[Consequence]]:
    """Duty -> what happens where it is not kept."""
    found: dict[str, list[Consequence]] = {}
    for clause in document.clauses:
        match clause:
            case CreditClause() | PenaltyClause() | BonusClause():
                told, of = clause.type, (clause.of,)
            case ReliefClause():
                told, of = "relief", (clause.when_missed,)  # type: ignore[assignment]  # a word of its own
            case PaymentClause() if clause.interest:
                told, of = "interest", (clause.id,)  # type: ignore[assignment]  # the same
            case _:
                continue
        for each in of:
            found.setdefault(each, []).append(Consequence(told, clause.id, numbers[clause.id]))
    return found
