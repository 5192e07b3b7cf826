"""A slow judge of the tests' own: answers FORMAT's three questions by counting.

It shares no line with `afspraak.engine`; where the two disagree, one of them is wrong, or
SEMANTICS is open and the reading must be decided. `answer(case, calendars)` gives

- `deadline`: int, microseconds since 1970 UTC;
- `elapsed`: int, microseconds (an `expect` is cut to whole seconds);
- `clock`: a dict of state, spent, remaining (text as in FORMAT), due_at, satisfied_at, missed_at
  (int microseconds, or None);

or raises `Refused` with a message that holds FORMAT's word.
"""

import re
from typing import Any

from oracle_clock import clock
from oracle_count import deadline, target_of, time_spent
from oracle_facts import instant_of
from oracle_hours import SECOND, Calendar, Refused

__all__ = ["Refused", "agrees", "answer", "comparable", "expected", "told"]

WITHOUT_TIME = ("none", "void")
_calendars: dict[str, Calendar] = {}


def calendar_of(name: str, calendars: dict[str, dict]) -> Calendar:
    """The calendar by its name; what it has worked out is kept between cases."""
    if name not in calendars:
        raise Refused(f"calendar {name} does not exist")
    key = f"{name}: {calendars[name]!r}"
    if key not in _calendars:
        if len(_calendars) > 1500:
            _calendars.clear()
        _calendars[key] = Calendar(name, calendars[name])
    return _calendars[key]


def answer(case: dict, calendars: dict[str, dict]) -> Any:
    """The answer to one case, whatever the case itself expects."""
    if case["ask"] == "clock":
        return clock(case, calendar_of(case["promise"]["calendar"], calendars))
    calendar = calendar_of(case["calendar"], calendars)
    start = instant_of(case["from"])
    if case["ask"] == "deadline":
        return deadline(calendar, start, target_of(case["target"]))
    to = instant_of(case["to"])
    if to < start:
        raise Refused(f"the span ends before it starts: {case['to']} is before {case['from']}")
    return time_spent(calendar, start, to)


# --- comparing ---


def comparable(key: str, value: Any) -> Any:
    """A value of any judge, or of a case, in a form in which equal means the same."""
    if value is None or key == "state":
        return value
    if key in ("spent", "remaining", "elapsed"):
        return value if isinstance(value, int) else duration_of(str(value))
    return value if isinstance(value, int) else instant_of(value)


def told(case: dict, given: Any) -> Any:
    """A judge's whole answer, comparable, without what FORMAT leaves open."""
    if not isinstance(given, dict):
        return comparable(case["ask"], given)
    if given["state"] in WITHOUT_TIME or case["promise"]["kind"] == "expectation":
        given = {**given, "spent": None, "remaining": None}
    return {key: comparable(key, value) for key, value in given.items()}


def duration_of(text: str) -> int | str:
    """Whole seconds of `PT1H30M`; "N days" for working days."""
    days = re.fullmatch(r"([0-9]+) working days?", text)
    return f"{days[1]} days" if days else target_of(text)[1] // SECOND


def expected(case: dict) -> Any:
    """What the case expects, comparable; for a refusal {"refused": WORD}."""
    expect = case["expect"]
    if isinstance(expect, dict):
        if "refused" in expect:
            return expect
        return {key: comparable(key, value) for key, value in expect.items()}
    return comparable(case["ask"], expect)


def agrees(case: dict, given: Any) -> bool:
    """Whether an answer (or a Refused) is what the case expects."""
    wanted = expected(case)
    if isinstance(wanted, dict) and "refused" in wanted:
        return isinstance(given, Exception) and wanted["refused"].lower() in str(given).lower()
    if isinstance(given, Exception):
        return False
    if isinstance(wanted, dict):
        return all(comparable(key, given[key]) == value for key, value in wanted.items())
    shown = given // SECOND if case["ask"] == "elapsed" else given
    return bool(comparable(case["ask"], shown) == wanted)
