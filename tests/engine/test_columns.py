"""One law, two forms: the columns equal the scalar law on every ticket that they judge."""

from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.engine.clock import Clock
from afspraak.engine.columns.clock import (
    CODE,
    PARTY,
    STATES,
    ClockColumns,
    FactColumns,
    unusual,
)
from afspraak.engine.columns.hours import HourColumns, whole_seconds
from afspraak.engine.facts import Fact, settle
from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.terms import BestEffort, Fields, Promise, Rule
from afspraak.engine.time import DAY, HOUR, MINUTE, SECOND, Refusal, ServiceTime, WorkingDays

COVER = (date(2020, 1, 1), date(2022, 1, 1))
DAYS = (Interval(510, 1050),)
LUNCH = (Interval(540, 720), Interval(780, 1020))
CALENDARS = (
    Calendar("plain", "Europe/Brussels", (DAYS,) * 5 + ((), ()), frozenset(), {}, COVER),
    Calendar(
        "lunch",
        "Europe/Brussels",
        (LUNCH,) * 5 + ((), ()),
        frozenset([date(2020, 5, 1)]),
        {date(2020, 5, 4): (Interval(600, 660),)},
        COVER,
    ),
    Calendar(
        "night",
        "Australia/Lord_Howe",
        ((Interval(1320, 1800),),) * 7,
        frozenset([date(2020, 4, 13)]),
        {},
        COVER,
    ),
    Calendar("always", "UTC", ((Interval(0, 1440),),) * 7, frozenset(), {}, COVER),
    Calendar("rare", "America/St_Johns", ((Interval(0, 61),), *((),) * 6), frozenset(), {}, COVER),
)
HOURS = {calendar.name: lay_out(calendar) for calendar in CALENDARS}
LANES = (1, SECOND)
MEASURES = ("first_response", "diagnosis", "resolution")


def points(hours: Hours, random: Random, unit: int) -> list[int]:
    """Instants in the cover: anywhere, and at, just before and just after the edges."""
    span = hours.until_at - hours.from_at
    anywhere = [hours.from_at + random.randrange(span // unit) * unit for _ in range(60)]
    edges = random.choices(hours.edges, k=20)
    near = [edge + step for edge in edges for step in (-unit, 0, unit)]
    return [at for at in (*anywhere, *near) if hours.from_at <= at < hours.until_at]


@pytest.mark.parametrize("unit", LANES)
@pytest.mark.parametrize("name", HOURS)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=100)
def test_elapsed_and_deadline_equal_the_scalar_law(name, unit, seed):
    hours, random = HOURS[name], Random(seed)
    columns = HourColumns(hours, unit)
    starts, ends = points(hours, random, unit), points(hours, random, unit)
    pairs = [sorted(pair) for pair in zip(starts, ends, strict=False)]
    opens = lane(columns, [pair[0] for pair in pairs])
    closes = lane(columns, [pair[1] for pair in pairs])
    expected = [hours.elapsed(*pair) for pair in pairs]
    assert (columns.elapsed(opens, closes).astype(np.int64) * unit).tolist() == expected
    spans = [random.choice((0, unit, HOUR, 9 * HOUR, 30 * DAY)) for _ in starts]
    answered = [
        (start, span, due)
        for start, span in zip(starts, spans, strict=True)
        if (due := deadline_or_none(hours, start, span)) is not None
    ]
    due = columns.deadline(
        lane(columns, [start for start, _, _ in answered]),
        (np.array([span for _, span, _ in answered], np.int64) // unit).astype(columns.dtype),
    )
    assert instants(columns, due) == [expected for _, _, expected in answered]


def deadline_or_none(hours: Hours, start: int, span: int) -> int | None:
    try:
        return hours.deadline(start, span)
    except Refusal:
        return None


def lane(columns: HourColumns, at: list[int]):
    return ((np.array(at, np.int64) - columns.origin) // columns.unit).astype(columns.dtype)


def instants(columns: HourColumns, values) -> list[int]:
    return (values.astype(np.int64) * columns.unit + columns.origin).tolist()


@pytest.mark.parametrize("unit", LANES)
@pytest.mark.parametrize(
    ("start", "end", "word"),
    [(-DAY, HOUR, "plain"), (2 * HOUR, HOUR, "before"), (HOUR, 999 * DAY, "plain")],
)
def test_a_column_is_refused_in_the_words_of_the_scalar_law(unit, start, end, word):
    hours = HOURS["plain"]
    columns = HourColumns(hours, unit)
    good, base = hours.from_at + DAY, hours.from_at
    with pytest.raises(Refusal, match=word):
        columns.elapsed(lane(columns, [good, base + start]), lane(columns, [good, base + end]))


def test_only_whole_seconds_enter_the_lane_of_whole_seconds():
    assert whole_seconds(np.array([5 * SECOND, 7 * SECOND]), SECOND).tolist() == [4, 6]
    assert whole_seconds(np.array([5 * SECOND, 7 * SECOND + 1]), 0) is None
    assert whole_seconds(np.array([2**40 * SECOND]), 0) is None


# Verdicts --------------------------------------------------------------------------------------

CASES = ({"priority": "P1"}, {"priority": "P2"}, {"priority": "P3"}, {"priority": "P4"}, {})
TARGETS = (
    Rule("x", ServiceTime(4 * HOUR), {"priority": "P1"}),
    Rule("x", ServiceTime(0), {"priority": "P2"}),
    Rule("x", WorkingDays(2), {"priority": "P3"}),
    Rule("x", BestEffort(), {"priority": "P4"}),
)
STEPS = (0, MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, 7 * HOUR, DAY, 3 * DAY)
USUAL = (
    "acknowledged",
    "supplier_contact",
    "customer_contact",
    "diagnosis",
    "question",
    "answer",
    "solved",
)
RARE = (
    "accepted",
    "rejected",
    "voided",
    "workaround",
    "question",
    "answer",
    "customer_contact",
)


def random_log(random: Random, start: int) -> list[Fact]:
    """A ticket's facts in the order of their log; most of them ordinary, some of them not."""
    at, asked = start, []
    facts = [Fact("reported", at, at, 0, fields=random.choice(CASES))]
    for position in range(1, random.randrange(1, 11)):
        at += random.choice(STEPS)
        code = random.choice(USUAL if random.random() < 0.9 else RARE)
        recorded = at + (random.choice((0, 0, 0, HOUR)) if random.random() < 0.1 else 0)
        party = random.choice(("customer", "third_party"))
        extra: dict[str, object] = {}
        if code == "question":
            asked.append((f"q{position}", party))
            extra = {"id": f"q{position}", "to": party}
        elif code == "answer":
            of, by = random.choice(asked[-2:]) if asked else ("q99", party)
            extra = {"of": of, "by": by}
        elif code == "voided":
            extra = {"why": "a mistake"}
        facts.append(Fact(code, at, recorded, position, **extra))
    return facts


def columns_of(logs: list[list[Fact]], columns: HourColumns) -> FactColumns:
    flat = [fact for log in logs for fact in log]
    numbers = [{fact.id: number for number, fact in enumerate(log, 1) if fact.id} for log in logs]
    link = [
        numbers[ticket].get(fact.id or fact.of, 0)
        for ticket, log in enumerate(logs)
        for fact in log
    ]
    return FactColumns(
        first=np.cumsum([0, *map(len, logs)]),
        code=np.array([CODE[fact.code] for fact in flat], np.int8),
        happened_at=lane(columns, [fact.happened_at for fact in flat]),
        recorded_at=lane(columns, [fact.recorded_at for fact in flat]),
        party=np.array(
            [PARTY[fact.to or (fact.by if fact.code == "answer" else "")] for fact in flat],
            np.int8,
        ),
        link=np.array(link, np.int16),
        case=np.array([CASES.index(dict(log[0].fields)) for log in logs], np.int32),
        cases=CASES,
    )


@pytest.mark.parametrize("unit", LANES)
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("name", HOURS)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=34)
def test_verdicts_equal_the_scalar_law(name, measure, unit, seed):
    """500 examples and more per measure and lane; each example is a block of tickets."""
    random, hours = Random(seed), HOURS[name]
    pauses = frozenset(random.sample(("customer", "third_party"), random.randrange(3)))
    clock = Clock(Promise("x", measure, TARGETS, name, pauses=pauses), Fields(), hours)
    begin = hours.from_at + 3 * DAY
    starts = sorted(begin + random.randrange(400 * DAY) // SECOND * SECOND for _ in range(40))
    logs = [random_log(random, start) for start in starts]
    as_of = random.choice((starts[-1], starts[20], begin + 420 * DAY, hours.until_at))
    columns = HourColumns(hours, unit)
    facts = columns_of(logs, columns)
    asked = int(lane(columns, [as_of])[0])
    forms = ClockColumns(clock, columns)
    verdicts = forms.assess(facts, asked, unusual(facts, asked, forms.late_after))
    for ticket, log in enumerate(logs):
        if not verdicts.hard[ticket]:
            assert verdict(verdicts, ticket, columns) == scalar(clock, log, as_of), log


def verdict(verdicts, ticket: int, columns: HourColumns):
    state = STATES[verdicts.state[ticket]]
    if state is None:
        return None
    due, satisfied = (
        None if value == verdicts.nothing else int(value) * columns.unit + columns.origin
        for value in (verdicts.due_at[ticket], verdicts.satisfied_at[ticket])
    )
    unit = 1 if verdicts.in_days[ticket] else columns.unit
    return state, due, satisfied, int(verdicts.spent[ticket]) * unit


def scalar(clock: Clock, log: list[Fact], as_of: int):
    found = clock.assess(settle(log, as_of))
    if not found:
        return None
    (one,) = found
    spent = one.spent.days if isinstance(one.spent, WorkingDays) else one.spent.microseconds
    return one.state, one.due_at, one.satisfied_at, spent


def test_ordinary_tickets_are_not_left_to_the_scalar_law():
    hours, random = HOURS["plain"], Random(1)
    columns = HourColumns(hours, SECOND)
    rule = Rule("x", ServiceTime(8 * HOUR))
    promise = Promise("x", "resolution", (rule,), "plain", pauses=frozenset(["customer"]))
    logs = []
    for number in range(500):
        at = hours.from_at + 5 * DAY + number * HOUR
        asked, answered, solved = (at + random.randrange(1, 9) * k * HOUR for k in (1, 9, 90))
        logs.append(
            [
                Fact("reported", at, at, 0),
                Fact("question", asked, asked, 1, id="q", to="customer"),
                Fact("answer", answered, answered, 2, of="q", by="customer"),
                Fact("solved", solved, solved, 3),
            ]
        )
    facts = columns_of(logs, columns)
    as_of = int(lane(columns, [hours.until_at])[0])
    forms = ClockColumns(Clock(promise, Fields(), hours), columns)
    verdicts = forms.assess(facts, as_of, unusual(facts, as_of, forms.late_after))
    ordered = [log[1].happened_at <= log[2].happened_at <= log[3].happened_at for log in logs]
    assert (~verdicts.hard).tolist() == ordered
