"""What every part of the document shares: unknown keys are refused, values are frozen; texts,
conditions, clauses.
"""

from collections.abc import Iterable
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from afspraak.language.scalars import (
    Flag,
    Id,
    KindRef,
    Name,
    PriorityRef,
    PromiseRef,
    Prose,
    ServiceRef,
    SiteRef,
)
from afspraak.language.values import Wrong

Language = Literal["nl", "fr", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("nl", "fr", "en")
Level = Literal["bronze", "silver", "gold", "platinum", "custom"]
LEVELS: Final[tuple[Level, ...]] = ("bronze", "silver", "gold", "platinum", "custom")
Period = Literal["month", "quarter", "year", "term"]


class Part(BaseModel):
    """A mapping of the document: only the keys that its class names."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def one_of(part: BaseModel, keys: Iterable[str], *, at_least: int = 1, at_most: int = 1) -> None:
    """Refuses too few or too many of the keys that exclude each other."""
    names = tuple(keys)
    given = [name for name in names if getattr(part, name) is not None]
    if len(given) < at_least:
        raise Wrong(
            f"none of {', '.join(names)} is given",
            f"give {'one' if at_most == 1 else 'at least one'} of them",
        )
    if len(given) > at_most:
        raise Wrong(f"{' and '.join(given)} exclude each other", "keep one of them")


class Text(Part):
    """A name in the languages of the contract; at least one."""

    nl: Name | None = None
    fr: Name | None = None
    en: Name | None = None

    @model_validator(mode="after")
    def _some(self) -> "Text":
        one_of(self, LANGUAGES, at_most=3)
        return self

    def get(self, language: str, fallback: str = "") -> str:
        """The text in a language, else in the fallback's, else the first there is."""
        texts = {"nl": self.nl, "fr": self.fr, "en": self.en}
        found = (texts.get(name) for name in (language, fallback, *LANGUAGES))
        return next(text for text in found if text)


class When(Part):
    """A condition over the finite fields (C3): each named field has the named value."""

    service: ServiceRef | None = None
    level: Level | None = None
    priority: PriorityRef | None = None
    kind: KindRef | None = None
    site: SiteRef | None = None

    def fields(self) -> dict[str, str]:
        """The named fields, as the engine's rules want them."""
        return {name: value for name, value in self if value is not None}


class ClauseBase(Part):
    """A stable id, one typed term, and free prose beside it. `key` puts it on page one."""

    id: Id
    title: Text | None = None
    key: Flag = False
    note: Prose | None = None


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _pair(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != 2:  # noqa: PLR2004 - a pair
        raise Wrong("a pair is expected", "write two values in brackets, as [30, 60]")
    return value


Pair = BeforeValidator(_pair)
_ID_OR_IDS: Final = WithJsonSchema({"type": ["string", "array"], "items": {"type": "string"}})
OneOrManyIds = Annotated[tuple[Id, ...], BeforeValidator(_listed), _ID_OR_IDS]
OneOrManyPromises = Annotated[
    tuple[PromiseRef, ...], Field(min_length=1), BeforeValidator(_listed), _ID_OR_IDS
]
"""One id may stand without brackets."""
