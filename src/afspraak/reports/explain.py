"""Why one ticket's promises came out as they did: stretches by whose turn it was, and sums that add
up (SEMANTICS A6, C4). Values only; `speech` says them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from afspraak.engine.because import Span, spans_of
from afspraak.engine.clock import Assessment
from afspraak.engine.facts import Fact
from afspraak.engine.figures import relieve
from afspraak.engine.hours import Hours
from afspraak.engine.terms import Relief
from afspraak.engine.time import WorkingDays, local_date, zone_of
from afspraak.reports.governing import Judged


@dataclass(frozen=True, slots=True)
class Stretch:
    """[from_at, until_at) of a clock, all of it one party's turn, with the closed hours in between.

    `counted` is the service time that counted, `open_time` all service time in it, in microseconds.
    `late`: after the due instant that was missed. `because`: the facts that stopped the clock.
    """

    from_at: int
    until_at: int
    why: Literal["counted", "paused", "acceptance"]
    turn: str
    late: bool
    counted: int
    open_time: int
    because: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One assessment with its stretches. `days` are the working days that counted until the due
    instant, where the target is in working days; `relief` the clause and the other party's miss.
    """

    assessment: Assessment
    hours: Hours
    stretches: tuple[Stretch, ...]
    days: tuple[date, ...] = ()
    relief: tuple[Relief, Assessment] | None = None

    @property
    def counted(self) -> int:
        """Service time that counted in time, in microseconds: what the target is made of."""
        return sum(each.counted for each in self.stretches if not each.late)

    @property
    def late(self) -> int:
        """Service time after the due instant, in microseconds."""
        return sum(each.open_time for each in self.stretches if each.late)


def explained(judged: Judged) -> tuple[Explanation, ...]:
    """Every assessment of a ticket, in order."""
    clockwork = judged.clockwork
    reliefs = relieve(clockwork.contract.terms.reliefs, judged.assessed)
    return tuple(
        replace(explanation_of(each, clockwork.hours_of(each)), relief=reliefs.get(place))
        for place, each in enumerate(judged.assessed)
    )


def explanation_of(assessment: Assessment, hours: Hours) -> Explanation:
    """One assessment, from the very spans that were counted."""
    return Explanation(
        assessment,
        hours,
        tuple(stretches_of(assessment, hours)),
        tuple(_counted_days(assessment, hours)),
    )


def stretches_of(assessment: Assessment, hours: Hours) -> Iterator[Stretch]:
    """The spans joined while it stays one party's turn, cut at the due instant that was missed."""
    held: Stretch | None = None
    for span in spans_of(assessment, hours):
        for piece in _cut(span, assessment.missed_at):
            stretch = _stretch(assessment, hours, piece)
            if held is not None and _continues(held, stretch):
                held = _joined(held, stretch)
                continue
            if held is not None:
                yield held
            held = stretch
    if held is not None:
        yield held


def _cut(span: Span, at: int | None) -> Iterator[Span]:
    if at is None or not span.from_at < at < span.until_at:
        yield span
        return
    before = at - span.from_at if span.why == "counted" else 0
    yield replace(span, until_at=at, spent=before)
    yield replace(span, from_at=at, spent=span.spent - before)


def _stretch(assessment: Assessment, hours: Hours, span: Span) -> Stretch:
    missed_at = assessment.missed_at
    closed = span.why == "closed"
    return Stretch(
        span.from_at,
        span.until_at,
        "counted" if span.why == "closed" else span.why,
        assessment.promise.promisor if closed else span.turn,
        missed_at is not None and span.from_at >= missed_at,
        span.spent,
        hours.elapsed(span.from_at, span.until_at),
        span.because,
    )


def _continues(held: Stretch, stretch: Stretch) -> bool:
    return (held.why, held.turn, held.late) == (stretch.why, stretch.turn, stretch.late)


def _joined(held: Stretch, stretch: Stretch) -> Stretch:
    return replace(
        held,
        until_at=stretch.until_at,
        counted=held.counted + stretch.counted,
        open_time=held.open_time + stretch.open_time,
        because=(*held.because, *(each for each in stretch.because if each not in held.because)),
    )


def _counted_days(assessment: Assessment, hours: Hours) -> Iterator[date]:
    """The open dates whose last closing was reached while the clock ran, until it was due (T5)."""
    if not assessment.limits or not isinstance(assessment.spent, WorkingDays):
        return
    start = assessment.limits[0].from_at
    due = assessment.missed_at
    end = assessment.end_at if due is None else min(assessment.end_at, due)
    zone = zone_of(hours.calendar.zone)
    for closing in hours.closings[hours.start_day(start) + 1 :]:
        if closing > end:
            return
        stopped = any(
            stop.from_at < closing and (stop.until_at is None or closing <= stop.until_at)
            for stop in assessment.stops
        )
        if not stopped:
            yield local_date(zone, closing - 1)
