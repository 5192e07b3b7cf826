"""The neighbours of a candidate rule: everything that differs from it in one thing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from afspraak.sourcing.infer_ground import Ground, Rule
from afspraak.sourcing.infer_hours import ALWAYS, Hours, Week, is_always, on_days, wall_seconds
from afspraak.sourcing.infer_log import SECOND
from afspraak.sourcing.infer_weeks import (
    days_changed,
    edges_moved,
    evened,
    lunches,
    shifted,
    whole_days,
    windows_moved,
)

COARSE: Final = (-120, -60, -30, 30, 60, 120)
FINE: Final = (-60, -30, -15, -5, 5, 15, 30, 60)
_BOTH_STEPS: Final = (-30, -15, 15, 30)
_DAY_STEPS: Final = (-120, -60, -30, 30, 60, 120)


@dataclass(frozen=True)
class Choices:
    """What a rule may name, besides hours.

    Events, fields, waiting states, zones and sets of closed dates.
    """

    starts: tuple[str, ...]
    ends: tuple[str, ...]
    keys: tuple[str, ...]
    waits: tuple[str, ...]
    zones: tuple[str, ...]
    closed: tuple[str, ...]


def choices(ground: Ground, ends: tuple[str, ...], zones: tuple[str, ...]) -> Choices:
    """All that the log offers."""
    log = ground.log
    return Choices(
        starts=tuple(log.starts),
        ends=ends,
        keys=tuple(log.keys),
        waits=log.waits.states,
        zones=zones,
        closed=("", *ground.dates.closed),
    )


def neighbours(
    rule: Rule, options: Choices, ground: Ground, steps: tuple[int, ...]
) -> Iterator[Rule]:
    """Every rule that differs in one part; hours by each of the steps (minutes)."""
    yield from _other_events(rule, options)
    yield from _other_waits(rule, options)
    for hours in hours_near(rule.hours, options, ground, steps):
        yield replace(rule, hours=hours)


def _other_events(rule: Rule, options: Choices) -> Iterator[Rule]:
    yield from (replace(rule, start=name) for name in options.starts if name != rule.start)
    yield from (replace(rule, end=name) for name in options.ends if name != rule.end)
    yield from (replace(rule, key=name) for name in options.keys if name != rule.key)


def _other_waits(rule: Rule, options: Choices) -> Iterator[Rule]:
    for name in options.waits:
        yield replace(rule, waits=rule.waits ^ {name})
    if not options.waits:
        return
    for waits in (frozenset[str](), frozenset(options.waits)):
        if waits != rule.waits:
            yield replace(rule, waits=waits)


def hours_near(
    hours: Hours, options: Choices, ground: Ground, steps: tuple[int, ...]
) -> Iterator[Hours]:
    """Every calendar that differs in one part."""
    if is_always(hours.week):
        return
    for week in _weeks_near(hours.week, steps):
        if week is not None and week != hours.week:
            yield replace(hours, week=week)
    yield from (replace(hours, closed=name) for name in options.closed if name != hours.closed)
    for zone in options.zones:
        if zone != hours.zone:
            yield from _in_zone(hours, zone, ground)


def _weeks_near(week: Week, steps: tuple[int, ...]) -> Iterator[Week | None]:
    yield from edges_moved(week, steps)
    yield from days_changed(week, _DAY_STEPS)
    yield from evened(week)
    yield from windows_moved(week, _BOTH_STEPS)
    yield from lunches(week)
    yield from whole_days()
    opens = [spans for spans in week if spans]
    for days in (range(5), range(6), range(7)):
        yield on_days(days, *opens[0])


def _in_zone(hours: Hours, zone: str, ground: Ground) -> Iterator[Hours]:
    """The same hours on another zone's clock.

    As they are, and moved so that they meant the same in the log's middle.
    """
    middle = np.array(
        [int(np.median(ground.log.starts[next(iter(ground.log.starts))]))], dtype=np.int64
    )
    middle = middle // SECOND * SECOND
    ahead = int(wall_seconds(middle, zone)[0] - wall_seconds(middle, hours.zone)[0]) // 60
    yield replace(hours, zone=zone)
    for more in (-60, 0, 60):
        week = shifted(hours.week, ahead + more)
        if week is not None and ahead + more:
            yield replace(hours, week=week, zone=zone)


def always(zone: str) -> Hours:
    """24x7."""
    return Hours(ALWAYS, zone=zone)
