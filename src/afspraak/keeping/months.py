"""A month as it hangs on the wall: its weeks, Monday first, and what falls on each day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from afspraak.engine.time import Rhythm, add

Thing = TypeVar("Thing")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Day(Generic[Thing]):
    """One square: its date, and what falls on it."""

    on: date
    is_outside: bool
    is_today: bool
    things: tuple[Thing, ...]


def bounds(first: date) -> tuple[date, date]:
    """The dates [from, until) of the weeks that a month, by its first day, touches."""
    after = add(first, Rhythm(months=1))
    from_on = first - timedelta(days=first.weekday())
    return from_on, after + timedelta(days=-after.weekday() % _WEEK)


def weeks_of(
    first: date, today: date, things: Iterable[tuple[date, Thing]]
) -> list[list[Day[Thing]]]:
    """The weeks of a month with what falls on their days, in the order in which it came."""
    found: dict[date, list[Thing]] = {}
    for on, thing in things:
        found.setdefault(on, []).append(thing)
    from_on, until_on = bounds(first)
    days = [from_on + timedelta(days=each) for each in range((until_on - from_on).days)]
    squares = [_day(on, first, today, found) for on in days]
    return [squares[place : place + _WEEK] for place in range(0, len(squares), _WEEK)]


def _day(on: date, first: date, today: date, found: Mapping[date, list[Thing]]) -> Day[Thing]:
    is_outside = (on.year, on.month) != (first.year, first.month)
    return Day(on, is_outside, on == today, tuple(found.get(on, ())))
