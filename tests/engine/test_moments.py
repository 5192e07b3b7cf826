"""Hours asked in aware datetimes: the same as in integers, on every moment (T1, T6, T8)."""

from collections.abc import Callable
from datetime import UTC, date, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from drawn import hours, moments
from hypothesis import given
from hypothesis import strategies as st
from tickets import OFFICE

from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.moments import Moments
from afspraak.engine.time import DAY, HOUR, Refusal, datetime_of

Drawn = tuple[Hours, list[int]]
ZONES = (UTC, ZoneInfo("Pacific/Apia"), ZoneInfo("Europe/Brussels"), timezone(timedelta(hours=-9)))
SPANS = st.one_of(st.integers(0, 40 * HOUR), st.integers(0, 60).map(lambda n: n * HOUR // 4))


def length(microseconds: int) -> timedelta:
    return timedelta(microseconds=microseconds)


def said(ask: Callable[[], object]) -> object:
    """The answer, or the words of a refusal."""
    try:
        return ask()
    except Refusal as refusal:
        return str(refusal)


@given(moments(2), st.sampled_from(ZONES))
def test_elapsed_is_the_same(drawn: Drawn, zone: ZoneInfo) -> None:
    known, (start, end) = drawn
    first, last = (datetime_of(each).astimezone(zone) for each in (start, end))
    assert Moments(known).elapsed(first, last) == length(known.elapsed(start, end))


@given(moments(1), SPANS, st.sampled_from(ZONES))
def test_a_deadline_is_the_same(drawn: Drawn, span: int, zone: ZoneInfo) -> None:
    known, (start,) = drawn
    begun = datetime_of(start).astimezone(zone)
    asked = said(lambda: datetime_of(known.deadline(start, span)))
    assert said(lambda: Moments(known).deadline(begun, length(span))) == asked


@given(hours, st.integers(-3 * HOUR, 3 * HOUR), st.integers(-3 * HOUR, 3 * HOUR))
def test_it_answers_and_refuses_alike_at_the_edges_of_the_cover(
    known: Hours, before: int, after: int
) -> None:
    start, end = known.from_at + before, known.until_at + after
    asked, at = Moments(known), datetime_of
    for first, last in ((start, end), (end, start), (start, start), (end, end)):
        plain = said(lambda a=first, b=last: length(known.elapsed(a, b)))
        assert said(lambda a=first, b=last: asked.elapsed(at(a), at(b))) == plain
        plain = said(lambda a=first: at(known.deadline(a, HOUR)))
        assert said(lambda a=first: asked.deadline(at(a), length(HOUR))) == plain


@given(moments(1))
def test_answers_are_in_utc(drawn: Drawn) -> None:
    known, (start,) = drawn
    assert Moments(known).deadline(datetime_of(start).astimezone(ZONES[1]), length(0)).tzinfo is UTC


@given(moments(1))
def test_a_moment_without_offset_is_refused(drawn: Drawn) -> None:
    known, (start,) = drawn
    naive = datetime_of(start).replace(tzinfo=None)
    with pytest.raises(Refusal, match="has no offset"):
        Moments(known).deadline(naive, length(1))
    with pytest.raises(Refusal, match="has no offset"):
        Moments(known).elapsed(naive, naive)


@given(moments(1))
def test_more_than_time_itself_holds_is_refused(drawn: Drawn) -> None:
    known, (start,) = drawn
    with pytest.raises(Refusal, match="covers"):
        Moments(known).deadline(datetime_of(start), timedelta.max)


def test_each_quarter_of_an_hour_of_a_month_is_the_same() -> None:
    """Two stretches a day, so that a day's first row is not always the one that is meant."""
    known = office()
    asked, begun = Moments(known), known.from_at + 3 * DAY
    for number in range(0, 4 * 24 * 30, 3):
        start = begun + number * HOUR // 4
        moment = datetime_of(start)
        for span in (1, HOUR, 4 * HOUR, 30 * HOUR):
            assert asked.deadline(moment, length(span)) == datetime_of(known.deadline(start, span))
            end = start + span
            assert asked.elapsed(moment, datetime_of(end)) == length(known.elapsed(start, end))


def office() -> Hours:
    """Two stretches a day, in the first quarter of 2027."""
    day = (Interval(510, 720), Interval(780, 1050))
    cover = (date(2027, 1, 1), date(2027, 4, 1))
    closed = frozenset({date(2027, 1, 18)})
    return lay_out(Calendar("k", "Europe/Brussels", (day,) * 5 + ((), ()), closed, {}, cover))


@pytest.mark.parametrize("known", [office(), OFFICE], ids=["two stretches", "a month"])
def test_what_the_table_knows_is_not_counted_in_integers(known: Hours) -> None:
    """Turning moments into integers costs more than the answer: one that cannot has all others."""
    asked, all_day = Moments(known), known.until_at - known.from_at - 3 * DAY
    asked.hours = None  # type: ignore[assignment] - what it would ask is not there
    for begin in (0, 1, HOUR, 5 * DAY, 6 * DAY + HOUR // 2, 9 * DAY + 9 * HOUR, all_day):
        start = known.from_at + DAY + begin
        moment = datetime_of(start)
        assert asked.deadline(moment, length(0)) == moment
        for span in (0, 1, HOUR, DAY, 4 * DAY):
            if start + span < known.until_at - DAY:
                end = datetime_of(start + span)
                assert asked.elapsed(moment, end) == length(known.elapsed(start, start + span))
        for span in (1, HOUR, 30 * HOUR):
            if begin < all_day // 2:
                due = datetime_of(known.deadline(start, span))
                assert asked.deadline(moment, length(span)) == due
    whole = known.open_time(known.until_at)
    first = known.from_at + DAY
    left = whole - known.open_time(first)
    assert asked.deadline(datetime_of(first), length(left)) == datetime_of(known.edges[-1])


def test_a_span_of_moments_in_two_zones_is_counted_in_utc() -> None:
    known = office()
    start, end = known.from_at + 5 * DAY + 9 * HOUR, known.from_at + 7 * DAY + 10 * HOUR
    expected = length(known.elapsed(start, end))
    for first in ZONES:
        for last in ZONES:
            begun, ended = datetime_of(start).astimezone(first), datetime_of(end).astimezone(last)
            assert Moments(known).elapsed(begun, ended) == expected


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    known = office()
    start, end = (datetime_of(known.from_at + days * DAY) for days in (9, 8))
    with pytest.raises(Refusal, match="before it starts"):
        Moments(known).elapsed(start, end)
