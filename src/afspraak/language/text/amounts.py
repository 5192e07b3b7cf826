"""Numbers, parts and money as a language writes them, each with its inverse. Exact: no digit is
dropped.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from afspraak.language.text.words import UnreadableError, Values, fill, read

SIGNS: Final[Mapping[str, str]] = MappingProxyType({"EUR": "€"})
"""Currencies that are written with a sign; all others by their code."""

_CENTS: Final = 2
_THOUSANDS: Final = 3


def show_decimal(number: Decimal | int, values: Values, places: int = 0) -> str:
    """Grouped by thousands, with at least `places` decimals and no needless ones beyond."""
    text = f"{number:f}"
    sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(places, "0")
    groups = f"{int(whole):,}".replace(",", values.group)
    return sign + groups + (values.decimal + decimals if decimals else "")


def parse_decimal(text: str, values: Values) -> Decimal:
    """The inverse of `show_decimal`; groups must stand where they belong."""
    group, mark = re.escape(values.group), re.escape(values.decimal)
    form = rf"-?[0-9]{{1,{_THOUSANDS}}}(?:{group}[0-9]{{{_THOUSANDS}}})*(?:{mark}[0-9]+)?"
    if not re.fullmatch(form, text, re.ASCII):
        raise UnreadableError(f"{text!r} is not a number")
    return Decimal(text.replace(values.group, "").replace(values.decimal, "."))


def parse_whole(text: str, values: Values) -> int:
    """The inverse of `show_decimal` for a whole number."""
    number = parse_decimal(text, values)
    if number != int(number):
        raise UnreadableError(f"{text!r} is not a whole number")
    return int(number)


def decimal_of(number: Fraction) -> Decimal | None:
    """The fraction as a finite decimal, exact; None where it has none, as a third."""
    rest = number.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    return Decimal(f"{int(number * 10**places)}E-{places}")


def show_part(part: Fraction, values: Values) -> str:
    """`99,95 %`; a part that has no finite decimals as a fraction of 100, `100/3 %`."""
    hundredths = part * 100
    number = decimal_of(hundredths)
    written = str(hundredths) if number is None else show_decimal(number, values)
    return fill(values.percent, number=written)


def parse_part(text: str, values: Values) -> Fraction:
    """The inverse of `show_part`."""
    written = read(values.percent, text)["number"]
    if re.fullmatch(r"-?[0-9]+/[0-9]+", written, re.ASCII):
        return Fraction(written) / 100
    return Fraction(parse_decimal(written, values)) / 100


def show_money(amount: Decimal, currency: str, values: Values) -> str:
    """`€ 12.500,00`: at least two decimals, more where the sum has more."""
    cents = amount == amount.quantize(Decimal("0.01"))
    number = show_decimal(amount, values, _CENTS if cents else _CENTS * 2)
    sign = SIGNS.get(currency)
    if sign is None:
        return fill(values.money["code"], amount=number, code=currency)
    return fill(values.money["symbol"], amount=number, sign=sign)


def parse_money(text: str, values: Values) -> tuple[Decimal, str]:
    """The inverse of `show_money`: the amount and its currency."""
    for currency, sign in SIGNS.items():
        if sign in text:
            found = read(values.money["symbol"], text, sign=re.escape(sign))
            return parse_decimal(found["amount"], values), currency
    found = read(values.money["code"], text, code="[A-Z]{3}")
    return parse_decimal(found["amount"], values), found["code"]
