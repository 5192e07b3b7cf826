"""The slow judge's calendars: zones and opening hours, found by looking (SEMANTICS T3, T4, T8).

Everything here is naive on purpose. Instants are int microseconds since 1970 UTC; zoneinfo is
asked what the wall clock shows at an instant, and local times are turned into instants by
searching for the instants that show them. Nothing is shared with `afspraak.engine`.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC by design
UTC_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Refused(Exception):
    """The question must not be answered; the message says what is missing."""


def wall_clock(zone: ZoneInfo, at: int) -> dt.datetime:
    """What a clock on the wall shows at the instant `at`: a naive datetime."""
    moment = UTC_EPOCH + dt.timedelta(microseconds=at)
    return moment.astimezone(zone).replace(tzinfo=None)


def as_if_utc(local: dt.datetime) -> int:
    """The instant at which a clock in UTC shows `local`: where a search starts."""
    return (local - EPOCH) // dt.timedelta(microseconds=1)


@cache
def occurrences(zone: ZoneInfo, local: dt.datetime) -> tuple[int, ...]:
    """Every instant at which the wall shows `local`, in order: none in a gap, two in autumn.

    Looks at the offsets in use within 30 hours on either side, and tries each.
    """
    middle = as_if_utc(local)
    found = set()
    for hours in range(-30, 31, 3):
        near = middle + hours * HOUR
        offset = as_if_utc(wall_clock(zone, near)) - near
        if wall_clock(zone, middle - offset) == local:
            found.add(middle - offset)
    return tuple(sorted(found))


@cache
def after_the_gap(zone: ZoneInfo, local: dt.datetime) -> int:
    """The first instant whose wall clock is past `local`, found second by second (T3)."""
    at = as_if_utc(local) - 30 * HOUR
    while wall_clock(zone, at + HOUR) < local:
        at += HOUR
    while wall_clock(zone, at) < local:
        at += SECOND
    return at


def opening_at(zone: ZoneInfo, local: dt.datetime) -> int:
    """The instant of a local opening: the first occurrence, or the end of the gap (T3)."""
    found = occurrences(zone, local)
    return found[0] if found else after_the_gap(zone, local)


def closing_at(zone: ZoneInfo, local: dt.datetime) -> int:
    """The instant of a local closing: the last occurrence, or the end of the gap (T3)."""
    found = occurrences(zone, local)
    return found[-1] if found else after_the_gap(zone, local)


def local_date(zone: ZoneInfo, at: int) -> dt.date:
    """The date on the wall at the instant `at`."""
    return (UTC_EPOCH + dt.timedelta(microseconds=at)).astimezone(zone).date()


def is_plain_hour(zone: ZoneInfo, at: int) -> bool:
    """Whether the wall shows one date for an hour, in which no clock is changed."""
    before, after = wall_clock(zone, at - SECOND), wall_clock(zone, at + HOUR)
    return before.date() == after.date() and after - before == dt.timedelta(hours=1, seconds=1)


@cache
def date_changes(zone: ZoneInfo, day: int) -> tuple[int, ...]:
    """The instants of the UTC day number `day` at which the local date changes.

    Goes through the hours in which it may, minute by minute, and through a minute with a change
    second by second.
    """
    found = []
    for hour in range(day * DAY, (day + 1) * DAY, HOUR):
        if is_plain_hour(zone, hour):
            continue
        for minute in range(hour, hour + HOUR, 60 * SECOND):
            if local_date(zone, minute - SECOND) != local_date(zone, minute + 59 * SECOND):
                seconds = range(minute, minute + 60 * SECOND, SECOND)
                found += [
                    at for at in seconds if local_date(zone, at - SECOND) != local_date(zone, at)
                ]
    return tuple(found)


@cache
def end_of_date(zone: ZoneInfo, date: dt.date) -> int:
    """The first instant at which the date is over for good: what `24:00` means (T3).

    Where midnight comes twice on the new date (Azores), the date ends at the first; where the old
    date comes back for an hour (St John's), at the second; a date that never was ends with its gap.
    """
    midnight = dt.datetime.combine(date + dt.timedelta(days=1), dt.time())
    middle = as_if_utc(midnight) // DAY
    found = [
        at
        for day in range(middle - 2, middle + 3)
        for at in date_changes(zone, day)
        if local_date(zone, at - SECOND) == date
    ]
    return found[-1] if found else opening_at(zone, midnight)


def minutes_of(text: str) -> int:
    """Minutes since midnight of `HH:MM`; refuses anything else."""
    if not re.fullmatch(r"[0-9]{2}:[0-9]{2}", text):
        raise Refused(f"malformed interval: {text!r} is no time")
    hour, minute = int(text[:2]), int(text[3:])
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise Refused(f"malformed interval: {text!r} is no time")
    return hour * 60 + minute


def interval_of(text: str) -> tuple[int, int]:
    """(opening, closing) in minutes since the start of the date; past 1440 is the next date."""
    parts = str(text).split("-")
    if len(parts) != 2:
        raise Refused(f"malformed interval {text!r}")
    opens, closes = minutes_of(parts[0]), minutes_of(parts[1])
    if opens >= 24 * 60:
        raise Refused(f"interval {text!r} opens at 24:00")
    if closes == 0:
        closes = 24 * 60
    if opens == closes:
        raise Refused(f"interval {text!r} has no length")
    return (opens, closes) if closes > opens else (opens, closes + 24 * 60)


def intervals_of(texts: list[str]) -> list[tuple[int, int]]:
    """The intervals of one date; refuses two that overlap (touching is fine)."""
    found = [interval_of(text) for text in texts]
    for i, one in enumerate(found):
        for other in found[i + 1 :]:
            if one[0] < other[1] and other[0] < one[1]:
                raise Refused(f"intervals overlap: {texts}")
    return found


def week_of(name: str, week: dict[str, list[str]]) -> dict[int, list[tuple[int, int]]]:
    """Intervals by weekday (Monday is 0); refuses a weekday that is given twice."""
    found: dict[int, list[tuple[int, int]]] = {}
    for key, texts in week.items():
        first, _, last = key.partition("-")
        last = last or first
        if first not in WEEKDAYS or last not in WEEKDAYS:
            raise Refused(f"calendar {name}: unknown weekday {key!r}")
        days = range(WEEKDAYS.index(first), WEEKDAYS.index(last) + 1)
        if not days:
            raise Refused(f"calendar {name}: empty range of weekdays {key!r}")
        for weekday in days:
            if weekday in found:
                raise Refused(f"calendar {name}: weekday {WEEKDAYS[weekday]} is given twice")
            found[weekday] = intervals_of(texts)
    return found


@cache
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone as the tzdata wheel has it; refuses one that does not exist, by its name.

    The system's own files may be older, and then tell another story about the same night.
    """
    wheel = resources.files("tzdata")
    if name not in wheel.joinpath("zones").read_text(encoding="utf-8").split():
        raise Refused(f"zone {name} does not exist")
    with wheel.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def country_holidays(code: str) -> holidays.HolidayBase:
    """Public holidays of `BE` or `DE-BY`; refuses an unknown country or region by its code."""
    country, _, region = code.partition("-")
    try:
        return holidays.country_holidays(country, subdiv=region or None)
    except NotImplementedError as error:
        raise Refused(f"country {code}: no holidays known") from error


class Calendar:
    """Opening hours as the case states them, asked instant by instant (T4)."""

    def __init__(self, name: str, plan: dict) -> None:
        self.name = name
        self.zone = zone_of(plan["zone"])
        self.week = week_of(name, plan.get("week") or {})
        self.holidays = country_holidays(plan["holidays"]) if plan.get("holidays") else ()
        self.closed_dates = [dt.date.fromisoformat(text) for text in plan.get("closed") or []]
        self.exceptions = {
            dt.date.fromisoformat(text): intervals_of(hours or [])
            for text, hours in (plan.get("exceptions") or {}).items()
        }
        self.cover = self._cover(plan.get("cover"))
        self._own_spans: dict[dt.date, list[tuple[int, int]]] = {}
        self._stretches: dict[tuple[int, int], list[tuple[int, int, bool]]] = {}
        self._last_closing: dict[dt.date, int | None] = {}

    def _cover(self, cover: list[str] | None) -> tuple[int, int] | None:
        if cover is None:
            return None
        first, until = (dt.date.fromisoformat(text) for text in cover)
        begins = opening_at(self.zone, dt.datetime.combine(first, dt.time()))
        return begins, end_of_date(self.zone, until - dt.timedelta(days=1))

    def date_at(self, at: int) -> dt.date:
        """The local date at an instant."""
        return local_date(self.zone, at)

    def is_closed_date(self, date: dt.date) -> bool:
        """Whether the whole date is closed: by exception, holiday or list (T4)."""
        if date in self.exceptions:
            return not self.exceptions[date]
        return date in self.holidays or date in self.closed_dates

    def own_spans(self, date: dt.date) -> list[tuple[int, int]]:
        """The spans [from, to) that start on `date`, before closed dates cut them (T3, T4)."""
        if date not in self._own_spans:
            self._own_spans[date] = list(self._convert(date))
        return self._own_spans[date]

    def _convert(self, date: dt.date) -> Iterator[tuple[int, int]]:
        if self.is_closed_date(date):
            return
        midnight = dt.datetime.combine(date, dt.time())
        for opens, closes in self.exceptions.get(date, self.week.get(date.weekday(), [])):
            start = opening_at(self.zone, midnight + dt.timedelta(minutes=opens))
            end = (
                end_of_date(self.zone, date)
                if closes == 24 * 60
                else closing_at(self.zone, midnight + dt.timedelta(minutes=closes))
            )
            if start < end:
                yield start, end

    def is_open(self, at: int) -> bool:
        """Whether the calendar is open at the instant `at` (T4)."""
        today = self.date_at(at)
        if self.is_closed_date(today):
            return False
        return any(
            start <= at < end
            for days in range(-3, 4)
            for start, end in self.own_spans(today + dt.timedelta(days=days))
        )

    def stretches(self, day: int, step: int) -> list[tuple[int, int, bool]]:
        """The UTC day cut into (from, to, open) at every multiple of `step` and every change."""
        if (day, step) not in self._stretches:
            edges = sorted(self._edges(day, step))
            self._stretches[day, step] = [(a, b, self.is_open(a)) for a, b in pairwise(edges)]
        return self._stretches[day, step]

    def _edges(self, day: int, step: int) -> set[int]:
        first, last = day * DAY, (day + 1) * DAY
        edges = {*range(first, last, step), last, *date_changes(self.zone, day)}
        today = self.date_at(first)
        for days in range(-3, 5):
            for span in self.own_spans(today + dt.timedelta(days=days)):
                edges.update(at for at in span if first < at < last)
        return edges

    def last_closing(self, date: dt.date) -> int | None:
        """When the last open time of the date's own intervals ends; None if it has none (T5)."""
        if date not in self._last_closing:
            ends = [
                min(b, end)
                for start, end in self.own_spans(date)
                for day in range(start // DAY, (end - 1) // DAY + 1)
                for a, b, is_open in self.stretches(day, HOUR)
                if is_open and a < end and b > start
            ]
            self._last_closing[date] = max(ends) if ends else None
        return self._last_closing[date]

    def refuse_if_over(self, date: dt.date) -> None:
        """Refuses when neither a week nor an exception can open the calendar from `date` on."""
        if any(self.week.values()):
            return
        if not self.exceptions or max(self.exceptions) + dt.timedelta(days=3) < date:
            raise Refused(f"calendar {self.name} never opens again")

    def require_start(self, at: int) -> None:
        """Refuses a start outside the cover (T8)."""
        if self.cover and not self.cover[0] <= at < self.cover[1]:
            raise Refused(f"calendar {self.name}: {wall_clock(self.zone, at)} is outside its cover")

    def require_end(self, at: int) -> None:
        """Refuses an end outside the cover; its very end is inside (T8)."""
        if self.cover and at > self.cover[1]:
            raise Refused(f"calendar {self.name}: {wall_clock(self.zone, at)} is outside its cover")
