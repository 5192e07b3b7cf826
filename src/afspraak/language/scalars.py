"""The field types of the contract's schema: text in, typed value inside, the same text out, with
its JSON Schema.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Final

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from afspraak.engine.hours import Interval
from afspraak.engine.time import (
    Refusal,
    Rhythm,
    ServiceTime,
    WorkingDays,
    parse_instant,
    show_instant,
    zone_of,
)
from afspraak.language import values
from afspraak.language.values import Money, Month, Rate, Within, Wrong, quoted, show, text_of

_SHOWN: Final = PlainSerializer(show, return_type=str)
_DIGITS: Final = r"(0|[1-9][0-9]{0,8})"
_DURATION: Final = (
    rf"PT(?=[0-9])({_DIGITS}H)?({_DIGITS}M)?({_DIGITS}S)?|[1-9][0-9]{{0,8}} working days?"
)
_RHYTHM: Final = r"[1-9][0-9]{0,3} (day|week|month|year)s?"
_MONEY: Final = r"[A-Z]{3} (0|[1-9][0-9]{0,11})(\.([0-9]{2}|[0-9]{4}))?"
_PERCENT: Final = r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,6})? %"
_WEEKDAY: Final = f"({'|'.join(values.WEEKDAYS)})"
_CLOCK: Final = r"(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)"


def _schema(description: str, pattern: str, *examples: str) -> WithJsonSchema:
    schema: dict[str, Any] = {
        "type": "string",
        "description": description,
        "pattern": f"^({pattern})$",
    }
    return WithJsonSchema(schema | ({"examples": list(examples)} if examples else {}))


def _matching(what: str, pattern: str, remedy: str) -> Callable[[object], str]:
    """A reader of words that match a pattern in full."""
    compiled = re.compile(pattern)

    def read(value: object) -> str:
        text = text_of(value, what, remedy)
        if not compiled.fullmatch(text):
            strange = [f"U+{ord(letter):04X}" for letter in text if not letter.isascii()][:3]
            hint = f" (it holds {', '.join(strange)}, which is no plain letter)" if strange else ""
            raise Wrong(f"{quoted(text)} is not {what}{hint}", remedy)
        return text

    return read


def _word(
    what: str, pattern: str, remedy: str, *examples: str
) -> tuple[PlainValidator, WithJsonSchema]:
    return PlainValidator(_matching(what, pattern, remedy)), _schema(what, pattern, *examples)


@dataclass(frozen=True, slots=True)
class Points:
    """Marks an id that refers to something: the part of the document that lists it; for clauses, of
    which types.
    """

    section: str
    types: tuple[str, ...] = ()


# Words -------------------------------------------------------------------------------------------

_id = _word(
    "an id", r"[a-z][a-z0-9-]{0,59}", "start with a-z and use only a-z, 0-9 and -", "oplossen"
)
Id = Annotated[str, *_id]
"""The stable id of a clause, service, calendar, site, kind, party or asset."""

CalendarRef = Annotated[str, *_id, Points("calendars")]
ServiceRef = Annotated[str, *_id, Points("services")]
KindRef = Annotated[str, *_id, Points("ticket_kinds")]
SiteRef = Annotated[str, *_id, Points("sites")]
AssetRef = Annotated[str, *_id, Points("assets")]
TicketPromiseRef = Annotated[str, *_id, Points("clauses", ("ticket_promise",))]
OpenTermRef = Annotated[str, *_id, Points("clauses", ("open_term",))]
DeliveryRef = Annotated[str, *_id, Points("clauses", ("delivery",))]
HourlyRef = Annotated[str, *_id, Points("clauses", ("hourly",))]
PriceRef = Annotated[
    str,
    *_id,
    Points("prices", ("hourly", "prepaid_hours", "project_price", "standing_fee", "start_up")),
]
PromiseRef = Annotated[
    str,
    *_id,
    Points(
        "clauses",
        ("ticket_promise", "availability", "recurring_promise", "reporting", "review", "delivery"),
    ),
]

_word_of = _word(
    "a word",
    r"[a-z][a-z0-9_-]{0,59}",
    "start with a-z and use only a-z, 0-9, _ and -",
    "contact_list",
)
Word = Annotated[str, *_word_of]
"""A name from an open list: an impact, a task, what a report contains."""

_priority = _word(
    "a priority", r"[A-Za-z][A-Za-z0-9_-]{0,39}", "start with a letter: P1, high", "P1"
)
Priority = Annotated[str, *_priority]

_label = _word("a name of this contract", r"[A-Za-z][A-Za-z0-9_-]{0,59}", "write a site, kind, ...")
Label = Annotated[str, *_label]
"""Any id, word or priority of the contract that people may want a name for."""
PriorityRef = Annotated[str, *_priority, Points("priorities")]

_party = _word(
    "a party",
    r"third_party|[a-z][a-z0-9-]{0,59}",
    "name a key of `parties`, or third_party",
    "supplier",
)
PartyRef = Annotated[str, *_party, Points("parties")]
"""A key of `parties`, or `third_party` for the one that has this role."""

_country = _word(
    "a country", r"[A-Z]{2}(-[A-Z0-9]{1,3})?", 'write "NL", "BE" or a part of it as "DE-BY"', "NL"
)
Country = Annotated[str, *_country]

_register = _word(
    "a register number",
    r"[a-z]{2,8}:[0-9A-Za-z.]{2,30}",
    "write the register and the number, as kvk:12345678 or kbo:0403170701",
    "kvk:12345678",
)
Register = Annotated[str, *_register]

_uri = _word(
    "an address",
    r"tel:\+[0-9]{6,15}|mailto:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}"
    r"|https://[A-Za-z0-9.-]{1,190}[!-~]{0,500}",
    "write tel:+31201234567, mailto:desk@example.org or https://example.org/",
    "tel:+31201234567",
)
Uri = Annotated[str, *_uri]

_release = _word("a version", r"[0-9]+[0-9a-z.]{0,30}", "write it as 0.109 or 2026a", "0.109")
Release = Annotated[str, *_release]


def _prose(most: int, *, lines: bool) -> Callable[[object], str]:
    def read(value: object) -> str:
        text = text_of(
            value, "text", "write text, in quotes where it could be read as something else"
        )
        if not text.strip():
            raise Wrong("the text is empty", "write it, or leave the key out")
        if len(text) > most:
            raise Wrong(f"the text has {len(text)} characters", f"keep it within {most}")
        if not lines and "\n" in text:
            raise Wrong("the text runs over more than one line", "write it on one line")
        return text

    return read


Name = Annotated[
    str,
    PlainValidator(_prose(200, lines=False)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200}),
]
"""A name as it is written: of an organisation, a person, a place. One line."""

Prose = Annotated[
    str,
    PlainValidator(_prose(4000, lines=True)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 4000}),
]
"""Free text in the contract's binding language, beside a clause and never instead of it."""


def _zone(value: object) -> str:
    text = text_of(value, "a time zone", "write an IANA name, as Europe/Brussels")
    try:
        zone_of(text)
    except Refusal as refusal:
        raise Wrong(str(refusal), "write an IANA name, as Europe/Brussels") from None
    return text


def _currency(value: object) -> str:
    remedy = f"use one of {', '.join(sorted(values.CURRENCIES))}"
    text = text_of(value, "a currency", remedy)
    if text not in values.CURRENCIES:
        raise Wrong(f"{quoted(text)} is not a currency here", remedy)
    return text


Zone = Annotated[
    str, PlainValidator(_zone), _schema("IANA time zone", r"[A-Za-z0-9_+/-]+", "Europe/Brussels")
]
Currency = Annotated[
    str, PlainValidator(_currency), WithJsonSchema({"enum": sorted(values.CURRENCIES)})
]

# Numbers, shares, money --------------------------------------------------------------------------

_WHOLE: Final = {"type": ["integer", "string"], "minimum": 0, "pattern": f"^{_DIGITS}$"}
_FLAG: Final = {"enum": [True, False, "true", "false"]}
_FIGURE: Final = {"type": ["number", "string"], "pattern": r"^(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?$"}


def _positive(value: object) -> int:
    count = values.parse_count(value)
    if count == 0:
        raise Wrong("0 is too few", "write at least 1")
    return count


Count = Annotated[int, PlainValidator(values.parse_count), _SHOWN, WithJsonSchema(_WHOLE)]
Positive = Annotated[
    int, PlainValidator(_positive), _SHOWN, WithJsonSchema(_WHOLE | {"minimum": 1})
]
Flag = Annotated[bool, PlainValidator(values.parse_flag), _SHOWN, WithJsonSchema(_FLAG)]
Figure = Annotated[Decimal, PlainValidator(values.parse_decimal), _SHOWN, WithJsonSchema(_FIGURE)]
ShareValue = Annotated[
    Fraction,
    PlainValidator(values.parse_share),
    _SHOWN,
    _schema("a share from 0 % to 100 %", _PERCENT, "95 %"),
]
Percentage = Annotated[
    Fraction,
    PlainValidator(values.parse_percentage),
    _SHOWN,
    _schema("a percentage", _PERCENT, "150 %"),
]
MoneyValue = Annotated[
    Money, PlainValidator(values.parse_money), _SHOWN, _schema("a sum", _MONEY, "EUR 250.00")
]
RateValue = Annotated[
    Rate,
    PlainValidator(values.parse_rate),
    _SHOWN,
    _schema(
        "a rate",
        rf"{_MONEY}( / [a-z][a-z_]*){{1,2}}",
        "EUR 4.50 / user / month",
        "EUR 95.00 / hour",
    ),
]
AmountValue = Annotated[
    Fraction | Money,
    PlainValidator(values.parse_amount),
    _SHOWN,
    _schema("a share or a sum", f"{_PERCENT}|{_MONEY}", "5 %", "EUR 50.00"),
]

# Time --------------------------------------------------------------------------------------------


def _instant(value: object) -> int:
    text = text_of(value, "an instant", "write it as 2027-03-02T09:00:00+01:00")
    try:
        return parse_instant(text)
    except Refusal as refusal:
        raise Wrong(
            str(refusal).partition(": ")[0], "write it as 2027-03-02T09:00:00+01:00"
        ) from None


DateValue = Annotated[
    date,
    PlainValidator(values.parse_date_text),
    _SHOWN,
    _schema("a date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "2027-01-01"),
]
MonthValue = Annotated[
    Month,
    PlainValidator(values.parse_month),
    _SHOWN,
    _schema("a month", r"[12][0-9]{3}-(0[1-9]|1[0-2])", "2026-11"),
]
InstantValue = Annotated[
    int,
    PlainValidator(_instant),
    PlainSerializer(show_instant, return_type=str),
    _schema(
        "an instant with its offset",
        r"[0-9-]{10}T[0-9:.]{5,15}(Z|[+-][0-9]{2}:[0-9]{2})",
        "2027-03-02T09:00:00Z",
    ),
]
DurationValue = Annotated[
    ServiceTime | WorkingDays,
    PlainValidator(values.parse_duration_text),
    _SHOWN,
    _schema("service time or working days", _DURATION, "PT4H", "3 working days"),
]


def _trial(value: object) -> ServiceTime | WorkingDays | None:
    if value == "none":
        return None
    try:
        return values.parse_duration_text(value)
    except Wrong as wrong:
        raise Wrong(
            wrong.fact, "write none to measure only, or a trial value as PT4H or 3 working days"
        ) from None


def _show_trial(value: object) -> str:
    return "none" if value is None else show(value)


TrialValue = Annotated[
    ServiceTime | WorkingDays | None,
    PlainValidator(_trial),
    PlainSerializer(_show_trial, return_type=str),
    _schema("none, service time or working days", f"none|{_DURATION}", "none", "PT4H"),
]
RhythmValue = Annotated[
    Rhythm,
    PlainValidator(values.parse_rhythm_text),
    _SHOWN,
    _schema("a term or rhythm", _RHYTHM, "3 months"),
]
WithinValue = Annotated[
    Within,
    PlainValidator(values.parse_within),
    _SHOWN,
    _schema(
        "a term, service time or working days",
        f"{_RHYTHM}|{_DURATION}",
        "1 month",
        "5 working days",
    ),
]
Days = Annotated[
    str,
    PlainValidator(values.parse_days),
    _schema("a weekday or a range of them", f"{_WEEKDAY}(-{_WEEKDAY})?", "mon-fri", "sat"),
]
IntervalValue = Annotated[
    Interval,
    PlainValidator(values.parse_interval),
    _SHOWN,
    _schema("hours", f"{_CLOCK}-{_CLOCK}", "08:30-17:30"),
]
