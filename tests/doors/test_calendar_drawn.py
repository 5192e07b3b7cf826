"""A calendar as it is drawn is the calendar as it runs: the same minutes, holidays told apart from
what was closed by agreement, night shifts cut at midnight, clock changes on the wall.
"""

from datetime import date

import pytest

from afspraak.engine.hours import Calendar, Interval, lay_out
from afspraak.engine.time import MINUTE, parse_instant
from afspraak.web.calendar_drawn import dated, tone_of, week, year
from afspraak.web.speaking import Speaking

ZONE = "Europe/Amsterdam"
COVER = (date(2027, 1, 1), date(2028, 1, 1))
DAYS = (Interval(510, 1050),)
OFFICE = ((DAYS,) * 5) + ((), ())
NIGHTS = ((Interval(1320, 1800),),) * 7
HOLIDAY, CLOSED, OTHER = date(2027, 3, 29), date(2027, 3, 31), date(2027, 4, 1)
NAMES = {HOLIDAY: "Tweede paasdag"}
EXCEPTIONS = {OTHER: (Interval(540, 720),), date(2027, 4, 2): ()}


def calendar(hours: tuple[tuple[Interval, ...], ...]) -> Calendar:
    return Calendar("k", ZONE, hours, frozenset({HOLIDAY, CLOSED}), EXCEPTIONS, COVER)


@pytest.mark.parametrize("hours", [OFFICE, NIGHTS, ((Interval(0, 1440),),) * 7])
@pytest.mark.parametrize(
    ("monday", "sunday"),
    [("2027-03-29", "2027-04-05"), ("2027-06-07", "2027-06-14")],
)
def test_a_week_shows_the_minutes_that_run(
    hours: tuple[tuple[Interval, ...], ...], monday: str, sunday: str
) -> None:
    laid = lay_out(calendar(hours))
    start, end = (parse_instant(f"{each}T00:00:00+02:00") for each in (monday, sunday))
    shown = week(laid, NAMES, Speaking(ZONE, start + 60 * MINUTE))
    drawn = sum(length for each in shown for _start, length in each.spans)
    assert drawn == laid.elapsed(start, end) // MINUTE
    assert [each.now is not None for each in shown] == [True] + [False] * 6
    assert all(x >= 0 and x + length <= 1440 for each in shown for x, length in each.spans)


def test_a_lost_hour_is_no_hole_in_the_picture() -> None:
    """On the wall the clock goes from two to three: the day is drawn whole."""
    laid = lay_out(calendar(((Interval(0, 1440),),) * 7))
    shown = week(laid, NAMES, Speaking(ZONE, parse_instant("2027-03-28T12:00:00+02:00")))
    assert shown[6].spans == ((0, 1440),)


def test_each_kind_of_date_is_told_apart() -> None:
    told = calendar(OFFICE)
    kinds = {
        HOLIDAY: "holiday",
        CLOSED: "closed",
        OTHER: "other",
        date(2027, 4, 2): "closed",
        date(2027, 4, 3): "free",
        date(2027, 4, 5): "open",
        date(2028, 1, 1): "outside",
    }
    assert {on: tone_of(told, NAMES, on) for on in kinds} == kinds
    speaking = Speaking(ZONE, parse_instant("2027-03-02T10:00:00+01:00"))
    rows = dated(told, NAMES, 2027, speaking)
    assert [each.on for each in rows] == [HOLIDAY, CLOSED, OTHER, date(2027, 4, 2)]
    assert rows[0].what == "Tweede paasdag"
    assert rows[2].hours == "09:00 - 12:00"


def test_a_year_has_each_of_its_days_once() -> None:
    speaking = Speaking(ZONE, parse_instant("2027-03-02T10:00:00+01:00"))
    months = year(calendar(OFFICE), NAMES, 2027, date(2027, 3, 2), speaking)
    assert sum(len(each.cells) for each in months) == 365
    for month in months:
        assert len({cell.place for cell in month.cells}) == len(month.cells)
        assert max(int(cell.place.split()[1]) for cell in month.cells) < month.height
    assert [cell.day for each in months for cell in each.cells if cell.is_today] == ["2"]
