"""Dated promises of either side (SEMANTICS K10, K11, T9, F4, F5)."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.promises import (
    Dated,
    Delay,
    Evidence,
    assess_deliveries,
    assess_recurring,
    fill_in,
    occurrences,
)
from afspraak.engine.terms import Delivery, OpenTerm, Recurring
from afspraak.engine.time import DAY, HOUR, MINUTE, Refusal, Rhythm, due_on, parse_instant, zone_of

UTC = zone_of("UTC")
FIRST = date(2027, 1, 31)
START = parse_instant("2027-01-01T00:00Z")
MONTHLY = Recurring("report", "supplier", "report", FIRST, Rhythm(months=1))
seeds = st.integers(0, 10**6)


def at(text: str) -> int:
    return parse_instant(f"2027-{text}Z")


def proof(text: str, **more: object) -> Evidence:
    return Evidence("report", at(text), more.pop("recorded_at", at(text)), **more)


def assessed(*evidence: Evidence, as_of: str = "03-10T00:00") -> list[tuple[str, int | None]]:
    found = assess_recurring(MONTHLY, evidence, UTC, date(2027, 4, 1), at(as_of))
    return [(each.state, each.satisfied_at) for each in found]


def test_what_was_rejected_proves_nothing_from_then_on() -> None:
    """And what was answered before stays so (F5)."""
    shown = proof("01-20T10:00", rejected_at=at("02-02T10:00"))
    assert assessed(shown, as_of="02-02T09:59") == [
        ("met", at("01-20T10:00")),
        *[("running", None)] * 2,
    ]
    assert assessed(shown, as_of="02-02T10:00")[0] == ("missed", None)
    again = proof("02-03T10:00")
    assert assessed(shown, again, as_of="02-04T10:00")[0] == ("missed", at("02-03T10:00"))


# Recurring ----------------------------------------------------------------------------------------


def test_the_dates_are_counted_from_the_first() -> None:
    assert list(occurrences(MONTHLY, date(2027, 4, 30))) == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
    ]
    assert list(occurrences(MONTHLY, FIRST)) == []
    once = Recurring("plan", "supplier", "plan", FIRST, None)
    assert list(occurrences(once, date(2040, 1, 1))) == [FIRST]


@given(seeds)
def test_every_evidence_proves_at_most_one_date_and_none_before_its_turn(seed: int) -> None:
    random = Random(seed)
    evidence = [
        Evidence(
            "report",
            (happened := START + random.randrange(120 * DAY)),
            happened + random.choice((0, 15 * MINUTE, 15 * MINUTE + 1, 40 * DAY)),
            random.choice((None, None, None, FIRST, date(2027, 2, 28))),
            random.choice(("supplier", "customer")),
            random.choice((None, None, happened + 50 * DAY)),
        )
        for _ in range(random.randrange(5))
    ]
    as_of = START + random.randrange(150 * DAY)
    found = assess_recurring(MONTHLY, evidence, UTC, date(2027, 5, 1), as_of)
    assert [each.on for each in found] == list(occurrences(MONTHLY, date(2027, 5, 1)))
    usable = [each for each in evidence if max(each.happened_at, each.recorded_at) <= as_of]
    from_when = sorted(each.counts_at("supplier", as_of) for each in usable)
    taken = sorted(each.satisfied_at for each in found if each.satisfied_at is not None)
    assert all(from_when.count(moment) >= taken.count(moment) for moment in taken)
    named = {each.for_on for each in usable}
    for before, each in zip([None, *found], found, strict=False):
        assert each.due_at == due_on(UTC, each.on)
        if each.satisfied_at is None:
            assert each.state == ("missed" if as_of > each.due_at else "running")
        else:
            assert each.state == ("missed" if each.satisfied_at > each.due_at else "met")
            assert each.on in named or before is None or each.satisfied_at > before.due_at
        assert each.on not in named or each.satisfied_at is not None


def test_in_time_late_and_not_at_all() -> None:
    january, february = at("01-20T10:00"), at("03-02T10:00")
    assert assessed(proof("01-20T10:00"), proof("03-02T10:00")) == [
        ("met", january),
        ("missed", february),
        ("running", None),
    ]
    assert assessed(as_of="04-01T00:00") == [("missed", None), ("missed", None), ("running", None)]
    assert assessed(as_of="04-01T00:00:00.000001")[2] == ("missed", None)


def test_evidence_of_another_clause_proves_nothing() -> None:
    other = Evidence("training", at("01-20T10:00"), at("01-20T10:00"))
    assert assessed(other)[0] == ("missed", None)


def test_at_the_very_end_of_the_date() -> None:
    assert assessed(proof("02-01T00:00"))[0] == ("met", at("02-01T00:00"))
    assert assessed(proof("02-01T00:00:00.000001"))[0][0] == "missed"


def test_the_same_report_twice_is_not_the_next_one() -> None:
    twice = assessed(proof("01-20T10:00"), proof("01-21T10:00"))
    assert twice == [("met", at("01-20T10:00")), ("missed", None), ("running", None)]
    exactly = assessed(proof("01-20T10:00"), proof("02-01T00:00"))
    assert exactly[1] == ("missed", None)
    next_turn = assessed(proof("01-20T10:00"), proof("02-01T00:00:00.000001"))
    assert next_turn[1] == ("met", at("02-01T00:00:00.000001"))


def test_evidence_that_names_its_date() -> None:
    early = proof("01-20T10:00", for_on=date(2027, 2, 28))
    again = proof("01-25T10:00", for_on=date(2027, 2, 28))
    assert assessed(again, early)[:2] == [("missed", None), ("met", at("01-20T10:00"))]


def test_an_afterthought_of_who_promised_waits_for_confirmation() -> None:
    late = {"recorded_at": at("02-05T10:00")}
    assert assessed(proof("01-20T10:00", **late))[0] == ("missed", at("02-05T10:00"))
    confirmed = proof("01-20T10:00", confirmed_at=at("03-10T00:00"), **late)
    assert assessed(confirmed)[0] == ("met", at("01-20T10:00"))
    assert assessed(confirmed, as_of="03-09T00:00")[0] == ("missed", at("02-05T10:00"))
    theirs = proof("01-20T10:00", recorded_by="customer", **late)
    assert assessed(theirs)[0] == ("met", at("01-20T10:00"))
    quarter = Evidence("report", at("01-31T23:50"), at("01-31T23:50") + 15 * MINUTE)
    assert assessed(quarter)[0] == ("met", at("01-31T23:50"))
    unknown = assessed(proof("01-20T10:00", **late), as_of="02-05T09:59")
    assert unknown[0] == ("missed", None)


# Deliveries ---------------------------------------------------------------------------------------


def step(clause: str, promisor: str, day: int, *after: str) -> Delivery:
    return Delivery(clause, promisor, date(2027, 1, day), after)


def done(clause: str, text: str) -> Evidence:
    return Evidence(clause, at(text), at(text))


def dated(
    steps: list[Delivery], *evidence: Evidence, as_of: str = "02-10T00:00"
) -> dict[str, Dated]:
    return dict(assess_deliveries(steps, evidence, UTC, at(as_of)))


@given(seeds)
def test_a_step_moves_by_the_days_of_others_along_its_longest_chain(seed: int) -> None:
    random = Random(seed)
    names = "abcdef"[: random.randrange(1, 7)]
    steps = [
        Delivery(
            name,
            random.choice(("supplier", "customer", "third_party")),
            date(2027, 1, 1) + timedelta(days=random.randrange(20)),
            tuple(random.sample(names[:place], random.randrange(min(place, 2) + 1))),
        )
        for place, name in enumerate(names)
    ]
    evidence = [
        Evidence(name, when := START + random.randrange(40) * DAY + random.choice((0, HOUR)), when)
        for name in names
        if random.random() < 0.7
    ]
    as_of = START + random.randrange(50) * DAY + HOUR
    random.shuffle(steps)
    found = assess_deliveries(steps, evidence, UTC, as_of)
    assert set(found) == set(names)
    for each in steps:
        moved = found[each.clause]
        chains = []
        for clause in each.after:
            earlier = found[clause]
            end = as_of if earlier.satisfied_at is None else earlier.satisfied_at
            # whole days after its end, begun ones counted whole
            late = (
                max(0, -(-(end - earlier.due_at) // DAY))
                if earlier.promisor != each.promisor
                else 0
            )
            chains.append(sum(delay.days for delay in earlier.delays) + late)
        assert (moved.on - each.due_on).days == max(chains, default=0)
        assert sum(delay.days for delay in moved.delays) == max(chains, default=0)
        assert all(delay.days > 0 for delay in moved.delays)
        for delay in moved.delays:
            assert found[delay.because].promisor == delay.party
        assert moved.due_at == due_on(UTC, moved.on)


def test_the_other_sides_late_step_moves_ours_and_our_own_does_not() -> None:
    steps = [step("data", "customer", 8), step("live", "supplier", 18, "data")]
    found = dated(steps, done("data", "01-13T11:00"), done("live", "01-24T00:00"))
    assert (found["data"].state, found["data"].delays) == ("missed", ())
    assert (found["live"].on, found["live"].state) == (date(2027, 1, 23), "met")
    assert found["live"].delays == (Delay(5, "data", "customer"),)
    own = [step("build", "supplier", 8), step("live", "supplier", 18, "build")]
    assert dated(own, done("build", "01-13T11:00"))["live"].on == date(2027, 1, 18)


def test_done_at_the_very_end_of_its_date_is_no_day_late() -> None:
    steps = [step("data", "customer", 8), step("live", "supplier", 18, "data")]
    assert dated(steps, done("data", "01-09T00:00"))["live"].delays == ()
    assert dated(steps, as_of="01-09T00:00")["live"].delays == ()
    after = dated(steps, done("data", "01-09T00:00:00.000001"))["live"]
    assert after.delays == (Delay(1, "data", "customer"),)
    two = dated(steps, as_of="01-10T00:00:00.000001")["live"]
    assert two.delays == (Delay(2, "data", "customer"),)


def test_the_first_evidence_of_a_step_counts() -> None:
    steps = [step("data", "customer", 8)]
    found = dated(steps, done("data", "01-13T11:00"), done("data", "01-07T11:00"))
    assert (found["data"].state, found["data"].satisfied_at) == ("met", at("01-07T11:00"))


def test_steps_in_a_circle_and_steps_that_are_not_there_are_refused() -> None:
    with pytest.raises(Refusal, match="deliveries a, b wait for each other in a circle"):
        dated(
            [step("a", "customer", 8, "b"), step("b", "supplier", 9, "a"), step("c", "supplier", 1)]
        )
    with pytest.raises(Refusal, match="a waits for x, y: there is no such delivery"):
        dated([step("a", "customer", 8, "x", "c", "y"), step("c", "supplier", 1)])


# Open terms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filled", "as_of", "state", "satisfied"),
    [
        (None, "01-31T12:00", "running", False),
        (None, "02-01T00:00", "running", False),
        (None, "02-01T00:00:01", "missed", False),
        ("02-01T00:00", "02-10T00:00", "met", True),
        ("02-01T00:00:01", "02-10T00:00", "missed", True),
        ("02-05T00:00", "02-04T00:00", "missed", False),
        ("01-31T12:00", "01-31T12:00", "met", True),
    ],
)
def test_filling_in_an_open_term(
    filled: str | None,
    as_of: str,
    state: str,
    satisfied: bool,  # noqa: FBT001 - a row of the table
) -> None:
    term = OpenTerm("desk-p1", "solve", FIRST, None)
    filled_at = None if filled is None else at(filled)
    found = fill_in(term, filled_at, UTC, at(as_of))
    assert (found.clause, found.promisor, found.on) == ("desk-p1", "both", FIRST)
    assert (found.state, found.due_at) == (state, at("02-01T00:00"))
    assert found.satisfied_at == (filled_at if satisfied else None)


def test_whose_promise_and_which() -> None:
    (each,) = assess_recurring(MONTHLY, [], UTC, date(2027, 2, 1), at("01-01T00:00"))
    assert (each.clause, each.promisor, each.delays) == ("report", "supplier", ())
    found = dated([step("data", "customer", 8)])["data"]
    assert (found.clause, found.promisor) == ("data", "customer")


def test_evidence_counts_at_the_moment_at_which_it_is_known() -> None:
    assert assessed(proof("01-20T10:00"), as_of="01-20T10:00")[0] == ("met", at("01-20T10:00"))
    assert assessed(proof("01-20T10:00"), as_of="01-20T09:59")[0] == ("running", None)
    twice = assessed(proof("01-20T10:00"), proof("01-20T10:00"))
    assert twice[:2] == [("met", at("01-20T10:00")), ("missed", None)]
    later = proof("01-20T10:00", recorded_at=at("01-20T10:05"))
    assert assessed(later, proof("01-20T10:00"))[0] == ("met", at("01-20T10:00"))


def test_an_afterthought_of_a_step_waits_too() -> None:
    late = Evidence("data", at("01-07T11:00"), at("01-12T11:00"))
    ours = dated([step("data", "supplier", 8)], late)["data"]
    assert (ours.state, ours.satisfied_at) == ("missed", at("01-12T11:00"))
    theirs = dated([step("data", "customer", 8)], late)["data"]
    assert (theirs.state, theirs.satisfied_at) == ("met", at("01-07T11:00"))


def test_days_are_those_of_the_agreements_zone() -> None:
    apia = zone_of("Pacific/Apia")  # its 8 January ends on the 8th at 11:00 in UTC
    steps = [step("data", "customer", 8), step("live", "supplier", 18, "data")]
    in_time = assess_deliveries(steps, [done("data", "01-08T11:00")], apia, at("02-10T00:00"))
    assert (in_time["data"].state, in_time["live"].delays) == ("met", ())
    late = assess_deliveries(steps, [done("data", "01-08T11:30")], apia, at("02-10T00:00"))
    assert late["live"].delays == (Delay(1, "data", "customer"),)
