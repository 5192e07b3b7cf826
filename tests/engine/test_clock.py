"""The clocks (SEMANTICS K1-K9): what an assessment holds, and whose turn it was."""

import pytest
from tickets import ALWAYS, OFFICE, assess, at, hours, one, promise_of, reported

from afspraak.engine.clock import Clock, Stop
from afspraak.engine.running import Limit
from afspraak.engine.terms import BestEffort, Fields, Rule
from afspraak.engine.time import SECOND, WorkingDays

RESOLUTION = promise_of(hours(4), pauses=frozenset(("customer", "third_party")))


# One assessment -----------------------------------------------------------------------------------


def test_all_that_an_assessment_holds() -> None:
    log = reported(9)
    question = log.add("question", 10, to="customer", id="q")
    answer = log.add("answer", 11, of="q", by="customer")
    solved = log.add("solved", 12)
    found = one(RESOLUTION, log.as_of(13))
    assert (found.promise, found.cycle, found.state) == (RESOLUTION, 0, "met")
    assert (found.start_at, found.end_at) == (at(9), at(12))
    assert (found.due_at, found.satisfied_at, found.missed_at) == (at(14), at(12), None)
    assert (found.spent, found.remaining) == (hours(2), hours(2))
    assert (found.rule, found.limits) == (RESOLUTION.rules[0], (Limit(at(9), hours(4), ALWAYS),))
    assert found.stops == (Stop(at(10), at(11), "customer", question, answer),)
    assert (found.on_trial, found.began, found.ended) == (False, None, solved)


def test_exactly_when_due_is_met_and_a_microsecond_later_missed() -> None:
    log = reported(9)
    log.add("solved", 13)
    assert one(RESOLUTION, log.as_of(13)).state == "met"
    log = reported(9)
    log.add("solved", 13 + 1e-9 / 3.6)
    found = one(RESOLUTION, log.as_of(14))
    assert (found.state, found.missed_at, found.satisfied_at) == ("missed", at(13), at(13) + 1)


def test_exactly_when_due_it_still_runs() -> None:
    assert one(RESOLUTION, reported(9).as_of(13)).state == "running"
    assert one(RESOLUTION, reported(9).as_of(13 + 1e-9 / 3.6)).state == "missed"


def test_what_is_shown_is_cut_to_seconds() -> None:
    found = one(RESOLUTION, reported(9).as_of(10 - 1e-9 / 3.6))
    assert found.spent is not None
    assert found.spent.microseconds == hours(1).microseconds - 1
    assert found.remaining is not None
    assert found.remaining.microseconds == hours(3).microseconds + SECOND
    late = one(RESOLUTION, reported(9).as_of(20))
    assert (late.spent, late.remaining) == (hours(11), hours(0))


def test_working_days_that_are_over_leave_none() -> None:
    found = one(promise_of(WorkingDays(1)), reported(9).as_of(24 * 5))
    assert (found.spent, found.remaining) == (WorkingDays(4), WorkingDays(0))


def test_a_voided_ticket_has_no_verdict() -> None:
    log = reported(9)
    log.add("solved", 10)
    voided = log.add("voided", 11, why="spam")
    found = one(RESOLUTION, log.as_of(12))
    assert (found.promise, found.cycle, found.state) == (RESOLUTION, 0, "void")
    assert (found.start_at, found.end_at) == (at(9), at(11))
    assert (found.ended, found.due_at, found.spent) == (voided, None, None)
    assert not found.on_trial
    assert Clock(RESOLUTION, Fields(), ALWAYS).newest(log.as_of(12)) == found


@pytest.mark.parametrize("measure", ["expectation", "answer", "next_response"])
def test_a_voided_ticket_is_void_for_every_promise(measure: str) -> None:
    promise = promise_of(hours(1), measure=measure, promisor="customer")
    log = reported(9)
    log.add("voided", 11, why="spam")
    found = Clock(promise, Fields(), ALWAYS).newest(log.as_of(12))
    assert found is not None
    assert found.state == "void"


def test_a_ticket_voided_before_any_report_ends_where_it_starts() -> None:
    log = reported(13)
    log.add("voided", 11, why="spam")
    found = one(RESOLUTION, log.as_of(12))
    assert (found.start_at, found.end_at) == (at(11), at(11))


def test_a_calendar_for_the_acceptance_is_the_promises() -> None:
    promise = promise_of(Rule("3.1", hours(1), calendar="office"), acceptance=hours(2))
    log = reported(15)
    log.add("solved", 16)
    log.add("rejected", 18)
    assert one(promise, log.as_of(19)).satisfied_at is None
    log = reported(15)
    log.add("solved", 16)
    log.add("rejected", 18.1)
    assert one(promise, log.as_of(19)).satisfied_at == at(16)


# Stops (K5, K6) -----------------------------------------------------------------------------------


def test_overlapping_questions_stop_it_once() -> None:
    log = reported(9)
    one_asked = log.add("question", 10, to="customer", id="a")
    two_asked = log.add("question", 10.5, to="third_party", id="b")
    one_said = log.add("answer", 11, of="a", by="customer")
    two_said = log.add("answer", 12, of="b", by="third_party")
    found = one(RESOLUTION, log.as_of(12.5))
    assert (found.spent, found.due_at) == (hours(1.5), at(15))
    assert found.stops == (
        Stop(at(10), at(11), "customer", one_asked, one_said),
        Stop(at(10.5), at(12), "third_party", two_asked, two_said),
    )


def test_questions_that_touch_and_one_within_another() -> None:
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    log.add("question", 10.2, to="customer", id="b")
    log.add("answer", 10.5, of="b", by="customer")
    log.add("answer", 11, of="a", by="customer")
    log.add("question", 11, to="customer", id="c")
    log.add("answer", 11.5, of="c", by="customer")
    found = one(RESOLUTION, log.as_of(12))
    assert (found.spent, found.due_at) == (hours(1.5), at(14.5))


def test_an_open_question_holds_it_whatever_else_is_answered() -> None:
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    log.add("question", 10.5, to="customer", id="b")
    log.add("answer", 11, of="b", by="customer")
    found = one(RESOLUTION, log.as_of(12))
    assert (found.state, found.spent, found.remaining) == ("paused", hours(1), hours(3))
    assert [stop.until_at for stop in found.stops] == [None, at(11)]


def test_a_question_open_while_it_was_solved_ends_there() -> None:
    log = reported(9)
    question = log.add("question", 10, to="customer", id="a")
    solved = log.add("solved", 11)
    log.add("answer", 12, of="a", by="customer")
    found = one(RESOLUTION, log.as_of(13))
    assert found.stops == (Stop(at(10), at(11), "customer", question, solved),)
    assert found.due_at == at(14)


def test_the_clocks_end_ends_a_question_that_is_still_open() -> None:
    promise = promise_of(hours(4), measure="diagnosis", pauses=frozenset(("customer",)))
    log = reported(9)
    question = log.add("question", 10, to="customer", id="a")
    diagnosis = log.add("diagnosis", 11)
    log.add("answer", 12, of="a", by="customer")
    found = one(promise, log.as_of(13))
    assert found.stops == (Stop(at(10), at(11), "customer", question, diagnosis),)
    assert (found.due_at, found.state) == (at(14), "met")


def test_a_question_after_the_end_is_none_of_its_business() -> None:
    log = reported(9)
    log.add("solved", 11)
    log.add("question", 12, to="customer", id="a")
    assert one(RESOLUTION, log.as_of(13)).stops == ()


def test_a_question_to_others_than_the_clause_names_stops_nothing() -> None:
    promise = promise_of(hours(4), pauses=frozenset(("third_party",)))
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    assert one(promise, log.as_of(11)).due_at == at(13)


def test_a_question_from_before_the_report_stops_from_the_start() -> None:
    log = reported(9)
    question = log.add("question", 8, to="customer", id="a")
    answer = log.add("answer", 10, of="a", by="customer")
    found = one(RESOLUTION, log.as_of(11))
    assert found.stops == (Stop(at(9), at(10), "customer", question, answer),)
    assert (found.spent, found.due_at) == (hours(1), at(14))


def test_a_question_answered_before_the_start_stops_nothing() -> None:
    log = reported(9)
    log.add("question", 8, to="customer", id="a")
    log.add("answer", 9, of="a", by="customer")
    assert one(RESOLUTION, log.as_of(11)).stops == ()


def test_a_rejected_solution_waited_for_acceptance() -> None:
    log = reported(9)
    solved = log.add("solved", 10)
    rejected = log.add("rejected", 12)
    found = one(RESOLUTION, log.as_of(13))
    assert found.stops == (Stop(at(10), at(12), "acceptance", solved, rejected),)
    assert (found.spent, found.due_at, found.satisfied_at) == (hours(2), at(15), None)


def test_stops_stand_in_the_order_in_which_they_began() -> None:
    log = reported(9)
    log.add("question", 9.5, to="customer", id="a")
    log.add("answer", 9.6, of="a", by="customer")
    log.add("solved", 10)
    log.add("rejected", 11)
    log.add("question", 11.5, to="customer", id="b")
    turns = [stop.turn for stop in one(RESOLUTION, log.as_of(12)).stops]
    assert turns == ["customer", "acceptance", "customer"]


def test_a_question_comes_before_the_solution_that_followed_it() -> None:
    log = reported(9)
    log.add("question", 9.5, to="customer", id="a")
    log.add("answer", 9.6, of="a", by="customer")
    log.add("solved", 10)
    log.add("rejected", 11)
    found = one(RESOLUTION, log.as_of(12))
    assert [stop.turn for stop in found.stops] == ["customer", "acceptance"]
    assert (found.spent, found.due_at) == (hours(1.9), at(14.1))


# Promises with several cycles ---------------------------------------------------------------------


def test_every_update_is_assessed() -> None:
    promise = promise_of(hours(1), measure="next_response")
    log = reported(9)
    log.add("supplier_contact", 9.5)
    contact = log.add("customer_contact", 10)
    log.add("customer_contact", 10.5)
    reply = log.add("supplier_contact", 11.5)
    last = log.add("customer_contact", 12)
    first, second = assess(promise, log.as_of(12.5))
    assert (first.cycle, first.state, first.missed_at) == (0, "missed", at(11))
    assert (first.began, first.ended) == (contact, reply)
    assert (second.cycle, second.state, second.due_at) == (1, "running", at(13))
    assert (second.began, second.ended) == (last, None)
    assert Clock(promise, Fields(), ALWAYS).newest(log.as_of(12.5)) == second


def test_every_expectation_is_assessed() -> None:
    promise = promise_of(measure="expectation")
    log = reported(9)
    one_stated = log.add("expectation", 10, until=at(11))
    two_stated = log.add("expectation", 11.5, until=at(13))
    solved = log.add("solved", 12)
    first, second = assess(promise, log.as_of(14))
    assert first.promise == second.promise == promise
    assert (first.state, first.due_at, first.satisfied_at) == ("missed", at(11), at(12))
    assert (first.began, first.ended, first.start_at) == (one_stated, solved, at(10))
    assert (second.state, second.due_at, second.missed_at) == ("met", at(13), None)
    assert (second.began, second.cycle, second.end_at) == (two_stated, 1, at(12))
    assert (second.spent, second.remaining, second.rule) == (None, None, None)


def test_a_frozen_partner_still_owes_its_answer() -> None:
    promise = promise_of(
        hours(1), measure="answer", promisor="customer", pauses=frozenset(("customer",))
    )
    log = reported(9)
    question = log.add("question", 10, to="customer", id="a")
    log.add("question", 10.5, to="customer", id="b")
    found = assess(promise, log.as_of(10.25))[0]
    assert (found.state, found.due_at, found.began) == ("running", at(11), question)
    first, second = assess(promise, log.as_of(10.75))
    assert (first.state, second.state) == ("paused", "paused")


def test_a_question_taken_back_leaves_nothing_but_an_earlier_miss() -> None:
    promise = promise_of(hours(1), measure="answer", promisor="customer")
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    log.add("question", 11, to="customer", id="b")
    log.add("solved", 11.5)
    first, second = assess(promise, log.as_of(12))
    assert (first.state, first.missed_at, first.satisfied_at) == ("missed", at(11), None)
    assert (second.state, second.due_at, second.satisfied_at) == ("void", None, None)
    assert (second.spent, second.remaining) == (None, None)


def test_an_earlier_miss_stays_when_the_clock_was_restarted() -> None:
    promise = promise_of(hours(1), reopen="restart")
    log = reported(9)
    log.add("solved", 11)
    rejected = log.add("rejected", 12)
    log.add("solved", 12.5)
    found = one(promise, log.as_of(14))
    assert (found.state, found.due_at, found.missed_at) == ("missed", at(10), at(10))
    assert (found.satisfied_at, found.spent, found.cycle) == (at(12.5), hours(0.5), 1)
    assert found.began == rejected


def test_of_two_misses_the_first_is_named() -> None:
    promise = promise_of(hours(1), reopen="restart")
    log = reported(9)
    log.add("solved", 11)
    log.add("rejected", 12)
    log.add("solved", 14)
    log.add("rejected", 15)
    found = one(promise, log.as_of(15.5))
    assert (found.missed_at, found.start_at, found.cycle) == (at(10), at(15), 2)


def test_a_restarted_clock_without_a_miss_is_the_last() -> None:
    promise = promise_of(hours(1), reopen="restart")
    log = reported(9)
    log.add("solved", 9.5)
    log.add("rejected", 12)
    found = one(promise, log.as_of(12.5))
    assert (found.state, found.start_at, found.due_at) == ("running", at(12), at(13))
    assert one(promise, log.as_of(13.5)).missed_at == at(13)


def test_the_newest_needs_no_answer_about_the_older() -> None:
    promise = promise_of(("P1", hours(1)), ("P2", BestEffort()), measure="next_response")
    log = reported(9, priority="P2")
    log.add("supplier_contact", 9.5)
    log.add("customer_contact", 10)
    assert Clock(promise, Fields(), ALWAYS).newest(log.as_of(11)) is None
    assert Clock(promise, Fields(), ALWAYS).newest(log.as_of(9.6)) is None


def test_the_hours_are_those_of_the_rule() -> None:
    promise = promise_of(Rule("3.1", hours(1), calendar="office"))
    found = one(promise, reported(8).as_of(9.5))
    assert (found.due_at, found.spent) == (at(10), hours(0.5))
    assert found.limits == (Limit(at(8), hours(1), OFFICE),)
