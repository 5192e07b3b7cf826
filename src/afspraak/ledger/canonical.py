"""One value, one text, one hash: canonical JSON (RFC 8785) of what a leaf may hold.

Text, whole numbers, true, false, null, lists and objects. A float has more than one reading, so
there are none; an instant is text in UTC with exactly six decimals. Subclasses are refused too:
what they hold and what they show may differ.
"""

import json
import re
from functools import lru_cache
from typing import Final

import rfc8785

from afspraak.engine.time import DAY, EPOCH, Refusal, datetime_of, instant_of, parse_instant

GREATEST: Final = 2**53 - 1
"""A reader that keeps numbers as doubles would read a greater one as another (RFC 8785, 3.2.2.3).
"""

DEEPEST: Final = 32
"""Lists and objects within each other; a circle is deeper than any limit."""

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]

_FIRST: Final = instant_of(EPOCH.replace(year=1))
_LAST: Final = instant_of(EPOCH.replace(year=9999, month=12, day=31)) + DAY - 1
_INSTANT: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z"


_PLAINLY: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False
)


class NotCanonical(ValueError):
    """A value that has no canonical text, or a text that is not it: where, what, and the remedy.

    `place` is written as `$.body.changes[2].until`; `$` is the whole.
    """

    def __init__(self, place: str, fact: str, remedy: str) -> None:
        super().__init__(f"{place}: {fact}: {remedy}")
        self.place = place
        self.fact = fact
        self.remedy = remedy


def canonical(value: object, *, place: str = "$", depth: int = 0) -> bytes:
    """The one text of a value, as UTF-8. Refuses what could be read in two ways. `place` and
    `depth` are those of a value that is part of another.
    """
    if _is_plain(value, depth):
        return _PLAINLY.encode(value).encode("ascii")
    _check(value, place, depth)
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # _check has seen every part of it


def _is_plain(value: object, depth: int) -> bool:
    """Whether the standard library writes the very same text, and sooner: no fault in it, and names
    of members whose order is the same in UTF-16 as in ASCII (RFC 8785, 3.2.3).
    """
    kind = type(value)
    if kind is str:
        assert isinstance(value, str)
        return value.isascii()
    if kind is int:
        assert isinstance(value, int)
        return -GREATEST <= value <= GREATEST
    if kind is dict and depth < DEEPEST:
        assert isinstance(value, dict)
        return _is_plain_object(value, depth + 1)
    if kind is list and depth < DEEPEST:
        assert isinstance(value, list)
        return all(_is_plain(item, depth + 1) for item in value)
    return value is None or kind is bool


def _is_plain_object(value: dict[object, object], depth: int) -> bool:
    for key, item in value.items():  # a generator would take as long as the writing
        if type(key) is not str or not key.isascii():
            return False
        if not (item.isascii() if type(item) is str else _is_plain(item, depth)):
            return False
    return True


def read(data: bytes) -> Json:
    """The value whose canonical text this is. Refuses any other text of the same value."""
    try:
        value: Json = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotCanonical("$", f"this is no JSON ({error})", "take the bytes as kept") from None
    if canonical(value) != data:
        raise NotCanonical("$", "JSON, but not in canonical form", "take the bytes as kept")
    return value


@lru_cache(maxsize=1024)
def instant_text(instant: int) -> str:
    """Microseconds since 1970 -> `2026-03-02T08:00:00.000000Z` (RFC 3339). What comes in together
    is logged at one instant.
    """
    if not _FIRST <= instant <= _LAST:
        raise NotCanonical(
            "$", f"the instant {instant} lies outside the years 1 to 9999", "give microseconds"
        )
    return datetime_of(instant).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def read_instant(text: str) -> int:
    """The inverse of `instant_text`; no other way to write the instant is taken."""
    remedy = "write it as 2026-03-02T08:00:00.000000Z"
    if re.fullmatch(_INSTANT, text) is None:
        raise NotCanonical("$", f"{text!r} is not an instant", remedy)
    try:
        return parse_instant(text)
    except Refusal as refusal:
        raise NotCanonical("$", str(refusal), remedy) from None


def _check(value: object, place: str, depth: int) -> None:
    """Refuse the first part, in the order of the value, that has no one text."""
    if value is None or type(value) is bool:
        return
    if type(value) is int:
        _check_number(value, place)
    elif type(value) is str:
        _check_text(value, place)
    elif depth == DEEPEST:
        raise NotCanonical(place, f"more than {DEEPEST} levels", "make it flatter")
    elif type(value) is list:
        for index, item in enumerate(value):
            _check(item, f"{place}[{index}]", depth + 1)
    elif type(value) is dict:
        _check_object(value, place, depth + 1)
    else:
        raise NotCanonical(place, f"a {type(value).__name__} has no one text", _remedy(value))


def _check_number(value: int, place: str) -> None:
    if abs(value) > GREATEST:
        raise NotCanonical(place, f"{value} is beyond {GREATEST}", "write it as text")


def _check_text(value: str, place: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        fact = f"{value!r} holds half a character (a lone surrogate) at {error.start}"
        raise NotCanonical(place, fact, "take it out") from None


def _check_object(value: dict[object, object], place: str, depth: int) -> None:
    for key, item in value.items():
        if type(key) is not str:
            raise NotCanonical(place, f"the key {key!r} is no text", "write it as text")
        _check_text(key, place)
        _check(item, f"{place}{_step(key)}", depth)


def _step(key: str) -> str:
    return f".{key}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key) else f"[{json.dumps(key)}]"


def _remedy(value: object) -> str:
    """What to give instead, for the kinds that people try."""
    if isinstance(value, float):
        return "write it as text, or as a whole number of a smaller unit"
    if hasattr(value, "tzinfo"):
        return "write an instant with instant_text"
    return "give plain text, a whole number, true, false, null, a list or an object"
