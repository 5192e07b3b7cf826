"""Which targets bound a clock, as reclassifications go by (SEMANTICS C3, K7, K11)."""

from datetime import date

import pytest
from tickets import ALWAYS, OFFICE, Log, assess, at, hours, hours_of, one, promise_of, reported

from afspraak.engine.clock import Clock
from afspraak.engine.limits import Choice
from afspraak.engine.running import Limit
from afspraak.engine.terms import BestEffort, Fields, Open, Promise, Rule, Trial
from afspraak.engine.time import HOUR, Refusal, ServiceTime, WorkingDays

BY_PRIORITY = promise_of(("P1", hours(2)), ("P2", hours(4)), ("P3", hours(8)))


# The rule and its hours ---------------------------------------------------------------------------


def test_a_value_that_the_contract_does_not_know_is_refused_with_those_that_it_knows() -> None:
    known = Fields({"priority": ("P1", "P2", "P3"), "site": ()})
    choice = Choice(BY_PRIORITY, known, ALWAYS, {})
    assert choice.rule({"priority": "P2", "site": "Ghent"}).target == hours(4)
    with pytest.raises(Refusal, match=r"^the contract knows no priority P9: it has P1, P2, P3$"):
        choice.rule({"priority": "P9"})


def test_a_rule_is_looked_up_once_for_each_case() -> None:
    choice = Choice(BY_PRIORITY, Fields(), ALWAYS, {})
    first = choice.rule({"priority": "P1"})
    choice.promise = promise_of(hours(1))
    assert choice.rule({"priority": "P1"}) is first
    assert choice.rule({"priority": "P2"}).target == hours(1)


def test_a_rule_may_count_in_hours_of_its_own() -> None:
    own = Rule("3.1", hours(4), {"priority": "P1"}, calendar="office")
    promise = promise_of(own, ("P2", hours(4)))
    choice = Choice(promise, Fields(), ALWAYS, {"office": OFFICE})
    assert choice.hours(own) is OFFICE
    assert choice.hours(promise.rules[1]) is ALWAYS
    assert choice.limit(own, at(15), at(9)) == Limit(at(15), hours(4), OFFICE)
    assert one(promise, reported(15, priority="P1").as_of(16)).due_at == at(24 + 11)
    assert one(promise, reported(15, priority="P2").as_of(16)).due_at == at(19)


def test_a_calendar_that_is_missing_is_refused_with_its_clause() -> None:
    choice = Choice(BY_PRIORITY, Fields(), ALWAYS, {})
    with pytest.raises(Refusal, match=r"^clause 3\.1: there is no calendar night$"):
        choice.hours(Rule("3.1", hours(1), calendar="night"))


def test_a_change_of_calendar_with_the_same_target_is_a_change() -> None:
    own = Rule("3.1", hours(4), {"priority": "P1"}, calendar="office")
    log = reported(15, priority="P1")
    log.add("reclassified", 15.5, cause="misjudged", fields={"priority": "P2"})
    found = one(promise_of(own, ("P2", hours(4))), log.as_of(16))
    assert found.due_at == at(19)
    assert found.rule == Rule("3.1", hours(4), {"priority": "P2"})


# Open terms and best effort (K11) -----------------------------------------------------------------


def test_an_open_term_measures() -> None:
    log = reported()
    log.add("question", 10, to="customer", id="q")
    found = one(promise_of(Open("t"), pauses=frozenset(("customer",))), log.as_of(12))
    assert (found.state, found.spent) == ("measuring", hours(1))
    assert (found.due_at, found.missed_at, found.remaining, found.limits) == (None, None, None, ())
    assert not found.on_trial
    log.add("solved", 13)
    found = one(promise_of(Open("t")), log.as_of(14))
    assert (found.state, found.satisfied_at, found.spent) == ("measuring", at(13), hours(4))


def test_an_open_term_measures_in_the_hours_of_its_rule() -> None:
    promise = promise_of(Rule("3.1", Open("t"), calendar="office"))
    assert one(promise, reported(8).as_of(12)).spent == hours(3)


@pytest.mark.parametrize(
    ("from_on", "until_on", "state"),
    [
        (2, 3, "running"),
        (1, 3, "running"),
        (3, 4, "measuring"),
        (1, 2, "measuring"),
        (2, 2, "measuring"),
    ],
)
def test_a_trial_value_runs_on_its_dates_only(from_on: int, until_on: int, state: str) -> None:
    trial = Trial(date(2026, 3, from_on), date(2026, 3, until_on), hours(2))
    found = one(promise_of(Open("t", trial)), reported().as_of(10))
    assert found.state == state
    assert found.on_trial == (state == "running")
    assert found.due_at == (at(11) if state == "running" else None)


def test_a_trials_dates_are_those_of_the_calendars_zone() -> None:
    trial = Trial(date(2026, 3, 3), date(2026, 3, 4), hours(2))
    kathmandu = hours_of("kathmandu", 0, 24, "Asia/Kathmandu")
    clock = Clock(promise_of(Open("t", trial)), Fields(), kathmandu)
    assert clock.newest(reported(18.25).as_of(19)).on_trial  # there it is the third, 00:00
    assert not clock.newest(reported(18.2).as_of(19)).on_trial


def test_a_trial_without_a_value_only_measures() -> None:
    trial = Trial(date(2026, 3, 1), date(2026, 4, 1), None)
    assert one(promise_of(Open("t", trial)), reported().as_of(10)).state == "measuring"


def test_best_effort_has_no_clock() -> None:
    assert assess(promise_of(BestEffort()), reported().as_of(10)) == ()


def changed(
    promise: Promise, to: str, *, agreed: bool = False, cause: str = "misjudged", clock: float = 10
) -> Log:
    log = reported(priority="P1")
    log.add("reclassified", clock, cause=cause, agreed=agreed, id="r", fields={"priority": to})
    return log


@pytest.mark.parametrize("cause", ["misjudged", "new_facts"])
def test_from_an_open_term_to_a_target_is_stricter(cause: str) -> None:
    promise = promise_of(("P1", Open("t")), ("P2", hours(4)))
    found = one(promise, changed(promise, "P2", cause=cause).as_of(11))
    assert found.due_at == (at(13) if cause == "misjudged" else at(14))
    assert not found.on_trial


@pytest.mark.parametrize("target", [Open("t"), BestEffort()])
def test_from_a_target_to_none_needs_the_customer(target: Open | BestEffort) -> None:
    promise = promise_of(("P1", hours(4)), ("P2", target))
    assert one(promise, changed(promise, "P2").as_of(11)).due_at == at(13)
    agreed = assess(promise, changed(promise, "P2", agreed=True).as_of(11))
    assert [each.state for each in agreed] == (["measuring"] if target == Open("t") else [])


def test_a_trial_is_a_target_to_compare_with() -> None:
    trial = Trial(date(2026, 3, 1), date(2026, 4, 1), hours(6))
    promise = promise_of(("P1", hours(4)), ("P2", Open("t", trial)))
    assert one(promise, changed(promise, "P2").as_of(11)).due_at == at(13)
    found = one(promise, changed(promise, "P2", agreed=True).as_of(11))
    assert (found.due_at, found.on_trial) == (at(15), True)


# Reclassification (K7) ----------------------------------------------------------------------------


def test_the_customers_consent_comes_later() -> None:
    log = changed(BY_PRIORITY, "P3")
    log.add("confirmed", 10.5, of="r")
    assert one(BY_PRIORITY, log.as_of(10.4)).due_at == at(11)
    found = one(BY_PRIORITY, log.as_of(10.6))
    assert (found.due_at, found.limits) == (at(17), (Limit(at(9), hours(8), ALWAYS),))
    assert found.rule == BY_PRIORITY.rules[2]


def test_consent_to_another_change_is_none() -> None:
    log = changed(BY_PRIORITY, "P3")
    log.add("confirmed", 10.5, of="another")
    assert one(BY_PRIORITY, log.as_of(10.6)).due_at == at(11)


def test_a_change_exactly_when_due_comes_in_time() -> None:
    late = changed(BY_PRIORITY, "P3", agreed=True, clock=11)
    assert one(BY_PRIORITY, late.as_of(12)).due_at == at(17)


def test_a_change_after_the_miss_changes_nothing() -> None:
    log = changed(BY_PRIORITY, "P3", agreed=True, clock=11.001)
    assert one(BY_PRIORITY, log.as_of(12)).missed_at == at(11)


def test_an_upgrade_on_new_facts_stands_beside_the_old_target() -> None:
    log = reported(priority="P3")
    log.add("reclassified", 10, cause="new_facts", fields={"priority": "P2"})
    found = one(BY_PRIORITY, log.as_of(11))
    both = (Limit(at(9), hours(8), ALWAYS), Limit(at(10), hours(4), ALWAYS))
    assert (found.due_at, found.limits, found.spent) == (at(14), both, hours(2))
    assert found.remaining == hours(3)


def test_the_old_target_leads_where_the_new_one_falls_due_with_it() -> None:
    log = reported(priority="P3")
    log.add("reclassified", 13, cause="new_facts", fields={"priority": "P2"})
    found = one(BY_PRIORITY, log.as_of(14))
    assert (found.due_at, found.spent, found.remaining) == (at(17), hours(5), hours(3))


@pytest.mark.parametrize("measure", ["first_response", "diagnosis", "resolution"])
def test_right_after_the_report_the_clock_runs_already(measure: str) -> None:
    promise = promise_of(*BY_PRIORITY.rules, measure=measure)
    log = reported(priority="P3")
    log.add("reclassified", 10, cause="new_facts", fields={"priority": "P2"})
    assert one(promise, log.as_of(11)).due_at == at(14)


def test_an_equal_target_leaves_the_limits_as_they_are() -> None:
    promise = promise_of(("P1", hours(2)), ("P2", hours(2)), ("P3", hours(8)))
    log = reported(priority="P3")
    log.add("reclassified", 10, cause="new_facts", fields={"priority": "P1"})
    log.add("reclassified", 10.5, cause="misjudged", agreed=True, fields={"priority": "P2"})
    found = one(promise, log.as_of(11))
    assert found.due_at == at(12)
    assert found.rule == promise.rules[1]


def test_an_equal_target_needs_nobodys_consent() -> None:
    promise = promise_of(("P1", hours(2)), ("P2", hours(2)), ("P3", hours(8)))
    log = reported(priority="P1")
    log.add("reclassified", 9.5, cause="misjudged", fields={"priority": "P2"})
    assert one(promise, log.as_of(10)).rule == promise.rules[1]


def test_a_downgrade_by_a_microsecond_is_one() -> None:
    promise = promise_of(("P1", hours(2)), ("P2", ServiceTime(2 * HOUR + 1)))
    assert one(promise, changed(promise, "P2").as_of(10)).rule == promise.rules[0]
    agreed = one(promise, changed(promise, "P2", agreed=True).as_of(10))
    assert (agreed.rule, agreed.due_at) == (promise.rules[1], at(11) + 1)


def test_targets_that_fall_due_together_are_no_change() -> None:
    """Eight hours of the office's day are over when eight hours are."""
    own = Rule("3.1", hours(8), {"priority": "P2"}, calendar="office")
    promise = promise_of(("P1", hours(8)), own)
    found = one(promise, changed(promise, "P2").as_of(11))
    assert (found.due_at, found.rule) == (at(17), promise.rules[0])
    assert found.limits == (Limit(at(9), hours(8), ALWAYS),)


def test_a_frozen_clock_leads_as_if_it_ran_on() -> None:
    """An answered question before stays as long as it was."""
    log = reported(priority="P3")
    log.add("question", 9.5, to="customer", id="one")
    log.add("answer", 10, of="one", by="customer")
    log.add("reclassified", 10, cause="new_facts", fields={"priority": "P2"})
    log.add("question", 11, to="customer", id="two")
    promise = promise_of(*BY_PRIORITY.rules, pauses=frozenset(("customer",)))
    found = one(promise, log.as_of(15))
    assert (found.state, found.due_at) == ("paused", None)
    assert (found.spent, found.remaining) == (hours(1.5), hours(3))


def test_of_a_frozen_clocks_limits_the_one_that_would_be_due_first_leads() -> None:
    """At 15:00 three of the old five hours are left, and three and a half of the new four."""
    promise = promise_of(("P1", hours(5)), ("P2", hours(4)), pauses=frozenset(("customer",)))
    log = reported(9, priority="P1")
    log.add("question", 9.5, to="customer", id="one")
    log.add("answer", 10, of="one", by="customer")
    log.add("reclassified", 11, cause="new_facts", fields={"priority": "P2"})
    log.add("question", 11.5, to="customer", id="two")
    found = one(promise, log.as_of(15))
    assert (found.state, found.spent, found.remaining) == ("paused", hours(2), hours(3))


def test_working_days_that_remain_of_a_later_target() -> None:
    promise = promise_of(("P1", WorkingDays(5)), ("P2", WorkingDays(1)))
    log = changed(promise, "P2", cause="new_facts", clock=30)
    found = one(promise, log.as_of(31))
    assert (found.due_at, found.spent, found.remaining) == (at(72), WorkingDays(0), WorkingDays(2))


def test_a_changed_field_stays_changed() -> None:
    promise = promise_of(
        Rule("3.1", hours(8)),
        Rule("3.2", hours(4), {"priority": "P1"}),
        Rule("3.3", hours(2), {"priority": "P1", "site": "Ghent"}),
    )
    log = reported()
    log.add("reclassified", 9.1, cause="misjudged", fields={"priority": "P1"})
    log.add("reclassified", 9.2, cause="misjudged", fields={"site": "Ghent"})
    assert one(promise, log.as_of(9.3)).due_at == at(11)


def test_a_later_change_takes_the_place_of_one_that_waits() -> None:
    log = reported(priority="P1")
    log.add("reclassified", 9.25, cause="misjudged", id="one", fields={"priority": "P3"})
    log.add("reclassified", 9.5, cause="misjudged", id="two", fields={"priority": "P2"})
    log.add("confirmed", 9.75, of="one")
    assert one(BY_PRIORITY, log.as_of(9.8)).due_at == at(11)
    log.add("confirmed", 9.8, of="two")
    assert one(BY_PRIORITY, log.as_of(9.9)).due_at == at(13)


@pytest.mark.parametrize(("by", "due"), [("supplier", 11), ("third_party", 11), ("customer", 17)])
def test_only_the_customer_agrees(by: str, due: float) -> None:
    log = changed(BY_PRIORITY, "P3")
    log.add("confirmed", 10.5, of="r", by=by)
    assert one(BY_PRIORITY, log.as_of(10.6)).due_at == at(due)


def test_consent_at_the_very_due_instant_is_in_time() -> None:
    log = changed(BY_PRIORITY, "P3")
    log.add("confirmed", 11, of="r")
    assert one(BY_PRIORITY, log.as_of(12)).due_at == at(17)
    log = changed(BY_PRIORITY, "P3")
    log.add("confirmed", 11.001, of="r")
    assert one(BY_PRIORITY, log.as_of(12)).missed_at == at(11)


def test_a_change_while_a_solution_stood_never_counts() -> None:
    log = reported(priority="P3")
    log.add("solved", 10)
    log.add("reclassified", 11, cause="misjudged", fields={"priority": "P1"})
    log.add("rejected", 12)
    assert one(BY_PRIORITY, log.as_of(13)).remaining == hours(6)


def test_a_change_at_the_instant_of_the_solution_counts_by_its_order() -> None:
    before, after = reported(priority="P3"), reported(priority="P3")
    before.add("reclassified", 10, cause="misjudged", fields={"priority": "P1"})
    before.add("solved", 10)
    after.add("solved", 10)
    after.add("reclassified", 10, cause="misjudged", fields={"priority": "P1"})
    assert one(BY_PRIORITY, before.as_of(11)).due_at == at(11)
    assert one(BY_PRIORITY, after.as_of(11)).due_at == at(17)
