"""Draws for the made year: the same for the same seed, on every machine and Python."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Final, TypeVar

from afspraak.tickets.profile import STEPS, WHOLE, Quantiles

Thing = TypeVar("Thing")
_THOUSAND: Final = 1000
_MANY: Final = 1_000_003

Pace = tuple[int, ...]
"""Parts per thousand of a target at 0 %, 5 %, ... 100 % of the cases."""


def pace(minutes: Quantiles, target: int, power: float = 0.6) -> Pace:
    """A measured distribution against a target of so many minutes.

    The real company had no such target: the power draws its long tail in, as steering by one does.
    """
    return tuple(round(_THOUSAND * (value / target) ** power) for value in minutes)


class Draws:
    """Chances drawn from one seed; `of` gives the draws of one thing, whatever else was drawn."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = Random(seed)  # noqa: S311  (a made year is no secret)

    def of(self, number: int) -> "Draws":
        """The draws of the thing with this number."""
        return Draws(self._seed * _MANY + number + 1)

    def below(self, limit: int) -> int:
        """An integer from 0 to `limit` - 1."""
        return int(self._random.random() * limit)

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high` - 1."""
        return low + self.below(high - low)

    def chance(self, share: int) -> bool:
        """True in `share` of ten thousand cases."""
        return self.below(WHOLE) < share

    def pick(self, things: Sequence[Thing], weights: Sequence[int] | None = None) -> Thing:
        """One of the things, by weight."""
        if weights is None:
            return things[self.below(len(things))]
        edges = list(accumulate(weights[: len(things)]))
        return things[bisect_right(edges, self.below(edges[-1]))]

    def along(self, steps: Sequence[int]) -> int:
        """A value of a distribution given at 0 %, 5 %, ... 100 %, straight between them."""
        place = self.below(STEPS * _THOUSAND)
        step, part = divmod(place, _THOUSAND)
        low, high = steps[step], steps[step + 1]
        return low + (high - low) * part // _THOUSAND
