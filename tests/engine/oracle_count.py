"""The slow judge's arithmetic: counts open time and working days, piece by piece (T5, T6).

A target is a pair (unit, amount): ("time", microseconds) or ("days", working days).
A stop is a half-open span [from, to) of instants in which the clock does not run; `to` may be
None (still stopped). Both are asked about one instant at a time.
"""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from oracle_hours import DAY, HOUR, SECOND, Calendar, Refused

Target = tuple[str, int]
Stop = tuple[int, int | None]
NO_STOPS: tuple[Stop, ...] = ()
GIVE_UP_DAYS = 40 * 366


def target_of(text: object) -> Target:
    """A target as FORMAT writes it; refuses by the words `day`, `working` and `target`."""
    written = str(text)
    days = re.fullmatch(r"([0-9]+) working days?", written)
    if days:
        if int(days[1]) < 1:
            raise Refused(f"target {written!r}: at least one working day")
        return "days", int(days[1])
    time = re.fullmatch(r"PT(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)S)?", written)
    if time and written != "PT":
        hours, minutes, seconds = (int(part or 0) for part in time.groups())
        return "time", (hours * 3600 + minutes * 60 + seconds) * SECOND
    if re.match(r"P[0-9]+[DWMY]", written):
        raise Refused(f"target {written!r}: a day is not a duration of service time")
    raise Refused(f"target {written!r} is malformed")


def runs_at(at: int, stops: tuple[Stop, ...]) -> bool:
    """Whether no stop holds the clock at the instant `at`."""
    return not any(start <= at and (end is None or at < end) for start, end in stops)


def pieces(
    calendar: Calendar, start: int, stops: tuple[Stop, ...], step: int = HOUR
) -> Iterator[tuple[int, int, bool]]:
    """From `start` on, without end: (from, to, counts), cut wherever anything may change."""
    cuts = [start, *(at for stop in stops for at in stop if at is not None)]
    for day in range(start // DAY, start // DAY + GIVE_UP_DAYS):
        for a, b, is_open in calendar.stretches(day, step):
            inside = [a, *sorted({cut for cut in cuts if a < cut < b}), b]
            for first, last in pairwise(inside):
                if first >= start:
                    yield first, last, is_open and runs_at(first, stops)
    raise Refused(f"calendar {calendar.name} gives no answer within {GIVE_UP_DAYS} days")


def stopped_for_good(at: int, stops: tuple[Stop, ...]) -> bool:
    """Whether from `at` on the clock never runs again."""
    return any(end is None and start <= at for start, end in stops)


def time_spent(
    calendar: Calendar, start: int, to: int, stops: tuple[Stop, ...] = NO_STOPS, step: int = HOUR
) -> int:
    """Open microseconds of [start, to) in which no stop holds the clock."""
    calendar.require_start(start)
    calendar.require_end(to)
    spent = 0
    for a, b, counts in pieces(calendar, start, stops, step):
        if a >= to:
            break
        if counts:
            spent += min(b, to) - a
    return spent


def time_reached(
    calendar: Calendar,
    start: int,
    amount: int,
    stops: tuple[Stop, ...] = NO_STOPS,
    step: int = HOUR,
) -> int | None:
    """The least instant at which `amount` has been spent; None if it stays stopped (T6)."""
    calendar.require_start(start)
    if amount == 0:
        return start
    spent = 0
    for a, b, counts in pieces(calendar, start, stops, step):
        if stopped_for_good(a, stops):
            return None
        calendar.require_end(a)
        if counts and spent + b - a >= amount:
            calendar.require_end(a + amount - spent)
            return a + amount - spent
        spent += b - a if counts else 0
        if a % DAY == 0:
            calendar.refuse_if_over(calendar.date_at(a))
    raise AssertionError


def closings_after(calendar: Calendar, start: int) -> Iterator[int]:
    """The last closings of the open dates after the day of start, in order of date (T5)."""
    date = calendar.date_at(start) - dt.timedelta(days=4)
    day_of_start = None
    for _ in range(GIVE_UP_DAYS):
        date += dt.timedelta(days=1)
        calendar.refuse_if_over(date)
        closing = calendar.last_closing(date)
        if closing is None:
            continue
        if day_of_start is not None:
            yield closing
        elif closing > start:
            day_of_start = date
    raise Refused(f"calendar {calendar.name} gives no answer within {GIVE_UP_DAYS} days")


def is_reached(closing: int, start: int, stops: tuple[Stop, ...]) -> bool:
    """Whether the clock runs up to that closing: in the last microsecond before it (T5)."""
    return closing > start and runs_at(closing - 1, stops)


def days_spent(calendar: Calendar, start: int, to: int, stops: tuple[Stop, ...] = NO_STOPS) -> int:
    """Working days whose last closing was reached at `to` or before while the clock ran (T5)."""
    calendar.require_start(start)
    calendar.require_end(to)
    count = 0
    try:
        for closing in closings_after(calendar, start):
            if closing > to + 3 * DAY:
                break
            count += closing <= to and is_reached(closing, start, stops)
    except Refused:  # it never opens again: nothing more is spent
        return count
    return count


def days_reached(
    calendar: Calendar, start: int, amount: int, stops: tuple[Stop, ...] = NO_STOPS
) -> int | None:
    """The last closing at which `amount` working days have been spent; None if stopped (T5)."""
    calendar.require_start(start)
    count = 0
    for closing in closings_after(calendar, start):
        if is_reached(closing, start, stops):
            count += 1
            if count == amount:
                calendar.require_end(closing)
                return closing
        elif stopped_for_good(closing - 1, stops):
            return None
        calendar.require_end(closing)
    raise AssertionError


def spent(
    calendar: Calendar, unit: str, start: int, to: int, stops: tuple[Stop, ...] = NO_STOPS
) -> int:
    """What has been spent at `to`, in microseconds or working days."""
    if unit == "days":
        return days_spent(calendar, start, to, stops)
    return time_spent(calendar, start, to, stops)


def reached(
    calendar: Calendar, start: int, target: Target, stops: tuple[Stop, ...] = NO_STOPS
) -> int | None:
    """The due instant of a target from `start`; None while it is stopped (T6)."""
    if target[0] == "days":
        return days_reached(calendar, start, target[1], stops)
    return time_reached(calendar, start, target[1], stops)


def deadline(calendar: Calendar, start: int, target: Target) -> int:
    """The due instant of a target without any stop (T6)."""
    due = reached(calendar, start, target)
    assert due is not None
    return due
