"""A promise found, said in the contract language.

Calendars, clauses, targets, as `contract-sketch.yaml` writes them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Final

from afspraak.sourcing.infer_ground import Unit
from afspraak.sourcing.infer_hours import DAY_MINUTES, Dates, Hours, Span, Week
from afspraak.sourcing.infer_judge import FOUND
from afspraak.sourcing.infer_promise import Line, Promise

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH: Final = date(1970, 1, 1)

NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
Json = dict[str, object]


def contract(
    promise: Promise,
    dates: Dates,
    measure: str = "resolution",
    parties: Mapping[str, str] = NOBODY,
) -> Json:
    """Calendars by name, and one `ticket_promise` for each of them.

    `parties` names who had the question in each of the log's waiting states.
    """
    pauses = sorted({parties.get(state, state) for state in promise.rule.waits})
    by_hours: dict[Hours, list[Line]] = {}
    for line in promise.lines:
        by_hours.setdefault(_hours(line), []).append(line)
    names = {hours: _name(place, hours) for place, hours in enumerate(by_hours)}
    return {
        "calendars": {names[hours]: calendar(hours, dates) for hours in by_hours},
        "clauses": [
            {
                "id": f"{measure}-{place + 1}" if len(by_hours) > 1 else measure,
                "type": "ticket_promise",
                "promisor": "supplier",
                "measure": measure,
                "calendar": names[hours],
                "pauses": pauses,
                "targets": [_target(line) for line in lines],
            }
            for place, (hours, lines) in enumerate(by_hours.items())
        ],
    }


def _hours(line: Line) -> Hours:
    """Clock time is service time on a 24x7 calendar (T5)."""
    if line.target.unit is Unit.CLOCK:
        return Hours((((0, DAY_MINUTES),),) * 7, zone=line.hours.zone)
    return line.hours


def _name(place: int, hours: Hours) -> str:
    whole = all(spans == ((0, DAY_MINUTES),) for spans in hours.week)
    return "always" if whole else ("hours" if place == 0 else f"hours-{place + 1}")


def _target(line: Line) -> Json:
    value = duration(line.target.value, line.target.unit)
    return {"when": dict(line.when), "value": value} if line.when else {"value": value}


def calendar(hours: Hours, dates: Dates) -> Json:
    """The hours in the contract language.

    `cover` are the dates under study, to be widened when used.
    """
    first = _EPOCH + timedelta(days=dates.first)
    found: Json = {"zone": hours.zone or "UTC", "week": week_text(hours.week)}
    country = hours.closed.removesuffix(FOUND)
    known = dates.closed.get(country, frozenset()) if country.isupper() else frozenset[int]()
    if known:
        found["holidays"] = country
    if own := sorted(dates.closed.get(hours.closed, frozenset()) - known):
        found["closed"] = [(_EPOCH + timedelta(days=day)).isoformat() for day in own]
    found["cover"] = [first.isoformat(), (first + timedelta(days=dates.count)).isoformat()]
    return found


def week_text(week: Week) -> dict[str, list[str]]:
    """`{"mon-fri": ["08:00-18:00"]}`.

    Runs of days with the same hours together, closed days left out.
    """
    text: dict[str, list[str]] = {}
    for spans, run in groupby(range(7), key=lambda weekday: week[weekday]):
        days = list(run)
        if spans:
            name = _DAYS[days[0]] + (f"-{_DAYS[days[-1]]}" if len(days) > 1 else "")
            text[name] = [_interval(span) for span in spans]
    return text


def _interval(span: Span) -> str:
    opens, closes = span
    until = closes if closes <= DAY_MINUTES else closes - DAY_MINUTES
    return f"{_time(opens)}-{_time(until)}"


def _time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def duration(value: int, unit: Unit) -> str:
    """`PT6H30M` or `3 working days`, as the contract language writes them (T5)."""
    if unit is Unit.DAYS:
        return f"{value} working day" + ("s" if value != 1 else "")
    hours, minutes, seconds = value // 3600, value // 60 % 60, value % 60
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + ("".join(f"{count}{letter}" for count, letter in parts if count) or "0S")
