"""Every way to change one value of a part: the part with it changed, and the path of the value."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel

from afspraak.engine.hours import Interval
from afspraak.engine.time import MINUTE, Rhythm, ServiceTime, WorkingDays
from afspraak.language.text.fields import fields_of
from afspraak.language.values import Money, Month, Rate
from tests.language.worded import ONLY_WITH, words_of


def alterations(part: Any, skipped: set[str]) -> Iterator[tuple[str, Any]]:
    """Each value changed on its own; unchecked, as the text must show it all the same."""
    for key, field in fields_of(type(part)).items():
        if key in skipped:
            continue
        value = getattr(part, field.name)
        for path, other in _others(value, type(part), field.name):
            yield f"{key}{path}", part.model_copy(update={field.name: other})


def says_nothing(part: BaseModel, key: str) -> bool:
    """Whether a default means nothing because the key that it goes with is absent."""
    needed = ONLY_WITH.get((type(part).__name__, key))
    return needed is not None and getattr(part, needed) is None


def _others(value: Any, model: type[BaseModel], name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, BaseModel):
        for path, other in alterations(value, set()):
            yield f".{path}", other
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            for path, other in _others(each, model, name):
                yield f".{place}{path}", (*value[:place], other, *value[place + 1 :])
    elif (other := altered(value, model, name)) is not None:
        yield "", other


def altered(value: Any, model: type[BaseModel], name: str) -> Any:  # noqa: C901, PLR0911, PLR0912
    match value:
        case bool():
            return not value
        case ServiceTime(size):
            return ServiceTime(size + MINUTE)
        case WorkingDays(days):
            return WorkingDays(days + 1)
        case Rhythm(months, days):
            return Rhythm(months + 1 if months else 0, days + 1 if days else 0)
        case Fraction():
            return value + Fraction(1, 1000)
        case Decimal():
            return value + 1
        case Money(amount, currency):
            return Money(amount + 1, currency)
        case Rate(money, unit, per):
            return Rate(Money(money.amount + 1, money.currency), unit, per)
        case Month(year, month):
            return Month(year + 1, month)
        case date():
            return value + timedelta(days=1)
        case int():
            return value + MINUTE if name.endswith("_at") else value + 1
        case Interval(opens, closes):
            return Interval(opens, closes + 1)
        case str():
            return _other_word(value, model, name)
    return None


def _other_word(value: str, model: type[BaseModel], name: str) -> str:
    """Another word of a closed list; else another name or key."""
    kinds = {field.name: field.kind for field in fields_of(model).values()}
    if kinds[name] == "enum":
        words = words_of(model, name)
        return words[(words.index(value) + 1) % len(words)]
    return f"{value}-x" if kinds[name] not in ("uri", "register") else f"{value}1"
