"""The words of a page in one language (`page/<language>.toml`), and how it writes values: instants
on the wall of a zone, hours and minutes, shares, money.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast

from afspraak.engine.figures import show_share
from afspraak.engine.periods import Period
from afspraak.engine.time import HOUR, MINUTE, SECOND, Duration, ServiceTime, datetime_of, zone_of
from afspraak.language.text.amounts import show_decimal, show_money
from afspraak.language.text.words import values_of

Language = Literal["nl", "fr", "en"]
_MANY_HOURS: Final = 100 * HOUR
_MONTH_DIGITS: Final = 2
LANGUAGES: Final[tuple[Language, ...]] = ("nl", "fr", "en")

_Table = Mapping[str, str | Sequence[str]]


@cache
def _tables(language: Language) -> Mapping[str, _Table | Sequence[str]]:
    text = files("afspraak.reports").joinpath(f"page/{language}.toml").read_text(encoding="utf-8")
    return cast("Mapping[str, _Table | Sequence[str]]", tomllib.loads(text))


class Texts:
    """One language and one zone; every text that a reader of a report sees goes through here."""

    __slots__ = ("_months", "_tables", "_values", "_weekdays", "_zone", "language", "zone")

    def __init__(self, language: Language, zone: str) -> None:
        self.language: Language = language
        self.zone = zone
        self._zone = zone_of(zone)
        self._tables = _tables(language)
        self._values = values_of(language)
        self._weekdays = tuple(self._tables["weekdays"])
        self._months = tuple(self._tables["months"])

    # Words ---------------------------------------------------------------------------------------

    def say(self, table: str, word: str, **slots: str) -> str:
        """A text with its slots filled; a KeyError where the language lacks it."""
        text = self.words(table)[word]
        assert isinstance(text, str)
        return text.format(**slots)

    def words(self, table: str) -> _Table:
        """All texts of one table."""
        found = self._tables[table]
        assert isinstance(found, Mapping)
        return found

    def word(self, table: str, word: str) -> str:
        """A word that has a translation, else as it stands."""
        return str(self.words(table).get(word, word))

    def counted(self, word: str, number: int) -> str:
        """`1 werkdag`, `3 werkdagen`."""
        forms = self.words("form")[word]
        return str(forms[0 if number == 1 else 1]).format(n=self.number(number))

    def together(self, parts: Sequence[str]) -> str:
        """`a, b en c`."""
        if len(parts) < 2:  # noqa: PLR2004 - one thing needs no joint
            return "".join(parts)
        return str(self.words("form")["and"]).join((", ".join(parts[:-1]), parts[-1]))

    # Instants and dates --------------------------------------------------------------------------

    def moment(self, at: int) -> str:
        """`ma 7 mrt 09:12`."""
        local = datetime_of(at).astimezone(self._zone)
        return self.say("form", "moment", time=f"{local:%H:%M}", **self._day(local.date()))

    def clock(self, at: int) -> str:
        """`09:12`."""
        return f"{datetime_of(at).astimezone(self._zone):%H:%M}"

    def full(self, at: int) -> str:
        """`7 maart 2016 09:12`, short month."""
        local = datetime_of(at).astimezone(self._zone)
        return f"{self.on_date(local.date())} {local:%H:%M}"

    def on(self, at: int) -> date:
        """The date on the wall."""
        return datetime_of(at).astimezone(self._zone).date()

    def moments(self, one: int, other: int) -> tuple[str, str]:
        """Two instants; with their years where these differ."""
        if self.on(one).year == self.on(other).year:
            return self.moment(one), self.moment(other)
        return self._with_year(one), self._with_year(other)

    def _with_year(self, at: int) -> str:
        local = datetime_of(at).astimezone(self._zone)
        slots = {"time": f"{local:%H:%M}", "year": f"{local.year:04}"}
        return self.say("form", "moment_year", **slots, **self._day(local.date()))

    def until(self, start: int, end: int) -> str:
        """The end of a stretch: its time alone where it is the same date."""
        return self.clock(end) if self.on(start) == self.on(end) else self.moment(end)

    def day(self, on: date) -> str:
        """`ma 7 mrt`."""
        return self.say("form", "day", **self._day(on))

    def on_date(self, on: date) -> str:
        """`7 mrt 2016`."""
        return self.say("form", "date", year=f"{on.year:04}", **self._day(on))

    def month(self, on: date, *, year: bool = False) -> str:
        """`mrt`, `mrt 2016`."""
        name = self._months[on.month - 1]
        return f"{name} {on.year}" if year else name

    def period(self, period: Period) -> str:
        """`mrt 2016`, `2e kwartaal 2016`, `2016`; another one by its dates."""
        told = str(period)
        year, _, part = told.partition("-")
        if part.isdigit() and len(part) == _MONTH_DIGITS and ".." not in told:
            return self.month(period.from_on, year=True)
        if part.startswith("Q"):
            return self.say("form", "quarter", n=part[1:], year=year)
        if ".." not in told:
            return told
        last = period.until_on - timedelta(days=1)
        return f"{self.on_date(period.from_on)} – {self.on_date(last)}"  # noqa: RUF001

    def weekday(self, number: int) -> str:
        """Monday is 0."""
        return self._weekdays[number]

    def _day(self, on: date) -> dict[str, str]:
        weekday = self.weekday(on.weekday())
        return {"weekday": weekday, "day": str(on.day), "month": self.month(on)}

    # Amounts -------------------------------------------------------------------------------------

    def number(self, number: int | Decimal) -> str:
        """`24.918`, `0,35`."""
        return show_decimal(number, self._values)

    def hours(self, microseconds: int) -> str:
        """Service time as `8:05`, cut to minutes; below a minute in seconds (T1)."""
        if 0 < microseconds < MINUTE:
            return self.say("form", "seconds", n=str(microseconds // SECOND))
        hours, rest = divmod(microseconds, HOUR)
        return f"{self.number(hours)}:{rest // MINUTE:02}"

    def about(self, microseconds: int) -> str:
        """The same; from a hundred hours on in whole hours, `2.142 uur`."""
        if microseconds < _MANY_HOURS:
            return self.hours(microseconds)
        return self.say("form", "hours", n=self.whole_hours(microseconds))

    def whole_hours(self, microseconds: int) -> str:
        """`1.234`, for sums of many clocks."""
        return self.number(microseconds // HOUR)

    def duration(self, duration: Duration) -> str:
        """`4:00`, `3 werkdagen`."""
        if isinstance(duration, ServiceTime):
            return self.hours(duration.microseconds)
        return self.counted("days", duration.days)

    def share(self, share: Fraction, decimals: int = 1) -> str:
        """`95,2 %`, cut and never rounded up (A3)."""
        return show_share(share, decimals).replace(".", self._values.decimal)

    def sum(self, told: str) -> str:
        """A sum as it is kept (`EUR 120.00`) -> `€ 120,00`; what is none stays as it is."""
        currency, _, figures = told.partition(" ")
        try:
            return self.money(Decimal(figures), currency)
        except InvalidOperation:
            return told

    def money(self, amount: Decimal, currency: str) -> str:
        """`€ 1.234,50`."""
        return show_money(amount, currency, self._values)
