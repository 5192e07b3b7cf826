"""Times that a clause gives for something beside the tickets (`1 month`, `3 working days`, `PT8H`),
counted by the law: before a date, and from a date on. Pure.
"""

from datetime import date
from zoneinfo import ZoneInfo

from afspraak.engine.hours import Hours
from afspraak.engine.time import (
    Refusal,
    Rhythm,
    ServiceTime,
    WorkingDays,
    add,
    due_on,
    local_date,
    start_of_date,
)

Within = Rhythm | ServiceTime | WorkingDays


def is_before(at: int, on: date, within: Within, zone: ZoneInfo, hours: Hours | None) -> bool:
    """Whether what was said at an instant came so long before a date begins. A rhythm is counted
    back from the date (T9); working time is counted on from the instant (T5).
    """
    if isinstance(within, Rhythm):
        return local_date(zone, at) <= add(on, within, -1)
    return _hours(hours).due(at, within) <= start_of_date(zone, on)


def due_after(on: date, within: Within, zone: ZoneInfo, hours: Hours | None) -> int:
    """The instant until which something that is asked so long after a date may be done."""
    if isinstance(within, Rhythm):
        return due_on(zone, add(on, within))
    return _hours(hours).due(start_of_date(zone, on), within)


def last_day(on: date, within: Within, zone: ZoneInfo, hours: Hours | None) -> date:
    """The last day on which that may be done."""
    return local_date(zone, due_after(on, within, zone, hours) - 1)


def _hours(hours: Hours | None) -> Hours:
    if hours is None:
        raise Refusal("the agreement names no usual calendar: working time cannot be counted")
    return hours
