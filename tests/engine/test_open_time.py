"""The cumulative open-time function and its inverse against sums over the open stretches, at every
kind of place: edges, the cover's ends, the ends of slots (T6).
"""

import random
from collections.abc import Iterator
from datetime import date
from itertools import product, zip_longest

import pytest

from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.time import DAY, HOUR, Refusal

OFFICE = (Interval(510, 1050),)
MINUTES = tuple(Interval(place * 20, place * 20 + 7) for place in range(72))
SPANS = (-1, 0, 1, HOUR, 9 * HOUR, 27 * HOUR, 200 * HOUR)
LINES = {
    "office": ("Europe/Brussels", (OFFICE,) * 5 + ((), ()), date(2024, 1, 1), date(2024, 7, 1)),
    "nights": ("UTC", ((Interval(1320, 1800),),) * 7, date(2024, 1, 1), date(2024, 2, 1)),
    "minutes before 1970": ("UTC", (MINUTES,) * 7, date(1969, 12, 28), date(1970, 1, 3)),
    "one day": ("UTC", (OFFICE,) * 7, date(2024, 1, 1), date(2024, 1, 2)),
    "never open": ("UTC", ((),) * 7, date(2024, 1, 1), date(2024, 3, 2)),
}


@pytest.fixture(params=LINES.values(), ids=LINES)
def hours(request: pytest.FixtureRequest) -> Hours:
    zone, week, *cover = request.param
    return lay_out(Calendar("it", zone, week, frozenset(), {}, tuple(cover)))


def places(hours: Hours) -> Iterator[int]:
    """Instants beside the ends of the cover, of slots, and of some stretches; and some others."""
    rng = random.Random(1)
    ends = [hours.from_at, hours.until_at, hours.from_at - DAY, hours.until_at + DAY]
    ends += rng.sample(hours.edges, min(len(hours.edges), 20))
    last = len(hours._early)  # where the table ends is where it could be wrong
    ends += [(hours._first + slot) << hours._shift for slot in (-1, 0, 1, last - 1, last)]
    yield from (end + beside for end in ends for beside in (-1, 0, 1))
    yield from (rng.randrange(hours.from_at, hours.until_at) for _ in range(20))


def passed(hours: Hours, at: int) -> int:
    stretches = zip(hours.edges[::2], hours.edges[1::2], strict=True)
    return sum(max(0, min(closes, at) - opens) for opens, closes in stretches)


def spent(hours: Hours, start: int, span: int) -> int | None:
    """The least instant by which `span` has passed; None where it never has."""
    if span <= 0:
        return start
    for opens, closes in zip(hours.edges[::2], hours.edges[1::2], strict=True):
        begin = max(opens, start)
        if span <= closes - begin:
            return begin + span
        span -= max(0, closes - begin)
    return None


def asked(question: object, *about: int) -> int | None:
    """The answer; None where it is refused."""
    assert callable(question)
    try:
        return question(*about)
    except Refusal:
        return None


def test_open_time_is_the_sum_of_what_was_open(hours: Hours) -> None:
    for at in places(hours):
        assert hours.open_time(at) == passed(hours, at)


def test_elapsed_is_its_difference_within_the_cover(hours: Hours) -> None:
    every = list(places(hours))
    for start, end in product(every[::3], every[::2]):
        known = hours.from_at <= start <= end <= hours.until_at and start < hours.until_at
        expected = passed(hours, end) - passed(hours, start) if known else None
        assert asked(hours.elapsed, start, end) == expected


def test_a_deadline_is_the_inverse(hours: Hours) -> None:
    for start, span in product(places(hours), SPANS):
        known = hours.from_at <= start < hours.until_at
        expected = spent(hours, start, span) if known else None
        assert asked(hours.deadline, start, span) == expected


def spent_by_turns(hours: Hours, span: int, turns: list[int]) -> int | None:
    """The least instant by which `span` has passed while it ran; None where it never has."""
    for runs, stands in zip_longest(turns[::2], turns[1::2]):
        due = spent(hours, runs, span)
        if stands is None or (due is not None and due <= stands):
            return due
        span -= passed(hours, stands) - passed(hours, runs)
    return None


def test_a_clock_that_stands_still_by_turns_is_due_when_its_running_time_is_spent(
    hours: Hours,
) -> None:
    rng = random.Random(2)
    inside = sorted({at for at in places(hours) if hours.from_at <= at < hours.until_at})
    for count, span in product(range(1, 7), [span for span in SPANS if span > 0]):
        for _ in range(8):
            turns = sorted(rng.sample(inside, count))
            assert asked(hours.due_by_turns, span, turns) == spent_by_turns(hours, span, turns)


def test_turns_outside_the_cover_are_refused(hours: Hours) -> None:
    for outside in (hours.from_at - 1, hours.until_at):
        with pytest.raises(Refusal, match="has no answer"):
            hours.due_by_turns(HOUR, [outside])
