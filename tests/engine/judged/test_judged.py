"""The engine still says what the slow judge said when the cases were frozen."""

import random

import oracle
import pytest
from engine_judge import answer
from judged.freeze import FILE, NUMBERS, drawn, frozen, judged, told_as_frozen

from afspraak.engine.time import Refusal

CASES = frozen()


def said(case: dict, calendars: dict) -> object:
    try:
        return told_as_frozen(case, answer(case, calendars))
    except Refusal:
        return "refused"


def test_the_engine_says_what_the_slow_judge_said() -> None:
    others = [
        (number, case, told, came)
        for number, (case, calendars, told) in enumerate(CASES, 2)
        if (came := said(case, calendars)) != told
    ]
    assert not others, f"{len(others)} cases; line {others[0][0]} of {FILE.name}: {others[0][1:]}"


def test_there_are_many_of_every_sort_and_outcome() -> None:
    assert len(CASES) == len(NUMBERS) == 2000
    states = {told[0] for _, _, told in CASES if isinstance(told, list)}
    assert states == {"running", "paused", "met", "missed", "void", "none"}
    assert FILE.stat().st_size < 1_500_000


@pytest.mark.parametrize("place", random.Random(1).sample(range(len(NUMBERS)), 60))
def test_some_frozen_anew_are_the_same(place: int) -> None:
    """The file is what the generator and the slow judge make: nobody wrote an answer into it."""
    case, plan = drawn(*NUMBERS[place])
    frozen_case, calendars, told = CASES[place]
    assert calendars == {"hours": plan}
    assert {key: case[key] for key in frozen_case} == frozen_case
    again = judged(case, calendars)
    assert (list(again.values()) if isinstance(again, dict) else again) == told


def test_the_slow_judge_is_asked_in_the_same_form() -> None:
    case, calendars, told = next(each for each in CASES if isinstance(each[2], list))
    assert told_as_frozen(case, oracle.answer(case, calendars)) == told
