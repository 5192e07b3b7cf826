"""Facts as the cases write them (conformance/FORMAT.md) -> the engine's facts; strict about every
key.
"""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final

from afspraak.engine.facts import CODES, PARTIES, SUPPLIER, Fact
from afspraak.engine.time import Refusal, parse_instant

_TEXTS: Final = ("id", "of", "to", "why", "cause", "source", "source_id")
_FIELDS: Final = ("priority", "service", "kind", "site")
_KEYS: Final = frozenset(
    (
        "fact",
        "at",
        "recorded",
        "recorded_by",
        "by",
        "agreed",
        "until",
        "reported_at",
        "set",
        *_TEXTS,
        *_FIELDS,
    ),
)


def only(table: Mapping[str, object], keys: Collection[str]) -> None:
    """Refuses an unknown key (FORMAT: read strictly)."""
    for key in table:
        if key not in keys:
            raise Refusal(f"unknown key {key!r}: it may be {', '.join(sorted(keys))}")


def log_of(written: object) -> list[Fact]:
    """A case's `facts`; an answer without `by` is that of the party who has the question."""
    if not isinstance(written, list):
        raise Refusal("a ticket's facts are a list")
    asked = {each.get("id"): each.get("to") for each in written if isinstance(each, Mapping)}
    return [
        fact_of({"by": asked.get(each.get("of")), **each}, position)
        if isinstance(each, Mapping) and each.get("fact") == "answer"
        else fact_of(each, position)
        for position, each in enumerate(written)
    ]


def fact_of(written: object, position: int) -> Fact:
    """One line of a case's `facts`."""
    if not isinstance(written, Mapping):
        raise Refusal(f"fact {position + 1} is not a table")
    only(written, _KEYS)
    code = str(written.get("fact"))
    if code not in CODES:
        raise Refusal(f"there is no fact {code!r}")
    at = parse_instant(written.get("at"))
    recorded = written.get("recorded")
    return Fact(
        code=code,
        happened_at=at,
        recorded_at=at if recorded is None else parse_instant(recorded),
        position=position,
        by=_party(written.get("by"), ""),
        recorded_by=_party(written.get("recorded_by"), SUPPLIER),
        agreed=_truth(written.get("agreed")),
        until=_instant(written.get("until")),
        reported_at=_instant(written.get("reported_at")),
        fields={name: str(written[name]) for name in _FIELDS if written.get(name) is not None},
        changes=_changes(written.get("set")),
        **{name: str(written[name]) for name in _TEXTS if written.get(name) is not None},
    )


def _party(text: object, default: str) -> str:
    if text is None:
        return default
    if text not in PARTIES:
        raise Refusal(f"{text!r} is no party: {', '.join(PARTIES)}")
    return str(text)


def _truth(value: object) -> bool:
    if value not in (None, True, False):
        raise Refusal(f"agreed is true or false, not {value!r}")
    return bool(value)


def _instant(text: object) -> int | None:
    return None if text is None else parse_instant(text)


_CHANGES: Final[Mapping[str, tuple[str, Callable[[object], object]]]] = MappingProxyType(
    {
        "at": ("happened_at", parse_instant),
        "until": ("until", parse_instant),
        "reported_at": ("reported_at", parse_instant),
        "agreed": ("agreed", _truth),
        "by": ("by", lambda text: _party(text, "")),
        **{name: (name, str) for name in ("of", "to", "why", "cause")},
    },
)


def _changes(written: object) -> dict[str, object]:
    """What a correction sets, by the names that the engine's facts have (F3)."""
    if written is None:
        return {}
    if not isinstance(written, Mapping):
        raise Refusal("a correction's `set` is a table of the fields that change")
    only(written, {*_CHANGES, *_FIELDS})
    changes: dict[str, object] = {}
    for key, value in written.items():
        if key in _CHANGES:
            name, read = _CHANGES[key]
            changes[name] = read(value)
    if fields := {name: str(value) for name, value in written.items() if name in _FIELDS}:
        changes["fields"] = fields
    return changes
