"""The words of one language, read once from its files: data with named slots, never code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, cast, get_args

from ruamel.yaml import YAML

Lang = Literal["nl", "fr", "en"]
LANGS: Final[tuple[Lang, ...]] = get_args(Lang)

Tree = str | Sequence["Tree"] | Mapping[str, "Tree"]
"""What a file of texts holds: text, lists and named things of text."""

SLOT: Final = re.compile(r"\{([a-z_0-9.:]+)\}")


class UnreadableError(ValueError):
    """A text that no phrase of the language could have written."""


@dataclass(frozen=True, slots=True)
class Values:
    """How one language writes values (`texts/<lang>/values.yaml`); singular before plural."""

    decimal: str
    group: str
    money: Mapping[str, str]
    percent: str
    comma: str
    either: str
    both: str
    duration: Mapping[str, Sequence[str]]
    service_time: str
    working_days: Sequence[str]
    rhythm: Mapping[str, Sequence[str]]
    every: Mapping[str, Sequence[str]]
    months: Sequence[str]
    first_of_month: str
    date: str
    weekdays: Sequence[str]
    instant: str
    weekday_range: str
    interval: str
    next_day: str
    round_the_clock: str
    no_hours: str
    quote: str


@cache
def texts_of(lang: Lang, name: str) -> Mapping[str, Tree]:
    """The file `texts/<lang>/<name>.yaml`; every scalar is text."""
    return _loaded(f"texts/{lang}/{name}.yaml")


@cache
def neutral(name: str) -> Mapping[str, Tree]:
    """The file `texts/<name>.yaml`, which holds for every language."""
    return _loaded(f"texts/{name}.yaml")


def _loaded(path: str) -> Mapping[str, Tree]:
    found = files("afspraak.language").joinpath(path)
    loader = YAML(typ="base", pure=True)
    return cast("Mapping[str, Tree]", loader.load(found.read_text(encoding="utf-8")))


@cache
def values_of(lang: Lang) -> Values:
    """The language's way of writing values."""
    return Values(**cast("Mapping[str, str]", texts_of(lang, "values")))  # type: ignore[arg-type]


def fill(pattern: str, **slots: str) -> str:
    """The pattern with its named slots filled. What is filled in is not looked at again."""
    return SLOT.sub(lambda match: slots[match[1]], pattern)


def expression(pattern: str, **slots: str) -> str:
    """The pattern as a regular expression: a group for each slot, by the expression it is given
    (`.+`).
    """
    parts = SLOT.split(pattern)
    return "".join(
        f"(?P<{part}>{slots.get(part, '.+')})" if place % 2 else re.escape(part)
        for place, part in enumerate(parts)
    )


def loose(pattern: str, slot: str) -> str:
    """The pattern as a regular expression without groups, the same expression in every slot."""
    parts = SLOT.split(pattern)
    return "".join(slot if place % 2 else re.escape(part) for place, part in enumerate(parts))


def read(pattern: str, text: str, **slots: str) -> Mapping[str, str]:
    """The inverse of `fill`: what stands in each slot. Raises `UnreadableError` where the text is
    not of the pattern.
    """
    match = re.fullmatch(expression(pattern, **slots), text, re.DOTALL)
    if match is None:
        raise UnreadableError(f"{text!r} is not written as {pattern!r}")
    return match.groupdict()


def both(items: Sequence[str], values: Values) -> str:
    """`A, B en C`."""
    if len(items) < 2:  # noqa: PLR2004 - one thing needs no joint
        return "".join(items)
    return values.both.join((values.comma.join(items[:-1]), items[-1]))
