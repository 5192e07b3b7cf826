"""Pages by cursor: where the last one ended stands in the next one's address."""

import base64
import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    ForeignKey,
    IntegerField,
    Model,
    OneToOneField,
    Q,
    QuerySet,
    UUIDField,
)

from afspraak.api.kinds import Shown
from afspraak.api.problem import Missing

Item = TypeVar("Item")
Row = TypeVar("Row", bound=Model)
Key = tuple[Any, ...]
USUAL: Final = 50


class Page(Shown, Generic[Item]):
    """Some items, and the cursor of those after them; null at the end."""

    items: list[Item]
    next: str | None


def page_of(
    rows: QuerySet[Row],
    order: Sequence[str],
    cursor: str | None,
    limit: int,
    show: Callable[[list[Row]], list[Item]],
    *,
    is_sorted: bool = False,
) -> Page[Item]:
    """The rows after the cursor, in an order that ends with something unique. `-name` is downwards;
    the order is the operation's own, never the asker's. `is_sorted`: the rows stand in it already,
    as in an index in which something else, the same for all of them, comes first.
    """
    sorted_rows = rows if is_sorted else rows.order_by(*order)
    if cursor:
        place = read_cursor(cursor, kinds_of(rows.model, order))
        sorted_rows = sorted_rows.filter(after(order, place))
    found = list(sorted_rows[: limit + 1])
    last = key_of(found[limit - 1], order) if len(found) > limit else None
    return Page(items=show(found[:limit]), next=write_cursor(last) if last else None)


def key_of(row: Model, order: Sequence[str]) -> Key:
    """Where a row stands in an order."""
    return tuple(getattr(row, name.removeprefix("-")) for name in order)


def after(order: Sequence[str], key: Key) -> Q:
    """The rows that stand after a place in an order. Where the first of it lies is said once more
    by itself: from there an index is read on, instead of from its beginning.
    """
    first = order[0].removeprefix("-")
    begin = Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": key[0]})
    found, same = Q(pk__in=()), Q()
    for name, value in zip(order, key, strict=True):
        column = name.removeprefix("-")
        step = "lt" if name.startswith("-") else "gt"
        found |= same & Q(**{f"{column}__{step}": value})
        same &= Q(**{column: value})
    return begin & found


def write_cursor(key: Key) -> str:
    """A place as text that nobody needs to read."""
    words = json.dumps([_plain(part) for part in key], separators=(",", ":"))
    return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def kinds_of(model: type[Model], order: Sequence[str]) -> str:
    """What each part of a place in an order is: a letter each, as in `_plain`."""
    names = (name.removeprefix("-") for name in order)
    fields = (model._meta.get_field(name) for name in names)
    return "".join(_LETTERS.get(type(field), "s") for field in fields)


_LETTERS: Final = {
    DateTimeField: "t",
    DateField: "d",
    UUIDField: "u",
    ForeignKey: "u",
    OneToOneField: "u",
    BigIntegerField: "i",
    IntegerField: "i",
}


def read_cursor(text: str, kinds: str) -> Key:
    """The place in a cursor. Raises Missing for one that was never given out here."""
    try:
        told = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(told, list) or "".join(str(part[0]) for part in told) != kinds:
            raise Missing
        return tuple(_value(kind, part) for kind, part in told)
    except (ValueError, TypeError, LookupError, RecursionError, OverflowError):
        raise Missing from None


def _plain(part: object) -> list[str]:
    if isinstance(part, datetime):
        return ["t", part.isoformat()]
    if isinstance(part, date):
        return ["d", part.isoformat()]
    if isinstance(part, UUID):
        return ["u", str(part)]
    if isinstance(part, int):
        return ["i", str(part)]
    return ["s", str(part)]


def _value(kind: str, text: str) -> object:
    if "\x00" in str(text):
        raise TypeError("no part of a cursor")
    match kind:
        case "t":
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("no instant")
            return moment.astimezone(UTC)
        case "d":
            return date.fromisoformat(text)
        case "u":
            return UUID(text)
        case "i":
            return min(max(int(text[:20]), -(2**31)), 2**31 - 1)
        case _:
            return text.encode().decode()
