"""Ids are UUIDv7, carry their instant to the microsecond, and sort by it."""

from uuid import RFC_4122, UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from afspraak.ledger.ids import made_at, new_id

LAST = 2**48 * 1000 - 1
ONES = 2**62 - 1


@given(st.integers(0, LAST), st.integers(0, ONES))
@example(0, 0)
@example(LAST, ONES)
def test_an_id_carries_its_instant(at: int, drawn: int) -> None:
    made = new_id(at, bits=lambda _: drawn)
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == at // 1000
    assert made.int & ONES == drawn
    assert made_at(made) == at


@given(st.integers(0, LAST - 1))
@example(999)
def test_ids_sort_by_their_instant_whatever_was_drawn(at: int) -> None:
    early, late = new_id(at, bits=lambda _: ONES), new_id(at + 1, bits=lambda _: 0)
    assert early < late
    assert early.bytes < late.bytes
    assert str(early) < str(late)


def test_the_rfcs_own_example() -> None:
    """RFC 9562, A.6, but for `rand_a`, which is ours."""
    at = 0x017F22E279B0 * 1000
    made = new_id(at, bits=lambda _: 0x18C4DC0C0C07398F)
    assert made == UUID("017F22E2-79B0-7000-98C4-DC0C0C07398F")
    assert new_id(at + 999, bits=lambda _: 0) == UUID("017f22e2-79b0-7ffb-8000-000000000000")
    assert new_id(at + 500, bits=lambda _: 0) == UUID("017f22e2-79b0-7800-8000-000000000000")


def test_what_is_drawn_is_asked_as_62_bits_and_differs() -> None:
    asked: list[int] = []
    new_id(0, bits=lambda count: asked.append(count) or 0)
    assert asked == [62]
    assert len({new_id(0) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("at", [-1, LAST + 1])
def test_an_instant_that_no_id_can_carry_is_refused(at: int) -> None:
    with pytest.raises(ValueError, match=f"an id cannot carry the instant {at}"):
        new_id(at)
