"""The law: the engine against the slow judge, and what must hold of every clock without a judge.

Cases come from random_cases by their number; a disagreement is made small and printed as a case
that tests/cases could hold. The million is `long`.
"""

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from differential import Judge, ask, differs, report, shrink
from engine_judge import answer, kept
from hypothesis import given
from hypothesis import strategies as st
from random_cases import SORTS, case_strategy, random_case

from afspraak.cli.conformance_clocks import promise_of, shown
from afspraak.cli.conformance_facts import log_of
from afspraak.engine.because import spans_of
from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import Fact, Ticket, settle
from afspraak.engine.hours import Hours
from afspraak.engine.terms import Fields, Promise
from afspraak.engine.time import (
    HOUR,
    MINUTE,
    Refusal,
    ServiceTime,
    WorkingDays,
    parse_duration,
    parse_instant,
)

VARIETY = 8
KINDS = SORTS[2:]  # all that is about clocks
SEEDS = st.integers(0, 2**64 - 1)
Drawn = tuple[dict, dict]


# The engine and the slow judge --------------------------------------------------------------------


def must_agree(case: dict, calendars: dict, name: str, judge: Judge = answer) -> None:
    if differs(judge, case, calendars):
        report(judge, name, *shrink(judge, case, calendars))
        pytest.fail(f"{name}: the engine and the slow judge disagree")


@pytest.mark.parametrize("about", SORTS)
@given(seed=SEEDS)
def test_the_engine_is_what_the_slow_judge_counts(about: str, seed: int) -> None:
    drawn = random_case(random.Random(seed), about=about, variety=VARIETY)
    must_agree(*drawn, f"{about}, seed {seed}")


@given(seed=SEEDS)
def test_they_agree_where_semantics_is_nearly_silent(seed: int) -> None:
    drawn = random_case(random.Random(seed), wild=True, variety=VARIETY)
    must_agree(*drawn, f"wild, seed {seed}")


def test_a_disagreement_is_found_and_made_small(capsys: pytest.CaptureFixture[str]) -> None:
    """A judge that forgets that a rejection continues the clock must not pass."""

    def forgetful(case: dict, calendars: dict) -> object:
        facts = [fact for fact in case.get("facts", []) if fact["fact"] != "rejected"]
        return answer({**case, "facts": facts} if facts else case, calendars)

    drawn = (random_case(random.Random(n), about="resolution", variety=VARIETY) for n in range(999))
    found = next(each for each in drawn if differs(forgetful, *each))
    with pytest.raises(pytest.fail.Exception, match="disagree"):
        must_agree(*found, "forgetful", forgetful)
    printed = capsys.readouterr().out
    assert "fact: rejected" in printed
    assert printed.count("- fact:") <= 4


BATCHES, BATCH, STEP = 20, 50_000, 2_000


@pytest.mark.long
@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_million_cases(batch: int, capfd: pytest.CaptureFixture[str]) -> None:
    """AFSPRAAK_SEED runs the same million again; without it every run is a new one. Each batch has
    calendars of its own.
    """
    base = int(os.environ.get("AFSPRAAK_SEED") or random.SystemRandom().randrange(10**6))
    began = time.monotonic()
    for number in range(BATCH):
        seed = (base * BATCHES + batch) * BATCH + number
        drawn = random_case(random.Random(seed), wild=number % 4 == 3, variety=40, pool=batch)
        must_agree(*drawn, f"AFSPRAAK_SEED={base}, case {seed}")
        if (number + 1) % STEP == 0:
            seconds = time.monotonic() - began
            with capfd.disabled():
                print(  # noqa: T201 - hours without a word are long
                    f"\rAFSPRAAK_SEED={base}, batch {batch + 1} of {BATCHES}:"
                    f" {number + 1} of {BATCH} cases, {seconds:.0f} s",
                    flush=True,
                )


# What needs no judge ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """A case about a clock as the engine has it."""

    promise: Promise
    log: list[Fact]
    as_of: int
    calendars: dict

    def told(self, log: list[Fact] | None = None, as_of: int | None = None) -> object:
        """The newest assessment in FORMAT's words; "refused" for a refusal."""
        found = self.on(
            settle(self.log if log is None else log, self.as_of if as_of is None else as_of),
            lambda hours, ticket: shown(Clock(self.promise, Fields(), hours).newest(ticket)),
        )
        return "refused" if found is None else found

    def on(self, ticket: Ticket, ask: Callable[[Hours, Ticket], object]) -> object:
        """What is asked of the ticket on the promise's calendar; None for a refusal."""
        at = ticket.as_of if ticket.start_at is None else ticket.start_at
        try:
            return kept(self.calendars).asked("hours", at, lambda hours: ask(hours, ticket))
        except Refusal:
            return None


def asked(seed: int, *, about: str | None = None) -> tuple[Asked, random.Random]:
    """A random case about a clock, and a generator for what else the test needs."""
    rng = random.Random(seed)
    case, calendars = random_case(rng, about=about or rng.choice(KINDS), variety=VARIETY)
    promise, as_of = promise_of(case["promise"]), parse_instant(case["as_of"])
    return Asked(promise, log_of(case["facts"]), as_of, calendars), rng


@given(seed=SEEDS)
def test_the_order_in_which_a_log_is_read_is_nothing(seed: int) -> None:
    it, rng = asked(seed)
    shuffled = rng.sample(it.log, len(it.log))
    assert settle(shuffled, it.as_of) == settle(it.log, it.as_of)


@given(seed=SEEDS)
def test_shuffled_arrival_is_ordered_arrival(seed: int) -> None:
    """F2: where the recorded instants tell the order, the place in the log is not needed."""
    it, rng = asked(seed)
    log = [replace(fact, recorded_at=fact.recorded_at + fact.position) for fact in it.log]
    places = rng.sample(range(len(log)), len(log))
    moved = [replace(fact, position=place) for fact, place in zip(log, places, strict=True)]
    assert it.told(moved) == it.told(log)


@given(seed=SEEDS)
def test_what_is_recorded_later_changes_no_earlier_answer(seed: int) -> None:
    """F5: asked again as of the same moment, the answer is the same."""
    it, rng = asked(seed)
    backdated = [
        replace(fact, recorded_at=it.as_of + rng.randint(1, HOUR), position=number)
        for number, fact in enumerate(rng.sample(it.log, len(it.log)), len(it.log))
    ]
    assert it.told(it.log + backdated) == it.told()
    known = [fact for fact in it.log if fact.recorded_at <= it.as_of]
    assert it.told(known) == it.told()


@given(seed=SEEDS)
def test_a_double_changes_nothing(seed: int) -> None:
    """F2: the same fact from the same source is one fact, whatever the later copy says."""
    it, rng = asked(seed)
    log = [
        fact if fact.source_id else replace(fact, source="export", source_id=f"{fact.position}")
        for fact in it.log
    ]
    assert it.told(log) == it.told()
    doubles = [
        replace(
            fact,
            happened_at=fact.happened_at + rng.choice((-HOUR, 0, MINUTE)),
            recorded_at=fact.recorded_at + rng.choice((0, 1, HOUR)),
            position=len(log) + number,
            id=rng.choice(("", fact.id, f"again {number}")),
        )
        for number, fact in enumerate(log)
    ]
    assert it.told(log + doubles) == it.told()


@given(seed=SEEDS)
def test_with_the_same_facts_time_only_runs_out(seed: int) -> None:
    """F5, T7: once missed always missed; met, void and frozen stay; a due instant stands."""
    it, rng = asked(seed)
    known = [fact for fact in it.log if max(fact.happened_at, fact.recorded_at) <= it.as_of]
    later = it.as_of + rng.choice((1, MINUTE, HOUR, 100 * HOUR))
    if settle(known, later).facts != settle(known, it.as_of).facts:
        return  # a correction moved a fact to a moment in between
    now, then = it.told(known), it.told(known, later)
    if not isinstance(now, dict) or not isinstance(then, dict):
        return  # outside the calendar's cover
    assert then["due_at"] == now["due_at"]
    assert then["satisfied_at"] == now["satisfied_at"]
    if now["state"] == "running":
        assert then["state"] == ("missed" if later > now["due_at"] else "running")
        assert then["missed_at"] == (now["due_at"] if later > now["due_at"] else None)
    else:
        assert then["state"] == now["state"]
        assert then["missed_at"] == now["missed_at"]
    if now["state"] in ("met", "void", "none", "paused"):
        assert then == now


@given(seed=SEEDS)
def test_a_pause_never_makes_a_due_instant_earlier(seed: int) -> None:
    """K6. Without reclassifications: what is no longer missed may still be upgraded (K7)."""
    it, rng = asked(seed, about=("resolution", "diagnosis")[seed % 2])
    it = replace(it, promise=replace(it.promise, pauses=frozenset(("customer",))))
    log = [fact for fact in it.log if fact.code != "reclassified"]
    start = log[0].happened_at + rng.randint(-2, 40) * 15 * MINUTE
    end = start + rng.randint(0, 200) * 15 * MINUTE
    asks = fact_of("question", start, 100, id="pause", to="customer")
    answers = fact_of("answer", end, 101, of="pause", by="customer")
    before, after = it.told(log), it.told([*log, asks, *rng.choice(([], [answers]))])
    if not isinstance(before, dict) or not isinstance(after, dict):
        return  # outside the calendar's cover
    assert (after["state"] == "none") == (before["state"] == "none")
    if before["state"] in ("none", "void", "paused"):
        return
    assert after["due_at"] is None or after["due_at"] >= before["due_at"]
    assert after["satisfied_at"] == before["satisfied_at"]
    if start >= before["due_at"]:
        assert after["missed_at"] == before["missed_at"]


def fact_of(code: str, at: int, position: int, **fields: str) -> Fact:
    return Fact(code, at, at, position, **fields)


@given(seed=SEEDS)
def test_every_assessment_keeps_its_own_books(seed: int) -> None:
    """T7, A1, A6: state, instants and reasons of one assessment say the same."""
    it, _ = asked(seed)

    def books(hours: Hours, ticket: Ticket) -> object:
        clock = Clock(it.promise, Fields(), hours)
        found = clock.assess(ticket)
        assert clock.newest(ticket) == next(reversed(found), None)
        for each in found:
            state_is_told_by_its_instants(each)
            spans_add_up(each, hours)
        return found

    it.on(settle(it.log, it.as_of), books)


def state_is_told_by_its_instants(each: Assessment) -> None:
    if each.state == "void":
        assert (each.due_at, each.missed_at, each.satisfied_at) == (None, None, None)
        return
    assert (each.state == "paused") == (each.due_at is None)
    assert each.missed_at == (each.due_at if each.state == "missed" else None)
    if each.due_at is not None and each.state != "missed":
        assert each.end_at <= each.due_at
    if each.state == "met":
        assert each.satisfied_at == each.end_at
    assert (each.satisfied_at is None) or (each.ended is not None)


def spans_add_up(each: Assessment, hours: Hours) -> None:
    """The reasons cover the clock's whole run, and hold what was spent (A6)."""
    spans = spans_of(each, hours)
    if not spans:
        return
    assert (spans[0].from_at, spans[-1].until_at) == (each.start_at, each.end_at)
    assert all(one.until_at == other.from_at for one, other in pairwise(spans))
    assert all(span.from_at < span.until_at for span in spans)
    if isinstance(each.spent, ServiceTime):
        assert sum(span.spent for span in spans) == each.spent.microseconds
    if isinstance(each.spent, WorkingDays):
        assert sum(span.days for span in spans) == each.spent.days
    for span in spans:
        assert (span.why in ("paused", "acceptance")) == bool(span.because)
        assert span.spent in ((span.until_at - span.from_at,) if span.why == "counted" else (0,))


@given(drawn=case_strategy(about="deadline", variety=VARIETY))
def test_a_deadline_is_the_least_instant_at_which_the_time_is_spent(drawn: Drawn) -> None:
    """T5, T6: the cumulative function and its inverse."""
    case, calendars = drawn
    start, target = parse_instant(case["from"]), parse_duration(case["target"])

    def inverse(hours: Hours) -> None:
        due = hours.due(start, target)
        if isinstance(target, WorkingDays):
            day = hours.start_day(start)
            assert hours.days_elapsed(day, start, due) == target.days
            assert hours.days_elapsed(day, start, due - 1) == target.days - 1
            return
        span = target.microseconds
        assert hours.elapsed(start, due) == span
        if span:
            assert hours.elapsed(start, due - 1) == span - 1
        else:
            assert due == start

    try:
        kept(calendars).asked("hours", start, inverse)
    except Refusal:
        assert ask(answer, case, calendars) == "refused"


@given(drawn=case_strategy(about="elapsed", variety=VARIETY))
def test_what_has_elapsed_leads_back_to_the_instant_or_to_the_closing_before_it(
    drawn: Drawn,
) -> None:
    case, calendars = drawn
    start, end = parse_instant(case["from"]), parse_instant(case["to"])

    def inverse(hours: Hours) -> None:
        spent = hours.elapsed(start, end)
        back = hours.deadline(start, spent)
        assert back <= end
        assert hours.elapsed(back, end) == 0
        if hours.is_open(end - 1) and end > start:
            assert back == end
        assert hours.open_time(end) - hours.open_time(start) == spent

    try:
        kept(calendars).asked("hours", start, inverse)
    except Refusal:
        assert ask(answer, case, calendars) == "refused"
