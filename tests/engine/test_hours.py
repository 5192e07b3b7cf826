"""Service calendars: open time and its inverse, working days, closed dates, cover (T2-T6, T8)."""

from datetime import date, timedelta
from functools import cache

import pytest
from drawn import hours, moments
from hypothesis import assume, given
from hypothesis import strategies as st

from afspraak.engine.hours import Calendar, Hours, Interval, Uncovered, joined, lay_out
from afspraak.engine.time import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    Refusal,
    ServiceTime,
    WorkingDays,
    datetime_of,
    local_date,
    parse_date,
    parse_instant,
    zone_of,
)

OFFICE = ((Interval(540, 1020),),) * 5 + ((),) * 2
Drawn = tuple[Hours, list[int]]


def office(**changes: object) -> Hours:
    """Monday to Friday 09:00-17:00 in UTC, March 2026; 2 March is a Monday."""
    plain = {
        "name": "office",
        "zone": "UTC",
        "week": OFFICE,
        "closed": frozenset(),
        "exceptions": {},
        "cover": (date(2026, 3, 1), date(2026, 4, 1)),
    }
    return lay_out(Calendar(**plain | changes))


def at(text: str) -> int:
    return parse_instant(f"2026-03-{text}Z")


# Elapsed ------------------------------------------------------------------------------------------


@given(moments(3))
def test_open_time_adds_up(drawn: Drawn) -> None:
    known, (a, b, c) = drawn
    assert known.elapsed(a, c) == known.elapsed(a, b) + known.elapsed(b, c)
    assert 0 <= known.elapsed(a, c) <= c - a
    assert known.elapsed(a, c) == known.open_time(c) - known.open_time(a)


@given(moments(1))
def test_a_microsecond_counts_where_the_calendar_is_open(drawn: Drawn) -> None:
    known, (start,) = drawn
    assert known.elapsed(start, start) == 0
    assert known.elapsed(start, start + 1) == known.is_open(start)


@given(moments(1))
def test_open_is_what_the_calendar_says_on_the_wall(drawn: Drawn) -> None:
    """Judged where the clocks don't change within two days: the local time lies in an interval of
    its date, or of the night before, and its date is not closed.
    """
    known, (start,) = drawn
    calendar = known.calendar
    zone = zone_of(calendar.zone)
    wall = datetime_of(start).astimezone(zone)
    offsets = {
        datetime_of(start + days * DAY).astimezone(zone).utcoffset() for days in (-2, -1, 0, 1, 2)
    }
    assume(len(offsets) == 1)
    on, minutes = wall.date(), wall.hour * 60 + wall.minute
    own = any(each.opens <= minutes < each.closes for each in calendar.intervals(on))
    night = any(
        each.opens <= minutes + 1440 < each.closes
        for each in calendar.intervals(on - timedelta(days=1))
    )
    assert known.is_open(start) == ((own or night) and not calendar.is_closed(on))


@cache
def narrower(known: Hours) -> Hours:
    """The same calendar, asked about five dates less on either side."""
    first, until = known.calendar.cover
    narrow = (first + timedelta(days=5), until - timedelta(days=5))
    return lay_out(known.calendar.over(narrow))


@given(moments(2))
def test_a_narrower_cover_changes_no_answer_within_it(drawn: Drawn) -> None:
    known, (a, b) = drawn
    less = narrower(known)
    assume(less.from_at <= a and b < less.until_at)
    assert less.elapsed(a, b) == known.elapsed(a, b)
    day, wide_day = less.start_day(a), known.start_day(a)
    assert less.days_elapsed(day, a, b) == known.days_elapsed(wide_day, a, b)


# Deadlines ----------------------------------------------------------------------------------------


@given(moments(2))
def test_a_deadline_is_the_least_instant_at_which_the_time_is_spent(drawn: Drawn) -> None:
    known, (start, end) = drawn
    span = known.elapsed(start, end)
    due = known.deadline(start, span)
    assert start <= due <= end
    assert known.elapsed(start, due) == span
    if span:
        assert known.elapsed(start, due - 1) == span - 1
    else:
        assert due == start


@given(moments(4))
def test_a_later_start_and_a_longer_time_are_never_due_earlier(drawn: Drawn) -> None:
    known, (start, later, end, beyond) = drawn
    span, more = known.elapsed(later, end), known.elapsed(later, beyond)
    assert known.deadline(start, span) <= known.deadline(later, span)
    assert known.deadline(later, span) <= known.deadline(later, more)
    assert known.due(later, ServiceTime(more)) == known.deadline(later, more)


@given(moments(1))
def test_more_than_is_left_in_the_cover_is_refused(drawn: Drawn) -> None:
    known, (start,) = drawn
    left = known.elapsed(start, known.until_at)
    if left:
        assert known.deadline(start, left) <= known.until_at
    with pytest.raises(Uncovered, match="calendar drawn has no answer"):
        known.deadline(start, left + 1)


# Working days (T5) --------------------------------------------------------------------------------


def dates_close_in_order(calendar: Calendar) -> bool:
    """Whether no night runs on beyond the next date's own hours."""
    on, until = calendar.cover[0] - timedelta(days=1), calendar.cover[1]
    while on < until:
        tonight, next_hours = calendar.intervals(on), calendar.intervals(on + timedelta(days=1))
        if tonight and next_hours and tonight[-1].closes - 1440 > next_hours[-1].closes:
            return False
        on += timedelta(days=1)
    return True


@given(moments(1), st.integers(1, 12))
def test_a_working_day_is_spent_at_its_last_closing(drawn: Drawn, number: int) -> None:
    known, (start,) = drawn
    assume(dates_close_in_order(known.calendar))
    day = known.start_day(start)
    left = known.days_elapsed(day, start, known.until_at)
    if number > left:
        with pytest.raises(Uncovered):
            known.days_deadline(day, start, number)
        return
    due = known.days_deadline(day, start, number)
    assert due in known.closings
    assert due > start
    # Two dates may close at one instant: a night that ends when the next date's hours do.
    assert known.days_elapsed(day, start, due - 1) < number <= known.days_elapsed(day, start, due)
    assert known.due(start, WorkingDays(number)) == due


@given(moments(3))
def test_working_days_add_up(drawn: Drawn) -> None:
    known, (start, middle, end) = drawn
    day = known.start_day(start)
    assert known.days_elapsed(day, start, end) == known.days_elapsed(
        day, start, middle
    ) + known.days_elapsed(day, middle, end)


@given(moments(1))
def test_the_day_of_start_closes_later(drawn: Drawn) -> None:
    known, (start,) = drawn
    day = known.start_day(start)
    assert day == len(known.closings) or known.closings[day] > start


@given(hours)
def test_an_open_date_closes_at_the_end_of_open_time(known: Hours) -> None:
    zone = zone_of(known.calendar.zone)
    for closing in known.closings:
        assert known.is_open(closing - 1)
        assert known.from_at < closing <= known.until_at
        assert not known.calendar.is_closed(local_date(zone, closing - 1))


# By hand ------------------------------------------------------------------------------------------


def test_an_afternoon_over_the_weekend() -> None:
    known = office()
    assert known.deadline(at("06T16:00"), 4 * HOUR) == at("09T12:00")
    assert known.deadline(at("06T16:00"), HOUR) == at("06T17:00")
    assert known.deadline(at("06T17:00"), 1) == at("09T09:00") + 1
    assert known.deadline(at("07T12:00"), 0) == at("07T12:00")
    assert known.elapsed(at("06T16:00"), at("09T10:00")) == 2 * HOUR
    assert known.due(at("06T16:00"), WorkingDays(1)) == at("09T17:00")
    assert known.due(at("06T17:00"), WorkingDays(1)) == at("10T17:00")


def test_a_closed_date_closes_the_night_that_runs_into_it() -> None:
    night = ((Interval(1320, 1800),),) * 7  # 22:00-06:00
    known = office(week=night, closed=frozenset([date(2026, 3, 10)]))
    assert known.elapsed(at("09T22:00"), at("11T06:00")) == 2 * HOUR
    assert known.elapsed(at("10T22:00"), at("11T00:00")) == 0


def test_an_exception_replaces_what_starts_on_its_date() -> None:
    night = ((Interval(1320, 1800),),) * 7
    opened = office(week=night, exceptions={date(2026, 3, 10): (Interval(600, 660),)})
    assert opened.elapsed(at("09T22:00"), at("11T06:00")) == 8 * HOUR + HOUR
    shut = office(week=night, exceptions={date(2026, 3, 10): ()})
    assert shut.elapsed(at("09T22:00"), at("11T06:00")) == 2 * HOUR
    assert shut.calendar.is_closed(date(2026, 3, 10))
    holiday = office(
        closed=frozenset([date(2026, 3, 10)]), exceptions={date(2026, 3, 10): (Interval(600, 660),)}
    )
    assert holiday.elapsed(at("10T00:00"), at("11T00:00")) == HOUR


def test_a_weekday_without_hours_is_not_closed() -> None:
    friday = ((),) * 4 + ((Interval(1320, 1800),),) + ((),) * 2
    assert office(week=friday).elapsed(at("06T00:00"), at("08T00:00")) == 8 * HOUR


def test_hours_that_overlap_a_night_count_once() -> None:
    week = ((Interval(540, 1800),),) * 7  # 09:00-06:00, and again from 09:00
    early = ((Interval(300, 1740),),) * 7  # 05:00-05:00
    assert office(week=week).elapsed(at("09T00:00"), at("10T00:00")) == 21 * HOUR
    assert office(week=early).elapsed(at("09T00:00"), at("10T00:00")) == 24 * HOUR
    assert len(office(week=early).closings) == 31


def test_spring_and_autumn() -> None:
    brussels = office(zone="Europe/Brussels", week=((Interval(0, 1440),),) * 7)
    start = brussels.from_at
    assert brussels.elapsed(start, brussels.until_at) == 31 * DAY - HOUR
    night = office(zone="Europe/Brussels", week=((Interval(90, 150),),) * 7)  # 01:30-02:30
    assert night.elapsed(at("28T23:00"), at("29T23:00")) == 30 * MINUTE
    october = (date(2026, 10, 1), date(2026, 11, 1))
    doubled = office(zone="Europe/Brussels", week=((Interval(90, 150),),) * 7, cover=october)
    sunday = parse_instant("2026-10-24T22:00Z")
    assert doubled.elapsed(sunday, sunday + 25 * HOUR) == 2 * HOUR


def test_hours_that_a_spring_night_swallows_take_no_others_with_them() -> None:
    week = ((Interval(120, 150), Interval(540, 1020)),) * 7  # 02:00-02:30 and 09:00-17:00
    known = office(zone="Europe/Brussels", week=week)
    assert known.elapsed(at("29T00:00"), at("30T00:00")) == 8 * HOUR
    assert known.elapsed(at("28T00:00"), at("29T00:00")) == 8 * HOUR + 30 * MINUTE


def test_touching_intervals_join_and_overlapping_ones_are_refused() -> None:
    assert joined("c", [Interval(600, 660), Interval(540, 600)]) == (Interval(540, 660),)
    assert joined("c", []) == ()
    with pytest.raises(Refusal, match=r"calendar c: 09:00-10:00 and 09:59-11:00 overlap"):
        joined("c", [Interval(599, 660), Interval(540, 600)])


@pytest.mark.parametrize(
    "interval",
    [Interval(-1, 60), Interval(1440, 1500), Interval(60, 60), Interval(60, 30), Interval(0, 2881)],
)
def test_an_interval_has_a_length_and_its_bounds(interval: Interval) -> None:
    with pytest.raises(Refusal, match=r"calendar c: .* is not an interval"):
        joined("c", [interval])


def test_the_bounds_of_an_interval() -> None:
    assert joined("c", [Interval(0, 2880)]) == (Interval(0, 2880),)
    assert joined("c", [Interval(1439, 1440)]) == (Interval(1439, 1440),)


# Cover (T8) ---------------------------------------------------------------------------------------


def test_the_cover_ends_with_its_last_date() -> None:
    known = office()
    assert known.from_at == at("01T00:00")
    assert known.until_at == parse_instant("2026-04-01T00:00Z")
    assert known.elapsed(known.from_at, known.until_at) == 22 * 8 * HOUR
    # 24x7: a due instant exactly at the end is answered
    always = office(week=((Interval(0, 1440),),) * 7)
    assert always.deadline(always.until_at - HOUR, HOUR) == always.until_at
    assert always.due(always.until_at - DAY - 1, WorkingDays(1)) == always.until_at


@pytest.mark.parametrize(
    "ask",
    [
        lambda known: known.elapsed(known.from_at - 1, known.from_at),
        lambda known: known.elapsed(known.from_at, known.until_at + 1),
        lambda known: known.elapsed(known.until_at, known.until_at),
        lambda known: known.deadline(known.from_at - 1, 0),
        lambda known: known.deadline(known.until_at, 0),
        lambda known: known.deadline(known.until_at - 1, SECOND),
        lambda known: known.due(known.from_at - 1, WorkingDays(1)),
        lambda known: known.due(known.until_at, WorkingDays(1)),
        lambda known: known.start_day(known.until_at),
        lambda known: known.days_elapsed(0, known.from_at - 1, known.from_at),
        lambda known: known.days_elapsed(0, known.from_at, known.until_at + 1),
        lambda known: known.days_deadline(0, known.until_at + 1, 1),
    ],
)
def test_a_question_outside_the_cover_is_refused_with_its_name(ask: object) -> None:
    with pytest.raises(Uncovered, match=r"calendar office .* covers 2026-03-01 to 2026-04-01"):
        ask(office())


def test_the_cover_from_its_first_instant_to_its_very_end() -> None:
    known = office()
    known.require(known.from_at, known.until_at)
    assert known.elapsed(known.from_at, known.from_at) == 0
    assert known.days_elapsed(0, at("02T09:00"), at("02T09:00")) == 0
    assert known.days_elapsed(0, known.from_at, at("04T17:00")) == 2
    with pytest.raises(Uncovered):  # nothing closes after it, but it may be asked
        known.days_deadline(0, known.until_at, 1)
    for start, end, where in [
        (known.until_at, known.until_at, known.until_at),
        (known.from_at - 1, known.until_at, known.from_at - 1),
        (known.from_at, known.until_at + 1, known.until_at + 1),
    ]:
        with pytest.raises(Uncovered) as refusal:
            known.require(start, end)
        assert refusal.value.at == where


def test_where_the_question_left_the_cover() -> None:
    known = office()
    for ask, where in [
        (lambda: known.elapsed(known.from_at - 5, known.from_at), known.from_at - 5),
        (lambda: known.elapsed(known.from_at, known.until_at + 5), known.until_at + 5),
        (lambda: known.deadline(known.from_at, 10**15), known.until_at),
        (lambda: known.deadline(known.from_at - 5, 1), known.from_at - 5),
        (lambda: known.days_deadline(0, known.until_at + 5, 1), known.until_at + 5),
        (lambda: known.start_day(known.until_at), known.until_at),
    ]:
        with pytest.raises(Uncovered) as refusal:
            ask()
        assert refusal.value.at == where


def test_what_is_said_of_a_question_outside_the_cover() -> None:
    known = office()
    with pytest.raises(Uncovered) as refusal:
        known.elapsed(known.from_at, known.until_at + 5)
    assert str(refusal.value) == (
        "calendar office has no answer at 2026-04-01T00:00:00.000005+00:00:"
        " it covers 2026-03-01 to 2026-04-01 (UTC)"
    )
    other = known.calendar.over((date(2027, 1, 1), date(2027, 2, 1)))
    with pytest.raises(Uncovered, match=r"calendar office .* covers 2027-01-01 to 2027-02-01"):
        lay_out(other).deadline(known.from_at, 1)


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    known = office()
    with pytest.raises(Refusal, match=r"ends \(2026-03-03.*\) before it starts \(2026-03-04"):
        known.elapsed(at("04T09:00"), at("03T09:00"))
    with pytest.raises(Refusal, match="before"):
        known.days_elapsed(0, at("04T09:00"), at("03T09:00"))


def test_a_calendar_that_never_opens() -> None:
    never = office(week=((),) * 7)
    assert never.edges == never.closings == []
    assert never.elapsed(never.from_at, never.until_at) == 0
    assert never.deadline(at("02T09:00"), 0) == at("02T09:00")
    assert never.days_elapsed(never.start_day(at("02T09:00")), at("02T09:00"), never.until_at) == 0
    for target in (ServiceTime(1), WorkingDays(1)):
        with pytest.raises(Uncovered, match="office"):
            never.due(at("02T09:00"), target)


def test_the_night_before_the_cover_runs_into_it() -> None:
    night = ((Interval(1320, 1800),),) * 7
    known = office(week=night)
    assert known.elapsed(known.from_at, known.from_at + DAY) == 6 * HOUR + 2 * HOUR
    assert known.closings[0] == known.from_at + 6 * HOUR
    assert known.closings[-1] <= known.until_at


def test_the_intervals_of_a_date() -> None:
    christmas = parse_date("2026-12-25")
    calendar = office(closed=frozenset([christmas])).calendar
    assert calendar.intervals(christmas) == ()
    assert calendar.is_closed(christmas)
    assert calendar.intervals(parse_date("2026-12-24")) == (Interval(540, 1020),)
    assert calendar.intervals(parse_date("2026-12-26")) == ()
    assert not calendar.is_closed(parse_date("2026-12-26"))
