"""Targets as reclassifications go by, with calendars of their own, and on trial (C3, K7, K11)."""

from datetime import date

import pytest

from afspraak.engine.clock import Clock
from afspraak.engine.facts import Fact, settle
from afspraak.engine.hours import Calendar, Interval, lay_out
from afspraak.engine.terms import Fields, Open, Promise, Rule, Trial
from afspraak.engine.time import HOUR, Refusal, ServiceTime, start_of_date, zone_of

COVER = (date(2026, 1, 1), date(2027, 1, 1))
DAY = (Interval(540, 1020),)
OFFICE = lay_out(Calendar("office", "UTC", (DAY,) * 5 + ((), ()), frozenset(), {}, COVER))
ALWAYS = lay_out(Calendar("always", "UTC", ((Interval(0, 1440),),) * 7, frozenset(), {}, COVER))
FIELDS = Fields({"priority": ("P1", "P2", "P3")})
RULES = tuple(
    Rule("3.2", ServiceTime(hours * HOUR), {"priority": priority})
    for priority, hours in (("P1", 1), ("P2", 4), ("P3", 16))
)


def at(hour: float, on: int = 2) -> int:
    """An hour of a date in March 2026; the 2nd is a Monday."""
    return start_of_date(zone_of("UTC"), date(2026, 3, on)) + int(hour * HOUR)


def fact(code: str, hour: float, position: int, **more: object) -> Fact:
    return Fact(code, at(hour), at(hour), position, **more)


def reported(priority: str) -> Fact:
    return fact("reported", 9, 0, fields={"priority": priority})


def changed(hour: float, position: int, priority: str, **more: object) -> Fact:
    return fact(
        "reclassified",
        hour,
        position,
        **{"cause": "new_facts", "fields": {"priority": priority}, **more},
    )


def judged(log: list[Fact], hour: float, rules: tuple[Rule, ...] = RULES):
    promise = Promise("3.2", "resolution", rules, "office")
    (found,) = Clock(promise, FIELDS, OFFICE, {"always": ALWAYS}).assess(settle(log, at(hour)))
    return found


def test_a_rule_may_count_in_a_calendar_of_its_own():
    own = Rule("3.2", ServiceTime(4 * HOUR), {"priority": "P1"}, calendar="always")
    log = [fact("reported", 16, 0, fields={"priority": "P1"})]
    assert judged(log, 16, (own, *RULES[1:])).due_at == at(20)
    assert judged([reported("P2")], 9).due_at == at(13)


def test_a_calendar_that_is_missing_is_named():
    own = Rule("3.2", ServiceTime(HOUR), {"priority": "P1"}, calendar="nights")
    with pytest.raises(Refusal, match=r"clause 3\.2: there is no calendar nights"):
        judged([reported("P1")], 9, (own, *RULES[1:]))


def test_a_value_that_the_contract_does_not_know_is_named_with_those_it_knows():
    general = Rule("3.2", ServiceTime(HOUR))
    with pytest.raises(Refusal, match=r"no priority P9: it has P1, P2, P3$"):
        judged([reported("P9")], 9, (general,))


def test_a_downgrade_counts_once_the_customer_agrees():
    log = [reported("P2"), changed(10, 1, "P3", id="r1")]
    assert judged(log, 11).due_at == at(13)
    agreed = [*log, fact("confirmed", 12, 2, of="r1")]
    assert judged(agreed, 12).due_at == at(17, on=3)
    named = [*log, fact("confirmed", 12, 2, of="r1", by="customer")]
    assert judged(named, 12).due_at == at(17, on=3)


@pytest.mark.parametrize("party", ["supplier", "third_party"])
def test_only_the_customer_agrees(party):
    log = [
        reported("P2"),
        changed(10, 1, "P3", id="r1"),
        fact("confirmed", 12, 2, of="r1", by=party),
    ]
    assert judged(log, 12.5).due_at == at(13)


def test_consent_to_another_change_is_none_to_this_one():
    log = [reported("P2"), changed(10, 1, "P3", id="r1"), fact("confirmed", 12, 2, of="r7")]
    assert judged(log, 12.5).due_at == at(13)


def test_a_later_change_takes_the_place_of_one_that_waits():
    log = [
        reported("P1"),
        changed(9.25, 1, "P3", id="r1"),
        changed(9.5, 2, "P2", id="r2"),
        fact("confirmed", 9.75, 3, of="r1"),
    ]
    assert judged(log, 9.75).due_at == at(10)
    assert judged([*log, fact("confirmed", 9.8, 4, of="r2")], 9.9).due_at == at(13)


def test_consent_at_the_very_due_instant_is_in_time_and_later_is_not():
    log = [reported("P2"), changed(10, 1, "P3", id="r1")]
    assert judged([*log, fact("confirmed", 13, 2, of="r1")], 14).state == "running"
    late = judged([*log, fact("confirmed", 13.01, 2, of="r1")], 14)
    assert (late.state, late.missed_at) == ("missed", at(13))


def test_a_change_to_an_equal_target_changes_nothing():
    rules = (*RULES[:2], Rule("3.2", ServiceTime(4 * HOUR), {"priority": "P3"}))
    log = [reported("P2"), changed(10, 1, "P3")]
    assert judged(log, 11, rules).due_at == at(13)


def test_a_change_while_a_solution_stood_never_counts():
    log = [
        reported("P3"),
        fact("solved", 10, 1),
        changed(11, 2, "P1", cause="misjudged"),
        fact("rejected", 12, 3),
    ]
    assert judged(log, 13).remaining == ServiceTime(14 * HOUR)


def test_a_change_at_the_instant_of_the_solution_counts_by_its_order():
    before = [reported("P3"), changed(10, 1, "P1", cause="misjudged"), fact("solved", 10, 2)]
    after = [reported("P3"), fact("solved", 10, 1), changed(10, 2, "P1", cause="misjudged")]
    assert judged(before, 11).due_at == at(10)
    assert judged(after, 11).due_at == at(17, on=3)


@pytest.mark.parametrize(("on", "state"), [(1, "measuring"), (2, "running"), (3, "measuring")])
def test_a_trial_value_runs_within_its_dates_alone(on, state):
    trial = Trial(date(2026, 3, 2), date(2026, 3, 3), ServiceTime(4 * HOUR))
    rule = Rule("3.2", Open("open", trial))
    log = [Fact("reported", at(9, on), at(9, on), 0)]
    found = judged(log, 9 + 24 * (on - 2), (rule,))
    assert (found.state, found.on_trial) == (state, state == "running")
