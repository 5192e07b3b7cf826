"""What may stand in a request: strict texts, instants, ids and amounts, as JSON Schema says them.

Nothing is turned into another type: a number is no text, `0` no instant. Lone surrogates are
refused by pydantic itself; NUL and control characters by the patterns.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from afspraak.engine.time import datetime_of, parse_instant

# Parts of messages ---------------------------------------------------------------------------


class Asked(BaseModel):
    """A part of a request: exactly the fields that are said, of exactly their types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Shown(BaseModel):
    """A part of an answer: an allow-list; what is not named here leaves no door."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# Texts ---------------------------------------------------------------------------------------

# Control characters, and those that turn the direction of writing: a name reads as it is stored.
_HIDDEN: Final = r"\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF"
LINE: Final = rf"^[^\u0000-\u001F{_HIDDEN}]*$"
WORDS: Final = rf"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F{_HIDDEN}]*$"
SOLID: Final = rf"^[^\u0000-\u0020\u0085\u00A0{_HIDDEN}][^\u0000-\u001F{_HIDDEN}]*$"
_CODE: Final = r"^[A-Za-z0-9][A-Za-z0-9_.:/-]*$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=SOLID)]
"""One line that begins with a letter, a number or a sign."""
ShortName = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=SOLID)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=SOLID)]
FileName = Annotated[
    str,
    StringConstraints(
        max_length=120,
        pattern=rf"^[^\u0000-\u0020./\\:*?\"<>|{_HIDDEN}][^\u0000-\u001F/\\:*?\"<>|{_HIDDEN}]{{0,100}}\.[A-Za-z0-9]{{1,8}}$",
    ),
]
"""A file's name, with its ending and without a way to a folder."""
Line = Annotated[str, StringConstraints(max_length=200, pattern=LINE)]
Words = Annotated[str, StringConstraints(max_length=20_000, pattern=WORDS)]
"""What a person writes: several lines."""
Said = Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=WORDS)]
"""The same where something must be said."""
Code = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_CODE)]
"""A word of a contract: a service, a kind, a site, a clause."""
Reference = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_CODE)]
Phone = Annotated[str, StringConstraints(max_length=40, pattern=r"^(?:\+?[0-9 ()./-]{3,39})?$")]
Email = Annotated[
    str,
    StringConstraints(
        max_length=254,
        pattern=r"^(?:[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,30}\.){1,5}[A-Za-z]{2,24})?$",
    ),
]
Register = Annotated[
    str, StringConstraints(max_length=40, pattern=r"^(?:(?:kvk|kbo|vat):[A-Z0-9]{4,20})?$")
]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Language = Literal["nl", "fr", "en"]
Party = Literal["supplier", "customer", "third_party"]
Money = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3} (?:0|[1-9][0-9]{0,8})\.[0-9]{2}$")]
"""`EUR 120.00`."""
Number = Annotated[str, StringConstraints(pattern=r"^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$")]
"""A decimal number as text: JSON's own numbers are binary fractions to most readers."""


def _whole(value: object) -> object:
    """`44.0` is a whole number to JSON Schema, whatever Python makes of it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000), BeforeValidator(_whole)]

# Ids, instants, dates ------------------------------------------------------------------------

_UUID: Final = re.compile(
    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
)


def _id(value: object) -> UUID:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        raise ValueError("write an id as 8-4-4-4-12 hexadecimal digits")
    return UUID(value)


Id = Annotated[UUID, BeforeValidator(_id), WithJsonSchema({"type": "string", "format": "uuid"})]

_YEAR: Final = r"(?:19[7-9]\d|20\d\d|21\d\d)"
_LEAP: Final = r"(?:19(?:72|76|80|84|88|92|96)|2000|(?:20|21)(?:0[48]|[2468][048]|[13579][26]))"
DATE: Final = (
    rf"(?:{_YEAR}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    rf"|02-(?:0[1-9]|1\d|2[0-8]))|{_LEAP}-02-29)"
).replace(r"\d", "[0-9]")
INSTANT: Final = (
    rf"^{DATE}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{{1,6}})?"
    r"(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$"
).replace(r"\d", "[0-9]")
_WRITTEN: Final = re.compile(INSTANT)


def _instant(value: object) -> int:
    """RFC 3339 with an offset, from 1970 to 2199 -> microseconds. A number is no instant."""
    if not isinstance(value, str) or _WRITTEN.fullmatch(value) is None:
        raise ValueError("write an instant with its offset, as 2026-03-02T09:00:00+01:00")
    return parse_instant(value)


def show(at: int | datetime | None) -> str | None:
    """An instant as it stands in every answer: RFC 3339, UTC, microseconds where there are any."""
    return None if at is None else shown(at)


@lru_cache(maxsize=4096)
def shown(at: int | datetime) -> str:
    """The same for one that is there. An answer names the same few instants again and again."""
    moment = datetime_of(at) if isinstance(at, int) else at
    return moment.isoformat().replace("+00:00", "Z")


Instant = Annotated[
    int,
    BeforeValidator(_instant),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": INSTANT,
            "description": "RFC 3339 with an offset, 1970 to 2199",
            "examples": ["2027-03-02T10:00:00+01:00"],
        }
    ),
]


_WRITTEN_DAY: Final = re.compile(DATE)


def _day(value: object) -> date:
    if not isinstance(value, str) or _WRITTEN_DAY.fullmatch(value) is None:
        raise ValueError("write a date from 1970 to 2199 as 2026-03-02")
    return date.fromisoformat(value)


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": f"^{DATE}$", "examples": ["2027-03-02"]}),
]

Moment = Annotated[
    str, WithJsonSchema({"type": "string", "format": "date-time"}), PlainSerializer(str)
]
"""An instant in an answer: made by `show`."""

# In a query ----------------------------------------------------------------------------------


def _page_size(value: object) -> int:
    if isinstance(value, int):
        return value
    text = str(value)
    if not (text.isascii() and text.isdigit() and not text.startswith("0")):
        raise ValueError("write a number from 1 to 200")
    return int(text[:6])


Limit = Annotated[
    int,
    BeforeValidator(_page_size),
    Field(ge=1, le=200),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
]
Flag = Literal["true", "false"]
Cursor = Annotated[str, StringConstraints(max_length=400, pattern=r"^[A-Za-z0-9_-]*$")]
