"""A clock's running time and the limits that bound it (SEMANTICS T5, T6, K6).

A clock counts along its running time: from its start, less the gaps in which it stood still. A
limit is a target and the instant it counts from; it is due at the least instant by which its target
has been spent along the running time. From that one sentence K6 follows: a question at or after the
due instant cannot move it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from afspraak.engine.hours import Hours
from afspraak.engine.time import Duration, ServiceTime

Gap = tuple[int, int | None]
"""A stretch [from, until) in which the clock stands still; until None: it still does."""

_Meter = tuple[Callable[[int, int], int], Callable[[int, int], int], int]


@dataclass(frozen=True, slots=True)
class Limit:
    """A target, the instant from which it counts, and the hours it counts in."""

    from_at: int
    target: Duration
    hours: Hours

    def meter(self) -> _Meter:
        """How it is measured: (elapsed, deadline, how much), in microseconds or working days."""
        target, hours = self.target, self.hours
        if isinstance(target, ServiceTime):
            return hours.elapsed, hours.deadline, target.microseconds
        day = hours.start_day(self.from_at)
        return partial(hours.days_elapsed, day), partial(hours.days_deadline, day), target.days


class Running:
    """A clock's running time: from its start on, less the gaps (in order, disjoint)."""

    __slots__ = ("gaps",)

    def __init__(self, gaps: Sequence[Gap]) -> None:
        self.gaps = gaps

    def resumed(self, at: int) -> "Running":
        """The same clock as if what stops it had ended at `at`."""
        return Running([(start, at if end is None else end) for start, end in self.gaps])

    def spent(self, limit: Limit, until: int) -> int:
        """Microseconds of service time, or working days, counted in [limit.from_at, until) (T5)."""
        elapsed, _, _ = limit.meter()
        limit.hours.require(limit.from_at, until)
        return sum(elapsed(start, end) for start, end in self._pieces(limit.from_at, until))

    def due(self, limit: Limit) -> int | None:
        """The least instant at which the limit has been spent (T6); None while the clock stands
        still before it.
        """
        elapsed, deadline, left = limit.meter()
        at = limit.from_at
        for gap_from, gap_until in self.gaps:
            if not left:
                break
            if gap_from > at:
                spent = elapsed(at, gap_from)
                if left <= spent:
                    break
                left -= spent
            if gap_until is None:
                return None
            at = max(at, gap_until)
        return deadline(at, left)

    def _pieces(self, from_at: int, until: int) -> Iterator[tuple[int, int]]:
        at = from_at
        for gap_from, gap_until in self.gaps:
            if gap_from >= until:
                break
            if gap_from > at:
                yield at, gap_from
            if gap_until is None:
                return
            at = max(at, gap_until)
        if at < until:
            yield at, until
