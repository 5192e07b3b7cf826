"""Why an assessment came out as it did: every span, and nothing beside (SEMANTICS A6, C4)."""

from random import Random

from drawn import calendar, log
from hypothesis import given, reject
from hypothesis import strategies as st

from afspraak.engine.because import spans_of
from afspraak.engine.clock import Assessment, Clock
from afspraak.engine.facts import Fact, settle
from afspraak.engine.hours import Hours, Uncovered, lay_out
from afspraak.engine.terms import MEASURES, Fields, Open, Promise, Rule
from afspraak.engine.time import DAY, HOUR, ServiceTime, WorkingDays, parse_instant

PLAIN = lay_out(
    calendar(0)
)  # Monday to Friday 09:00-12:00 and 13:00-17:00, UTC, from 20 March 2026
FRIDAY = parse_instant("2026-03-20T00:00Z")


def drawn(seed: int) -> tuple[Hours, list[Assessment]]:
    random = Random(seed)
    hours = lay_out(calendar(random.randrange(200)))
    start = random.randrange(hours.from_at, hours.until_at - 6 * DAY)
    as_of = start + random.randrange(4 * DAY)
    targets = [
        ServiceTime(random.randrange(1, 30) * HOUR // 4),
        ServiceTime(0),
        WorkingDays(random.randrange(1, 3)),
        Open("open"),
    ]
    promise = Promise(
        "solve",
        random.choice(MEASURES),
        tuple(
            Rule("solve", random.choice(targets[:2]), {"priority": priority})
            for priority in ("P1", "P2")
        )
        if random.random() < 0.4
        else (Rule("solve", random.choice(targets)),),
        "drawn",
        pauses=frozenset(random.sample(("customer", "third_party"), random.randrange(3))),
        promisor=random.choice(("supplier", "customer")),
        reopen=random.choice(("continue", "restart")),
        armed_by=random.choice(("contact", "interval")),
    )
    ticket = settle(log(random, start, as_of), as_of)
    try:
        return hours, list(Clock(promise, Fields(), hours).assess(ticket))
    except Uncovered:  # a sparse calendar ends before the due instant (T8): another one, please
        reject()


@given(st.integers(0, 10**6))
def test_the_spans_part_the_clocks_time_and_their_sum_is_what_was_spent(seed: int) -> None:
    hours, assessed = drawn(seed)
    for each in assessed:
        spans = spans_of(each, hours)
        if each.state == "void" or each.promise.measure == "expectation":
            assert spans == ()
            continue
        at = each.start_at
        for span in spans:
            assert span.from_at == at < span.until_at
            at = span.until_at
        assert at == each.end_at
        counted = [span for span in spans if span.why == "counted"]
        if isinstance(each.spent, ServiceTime):
            assert sum(span.spent for span in spans) == each.spent.microseconds
            assert all(span.days == 0 for span in spans)
        elif each.spent is not None:
            assert sum(span.days for span in spans) == each.spent.days
        for span in spans:
            assert span.spent == (span.until_at - span.from_at if span in counted else 0)
            if span.why in ("counted", "closed"):
                assert hours.is_open(span.from_at) == (span.why == "counted")
                assert hours.elapsed(span.from_at, span.until_at) == span.spent
                assert not span.because


@given(st.integers(0, 10**6))
def test_a_span_that_did_not_count_names_the_fact_that_held_it(seed: int) -> None:
    hours, assessed = drawn(seed)
    for each in assessed:
        for span in spans_of(each, hours):
            if span.why == "paused":
                assert {fact.code for fact in span.because} <= {"question", "solved"}
                assert all(fact.happened_at <= span.from_at for fact in span.because)
                assert span.turn in each.promise.pauses
            elif span.why == "acceptance":
                assert span.because[0].code == "solved"
                assert span.turn == "acceptance"
            else:
                assert span.turn == (each.promise.promisor if span.why == "counted" else "")


def one(promise: Promise, facts: list[Fact], as_of: int) -> Assessment:
    (found,) = Clock(promise, Fields(), PLAIN).assess(settle(facts, as_of))
    return found


def test_a_ticket_by_hand() -> None:
    question = Fact("question", FRIDAY + 10 * HOUR, FRIDAY + 10 * HOUR, 1, id="q", to="customer")
    facts = [
        Fact("reported", FRIDAY + 8 * HOUR, FRIDAY + 8 * HOUR, 0),
        question,
        Fact("answer", FRIDAY + 14 * HOUR, FRIDAY + 14 * HOUR, 2, by="customer", of="q"),
    ]
    promise = Promise(
        "solve",
        "resolution",
        (Rule("solve", ServiceTime(4 * HOUR)),),
        "drawn",
        "supplier",
        frozenset(["customer"]),
    )
    found = one(promise, facts, FRIDAY + 17 * HOUR)
    told = [
        ((span.from_at - FRIDAY) // HOUR, (span.until_at - FRIDAY) // HOUR, span.why, span.turn)
        for span in spans_of(found, PLAIN)
    ]
    assert told == [
        (8, 9, "closed", ""),
        (9, 10, "counted", "supplier"),
        (10, 14, "paused", "customer"),
        (14, 17, "counted", "supplier"),
    ]
    spans = spans_of(found, PLAIN)
    assert spans[2].because == (question,)
    assert [span.clause for span in spans] == ["drawn", "solve", "solve", "solve"]


def test_working_days_end_in_the_span_that_reaches_the_last_closing() -> None:
    facts = [Fact("reported", FRIDAY + 10 * HOUR, FRIDAY + 10 * HOUR, 0)]
    promise = Promise("solve", "resolution", (Rule("solve", WorkingDays(2)),), "drawn")
    found = one(promise, facts, FRIDAY + 4 * DAY + 18 * HOUR)
    assert found.spent == WorkingDays(2)
    ended = [span.until_at for span in spans_of(found, PLAIN) if span.days]
    assert ended == [FRIDAY + 3 * DAY + 17 * HOUR, FRIDAY + 4 * DAY + 17 * HOUR]


def test_a_voided_ticket_has_no_spans() -> None:
    facts = [
        Fact("reported", FRIDAY, FRIDAY, 0),
        Fact("voided", FRIDAY + HOUR, FRIDAY + HOUR, 1, why="spam"),
    ]
    promise = Promise("solve", "resolution", (Rule("solve", ServiceTime(HOUR)),), "drawn")
    assert spans_of(one(promise, facts, FRIDAY + 2 * HOUR), PLAIN) == ()


def test_a_solution_that_was_rejected_held_the_clock() -> None:
    solved = Fact("solved", FRIDAY + 10 * HOUR, FRIDAY + 10 * HOUR, 1)
    facts = [
        Fact("reported", FRIDAY + 9 * HOUR, FRIDAY + 9 * HOUR, 0),
        solved,
        Fact("rejected", FRIDAY + 11 * HOUR, FRIDAY + 11 * HOUR, 2),
    ]
    promise = Promise("solve", "resolution", (Rule("solve", ServiceTime(4 * HOUR)),), "drawn")
    spans = spans_of(one(promise, facts, FRIDAY + 12 * HOUR), PLAIN)
    assert [(span.why, span.turn) for span in spans] == [
        ("counted", "supplier"),
        ("acceptance", "acceptance"),
        ("counted", "supplier"),
    ]
    assert spans[1].because == (solved,)


def test_a_question_that_was_withdrawn_has_no_spans() -> None:
    facts = [
        Fact("reported", FRIDAY + 9 * HOUR, FRIDAY + 9 * HOUR, 0),
        Fact("question", FRIDAY + 9 * HOUR, FRIDAY + 9 * HOUR, 1, id="q", to="customer"),
        Fact("solved", FRIDAY + 10 * HOUR, FRIDAY + 10 * HOUR, 2),
    ]
    rules = (Rule("answer", ServiceTime(4 * HOUR)),)
    found = one(Promise("answer", "answer", rules, "drawn", "customer"), facts, FRIDAY + DAY)
    assert found.state == "void"
    assert spans_of(found, PLAIN) == ()
