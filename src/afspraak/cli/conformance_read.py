"""Strict reading of what a case says (conformance/FORMAT.md): every unknown key and every value of
another kind is refused, naming it.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from afspraak.cli.conformance_facts import only
from afspraak.engine.periods import Period
from afspraak.engine.terms import Amount
from afspraak.engine.time import (
    Duration,
    Refusal,
    Rhythm,
    parse_date,
    parse_duration,
    parse_instant,
    parse_rhythm,
    zone_of,
)
from afspraak.language.values import Money, Wrong, parse_amount, parse_share

CASE_KEYS: Final = frozenset(("name", "rule", "source", "ask", "expect"))
Table = Mapping[str, object]
_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=str)


def table(written: object, what: str, *keys: str) -> Table:
    """A table with these keys at most."""
    if not isinstance(written, Mapping):
        raise Refusal(f"{what} is not a table: {written!r}")
    only(written, keys)
    return written


def tables(written: object, what: str, *keys: str) -> list[Table]:
    """A list of such tables; nothing written is an empty one."""
    return [table(each, what, *keys) for each in listed(written, what)]


def listed(written: object, what: str) -> list[object]:
    """A list; nothing written is an empty one."""
    if written is None:
        return []
    if not isinstance(written, list):
        raise Refusal(f"{what} is not a list: {written!r}")
    return written


def texts(written: object, what: str) -> tuple[str, ...]:
    """A list of texts, or one text."""
    if isinstance(written, str):
        return (written,)
    return tuple(text(each, what) for each in listed(written, what))


def text(written: object, what: str) -> str:
    """A text that says something."""
    if not isinstance(written, str) or not written:
        raise Refusal(f"{what} is not a text: {written!r}")
    return written


def flag(written: object, what: str) -> bool:
    """True or false; nothing written is false."""
    if written is not None and not isinstance(written, bool):
        raise Refusal(f"{what} is true or false, not {written!r}")
    return bool(written)


def number(written: object, what: str) -> int:
    """A whole number from 0 on."""
    if not isinstance(written, int) or isinstance(written, bool) or written < 0:
        raise Refusal(f"{what} is not a whole number: {written!r}")
    return written


def choice(written: object, what: str, choices: tuple[_Choice, ...]) -> _Choice:
    """One of these words."""
    found = next((each for each in choices if each == written), None)
    if found is None:
        raise Refusal(f"{what} is {written!r}: it may be {', '.join(choices)}")
    return found


def maybe(written: object, read: Callable[[object], _Value]) -> _Value | None:
    """What is written, read; None where nothing is."""
    return None if written is None else read(written)


def money(written: object) -> Decimal:
    """A sum as quoted decimals, `"180.00"`."""
    try:
        found = Decimal(text(written, "a sum of money"))
    except InvalidOperation:
        raise Refusal(f'{written!r} is not a sum of money: write it as "180.00"') from None
    if not found.is_finite():
        raise Refusal(f"{written!r} is not a sum of money")
    return found


def part(written: object) -> Fraction:
    """A share, `95 %`."""
    try:
        return parse_share(written)
    except Wrong as wrong:
        raise Refusal(str(wrong)) from None


def amount(written: object) -> Amount:
    """A part of the base, `5 %`, or a sum, `EUR 25.00`."""
    try:
        found = parse_amount(written)
    except Wrong as wrong:
        raise Refusal(str(wrong)) from None
    return Amount(money=found.amount) if isinstance(found, Money) else Amount(part=found)


def instant(written: object) -> int:
    """An instant with an offset."""
    return parse_instant(written)


def on(written: object) -> date:
    """A date."""
    return parse_date(written)


def duration(written: object) -> Duration:
    """Service time or working days."""
    return parse_duration(written)


def rhythm(written: object) -> Rhythm:
    """A term or rhythm, `3 months`."""
    return parse_rhythm(written)


def zone(case: Table) -> ZoneInfo:
    """The agreement's zone."""
    return zone_of(text(case.get("zone"), "the zone"))


def dates(written: object, what: str) -> Period:
    """Two dates [from, until)."""
    both = listed(written, what)
    if len(both) != 2:  # noqa: PLR2004 - from and until
        raise Refusal(f"{what} is two dates, from and until: {written!r}")
    return Period(on(both[0]), on(both[1]))


def exact_text(exact: Fraction) -> str:
    """`13.5`; `40/3` where no decimals say it exactly."""
    rest = exact.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(exact)
    return f"{(Decimal(exact.numerator) / Decimal(exact.denominator)).normalize():f}"
