"""When a promise comes near: the instant at which a part of its target will have been spent
(SEMANTICS T6, K6), so that somebody can be told in time.
"""

from fractions import Fraction

from afspraak.engine.clock import Assessment, gaps_of
from afspraak.engine.running import Limit, Running
from afspraak.engine.time import ServiceTime, WorkingDays


def spent_at(assessment: Assessment, part: Fraction) -> int | None:
    """The least instant by which `part` (above 0, below 1) of the time that leads has been spent;
    None while nothing is due (paused, measuring, satisfied, void).

    Of working days the whole ones of that part are counted; of a single day none is, and the
    instant is its own start. A stated expectation has no service time: there it is a part of the
    time between the statement and what was stated (K9).
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
        return _due(assessment, limit, WorkingDays(days)) if days else limit.from_at
    spent = target.microseconds * part.numerator // part.denominator
    return _due(assessment, limit, ServiceTime(spent))


def _leading(assessment: Assessment) -> Limit | None:
    """The limit that gives the due instant."""
    running = Running(gaps_of(assessment.stops))
    for limit in assessment.limits:
        if running.due(limit) == assessment.due_at:
            return limit
    return None


def _due(assessment: Assessment, limit: Limit, target: ServiceTime | WorkingDays) -> int | None:
    return Running(gaps_of(assessment.stops)).due(Limit(limit.from_at, target, limit.hours))
