"""When a promise comes near: the instant at which a part of its target will have been spent
(SEMANTICS T6, K6), so that somebody can be told in time.
"""

from bisect import bisect_left
from fractions import Fraction

from afspraak.engine.clock import Assessment, gaps_of
from afspraak.engine.running import Limit, Running
from afspraak.engine.time import ServiceTime, WorkingDays


def spent_at(assessment: Assessment, part: Fraction) -> int | None:
    """The least instant by which `part` (above 0, below 1) of the time that leads has been spent;
    None while nothing is due (paused, measuring, satisfied, void).

    Of working days the whole ones of that part are counted; where that is none, the instant is the
    last opening before it is due. A stated expectation has no service time: there it is a part of
    the time between the statement and what was stated (K9).
    """
    if assessment.state != "running" or assessment.due_at is None:
        return None
    limit = _leading(assessment)
    if limit is None:
        start = assessment.start_at
        return start + (assessment.due_at - start) * part.numerator // part.denominator
    target = limit.target
    if isinstance(target, WorkingDays):
        days = target.days * part.numerator // part.denominator
        if not days:
            return _last_opening(limit, assessment.due_at)
        return _due(assessment, limit, WorkingDays(days))
    spent = target.microseconds * part.numerator // part.denominator
    return _due(assessment, limit, ServiceTime(spent))


def _leading(assessment: Assessment) -> Limit | None:
    """The limit that gives the due instant; of a running clock the only one does."""
    if len(assessment.limits) == 1:
        return assessment.limits[0]
    running = Running(gaps_of(assessment.stops))
    for limit in assessment.limits:
        if running.due(limit) == assessment.due_at:
            return limit
    return None


def _last_opening(limit: Limit, due_at: int) -> int:
    """Where the open stretch begins that ends at the due instant, or the clock's start in it."""
    opening = limit.hours.edges[bisect_left(limit.hours.edges, due_at) - 1]
    return max(opening, limit.from_at)


def _due(assessment: Assessment, limit: Limit, target: ServiceTime | WorkingDays) -> int | None:
    return Running(gaps_of(assessment.stops)).due(Limit(limit.from_at, target, limit.hours))
