"""The slow judge is judged first: by the conformance cases, and by counting every second."""

import contextlib
import datetime as dt
import random

import oracle
import pytest
from case_tables import TABLES
from hypothesis import given, settings
from oracle_count import time_reached, time_spent
from oracle_dates import add_to_date, count_back, due_on, rhythm
from oracle_hours import SECOND, Calendar, as_if_utc, closing_at, opening_at, zone_of
from random_cases import case_strategy, random_case

ASKS = ("deadline", "elapsed", "clock")
PARAMETERS = [
    pytest.param(case, calendars, id=f"{path.stem}: {case['name']}")
    for path, (calendars, cases) in TABLES.items()
    for case in cases
    if case["ask"] in ASKS
]


@pytest.mark.parametrize(("case", "calendars"), PARAMETERS)
def test_the_judge_agrees_with_the_case(case: dict, calendars: dict) -> None:
    try:
        given = oracle.answer(case, calendars)
    except oracle.Refused as refusal:
        given = refusal
    assert oracle.agrees(case, given), f"expected {case['expect']}, given {given!r}"


def test_all_given_cases_are_here() -> None:
    assert len(PARAMETERS) >= 113


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Brussels", "2026-03-28T20:00"),
        ("Europe/Brussels", "2026-10-24T20:00"),
        ("Australia/Lord_Howe", "2026-04-04T10:00"),
        ("Australia/Lord_Howe", "2026-10-03T10:00"),
        ("Pacific/Apia", "2011-12-30T05:00"),
        ("America/St_Johns", "2008-03-08T23:00"),
        ("America/St_Johns", "2008-11-01T23:00"),
        ("America/Havana", "2025-11-02T00:00"),
        ("Africa/Cairo", "2026-10-29T16:00"),
    ],
)
def test_steps_of_an_hour_count_what_steps_of_a_second_count(zone: str, first: str) -> None:
    """Nine hours around a clock change, every second asked by itself."""
    week = {"mon-sun": ["00:30-02:15", "09:00-12:00", "22:00-00:15"]}
    calendar = Calendar("odd", {"zone": zone, "week": week})
    start = as_if_utc(dt.datetime.fromisoformat(first))
    end = start + 9 * 3600 * SECOND
    seconds = sum(calendar.is_open(at) for at in range(start, end, SECOND))
    assert 0 < seconds < 9 * 3600
    assert time_spent(calendar, start, end) == seconds * SECOND
    assert time_spent(calendar, start, end, step=61 * SECOND) == seconds * SECOND
    assert time_reached(calendar, start, seconds * SECOND) <= end


def test_random_cases_are_the_same_for_the_same_seed_and_are_answered() -> None:
    for n in range(150):
        case, calendars = random_case(random.Random(n), wild=n % 2 == 0)
        assert (case, calendars) == random_case(random.Random(n), wild=n % 2 == 0)
        with contextlib.suppress(oracle.Refused):
            oracle.answer(case, calendars)


@settings(max_examples=30)
@given(case_strategy())
def test_the_strategy_draws_cases(drawn: tuple[dict, dict]) -> None:
    case, calendars = drawn
    assert case["ask"] in ASKS
    assert set(calendars) == {"hours"}


def local(zone: str, at: int) -> str:
    moment = dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=at)
    return moment.astimezone(zone_of(zone)).isoformat()


@pytest.mark.parametrize(
    ("zone", "wall", "opening", "closing"),
    [
        ("Europe/Brussels", "2026-03-29T02:30", "2026-03-29T03:00:00+02:00", None),
        (
            "Europe/Brussels",
            "2026-10-25T02:30",
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:30:00+01:00",
        ),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-31T00:00:00+14:00", None),
        ("Asia/Beirut", "2026-03-29T00:00", "2026-03-29T01:00:00+03:00", None),
        (
            "Australia/Lord_Howe",
            "2026-04-05T01:45",
            "2026-04-05T01:45:00+11:00",
            "2026-04-05T01:45:00+10:30",
        ),
        (
            "America/St_Johns",
            "2008-11-02T00:00",
            "2008-11-02T00:00:00-02:30",
            "2008-11-02T00:00:00-03:30",
        ),
    ],
)
def test_local_times(zone: str, wall: str, opening: str, closing: str | None) -> None:
    """T3: a gap ends at its end; of two, an opening takes the first and a closing the last."""
    naive = dt.datetime.fromisoformat(wall)
    assert local(zone, opening_at(zone_of(zone), naive)) == opening
    assert local(zone, closing_at(zone_of(zone), naive)) == (closing or opening)


def test_dates() -> None:
    """T9: the 31st + 1 month is the last day; notice counts back; a rhythm does not drift."""
    assert add_to_date(dt.date(2027, 1, 31), "1 month") == dt.date(2027, 2, 28)
    assert add_to_date(dt.date(2028, 2, 29), "1 year") == dt.date(2029, 2, 28)
    assert count_back(dt.date(2027, 5, 31), "3 months") == dt.date(2027, 2, 28)
    assert rhythm(dt.date(2027, 1, 31), "1 month", 3) == [
        dt.date(2027, 1, 31),
        dt.date(2027, 2, 28),
        dt.date(2027, 3, 31),
    ]
    ends = due_on(zone_of("Europe/Amsterdam"), dt.date(2027, 3, 28))
    assert local("Europe/Amsterdam", ends) == "2027-03-29T00:00:00+02:00"
