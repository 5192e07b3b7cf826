"""The cumulative open-time function and its inverse against sums over the open stretches, at every
kind of place: edges, the cover's ends, the ends of slots (T6).
"""

import random
from collections.abc import Iterator
from datetime import date
from itertools import product

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


def test_open_time_is_reached_at_the_least_instant_that_has_it(hours: Hours) -> None:
    total = hours.open_time(hours.until_at - 1)
    at_edges = {hours.open_time(edge) for edge in hours.edges}
    near = {each + more for each in at_edges for more in (-1, 0, 1)}
    for each in {total // 3, total // 2, *near}:
        if not 0 < each <= total:
            continue
        at = hours.reached(each)
        assert hours.open_time(at) == each
        assert hours.open_time(at - 1) == each - 1
    with pytest.raises(Refusal, match="has no answer"):
        hours.reached(total + 2 * HOUR)


def test_who_counts_along_the_line_sees_what_is_looked_up(hours: Hours) -> None:
    shift, first, slots, before = hours.early
    asked_directly = 0
    for at in places(hours):
        if not before < at < hours.until_at or (at >> shift) - first >= len(slots):
            continue
        assert at >> shift >= first
        ends, opened, lag = slots[(at >> shift) - first]
        if ends is None:
            asked_directly += 1
            assert (at - lag if opened is None else opened) == hours.open_time(at)
    assert asked_directly or len(slots) < 2
