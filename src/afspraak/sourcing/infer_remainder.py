"""What no contract can express.

Records that contradict each other under any calendar and any target.

Take two tickets of one group: the first was open from before the second until after it, and never
waited for anybody. Whatever the hours, at least as much time was spent on the first as on the
second. If the first was recorded as made and the second as missed, every contract with these events
is wrong about one of them. A set of such pairs without a common ticket is a lower bound for the
disagreements of all of them; the greedy choice below finds a largest set.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import Final

import numpy as np

from afspraak.sourcing.infer_judge import Judge
from afspraak.sourcing.infer_log import Bools, Ints
from afspraak.sourcing.infer_promise import Promise, line_values

_TICKETS_MOST: Final = 60_000


@dataclass(frozen=True)
class Remainder:
    """Disagreements left, and how many of them nothing could mend.

    `any_contract`: at least so many outcomes disagree with every contract that has these events and
    this field. `same_time`: so many at least with these hours, whatever the targets, as equal times
    were recorded both ways.
    """

    disagreements: int
    any_contract: int
    same_time: int


def remainder(judge: Judge, promise: Promise, wrong: Bools) -> Remainder:
    """How much of what the promise leaves unexplained nothing else could explain either."""
    log = judge.ground.log
    windows = judge.ground.windows(promise.rule.start, promise.rule.end, promise.rule.waits)
    waited = np.zeros(len(log.ids), dtype=np.bool_)
    waited[log.waits.ticket] = True
    codes = log.keys[promise.rule.key].codes
    looked_at = _looked_at(wrong)
    pairs = same = 0
    for line in promise.lines:
        rows = looked_at & (codes == line.code)
        long_made = rows & judge.made & ~waited
        short_missed = rows & ~judge.made
        pairs += contradictions(
            windows.start[long_made],
            windows.end[long_made],
            windows.start[short_missed],
            windows.end[short_missed],
        )
        here = codes == line.code
        same += _both_ways(line_values(judge, promise, line)[here], judge.made[here])
    return Remainder(int(np.count_nonzero(wrong)), pairs, same)


def _looked_at(wrong: Bools) -> Bools:
    """All tickets; of a very large log the unexplained ones and an even part of the others.

    What is counted on a part is still a lower bound.
    """
    count = len(wrong)
    if count <= _TICKETS_MOST:
        return np.ones(count, dtype=np.bool_)
    chosen = wrong.copy()
    chosen[np.linspace(0, count - 1, _TICKETS_MOST).astype(np.int64)] = True
    return chosen


def contradictions(made_from: Ints, made_until: Ints, missed_from: Ints, missed_until: Ints) -> int:
    """The largest number of disjoint pairs in which a made span holds a missed one.

    Taking the shortest that fits is exact here.
    """
    made = np.argsort(made_from, kind="stable")
    starts, ends = made_from[made].tolist(), made_until[made].tolist()
    free: list[int] = []  # ends of made spans that began early enough, in order
    taken = pairs = 0
    for row in np.lexsort((missed_until, missed_from)).tolist():
        start, end = int(missed_from[row]), int(missed_until[row])
        while taken < len(starts) and starts[taken] <= start:
            insort(free, ends[taken])
            taken += 1
        place = bisect_left(free, end)
        if place < len(free):
            free.pop(place)
            pairs += 1
    return pairs


def _both_ways(values: Ints, made: Bools) -> int:
    """Tickets in the smaller half of each set of equal values."""
    _, place = np.unique(values, return_inverse=True)
    yes = np.bincount(place, weights=made)
    return int(np.minimum(yes, np.bincount(place) - yes).sum())
