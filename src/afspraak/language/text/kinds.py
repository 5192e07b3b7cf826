"""How each kind of value is shown as a phrase, and read back from it as the plain text that the
YAML would hold.

`show(value, lexicon)` gives the phrase; `read(phrase, lexicon)` its exact inverse;
`pattern(lexicon)` a regular expression that no phrase of the kind escapes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, cast

from afspraak.engine.hours import Interval
from afspraak.engine.time import SECOND, Rhythm, show_instant
from afspraak.engine.time import parse_instant as parse_iso
from afspraak.language import values as plain
from afspraak.language.schema_base import When
from afspraak.language.text import amounts, times
from afspraak.language.text.lexicon import FIELDS, Lexicon, Names
from afspraak.language.text.words import UnreadableError, expression, fill, loose, read
from afspraak.language.values import WEEKDAYS, Money, Month, Rate, weekdays

Plain = str | list["Plain"] | dict[str, "Plain"]
"""What the YAML would hold: text, lists and mappings of text."""

ANY: Final = ".+?"
BETWEEN: Final = "; "


@dataclass(frozen=True, slots=True)
class Phrase:
    """One kind of value. `user` says of a value whether a person's own words are shown."""

    show: Callable[[Any, Lexicon], str]
    read: Callable[[str, Lexicon], Plain]
    pattern: Callable[[Lexicon], str] = lambda _lexicon: ANY
    user: Callable[[Any, Lexicon], bool] = lambda _value, _lexicon: False


def _always(_value: object, _lexicon: Lexicon) -> bool:
    return True


def _named(
    names: Callable[[Lexicon], Names],
    user: Callable[[Any, Lexicon], bool] = lambda _value, _lexicon: False,
) -> Phrase:
    return Phrase(
        lambda key, lexicon: names(lexicon).show(str(key)),
        lambda name, lexicon: names(lexicon).key(name),
        lambda lexicon: names(lexicon).expression,
        user,
    )


def enum(name: str) -> Phrase:
    """A word from a closed list: the language's `enums` of that name."""
    return _named(lambda lexicon: lexicon.enums[name])


# Money and parts -------------------------------------------------------------------------------


def _show_money(money: Money, lexicon: Lexicon) -> str:
    return amounts.show_money(money.amount, money.currency, lexicon.values)


def _read_money(text: str, lexicon: Lexicon) -> str:
    amount, currency = amounts.parse_money(text, lexicon.values)
    return str(Money(amount, currency))


def _show_part(part: Fraction, lexicon: Lexicon) -> str:
    return amounts.show_part(part, lexicon.values)


def _read_part(text: str, lexicon: Lexicon) -> str:
    return plain.show_share(amounts.parse_part(text, lexicon.values))


def _show_amount(amount: Fraction | Money, lexicon: Lexicon) -> str:
    show = _show_money if isinstance(amount, Money) else _show_part
    return show(cast("Any", amount), lexicon)


def _read_amount(text: str, lexicon: Lexicon) -> str:
    part = fill(lexicon.values.percent, number="")
    return (_read_part if text.endswith(part) else _read_money)(text, lexicon)


def _show_rate(rate: Rate, lexicon: Lexicon) -> str:
    """`€ 4,50 per gebruiker per maand`."""
    per = lexicon.phrases["per"]
    unit = [fill(per, what=lexicon.units.show(rate.unit))] if rate.unit else []
    period = [fill(per, what=lexicon.enums["period"].show(rate.per))] if rate.per else []
    return " ".join([_show_money(rate.money, lexicon), *unit, *period])


def _read_rate(text: str, lexicon: Lexicon) -> str:
    money, *parts = text.split(fill(" " + lexicon.phrases["per"], what=""))
    periods = lexicon.enums["period"].keys
    per = periods[parts.pop()] if parts and parts[-1] in periods else ""
    unit = lexicon.units.key(parts[0]) if parts else ""
    found = plain.parse_money(_read_money(money, lexicon))
    return str(Rate(found, unit, per))


# Time ------------------------------------------------------------------------------------------


def _show_within(within: plain.Within, lexicon: Lexicon) -> str:
    if isinstance(within, Rhythm):
        return times.show_rhythm(within, lexicon.values)
    return times.show_duration(within, lexicon.values)


def _read_within(text: str, lexicon: Lexicon) -> str:
    try:
        return str(times.parse_duration(text, lexicon.values))
    except UnreadableError:
        return str(times.parse_rhythm(text, lexicon.values))


def _show_month(month: Month, lexicon: Lexicon) -> str:
    return f"{lexicon.values.months[month.month - 1]} {month.year}"


def _read_month(text: str, lexicon: Lexicon) -> str:
    name, _, year = text.partition(" ")
    if name not in lexicon.values.months:
        raise UnreadableError(f"{text!r} is not a month")
    return str(Month(int(year), lexicon.values.months.index(name) + 1))


def _show_moment(at: int, lexicon: Lexicon) -> str:
    """`dinsdag 2 juni 2026 om 09:40 (UTC+02:00)`: with the offset, so that a doubled hour is told
    apart.
    """
    moment = datetime.fromisoformat(show_instant(at, lexicon.zone))
    shown = times.show_instant(at - at % SECOND, lexicon.zone, lexicon.values)
    fraction = f"{moment:.%f}".rstrip("0") if moment.microsecond else ""
    return f"{shown}{fraction} (UTC{show_instant(at, lexicon.zone)[-6:]})"


def _read_moment(text: str, lexicon: Lexicon) -> str:
    match = re.fullmatch(r"(.+) \(UTC([+-][0-9]{2}:[0-9]{2})\)", text)
    if match is None:
        raise UnreadableError(f"{text!r} is not a moment")
    found = read(lexicon.values.instant, match[1], weekday=r"\S+", date=".+?", time=r"[0-9:.]+")
    on = times.parse_date(found["date"], lexicon.values)
    return show_instant(parse_iso(f"{on}T{found['time']}{match[2]}"))


def _show_exceptions(exceptions: Mapping[date, tuple[Interval, ...]], lexicon: Lexicon) -> str:
    return BETWEEN.join(
        f"{times.show_date(on, lexicon.values)} {times.show_intervals(hours, lexicon.values)}"
        for on, hours in exceptions.items()
    )


def _read_exceptions(text: str, lexicon: Lexicon) -> Plain:
    found: dict[str, Plain] = {}
    for part in text.split(BETWEEN):
        match = re.fullmatch(r"(.+? [0-9]{4}) (.+)", part)
        if match is None:
            raise UnreadableError(f"{part!r} is no date with hours")
        found[str(times.parse_date(match[1], lexicon.values))] = _plain_hours(match[2], lexicon)
    return found


def _plain_hours(text: str, lexicon: Lexicon) -> Plain:
    return [plain.show(each) for each in times.parse_intervals(text, lexicon.values)]


def _show_week(week: Mapping[str, tuple[Interval, ...]], lexicon: Lexicon) -> str:
    """`maandag tot en met vrijdag van 08:30 tot 17:30; zaterdag van 09:00 tot 12:00`."""
    parts = []
    for days, hours in week.items():
        span = weekdays(days)
        named = times.show_days(span[0], span[-1], lexicon.values)
        parts.append(f"{named} {times.show_intervals(hours, lexicon.values)}")
    return BETWEEN.join(parts)


def _read_week(text: str, lexicon: Lexicon) -> Plain:
    spans = [(first, last) for first in range(7) for last in range(first, 7)]
    names = {times.show_days(first, last, lexicon.values): (first, last) for first, last in spans}
    found: dict[str, Plain] = {}
    for part in text.split(BETWEEN):
        name = max((each for each in names if part.startswith(f"{each} ")), key=len, default=None)
        if name is None:
            raise UnreadableError(f"{part!r} names no weekdays")
        first, last = (WEEKDAYS[day] for day in names[name])
        key = first if first == last else f"{first}-{last}"
        found[key] = _plain_hours(part.removeprefix(f"{name} "), lexicon)
    return found


def _show_range(ends: tuple[int, int], lexicon: Lexicon) -> str:
    first, last = (amounts.show_decimal(end, lexicon.values) for end in ends)
    return fill(lexicon.phrases["range"], first=first, last=last)


def _read_range(text: str, lexicon: Lexicon) -> Plain:
    found = read(lexicon.phrases["range"], text, first="[0-9][^ ]*", last="[0-9][^ ]*")
    return [str(amounts.parse_whole(found[end], lexicon.values)) for end in ("first", "last")]


# Conditions (C3) -------------------------------------------------------------------------------


def _show_when(when: When, lexicon: Lexicon) -> str:
    """`dienst E-mail, prioriteit P1`."""
    return lexicon.values.comma.join(
        fill(lexicon.conditions[name], value=lexicon.of_field(name).show(value))
        for name, value in when.fields().items()
    )


def _read_when(text: str, lexicon: Lexicon) -> Plain:
    pieces = [
        expression(
            lexicon.conditions[name].replace("{value}", f"{{{name}}}"),
            **{name: lexicon.of_field(name).expression},
        )
        for name in FIELDS
    ]
    joint = f"(?:{re.escape(lexicon.values.comma)})?"
    match = re.fullmatch(joint.join(f"(?:{piece})?" for piece in pieces), text)
    if match is None:
        raise UnreadableError(f"{text!r} is no condition")
    found = match.groupdict()
    return {
        name: lexicon.of_field(name).key(word) for name, word in found.items() if word is not None
    }


# Words -----------------------------------------------------------------------------------------

_SCHEMES: Final = ("tel:", "mailto:")


def _show_uri(uri: str, lexicon: Lexicon) -> str:
    scheme, colon, rest = uri.partition(":")
    name = lexicon.phrases.get(scheme)
    return fill(name, address=rest) if colon and name else uri


def _read_uri(text: str, lexicon: Lexicon) -> str:
    for scheme in _SCHEMES:
        head = fill(lexicon.phrases[scheme[:-1]], address="")
        if text.startswith(head):
            return scheme + text.removeprefix(head)
    return text


def _show_contacts(contacts: Mapping[str, str], lexicon: Lexicon) -> str:
    return BETWEEN.join(
        fill(
            lexicon.phrases["contact"],
            what=lexicon.words.show(what),
            address=_show_uri(uri, lexicon),
        )
        for what, uri in contacts.items()
    )


def _read_contacts(text: str, lexicon: Lexicon) -> Plain:
    pattern, words = lexicon.phrases["contact"], lexicon.words
    each = [read(pattern, part, what=words.expression) for part in text.split(BETWEEN)]
    return {words.key(found["what"]): _read_uri(found["address"], lexicon) for found in each}


def _read_register(text: str, _lexicon: Lexicon) -> str:
    register, _, number = text.partition(" ")
    return f"{register.lower()}:{number}"


def _values(name: str, module: object = times) -> Phrase:
    """A phrase whose two functions stand in `times` or `amounts` under its name."""
    show, parse = getattr(module, f"show_{name}"), getattr(module, f"parse_{name}")
    return Phrase(
        lambda value, lexicon: show(value, lexicon.values),
        lambda text, lexicon: plain.show(parse(text, lexicon.values)),
    )


def _counted(number: int | Decimal, lexicon: Lexicon) -> str:
    return amounts.show_decimal(number, lexicon.values)


def _number(text: str, lexicon: Lexicon) -> str:
    return str(amounts.parse_decimal(text, lexicon.values))


_RAW: Final = Phrase(
    lambda value, _: str(value), lambda text, _: text, lambda _: "[A-Za-z0-9._/+-]+"
)
_NUMBER: Final = Phrase(_counted, _number, lambda _: "-?[0-9][^ ]*")

PHRASES: Final[Mapping[str, Phrase]] = {
    "share": Phrase(_show_part, _read_part),
    "money": Phrase(_show_money, _read_money),
    "rate": Phrase(_show_rate, _read_rate),
    "amount": Phrase(_show_amount, _read_amount),
    "count": _NUMBER,
    "figure": _NUMBER,
    "duration": _values("duration"),
    "rhythm": _values("rhythm"),
    "every": _values("every"),
    "within": Phrase(_show_within, _read_within),
    "date": _values("date"),
    "month": Phrase(_show_month, _read_month),
    "instant": Phrase(_show_moment, _read_moment),
    "exceptions": Phrase(_show_exceptions, _read_exceptions),
    "week": Phrase(_show_week, _read_week),
    "when": Phrase(_show_when, _read_when),
    "party": _named(lambda lexicon: lexicon.parties, lambda key, lexicon: key in lexicon.own),
    "service": _named(lambda lexicon: lexicon.services, user=_always),
    "calendar": _named(lambda lexicon: lexicon.calendars, user=_always),
    "clause": _named(lambda lexicon: lexicon.clauses),
    "price": _named(lambda lexicon: lexicon.prices, user=_always),
    "word": _named(lambda lexicon: lexicon.words, lambda key, lexicon: key in lexicon.own),
    "unit": _named(lambda lexicon: lexicon.units),
    "asset": _named(lambda lexicon: lexicon.assets, user=_always),
    "country": _named(lambda lexicon: lexicon.countries),
    "range": Phrase(
        _show_range, _read_range, lambda lexicon: loose(lexicon.phrases["range"], "[0-9][^ ]*")
    ),
    "contacts": Phrase(_show_contacts, _read_contacts),
    "uri": Phrase(_show_uri, _read_uri),
    "register": Phrase(lambda value, _: value.replace(":", " ").upper(), _read_register),
    "own_period": Phrase(
        lambda key, lexicon: lexicon.enums["per_period"].show(lexicon.periods[key]),
        lambda text, _: text,
    ),
    "raw": _RAW,
    "name": Phrase(lambda value, _: str(value), lambda text, _: text, user=_always),
}
"""Each kind by name; a list of things is a list of phrases."""
