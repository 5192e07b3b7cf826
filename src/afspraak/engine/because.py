"""Why an assessment came out as it did (SEMANTICS A6, C4): span by span, from the very stretches
the clock counted.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from afspraak.engine.clock import Assessment, Stop
from afspraak.engine.facts import Fact
from afspraak.engine.hours import Hours
from afspraak.engine.time import WorkingDays

Why = Literal["counted", "closed", "paused", "acceptance"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch [from_at, until_at) of a clock: whether it counted, and because of which fact and
    which clause.

    `spent` is the service time counted in it, in microseconds; `days` the working days that ended
    in it, where the target is in days (T5). A pause names the questions that held it; a closed
    stretch rests on the calendar, named by `clause`.
    """

    from_at: int
    until_at: int
    why: Why
    turn: str
    spent: int
    clause: str
    because: tuple[Fact, ...] = ()
    days: int = 0


def spans_of(assessment: Assessment, hours: Hours) -> tuple[Span, ...]:
    """Every stretch from the clock's start to where its counting ended, in order; none of a void
    one.
    """
    if assessment.state == "void" or assessment.rule is None:
        return ()
    return tuple(
        span
        for start, end, stops in _stretches(assessment)
        for span in (
            _stopped(assessment, start, end, stops)
            if stops
            else _running(assessment, hours, start, end)
        )
    )


def _stretches(assessment: Assessment) -> Iterator[tuple[int, int, tuple[Stop, ...]]]:
    """The time line cut where a stop begins or ends, with the stops that hold each piece."""
    start, end = assessment.start_at, assessment.end_at
    ends = (
        (stop.from_at, end if stop.until_at is None else stop.until_at) for stop in assessment.stops
    )
    cuts = sorted({start, end, *(min(max(at, start), end) for both in ends for at in both)})
    for opens, closes in pairwise(cuts):
        holding = tuple(
            stop
            for stop in assessment.stops
            if stop.from_at <= opens and (stop.until_at is None or closes <= stop.until_at)
        )
        yield opens, closes, holding


def _stopped(
    assessment: Assessment, start: int, end: int, stops: tuple[Stop, ...]
) -> Iterator[Span]:
    turn = stops[0].turn
    why: Why = "acceptance" if turn == "acceptance" else "paused"
    yield Span(
        start, end, why, turn, 0, assessment.promise.clause, tuple(stop.because for stop in stops)
    )


def _running(assessment: Assessment, hours: Hours, start: int, end: int) -> Iterator[Span]:
    """A running stretch, cut where the calendar opens and closes."""
    first, last = bisect_right(hours.edges, start), bisect_right(hours.edges, end)
    cuts = [start, *(edge for edge in hours.edges[first:last] if start < edge < end), end]
    promisor, clause = assessment.promise.promisor, assessment.promise.clause
    in_days = isinstance(assessment.spent, WorkingDays)
    day = hours.start_day(assessment.start_at) if in_days else 0
    for opens, closes in pairwise(cuts):
        if hours.is_open(opens):
            days = hours.days_elapsed(day, opens, closes) if in_days else 0
            spent = closes - opens
            yield Span(opens, closes, "counted", promisor, spent, clause, days=days)
        else:
            yield Span(opens, closes, "closed", "", 0, hours.calendar.name)
