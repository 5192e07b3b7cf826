"""A log's instants, read fast: by a declared format and zone (SEMANTICS T1, T3).

A local time that the clocks skipped is the first instant after the gap; of a doubled one the
first counts.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Final

from afspraak.engine.time import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    datetime_of,
    instant_of,
    local_time,
    noon_offset,
    zone_of,
)

REMEMBERED: Final = 1 << 18
"""How many texts are remembered at most before the memory is emptied."""

WORDS: Final = ("iso", "epoch", "epoch_ms")
_MONTHS: Final = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "january february march april may june july august september october november december",
        "januari februari maart april mei juni juli augustus september oktober november december",
    )
    for number, name in enumerate(names.split(), 1)
}
_PARTS: Final = {
    "d": r"(?P<d>[0-9]{1,2})",
    "m": r"(?P<m>[0-9]{1,2})",
    "b": r"(?P<b>[A-Za-z]{3,9})\.?",
    "Y": r"(?P<Y>[0-9]{4})",
    "y": r"(?P<y>[0-9]{2})",
    "H": r"(?P<H>[0-9]{1,2})",
    "I": r"(?P<I>[0-9]{1,2})",
    "p": r"(?P<p>[AaPp]\.?[Mm]\.?)",
    "M": r"(?P<M>[0-9]{2})",
    "S": r"(?P<S>[0-9]{2})",
    "f": r"(?P<f>[0-9]{1,6})",
    "z": r"(?P<z>Z|UTC|[+-][0-9]{2}:?[0-9]{2})",
    "%": "%",
}
_ORDINAL_1970: Final = date(1970, 1, 1).toordinal()


def date_format_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with a format and what to do about it; None for a good one."""
    if text in WORDS:
        return None
    codes = re.findall(r"%(.?)", text)
    if odd := [code for code in codes if code not in _PARTS]:
        known = " ".join(f"%{part}" for part in _PARTS)
        return f"the format {text!r} has %{odd[0]}", f"known are {known}, or {', '.join(WORDS)}"
    if twice := {code for code in codes if code != "%" and codes.count(code) > 1}:
        return f"the format {text!r} has %{min(twice)} twice", "name each part once"
    lacks = [
        f"%{a}"
        for a, b in (("d", "d"), ("m", "b"), ("Y", "y"))
        if a not in codes and b not in codes
    ]
    if lacks:
        return f"the format {text!r} has no {' and no '.join(lacks)}", 'as "%d/%m/%Y %H:%M"'
    if ("I" in codes) != ("p" in codes):
        return f"the format {text!r} has one of %I and %p", "use both, or %H"
    return None


class DateReader:
    """Reads instants; counts the local times that the clocks skipped or ran through twice."""

    def __init__(self, formats: tuple[str, ...], zone: str) -> None:
        self._zone = zone_of(zone)
        self._read = [self._reader(text) for text in formats]
        self._known: dict[str, int | None] = {}
        self._offsets: dict[int, int | None] = {}
        self.skipped = 0
        self.doubled = 0

    def __call__(self, text: str) -> int | None:
        """Microseconds since 1970 UTC; None where no format fits."""
        try:
            return self._known[text]
        except KeyError:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = next((at for read in self._read if (at := read(text)) is not None), None)
            self._known[text] = found
            return found

    def _reader(self, text: str) -> Callable[[str], int | None]:
        if text == "iso":
            return self._iso
        if text in ("epoch", "epoch_ms"):
            unit = SECOND if text == "epoch" else SECOND // 1000
            return lambda value: (
                int(value) * unit if re.fullmatch(r"-?[0-9]{1,13}", value) else None
            )
        pattern = re.compile(
            "".join(
                _PARTS[part[1]]
                if part.startswith("%")
                else re.escape(part).replace(r"\ ", r"[ \u00a0\u202f]+")
                for part in re.findall(r"%.|[^%]+", text)
            ),
        )
        return lambda value: self._formatted(pattern, value)

    def _iso(self, text: str) -> int | None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        if moment.tzinfo is not None:
            return instant_of(moment)
        within = (
            (moment.hour * 60 + moment.minute) * MINUTE
            + moment.second * SECOND
            + moment.microsecond
        )
        return self._local(moment.toordinal(), within)

    def _formatted(self, pattern: re.Pattern[str], text: str) -> int | None:
        match = pattern.fullmatch(text)
        if match is None:
            return None
        part = match.groupdict()
        month = int(part["m"]) if part.get("m") else _MONTHS.get((part.get("b") or "").lower(), 0)
        year = int(part["Y"]) if part.get("Y") else _century(int(part["y"]))
        try:
            day = date(year, month, int(part["d"])).toordinal()
        except ValueError:
            return None
        within = _within(part)
        if within is None:
            return None
        if offset := part.get("z"):
            return (day - _ORDINAL_1970) * DAY + within - _offset(offset)
        return self._local(day, within)

    def _local(self, day: int, within: int) -> int:
        """A local date (ordinal) and the microseconds on its wall clock, as an instant (T3)."""
        try:
            offset = self._offsets[day]
        except KeyError:
            offset = self._offsets[day] = self._even_offset(date.fromordinal(day))
        if offset is not None:
            return (day - _ORDINAL_1970) * DAY + within - offset
        return self._odd(day, within)

    def _even_offset(self, on: date) -> int | None:
        """The zone's offset on a date on which no clock changed, nor near it; None otherwise."""
        near = {noon_offset(self._zone, on + timedelta(days=step)) for step in (-1, 0, 1)}
        return near.pop() if len(near) == 1 else None

    def _odd(self, day: int, within: int) -> int:
        """The same on a date near a change of the clocks."""
        local = local_time(self._zone, date.fromordinal(day), within // MINUTE)
        wall = datetime.fromordinal(day).replace(tzinfo=UTC) + timedelta(minutes=within // MINUTE)
        if datetime_of(local.first).astimezone(self._zone).replace(tzinfo=UTC) != wall:
            self.skipped += 1
            return local.first
        self.doubled += local.first != local.last
        return local.first + within % MINUTE


def _century(year: int) -> int:
    return year + (2000 if year < 69 else 1900)  # noqa: PLR2004  (POSIX strptime)


def _within(part: dict[str, str | None]) -> int | None:
    """Microseconds since 00:00; None where an hour, a minute or a second does not exist."""
    hour, minute, second = (int(part.get(code) or 0) for code in "HMS")
    if part.get("I"):
        hour = int(part["I"] or 0)
        if not 1 <= hour <= 12:  # noqa: PLR2004  (the dial)
            return None
        hour = hour % 12 + (12 if (part["p"] or "")[0] in "Pp" else 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004  (the day)
        return None
    return (
        hour * HOUR + minute * MINUTE + second * SECOND + int((part.get("f") or "0").ljust(6, "0"))
    )


def _offset(text: str) -> int:
    if text in ("Z", "UTC"):
        return 0
    size = int(text[1:3]) * HOUR + int(text[-2:]) * MINUTE
    return -size if text[0] == "-" else size
