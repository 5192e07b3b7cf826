"""A clause as a form: its fields from the schema, with what they are called; and what was filled in
as the clause's values.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, get_args, get_type_hints

from pydantic import BaseModel, ValidationError

from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.nodes import Mapping as Entries
from afspraak.language.nodes import Plain
from afspraak.language.schema_faults import CLAUSE_TYPES, faults_of
from afspraak.language.text.fields import Field, fields_of
from afspraak.language.text.lexicon import Lexicon
from afspraak.language.text.structure import word_of
from afspraak.making.labels import choice_of, hint_of, label_of
from afspraak.making.references import choices_of
from afspraak.making.values import examples, shown, typed, week_shown, week_typed

Widget = Literal["text", "area", "lines", "list", "select", "checks", "flag", "date", "number"]
Choices = tuple[tuple[str, str], ...]
Posted = Mapping[str, Sequence[str]]
_EMPTY: Final = Entries({}, {}, 1, False, 0, 0)  # noqa: FBT003  (a tree's own form)
_LONG: Final = ("note", "text", "wish", "fallback")
_RARE: Final = (
    "exception_to", "name", "open", "best_effort", "kind", "site", "note", "reopen", "armed_by",
    "rounding", "evidence", "base",
)  # fmt: skip
"""Seldom needed: where they are empty they stand aside."""
_FIXED: Final = ("id", "type")
_WORDS: Final = ("word", "raw")
"""What many are written of on one line, with commas between."""
MOST_ROWS: Final = 60
GONE: Final = "gone"


@dataclass(frozen=True, slots=True)
class Input:
    """One field: its name is the path of the value, as `targets.0.value`."""

    name: str
    label: str
    widget: Widget
    values: tuple[str, ...]
    choices: Choices = ()
    hint: str = ""
    is_needed: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def value(self) -> str:
        """The one value."""
        return self.values[0] if self.values else ""

    @property
    def id(self) -> str:
        """What a label points to."""
        return "f-" + self.name.replace(".", "-")

    @property
    def is_rare(self) -> bool:
        """Whether it is seldom needed, and empty: such a field stands aside."""
        key = self.name.rpartition(".")[2]
        nothing = not any(self.values) and not self.faults and not self.is_needed
        return nothing and (key in _RARE or (self.widget == "select" and not self.choices))


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; `is_new`: an empty one to fill in."""

    name: str
    label: str
    entries: tuple["Entry", ...]
    is_new: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def is_rare(self) -> bool:
        """Whether all of it is."""
        return self.name == "title" and all(not any(each.values) for each in inputs(self.entries))

    @property
    def usual(self) -> tuple["Entry", ...]:
        """What is always shown."""
        return tuple(each for each in self.entries if not each.is_rare)

    @property
    def rare(self) -> tuple["Entry", ...]:
        """What stands aside."""
        return tuple(each for each in self.entries if each.is_rare)


def inputs(entries: Iterable["Entry"]) -> Iterator[Input]:
    """Every single field."""
    for each in entries:
        if isinstance(each, Input):
            yield each
        else:
            yield from inputs(each.rows if isinstance(each, Rows) else each.entries)


@dataclass(frozen=True, slots=True)
class Rows:
    """Several of the same, with an empty one at the end."""

    name: str
    label: str
    rows: tuple[Group, ...]
    faults: tuple[Fault, ...] = ()
    is_rare: bool = False


Entry = Input | Group | Rows


@dataclass(frozen=True, slots=True)
class Made:
    """What a form is made with: the document for what can be chosen, and what is wrong by path."""

    document: Document
    lexicon: Lexicon
    faults: Mapping[str, tuple[Fault, ...]] = dataclasses.field(default_factory=dict)
    posted: Posted = dataclasses.field(default_factory=dict)

    def wrong(self, name: str) -> tuple[Fault, ...]:
        """What is wrong at a path."""
        return self.faults.get(name, ())


def form_of(values: Mapping[str, Plain], made: Made) -> tuple[Entry, ...]:
    """The fields of a clause, filled in."""
    model = CLAUSE_TYPES[str(values.get("type", ""))]
    return tuple(_entries(model, values, "", made, skip=_FIXED))


def faults_in(values: Mapping[str, Plain]) -> tuple[BaseModel | None, dict[str, tuple[Fault, ...]]]:
    """The clause, if each of its values can be read; and what is wrong with them, by path."""
    model = CLAUSE_TYPES[str(values.get("type", ""))]
    try:
        return model.model_validate(dict(values)), {}
    except ValidationError as error:
        found: dict[str, tuple[Fault, ...]] = {}
        for path, fault in faults_of(error, _EMPTY, "contract"):
            name = ".".join(map(str, path))
            found[name] = (*found.get(name, ()), fault)
        return None, found


# Shown --------------------------------------------------------------------------------------------


def _entries(
    model: type[BaseModel], values: Mapping[str, Plain], prefix: str, made: Made, skip: Any = ()
) -> Iterator[Entry]:
    for key, field in fields_of(model).items():
        if key not in skip:
            yield _entry(model, field, values.get(key), f"{prefix}{key}", made)


def _entry(
    model: type[BaseModel], field: Field, value: Plain | None, name: str, made: Made
) -> Entry:
    label = label_of(word_of(model), field.key, made.lexicon.lang)
    if field.model is None:
        return replace(_input(model, field, value, name, made), label=label)
    if not field.many:
        held = value if isinstance(value, dict) else {}
        entries = tuple(_entries(field.model, held, f"{name}.", made))
        return Group(name, label, entries, faults=made.wrong(name))
    rows = value if isinstance(value, list) else []
    told = [each if isinstance(each, dict) else {} for each in rows[:MOST_ROWS]]
    shown_rows = [
        _row(field.model, each, f"{name}.{n}", label, made) for n, each in enumerate(told)
    ]
    new = _row(field.model, {}, f"{name}.{len(told)}", label, made, is_new=True)
    return Rows(name, label, (*shown_rows, new), made.wrong(name))


def _row(
    model: type[BaseModel],
    value: Mapping[str, Plain],
    name: str,
    label: str,
    made: Made,
    *,
    is_new: bool = False,
) -> Group:
    entries: list[Entry] = []
    for each in _entries(model, value, f"{name}.", made):  # a condition stands beside the rest
        entries += (
            each.entries if isinstance(each, Group) and each.name == f"{name}.when" else [each]
        )
    return Group(name, label, tuple(entries), is_new=is_new, faults=made.wrong(name))


def _input(
    model: type[BaseModel], field: Field, value: Plain | None, name: str, made: Made
) -> Input:
    kind, lexicon = _kind(field), made.lexicon
    given = _texts(value)
    choices = _choices(model, field, made)
    widget: Widget
    hint = examples(kind, lexicon)
    if kind == "week":
        widget, given = "area", (week_shown(value, lexicon),) if value else ()
    elif kind == "flag":
        widget, usual = "flag", model.model_fields[field.name].default is True
        given = given or (("true",) if usual else ())
    elif choices:
        widget = "checks" if field.many else "select"
    elif field.many and not field.pair:
        widget = "list" if kind in _WORDS else "lines"
        given = tuple(shown(kind, each, lexicon) for each in given)
        hint = hint_of(widget, lexicon.lang)
    else:
        widget = {"date": "date", "count": "number"}.get(kind, "text")  # type: ignore[assignment]
        widget = "list" if field.pair else "area" if field.key in _LONG else widget
        given = tuple(shown(kind, each, lexicon) for each in given)
    needed = model.model_fields[field.name].is_required()
    faults = [each for path, some in made.faults.items() if _at(path, name) for each in some]
    return Input(name, "", widget, given, choices, hint, needed, tuple(faults))


def _at(path: str, name: str) -> bool:
    """Whether what is wrong at a path is told at a field: its own, and what stands in it."""
    return path == name or path.startswith(f"{name}.")


def _kind(field: Field) -> str:
    return "unit" if field.key == "unit" else field.kind


def _texts(value: Plain | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str))


def _choices(model: type[BaseModel], field: Field, made: Made) -> Choices:
    if field.kind == "enum":
        values = _literals(get_type_hints(model, include_extras=True)[field.name])
        return tuple((each, choice_of(field.key, each, made.lexicon)) for each in values)
    return choices_of(field, word_of(model), made.document, made.lexicon)


def _literals(hint: Any) -> tuple[str, ...]:
    """The values of a closed list, wherever in an annotation it stands."""
    parts = get_args(hint)
    if parts and all(isinstance(each, str) for each in parts):
        return parts
    return next((found for each in parts if (found := _literals(each))), ())


# Filled in ----------------------------------------------------------------------------------------


def filled(was: Mapping[str, Plain], made: Made) -> dict[str, Plain]:
    """The clause's values with what was posted; the order of what stood there stays."""
    model = CLAUSE_TYPES[str(was.get("type", ""))]
    found = _read(model, was, "", made, skip=_FIXED)
    return _ordered({key: was[key] for key in _FIXED if key in was} | found, was)


def _ordered(found: dict[str, Plain], was: Mapping[str, Plain]) -> dict[str, Plain]:
    kept = {key: found[key] for key in was if key in found}
    return kept | {key: each for key, each in found.items() if key not in kept}


def _read(
    model: type[BaseModel], was: Mapping[str, Plain], prefix: str, made: Made, skip: Any = ()
) -> dict[str, Plain]:
    found: dict[str, Plain] = {}
    for key, field in fields_of(model).items():
        if key in skip:
            continue
        value = _value(model, field, was.get(key), f"{prefix}{key}", made)
        if value:
            found[key] = value
    return _ordered(found, was)


def _value(model: type[BaseModel], field: Field, was: Plain | None, name: str, made: Made) -> Plain:
    if field.model is None:
        return _typed(model, field, was, name, made)
    if not field.many:
        return _read(field.model, was if isinstance(was, dict) else {}, f"{name}.", made)
    rows = was if isinstance(was, list) else []
    read: list[Plain] = []
    for n in range(min(len(rows) + 1, MOST_ROWS)):
        if f"{name}.{n}.{GONE}" in made.posted:
            continue
        old = rows[n] if n < len(rows) else {}
        row = _read(field.model, old if isinstance(old, dict) else {}, f"{name}.{n}.", made)
        read += [row] if row else []
    return read


def _typed(model: type[BaseModel], field: Field, was: Plain | None, name: str, made: Made) -> Plain:
    given, kind = made.posted.get(name, ()), _kind(field)
    if kind == "flag":
        return _flag(model, field, was, bool(given))
    text = given[-1].replace("\r\n", "\n").strip() if given else ""
    if kind == "week":
        return week_typed(text, was, made.lexicon) if text else ""
    if not (field.many or field.pair):
        return typed(kind, text, was if isinstance(was, str) else "", made.lexicon)
    if _choices(model, field, made):
        many = [each for each in given if each]
    else:
        mark = "," if kind in _WORDS or field.pair else "\n"
        many = [each.strip() for each in text.split(mark) if each.strip()]
    old = _texts(was)
    read: list[Plain] = [
        typed(kind, each, old[n] if n < len(old) else "", made.lexicon)
        for n, each in enumerate(many)
    ]
    return read[0] if isinstance(was, str) and len(read) == 1 else read


def _flag(model: type[BaseModel], field: Field, was: Plain | None, is_set: bool) -> Plain:  # noqa: FBT001
    """A tick: left out where that says the same."""
    info = model.model_fields[field.name]
    usual = bool(info.default) if not info.is_required() else None
    if isinstance(was, str) or usual is not is_set:
        return (
            "true" if is_set else "" if usual is None and model.__name__ == "TargetRow" else "false"
        )
    return ""
