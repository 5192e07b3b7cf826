"""What was really achieved, measured as a promise would measure it, and what targets it carries."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from afspraak.sourcing.infer_ground import DUE, Ground, Rule, Unit
from afspraak.sourcing.infer_hours import (
    ALWAYS,
    DAY_MINUTES,
    MONDAY,
    Dates,
    Hours,
    on_days,
    wall_seconds,
)
from afspraak.sourcing.infer_log import MISSING, Ints, Recorded
from afspraak.sourcing.infer_promise import Promise
from afspraak.sourcing.infer_propose import Proposal, proposal

_BUSY_HOUR: Final = 0.3
_BUSY_DAY: Final = 0.4
_OPEN_LONG: Final = 20
_LABELS_MOST: Final = 60


@dataclass(frozen=True)
class Measured:
    """Proposals for one measure.

    Which events it runs between, in which hours, what pauses it, for which fields.
    """

    rule: Rule
    unit: Unit
    proposals: tuple[Proposal, ...]


def usual_hours(log: Recorded) -> Hours:
    """The hours in which most reports came in.

    This is what a log suggests that recorded no promise at all.
    """
    zone = log.zone or ""
    reported = next(iter(log.starts.values()))
    wall = wall_seconds(reported[reported != MISSING], zone)
    weekday = (wall // 86_400 + MONDAY) % 7
    per_day = np.bincount(weekday, minlength=7)
    days = np.flatnonzero(per_day >= _BUSY_DAY * per_day.max()).tolist()
    per_hour = np.bincount(wall[np.isin(weekday, days)] % 86_400 // 3600, minlength=24)
    busy = np.flatnonzero(per_hour >= _BUSY_HOUR * per_hour.max())
    if len(busy) >= _OPEN_LONG:
        return Hours(ALWAYS, zone=zone)
    return Hours(
        on_days(days, (int(busy[0]) * 60, min(int(busy[-1]) * 60 + 60, DAY_MINUTES))), zone=zone
    )


def measured(log: Recorded, dates: Dates, promise: Promise | None) -> list[Measured]:
    """Targets proposed for every field, in the found promise's hours (else the usual ones).

    They are measured up to the promise's own end, and up to the log's first candidate end (its
    solution) where that is another.
    """
    ground = Ground(log, dates)
    found = []
    for end in _ends(log, promise):
        for key in _keys(log, promise):
            rule, units = _measure(log, promise, end, key)
            found += [_proposed(ground, rule, unit, codes) for unit, codes in units.items()]
    return [each for each in found if each.proposals]


def _ends(log: Recorded, promise: Promise | None) -> list[str]:
    solved = next(iter(log.ends))
    if promise is None or promise.rule.end in (DUE, solved):
        return [solved]
    return [promise.rule.end, solved]


def _keys(log: Recorded, promise: Promise | None) -> Iterator[str]:
    """The field of the promise first, then every other that has few enough values."""
    first = next(iter(log.keys)) if promise is None else promise.rule.key
    yield first
    for name, key in log.keys.items():
        if name != first and len(key.labels) <= _LABELS_MOST:
            yield name


def _measure(
    log: Recorded,
    promise: Promise | None,
    end: str,
    key: str,
) -> tuple[Rule, Mapping[Unit, tuple[int, ...]]]:
    """The rule to measure by, and the codes of the field in each unit."""
    everything = tuple(range(len(log.keys[key].labels)))
    if promise is None:
        return Rule(next(iter(log.starts)), end, key, frozenset(), usual_hours(log)), {
            Unit.SERVICE: everything
        }
    rule = Rule(promise.rule.start, end, key, promise.rule.waits, promise.rule.hours)
    units: dict[Unit, tuple[int, ...]] = {}
    for line in promise.lines:
        units[line.target.unit] = (*units.get(line.target.unit, ()), line.code)
    if key == promise.rule.key:
        return rule, units
    return rule, {max(units, key=lambda unit: len(units[unit])): everything}


def _proposed(ground: Ground, rule: Rule, unit: Unit, codes: tuple[int, ...]) -> Measured:
    key = ground.log.keys[rule.key]
    spent = _spent(ground, rule, unit)
    ended = ground.log.ends[rule.end] != MISSING
    rows = [(key.labels[code], key.codes == code) for code in codes]
    made = (proposal(label, spent[here], ended[here], unit) for label, here in rows if here.any())
    return Measured(rule, unit, tuple(made))


def _spent(ground: Ground, rule: Rule, unit: Unit) -> Ints:
    """(n,) the least target in seconds (or working days) that each ticket would have met."""
    values = ground.values(rule, unit)
    return values if unit is Unit.DAYS else (values + 1) >> 1
