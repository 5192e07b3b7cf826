"""Values with one exact text form each: `parse_x(text)` reads it strictly, `show(value)` writes it
back equal.

Every reader takes text only: what a YAML loader would have made of it plays no part (DESIGN, "The
contract is text that runs"). A wrong text raises `Wrong`, with the fact and the remedy apart.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from afspraak.engine.hours import Interval
from afspraak.engine.time import (
    Refusal,
    Rhythm,
    ServiceTime,
    WorkingDays,
    parse_date,
    parse_duration,
    parse_rhythm,
)

CURRENCIES: Final = frozenset(
    ("BGN", "CHF", "CZK", "DKK", "EUR", "GBP", "HUF", "ISK", "NOK", "PLN", "RON", "SEK", "USD")
)
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PERIODS: Final = ("month", "quarter", "year")
"""The periods in which a standing price can be stated."""


class Wrong(ValueError):
    """A text that is not a value of its type: what is wrong, and what to write instead."""

    def __init__(self, fact: str, remedy: str) -> None:
        super().__init__(f"{fact}: {remedy}")
        self.fact = fact
        self.remedy = remedy


def text_of(value: object, what: str, remedy: str) -> str:
    """The scalar as text; a list or a mapping in its place is wrong."""
    if not isinstance(value, str):
        found = (
            "a list"
            if isinstance(value, list | tuple)
            else "a mapping"
            if isinstance(value, dict)
            else repr(value)
        )
        raise Wrong(f"{found} stands where {what} is expected", remedy)
    return value


def quoted(text: str, most: int = 60) -> str:
    """The text as a message may show it: short, and letters outside ASCII that could deceive by
    their code.
    """
    shown = ascii(text) if not text.isprintable() else repr(text)
    return shown if len(shown) <= most else f"{shown[:most]}...'"


# Numbers -----------------------------------------------------------------------------------------

_COUNT: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_DECIMAL: Final = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?")


def parse_count(value: object) -> int:
    """`40`: digits only, no sign, no leading zero, no point."""
    remedy = "write a whole number in digits, as 40"
    text = text_of(value, "a number", remedy)
    if not _COUNT.fullmatch(text):
        leading = re.fullmatch(r"0[0-9]+", text)
        raise Wrong(
            f"{quoted(text)} is not a whole number{' (leading zero)' if leading else ''}", remedy
        )
    return int(text)


def parse_decimal(value: object) -> Decimal:
    """`128.31`: an index figure."""
    remedy = "write the figure with a point, as 128.31"
    text = text_of(value, "a figure", remedy)
    if not _DECIMAL.fullmatch(text):
        raise Wrong(f"{quoted(text)} is not a figure", remedy)
    return Decimal(text)


def parse_flag(value: object) -> bool:
    """`true` or `false`, nothing else; `no`, `off` and `0` are no truth values here."""
    remedy = "write true or false"
    text = text_of(value, "true or false", remedy)
    if text not in ("true", "false"):
        raise Wrong(f"{quoted(text)} is neither true nor false", remedy)
    return text == "true"


# Shares and percentages --------------------------------------------------------------------------

_PERCENT: Final = re.compile(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,6})? %")


def parse_percentage(value: object) -> Fraction:
    """`95 %`, `99.5 %`: an exact part, 1 for a hundred; may exceed it (a surcharge)."""
    remedy = "write it with a space and a percent sign, as 95 % or 99.5 %"
    text = text_of(value, "a percentage", remedy)
    if not _PERCENT.fullmatch(text):
        raise Wrong(f"{quoted(text)} is not a percentage", remedy)
    return Fraction(text[:-2]) / 100


def parse_share(value: object) -> Fraction:
    """A percentage from 0 to 100."""
    part = parse_percentage(value)
    if part > 1:
        raise Wrong(f"{value} is more than the whole", "write a share between 0 % and 100 %")
    return part


def show_share(part: Fraction) -> str:
    """`95.5 %`, without needless zeros."""
    hundredths = part * 100
    digits = Decimal(hundredths.numerator) / Decimal(hundredths.denominator)
    assert Fraction(digits) == hundredths, "a share of the contract has finitely many decimals"
    return f"{digits.normalize():f} %"


# Money and rates ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Money:
    """A sum, never negative, in a currency; two or four decimals or none."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.currency} {self.amount}"


@dataclass(frozen=True, slots=True)
class Rate:
    """Money for each `unit` (user, seat, hour; '' for none) and each `per` (month, quarter, year;
    '' for once).
    """

    money: Money
    unit: str = ""
    per: str = ""

    def __str__(self) -> str:
        return " / ".join(part for part in (str(self.money), self.unit, self.per) if part)


_MONEY: Final = re.compile(r"([A-Z]{3}) ((?:0|[1-9][0-9]{0,11})(?:\.(?:[0-9]{2}|[0-9]{4}))?)")
_UNIT: Final = re.compile(r"[a-z][a-z_]{0,30}")


def parse_money(value: object) -> Money:
    """`EUR 4.50`: a currency, one space, a sum with two or four decimals or none, no thousands
    marks.
    """
    remedy = "write the currency, a space and the sum with a decimal point, as EUR 1234.50"
    text = text_of(value, "a sum of money", remedy)
    match = _MONEY.fullmatch(text)
    if match is None:
        raise Wrong(f"{quoted(text)} is not a sum of money", remedy)
    if match[1] not in CURRENCIES:
        raise Wrong(
            f"there is no currency {match[1]} here", f"use one of {', '.join(sorted(CURRENCIES))}"
        )
    return Money(Decimal(match[2]), match[1])


def parse_rate(value: object) -> Rate:
    """`EUR 4.50 / user / month`, `EUR 300.00 / month`, `EUR 95.00 / hour`."""
    remedy = "write it as EUR 4.50 / user / month, EUR 300.00 / month or EUR 95.00 / hour"
    text = text_of(value, "a rate", remedy)
    first, *rest = text.split(" / ")
    if len(rest) not in (1, 2) or not all(_UNIT.fullmatch(part) for part in rest):
        raise Wrong(f"{quoted(text)} is not a rate", remedy)
    money = parse_money(first)
    unit, per = rest if rest[1:] else ("", *rest) if rest[0] in PERIODS else (*rest, "")
    if unit in PERIODS or (per and per not in PERIODS):
        raise Wrong(f"{quoted(text)} names its unit and period the wrong way round", remedy)
    return Rate(money, unit, per)


def parse_amount(value: object) -> Fraction | Money:
    """A share (`5 %`) or a sum (`EUR 50.00`)."""
    text = text_of(value, "a share or a sum", "write 5 % or EUR 50.00")
    if text.endswith("%"):
        return parse_percentage(text)
    try:
        return parse_money(text)
    except Wrong as wrong:
        raise Wrong(
            f"{quoted(text)} is neither a share nor a sum of money", "write 5 % or EUR 50.00"
        ) from wrong


# Time --------------------------------------------------------------------------------------------

Within = Rhythm | ServiceTime | WorkingDays
"""A time within which something happens: `3 months`, `5 working days`, `PT48H`."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, as an index counts it."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"


_MONTH: Final = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
_MIDNIGHT: Final = 24 * 60


def _refused(fact_and_remedy: Refusal, remedy: str) -> Wrong:
    """The law's own refusal as a fault with its remedy apart; its last colon or semicolon parts
    them.
    """
    parted = re.fullmatch(r"(.+)[:;] (.+)", str(fact_and_remedy), re.DOTALL)
    return Wrong(parted[1], parted[2]) if parted else Wrong(str(fact_and_remedy), remedy)


def parse_date_text(value: object) -> date:
    """`2027-01-01`."""
    text = text_of(value, "a date", "write it as 2027-01-01")
    try:
        return parse_date(text)
    except Refusal as refusal:
        fact = str(refusal).partition(": ")[0]
        raise Wrong(fact, "write an existing date as 2027-01-31") from None


def parse_month(value: object) -> Month:
    """`2026-11`."""
    text = text_of(value, "a month", "write it as 2026-11")
    match = _MONTH.fullmatch(text)
    if match is None:
        raise Wrong(f"{quoted(text)} is not a month", "write it as 2026-11")
    return Month(int(match[1]), int(match[2]))


def parse_duration_text(value: object) -> ServiceTime | WorkingDays:
    """`PT4H30M`, `3 working days` (T5)."""
    text = text_of(value, "a duration", "write it as PT4H or 3 working days")
    try:
        return parse_duration(text)
    except Refusal as refusal:
        raise _refused(refusal, "write it as PT4H or 3 working days") from None


def parse_rhythm_text(value: object) -> Rhythm:
    """`3 months`, `1 year`, `2 weeks`, `30 days` (T9)."""
    text = text_of(value, "a term", "write it as 3 months or 1 year")
    try:
        return parse_rhythm(text)
    except Refusal:
        raise Wrong(
            f"{quoted(text)} is not a term", "write it as 3 months, 1 year, 2 weeks or 30 days"
        ) from None


def parse_within(value: object) -> Within:
    """A term, service time or working days."""
    text = text_of(value, "a time", "write it as 1 month, 5 working days or PT48H")
    if text.startswith("P") or "working" in text:
        return parse_duration_text(text)
    try:
        return parse_rhythm(text)
    except Refusal:
        remedy = "write it as 1 month, 30 days, 5 working days or PT48H"
        raise Wrong(
            f"{quoted(text)} is not a time within which something can happen", remedy
        ) from None


def weekdays(days: str) -> range:
    """`mon-fri` -> 0..4, `sat` -> 5, Monday first."""
    first, _, last = days.partition("-")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def parse_days(value: object) -> str:
    """`mon` or `mon-fri`, in the order of the week."""
    remedy = f"write {', '.join(WEEKDAYS)} or a range of them in that order, as mon-fri"
    text = text_of(value, "a weekday", remedy)
    first, dash, last = text.partition("-")
    if not {first, last if dash else first} <= set(WEEKDAYS) or (dash and not weekdays(text)[1:]):
        raise Wrong(f"{quoted(text)} is neither a weekday nor a range of them", remedy)
    return text


def parse_time(value: object) -> int:
    """`08:30` -> minutes after 00:00; `24:00` is the end of the date (T3)."""
    text = text_of(value, "a time of day", "write it as 08:30")
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise Wrong(
            f"{quoted(text)} is not a time of day",
            "write hours and minutes in two digits each, as 08:30",
        )
    return int(match[1]) * 60 + int(match[2]) if match[1] else _MIDNIGHT


def parse_interval(value: object) -> Interval:
    """`08:30-17:30`; `22:00-06:00` ends on the next date; 00:00 as an end is 24:00 (T4)."""
    remedy = "write an interval as 08:30-17:30"
    text = text_of(value, "an interval", remedy)
    first, dash, last = text.partition("-")
    if not dash or not _CLOCK.fullmatch(first) or not _CLOCK.fullmatch(last):
        raise Wrong(f"{quoted(text)} is not an interval", remedy)
    opens, closes = parse_time(first), parse_time(last) or _MIDNIGHT
    if opens in (_MIDNIGHT, closes):
        raise Wrong(
            f"the interval {text} has no length",
            "let it open before 24:00 and close at another time",
        )
    return Interval(opens, closes if closes > opens else closes + _MIDNIGHT)


def show_time(minutes: int) -> str:
    """Minutes after 00:00 -> `08:30`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def show_interval(interval: Interval) -> str:
    """`08:30-17:30`; past midnight as the next date's time."""
    closes = interval.closes if interval.closes <= _MIDNIGHT else interval.closes - _MIDNIGHT
    return f"{show_time(interval.opens)}-{show_time(closes)}"


# Any value ---------------------------------------------------------------------------------------


def show(value: object) -> str:
    """The exact text of any value; reading it back gives an equal one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return show_share(value)
    if isinstance(value, Interval):
        return show_interval(value)
    return str(value)
