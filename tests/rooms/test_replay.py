"""A log under a contract: every figure of a replay can be reckoned by hand, and one bad ticket
spoils nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.engine.clock import Clock
from afspraak.engine.facts import settle
from afspraak.engine.figures import Maintenance, Outage, Tally, tally
from afspraak.engine.terms import Amount, Band, Relief
from afspraak.engine.time import HOUR, MINUTE, SECOND, ServiceTime
from afspraak.reports.as_json import as_json
from afspraak.reports.compare import compare
from afspraak.reports.contracts import Contract, stretched
from afspraak.reports.cube import FARTHEST, Key
from afspraak.reports.replay import Logged, Replay, replay
from afspraak.reports.rows import turns_of
from afspraak.reports.uptimes import ServiceLog
from afspraak.reports.view_unjudged import Provenance
from tests.rooms.small_log import ALWAYS, CONTRACT, CREDIT, HOURS, SPAN, TERMS, UP, at, logs, ticket

SOLVE, REPLY = (0, "solve"), (0, "reply")
KEPT = ticket("kept", "03-02 09:00 reported", "03-02 13:00 solved")
LATE = ticket("late", "03-02 09:00 reported", "03-02 16:30 solved")


def replayed(*tickets: Logged, contract: Contract = CONTRACT, **wishes: object) -> Replay:
    return replay([contract], tickets, span=SPAN, **wishes)[0]  # type: ignore[arg-type]


def counts(found: Replay, place: tuple[int, str] = SOLVE) -> Tally:
    return found.cube.total([place]).tally


# Verdicts --------------------------------------------------------------------------------------


def test_a_promise_is_counted_by_what_became_of_it() -> None:
    found = replayed(
        KEPT,
        LATE,
        ticket("open", "04-03 11:00 reported"),
        ticket("frozen", "04-03 10:30 reported", "04-03 11:00 question to=customer id=q"),
        ticket("void", "03-03 09:00 reported", "03-03 10:00 voided why=spam"),
    )
    assert counts(found) == Tally(met=1, missed=1, running=1, paused=1, void=1)
    assert found.tickets == 5
    assert found.unjudged == ()


def test_what_if_judges_outside_the_contracts_own_dates() -> None:
    """The contract begins in 2027; the log is of 2026."""
    assert counts(replayed(KEPT)).met == 1


def test_counts_stand_by_the_fields_that_the_rule_saw() -> None:
    found = replayed(
        KEPT,
        ticket("p1", "03-02 09:00 reported", "03-02 13:00 solved", priority="P1"),
        ticket("print", "03-02 09:00 reported", "03-02 13:00 solved", service="print"),
    )
    assert found.cube.by([SOLVE], lambda key: key.field("priority")) == {
        "P2": Tally(met=2),
        "P1": Tally(missed=1),
    }
    assert found.cube.by([SOLVE], lambda key: key.field("level")) == {
        "gold": Tally(met=1, missed=1),
        "bronze": Tally(met=1),
    }


def test_a_verdict_belongs_to_the_month_in_which_it_was_due() -> None:
    """Reported on Tuesday 31 March at 15:00 (the clocks have changed), due on 1 April at 11:00."""
    lines = ("03-31 14:00 reported", "03-31 14:30 solved")
    found = replayed(ticket("eve", *lines))
    months = found.cube.by([SOLVE], lambda key: key.due_on and key.due_on.month)
    assert months == {4: Tally(met=1)}


def test_a_moment_before_the_end_knows_nothing_of_later_facts() -> None:
    found = replayed(LATE, ticket("later", "03-05 09:00 reported"), as_of=at("03-02 11:00"))
    assert counts(found) == Tally(running=1)
    assert (found.tickets, found.unreported) == (2, 1)


# Whose turn ------------------------------------------------------------------------------------


def test_the_time_is_told_by_whose_turn_it_was() -> None:
    found = replayed(
        ticket(
            "waits",
            "03-02 09:00 reported",
            "03-02 10:00 question to=customer id=a",
            "03-02 11:00 question to=customer id=b",
            "03-02 12:00 answer of=a by=customer",
            "03-02 13:00 answer of=b by=customer",
            "03-03 10:00 solved",
        )
    )
    turns = found.cube.total([SOLVE]).turns
    assert turns.customer == 3 * HOUR, "overlapping questions count once"
    assert turns.supplier == 4 * HOUR, "one hour before the question, three after it"
    assert turns.late == 2 * HOUR, "16:00-17:00 and 09:00-10:00"
    assert counts(found, REPLY) == Tally(met=2)


@given(logs())
def test_whose_turn_adds_up_to_what_the_clock_spent(logged: Logged) -> None:
    clock = Clock(TERMS.promises[0], TERMS.fields, HOURS)
    for each in clock.assess(settle(logged.facts, SPAN[1])):
        turns = turns_of(each, clock.hours)
        assert isinstance(each.spent, ServiceTime)
        stops = turns.customer + turns.acceptance
        running = turns.supplier + turns.late
        assert running == each.spent.microseconds
        assert turns.total == clock.hours.elapsed(each.start_at, each.end_at) == running + stops


@settings(max_examples=60)  # each lays out calendars of three years
@given(st.lists(logs(), max_size=5))
def test_the_cube_counts_as_the_law_does(tickets: Sequence[Logged]) -> None:
    clock = Clock(TERMS.promises[0], TERMS.fields, HOURS)
    plain = replace(CONTRACT, terms=replace(TERMS, reliefs=()))
    assessed = [each for one in tickets for each in clock.assess(settle(one.facts, SPAN[1]))]
    assert counts(replayed(*tickets, contract=plain)) == tally(assessed)


# The distribution, arrivals, the worst -----------------------------------------------------------


@pytest.mark.parametrize(
    ("solved", "bar"),
    [("09:24", 0), ("09:25", 1), ("13:00", 9), ("13:01", 10), ("16:59", 19)],
)
def test_a_bar_is_a_tenth_of_the_target_and_exactly_in_time_is_in_time(
    solved: str, bar: int
) -> None:
    found = replayed(ticket("one", "03-02 09:00 reported", f"03-02 {solved} solved"))
    assert set(found.spread.bars([SOLVE])) == {bar}


def test_the_last_bar_holds_all_beyond() -> None:
    found = replayed(ticket("one", "03-02 09:00 reported", "03-27 09:00 solved"))
    assert set(found.spread.bars([SOLVE])) == {FARTHEST}


def test_arrivals_stand_in_local_time_with_their_misses() -> None:
    hours = replayed(KEPT, LATE).arrivals.hours
    assert {place: (each.tickets, each.missed) for place, each in hours.items()} == {
        (date(2026, 3, 2), 9): (2, 1)
    }


def test_the_worst_are_the_latest_in_service_time() -> None:
    later = ticket("later", "03-06 09:00 reported", "03-09 12:00 solved")
    found = replay([CONTRACT], [LATE, later, KEPT], span=SPAN)[0]
    assert [(each.id, each.late) for each in found.worst] == [
        ("later", 7 * HOUR),
        ("late", 3 * HOUR + 30 * MINUTE),
    ]


# What gets no verdict ----------------------------------------------------------------------------


def test_one_bad_ticket_spoils_nothing_and_is_listed() -> None:
    found = replayed(
        KEPT,
        ticket("p9", "03-02 09:00 reported", priority="P9"),
        Logged("broken", "", (), "voided: why?"),
        ticket("cloud", "03-02 09:00 reported", service="cloud"),
        LATE,
    )
    assert counts(found) == Tally(met=1, missed=1)
    assert [(each.ticket, each.clause, each.why) for each in found.unjudged] == [
        ("p9", "solve", "unknown_priority"),
        ("broken", "", "unreadable"),
        ("cloud", "solve", "unknown_service"),
    ]
    assert "P9" in found.unjudged[0].told


def test_fields_that_a_contract_does_not_know_may_be_assumed_and_only_those() -> None:
    tickets = (
        ticket("p9", "03-02 09:00 reported", "03-02 13:00 solved", priority="P9"),
        ticket("p1", "03-02 09:00 reported", "03-02 13:00 solved", priority="P1"),
    )
    found = replayed(*tickets, assumed={"priority": "P2"})
    assert counts(found) == Tally(met=1, missed=1)
    assert found.assumed == {"priority": "P2"}


def test_each_customers_ticket_runs_under_its_own_contract() -> None:
    slow = replace(TERMS.promises[0], rules=TERMS.promises[0].rules[2:3])
    other = replace(
        CONTRACT,
        terms=replace(
            TERMS, id="be-2", promises=(replace(slow, rules=(replace(slow.rules[0], when={}),)),)
        ),
        customers=frozenset(("sol",)),
    )
    own = replace(CONTRACT, customers=frozenset(("jansen",)))
    tickets = [replace(LATE, customer=name) for name in ("Jansen", "SOL", "Pieters", "")]
    found = replay([own, other], tickets, span=SPAN)[0]
    assert counts(found) == Tally(missed=1)
    assert counts(found, (1, "solve")) == Tally(met=1)
    assert [each.why for each in found.unjudged] == ["no_contract", "no_customer"]


# Strict ------------------------------------------------------------------------------------------


def test_strictly_a_ticket_outside_the_term_is_not_covered() -> None:
    found = replayed(LATE, strict=True)
    assert counts(found) == Tally()
    assert [each.why for each in found.unjudged] == ["outside"]


def in_force(from_on: date = date(2026, 3, 1), **changes: object) -> Contract:
    calendars = {
        name: each.over((date(2026, 3, 1), date(2026, 4, 1)))
        for name, each in TERMS.calendars.items()
    }
    terms = replace(TERMS, from_on=from_on, until_on=date(2026, 4, 1), calendars=calendars)
    return replace(CONTRACT, terms=terms, **changes)  # type: ignore[arg-type]


def test_strictly_a_ticket_before_the_last_signature_is_not_covered() -> None:
    signed = in_force(signed_at=at("03-02 09:30"))
    before = ticket("before", "03-02 09:15 reported", "03-02 10:00 solved")
    after = ticket("after", "03-02 09:45 reported", "03-02 10:00 solved")
    found = replayed(before, after, contract=signed, strict=True)
    assert counts(found) == Tally(met=1)
    assert [(each.ticket, each.why) for each in found.unjudged] == [("before", "outside")]


def test_strictly_nothing_is_judged_beyond_a_calendars_cover() -> None:
    eve = ticket("eve", "03-31 15:00 reported")
    found = replayed(eve, contract=in_force(), strict=True)
    assert [each.why for each in found.unjudged] == ["uncovered"]
    assert counts(replayed(eve, contract=in_force())).missed == 1, "a what-if goes on"


def test_a_version_for_open_tickets_keeps_what_was_missed() -> None:
    old = in_force()
    newer = replace(
        old.terms,
        version="2",
        version_from_on=date(2026, 3, 3),
        open_tickets=True,
        promises=(
            replace(TERMS.promises[0], rules=(replace(TERMS.promises[0].rules[2], when={}),)),
        ),
    )
    tickets = [
        ticket("missed", "03-02 09:00 reported", "03-03 12:00 solved"),
        ticket("open", "03-02 15:00 reported", "03-03 16:00 solved"),
    ]
    found = replay([old, replace(old, terms=newer)], tickets, span=SPAN, strict=True)[0]
    assert counts(found, (1, "solve")) == Tally(met=1, missed=1)


# Periods and money -------------------------------------------------------------------------------

MARCH = [
    ticket(f"m{day}", f"03-{day:02} 09:00 reported", f"03-{day:02} 10:00 solved")
    for day in (2, 3, 4)
]


def test_a_period_is_judged_by_the_scope_that_the_clause_names() -> None:
    printer = ticket("print", "03-02 09:00 reported", "03-02 10:00 solved", service="print")
    found = replayed(*MARCH, LATE, printer)
    judged = {(str(each.period), each.scope): each.kept for each in found.accounts.judgements}
    assert judged == {("2026-03", "mail"): False, ("2026-03", "print"): True}


def test_a_credit_is_the_band_of_the_judged_share_on_the_fee_of_the_service() -> None:
    """Three of four for mail: below 90 %, so 5 % of EUR 100."""
    found = replayed(*MARCH, LATE)
    assert found.accounts.owed() == Decimal("5.00")
    (bill,) = (each.bill for each in found.accounts.bills)
    assert bill is not None
    assert bill.exact == Fraction(5)


def test_a_period_that_goes_on_owes_nothing_yet() -> None:
    found = replayed(ticket("april", "04-01 09:00 reported", "04-02 16:00 solved"))
    (bill,) = found.accounts.bills
    assert bill.bill is not None
    assert bill.bill.exact == Fraction(10)
    assert not bill.is_over
    assert found.accounts.owed() == Decimal("0.00")


def test_a_miss_is_relieved_where_the_customer_was_late_first() -> None:
    relieved = ticket(
        "relieved",
        "03-02 09:00 reported",
        "03-02 10:00 question to=customer id=q",
        "03-04 10:00 answer of=q by=customer",
        "03-05 09:30 solved",
    )
    found = replayed(relieved, *MARCH)
    assert counts(found) == Tally(met=3, missed=1, relieved=1)
    assert found.accounts.owed() == Decimal("0.00"), "three of three count"


def test_a_miss_is_relieved_by_the_same_period_where_the_clause_says_so() -> None:
    monthly = replace(TERMS, reliefs=(Relief("relief", ("solve",), "reply", "same_period"),))
    slow = ticket("slow", "03-02 09:00 reported", "03-02 09:30 question to=customer id=q")
    early = ticket("early", "03-02 09:00 reported", "03-02 14:00 solved")
    late = ticket("late", "03-11 09:00 reported", "03-11 16:00 solved")
    found = replayed(early, late, slow, contract=replace(CONTRACT, terms=monthly))
    assert counts(found) == Tally(missed=2, relieved=1, paused=1), "due before and after their miss"


def test_a_fee_that_was_not_invoiced_is_said_and_not_guessed() -> None:
    bare = replace(CONTRACT, terms=replace(TERMS, monthly_fees={}))
    (bill,) = replayed(LATE, contract=bare).accounts.bills
    assert bill.bill is None
    assert "no fee of service mail" in bill.refused


def test_availability_is_judged_where_the_log_tells_of_services() -> None:
    """From 2 March on there are 719 hours (the clocks change); maintenance that no clause lets pass
    is downtime.
    """
    owed = replace(CREDIT, of="up", bands=(Band(Fraction(99, 100), Amount(part=Fraction(1, 10))),))
    terms = replace(TERMS, availabilities=(UP,), consequences=(owed,))
    down = Outage("mail", at("03-03 00:00"), at("03-04 00:00"))
    planned = Maintenance("mail", at("03-10 00:00"), at("03-10 02:00"), at("03-09 00:00"))
    log = ServiceLog([("", down)], [("", planned)], is_there=True)
    found = replayed(KEPT, contract=replace(CONTRACT, terms=terms), log=log)
    march = next(each for each in found.accounts.uptimes if str(each.period) == "2026-03")
    assert march.uptime is not None
    assert march.uptime.share == Fraction(719 - 26, 719), "since the log's first day"
    assert march.kept is False
    assert found.accounts.owed() == Decimal("10.00")


def test_availability_is_refused_where_the_calendar_does_not_cover_and_spoils_nothing() -> None:
    signed = in_force()
    short = {
        **signed.terms.calendars,
        "always": ALWAYS.over((WEEK_TWO, date(2026, 4, 1))),
    }
    terms = replace(signed.terms, availabilities=(UP,), calendars=short)
    found = replayed(
        KEPT, contract=replace(signed, terms=terms), strict=True, log=ServiceLog(is_there=True)
    )
    (march,) = found.accounts.uptimes
    assert march.uptime is None
    assert "calendar always has no answer" in march.refused
    assert counts(found).met == 1


WEEK_TWO = date(2026, 3, 9)


# Against, JSON -----------------------------------------------------------------------------------


def test_a_comparison_shows_the_difference_per_customer_and_promise() -> None:
    strict_rules = (replace(TERMS.promises[0].rules[0], target=ServiceTime(HOUR)),)
    other = replace(
        CONTRACT,
        terms=replace(
            TERMS,
            id="be-2",
            promises=(replace(TERMS.promises[0], clause="fix", rules=strict_rules),),
        ),
    )
    tickets = [replace(KEPT, customer="A"), replace(LATE, customer="B")]
    first, second = replay([CONTRACT], tickets, span=SPAN, against=[other])
    assert second is not None
    found = compare(first, second)
    told = {(each.customer, each.measure): (each.this, each.other) for each in found.differences}
    assert told["", "resolution"] == (Tally(met=1, missed=1), Tally(missed=2))
    assert told["A", "resolution"] == (Tally(met=1), Tally(missed=1))
    assert [(each.customer, each.this, each.other) for each in found.credits] == [
        ("", Decimal("5.00"), Decimal("0.00"))
    ]


def test_the_json_is_exact_and_plain() -> None:
    found = replayed(*MARCH, LATE, ticket("p9", "03-02 09:00 reported", priority="P9"))
    told = json.loads(json.dumps(as_json(found, Provenance("log", "cd" * 32))))
    solve = next(each for each in told["promises"] if each["clause"] == "solve")
    assert solve["share"] == {"exact": "3/4", "percent": "75 %"}
    assert solve["by"]["level"]["gold"]["counts"]["missed"] == 1
    assert solve["by_month"]["2026-03"]["counts"]["met"] == 3
    assert solve["turns"]["late"] == (3 * HOUR + 30 * MINUTE) // SECOND
    assert told["owed"]["credit"] == "5.00"
    assert told["what_if"] is True
    assert [each["ticket"] for each in told["refused"]] == ["p9"]
    assert told["worst"][0]["stretches"][-1]["why"] == "late"
    assert told["contracts"][0]["sha256"] == "ab" * 32


def test_a_key_tells_its_fields() -> None:
    key = Key(0, "solve", "A", (("priority", "P1"),), None)
    assert (key.field("priority"), key.field("customer"), key.field("site")) == ("P1", "A", "")


def test_calendars_are_stretched_and_never_shortened() -> None:
    wide = stretched(TERMS, (date(2026, 1, 1), date(2028, 1, 1)))
    assert wide["always"].cover == (date(2026, 1, 1), date(2030, 1, 1))
    assert wide["always"].week == ALWAYS.week
