"""The cumulative open-time function and its inverse against sums over the open stretches, at every
kind of place: edges, the cover's ends, the ends of slots (T6).
"""

import random
from collections.abc import Iterator
from copy import copy
from datetime import date
from itertools import product

import pytest

from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.open_time import OpenTime
from afspraak.engine.slots import firsts, shift_for
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


def test_the_table_begins_with_the_first_slot_that_is_covered_whole(hours: Hours) -> None:
    shift, first, slots, before = hours.early
    assert hours.from_at < first << shift <= hours.from_at + (1 << shift)
    assert before + 1 == first << shift
    assert (first + len(slots)) << shift <= max(hours.until_at, first << shift)


def test_what_the_table_knows_is_not_searched(hours: Hours) -> None:
    """A search costs more than the answer. One that has neither rows nor a cover can't search."""
    shift, first, slots, _ = hours.early
    blind = copy(hours)
    blind._rows, blind._dues, blind.from_at, blind.until_at = [], [], 0, 0
    known = [
        at
        for at in places(hours)
        if 0 <= (at >> shift) - first < len(slots)
        and ((ends := slots[(at >> shift) - first][0]) is None or ends > at)
    ]
    for start, end in product(known, known[::3]):
        assert blind.open_time(start) == hours.open_time(start)
        assert blind.deadline(start, 0) == start
        if start <= end:
            assert blind.elapsed(start, end) == hours.elapsed(start, end)


# Lines of a few instants: each of them is asked ---------------------------------------------------


class Line(OpenTime):
    """A line that is covered from its first instant to its last."""

    def __init__(self, edges: list[int], from_at: int, until_at: int) -> None:
        self.from_at, self.until_at = from_at, until_at
        super().__init__(edges, from_at, until_at)

    def _check_start(self, start: int) -> None:
        if not self.from_at <= start < self.until_at:
            raise Refusal("outside")

    def _check_span(self, start: int, end: int) -> None:
        self._check_start(start)
        if not start <= end <= self.until_at:
            raise Refusal("outside")

    def _beyond(self) -> Refusal:
        return Refusal("beyond")


@pytest.mark.parametrize("length", [1, 2, 5, 255, 256, 700, 1300])
@pytest.mark.parametrize("from_at", [-600, 0, 7])
@pytest.mark.parametrize("seed", range(3))
def test_every_instant_of_a_short_line(length: int, from_at: int, seed: int) -> None:
    rng, until_at = random.Random(seed), from_at + length
    inside = range(from_at, until_at)
    edges = sorted(rng.sample(inside, min(8 * seed, length // 2 * 2)))
    line, opened, passed = Line(edges, from_at, until_at), 0, {from_at: 0}
    for at in inside:
        opened += sum(opens <= at for opens in edges) % 2
        passed[at + 1] = opened
    reached = {opened: at for at, opened in reversed(passed.items())}
    for at, before in passed.items():
        assert line.open_time(at) == before
        end = rng.choice(range(at, until_at + 1))
        assert asked(line.elapsed, at, end) == (passed[end] - before if at < until_at else None)
        for span in (1, rng.randrange(1, length + 1)):
            due = reached.get(before + span) if at < until_at else None
            assert asked(line.deadline, at, span) == due
            assert asked(line.reached, span) == reached.get(span)
    for outside in (from_at - 1, until_at, until_at + 1, until_at + 2 * length):
        assert asked(line.deadline, outside, 0) is None
        assert asked(line.elapsed, outside, outside) is None


@pytest.mark.parametrize("count", [1, 16, 17, 40])
def test_a_line_has_sixteen_slots_an_end_and_no_fewer_than_256(count: int) -> None:
    slots = max(16 * count, 256)
    for shift in (0, 1, 20):
        assert shift_for(slots << shift, count) == shift
        assert shift_for((slots << shift) - 1, count) == max(shift - 1, 0)
    assert shift_for(0, count) == 0


def test_a_slot_knows_the_first_row_that_does_not_end_before_it() -> None:
    rows, whole = ["a", "b", "c"], ["A", "B", "C"]
    assert firsts(rows, whole, [1, 9], 1, 7) == ["a", "B", "B", "B", "b", "C", "C"]
    assert firsts(rows[:2], whole[:2], [1, 2], 1, 2) == ["a", "b"]
    assert firsts(rows[:2], whole[:2], [-3, 0], 1, 1) == ["b"]
    assert firsts(rows, whole, [0, 1], 1, 0) == firsts(rows, whole, [0, 1], 1, -1) == []
