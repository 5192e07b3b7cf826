"""Which kind of value stands under a key of the document, read from the schema's annotations."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from afspraak.language import scalars
from afspraak.language.schema_base import When

_SCALARS: Final = {
    "raw": (scalars.Id, scalars.Zone, scalars.Currency, scalars.Release),
    "word": (scalars.Word, scalars.Priority),
    "party": (scalars.PartyRef,),
    "country": (scalars.Country,),
    "register": (scalars.Register,),
    "uri": (scalars.Uri,),
    "name": (scalars.Name, scalars.Prose),
    "count": (scalars.Count, scalars.Positive),
    "flag": (scalars.Flag,),
    "figure": (scalars.Figure,),
    "share": (scalars.ShareValue, scalars.Percentage),
    "money": (scalars.MoneyValue,),
    "rate": (scalars.RateValue,),
    "amount": (scalars.AmountValue,),
    "date": (scalars.DateValue,),
    "month": (scalars.MonthValue,),
    "instant": (scalars.InstantValue,),
    "duration": (scalars.DurationValue, scalars.TrialValue),
    "rhythm": (scalars.RhythmValue,),
    "within": (scalars.WithinValue,),
    "interval": (scalars.IntervalValue,),
}
FIGURES: Final = frozenset(
    [
        "count",
        "figure",
        "share",
        "money",
        "rate",
        "amount",
        "date",
        "month",
        "instant",
        "duration",
        "rhythm",
        "within",
    ]
)
"""The kinds that are numbers, sums, times and dates."""
_POINTS_TO: Final[Mapping[str, str]] = {
    "calendars": "calendar",
    "services": "service",
    "parties": "party",
    "clauses": "clause",
    "assets": "asset",
    "prices": "price",
    **dict.fromkeys(("priorities", "ticket_kinds", "sites"), "word"),
}
"""The part of the document that a reference points to -> the phrase that names the thing."""


_LISTED: Final = ("priorities", "ticket_kinds", "sites")
"""Where ids are listed that have names, without being references."""

_TABLES: Final[Mapping[str, str]] = {
    "week": "week",
    "windows": "week",
    "exceptions": "exceptions",
    "contacts": "contacts",
}
"""The keys whose mapping is one phrase."""


def _reader(alias: Any) -> object:
    return alias.__metadata__[0].func


_KINDS: Final = {_reader(alias): kind for kind, aliases in _SCALARS.items() for alias in aliases}


@dataclass(frozen=True, slots=True)
class Field:
    """What stands under a key: its kind (a phrase's name, `enum`, `model`, `flag`), whether many of
    them, and the model.

    `pair` says that it is two of them, reached as `bounds.0` and `bounds.1`.
    """

    name: str
    key: str
    kind: str
    many: bool = False
    pair: bool = False
    model: type[BaseModel] | None = None


@cache
def fields_of(model: type[BaseModel]) -> Mapping[str, Field]:
    """The fields of a model by the key that the YAML has (its alias, if it has one)."""
    hints = get_type_hints(model, include_extras=True)
    found = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        found[key] = _field(name, key, hints[name])
    return found


def field_at(model: type[BaseModel], path: str) -> Field:
    """The field at a path, as `share.at_least` or `bounds.0`; a KeyError if there is none."""
    first, _, rest = path.partition(".")
    field = fields_of(model)[first]
    if not rest or rest.isdigit():
        return field
    if field.model is None:
        raise KeyError(path)
    return field_at(field.model, rest)


def value_at(model: BaseModel, path: str) -> object:
    """The value at a path; None where anything on the way is absent."""
    value: object = model
    for step in path.split("."):
        if value is None:
            return None
        if isinstance(value, BaseModel):
            value = getattr(value, fields_of(type(value))[step].name)
        else:
            assert isinstance(value, tuple)
            value = value[int(step)]
    return value


def is_given(value: object) -> bool:
    """Whether there is anything to say: not nothing, not an empty list, not a condition without
    fields.
    """
    if isinstance(value, When):
        return bool(value.fields())
    return value is not None and value not in ((), {})


def _field(name: str, key: str, hint: Any) -> Field:
    if key in _TABLES:
        return Field(name, key, _TABLES[key])
    kind, many, pair, model = _unwrap(hint)
    kind = "word" if key in _LISTED else kind
    return Field(name, key, kind, many, pair, model)


def _unwrap(  # noqa: PLR0911 - one for each form of an annotation
    hint: Any,
) -> tuple[str, bool, bool, type[BaseModel] | None]:
    """Kind, many, pair, model of an annotation."""
    if get_origin(hint) is Annotated:
        for mark in hint.__metadata__:
            if isinstance(mark, scalars.Points):
                return _POINTS_TO[mark.section], False, False, None
        known = _KINDS.get(getattr(hint.__metadata__[0], "func", None))
        return (known, False, False, None) if known else _unwrap(get_args(hint)[0])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _unwrap(next(each for each in inner if each is not type(None)))
    if origin is tuple:
        kind, _, pair, model = _unwrap(inner[0])
        many = inner[-1] is Ellipsis
        return kind, many, pair or not many, model
    if origin is Literal:
        return "enum", False, False, None
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return ("when" if hint is When else "model"), False, False, hint
    return "other", False, False, None
