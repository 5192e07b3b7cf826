"""Whether what came is what a case expects (conformance/FORMAT.md): instants as instants, durations
as durations, any subset of a table.
"""

from collections.abc import Mapping
from typing import Final

from afspraak.engine.time import Refusal, WorkingDays, parse_duration, parse_instant, show_instant

_DURATIONS: Final = frozenset(("spent", "remaining", "agreed", "down", "maintenance", "target"))


def agrees(expected: object, came: object, name: str = "") -> bool:
    """Whether `came` is as expected; `name` is the key it stands under and tells its kind."""
    if isinstance(expected, Mapping):
        return isinstance(came, Mapping) and all(
            key in came and agrees(value, came[key], str(key)) for key, value in expected.items()
        )
    if isinstance(expected, list):
        return (
            isinstance(came, list | tuple)
            and len(expected) == len(came)
            and all(agrees(each, other, name) for each, other in zip(expected, came, strict=True))
        )
    if expected is None or came is None:
        return expected is None and came is None
    if name.endswith("_at"):
        return parse_instant(expected) == came
    if name in _DURATIONS and expected != came:
        return _is_duration(came) and _duration(expected) == _duration(came)
    return type(expected) is type(came) and expected == came


def _is_duration(came: object) -> bool:
    try:
        _duration(came)
    except Refusal:
        return False
    return True


def _duration(text: object) -> tuple[str, int]:
    if isinstance(text, str) and text.startswith("0 working day"):
        return "days", 0
    duration = parse_duration(text)
    if isinstance(duration, WorkingDays):
        return "days", duration.days
    return "time", duration.microseconds


def readable(came: object, name: str = "") -> object:
    """What came, for a person: instants as text."""
    if isinstance(came, Mapping):
        return {key: readable(value, str(key)) for key, value in came.items()}
    if isinstance(came, list | tuple):
        return [readable(each, name) for each in came]
    if name.endswith("_at") and isinstance(came, int):
        return show_instant(came)
    return came
