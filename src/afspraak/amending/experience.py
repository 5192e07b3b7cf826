"""What both sides have seen so far: what each open term has measured, and what went wrong by kind
(SEMANTICS K11). Pure; both sides read the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from afspraak.engine.clock import Assessment
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.terms import Open, OpenTerm
from afspraak.engine.time import Duration, ServiceTime, WorkingDays, local_date, zone_of
from afspraak.reports.contracts import Contract
from afspraak.reports.governing import Book, Judged, NotCovered
from afspraak.reports.replay import NOTHING, Logged, as_it_stands

Kind = tuple[str, str]
"""A service, and the kind of ticket."""
MAIN: Final = "resolution"


@dataclass(frozen=True, slots=True)
class Measured:
    """One cycle of a clock under an open term: when it began (a date on the wall of the agreement's
    zone), of which kind; `spent` None while it still runs.
    """

    ticket: str
    on: date
    kind: Kind
    spent: Duration | None


@dataclass(slots=True)
class Wrong:
    """What went wrong with reports of one kind: how many had a promise missed, a solution that was
    rejected, a new word that was not kept; how long each took.
    """

    tickets: int = 0
    missed: int = 0
    rejected: int = 0
    broken: int = 0
    took: list[Duration] = field(default_factory=list)

    @property
    def any(self) -> int:
        """Everything that went wrong, counted once each."""
        return self.missed + self.rejected + self.broken


@dataclass(slots=True)
class Experience:
    """By open term, and by kind; `uncovered` tickets had no answer."""

    measured: dict[str, list[Measured]] = field(default_factory=dict)
    wrong: dict[Kind, Wrong] = field(default_factory=dict)
    uncovered: int = 0

    def done(self, term: OpenTerm) -> tuple[list[Duration], int, int]:
        """Of an open term: the measurements that can be compared, how many still run, and how many
        are in another unit (a trial in working days beside measuring in hours).
        """
        found = self.measured.get(term.clause, [])
        spent = [each.spent for each in found if each.spent is not None]
        unit = _unit(term, spent)
        same = [each for each in spent if isinstance(each, unit)]
        return same, len(found) - len(spent), len(spent) - len(same)


def _unit(term: OpenTerm, spent: Sequence[Duration]) -> type[ServiceTime] | type[WorkingDays]:
    """That of the bounds; else that of the newest measurement."""
    if term.bounds is not None:
        return type(term.bounds[0])
    return type(spent[-1]) if spent else ServiceTime


def experience_of(
    logs: Iterable[Logged], contracts: Sequence[Contract], *, span: tuple[int, int], as_of: int
) -> Experience:
    """Every ticket judged by the version that governs it, as signed."""
    book = Book(contracts, span, strict=True, assumed=NOTHING)
    found = Experience()
    for logged in logs:
        ticket, _read = as_it_stands(logged, as_of)
        try:
            judged = None if ticket is None else book.judge("", ticket)
        except NotCovered:
            found.uncovered += 1
            continue
        if judged is not None and judged.ticket.voided is None:
            _take(found, logged.id, judged)
    return found


def _take(found: Experience, number: str, judged: Judged) -> None:
    kind = kind_of(judged)
    wrong = found.wrong.setdefault(kind, Wrong())
    ours = [each for each in judged.assessed if each.promise.promisor == SUPPLIER]
    wrong.tickets += 1
    wrong.missed += any(_is_missed(each) for each in ours if each.promise.measure != "expectation")
    wrong.broken += any(_is_missed(each) for each in ours if each.promise.measure == "expectation")
    wrong.rejected += any(fact.code == "rejected" for fact in judged.ticket.facts)
    wrong.took += [
        each.spent
        for each in ours
        if each.promise.measure == MAIN and each.satisfied_at is not None and each.spent is not None
    ]
    for term, measured in _measured(number, kind, judged):
        found.measured.setdefault(term, []).append(measured)


def _is_missed(each: Assessment) -> bool:
    return each.state == "missed" and not each.on_trial


def _measured(number: str, kind: Kind, judged: Judged) -> Iterator[tuple[str, Measured]]:
    zone = zone_of(judged.clockwork.contract.terms.zone)
    for each in judged.assessed:
        target = each.rule.target if each.rule else None
        if isinstance(target, Open) and each.state != "void":
            spent = each.spent if each.satisfied_at is not None else None
            yield target.term, Measured(number, local_date(zone, each.start_at), kind, spent)


def kind_of(judged: Judged) -> Kind:
    """The service and the kind that were reported; empty where nothing was stated."""
    fields = judged.ticket.fields
    return fields.get("service", ""), fields.get("kind", "")
