"""From the best cut to a target that a person would write, when it explains as much or nearly so.

Any target between the slowest ticket that was made and the fastest that was missed explains the
same. Of these the roundest is taken; a rounder one outside is taken only if it loses fewer tickets
than its oddness would cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from afspraak.sourcing.infer_cuts import Plateau, commonest, plateaus
from afspraak.sourcing.infer_ground import Unit
from afspraak.sourcing.infer_log import Bools, Ints

_HOUR: Final = 3600
_COMMON: Final = frozenset(
    int(hours * _HOUR) for hours in (0.25, 0.5, 1, 2, 4, 8, 12, 16, 24, 36, 40, 48, 72)
)
_STEPS: Final = (
    (4 * _HOUR, 0.1),
    (_HOUR, 0.2),
    (1800, 0.35),
    (900, 0.5),
    (300, 0.8),
    (60, 1.1),
    (1, 1.5),
)


@dataclass(frozen=True)
class Target:
    """A target of one group: `value` in seconds, or in working days.

    Anything in [low, high) explains as much.

    `high` is None where no ticket bounds it. `agree` of `cases` are explained by `value`, `best` by
    the best cut.
    """

    unit: Unit
    value: int
    low: int
    high: int | None
    cases: int
    agree: int
    best: int


def oddness(seconds: int, day: int) -> float:
    """How unusual a time is as a target, 0 to 1.5.

    Whole days of the calendar's `day` seconds are usual.
    """
    if seconds in _COMMON or (day and seconds % day == 0):
        return 0.0
    return next(cost for step, cost in _STEPS if seconds % step == 0)


def cut_target(values: Ints, made: Bools, unit: Unit, day: int, part_cost: float) -> Target:
    """The target of one group that best explains its outcomes.

    `values` (n,), `made` (n,) (SEMANTICS T6, T7).
    """
    floor = 1 if unit is Unit.DAYS else 0
    best, found = plateaus(values, made, floor)
    if unit is Unit.DAYS:
        spans = found
    else:
        spans = [_in_seconds(each) for each in found]
        spans = [each for each in spans if each.high is None or each.low < each.high]
    spans = spans or [Plateau(-(-found[0].low // 2), None)]
    options = {(value, span) for span in spans for value in _round_values(span, unit, day)}
    ranked = np.sort(values)
    prefix = np.append(0, np.cumsum(made[np.argsort(values, kind="stable")]))
    missed = len(values) - int(prefix[-1])

    def agree(value: int) -> int:
        inside = int(
            np.searchsorted(ranked, value if unit is Unit.DAYS else 2 * value, side="right")
        )
        return int(prefix[inside]) + missed - (inside - int(prefix[inside]))

    def worth(option: tuple[int, Plateau]) -> tuple[float, float, int]:
        value, span = option
        odd = 0.0 if unit is Unit.DAYS else oddness(value, day)
        return agree(value) - part_cost * odd, -_from_middle(value, span), -value

    value, span = max(options, key=worth)
    return Target(unit, value, span.low, span.high, len(values), agree(value), best)


def _in_seconds(span: Plateau) -> Plateau:
    """Doubled seconds -> seconds: targets T with low <= 2 T < high."""
    return Plateau(-(-span.low // 2), None if span.high is None else -(-span.high // 2))


def _from_middle(value: int, span: Plateau) -> float:
    return value - span.low if span.high is None else abs(2 * value - span.low - span.high) / 2


def _round_values(span: Plateau, unit: Unit, day: int) -> Iterator[int]:
    """Values in and beside a plateau, of every degree of roundness."""
    middle = span.low if span.high is None else (span.low + span.high) // 2
    yield span.low
    if unit is Unit.DAYS:
        yield middle
        return
    edges = (span.low, middle, middle if span.high is None else span.high)
    steps = [*_COMMON, *(step for step, _ in _STEPS), *([day] if day else [])]
    for step in steps:
        for edge in edges:
            below = edge // step * step
            yield from (each for each in (below, below + step) if each > 0)
    yield from (each for each in _COMMON if each >= span.low)


def mode_target(values: Ints, unit: Unit, within: int) -> Target:
    """The target of one group that most of its recorded deadlines share.

    `values` (n,) seconds or days, -1 for none.
    """
    value, shared = commonest(values, within)
    if unit is not Unit.DAYS:
        near = (round(value / step) * step for step in (_HOUR, 900, 60))
        value = next((each for each in near if abs(each - value) <= within // 2), value)
    return Target(unit, value, value, value + 1, len(values), shared, shared)
