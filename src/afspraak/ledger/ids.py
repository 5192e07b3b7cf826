"""Ids that carry their time: UUIDv7 (RFC 9562, 5.7; docs/decisions/0002)."""

import secrets
from collections.abc import Callable
from typing import Final
from uuid import UUID

_MILLISECOND: Final = 1000
_LAST_MILLISECOND: Final = 2**48 - 1
_FRACTIONS: Final = 2**12
_RANDOM_BITS: Final = 62


def new_id(at: int, *, bits: Callable[[int], int] = secrets.randbits) -> UUID:
    """An id made at `at` (microseconds since 1970), random in its last 62 bits.

    Ids sort by `at`, to the microsecond: `rand_a` holds the part of the millisecond in 4096ths
    (method 3 of section 6.2). Ids of one `at` stand in no order. `bits(n)` gives a random number
    below 2^n.
    """
    millisecond, micros = divmod(at, _MILLISECOND)
    if not 0 <= millisecond <= _LAST_MILLISECOND:
        raise ValueError(f"an id cannot carry the instant {at}: give microseconds since 1970")
    fraction = micros * _FRACTIONS // _MILLISECOND
    high = millisecond << 16 | 0x7 << 12 | fraction
    return UUID(int=high << 64 | 0b10 << _RANDOM_BITS | bits(_RANDOM_BITS))


def made_at(made: UUID) -> int:
    """The `at` of an id that `new_id` made, in microseconds since 1970."""
    high = made.int >> 64
    fraction = high & (_FRACTIONS - 1)
    return (high >> 16) * _MILLISECOND + -(-fraction * _MILLISECOND // _FRACTIONS)
