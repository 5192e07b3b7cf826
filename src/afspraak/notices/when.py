"""When somebody wants to be told: their hours, their weekdays, a digest, so many a day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from afspraak.engine.time import DAY, local_date, local_time, zone_of

ALL_DAY: Final = 24 * 60
_SATURDAY: Final = 5
_LOOK_AHEAD: Final = 10
"""Days in which somebody's hours come at least once."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How somebody wants to be told. Minutes on the wall of the zone; from 22:00 until 06:00 is a
    night that belongs to the day it starts on.
    """

    from_minute: int = 0
    until_minute: int = ALL_DAY
    zone: str = "Europe/Amsterdam"
    weekdays_only: bool = False
    digest: bool = False
    most_a_day: int = 100


def hours_of(habit: Habit, at: int) -> Iterator[tuple[int, int]]:
    """The stretches [from, until) in which they want to be told, from the one that holds `at` or
    follows it.
    """
    zone = zone_of(habit.zone)
    first = local_date(zone, at) - timedelta(days=1)
    until = habit.until_minute
    if until <= habit.from_minute:
        until += ALL_DAY
    for number in range(_LOOK_AHEAD):
        on = first + timedelta(days=number)
        if habit.weekdays_only and on.weekday() >= _SATURDAY:
            continue
        start = local_time(zone, on, habit.from_minute).first
        end = local_time(zone, on, until).last
        if end > at:
            yield start, end


def tell_at(habit: Habit, at: int) -> int:
    """The first moment from `at` on that lies in their hours."""
    start, _ = next(hours_of(habit, at))
    return max(start, at)


def digest_at(habit: Habit, at: int) -> int:
    """When the next digest leaves: when their hours begin anew."""
    return next(start for start, _ in hours_of(habit, at) if start > at)


def day_of(habit: Habit, at: int) -> tuple[int, int]:
    """The local day of an instant, in which so many may be sent."""
    zone = zone_of(habit.zone)
    on = local_date(zone, at)
    start = local_time(zone, on, 0).first
    return start, max(local_time(zone, on, ALL_DAY).last, start + DAY // 2)
