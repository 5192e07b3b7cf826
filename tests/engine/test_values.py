"""Frozen values: equal to their own kind alone, never changed, copied whole."""

import copy
import pickle

import pytest

from afspraak.engine.hours import Interval
from afspraak.engine.time import Rhythm, ServiceTime, WorkingDays


def test_a_value_is_equal_to_its_own_kind_alone() -> None:
    assert ServiceTime(3) == ServiceTime(3)
    assert ServiceTime(3) != ServiceTime(4)
    assert ServiceTime(3) != WorkingDays(3)
    assert WorkingDays(3) != 3
    assert len({ServiceTime(3), ServiceTime(3), WorkingDays(3), ServiceTime(4)}) == 3


@pytest.mark.parametrize("value", [ServiceTime(3), Rhythm(days=14), Interval(510, 1050)])
def test_a_value_is_frozen_and_copied_whole(value: object) -> None:
    with pytest.raises(AttributeError, match="is frozen: days stays as it is"):
        value.days = 4  # type: ignore[attr-defined]
    with pytest.raises(AttributeError, match="is frozen: opens stays as it is"):
        del value.opens  # type: ignore[attr-defined]
    assert copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)) == value


def test_a_value_shows_its_parts_in_their_order() -> None:
    assert repr(Rhythm(months=3)) == "Rhythm(months=3, days=0)"
    assert repr(Interval(510, 1050)) == "Interval(opens=510, closes=1050)"
    assert repr(WorkingDays(3)) == "WorkingDays(days=3)"
