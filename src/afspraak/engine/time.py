"""Instants, durations, local time and dates (SEMANTICS T1-T3, T5, T9). Local time is turned into
UTC here and nowhere else.

An instant is an `int`: microseconds since 1970-01-01T00:00Z. A date is a `datetime.date`. Spans are
half-open.
"""

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import tzdata

from afspraak.engine.values import Value

SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_ONE_DAY: Final = timedelta(days=1)
_FARTHEST: Final = date(9999, 12, 1)

TZDATA_VERSION: Final[str] = tzdata.IANA_VERSION
"""The zone data that every answer rests on; it stands in every result."""


class Refusal(ValueError):
    """A question that the law does not answer (SEMANTICS T8): the message names what is missing or
    wrong.

    With `slots` the message is a template, `there is no %(what)s`, so that a door can say it in its
    reader's language; a slot whose name ends in `at` is an instant in microseconds.
    """

    def __init__(self, message: str, **slots: str | int) -> None:
        super().__init__(message)
        self.message = message
        self.slots = slots

    def __str__(self) -> str:
        """In English, as the log and programs read it."""
        return self.message % _shown(self.slots) if self.slots else self.message


def _shown(slots: Mapping[str, str | int]) -> dict[str, str]:
    return {
        name: show_instant(each) if isinstance(each, int) else each for name, each in slots.items()
    }


# Instants (T1) ---------------------------------------------------------------------------------

# Patterns are text: `re` compiles each when it is first asked, and a fresh process answers sooner.
_INSTANT: Final = (
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9])"
    r"(?::([0-5][0-9])(?:\.([0-9]{1,6}))?)?(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)


def parse_instant(text: object) -> int:
    """ISO 8601 with an offset and at most six decimals -> microseconds. Refuses anything else (T1,
    T3).
    """
    match = re.fullmatch(_INSTANT, text) if isinstance(text, str) else None
    if match is None:
        raise Refusal(f"{text!r} is not an instant: write it as 2026-03-02T09:00:00+01:00")
    if match[8] is None:
        raise Refusal(f"the instant {text} has no offset: add one, as +01:00 or Z")
    try:
        moment = datetime.fromisoformat(match[0])
        return (moment.astimezone(UTC) - EPOCH) // _MICROSECOND
    except (ValueError, OverflowError) as error:
        raise Refusal(f"{text} is not an instant: {error}") from None


def instant_of(moment: datetime) -> int:
    """An aware datetime -> microseconds. A naive one is refused: it has no offset (T3)."""
    if moment.tzinfo is None:
        raise Refusal(f"the instant {moment} has no offset: give it a time zone")
    since = moment - EPOCH if moment.tzinfo is UTC else moment.astimezone(UTC) - EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def datetime_of(instant: int) -> datetime:
    """Microseconds -> an aware datetime in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def show_instant(instant: int, zone: str = "UTC") -> str:
    """Microseconds -> ISO 8601 with the zone's offset at that instant."""
    return datetime_of(instant).astimezone(zone_of(zone)).isoformat()


# Durations (T5) --------------------------------------------------------------------------------


class ServiceTime(Value):
    """Hours in which the calendar is open, in microseconds; clock time is service time on a 24x7
    calendar.
    """

    __slots__ = __match_args__ = ("microseconds",)
    microseconds: int

    def __init__(self, microseconds: int) -> None:
        object.__setattr__(self, "microseconds", microseconds)

    def __str__(self) -> str:
        return show_duration(self.microseconds)


class WorkingDays(Value):
    """Open dates after the day of start; never 24 hours of anything. At least one."""

    __slots__ = __match_args__ = ("days",)
    days: int

    def __init__(self, days: int) -> None:
        object.__setattr__(self, "days", days)

    def __str__(self) -> str:
        return show_days(self.days)


Duration = ServiceTime | WorkingDays

_NUMBER: Final = r"(0|[1-9][0-9]{0,8})"
_SERVICE_TIME: Final = rf"PT(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?"
_WORKING_DAYS: Final = rf"{_NUMBER} working days?"
_CALENDAR_UNITS: Final = r"P[0-9]+[DWMY].*|[0-9]+ (?:days?|weeks?|months?|years?)"


def parse_duration(text: object) -> Duration:
    """`PT4H30M` or `3 working days`. A day, a week or a month is refused: it is no service time
    (T5).
    """
    if isinstance(text, str):
        if (match := re.fullmatch(_SERVICE_TIME, text)) and text != "PT":
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return ServiceTime((hours * 3600 + minutes * 60 + seconds) * SECOND)
        if match := re.fullmatch(_WORKING_DAYS, text):
            return _working_days(int(match[1]))
        if re.fullmatch(_CALENDAR_UNITS, text):
            raise Refusal(
                f"target {text!r}: a day, a week or a month is no service time;"
                " write hours (PT8H) or working days",
            )
    raise Refusal(f"{text!r} is not a target: write service time as PT4H30M, or '3 working days'")


def _working_days(days: int) -> WorkingDays:
    if days < 1:
        raise Refusal("a target of 0 working days is no promise: at least 1 working day")
    return WorkingDays(days)


def show_duration(microseconds: int) -> str:
    """Cut to whole seconds, never rounded (T1); ISO 8601 with hours, minutes and seconds only."""
    seconds = microseconds // SECOND
    parts = ((seconds // 3600, "H"), (seconds // 60 % 60, "M"), (seconds % 60, "S"))
    return "PT" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0S")


def show_days(days: int) -> str:
    """A count of working days, in the words of a contract."""
    return f"{days} working day" if days == 1 else f"{days} working days"


# Local time (T3) -------------------------------------------------------------------------------

_ZONE_NAME: Final = r"[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*"
# Plain strings: pathlib would cost the first answer in a fresh process a fifth of its time.
_ZONE_FOLDER: Final = os.path.join(os.path.dirname(tzdata.__file__), "zoneinfo")  # noqa: PTH118, PTH120


@cache
def zone_of(name: str) -> ZoneInfo:
    """An IANA zone from the tzdata wheel, whatever the machine has. Refuses a name that it does not
    know (T8).
    """
    if re.fullmatch(_ZONE_NAME, name):
        try:
            with open(os.path.join(_ZONE_FOLDER, *name.split("/")), "rb") as file:  # noqa: PTH118, PTH123
                return ZoneInfo.from_file(file, key=name)
        except (OSError, ValueError):
            pass
    raise Refusal(f"there is no time zone {name!r} in tzdata {TZDATA_VERSION}")


class LocalTime(NamedTuple):
    """A local time as instants: its first and its last occurrence, and the change of the clocks
    between them.

    Ordinary: all three are equal. In a gap (spring): all three are the first instant after it.
    Doubled (autumn): `first < change <= last`.
    """

    first: int
    change: int
    last: int


def local_time(zone: ZoneInfo, on: date, minutes: int) -> LocalTime:
    """The local time `minutes` after 00:00 on a date; from 1440 on the next date's (T3)."""
    # A wall time has no zone yet.
    wall = datetime(on.year, on.month, on.day) + timedelta(minutes=minutes)  # noqa: DTZ001
    before = _offset(wall.replace(tzinfo=zone))
    after = _offset(wall.replace(tzinfo=zone, fold=1))
    naive = (wall.toordinal() - _EPOCH_DAY) * DAY + (wall.hour * 60 + wall.minute) * MINUTE
    if before == after:
        return LocalTime(naive - before, naive - before, naive - before)
    change = _change(zone, naive - max(before, after), naive - min(before, after))
    if before < after:
        return LocalTime(change, change, change)
    return LocalTime(naive - before, change, naive - after)


def _offset(moment: datetime) -> int:
    offset = moment.utcoffset()
    assert offset is not None
    return offset // _MICROSECOND


def _change(zone: ZoneInfo, before: int, after: int) -> int:
    """The instant in (before, after] at which the zone's offset changes, found by halving, to the
    second.
    """
    old = _offset(datetime_of(before).astimezone(zone))
    low, high = before // SECOND, after // SECOND
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime_of(middle * SECOND).astimezone(zone)) == old:
            low = middle
        else:
            high = middle
    return high * SECOND


def noon_offset(zone: ZoneInfo, on: date) -> int:
    """The zone's offset at noon, in microseconds: equal on two dates in a row, no clock changed
    between.
    """
    return _offset(datetime(on.year, on.month, on.day, 12, tzinfo=zone))


def noon_offsets(zone: ZoneInfo, on: date, days: int) -> list[int]:
    """The same for each of so many dates in a row, the first one `on`."""
    offsets: list[int] = []
    noon = datetime(on.year, on.month, on.day, 12, tzinfo=zone)
    last, offset = noon.utcoffset(), _offset(noon)
    for _ in range(days):
        now = noon.utcoffset()
        if now != last:
            last, offset = now, _offset(noon)
        offsets.append(offset)
        noon += _ONE_DAY  # along the wall: the next date's noon
    return offsets


def date_spans(zone: ZoneInfo, on: date) -> list[tuple[int, int]]:
    """Every instant whose local date it is, as spans: none for a missing day, two where midnight is
    doubled.
    """
    opening, closing = local_time(zone, on, 0), local_time(zone, on, 24 * 60)
    pieces = (
        (opening.first, opening.change),
        (opening.last, closing.first),
        (closing.change, closing.last),
    )
    return [(start, end) for start, end in pieces if start < end]


def start_of_date(zone: ZoneInfo, on: date) -> int:
    """The first instant of a local date; of a missing day the first instant after it."""
    return local_time(zone, on, 0).first


def end_of_date(zone: ZoneInfo, on: date) -> int:
    """24:00, the end of the date (T3): the instant after the last one whose local date it is."""
    midnight = local_time(zone, on, 24 * 60)
    return midnight.last if midnight.change < midnight.last else midnight.first


def local_date(zone: ZoneInfo, instant: int) -> date:
    """The date on the wall at an instant."""
    return datetime_of(instant).astimezone(zone).date()


# Dates and rhythms (T9) ------------------------------------------------------------------------

_FEBRUARY: Final = 2
_LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_RHYTHM: Final = r"([1-9][0-9]{0,3}) (day|week|month|year)s?"


class Rhythm(Value):
    """`3 months`, `1 year`, `2 weeks`: a step between dates, as months or as days (T9)."""

    __match_args__ = ("months", "days")
    __slots__ = ("days", "months")
    months: int
    days: int

    def __init__(self, months: int = 0, days: int = 0) -> None:
        self._set(months, days)

    def __str__(self) -> str:
        number, unit = (self.days, "day") if self.days else (self.months, "month")
        if unit == "month" and number % 12 == 0:
            number, unit = number // 12, "year"
        return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def parse_rhythm(text: object) -> Rhythm:
    """`N days|weeks|months|years`, singular or plural."""
    match = re.fullmatch(_RHYTHM, text) if isinstance(text, str) else None
    if match is None:
        raise Refusal(f"{text!r} is not a term: write it as '3 months', '1 year' or '2 weeks'")
    number = int(match[1])
    return {
        "day": Rhythm(days=number),
        "week": Rhythm(days=7 * number),
        "month": Rhythm(months=number),
        "year": Rhythm(months=12 * number),
    }[match[2]]


def add(on: date, rhythm: Rhythm, times: int = 1) -> date:
    """`on` plus a rhythm, `times` times (negative: counted back). The 31st + 1 month is the month's
    last day (T9).
    """
    try:
        month = on.year * 12 + on.month - 1 + rhythm.months * times
        year, month = month // 12, month % 12 + 1
        moved = date(year, month, min(on.day, _last_day(year, month)))
        return moved + timedelta(days=rhythm.days * times)
    except (ValueError, OverflowError):
        raise Refusal(f"{rhythm} times {times} from {on} leaves the calendar") from None


def _last_day(year: int, month: int) -> int:
    """How many days a month has; `calendar` would bring `locale` with it."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap and month == _FEBRUARY else _LAST_DAYS[month - 1]


def due_on(zone: ZoneInfo, on: date) -> int:
    """The instant at which something due on a date is due: the end of that local date (T9)."""
    return end_of_date(zone, on)


def parse_date(text: object) -> date:
    """`2026-03-02`, nothing else."""
    if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            found = date.fromisoformat(text)
        except ValueError as error:
            raise Refusal(f"{text} is not a date: {error}") from None
        if found < _FARTHEST:
            return found
    raise Refusal(f"{text!r} is not a date: write it as 2026-03-02")
