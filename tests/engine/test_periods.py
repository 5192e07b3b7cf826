"""Periods on the wall of the agreement's zone, and terms that renew (SEMANTICS T9, A2)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.periods import (
    Per,
    Period,
    Term,
    end_of_term,
    notice_by,
    period_at,
    period_of,
    periods,
)
from afspraak.engine.time import Refusal, Rhythm, add, local_date, parse_instant, zone_of

DAY = timedelta(days=1)
dates = st.dates(date(2000, 1, 1), date(2060, 12, 31))
pers = st.sampled_from(("month", "quarter", "year"))
TERM = Period(date(2027, 2, 15), date(2030, 2, 15))


@given(dates, dates, pers, st.booleans())
def test_each_date_belongs_to_one_period(
    start: date,
    on: date,
    per: Per,
    from_start: bool,  # noqa: FBT001 - drawn
) -> None:
    term = Period(start, add(start, Rhythm(months=36)))
    if from_start and on < start:
        with pytest.raises(Refusal, match=f"{on} lies before the contract's start"):
            period_of(on, per, term, from_start=True)
        return
    found = period_of(on, per, term, from_start=from_start)
    assert found.from_on <= on < found.until_on
    for inside in (found.from_on, found.until_on - DAY):
        assert period_of(inside, per, term, from_start=from_start) == found
    after = period_of(found.until_on, per, term, from_start=from_start)
    assert after.from_on == found.until_on


@given(dates, pers)
def test_the_calendars_periods_begin_on_the_first(on: date, per: Per) -> None:
    found = period_of(on, per, TERM)
    months = {"month": 1, "quarter": 3, "year": 12}[per]
    assert found.from_on.day == found.until_on.day == 1
    assert (found.from_on.month - 1) % months == 0
    assert found.until_on == add(found.from_on, Rhythm(months=months))


@given(dates, pers, st.integers(1, 60), st.booleans())
def test_the_periods_of_a_term_follow_each_other(
    start: date,
    per: Per,
    months: int,
    from_start: bool,  # noqa: FBT001 - drawn
) -> None:
    term = Period(start, add(start, Rhythm(months=months)))
    found = list(periods(per, term, from_start=from_start))
    assert found[0].from_on <= start
    assert found[-1].until_on >= term.until_on > found[-1].from_on
    assert all(one.until_on == two.from_on for one, two in pairwise(found))
    if from_start:
        assert found[0].from_on == start


def test_a_term_is_one_period() -> None:
    assert period_of(date(2050, 1, 1), "term", TERM) == TERM
    assert list(periods("term", TERM)) == [TERM]


@pytest.mark.parametrize(
    ("first", "until", "shown"),
    [
        ("2027-03-01", "2027-04-01", "2027-03"),
        ("2027-12-01", "2028-01-01", "2027-12"),
        ("2027-01-01", "2027-04-01", "2027-Q1"),
        ("2027-10-01", "2028-01-01", "2027-Q4"),
        ("2027-01-01", "2028-01-01", "2027"),
        ("2027-02-01", "2027-05-01", "2027-02-01..2027-05-01"),
        ("2027-07-01", "2028-07-01", "2027-07-01..2028-07-01"),
        ("2027-01-15", "2027-02-15", "2027-01-15..2027-02-15"),
        ("2027-01-01", "2027-01-31", "2027-01-01..2027-01-31"),
        ("2027-01-01", "2027-02-15", "2027-01-01..2027-02-15"),
        ("2027-01-15", "2027-02-01", "2027-01-15..2027-02-01"),
        ("2027-01-01", "2029-01-01", "2027-01-01..2029-01-01"),
        ("2027-01-01", "2027-03-01", "2027-01-01..2027-03-01"),
    ],
)
def test_how_a_period_is_called(first: str, until: str, shown: str) -> None:
    assert str(Period(date.fromisoformat(first), date.fromisoformat(until))) == shown


@given(st.integers(parse_instant("2000-01-01T00:00Z"), parse_instant("2060-01-01T00:00Z")), pers)
def test_an_instant_lies_in_the_instants_of_its_period(instant: int, per: Per) -> None:
    zone = zone_of("America/St_Johns")
    found = period_at(instant, zone, per, TERM)
    start, end = found.spans(zone)
    assert start <= instant < end
    assert found == period_of(local_date(zone, instant), per, TERM)


# Terms that renew ---------------------------------------------------------------------------------

rhythms = st.one_of(
    st.integers(1, 24).map(lambda months: Rhythm(months=months)),
    st.integers(1, 400).map(lambda days: Rhythm(days=days)),
)


@given(
    dates,
    st.one_of(st.none(), rhythms),
    st.one_of(st.none(), rhythms),
    st.one_of(st.none(), st.integers(0, 3)),
    st.one_of(st.none(), st.integers(-400, 2000)),
    st.integers(-400, 2000),
)
def test_a_term_renews_until_somebody_gives_notice_in_time(  # noqa: PLR0917
    until: date,
    tacit: Rhythm | None,
    notice: Rhythm | None,
    at_most: int | None,
    given_after: int | None,
    asked_after: int,
) -> None:
    """Judged day by day: on the last date for notice it is still open, the day after it is not."""
    term = Term(date(1999, 1, 1), until, tacit, notice, at_most)
    as_of = until + timedelta(days=asked_after)
    given_on = None if given_after is None else until + timedelta(days=given_after)
    end, times = until, 0
    last = notice_by(term, end)
    on = min(last, as_of) - DAY
    while on < as_of and tacit is not None and times != at_most:
        on += DAY
        if given_on is not None and given_on <= min(on, last):
            break
        if on > last:
            times += 1
            end = add(until, tacit, times)
            last = notice_by(term, end)
            on -= DAY  # a short renewal may already be past its own last date
    assert end_of_term(term, given_on, as_of) == end


def test_the_last_date_for_notice() -> None:
    months = Term(date(2027, 1, 1), date(2030, 1, 1), notice=Rhythm(months=3))
    assert notice_by(months, date(2030, 1, 1)) == date(2029, 10, 1)
    assert notice_by(months, date(2027, 5, 31)) == date(2027, 2, 28)
    assert notice_by(Term(date(2027, 1, 1), date(2030, 1, 1)), date(2030, 1, 1)) == date(
        2029, 12, 31
    )


def test_a_term_that_ends_before_it_starts_is_refused() -> None:
    assert Term(date(2027, 1, 1), date(2027, 1, 1)).until_on == date(2027, 1, 1)
    with pytest.raises(Refusal, match=r"ends \(2026-12-31\) before it starts \(2027-01-01\)"):
        Term(date(2027, 1, 1), date(2026, 12, 31))


def test_the_last_date_for_notice_is_in_time_and_the_next_is_not() -> None:
    term = Term(date(2027, 1, 1), date(2030, 1, 1), Rhythm(months=12), Rhythm(months=3))
    last, later = date(2029, 10, 1), date(2040, 1, 1)
    assert end_of_term(term, None, last) == date(2030, 1, 1)
    assert end_of_term(term, None, last + DAY) == date(2031, 1, 1)
    assert end_of_term(term, last, later) == date(2030, 1, 1)
    assert end_of_term(term, last + DAY, later) == date(2031, 1, 1)
    assert end_of_term(term, last, last) == date(2030, 1, 1)


def test_periods_are_the_calendars_unless_the_contract_says_otherwise() -> None:
    assert next(periods("month", TERM)) == Period(date(2027, 2, 1), date(2027, 3, 1))
    assert next(periods("month", TERM, from_start=True)) == Period(
        date(2027, 2, 15), date(2027, 3, 15)
    )
