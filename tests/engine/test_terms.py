"""Which rule wins, and what a contract leaves open or says twice (SEMANTICS C3)."""

from datetime import date
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.terms import FIELDS as FIELDS_OF_A_REPORT
from afspraak.engine.terms import (
    MEASURES,
    BestEffort,
    Case,
    Consequence,
    EarnBack,
    Fields,
    Measure,
    OpenTerm,
    Promise,
    Recurring,
    Rule,
    Share,
    Terms,
    beats,
    conflicts,
    governing_rule,
    winners,
)
from afspraak.engine.time import HOUR, Refusal, ServiceTime

TARGET = ServiceTime(HOUR)
DAY_ONE = date(2026, 3, 1)
# Two values everywhere, so that conditions imply each other exactly where their cases do.
LEVEL_OF = {"mail": "gold", "desk": "gold", "print": "bronze", "scan": "bronze"}
FIELDS = Fields(
    {
        "service": ("mail", "desk", "print", "scan"),
        "level": ("gold", "bronze"),
        "priority": ("P1", "P2"),
        "site": ("shop", "bakery"),
    },
    LEVEL_OF,
)
ALL = list(FIELDS.cases())


def drawn_rules(seed: int) -> list[Rule]:
    random = Random(seed)
    names = "abcde"[: random.randrange(6)]
    return [
        Rule(
            name,
            TARGET,
            drawn_when(random),
            name,
            tuple(random.sample(names, random.random() < 0.3)),
        )
        for name in names
    ]


def drawn_when(random: Random) -> dict[str, str]:
    """Up to all fields, none that contradict each other."""
    case = random.choice(ALL)
    return {name: value for name, value in case.items() if random.random() < 0.4}


rule_lists = st.integers(0, 10**6).map(drawn_rules)


def named(**when: str) -> Rule:
    return Rule("-".join(when.values()) or "all", TARGET, when, "-".join(when.values()) or "all")


def holds(rule: Rule, case: Case) -> bool:
    return all(case.get(name) == value for name, value in rule.when.items())


def judged(rules: list[Rule], case: Case) -> set[str]:
    """Who wins, from the cases in which each rule holds rather than from the conditions."""
    where = {
        rule.clause: {number for number, each in enumerate(ALL) if holds(rule, each)}
        for rule in rules
    }
    matching = [rule for rule in rules if holds(rule, case)]

    def loses(rule: Rule, other: Rule) -> bool:
        if other.clause in rule.exception_to or rule.clause in other.exception_to:
            mutual = other.clause in rule.exception_to and rule.clause in other.exception_to
            return rule.clause in other.exception_to and not mutual
        return where[other.clause] < where[rule.clause]

    unbeaten = {
        rule.clause
        for rule in matching
        if not any(loses(rule, other) for other in matching if other is not rule)
    }
    return unbeaten or {rule.clause for rule in matching}


@given(rule_lists, st.sampled_from(ALL))
def test_the_more_specific_rule_wins(rules: list[Rule], case: Case) -> None:
    assert {rule.clause for rule in winners(FIELDS, rules, case)} == judged(rules, case)


@given(rule_lists, st.sampled_from(ALL))
def test_one_winner_governs_and_anything_else_is_refused(rules: list[Rule], case: Case) -> None:
    best = winners(FIELDS, rules, case)
    assert all(holds(rule, case) for rule in best)
    if len(best) == 1:
        assert governing_rule(FIELDS, rules, case) is best[0]
        return
    with pytest.raises(Refusal) as refusal:
        governing_rule(FIELDS, rules, case)
    for rule in best:
        assert rule.clause in str(refusal.value)
    for value in case.values():
        assert value in str(refusal.value)


@given(rule_lists)
def test_every_tie_and_gap_is_found_at_checking_time(rules: list[Rule]) -> None:
    found = list(conflicts(FIELDS, rules))
    for conflict in found:
        assert len(conflict.rules) != 1
        assert winners(FIELDS, rules, conflict.case) == list(conflict.rules)
    kinds = {tuple(sorted(rule.clause for rule in conflict.rules)) for conflict in found}
    wrong = [case for case in ALL if len(winners(FIELDS, rules, case)) != 1]
    expected = {tuple(sorted(r.clause for r in winners(FIELDS, rules, case))) for case in wrong}
    assert kinds == expected
    assert len(found) == len(expected)


@given(rule_lists)
def test_no_two_rules_beat_each_other(rules: list[Rule]) -> None:
    for one, other in combinations(rules, 2):
        assert not (beats(FIELDS, one, other) and beats(FIELDS, other, one))


def test_every_combination_that_can_occur() -> None:
    assert len(ALL) == 4 * 2 * 2
    assert {"service": "mail", "level": "gold", "priority": "P1", "site": "shop"} in ALL
    assert all(case["level"] == LEVEL_OF[case["service"]] for case in ALL)
    assert list(Fields().cases()) == [{}]
    assert len(list(Fields({"level": ("gold", "bronze"), "kind": ()}).cases())) == 2


def test_a_service_implies_its_level_whatever_the_report_says() -> None:
    assert FIELDS.complete({"service": "mail", "level": "bronze"}) == {
        "service": "mail",
        "level": "gold",
    }
    assert FIELDS.complete({"level": "bronze"}) == {"level": "bronze"}
    assert FIELDS.complete({"service": "unknown"}) == {"service": "unknown"}
    assert FIELDS.implies({"service": "mail"}, {"level": "gold"})
    assert not FIELDS.implies({"level": "gold"}, {"service": "mail"})
    assert FIELDS.implies({"priority": "P1"}, {})


def test_the_messages() -> None:
    rules = [named(priority="P1"), named(service="mail")]
    with pytest.raises(Refusal, match=r"no target was promised for priority P2: .* no service$"):
        governing_rule(FIELDS, rules, {"priority": "P2"})
    with pytest.raises(Refusal, match=r"no target was promised for service print, priority P2$"):
        governing_rule(FIELDS, rules, {"service": "print", "priority": "P2"})
    with pytest.raises(
        Refusal, match=r"for a report that states no priority: .* no priority and no service"
    ):
        governing_rule(FIELDS, rules, {})
    with pytest.raises(
        Refusal, match=r"P1 \(P1\) and mail \(mail\) both hold for service mail, priority P1: mark"
    ):
        governing_rule(FIELDS, rules, {"service": "mail", "priority": "P1"})
    assert governing_rule(FIELDS, rules, {"service": "print", "priority": "P1"}) is rules[0]


def test_what_can_be_promised_and_what_conditions_are_made_of() -> None:
    assert set(MEASURES) == set(get_args(Measure))
    assert FIELDS_OF_A_REPORT == ("service", "level", "priority", "kind", "site")


def test_rules_without_a_name_are_told_by_their_clauses() -> None:
    rules = [Rule("3.1", TARGET, {"priority": "P1"}), Rule("3.2", TARGET, {"site": "shop"})]
    with pytest.raises(Refusal, match=r"^3\.1 and 3\.2 both hold for priority P1, site shop: mark"):
        governing_rule(FIELDS, rules, {"priority": "P1", "site": "shop"})


def test_a_report_need_not_state_the_level_that_its_service_implies() -> None:
    with pytest.raises(Refusal, match=r"^no target was promised for service print$"):
        governing_rule(FIELDS, [named(level="gold")], {"service": "print"})
    with pytest.raises(Refusal, match=r"^no target was promised for priority P1: .* no service$"):
        governing_rule(FIELDS, [named(level="gold", service="mail")], {"priority": "P1"})


def test_an_exception_wins_and_says_so_by_name() -> None:
    general, special = named(), named(priority="P1")
    assert beats(FIELDS, special, general)
    assert not beats(FIELDS, general, special)
    exception = Rule("night", BestEffort(), {"site": "shop"}, "night", ("P1",))
    assert beats(FIELDS, exception, special)
    assert not beats(FIELDS, special, exception)
    assert not beats(FIELDS, Rule("x", TARGET), Rule("y", TARGET, {}, "", ("",)))
    assert not beats(FIELDS, Rule("y", TARGET, {}, "", ("",)), Rule("x", TARGET))
    assert winners(FIELDS, [general, special, exception], {"priority": "P1", "site": "shop"}) == [
        exception
    ]


def test_what_a_contract_means_where_it_says_nothing() -> None:
    share = Share(Fraction(95, 100), "month")
    assert share.by == "promise"
    promise = Promise("3.1", "resolution", (), "office")
    assert (promise.promisor, promise.beneficiary) == ("supplier", "customer")
    assert (promise.reopen, promise.armed_by) == ("continue", "contact")
    assert (promise.acceptance, promise.pauses, promise.share) == (None, frozenset(), None)
    assert Recurring("5.1", "supplier", "report", DAY_ONE, None).evidence == "upload"
    open_term = OpenTerm("3.2", "3.1", DAY_ONE, None)
    assert (open_term.wish, open_term.bounds) == ("", None)
    assert (open_term.quantile, open_term.confidence) == (Fraction(9, 10), Fraction(95, 100))
    assert EarnBack(3).part == 1
    credit = Consequence("6.1", "credit", "3.1", "fee_of_service", "month")
    assert (credit.rounding, credit.bearer) == ("half_up", "supplier")
    assert (credit.always, credit.beside_damages, credit.notice_of_default) == (True, True, False)


def test_what_a_version_means_where_it_says_nothing() -> None:
    """C1: it governs no ticket already open, and none reported before its last signature."""
    terms = Terms("a", 1, "UTC", "EUR", DAY_ONE, DAY_ONE, FIELDS, {}, ())
    assert (terms.version, terms.version_from_on) == ("1", None)
    assert (terms.open_tickets, terms.signed_late, terms.periods_from_start) == (False,) * 3
    assert (dict(terms.priority_of), dict(terms.monthly_fees), dict(terms.numbers)) == ({}, {}, {})
