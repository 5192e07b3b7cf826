"""The two clocks of a machine: the one on the wall, and the one that only counts."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from afspraak.engine.time import MINUTE, instant_of

MOST_AHEAD: Final = 5 * MINUTE
"""A wall clock that has gained more than this on the steady one has jumped (RELIABILITY)."""
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Counts through a machine's sleep where the system can: to sleep is not to jump."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Both clocks at one moment, in microseconds: `at` since 1970, `steady` since whenever."""

    at: int
    steady: int


def read() -> Reading:
    """Both clocks, now."""
    return Reading(instant_of(datetime.now(UTC)), time.clock_gettime_ns(_STEADY) // 1_000)


@dataclass(slots=True)
class Trust:
    """How far the wall clock may be trusted: what it has gained on the steady one since it was
    last known to be right. Forward steps add up; a step back is followed at once, because the log
    never goes back with it (F2).
    """

    offset: int

    @classmethod
    def begin(cls, reading: Reading) -> "Trust":
        """From a moment at which the wall clock is taken to be right."""
        return cls(reading.at - reading.steady)

    def has_jumped(self, reading: Reading) -> bool:
        """Whether the wall clock has jumped forward."""
        offset = reading.at - reading.steady
        self.offset = min(self.offset, offset)
        return offset - self.offset > MOST_AHEAD
