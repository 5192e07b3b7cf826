"""Instants, durations, local time and dates (SEMANTICS T1-T3, T5, T9)."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.time import (
    DAY,
    EPOCH,
    HOUR,
    MINUTE,
    SECOND,
    TZDATA_VERSION,
    Refusal,
    Rhythm,
    ServiceTime,
    WorkingDays,
    add,
    date_spans,
    datetime_of,
    due_on,
    end_of_date,
    instant_of,
    local_date,
    local_time,
    noon_offset,
    parse_date,
    parse_duration,
    parse_instant,
    parse_rhythm,
    show_days,
    show_duration,
    show_instant,
    start_of_date,
    zone_of,
)

FIRST, LAST = (
    instant_of(datetime(1, 1, 3, tzinfo=UTC)),
    instant_of(datetime(9999, 12, 29, tzinfo=UTC)),
)
ALL_ZONES = tuple((files("tzdata") / "zones").read_text().split())
PARTS = 8
some_zones = st.sampled_from(
    ("UTC", "Europe/Brussels", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns")
)
instants = st.integers(FIRST, LAST)
dates = st.dates(date(1970, 1, 1), date(2099, 12, 31))


# Instants (T1) ------------------------------------------------------------------------------------


@given(instants, some_zones)
def test_an_instant_is_read_as_it_is_shown(instant: int, zone: str) -> None:
    assert instant_of(datetime_of(instant)) == instant
    shown = show_instant(instant, zone)
    if ZoneInfo(zone).utcoffset(datetime_of(instant)).seconds % 60 == 0:
        assert parse_instant(shown) == instant


@given(instants, st.integers(-23 * 60 - 59, 23 * 60 + 59))
def test_an_offset_changes_how_an_instant_is_written_and_nothing_else(
    instant: int, minutes: int
) -> None:
    aware = datetime_of(instant).astimezone(timezone(timedelta(minutes=minutes)))
    assert instant_of(aware) == instant
    assert parse_instant(aware.isoformat()) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01T00:00:00.000001Z", 1),
        ("1970-01-01T00:00:00.5+00:00", SECOND // 2),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("1970-01-02T01:30+01:30", DAY),
        ("1969-12-31T23:00-01:00", 0),
    ],
)
def test_instants(text: str, instant: int) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("2026-03-02T09:00:00", "offset"),
        ("2026-03-02", "not an instant"),
        ("2026-03-02 09:00:00Z", "not an instant"),
        ("2026-02-29T09:00:00Z", "not an instant"),
        ("2026-03-02T24:00:00Z", "not an instant"),
        ("2026-03-02T09:60Z", "not an instant"),
        ("2026-03-02T09:00:60Z", "not an instant"),
        ("2026-03-02T09:00:00.1234567Z", "not an instant"),
        ("2026-03-02T09:00:00.Z", "not an instant"),
        ("2026-03-02T09:00:00+01", "not an instant"),
        ("2026-03-02T09:00:00+01:60", "not an instant"),
        ("2026-03-02T09:00:00+24:00", "not an instant"),
        ("2026-03-02T09:00:00z", "not an instant"),
        ("2026-03-02T09:00:00Z\n", "not an instant"),
        ("\u0662\u0660\u0662\u0666-03-02T09:00:00Z", "not an instant"),
        ("9999-12-31T23:00:00-05:00", "not an instant"),
        ("0001-01-01T00:00:00+05:00", "not an instant"),
        (None, "not an instant"),
        (20260302, "not an instant"),
        (datetime(2026, 3, 2, tzinfo=UTC), "not an instant"),
    ],
)
def test_what_is_no_instant_is_refused(text: object, word: str) -> None:
    with pytest.raises(Refusal, match=word):
        parse_instant(text)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(Refusal, match="offset"):
        instant_of(datetime(2026, 3, 2, 9))  # noqa: DTZ001


def test_an_instant_is_shown_in_a_zone() -> None:
    assert show_instant(0) == "1970-01-01T00:00:00+00:00"
    assert show_instant(HOUR, "Asia/Kathmandu") == "1970-01-01T06:30:00+05:30"


# Durations (T5) -----------------------------------------------------------------------------------


@given(st.integers(0, 10**12))
def test_service_time_is_read_as_it_is_shown(seconds: int) -> None:
    duration = ServiceTime(seconds * SECOND)
    if seconds < 10**9 * 3600:
        assert parse_duration(str(duration)) == duration


@given(st.integers(0, 10**18))
def test_a_shown_duration_is_cut_never_rounded(microseconds: int) -> None:
    assert show_duration(microseconds) == show_duration(microseconds // SECOND * SECOND)
    assert show_duration(SECOND - 1) == "PT0S"


@given(st.integers(1, 10**9 - 1))
def test_working_days_are_read_as_they_are_shown(days: int) -> None:
    assert parse_duration(str(WorkingDays(days))) == WorkingDays(days)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT0S", ServiceTime(0)),
        ("PT0H", ServiceTime(0)),
        ("PT90M", ServiceTime(90 * MINUTE)),
        ("PT4H30M5S", ServiceTime(4 * HOUR + 30 * MINUTE + 5 * SECOND)),
        ("PT100H", ServiceTime(100 * HOUR)),
        ("1 working day", WorkingDays(1)),
        ("1 working days", WorkingDays(1)),
        ("3 working days", WorkingDays(3)),
    ],
)
def test_durations(text: str, duration: object) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("microseconds", "shown"),
    [
        (0, "PT0S"),
        (59 * SECOND, "PT59S"),
        (HOUR, "PT1H"),
        (90 * MINUTE, "PT1H30M"),
        (HOUR + SECOND, "PT1H1S"),
        (100 * HOUR + 1, "PT100H"),
    ],
)
def test_shown_durations(microseconds: int, shown: str) -> None:
    assert show_duration(microseconds) == shown


def test_shown_days() -> None:
    assert [show_days(days) for days in (0, 1, 2)] == [
        "0 working days",
        "1 working day",
        "2 working days",
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("P1D", "day"),
        ("P1W", "day"),
        ("P1DT4H", "day"),
        ("P1M", "day"),
        ("2 days", "day"),
        ("1 month", "day"),
        ("0 working days", "^a target of 0 working days"),
        ("PT", "target"),
        ("PT4", "target"),
        ("PT4h", "target"),
        ("PT04H", "target"),
        ("PT1.5H", "target"),
        ("PT30M4H", "target"),
        ("-PT4H", "target"),
        ("4 hours", "target"),
        ("working days", "target"),
        ("03 working days", "target"),
        ("3 working days ", "target"),
        ("PT9999999999H", "target"),
        ("", "target"),
        (None, "target"),
        (4, "target"),
    ],
)
def test_what_is_no_target_is_refused(text: object, word: str) -> None:
    with pytest.raises(Refusal, match=word):
        parse_duration(text)


# Local time (T3) ----------------------------------------------------------------------------------


def offset_at(zone: ZoneInfo, instant: int) -> int:
    offset = datetime_of(instant).astimezone(zone).utcoffset()
    return (offset.days * 86_400 + offset.seconds) * SECOND


@cache
def transitions(name: str) -> tuple[int, ...]:
    """The instants from 1970 to 2037 at which a zone's offset changes, found by walking."""
    zone, found = zone_of(name), []
    step = 20 * DAY
    before, at = offset_at(zone, 0), 0
    while at < 67 * 366 * DAY:
        after = offset_at(zone, at + step)
        if after != before:
            low, high = at, at + step
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset_at(zone, middle) == before else (low, middle)
            found.append(high)
        before, at = after, at + step
    return tuple(found)


def distinct(part: int) -> Iterator[str]:
    """A part of tzdata's zones, each set of rules once."""
    seen = set()
    for name in ALL_ZONES:
        rules = files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
        if rules not in seen:
            seen.add(rules)
            if len(seen) % PARTS == part:
                yield name


def offsets_near(zone: ZoneInfo, near: int) -> set[int]:
    """Every offset within two days of an instant."""
    return {offset_at(zone, near + hours * HOUR) for hours in range(-50, 51, 4)} | {
        offset_at(zone, near - 1),
        offset_at(zone, near),
    }


def judged(zone: ZoneInfo, offsets: set[int], wall: int, near: int) -> tuple[int, int]:
    """The first and the last instant at which the wall says `wall`; in a gap twice the first after.

    `wall` in microseconds as if it were UTC. Asks nothing but what the wall says at an instant.
    """
    found = sorted(at for off in offsets if offset_at(zone, at := wall - off) == off)
    if found:
        return found[0], found[-1]
    low, high = near - 50 * HOUR, near + 50 * HOUR
    while high - low > 1:
        middle = (low + high) // 2
        if middle + offset_at(zone, middle) < wall:
            low = middle
        else:
            high = middle
    return high, high


@pytest.mark.parametrize("part", range(PARTS))
def test_local_time_of_all_zones_around_their_changes(part: int) -> None:
    """A local time that does not exist, exists twice, or exists once (T3)."""
    random = Random(part)
    checked = 0
    for name in distinct(part):
        zone, changes = zone_of(name), transitions(name)
        for change in random.sample(changes, min(len(changes), 4)):
            offsets = offsets_near(zone, change)
            for side in (change - 1, change):
                middle = (side + offset_at(zone, side) + MINUTE - 1) // MINUTE
                for minutes in (-60, -30, -1, 0, 1, 29, 60):
                    wall = (middle + minutes) * MINUTE
                    on = (EPOCH + timedelta(microseconds=wall)).date()
                    into = wall // MINUTE % (24 * 60)
                    found = local_time(zone, on, into)
                    first, last = judged(zone, offsets, wall, change)
                    assert (found.first, found.last) == (first, last), (name, on, into)
                    assert found.change in (first, change)
                    assert (found.change == change) or first == last, (name, on, into)
                    checked += 1
    assert checked > 300


@given(some_zones, dates, st.integers(0, 24 * 60 - 1))
def test_a_late_local_time_is_that_of_the_next_date(zone: str, on: date, minutes: int) -> None:
    known = zone_of(zone)
    assert local_time(known, on, minutes + 24 * 60) == local_time(
        known, on + timedelta(days=1), minutes
    )


@pytest.mark.parametrize(
    ("zone", "on", "minutes", "first", "change", "last"),
    [
        ("UTC", "2026-03-29", 150, "2026-03-29T02:30Z", None, None),
        ("Europe/Brussels", "2026-03-29", 150, "2026-03-29T01:00Z", None, None),
        ("Europe/Brussels", "2026-03-29", 120, "2026-03-29T01:00Z", None, None),
        ("Europe/Brussels", "2026-03-29", 180, "2026-03-29T01:00Z", None, None),
        (
            "Europe/Brussels",
            "2026-10-25",
            150,
            "2026-10-25T00:30Z",
            "2026-10-25T01:00Z",
            "2026-10-25T01:30Z",
        ),
        (
            "Europe/Brussels",
            "2026-10-25",
            120,
            "2026-10-25T00:00Z",
            "2026-10-25T01:00Z",
            "2026-10-25T01:00Z",
        ),
        ("Europe/Brussels", "2026-10-25", 180, "2026-10-25T02:00Z", None, None),
        ("Pacific/Apia", "2011-12-30", 720, "2011-12-30T10:00Z", None, None),
    ],
)
def test_local_times(  # noqa: PLR0917
    zone: str, on: str, minutes: int, first: str, change: str | None, last: str | None
) -> None:
    found = local_time(zone_of(zone), parse_date(on), minutes)
    assert found.first == parse_instant(first)
    assert found.change == parse_instant(change or first)
    assert found.last == parse_instant(last or first)


@given(st.sampled_from(ALL_ZONES[::9]), st.data())
def test_every_instant_has_one_local_date(name: str, data: st.DataObject) -> None:
    zone, changes = zone_of(name), transitions(name)
    near = data.draw(st.sampled_from(changes)) if changes else 0
    at = near + data.draw(
        st.one_of(st.sampled_from((-1, 0, 1)), st.integers(-40 * HOUR, 40 * HOUR))
    )
    on = local_date(zone, at)
    held = {
        day: [span for span in date_spans(zone, day) if span[0] <= at < span[1]]
        for day in (on - timedelta(days=1), on, on + timedelta(days=1))
    }
    assert {day: len(spans) for day, spans in held.items() if spans} == {on: 1}
    assert start_of_date(zone, on) <= at < end_of_date(zone, on)


@given(st.sampled_from(ALL_ZONES), dates)
def test_a_date_lasts_from_its_start_to_its_end(name: str, on: date) -> None:
    zone = zone_of(name)
    spans = date_spans(zone, on)
    if not spans:  # the day was left out
        assert start_of_date(zone, on) == end_of_date(zone, on)
        return
    start, end = start_of_date(zone, on), end_of_date(zone, on)
    assert (spans[0][0], spans[-1][1]) == (start, end)
    assert due_on(zone, on) == end
    assert local_date(zone, start) == on == local_date(zone, end - 1)
    assert local_date(zone, end) > on
    assert 20 * HOUR <= end - start <= 28 * HOUR or name in ("Antarctica/Troll", "Antarctica/Casey")


def test_a_day_that_was_left_out_has_no_instant() -> None:
    apia = zone_of("Pacific/Apia")
    assert date_spans(apia, date(2011, 12, 30)) == []
    assert end_of_date(apia, date(2011, 12, 29)) == start_of_date(apia, date(2011, 12, 31))


def test_two_midnights() -> None:
    """St. John's went from 00:01 back to 23:01: two pieces of either date."""
    zone = zone_of("America/St_Johns")
    before, after = date(2008, 11, 1), date(2008, 11, 2)
    start = parse_instant("2008-11-02T02:30Z")  # 00:00 for the first time
    assert date_spans(zone, after) == [
        (start, start + MINUTE),
        (start + HOUR, parse_instant("2008-11-03T03:30Z")),
    ]
    assert date_spans(zone, before)[-1] == (start + MINUTE, start + HOUR)
    assert end_of_date(zone, before) == start + HOUR
    assert start_of_date(zone, after) == start


def test_a_doubled_midnight_of_one_date() -> None:
    """Havana goes from 01:00 back to 00:00: both midnights begin the same date."""
    zone = zone_of("America/Havana")
    first = parse_instant("2026-11-01T04:00Z")
    assert date_spans(zone, date(2026, 11, 1))[0][0] == first
    assert end_of_date(zone, date(2026, 10, 31)) == first


@pytest.mark.parametrize(
    "name",
    ["Europe/Brussel", "", "../../etc/passwd", "Europe", "europe//Brussels", "/UTC", "UTC\0"],
)
def test_a_zone_that_is_not_in_tzdata_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match=f"no time zone.*{TZDATA_VERSION}"):
        zone_of(name)


def test_noon_offset() -> None:
    zone = zone_of("Europe/Brussels")
    assert noon_offset(zone, date(2026, 3, 28)) == HOUR
    assert noon_offset(zone, date(2026, 3, 29)) == 2 * HOUR


# Dates and rhythms (T9) ---------------------------------------------------------------------------

rhythms = st.one_of(
    st.integers(1, 9999 // 12).map(lambda months: Rhythm(months=months)),
    st.integers(1, 9999).map(lambda days: Rhythm(days=days)),
)


@given(rhythms)
def test_a_rhythm_is_read_as_it_is_shown(rhythm: Rhythm) -> None:
    assert parse_rhythm(str(rhythm)) == rhythm


@pytest.mark.parametrize(
    ("text", "rhythm", "shown"),
    [
        ("1 day", Rhythm(days=1), "1 day"),
        ("2 weeks", Rhythm(days=14), "14 days"),
        ("1 month", Rhythm(months=1), "1 month"),
        ("3 months", Rhythm(months=3), "3 months"),
        ("24 months", Rhythm(months=24), "2 years"),
        ("1 year", Rhythm(months=12), "1 year"),
        ("5 years", Rhythm(months=60), "5 years"),
    ],
)
def test_rhythms(text: str, rhythm: Rhythm, shown: str) -> None:
    assert parse_rhythm(text) == rhythm
    assert str(rhythm) == shown


@pytest.mark.parametrize(
    "text", ["0 months", "P1M", "month", "1.5 years", "01 month", "1 Month", "10000 days", 3, None]
)
def test_what_is_no_rhythm_is_refused(text: object) -> None:
    with pytest.raises(Refusal, match="not a term"):
        parse_rhythm(text)


@given(dates, st.integers(-600, 600))
def test_months_move_a_date_as_a_calendar_on_the_wall_would(on: date, months: int) -> None:
    year, month = on.year, on.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        year, month = (
            (year + 1, 1) if month == 13 else (year - 1, 12) if month == 0 else (year, month)
        )
    moved = add(on, Rhythm(months=1), months)
    assert (moved.year, moved.month) == (year, month)
    last_of_month = (moved + timedelta(days=1)).day == 1
    assert moved.day == on.day or (last_of_month and moved.day < on.day)
    assert add(on, Rhythm(months=months)) == moved


@pytest.mark.parametrize("of_year", [1900, 2000, 2026, 2028, 2100])
def test_the_31st_moves_to_each_months_last_day(of_year: int) -> None:
    """Of plain years, leap years and centuries, which are one in four of a leap year."""
    for month in range(1, 13):
        moved = add(date(of_year - 1, 12, 31), Rhythm(months=month))
        assert moved == date(of_year, month, monthrange(of_year, month)[1])
        assert add(date(of_year, 12, 31), Rhythm(months=12 - month), -1) == moved


@given(dates, st.integers(1, 400), st.integers(-20, 20))
def test_days_are_days(on: date, days: int, times: int) -> None:
    assert add(on, Rhythm(days=days), times) == on + timedelta(days=days * times)


def test_a_date_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(Refusal, match="leaves the calendar"):
        add(date(2026, 1, 1), Rhythm(months=12), 9000)
    with pytest.raises(Refusal, match="leaves the calendar"):
        add(date(2026, 1, 1), Rhythm(days=9999), 10**9)


@given(st.dates(date(1, 1, 1), date(9999, 11, 30)))
def test_a_date_is_read_as_it_is_shown(on: date) -> None:
    assert parse_date(str(on)) == on


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29",
        "20260302",
        "2026-3-2",
        "2026-03-02T00:00Z",
        "9999-12-31",
        date(2026, 3, 2),
        None,
    ],
)
def test_what_is_no_date_is_refused(text: object) -> None:
    with pytest.raises(Refusal, match="not a date"):
        parse_date(text)


@pytest.mark.parametrize("text", ["P1D", "P2W", "P1M", "1 day", "3 days", "2 weeks", "1 month"])
def test_a_day_or_more_is_refused_with_what_to_write_instead(text: str) -> None:
    with pytest.raises(Refusal, match=r"is no service time; write hours \(PT8H\) or working days$"):
        parse_duration(text)


def test_an_unknown_zone_is_refused_with_the_data_that_does_not_know_it() -> None:
    with pytest.raises(
        Refusal, match=rf"^there is no time zone 'Mars/North' in tzdata {TZDATA_VERSION}$"
    ):
        zone_of("Mars/North")
