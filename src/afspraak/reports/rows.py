"""One row for each assessment: what the figures of a replay are summed from, whoever made it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from afspraak.engine.clock import Assessment
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.figures import relieve
from afspraak.engine.hours import Hours
from afspraak.engine.terms import Case
from afspraak.engine.time import ServiceTime, WorkingDays, local_date
from afspraak.reports.contracts import Clockwork
from afspraak.reports.governing import Judged

RowState = Literal["running", "paused", "measuring", "met", "missed", "void"]
Turn = Literal["supplier", "customer", "third_party", "acceptance", "late"]


@dataclass(slots=True)
class Turns:
    """Whose turn the service time of a clock was, in microseconds: a party's, that of a solution
    that waited for acceptance, and what came after the due instant, whoever promised.
    """

    supplier: int = 0
    customer: int = 0
    third_party: int = 0
    acceptance: int = 0
    late: int = 0

    def add(self, other: "Turns") -> None:
        """Adds another clock's time."""
        self.supplier += other.supplier
        self.customer += other.customer
        self.third_party += other.third_party
        self.acceptance += other.acceptance
        self.late += other.late

    def take(self, turn: str, microseconds: int) -> None:
        """Adds time to a party's turn."""
        setattr(self, turn, getattr(self, turn) + microseconds)

    @property
    def total(self) -> int:
        """All of it."""
        return self.supplier + self.customer + self.third_party + self.acceptance + self.late


@dataclass(slots=True)
class Row:
    """One assessment as a replay counts it. `contract` is a place in the replay's contracts;
    `due_on` the local date of the due instant, which tells its period (A2); a trial's state is
    `measuring` (K11). `part` is the time spent in thousandths of the target, None where there is
    none.
    """

    contract: int
    clause: str
    customer: str
    case: Case
    state: RowState
    due_on: date | None
    part: int | None
    turns: Turns
    missed_at: int | None
    relieved_by: str = ""


def rows_of(customer: str, judged: Judged) -> list[Row]:
    """The rows of one ticket, in the order of its assessments; misses that the ticket itself
    relieves are marked (A8).
    """
    clockwork = judged.clockwork
    reported = _stated(judged.ticket.fields)
    rows = [_row(customer, clockwork, reported, each) for each in judged.assessed]
    if clockwork.contract.terms.reliefs:
        for place, (relief, _) in relieve(
            clockwork.contract.terms.reliefs, judged.assessed
        ).items():
            rows[place].relieved_by = relief.clause
    return rows


def _stated(fields: Mapping[str, str]) -> Case:
    return {name: value for name, value in fields.items() if name != CUSTOMER}


def _row(customer: str, clockwork: Clockwork, reported: Case, each: Assessment) -> Row:
    due = each.due_at
    hours = clockwork.hours_of(each)
    return Row(
        contract=clockwork.place,
        clause=each.promise.clause,
        customer=customer,
        case=clockwork.case(reported, each.rule),
        state="measuring" if each.on_trial else each.state,
        due_on=None if due is None else local_date(clockwork.zone, due),
        part=part_of(each),
        turns=turns_of(each, hours),
        missed_at=each.missed_at,
    )


def part_of(each: Assessment) -> int | None:
    """The time spent, in thousandths of the target that the rule gives, cut."""
    target = each.rule.target if each.rule else None
    if isinstance(target, ServiceTime) and isinstance(each.spent, ServiceTime):
        return (
            each.spent.microseconds * 1000 // target.microseconds if target.microseconds else None
        )
    if isinstance(target, WorkingDays) and isinstance(each.spent, WorkingDays):
        return each.spent.days * 1000 // target.days
    return None


def turns_of(each: Assessment, hours: Hours) -> Turns:
    """Whose turn it was from the clock's start to where its counting ended; stops that overlap
    count once, for the one that began first (K6).
    """
    turns = Turns()
    if each.state == "void":
        return turns
    at = each.start_at
    for stop in each.stops:
        until = each.end_at if stop.until_at is None else min(stop.until_at, each.end_at)
        if until <= at:
            continue
        begins = max(at, min(stop.from_at, each.end_at))
        _count(turns, each, hours, at, begins)
        turns.take(stop.turn, hours.elapsed(begins, until))
        at = until
    _count(turns, each, hours, at, each.end_at)
    return turns


def _count(turns: Turns, each: Assessment, hours: Hours, start: int, end: int) -> None:
    """Running time in [start, end): the promisor's until the due instant that was missed, then
    late.
    """
    due = each.missed_at
    if start >= end:
        return
    if due is None or end <= due:
        turns.take(each.promise.promisor, hours.elapsed(start, end))
    elif start >= due:
        turns.late += hours.elapsed(start, end)
    else:
        turns.take(each.promise.promisor, hours.elapsed(start, due))
        turns.late += hours.elapsed(due, end)
