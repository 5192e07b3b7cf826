"""Counts, shares, relief and availability (SEMANTICS A1-A4, A8, K11)."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.clock import Assessment, State
from afspraak.engine.figures import (
    FEW,
    Maintenance,
    Outage,
    Tally,
    belongs_to,
    is_kept,
    relieve,
    relieved_by,
    scope_of,
    show_share,
    tally,
    union,
    uptime,
)
from afspraak.engine.hours import Calendar, Interval, lay_out
from afspraak.engine.periods import Period
from afspraak.engine.terms import Availability, Promise, Relief, Share
from afspraak.engine.time import (
    DAY,
    HOUR,
    MINUTE,
    Refusal,
    ServiceTime,
    WorkingDays,
    parse_instant,
    zone_of,
)

STATES: tuple[State, ...] = ("running", "paused", "measuring", "met", "missed", "void")
seeds = st.integers(0, 10**6)
TERM = Period(date(2027, 1, 1), date(2030, 1, 1))


def assessment(
    state: State,
    due_at: int | None = None,
    clause: str = "solve",
    promisor: str = "supplier",
    *,
    on_trial: bool = False,
) -> Assessment:
    promise = Promise(clause, "resolution", (), "office", promisor)
    missed_at = due_at if state == "missed" else None
    return Assessment(
        promise, 0, state, 0, 100, due_at=due_at, missed_at=missed_at, on_trial=on_trial
    )


# Counts and shares --------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(STATES), st.booleans(), st.booleans()), max_size=40))
def test_every_assessment_is_counted_once(drawn: list[tuple[State, bool, bool]]) -> None:
    found = tally(
        [assessment(state, 5, on_trial=trial) for state, trial, _ in drawn],
        frozenset(place for place, (*_, relieved) in enumerate(drawn) if relieved),
    )
    kept = [(state, relieved) for state, trial, relieved in drawn if not trial]
    for state in STATES:
        trials = len(drawn) - len(kept) if state == "measuring" else 0
        assert getattr(found, state) == sum(each == state for each, _ in kept) + trials
    assert found.relieved == kept.count(("missed", True))
    assert found.cases == found.met + found.missed
    assert found.is_few == (found.cases < 20)
    outside = found.missed - found.relieved
    assert found.shown == (Fraction(found.met, found.cases) if found.cases else None)
    assert found.judged == (
        Fraction(found.met, found.met + outside) if found.met + outside else None
    )


@given(*[st.integers(0, 50)] * 7, st.fractions(0, 1, max_denominator=1000))
def test_a_share_is_kept_by_whole_numbers(  # noqa: PLR0917
    met: int, missed: int, relieved: int, a: int, b: int, c: int, d: int, promised: Fraction
) -> None:
    found = Tally(met, missed, min(relieved, missed), a, b, c, d)
    counted = met + missed - found.relieved
    expected = met * promised.denominator >= promised.numerator * counted if counted else None
    assert is_kept(Share(promised, "month"), found) == expected


def test_tallies_add_up() -> None:
    one, other = Tally(1, 2, 3, 4, 5, 6, 7), Tally(10, 20, 30, 40, 50, 60, 70)
    assert one + other == Tally(11, 22, 33, 44, 55, 66, 77)
    assert Tally() + one == one
    assert FEW == 20
    assert Tally(19, 0).is_few
    assert not Tally(19, 1).is_few


@given(st.fractions(0, 1), st.integers(0, 6))
def test_a_shown_share_is_cut(share: Fraction, decimals: int) -> None:
    text = show_share(share, decimals)
    number = Decimal(text.removesuffix(" %"))
    step = Decimal(1).scaleb(-decimals)
    exact = share * 100
    assert Fraction(number) <= exact < Fraction(number) + Fraction(step)
    assert "." not in text or not text.removesuffix(" %").endswith("0")


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (Fraction(99951, 100000), 3, "99.951 %"),
        (Fraction(99951, 100000), 2, "99.95 %"),
        (Fraction(99951, 100000), 0, "99 %"),
        (Fraction(1), 3, "100 %"),
        (Fraction(0), 3, "0 %"),
        (Fraction(2, 3), 3, "66.666 %"),
        (Fraction(999999, 1000000), 3, "99.999 %"),
        (Fraction(1, 1000), 3, "0.1 %"),
        (Fraction(1, 10**6), 3, "0 %"),
        (Fraction(1205, 100000), 3, "1.205 %"),
    ],
)
def test_shown_shares(share: Fraction, decimals: int, text: str) -> None:
    assert show_share(share, decimals) == text
    exact = Decimal(share.numerator) / Decimal(share.denominator) * 100
    cut = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_FLOOR)
    assert Decimal(text.removesuffix(" %")) == cut


def test_the_period_of_the_due_instant() -> None:
    brussels = zone_of("Europe/Brussels")
    late = assessment("missed", parse_instant("2027-03-31T22:00:00Z"))
    assert belongs_to(late, brussels, "month", TERM) == Period(date(2027, 4, 1), date(2027, 5, 1))
    assert belongs_to(late, zone_of("UTC"), "month", TERM) == Period(
        date(2027, 3, 1), date(2027, 4, 1)
    )
    assert belongs_to(assessment("paused"), brussels, "month", TERM) is None
    counted = Period(date(2027, 2, 15), date(2030, 2, 15))
    assert belongs_to(late, brussels, "quarter", counted, from_start=True) == Period(
        date(2027, 2, 15), date(2027, 5, 15)
    )


def test_the_scope_that_a_clause_names() -> None:
    case = {"service": "mail", "level": "gold", "priority": "P1"}
    assert [scope_of(by, case) for by in ("promise", "agreement")] == ["", ""]
    assert [scope_of(by, case) for by in ("service", "level", "priority")] == ["mail", "gold", "P1"]
    assert not scope_of("service", {})


# Relief (A8) --------------------------------------------------------------------------------------

RELIEF = Relief("relief", ("solve",), "answer")
THEIRS = {"clause": "answer", "promisor": "customer"}


@given(seeds)
def test_a_miss_is_relieved_only_by_the_others_earlier_miss_of_the_named_promise(seed: int) -> None:
    random = Random(seed)
    reliefs = [
        Relief(
            f"relief-{number}",
            tuple(random.sample(["solve", "reply"], random.randrange(1, 3))),
            random.choice(("answer", "access", "solve")),
            random.choice(("same_ticket", "same_period")),
        )
        for number in range(random.randrange(3))
    ]
    drawn = [
        assessment(
            random.choice(("met", "missed")),
            random.randrange(6),
            random.choice(("solve", "reply", "answer", "access")),
            random.choice(("supplier", "customer")),
            on_trial=random.random() < 0.2,
        )
        for _ in range(random.randrange(6))
    ]
    for on in ("same_ticket", "same_period"):
        found = relieve(reliefs, drawn, on)
        for place, each in enumerate(drawn):
            causes = [
                (relief.clause, id(other))
                for relief in reliefs
                for other in drawn
                if relief.on == on
                and each.state == "missed"
                and each.promise.clause in relief.of
                and other.promise.clause == relief.when_missed
                and other.state == "missed"
                and not other.on_trial
                and other.promise.promisor != each.promise.promisor
                and other.due_at < each.due_at
            ]
            assert (place in found) == bool(causes)
            if causes:
                relief, other = found[place]
                assert (relief.clause, id(other)) == causes[0]


def test_relief_by_hand() -> None:
    ours, theirs = assessment("missed", 50), assessment("missed", 40, **THEIRS)
    assert relieve([RELIEF], [ours, theirs]) == {0: (RELIEF, theirs)}
    assert relieved_by(RELIEF, ours, [theirs]) is theirs
    assert relieved_by(RELIEF, assessment("missed", 40), [theirs]) is None
    assert relieved_by(RELIEF, assessment("met", 50), [theirs]) is None
    assert relieved_by(RELIEF, assessment("missed", 50, "reply"), [theirs]) is None
    assert relieved_by(RELIEF, ours, [assessment("met", 40, **THEIRS)]) is None
    assert relieved_by(RELIEF, ours, [assessment("missed", 40, "answer")]) is None
    assert relieved_by(RELIEF, ours, [assessment("missed", 40, "access", "customer")]) is None
    assert relieved_by(RELIEF, ours, [assessment("missed", 40, **THEIRS, on_trial=True)]) is None


# Availability (A4) --------------------------------------------------------------------------------

WEEK = ((Interval(540, 1020),),) * 5 + ((),) * 2
MONDAY = parse_instant("2027-03-01T00:00Z")
COVER = (date(2027, 2, 1), date(2027, 5, 1))
OFFICE = lay_out(Calendar("office", "UTC", WEEK, frozenset(), {}, COVER))
ALWAYS = lay_out(Calendar("always", "UTC", ((Interval(0, 1440),),) * 7, frozenset(), {}, COVER))
notices = st.sampled_from((None, ServiceTime(2 * HOUR), WorkingDays(1)))


def promise(**changes: object) -> Availability:
    return Availability("up", ("mail",), Fraction(99, 100), "month", "office", **changes)


@given(seeds, notices, st.sampled_from((None, 0, 1, 3)), st.sampled_from((True, False)))
def test_uptime_counts_minute_by_minute(
    seed: int,
    notice: object,
    at_most: int | None,
    office: bool,  # noqa: FBT001 - drawn
) -> None:
    random, hours = Random(seed), OFFICE if office else ALWAYS
    start, end = MONDAY, MONDAY + random.randrange(1, 4) * DAY

    def minute() -> int:
        return MONDAY + random.randrange(-600, 4 * 1440) * MINUTE

    def name() -> str:
        return random.choice(("mail", "mail", "desk"))

    outages, works = [], []
    for _ in range(random.randrange(4)):
        one, other = sorted((minute(), minute()))
        outages.append(Outage(name(), one, random.choice((other, other, None))))
    for _ in range(random.randrange(4)):
        announced, one, other = sorted((minute() - DAY, minute(), minute()))
        works.append(Maintenance(name(), one, other, announced))
    most = None if at_most is None else ServiceTime(at_most * HOUR)
    found = uptime(promise(notice=notice, at_most=most), hours, (start, end), outages, works)

    agreed = down = kept_out = 0
    for at in range(start, end, MINUTE):
        if not hours.is_open(at):
            continue
        planned = [
            work for work in works if work.service == "mail" and work.from_at <= at < work.until_at
        ]
        in_time = [
            work
            for work in planned
            if notice is not None and hours.due(work.announced_at, notice) <= work.from_at
        ]
        if in_time and (at_most is None or kept_out < at_most * 60):
            kept_out += 1
            continue
        agreed += 1
        down += bool(planned) or any(
            out.service == "mail"
            and out.from_at <= at
            and (out.until_at is None or at < out.until_at)
            for out in outages
        )
    assert (found.agreed, found.down, found.maintenance) == (
        agreed * MINUTE,
        down * MINUTE,
        kept_out * MINUTE,
    )
    assert found.share == (Fraction(agreed - down, agreed) if agreed else None)


def test_which_outages_an_uptime_rests_on() -> None:
    out = Outage("mail", MONDAY + 10 * HOUR, MONDAY + 11 * HOUR)
    late = Maintenance("mail", MONDAY + 12 * HOUR, MONDAY + 13 * HOUR, MONDAY + 11 * HOUR)
    known = Maintenance("mail", MONDAY + 14 * HOUR, MONDAY + 15 * HOUR, MONDAY - DAY)
    other = Outage("desk", MONDAY + 10 * HOUR, None)
    day = (MONDAY, MONDAY + DAY)
    found = uptime(promise(notice=ServiceTime(2 * HOUR)), OFFICE, day, [out, other], [late, known])
    assert found.outages == (out, Outage("mail", late.from_at, late.until_at))
    assert (found.agreed, found.down, found.maintenance) == (7 * HOUR, 2 * HOUR, HOUR)
    cut = promise(notice=ServiceTime(2 * HOUR), at_most=ServiceTime(HOUR // 2))
    found = uptime(cut, OFFICE, day, [], [known])
    assert found.outages == (Outage("mail", known.from_at, known.until_at),)
    assert (found.agreed, found.down, found.maintenance) == (450 * MINUTE, HOUR // 2, HOUR // 2)


def test_maintenance_is_at_most_so_many_hours_never_days() -> None:
    known = Maintenance("mail", MONDAY + 14 * HOUR, MONDAY + 15 * HOUR, MONDAY - DAY)
    days = promise(notice=ServiceTime(HOUR), at_most=WorkingDays(1))
    with pytest.raises(Refusal, match="clause up: at most so many hours"):
        uptime(days, OFFICE, (MONDAY, MONDAY + DAY), [], [known])


def test_what_ends_before_it_starts_is_refused() -> None:
    assert Outage("mail", 5, 5).until_at == 5
    assert Outage("mail", 5, None).until_at is None
    with pytest.raises(Refusal, match="outage of mail: it ends before it starts"):
        Outage("mail", 5, 4)
    assert Maintenance("mail", 5, 5, 0).until_at == 5
    with pytest.raises(Refusal, match="maintenance of mail: it ends before it starts"):
        Maintenance("mail", 5, 4, 0)


spans = st.tuples(st.integers(0, 30), st.one_of(st.none(), st.integers(0, 30)))


@given(st.lists(spans, max_size=6), st.integers(0, 20), st.integers(0, 20))
def test_a_union_holds_each_instant_once(
    drawn: list[tuple[int, int | None]], start: int, length: int
) -> None:
    found = union(drawn, (start, start + length))
    held = {
        at
        for at in range(start, start + length)
        for opens, closes in drawn
        if opens <= at and (closes is None or at < closes)
    }
    assert [at for opens, closes in found for at in range(opens, closes)] == sorted(held)
    assert all(opens < closes for opens, closes in found)
    assert all(one[1] < two[0] for one, two in pairwise(found))


def test_announced_exactly_so_long_before_is_in_time() -> None:
    """At most four hours: three of the first work in time, one of the next."""
    early, late, last = (
        Maintenance("mail", MONDAY + start * HOUR, MONDAY + end * HOUR, MONDAY + said)
        for start, end, said in ((9, 12, 0), (13, 16, 12 * HOUR + 1), (16, 18, 0))
    )
    noticed = promise(notice=ServiceTime(HOUR))
    day = (MONDAY, MONDAY + DAY)
    assert uptime(noticed, OFFICE, day, [], [late]).maintenance == 0
    on_time = Maintenance("mail", MONDAY + 13 * HOUR, MONDAY + 16 * HOUR, MONDAY + 11 * HOUR)
    assert uptime(noticed, OFFICE, day, [], [on_time]).maintenance == 3 * HOUR
    exact = Maintenance("mail", MONDAY + 12 * HOUR, MONDAY + 13 * HOUR, MONDAY + 11 * HOUR)
    assert uptime(noticed, OFFICE, day, [], [exact]).maintenance == HOUR
    at_once = promise(notice=ServiceTime(0), at_most=ServiceTime(4 * HOUR))
    found = uptime(at_once, OFFICE, day, [], [on_time, early])
    assert (found.maintenance, found.down, found.agreed) == (4 * HOUR, 2 * HOUR, 4 * HOUR)
    whole = promise(notice=ServiceTime(0), at_most=ServiceTime(HOUR))
    assert (
        uptime(whole, OFFICE, day, [], [last]).outages == ()
    )  # the hour after closing is not agreed


def test_counts_and_periods_by_default() -> None:
    missed = [assessment("missed", 5), assessment("missed", 6)]
    assert tally(missed, frozenset({0, 1})).relieved == 2
    due = assessment("met", parse_instant("2027-03-31T12:00Z"))
    counted = Period(date(2027, 2, 15), date(2030, 2, 15))
    found = belongs_to(due, zone_of("UTC"), "month", counted)
    assert found == Period(date(2027, 3, 1), date(2027, 4, 1))
    fields = {"promise": "a", "agreement": "b"}
    assert [scope_of(by, fields) for by in ("promise", "agreement", "service")] == ["", "", ""]
    assert show_share(Fraction(12345678, 10**8)) == "12.345 %"
