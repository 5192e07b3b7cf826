"""Where a promise's clock begins and ends on a ticket (SEMANTICS K1-K6, K9)."""

import pytest
from tickets import ALWAYS, Log, at, hours, promise_of, reported

from afspraak.engine.cycles import NEVER, Cycle, Solution, cycles_of, is_outward, solutions
from afspraak.engine.facts import Fact
from afspraak.engine.terms import Promise
from afspraak.engine.time import WorkingDays

PLAIN = {"expectation": {"until": 0}, "question": {"to": "customer"}}


def cycles(promise: Promise, log: Log, clock: float = 40) -> list[Cycle]:
    return cycles_of(promise, ALWAYS, log.as_of(clock))


def told(promise: Promise, log: Log, clock: float = 40) -> list[tuple[float, float | None]]:
    """(start, end) of each cycle, in hours."""
    return [
        (
            (each.start_at - at(0)) / (at(1) - at(0)),
            None
            if each.satisfied_by is None
            else (each.satisfied_by.happened_at - at(0)) / (at(1) - at(0)),
        )
        for each in cycles(promise, log, clock)
    ]


# What is contact (K2, K3) -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["supplier_contact", "diagnosis", "expectation", "workaround", "solved", "question"]
)
def test_what_is_outward_is_a_first_response(code: str) -> None:
    log = reported(9)
    log.add("acknowledged", 9.5)
    log.add(code, 10, **PLAIN.get(code, {}))
    assert told(promise_of(hours(1), measure="first_response"), log) == [(9, 10)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("acknowledged", {}),
        ("customer_contact", {}),
        ("question", {"to": "third_party"}),
        ("answer", {"of": "q", "by": "customer"}),
        ("accepted", {}),
        ("rejected", {}),
        ("reclassified", {"cause": "misjudged"}),
        ("cost_proposed", {}),
    ],
)
def test_what_is_not_outward_is_none(code: str, said: dict[str, object]) -> None:
    log = reported(9)
    assert not is_outward(log.add(code, 10, **said))
    assert told(promise_of(hours(1), measure="first_response"), log) == [(9, None)]


@pytest.mark.parametrize(
    ("code", "ends"), [("diagnosis", 10), ("solved", 10), ("workaround", None)]
)
def test_a_diagnosis_or_a_solution_before_it(code: str, ends: float | None) -> None:
    log = reported(9)
    log.add(code, 10)
    assert told(promise_of(hours(1), measure="diagnosis"), log) == [(9, ends)]


def test_the_first_of_several_ends_it() -> None:
    log = reported(9)
    for code, clock in (("diagnosis", 10), ("solved", 11), ("diagnosis", 12)):
        log.add(code, clock)
    for measure in ("diagnosis", "first_response"):
        (only,) = cycles(promise_of(hours(1), measure=measure), log)
        assert (only.end_place, only.place, only.of) == (1, -1, None)


# Before the report (F2) ---------------------------------------------------------------------------


@pytest.mark.parametrize("measure", ["first_response", "diagnosis", "resolution", "next_response"])
def test_without_a_report_there_is_no_clock(measure: str) -> None:
    log = Log()
    log.add("solved", 9)
    log.add("customer_contact", 10)
    assert cycles(promise_of(hours(1), measure=measure), log) == []


@pytest.mark.parametrize("measure", ["first_response", "diagnosis", "resolution"])
def test_what_comes_before_the_report_does_not_respond_to_it(measure: str) -> None:
    log = Log()
    log.add("solved", 8)
    log.add("solved", 9)
    log.add("reported", 9)
    assert told(promise_of(hours(1), measure=measure), log) == [(9, None)]
    log.add("solved", 9)
    assert told(promise_of(hours(1), measure=measure), log) == [(9, 9)]


def test_after_a_merge_what_came_since_the_earliest_report_responds() -> None:
    log = Log()
    log.add("supplier_contact", 8)
    log.add("reported", 9)
    log.add("merged", 10, reported_at=at(8))
    assert told(promise_of(hours(1), measure="first_response"), log) == [(8, 8)]
    log = Log()
    log.add("supplier_contact", 7.9)
    log.add("reported", 9)
    log.add("merged", 10, reported_at=at(8))
    assert told(promise_of(hours(1), measure="first_response"), log) == [(8, None)]


def test_a_second_report_starts_nothing() -> None:
    log = reported(9)
    log.add("solved", 10)
    log.add("reported", 11)
    assert told(promise_of(hours(1)), log) == [(9, 10)]


# Solutions (K5) -----------------------------------------------------------------------------------


def found(log: Log, **terms: object) -> list[Solution]:
    facts = list(enumerate(log.as_of(400).facts))
    return list(solutions(promise_of(hours(1), **terms), ALWAYS, facts))


def test_a_solution_stands_until_it_is_rejected() -> None:
    log = reported(9)
    first = log.add("solved", 10)
    log.add("solved", 11)
    rejected = log.add("rejected", 12)
    again = log.add("solved", 13)
    assert found(log) == [Solution(first, 1, rejected, 3), Solution(again, 4, None, -1)]
    assert told(promise_of(hours(1)), log) == [(9, 13)]
    (only,) = cycles(promise_of(hours(1)), log)
    assert (only.gaps, only.end_place) == ((Solution(first, 1, rejected, 3),), 4)


def test_a_rejection_of_nothing_is_none() -> None:
    log = reported(9)
    log.add("rejected", 10)
    solved = log.add("solved", 11)
    assert found(log) == [Solution(solved, 2, None, -1)]


def test_after_acceptance_nothing_is_rejected() -> None:
    log = reported(9)
    solved = log.add("solved", 10)
    log.add("accepted", 11)
    log.add("rejected", 12)
    assert found(log) == [Solution(solved, 1, None, -1)]


def test_an_acceptance_of_nothing_is_none() -> None:
    log = reported(9)
    log.add("accepted", 9.5)
    log.add("solved", 10)
    log.add("rejected", 11)
    assert told(promise_of(hours(1)), log) == [(9, None)]


@pytest.mark.parametrize(
    ("window", "clock", "ends"),
    [
        (hours(2), 12, None),
        (hours(2), 12.1, 10),
        (WorkingDays(1), 48, None),
        (WorkingDays(1), 48.1, 10),
        (None, 300, None),
    ],
)
def test_at_the_windows_very_end_a_rejection_is_in_time(
    window: object, clock: float, ends: float | None
) -> None:
    log = reported(9)
    log.add("solved", 10)
    log.add("rejected", clock)
    assert told(promise_of(hours(1), acceptance=window), log, 400) == [(9, ends)]


def test_a_rejection_that_comes_too_late_ends_the_matter() -> None:
    log = reported(9)
    log.add("solved", 10)
    log.add("rejected", 13)
    log.add("solved", 14)
    assert told(promise_of(hours(1), acceptance=hours(2)), log) == [(9, 10)]


def test_restarted_clocks_begin_at_the_rejections() -> None:
    log = reported(9)
    log.add("solved", 10)
    rejected = log.add("rejected", 12)
    log.add("solved", 13)
    promise = promise_of(hours(1), reopen="restart")
    assert told(promise, log) == [(9, 10), (12, 13)]
    first, second = cycles(promise, log)
    assert (first.place, first.of, first.end_place) == (-1, None, 1)
    assert (second.place, second.of, second.end_place) == (2, rejected, 3)
    log.add("rejected", 14)
    assert told(promise, log) == [(9, 10), (12, 13), (14, None)]
    assert cycles(promise, log)[2].of == log[-1]


# Updates (K3) -------------------------------------------------------------------------------------

UPDATE = promise_of(hours(1), measure="next_response")
INTERVAL = promise_of(hours(1), measure="next_response", armed_by="interval")


def test_the_oldest_unanswered_contact_arms_it() -> None:
    log = reported(9)
    log.add("customer_contact", 9.2)
    log.add("supplier_contact", 9.5)
    assert told(UPDATE, log) == []
    contact = log.add("customer_contact", 10)
    log.add("customer_contact", 10.5)
    assert told(UPDATE, log) == [(10, None)]
    (only,) = cycles(UPDATE, log)
    assert (only.place, only.of, only.end_place) == (3, contact, NEVER)
    log.add("workaround", 11)
    log.add("supplier_contact", 12)
    assert told(UPDATE, log) == [(10, 11)]
    (only,) = cycles(UPDATE, log)
    assert (only.of, only.end_place) == (contact, 5)


@pytest.mark.parametrize(
    ("code", "said", "arms"),
    [
        ("customer_contact", {}, True),
        ("rejected", {}, True),
        ("answer", {"of": "q", "by": "customer"}, True),
        ("answer", {"of": "q", "by": "third_party"}, False),
        ("contribution", {}, False),
        ("accepted", {}, False),
    ],
)
def test_what_arms_an_update(code: str, said: dict[str, object], *, arms: bool) -> None:
    log = reported(9)
    log.add("supplier_contact", 9.5)
    log.add(code, 10, **said)
    assert told(UPDATE, log) == ([(10, None)] if arms else [])


def test_the_interval_since_the_last_contact() -> None:
    log = reported(9)
    assert told(INTERVAL, log) == []
    contact = log.add("supplier_contact", 10)
    log.add("customer_contact", 10.5)
    log.add("diagnosis", 11)
    assert told(INTERVAL, log) == [(10, 11), (11, None)]
    first, second = cycles(INTERVAL, log)
    assert (first.place, first.of, first.end_place) == (1, contact, 3)
    assert (second.place, second.end_place) == (3, NEVER)
    log.add("solved", 12)
    log.add("supplier_contact", 13)
    assert told(INTERVAL, log) == [(10, 11), (11, 12)]
    rejected = log.add("rejected", 14)
    assert told(INTERVAL, log) == [(10, 11), (11, 12), (14, None)]
    assert (cycles(INTERVAL, log)[2].place, cycles(INTERVAL, log)[2].of) == (6, rejected)
    log.add("supplier_contact", 15)
    assert told(INTERVAL, log)[2:] == [(14, 15), (15, None)]


def test_a_rejection_out_of_time_begins_no_interval() -> None:
    log = reported(9)
    log.add("solved", 10)
    log.add("accepted", 11)
    log.add("rejected", 12)
    assert told(INTERVAL, log) == []


def test_a_rejection_of_nothing_begins_no_interval() -> None:
    log = reported(9)
    log.add("supplier_contact", 10)
    log.add("rejected", 11)
    assert told(INTERVAL, log) == [(10, None)]


# Expectations (K9) --------------------------------------------------------------------------------

EXPECTATION = promise_of(measure="expectation")


def test_each_expectation_is_a_promise_of_its_own() -> None:
    log = Log()
    log.add("solved", 8)
    stated = log.add("expectation", 9, until=at(12))
    log.add("solved", 10)
    log.add("rejected", 11)
    log.add("expectation", 11.5, until=at(14))
    solved = log.add("solved", 13)
    log.add("solved", 13.5)
    assert told(EXPECTATION, log) == [(9, 13), (11.5, 13)]
    first, second = cycles(EXPECTATION, log)
    assert (first.of, first.place, first.until) == (stated, 1, at(12))
    assert (first.satisfied_by, first.end_place) == (solved, 5)
    assert (second.place, second.until) == (4, at(14))


def test_an_expectation_after_the_solution_waits_for_the_next() -> None:
    log = Log()
    log.add("solved", 9)
    log.add("expectation", 9, until=at(12))
    assert told(EXPECTATION, log) == [(9, None)]
    assert cycles(EXPECTATION, log)[0].end_place == NEVER


def test_a_solution_rejected_in_time_keeps_no_expectation() -> None:
    log = Log()
    log.add("expectation", 9, until=at(12))
    log.add("solved", 10)
    log.add("rejected", 12)
    assert told(promise_of(measure="expectation", acceptance=hours(2)), log) == [(9, None)]
    assert told(promise_of(measure="expectation", acceptance=hours(1)), log) == [(9, 10)]


# Answers (C5, K6) ---------------------------------------------------------------------------------

ANSWER = promise_of(hours(1), measure="answer", promisor="customer")


def asking(log: Log, clock: float = 10, **said: object) -> Fact:
    return log.add("question", clock, **{"to": "customer", "id": "q", **said})


def test_the_party_that_has_the_question_answers_it() -> None:
    log = reported(9)
    question = asking(log)
    for by, of in (("third_party", "q"), ("customer", "p")):
        log.add("answer", 11, by=by, of=of)
    assert told(ANSWER, log) == [(10, None)]
    answer = log.add("answer", 12, by="customer", of="q")
    log.add("answer", 13, by="customer", of="q")
    (only,) = cycles(ANSWER, log)
    assert (only.of, only.satisfied_by, only.place, only.end_place) == (question, answer, 1, 4)
    assert not only.withdrawn


def test_a_question_to_somebody_else_is_not_the_promisors() -> None:
    log = Log()
    asking(log, to="third_party")
    assert told(ANSWER, log) == []
    promise = promise_of(hours(1), measure="answer", promisor="third_party")
    assert told(promise, log) == [(10, None)]


def test_a_question_without_a_name_cannot_be_answered() -> None:
    log = Log()
    asking(log, id="")
    log.add("answer", 11, by="customer", of="q")
    assert told(ANSWER, log) == [(10, None)]


def test_a_solution_takes_the_question_back() -> None:
    log = Log()
    log.add("solved", 9)
    asking(log)
    solved = log.add("solved", 11)
    log.add("answer", 12, by="customer", of="q")
    (only,) = cycles(ANSWER, log)
    assert (only.satisfied_by, only.end_place, only.withdrawn) == (solved, 2, True)


def test_an_answer_may_stand_before_its_question() -> None:
    log = Log()
    answer = log.add("answer", 9, by="customer", of="q")
    asking(log)
    (only,) = cycles(ANSWER, log)
    assert (only.satisfied_by, only.end_place) == (answer, 0)
