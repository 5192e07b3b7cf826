"""Deliveries as a plan of both sides: what waits for what, and what a delay of one step does to the
others and to money, computed by the law itself (K10, A9). Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from afspraak.engine.promises import Dated, Evidence, assess_deliveries
from afspraak.engine.terms import Consequence, Delivery
from afspraak.engine.time import start_of_date
from afspraak.language.document import Document
from afspraak.language.schema_prices import ProjectPriceClause

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Moved:
    """Another step that a late one moves: by how many days, from which date to which."""

    clause: str
    promisor: str
    days: int
    from_on: date
    until_on: date


@dataclass(frozen=True, slots=True)
class Later:
    """A part of a price that is paid later with the step: part x price = amount."""

    clause: str
    part: Fraction
    price: Decimal
    amount: Decimal
    step: str
    days: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What it does if a step is so many days late by whoever promised it. `held`: steps that wait
    for it and keep their date, because they are of the same side: one's own lateness moves nothing.
    """

    step: Delivery
    days: int
    moved: tuple[Moved, ...]
    held: tuple[str, ...]
    penalties: tuple[Consequence, ...]
    later: tuple[Later, ...]


def delayed(
    steps: Sequence[Delivery], clause: str, days: int, zone: ZoneInfo
) -> Mapping[str, Dated]:
    """Every step as the law has it when this one alone came so many days late: asked on the day on
    which it came, before anything else was due.
    """
    first = min(step.due_on for step in steps)
    eve = min(first, next(each.due_on for each in steps if each.clause == clause))
    came_on = eve - timedelta(days=1)
    told = [
        replace(each, due_on=came_on - timedelta(days=days)) if each.clause == clause else each
        for each in steps
    ]
    came_at = start_of_date(zone, came_on) + 1
    evidence = [Evidence(clause, came_at, came_at)]
    return assess_deliveries(told, evidence, zone, came_at)


def costs_of(
    steps: Sequence[Delivery],
    consequences: Sequence[Consequence],
    document: Document,
    clause: str,
    days: int,
) -> Costs:
    """What a delay of a step by so many days costs whom."""
    zone = ZoneInfo(document.zone)
    step = next(each for each in steps if each.clause == clause)
    after = delayed(steps, clause, days, zone) if days else {}
    moved = tuple(_moved(steps, after, clause))
    by = {each.clause: each.days for each in moved}
    held = tuple(each.clause for each in steps if clause in each.after and each.clause not in by)
    return Costs(
        step=step,
        days=days,
        moved=moved,
        held=held,
        penalties=tuple(
            each for each in consequences if each.kind == "penalty" and each.of == clause and days
        ),
        later=tuple(_later(document, {clause: days, **by})),
    )


def _moved(steps: Sequence[Delivery], after: Mapping[str, Dated], clause: str) -> Iterator[Moved]:
    for each in steps:
        if each.clause == clause or each.clause not in after:
            continue
        on = after[each.clause].on
        if days := (on - each.due_on).days:
            yield Moved(each.clause, each.promisor, days, each.due_on, on)


def _later(document: Document, by: Mapping[str, int]) -> Iterator[Later]:
    """Instalments that fall due with a step that comes later; rounded once, half up (A5)."""
    for clause in document.of_type(ProjectPriceClause):
        for each in clause.instalments:
            if each.delivery is None or not by.get(each.delivery):
                continue
            price = clause.price.amount
            exact = price * each.part.numerator / each.part.denominator
            amount = exact.quantize(_CENT, ROUND_HALF_UP)
            yield Later(clause.id, each.part, price, amount, each.delivery, by[each.delivery])


# The picture --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A step on the line of time, in days from its beginning: from when it may begin, until when
    it is due; `planned` where the contract has the end, `done` where it was done.
    """

    clause: str
    row: int
    start: int
    end: int
    planned: int
    done: int | None


@dataclass(frozen=True, slots=True)
class Picture:
    """The bars, and which ends lead to which starts: pairs of rows. `days` is the whole line."""

    from_on: date
    days: int
    bars: tuple[Bar, ...]
    arrows: tuple[tuple[int, int], ...]


def pictured(
    steps: Sequence[Delivery],
    now: Mapping[str, Dated],
    begin_on: date,
    done_on: Mapping[str, date],
) -> Picture:
    """The plan as bars: a step begins when the last that it waits for ends, else with the plan."""
    from_on = min([begin_on, *(each.due_on for each in steps)])
    rows = {each.clause: place for place, each in enumerate(steps)}
    bars = []
    for each in steps:
        ends = [done_on.get(other, now[other].on) for other in each.after]
        start = max(ends) + timedelta(days=1) if ends else from_on
        end = now[each.clause].on
        done = done_on.get(each.clause)
        bars.append(
            Bar(
                each.clause,
                rows[each.clause],
                min((start - from_on).days, (end - from_on).days),
                (end - from_on).days + 1,
                (each.due_on - from_on).days + 1,
                None if done is None else (done - from_on).days + 1,
            )
        )
    last = max(max(each.end, each.planned, each.done or 0) for each in bars)
    arrows = tuple((rows[other], rows[each.clause]) for each in steps for other in each.after)
    return Picture(from_on, last, tuple(bars), arrows)
