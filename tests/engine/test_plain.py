"""Plain tickets judged in one pass: the same as the whole law says, verdict and reasons (K2-K6)."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

import pytest
from differential import ask
from engine_judge import answer, kept
from hypothesis import given
from hypothesis import strategies as st
from random_cases import random_case
from tickets import ALWAYS, OFFICE, Log, at, hours, promise_of, reported

from afspraak.cli.conformance_clocks import promise_of as promise_in
from afspraak.cli.conformance_facts import log_of
from afspraak.engine.clock import Clock
from afspraak.engine.facts import LATE_AFTER, Fact, Ticket, settle
from afspraak.engine.hours import Hours
from afspraak.engine.plain import Plain, Verdict
from afspraak.engine.terms import BestEffort, Fields, Measure, Promise
from afspraak.engine.time import Refusal, WorkingDays, parse_instant

SEEDS = st.integers(0, 2**64 - 1)
ONCE = ("first_response", "diagnosis", "resolution")
PARTIES = ("customer", "third_party")
PAUSED = promise_of(hours(4), pauses=frozenset(PARTIES))


def said(question: Callable[[], object]) -> object:
    """The answer, or the words of a refusal."""
    try:
        return question()
    except Refusal as refusal:
        return str(refusal)


def told(clock: Clock, ticket: Ticket) -> object:
    """What the whole law says, without its reasons."""
    return tuple(
        Verdict(
            each.state, each.start_at, each.end_at, each.due_at, each.satisfied_at, each.missed_at
        )
        for each in clock.assess_in_full(ticket)
    )


def must_be_the_law(clock: Clock, log: Sequence[Fact], until: int) -> None:
    ticket = settle(log, until)
    assert said(lambda: clock.verdicts_of(log, until)) == said(lambda: told(clock, ticket))
    assert said(lambda: clock.assess(ticket)) == said(lambda: clock.assess_in_full(ticket))
    assert said(lambda: clock.verdicts(ticket)) == said(lambda: told(clock, ticket))


@pytest.mark.parametrize("about", ONCE)
@given(seed=SEEDS)
def test_it_is_the_law_on_the_judges_cases(about: str, seed: int) -> None:
    case, calendars = random_case(random.Random(seed), about=about, variety=8)
    log, until = list(log_of(case["facts"])), parse_instant(case["as_of"])
    promise = promise_in(case["promise"])

    def asked(known: Hours) -> object:
        must_be_the_law(Clock(promise, Fields(), known), log, until)
        raise Refusal("asked")

    with pytest.raises(Refusal, match="asked"):
        kept(calendars).asked("hours", until, asked)


STEPS = (
    ("question", "customer"),
    ("question", "third_party"),
    ("answer", "customer"),
    ("answer", "third_party"),
    ("supplier_contact", ""),
    ("customer_contact", ""),
    ("diagnosis", ""),
    ("acknowledged", ""),
    ("accepted", ""),
    ("solved", ""),
)


def drawn(rng: random.Random) -> tuple[Promise, Log, float]:
    """A ticket of questions and answers, some with the same names or none, at the same instants or
    in disorder; and a promise that some of them freeze.
    """
    log, clock = reported(9), 9.0
    for _ in range(rng.randrange(9)):
        code, party = rng.choice(STEPS)
        clock += rng.choice((0, 0.25, 1, 3, 7))
        name = rng.choice(("", "a", "b")) if code == "question" else ""
        more = {"id": name, "to": party} if code == "question" else {}
        more = {"of": rng.choice(("a", "b")), "by": party} if code == "answer" else more
        log.add(code, clock - rng.choice((0, 0, 0, 2)), clock, **more)
    promise = promise_of(
        rng.choice((hours(0), hours(2), hours(6), WorkingDays(1), BestEffort())),
        measure=rng.choice(ONCE),
        pauses=frozenset(rng.sample(PARTIES, rng.randrange(3))),
    )
    return promise, log, clock + rng.choice((-3, 0, 5, 900))


@given(seed=SEEDS)
def test_it_is_the_law_on_questions_of_every_kind(seed: int) -> None:
    promise, log, until = drawn(random.Random(seed))
    clock = Clock(promise, Fields(), ALWAYS)
    must_be_the_law(clock, log, at(until))
    must_be_the_law(clock, [replace(fact, source_id=fact.code) for fact in log], at(until))


@given(seed=SEEDS)
def test_the_slow_judge_agrees(seed: int) -> None:
    """The lane alone against the second-by-second count, where it judges at all."""
    case, calendars = random_case(random.Random(seed), about="resolution", variety=8)
    ticket = settle(log_of(case["facts"]), parse_instant(case["as_of"]))
    expected = ask(answer, case, calendars)

    def asked(known: Hours) -> Verdict | None:
        if not ticket.plain:
            return None
        clock = Clock(promise_in(case["promise"]), Fields(), known)
        return Plain(clock.choice).verdict(ticket.facts, ticket.as_of, ticket.as_of)

    found = said(lambda: kept(calendars).asked("hours", ticket.as_of, asked))
    if isinstance(found, Verdict) and isinstance(expected, dict):
        assert (found.state, found.due_at) == (expected["state"], expected["due_at"])


# What is plain ------------------------------------------------------------------------------------


def plainly(promise: Promise, log: Log, until: float = 20) -> Verdict | None:
    clock = Clock(promise, Fields(), ALWAYS)
    must_be_the_law(clock, log, at(until))
    plain, ticket = Plain(clock.choice), log.as_of(until)
    found = plain.verdict(ticket.facts, ticket.as_of, ticket.as_of)
    at_once = plain.verdict(log, at(until), at(until) - LATE_AFTER)
    assert at_once == (found if all(each.step for each in log) else None)
    return found


def test_one_question_at_a_time_is_judged_here() -> None:
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    log.add("answer", 12, of="a", by="customer")
    log.add("question", 13, to="third_party", id="b")
    assert plainly(PAUSED, log) == Verdict("paused", at(9), at(20), None, None, None)
    log.add("answer", 14, of="b", by="third_party")
    assert plainly(PAUSED, log) == Verdict("missed", at(9), at(20), at(16), None, at(16))
    log.add("solved", 16)
    assert plainly(PAUSED, log) == Verdict("met", at(9), at(16), at(16), at(16), None)
    run = Plain(Clock(PAUSED, Fields(), ALWAYS).choice).run(log.as_of(20))
    assert run == ([(log[1], log[2]), (log[3], log[4])], log[5])


@pytest.mark.parametrize("measure", ONCE)
def test_each_clock_that_runs_once_is_judged_here(measure: Measure) -> None:
    promise = promise_of(hours(4), measure=measure)
    running = Verdict("running", at(9), at(10), at(13), None, None)
    assert plainly(promise, reported(9), 10) == running
    log = reported(9)
    log.add("solved", 10)
    assert plainly(promise, log) == Verdict("met", at(9), at(10), at(13), at(10), None)


def test_of_two_facts_at_one_instant_the_first_recorded_is_first() -> None:
    log = reported(9)
    log.add("question", 10, 10.2, to="customer", id="a")
    log.add("answer", 10, 10.1, of="a", by="customer")
    assert Plain(Clock(PAUSED, Fields(), ALWAYS).choice).verdict(log, at(20), at(19)) is None
    must_be_the_law(Clock(PAUSED, Fields(), ALWAYS), log, at(20))


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_the_end_of_the_cover_is_the_laws(beside: int) -> None:
    log, clock = reported(9), Clock(PAUSED, Fields(), ALWAYS)
    must_be_the_law(clock, log, ALWAYS.until_at + beside)
    log.add("question", 10, to="customer", id="a")
    must_be_the_law(clock, log, ALWAYS.until_at + beside)


def test_two_questions_at_a_time_are_not() -> None:
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    log.add("question", 11, to="third_party", id="b")
    assert plainly(PAUSED, log) is None
    assert plainly(replace(PAUSED, pauses=frozenset(["customer"])), log) is not None


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("reclassified", {"cause": "misjudged", "fields": {"priority": "P1"}}),
        ("rejected", {}),
        ("confirmed", {"of": "a"}),
        ("merged", {"reported_at": 0}),
        ("voided", {"why": "spam"}),
    ],
)
def test_what_changes_other_facts_is_not(code: str, more: dict) -> None:
    log = reported(9)
    log.add("solved", 10)
    assert log.as_of(12).plain
    log.add(code, 11, **more)
    assert not log.as_of(12).plain
    assert log.as_of(10.5).plain


def test_a_ticket_that_does_not_begin_with_its_report_is_not() -> None:
    log = Log()
    log.add("supplier_contact", 8)
    assert not log.as_of(10).plain
    log.add("reported", 9)
    assert not log.as_of(10).plain


def test_what_was_recorded_late_stands_where_the_law_put_it() -> None:
    """Settled, the order is told: the rest is plain. The log alone is not."""
    log = reported(9)
    log.add("solved", 10, 14)
    assert not log[1].step
    missed = Verdict("missed", at(9), at(14), at(13), at(14), at(13))
    assert plainly(PAUSED, log) == missed
    assert Clock(PAUSED, Fields(), ALWAYS).verdicts_of(log, at(20)) == (missed,)


def test_a_log_counts_at_once_when_none_of_it_can_be_recorded_later() -> None:
    log = reported(9)
    log.add("solved", 10)
    plain = Plain(Clock(PAUSED, Fields(), ALWAYS).choice)
    met = Verdict("met", at(9), at(10), at(13), at(10), None)
    assert plain.verdict(log, at(10.25), at(10)) == met
    assert plain.verdict(log, at(10.25), at(10) - 1) is None
    assert Clock(PAUSED, Fields(), ALWAYS).verdicts_of(log, at(10.25) - 1) == (met,)


@pytest.mark.parametrize("code", ["supplier_contact", "voided"])
def test_an_unknown_case_is_for_the_whole_law(code: str) -> None:
    """A ticket that was voided is void whatever its report says; any other is refused."""
    log = Log()
    log.add("reported", 9, fields={"priority": "P9"})
    log.add(code, 10, why="spam")
    clock = Clock(PAUSED, Fields({"priority": ("P1",)}), ALWAYS)
    must_be_the_law(clock, log, at(20))
    refused = said(lambda: clock.verdicts_of(log, at(20)))
    assert (refused == (Verdict("void", at(9), at(10), None, None, None),)) == (code == "voided")


def test_equal_fields_are_one_case() -> None:
    def case(**fields: str) -> str:
        return Fact("reported", 1, 1, 0, fields=fields).case

    assert case() not in ("", case(priority="P1"))
    assert Fact("acknowledged", 1, 1, 0, fields={"priority": "P1"}).case == ""
    assert case(priority="P1", site="a") == case(priority="P1", site="a")
    assert case(priority="P1") != case(priority="P2") != case(site="P2")
    assert case(priority="P1, site", site="b") != case(priority="P1", site="site, b")


@pytest.mark.parametrize("second", [{"to": "third_party"}, {"to": "customer"}])
def test_a_wait_moves_the_due_instant_only_if_it_begins_before(second: dict[str, str]) -> None:
    """K6: a question at the due instant changes nothing, and none after it."""
    log = reported(9)
    log.add("question", 13, to="customer", id="a")
    log.add("answer", 15, of="a", by="customer")
    log.add("question", 16, id="b", **second)
    assert plainly(PAUSED, log) == Verdict("missed", at(9), at(20), at(13), None, at(13))
    log.add("solved", 18)
    assert plainly(PAUSED, log) == Verdict("missed", at(9), at(18), at(13), at(18), at(13))


def test_what_follows_the_end_is_only_asked_whether_it_stands() -> None:
    log = reported(9)
    log.add("question", 10, to="customer", id="a")
    log.add("solved", 11)
    log.add("question", 12, to="customer", id="a")
    log.add("solved", 19)
    assert plainly(PAUSED, log, 20) == Verdict("met", at(9), at(11), at(14), at(11), None)


def test_a_fact_that_is_nothing_to_the_clock_may_be_told_at_any_place() -> None:
    """Its order matters to no one; that it counts as it stands does."""
    log = reported(9)
    log.add("solved", 12)
    log.add("diagnosis", 10)
    met = Verdict("met", at(9), at(12), at(13), at(12), None)
    assert Plain(Clock(PAUSED, Fields(), ALWAYS).choice).verdict(log, at(20), at(19)) == met
    must_be_the_law(Clock(PAUSED, Fields(), ALWAYS), log, at(20))


def test_a_second_report_and_one_of_before_the_first_are_for_the_whole_law() -> None:
    for hour in (8, 10):
        log = reported(9)
        log.add("reported", hour)
        plain = Plain(Clock(PAUSED, Fields(), ALWAYS).choice)
        assert plain.verdict(log, at(20), at(19)) is None
        must_be_the_law(Clock(PAUSED, Fields(), ALWAYS), log, at(20))


@pytest.mark.parametrize("log", [[], [Fact("solved", at(10), at(10), 0)]])
def test_no_report_no_clock(log: list[Fact]) -> None:
    clock = Clock(PAUSED, Fields(), ALWAYS)
    assert clock.verdicts(settle(log, at(12))) == clock.verdicts_of(log, at(12)) == ()
    if log:
        must_be_the_law(clock, log, at(20))


WAITS: tuple[tuple[tuple[str, float, dict[str, str]], ...], ...] = (
    (("question", 10, {"id": "a", "to": "customer"}), ("solved", 12, {})),
    (("question", 13, {"id": "a", "to": "customer"}), ("solved", 14, {})),
    (("question", 10, {"id": "a", "to": "customer"}), ("solved", 10, {})),
    (
        ("question", 10, {"id": "a", "to": "customer"}),
        ("answer", 11, {"of": "b", "by": "customer"}),
        ("solved", 12, {}),
    ),
    (
        ("question", 10, {"id": "a", "to": "customer"}),
        ("answer", 11, {"of": "a", "by": "customer"}),
        ("question", 12, {"id": "a", "to": "third_party"}),
        ("solved", 14, {}),
    ),
    (
        ("question", 10, {"id": "a", "to": "customer"}),
        ("answer", 11, {"of": "a", "by": "customer"}),
        ("question", 12, {"id": "a", "to": "customer"}),
        ("solved", 14, {}),
    ),
    (
        ("question", 10, {"id": "a", "to": "customer"}),
        ("question", 11, {"id": "b", "to": "third_party"}),
        ("solved", 12, {}),
    ),
    (("solved", 10, {}), ("question", 11, {"id": "a", "to": "customer"})),
    (("solved", 10, {}), ("rejected", 11, {})),
    (("solved", 10, {}), ("reported", 11, {})),
)


@pytest.mark.parametrize("waits", WAITS)
@pytest.mark.parametrize("later", [0, 0.05, 6.95, 7])
def test_waits_of_each_kind_are_the_laws(
    waits: tuple[tuple[str, float, dict[str, str]], ...], later: float
) -> None:
    """Also where the office closes between two of them, or just as one happens."""
    log = reported(9)
    for code, when, more in waits:
        log.add(code, when + later, **more)
    for known, until in product((ALWAYS, OFFICE), (10.5, 12, 13, 17, 30, 60)):
        must_be_the_law(Clock(PAUSED, Fields(), known), log, at(until))


@pytest.mark.parametrize("when", [16.9, 17, 17.1, 32.9, 33, 33.1])
def test_a_question_beside_an_edge_of_the_office_is_the_laws(when: float) -> None:
    """Reported at 15:00: two hours of four are left at 17:00, and at 9:00 on the next day."""
    log = reported(15)
    log.add("question", when, to="customer", id="a")
    log.add("answer", 35, of="a", by="customer")
    log.add("solved", 36)
    for until in (when, 34, 36, 60):
        must_be_the_law(Clock(PAUSED, Fields(), OFFICE), log, at(until))
