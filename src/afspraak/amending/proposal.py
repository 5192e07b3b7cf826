"""What measured weeks propose for an open term (SEMANTICS K11): the least measured value that a
quantile of the work stays within, with the stated confidence. Pure.

Distribution-free, by order statistics. Of n independent measurements the k-th smallest is at least
the q-quantile with the probability that at most k - 1 of n fall below that quantile, whatever the
distribution: P(Bin(n, q) <= k - 1). The least such k is taken; where even the largest measurement
does not reach the confidence, the sample is too small, and it is said how many would do.

Tickets that still run are counted as longer than every one that is done: that can only make the
proposal longer, and never flatters it. Where the k-th smallest is one of them, there is no number
yet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from afspraak.engine.time import MINUTE, Duration, ServiceTime, WorkingDays

STEP: Final = 30 * MINUTE
"""A proposal in service time is rounded up to half hours: nobody agrees to 3:47."""
MOST_CASES: Final = 10_000
"""Of more measurements the newest are taken."""

Why = Literal["few", "running"]
Bound = Literal["", "lower", "upper"]


@dataclass(frozen=True, slots=True)
class Method:
    """How the contract says that the number is found."""

    quantile: Fraction
    confidence: Fraction
    bounds: tuple[Duration, Duration] | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """The number, or why there is none yet.

    `place` of `cases` is the order statistic that was taken (from 1). `measured` is its very value,
    `value` what is proposed: rounded up, then held within the contract's bounds (`bound` says by
    which). `needed`: from how many measurements on there is a number.
    """

    cases: int
    running: int
    needed: int
    place: int | None = None
    measured: Duration | None = None
    value: Duration | None = None
    bound: Bound = ""
    why: Why | None = None


def proposed(done: Sequence[Duration], running: int, method: Method) -> Proposal:
    """What measurements propose: `done` in one unit (service time or working days), in any order;
    `running` are those of which only the beginning is known.
    """
    cases = len(done) + running
    needed = least_cases(method.quantile, method.confidence)
    place = place_of(cases, method.quantile, method.confidence)
    if place is None:
        return Proposal(cases, running, needed, why="few")
    if place > len(done):
        return Proposal(cases, running, needed, place, why="running")
    measured = sorted(done, key=amount)[place - 1]
    value, bound = _within(rounded_up(measured), method.bounds)
    return Proposal(cases, running, needed, place, measured, value, bound)


def place_of(cases: int, quantile: Fraction, confidence: Fraction) -> int | None:
    """The least k for which P(Bin(cases, quantile) <= k - 1) reaches the confidence, exactly; None
    where no k does.
    """
    p, q = quantile.numerator, quantile.denominator - quantile.numerator
    if not cases or not q or confidence >= 1:
        return None
    if not p:
        return 1
    # The upper tail P(Bin >= k), from the largest k down, in whole numbers over `whole`.
    whole, term, tail, found = quantile.denominator**cases, p**cases, 0, None
    for place in range(cases, 0, -1):
        tail += term
        if tail * confidence.denominator > (confidence.denominator - confidence.numerator) * whole:
            return found
        found = place
        term = term * place * q // ((cases - place + 1) * p)
    return found


def least_cases(quantile: Fraction, confidence: Fraction) -> int:
    """How many measurements carry a number at all: the least n with 1 - quantile^n >= confidence.
    None do for a quantile or a confidence of the whole: 0 says so.
    """
    if quantile >= 1 or confidence >= 1:
        return 0
    cases, below = 0, Fraction(1)
    while 1 - below < confidence:
        cases, below = cases + 1, below * quantile
    return cases


def amount(duration: Duration) -> int:
    """A duration as a number of its own unit: microseconds of service time, or working days."""
    return duration.days if isinstance(duration, WorkingDays) else duration.microseconds


def rounded_up(duration: Duration) -> Duration:
    """To half hours, and at least one of them; working days are whole already."""
    if isinstance(duration, WorkingDays):
        return duration
    steps = max(1, -(-duration.microseconds // STEP))
    return ServiceTime(steps * STEP)


def _within(value: Duration, bounds: tuple[Duration, Duration] | None) -> tuple[Duration, Bound]:
    """Held within the bounds of the contract, where they are in the same unit."""
    if bounds is None or type(bounds[0]) is not type(value) or type(bounds[1]) is not type(value):
        return value, ""
    if amount(value) < amount(bounds[0]):
        return bounds[0], "lower"
    if amount(value) > amount(bounds[1]):
        return bounds[1], "upper"
    return value, ""


def quantile_of(done: Sequence[Duration], part: Fraction) -> Duration | None:
    """The measured quantile itself, for a picture: the ceil(part x n)-th smallest."""
    if not done:
        return None
    ordered = sorted(done, key=amount)
    place = -(-part.numerator * len(ordered) // part.denominator)
    return ordered[max(place, 1) - 1]
