"""The best target of each group, exactly: one sort, one running sum (O(n log n)).

For outcomes the target is a cut: what is at most the cut was made. For recorded deadlines it is a
mode: the value that most of the group's deadlines share.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from afspraak.sourcing.infer_log import Bools, Ints

_LANE: Final = 40
_NEVER: Final = -(1 << 40)


@dataclass(frozen=True)
class Plateau:
    """Cuts that explain a group equally well: low <= cut < high.

    None as `high`: nothing bounds them.
    """

    low: int
    high: int | None


@dataclass(frozen=True, eq=False)
class Lanes:
    """Groups laid beside each other so that one sort orders all.

    `base` (n,) is each ticket's lane, with its outcome as last bit.

    `sizes` (groups,) tickets of each; `first`, `last` (k,) places of the k groups that have any;
    `missed` (k,).
    """

    base: Ints
    sizes: Ints
    there: Bools
    first: Ints
    last: Ints
    missed: Ints


def lanes(groups: Ints, made: Bools, count: int) -> Lanes:
    """Lanes for `groups` (n,) below `count` and outcomes `made` (n,)."""
    sizes = np.bincount(groups, minlength=count).astype(np.int64)
    missed = np.bincount(groups[~made], minlength=count).astype(np.int64)
    ends = np.cumsum(sizes)
    there = sizes > 0
    base = (groups << (_LANE + 1)) | made
    return Lanes(base, sizes, there, (ends - sizes)[there], ends[there] - 1, missed[there])


def cut_agreements(values: Ints, among: Lanes, floor: int) -> Ints:
    """(groups,) how many outcomes of each group the best cut reproduces.

    `values` (n,), from `floor` on: no cut lies below it, the least target there is.
    """
    packed = np.sort(among.base + (values << 1))
    balance = np.cumsum(((packed & 1) << 1) - 1)
    case = packed >> 1
    open_end = np.empty(len(case), dtype=np.bool_)
    np.equal(case[1:], case[:-1], out=open_end[:-1])
    open_end[-1:] = False
    first = among.first
    agree = np.zeros(len(among.sizes), dtype=np.int64)
    before = np.append(0, balance)[first]
    balance[open_end] = _NEVER
    best = np.maximum.reduceat(balance, first) - before
    none_made = np.where(case[first] & ((1 << _LANE) - 1) > floor, 0, _NEVER)
    agree[among.there] = np.maximum(best, none_made) + among.missed
    return agree


def plateaus(values: Ints, made: Bools, floor: int) -> tuple[int, list[Plateau]]:
    """One group's best agreement, and every stretch of cuts that reaches it, in order."""
    if len(values) == 0:
        return 0, [Plateau(floor, None)]
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    balance = np.cumsum(np.where(made[order], 1, -1))
    edge = np.append(ranked[1:] != ranked[:-1], True)
    lows = ranked[edge]
    gain = balance[edge]
    if lows[0] > floor:
        lows, gain = np.append(floor, lows), np.append(0, gain)
    highs = np.append(lows[1:], _NEVER)
    best = int(gain.max())
    found = [
        Plateau(int(low), None if high == _NEVER else int(high))
        for low, high in zip(lows[gain == best], highs[gain == best], strict=True)
    ]
    return best + int(np.count_nonzero(~made)), _joined(found)


def _joined(found: list[Plateau]) -> list[Plateau]:
    joined: list[Plateau] = []
    for each in found:
        if joined and joined[-1].high == each.low:
            joined[-1] = Plateau(joined[-1].low, each.high)
        else:
            joined.append(each)
    return joined


def mode_agreements(values: Ints, groups: Ints, count: int, within: int) -> Ints:
    """(count,) how many values of each group lie in the fullest window [v, v + within].

    Negative values never do.
    """
    valid = values >= 0
    packed = np.sort((groups[valid] << _LANE) | values[valid])
    shared = np.searchsorted(packed, packed + within, side="right") - np.arange(len(packed))
    agree = np.zeros(count, dtype=np.int64)
    np.maximum.at(agree, packed >> _LANE, shared)
    return agree


def commonest(values: Ints, within: int) -> tuple[int, int]:
    """One group's fullest window [v, v + within].

    The commonest value in it and how many values it holds.
    """
    ranked = np.sort(values[values >= 0])
    if len(ranked) == 0:
        return 0, 0
    shared = np.searchsorted(ranked, ranked + within, side="right") - np.arange(len(ranked))
    at = int(shared.argmax())
    inside, times = np.unique(ranked[at : at + shared[at]], return_counts=True)
    return int(inside[times.argmax()]), int(shared[at])
