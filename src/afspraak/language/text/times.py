"""Durations, rhythms, dates, instants and opening hours as a language writes them, each with its
inverse.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from afspraak.engine.hours import Interval
from afspraak.engine.time import (
    HOUR,
    MINUTE,
    SECOND,
    Duration,
    Rhythm,
    ServiceTime,
    WorkingDays,
    datetime_of,
    zone_of,
)
from afspraak.language.text.amounts import parse_whole, show_decimal
from afspraak.language.text.words import UnreadableError, Values, both, fill, read

UNITS: Final = (("hour", HOUR), ("minute", MINUTE), ("second", SECOND))
_DAY: Final = 24 * 60
_ALL_DAY: Final = (Interval(0, _DAY),)
_YEAR: Final = 12
_WEEK: Final = 7


# Durations (T5) --------------------------------------------------------------------------------


def show_time(microseconds: int, values: Values) -> str:
    """`4 uur en 30 minuten`: whole seconds; zero as `0 minuten`."""
    rest, parts = microseconds, []
    for unit, length in UNITS:
        number, rest = divmod(rest, length)
        if number:
            parts.append(_counted(number, values.duration[unit], values))
    return both(parts, values) or _counted(0, values.duration["minute"], values)


def parse_time(text: str, values: Values) -> int:
    """The inverse of `show_time`, in microseconds."""
    found = 0
    parts = re.split(f"{re.escape(values.comma)}|{re.escape(values.both)}", text)
    lengths = {name: length for unit, length in UNITS for name in values.duration[unit]}
    for part in parts:
        number, _, unit = part.partition(" ")
        if unit not in lengths:
            raise UnreadableError(f"{text!r} is not a duration")
        found += parse_whole(number, values) * lengths[unit]
    return found


def _counted(number: int, names: Sequence[str], values: Values) -> str:
    return f"{show_decimal(number, values)} {names[number != 1]}"


def show_duration(duration: Duration, values: Values) -> str:
    """`4 uur servicetijd` or `3 werkdagen`: which of the kinds it is, is always said (T5)."""
    if isinstance(duration, WorkingDays):
        return _counted(duration.days, values.working_days, values)
    return fill(values.service_time, duration=show_time(duration.microseconds, values))


def parse_duration(text: str, values: Values) -> Duration:
    """The inverse of `show_duration`."""
    number, _, unit = text.partition(" ")
    if unit in values.working_days:
        return WorkingDays(parse_whole(number, values))
    return ServiceTime(parse_time(read(values.service_time, text)["duration"], values))


# Rhythms (T9) ----------------------------------------------------------------------------------


def _steps(rhythm: Rhythm) -> tuple[int, str]:
    if rhythm.days:
        weeks, rest = divmod(rhythm.days, _WEEK)
        return (rhythm.days, "day") if rest else (weeks, "week")
    years, rest = divmod(rhythm.months, _YEAR)
    return (rhythm.months, "month") if rest else (years, "year")


def _rhythm(number: int, unit: str) -> Rhythm:
    sizes = {"day": (0, 1), "week": (0, _WEEK), "month": (1, 0), "year": (_YEAR, 0)}
    months, days = sizes[unit]
    return Rhythm(months=number * months, days=number * days)


def show_rhythm(rhythm: Rhythm, values: Values) -> str:
    """`3 maanden`, `1 jaar`: a term."""
    number, unit = _steps(rhythm)
    return _counted(number, values.rhythm[unit], values)


def parse_rhythm(text: str, values: Values) -> Rhythm:
    """The inverse of `show_rhythm`."""
    number, _, name = text.partition(" ")
    for unit, names in values.rhythm.items():
        if name in names:
            return _rhythm(parse_whole(number, values), unit)
    raise UnreadableError(f"{text!r} is not a term")


def show_every(rhythm: Rhythm, values: Values) -> str:
    """`elke maand`, `elke 3 maanden`: how often."""
    number, unit = _steps(rhythm)
    one, many = values.every[unit]
    return one if number == 1 else fill(many, number=show_decimal(number, values))


def parse_every(text: str, values: Values) -> Rhythm:
    """The inverse of `show_every`."""
    for unit, (one, many) in values.every.items():
        if text == one:
            return _rhythm(1, unit)
        head, tail = many.split("{number}")
        if text.startswith(head) and text.endswith(tail):
            number = text.removeprefix(head).removesuffix(tail)
            return _rhythm(parse_whole(number, values), unit)
    raise UnreadableError(f"{text!r} is not a rhythm")


# Dates and instants ----------------------------------------------------------------------------


def show_date(on: date, values: Values) -> str:
    """`1 januari 2027`, `1er janvier 2027`."""
    day = fill(values.first_of_month, day="1") if on.day == 1 else str(on.day)
    return fill(values.date, day=day, month=values.months[on.month - 1], year=f"{on.year:04}")


def parse_date(text: str, values: Values) -> date:
    """The inverse of `show_date`."""
    found = read(values.date, text, day=r"\S+", month=r"\S+", year="[0-9]{4}")
    first = fill(values.first_of_month, day="1")
    try:
        day = 1 if found["day"] == first else int(found["day"])
        return date(int(found["year"]), values.months.index(found["month"]) + 1, day)
    except ValueError:
        raise UnreadableError(f"{text!r} is not a date") from None


def show_instant(at: int, zone: str, values: Values) -> str:
    """`dinsdag 2 juni 2026 om 09:40`, on the wall of the zone; seconds only where there are."""
    moment = datetime_of(at).astimezone(zone_of(zone))
    return fill(
        values.instant,
        weekday=values.weekdays[moment.weekday()],
        date=show_date(moment.date(), values),
        time=f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}",
    )


# Opening hours (T4) ----------------------------------------------------------------------------


def show_clock(minutes: int, values: Values) -> str:
    """`08:30`; past midnight `06:00 de volgende dag`."""
    days, rest = (0, _DAY) if minutes == _DAY else divmod(minutes, _DAY)
    time = f"{rest // 60:02}:{rest % 60:02}"
    return fill(values.next_day, time=time) if days else time


def parse_clock(text: str, values: Values) -> int:
    """The inverse of `show_clock`, in minutes after 00:00."""
    found = re.match(r"([0-9]{2}):([0-9]{2})", text)
    if found is None:
        raise UnreadableError(f"{text!r} is not a time")
    minutes = int(found[1]) * 60 + int(found[2])
    if show_clock(minutes, values) == text:
        return minutes
    if show_clock(minutes + _DAY, values) == text:
        return minutes + _DAY
    raise UnreadableError(f"{text!r} is not a time")


def show_intervals(intervals: Sequence[Interval], values: Values) -> str:
    """`van 09:00 tot 12:00 en van 13:00 tot 17:00`; `gesloten`; `dag en nacht`."""
    if tuple(intervals) == _ALL_DAY:
        return values.round_the_clock
    spans = [
        fill(
            values.interval,
            opens=show_clock(each.opens, values),
            closes=show_clock(each.closes, values),
        )
        for each in intervals
    ]
    return both(spans, values) or values.no_hours


def parse_intervals(text: str, values: Values) -> tuple[Interval, ...]:
    """The inverse of `show_intervals`."""
    if text == values.round_the_clock:
        return _ALL_DAY
    if text == values.no_hours:
        return ()
    joint = f"(?:{re.escape(values.comma)}|{re.escape(values.both)})"
    opening = re.escape(values.interval.partition("{opens}")[0])
    found = []
    for part in re.split(f"{joint}(?={opening}[0-9])", text):
        span = read(values.interval, part)
        found.append(Interval(*(parse_clock(span[end], values) for end in ("opens", "closes"))))
    return tuple(found)


def show_days(first: int, last: int, values: Values) -> str:
    """`maandag tot en met vrijdag`; one day by its name. Monday is 0."""
    names = values.weekdays[first], values.weekdays[last]
    return names[0] if first == last else fill(values.weekday_range, first=names[0], last=names[1])


def parse_days(text: str, values: Values) -> tuple[int, int]:
    """The inverse of `show_days`."""
    days = {show_days(one, two, values): (one, two) for one in range(7) for two in range(one, 7)}
    if text not in days:
        raise UnreadableError(f"{text!r} names no weekdays")
    return days[text]


def week_lines(week: Sequence[Sequence[Interval]]) -> list[tuple[int, int, tuple[Interval, ...]]]:
    """The week as stretches of days with the same hours: first day, last day, hours; closed days
    too.
    """
    lines: list[tuple[int, int, tuple[Interval, ...]]] = []
    day = 0
    for hours, same in groupby(week, key=tuple):
        count = len(list(same))
        lines.append((day, day + count - 1, hours))
        day += count
    return lines
