"""A service calendar drawn: this week hour by hour, a year day by day, and the dates that are not
as the week has them. Colour, shape and word say the same.
"""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.engine.hours import Calendar, Hours, Interval
from afspraak.engine.time import MINUTE, datetime_of, end_of_date, start_of_date, zone_of
from afspraak.reports.speech import capital
from afspraak.web.speaking import Speaking

Tone = Literal["open", "free", "holiday", "closed", "other", "outside"]
"""As the week has it, open or not; a public holiday; closed by name; other hours; not covered."""
Names = Mapping[date, str]
WEEK: Final = 7
MONTHS: Final = 12
CELL: Final = 22
"""The side of a day in its month's own units."""
WHOLE: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class DayShown:
    """A date of the week: its open stretches (start, length) in minutes of its wall, and in words.

    `now` is where the day stands now, in the same minutes; None on every other date.
    """

    name: str
    spans: tuple[tuple[int, int], ...]
    hours: str
    note: str
    tone: Tone
    now: int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A date as it stands in its month: `place` is its `x y`. Both are text, as a number costs a
    template ten times what a text does, and a year has many.
    """

    place: str
    day: str
    tone: Tone
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month; `told` says in words what its picture shows."""

    name: str
    told: str
    cells: tuple[Cell, ...]
    height: int


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that is not as the week has it."""

    on: date
    name: str
    what: str
    hours: str
    tone: Tone


def tone_of(calendar: Calendar, names: Names, on: date) -> Tone:
    """What kind of date it is (T4)."""
    if not calendar.cover[0] <= on < calendar.cover[1]:
        return "outside"
    hours = calendar.exceptions.get(on)
    if hours:
        return "other"
    if hours is not None or on in calendar.closed:
        return "holiday" if on in names and hours is None else "closed"
    return "open" if calendar.week[on.weekday()] else "free"


# This week ---------------------------------------------------------------------------------------


def week(hours: Hours, names: Names, speaking: Speaking) -> list[DayShown]:
    """From Monday to Sunday, each date from its first instant to its last (T3)."""
    zone = zone_of(hours.calendar.zone)
    today = datetime_of(speaking.at).astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = (monday + timedelta(days=each) for each in range(WEEK))
    return [_day(hours, names, on, today, speaking) for on in days]


def _day(hours: Hours, names: Names, on: date, today: date, speaking: Speaking) -> DayShown:
    tone = tone_of(hours.calendar, names, on)
    spans = tuple(_on_wall(hours, on))
    told = ", ".join(f"{_clock(start)} - {_clock(start + length)}" for start, length in spans)
    now = _minute(hours, speaking.at) if on == today else None
    is_dated = tone in ("holiday", "closed", "other")
    note = what_of(tone, names.get(on, "")) if is_dated or tone == "outside" else ""
    name = speaking.texts.day(on)
    return DayShown(name, spans, told or _("closed"), note, tone, now)


def _on_wall(hours: Hours, on: date) -> Iterator[tuple[int, int]]:
    """The open stretches of a date, night shifts cut at its midnights."""
    zone = zone_of(hours.calendar.zone)
    start, end = start_of_date(zone, on), end_of_date(zone, on)
    place = bisect_right(hours.edges, start)
    opens = start if place % 2 else None
    for edge in [*hours.edges[place:], end]:
        until = min(edge, end)
        if opens is not None and until > opens:
            first = _minute(hours, opens)
            last = WHOLE if until == end else _minute(hours, until)
            yield first, last - first
        if edge >= end:
            return
        opens = edge if opens is None else None


def _minute(hours: Hours, at: int) -> int:
    """The minute on the wall at an instant."""
    local = datetime_of(at - at % MINUTE).astimezone(zone_of(hours.calendar.zone))
    return local.hour * 60 + local.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


# A year ------------------------------------------------------------------------------------------


def year(
    calendar: Calendar, names: Names, number: int, today: date, speaking: Speaking
) -> list[MonthShown]:
    """Twelve months, Monday first."""
    firsts = (date(number, month, 1) for month in range(1, MONTHS + 1))
    return [_month(calendar, names, each, today, speaking) for each in firsts]


def _month(
    calendar: Calendar, names: Names, first: date, today: date, speaking: Speaking
) -> MonthShown:
    dates = [first + timedelta(days=each) for each in range(monthrange(first.year, first.month)[1])]
    tones = [tone_of(calendar, names, on) for on in dates]
    cells = tuple(
        Cell(
            place=f"{on.weekday() * CELL} {_row(on) * CELL}",
            day=str(on.day),
            tone=tone,
            is_today=on == today,
        )
        for on, tone in zip(dates, tones, strict=True)
    )
    number = sum(each in ("open", "other") for each in tones)
    told = ngettext("%(n)s open day", "%(n)s open days", number) % {"n": number}
    name = capital(speaking.texts.month(first))
    return MonthShown(name, told, cells, (_row(dates[-1]) + 1) * CELL)


def _row(on: date) -> int:
    """Which week of its month, from Monday on, a date lies in; 0 is the first."""
    return (on.day - 1 + on.replace(day=1).weekday()) // WEEK


def dated(calendar: Calendar, names: Names, number: int, speaking: Speaking) -> list[Dated]:
    """The dates of a year that are not as the week has them, in their order."""
    known = {*calendar.closed, *calendar.exceptions}
    found = []
    for on in sorted(each for each in known if each.year == number):
        tone = tone_of(calendar, names, on)
        if tone in ("holiday", "closed", "other"):
            hours = ", ".join(map(_interval, calendar.exceptions.get(on, ()))) or _("closed")
            what = what_of(tone, names.get(on, ""))
            found.append(Dated(on, speaking.texts.day(on), what, hours, tone))
    return found


def _interval(interval: Interval) -> str:
    closes = interval.closes if interval.closes <= WHOLE else interval.closes - WHOLE
    return f"{_clock(interval.opens)} - {_clock(closes)}"


def what_of(tone: Tone, name: str) -> str:
    """A kind of date in words; a holiday by its name."""
    words = {
        "closed": _("closed by agreement"),
        "other": _("other hours"),
        "outside": _("outside the calendar of the agreement"),
        "holiday": _("public holiday"),
    }
    told = words.get(tone, "")
    return f"{name}: {told}" if name and tone == "other" else name or told


def legend() -> list[tuple[Tone, str]]:
    """Every kind of date, and what it is called."""
    return [
        ("open", _("open")),
        ("free", _("not open")),
        ("holiday", _("public holiday")),
        ("closed", _("closed by agreement")),
        ("other", _("other hours")),
        ("outside", _("outside the calendar of the agreement")),
    ]
