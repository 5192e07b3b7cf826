"""Targets proposed from what was really achieved.

"90 % within 6.5 service hours, with 95 % confidence".

Nothing is assumed about how times are distributed. Of n times in order, the k-th bounds the 90 %
quantile from above with 95 % confidence when P(Bin(n, 0.9) >= k) <= 0.05 (the order-statistic
bound; the same k comes from Clopper and Pearson's exact interval). The target is the next value
that a person would write: it can only be safer.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from afspraak.sourcing.infer_ground import Unit
from afspraak.sourcing.infer_log import Bools, Ints

SHARE: Final = Fraction(90, 100)
CONFIDENCE: Final = Fraction(95, 100)
_HOUR: Final = 3600
_GRID: Final = (
    (_HOUR, 300),
    (4 * _HOUR, 900),
    (12 * _HOUR, 1800),
    (40 * _HOUR, _HOUR),
    (160 * _HOUR, 4 * _HOUR),
)
_COARSEST: Final = 8 * _HOUR


@dataclass(frozen=True)
class Proposal:
    """The least target (seconds, or working days) that a share of a group's tickets meet.

    `within` of `cases` tickets met it; `at_least` is the exact lower bound of the true share at
    that target. `unended` tickets count as slower than any target. Without enough cases `value` is
    None, and `needed` says how many there must be.
    """

    label: str
    unit: Unit
    value: int | None
    share: Fraction
    confidence: Fraction
    cases: int
    unended: int
    within: int
    at_least: float
    needed: int


def proposal(
    label: str,
    spent: Ints,
    ended: Bools,
    unit: Unit,
    *,
    share: Fraction = SHARE,
    confidence: Fraction = CONFIDENCE,
) -> Proposal:
    """The target that a group's times carry.

    `spent` (n,): seconds of service or clock time, or working days; `ended` (n,): whether the
    ticket did end.
    """
    cases = len(spent)
    rank = safe_rank(cases, share, confidence)
    done = np.sort(spent[ended])
    value = None
    if rank is not None and rank <= len(done):
        value = int(done[rank - 1]) if unit is Unit.DAYS else rounded_up(int(done[rank - 1]))
    within = 0 if value is None else int(np.searchsorted(done, value, side="right"))
    return Proposal(
        label=label,
        unit=unit,
        value=value,
        share=share,
        confidence=confidence,
        cases=cases,
        unended=cases - len(done),
        within=within,
        at_least=lower_bound(within, cases, confidence),
        needed=cases_needed(share, confidence),
    )


def rounded_up(seconds: int) -> int:
    """The next value on a grid that grows with the value.

    5 minutes, a quarter, half an hour, hours, half days.
    """
    step = next((step for below, step in _GRID if seconds <= below), _COARSEST)
    return max(-(-seconds // step) * step, _GRID[0][1])


def cases_needed(share: Fraction, confidence: Fraction) -> int:
    """The least n for which even the slowest of n times is a safe bound.

    That is, share^n <= 1 - confidence.
    """
    cases, left = 0, Fraction(1)
    while left > 1 - confidence:
        cases, left = cases + 1, left * share
    return cases


def safe_rank(cases: int, share: Fraction, confidence: Fraction) -> int | None:
    """The least k (from 1) with P(Bin(n, share) >= k) <= 1 - confidence; None if there is none."""
    if cases == 0:
        return None
    tail = _tail(cases, float(share))
    safe = np.flatnonzero(tail[1:] <= float(1 - confidence))
    return int(safe[0]) + 1 if len(safe) else None


def lower_bound(within: int, cases: int, confidence: Fraction) -> float:
    """Clopper and Pearson's exact lower bound of a share.

    It is the p with P(Bin(n, p) >= within) = 1 - confidence.
    """
    if within == 0:
        return 0.0
    low, high = 0.0, within / cases
    for _ in range(40):
        middle = (low + high) / 2
        if _tail(cases, middle)[within] <= float(1 - confidence):
            low = middle
        else:
            high = middle
    return low


def _tail(cases: int, share: float) -> npt.NDArray[np.float64]:
    """(n + 1,) P(Bin(n, share) >= k) for k = 0..n, summed from the small end."""
    if share <= 0.0:
        return np.append(1.0, np.zeros(cases))
    logs = np.append(0.0, np.cumsum(np.log(np.arange(1, cases + 1))))
    counts = np.arange(cases + 1)
    chosen = logs[-1] - logs - logs[::-1]
    mass = np.exp(
        chosen + counts * np.log(share) + (cases - counts) * np.log1p(-min(share, 1 - 1e-15))
    )
    return np.cumsum(mass[::-1])[::-1]


def in_words(found: Proposal) -> str:
    """One sentence, as a person would say it."""
    share, sure = (f"{float(100 * each):g} %" for each in (found.share, found.confidence))
    if found.value is None:
        if found.cases >= found.needed:
            return (
                f"too many of {found.cases} cases had not ended for {share} with {sure} confidence"
            )
        few = f"{found.cases} cases are too few"
        return f"{few}: {found.needed} are needed for {share} with {sure} confidence"
    return f"{share} within {amount(found.value, found.unit)}, with {sure} confidence"


def amount(value: int, unit: Unit) -> str:
    """A target in words: `6.5 service hours`, `45 minutes of service time`, `3 working days`."""
    if unit is Unit.DAYS:
        return f"{value} working day" + ("s" if value != 1 else "")
    kind = "service" if unit is Unit.SERVICE else "clock"
    if value < _HOUR or value % 900:
        return (
            f"{value // 60} minutes of {kind} time"
            if value % 60 == 0
            else f"{value} seconds of {kind} time"
        )
    hours = Fraction(value, _HOUR)
    return f"{float(hours):g} {kind} hour" + ("s" if hours != 1 else "")
