"""`infer` finds the promise that was hidden in a log, says how sure it is, and proposes targets."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.engine.hours import Hours as EngineHours
from afspraak.engine.hours import lay_out
from afspraak.engine.time import HOUR, ServiceTime, WorkingDays
from afspraak.sourcing.infer import Inferred, infer
from afspraak.sourcing.infer_achieved import measured, usual_hours
from afspraak.sourcing.infer_closed import public_holidays, silent_dates
from afspraak.sourcing.infer_contract import duration, week_text
from afspraak.sourcing.infer_cuts import cut_agreements, lanes, mode_agreements, plateaus
from afspraak.sourcing.infer_ground import Ground, Rule, Unit, merged
from afspraak.sourcing.infer_hours import ALWAYS, DAY_SECONDS, Dates, Hours, on_days
from afspraak.sourcing.infer_judge import Kind
from afspraak.sourcing.infer_load import Loaded
from afspraak.sourcing.infer_log import MISSING, SECOND, Key, Recorded, Waits, pick
from afspraak.sourcing.infer_propose import (
    cases_needed,
    lower_bound,
    proposal,
    rounded_up,
    safe_rank,
)
from afspraak.sourcing.infer_remainder import contradictions
from afspraak.sourcing.infer_report import as_json, proposals_json, summary
from afspraak.sourcing.infer_targets import cut_target
from afspraak.sourcing.infer_weeks import lunches, normal, shifted
from tests.rooms.hidden_promise import Hidden, calendar, due_instant, hours_of, make_log
from tests.rooms.real_incidents import read_incidents

OFFICE = {"mon-fri": "08:00-18:00"}
TARGETS = {"P1": hours_of(4), "P2": hours_of(8), "P3": hours_of(20), "P4": hours_of(40)}
FEW = {"zones": ("Europe/Amsterdam",), "countries": ("NL", "BE")}
LOG = Path(__file__).parents[3] / "shared" / "data" / "incident_event_log.zip"


def dutch_holidays() -> frozenset[date]:
    first = date(2022, 1, 1).toordinal() - date(1970, 1, 1).toordinal()
    days = public_holidays(("NL",), first, 4 * 366)["NL"]
    return frozenset(date.fromordinal(day + date(1970, 1, 1).toordinal()) for day in days)


def bare(log: Recorded) -> Loaded:
    return Loaded(log, {}, {}, {})


def found_in(log: Recorded, kind: Kind = Kind.OUTCOMES) -> Inferred:
    found = infer(log, kind=kind, **FEW)
    assert found is not None
    return found


def targets_of(found: Inferred) -> dict[str, str]:
    return {
        line.label: duration(line.target.value, line.target.unit) for line in found.promise.lines
    }


# Hidden promises -------------------------------------------------------------------------------


@pytest.mark.long
def test_office_hours_with_a_pause_are_found_again():
    hidden = Hidden(OFFICE, TARGETS, pauses=("Pending customer",), noise=0.005)
    found = found_in(make_log(hidden, 3000, seed=5))
    rule = found.promise.rule
    assert (rule.start, rule.end, rule.waits) == (
        "reported",
        "first Resolved",
        {"Pending customer"},
    )
    assert week_text(rule.hours.week) == {"mon-fri": ["08:00-18:00"]}
    assert rule.hours.zone == "Europe/Amsterdam"
    assert targets_of(found) == {"P1": "PT4H", "P2": "PT8H", "P3": "PT20H", "P4": "PT40H"}
    assert found.agree >= 0.99 * found.total


@pytest.mark.long
def test_a_lunch_break_and_public_holidays_are_found_again():
    week = {"mon-fri": "08:30-12:00,13:00-17:30"}
    hidden = Hidden(week, TARGETS, closed=dutch_holidays(), noise=0.005)
    found = found_in(make_log(hidden, 3000, seed=5, declared="Europe/Amsterdam"))
    hours = found.promise.rule.hours
    assert week_text(hours.week) == {"mon-fri": ["08:30-12:00", "13:00-17:30"]}
    assert hours.closed == "NL"
    assert found.promise.rule.waits == frozenset()
    assert targets_of(found) == {"P1": "PT4H", "P2": "PT8H", "P3": "PT20H", "P4": "PT40H"}


def test_clock_time_with_two_pauses_is_found_again():
    pauses = ("Pending customer", "Pending supplier")
    hidden = Hidden({"mon-sun": "00:00-24:00"}, TARGETS, zone="UTC", pauses=pauses, noise=0.005)
    found = found_in(make_log(hidden, 1500, seed=2))
    assert found.promise.rule.waits == set(pauses)
    assert {line.target.unit for line in found.promise.lines} == {Unit.CLOCK}
    report = as_json(found, bare(make_log(hidden, 1500, seed=2)))
    assert report["contract"]["calendars"]["always"]["week"] == {"mon-sun": ["00:00-24:00"]}


@pytest.mark.long
def test_working_days_up_to_the_last_solution_are_found_again():
    days = {"P1": WorkingDays(1), "P2": WorkingDays(2), "P3": WorkingDays(5)}
    hidden = Hidden({"mon-fri": "09:00-17:00"}, days, ends="last Resolved", noise=0.005)
    found = found_in(make_log(hidden, 2500, seed=5, declared="Europe/Amsterdam"))
    assert found.promise.rule.end == "last Resolved"
    assert targets_of(found) == {
        "P1": "1 working day",
        "P2": "2 working days",
        "P3": "5 working days",
    }
    assert found.hours_alike.closes == (17 * 60, 17 * 60)
    assert found.hours_alike.opens[0] < 9 * 60 < found.hours_alike.opens[1]


@pytest.mark.long
def test_three_kinds_of_duration_side_by_side_are_found_again():
    mixed = {"P1": hours_of(2), "P2": hours_of(6), "P3": WorkingDays(3)}
    always = {"P1": {"mon-sun": "00:00-24:00"}}
    hidden = Hidden({"mon-fri": "07:30-17:00"}, mixed, noise=0.005, own_week=always)
    found = found_in(make_log(hidden, 3000, seed=5, declared="Europe/Amsterdam"))
    assert [line.target.unit for line in found.promise.lines] == [
        Unit.CLOCK,
        Unit.SERVICE,
        Unit.DAYS,
    ]
    assert targets_of(found) == {"P1": "PT2H", "P2": "PT6H", "P3": "3 working days"}
    assert week_text(found.promise.rule.hours.week) == {"mon-fri": ["07:30-17:00"]}


@pytest.mark.long
def test_a_closure_of_the_company_is_found_in_the_records():
    shut = frozenset(date(2023, 7, day) for day in range(24, 29))
    hidden = Hidden({"mon-fri": "09:00-17:00"}, TARGETS, closed=shut)
    log = make_log(hidden, 3000, seed=5, declared="Europe/Amsterdam")
    found = found_in(log)
    assert found.agree == found.total
    (calendar_found,) = as_json(found, bare(log))["contract"]["calendars"].values()
    assert calendar_found["closed"] == [each.isoformat() for each in sorted(shut)]


@pytest.mark.long
def test_recorded_deadlines_are_explained_to_the_second():
    hidden = Hidden(
        {"mon-fri": "08:30-17:30"},
        {"P1": hours_of(4), "P2": hours_of(20), "P3": WorkingDays(3)},
        closed=dutch_holidays(),
        pauses=("Pending customer", "On hold"),
    )
    log = make_log(hidden, 1500, seed=5, deadlines=True)
    assert infer(log, kind=Kind.OUTCOMES, **FEW) is None
    found = found_in(log, Kind.DEADLINES)
    assert (found.agree, found.exact, found.total) == (1500, 1500, 1500)
    assert targets_of(found) == {"P1": "PT4H", "P2": "PT20H", "P3": "3 working days"}
    assert found.promise.rule.waits == {"Pending customer", "On hold"}
    assert found.promise.rule.hours.closed == "NL"


def test_a_log_that_kept_no_promise_apart_gives_no_more_than_its_bounds():
    hidden = Hidden(OFFICE, TARGETS)
    log = make_log(hidden, 300, seed=3, declared="Europe/Amsterdam")
    all_made = replace(log, made=np.ones(300, dtype=np.int64))
    found = found_in(all_made)
    assert found.agree == 300
    assert all(line.target.high is None for line in found.promise.lines)


@pytest.fixture(scope="module")
def noisy() -> tuple[Recorded, Inferred]:
    hidden = Hidden(OFFICE, TARGETS, noise=0.01)
    log = make_log(hidden, 1200, seed=9, declared="Europe/Amsterdam")
    return log, found_in(log)


def test_the_report_adds_up_and_can_be_written(noisy: tuple[Recorded, Inferred]):
    log, found = noisy
    report = as_json(found, bare(log))
    counts = report["confusion"]["all"]
    agree = counts["recorded_made"]["promise_kept"] + counts["recorded_missed"]["promise_missed"]
    assert report["agreement"] == {"agree": agree, "total": 1200}
    assert len(found.wrong) == 1200 - agree == report["remainder"]["disagreements"]
    assert report["remainder"]["contradict_every_contract"] <= 1200 - agree
    assert sum(report["disagreements_by_month"].values()) == 1200 - agree
    assert {each["aspect"] for each in report["tried"]} >= {"start", "end", "pauses", "calendar"}
    assert all(each["agree"] <= 1200 for each in report["tried"])
    assert any("service hours" in line for line in summary(found))
    proposed = proposals_json(measured(log, found.dates, found.promise))
    assert proposed[0]["targets"][0]["text"].endswith("with 95 % confidence")


def test_the_same_log_gives_the_same_answer(noisy: tuple[Recorded, Inferred]):
    log, found = noisy
    assert as_json(found_in(log), bare(log)) == as_json(found, bare(log))


# Against the law -------------------------------------------------------------------------------


def a_log(start: list[int], end: list[int], waits: list[tuple[int, int, int, int]]) -> Recorded:
    count = len(start)
    table = np.array(waits, dtype=np.int64).reshape(-1, 4)
    return Recorded(
        ids=tuple(str(row) for row in range(count)),
        keys={"": Key((), ((),), np.zeros(count, dtype=np.int64))},
        starts={"reported": np.array(start, dtype=np.int64)},
        ends={"solved": np.array(end, dtype=np.int64)},
        waits=Waits(("a", "b"), table[:, 0], table[:, 1], table[:, 2], table[:, 3]),
        made=np.ones(count, dtype=np.int64),
        due_at=np.full(count, MISSING),
        as_of=max(end),
    )


WEEKS: Mapping[str, Mapping[str, str]] = {
    "office": {"mon-fri": "08:30-17:30"},
    "lunch": {"mon-thu": "09:00-12:00,13:00-17:00", "sat": "10:00-12:00"},
    "night": {"mon-fri": "22:00-06:00"},
    "odd": {"mon": "06:00-24:00", "wed": "14:00-14:00", "sun": "23:00-01:00"},
}


@pytest.mark.parametrize(("name", "zone"), list(product(WEEKS, ("UTC", "Europe/Amsterdam"))))
def test_values_say_what_the_law_says(name: str, zone: str):
    """`value <= target` is `end <= due` by the engine, holidays and pauses included (T5-T7)."""
    random = Random(f"{name} {zone}")
    closed = frozenset(date(2023, 5, day) for day in (1, 10, 11, 18))
    hours = lay_out(calendar("c", zone, WEEKS[name], closed))
    base = int(datetime(2023, 4, 24, tzinfo=UTC).timestamp()) * SECOND
    minute = 60 * SECOND
    start = [base + random.randrange(20 * 1440) * minute for _ in range(400)]
    end = [at + random.randrange(1, 9 * 1440) * minute for at in start]
    waits = []
    for row in range(0, 400, 2):
        for state in (0, 0, 1):
            begun = start[row] + random.randrange(-600, 6000) * minute
            waits.append((row, state, begun, begun + random.randrange(3000) * minute))
    log = a_log(start, end, waits)
    first = base // (DAY_SECONDS * SECOND) - 20
    known = {"x": frozenset((each - date(1970, 1, 1)).days for each in closed)}
    ground = Ground(log, Dates(first, 80, known))
    spans = tuple(tuple((each.opens, each.closes) for each in day) for day in hours.calendar.week)
    rule = Rule("reported", "solved", "", frozenset({"a"}), Hours(spans, "x", zone))
    seen = ground.windows("reported", "solved", frozenset({"a"}))
    pauses: dict[int, list[tuple[int, int]]] = {row: [] for row in range(400)}
    for row, begun, done in zip(seen.row, seen.pause_from, seen.pause_until, strict=True):
        pauses[int(row)].append((int(begun) * SECOND, int(done) * SECOND))
    service, days = ground.values(rule, Unit.SERVICE), ground.values(rule, Unit.DAYS)
    for row in range(400):
        for target in (1, 3, 8, 9, 27, 40):
            due = due_instant(hours, start[row], ServiceTime(target * HOUR), pauses[row])
            assert (service[row] <= 2 * target * 3600) == (end[row] <= due), (row, target)
        for count in (1, 2, 4):
            due = due_instant(hours, start[row], WorkingDays(count), pauses[row])
            assert (days[row] <= count) == (end[row] <= due), (row, count)


# Parts -----------------------------------------------------------------------------------------

outcomes = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), st.booleans()), max_size=40)


@given(outcomes)
def test_the_best_cut_is_the_best_of_all_cuts(cases: list[tuple[int, int, bool]]):
    values, groups = (np.array([case[at] for case in cases], dtype=np.int64) for at in (0, 1))
    made = np.array([case[2] for case in cases], dtype=np.bool_)
    if not cases:
        return
    agree = cut_agreements(values, lanes(groups, made, 3), 0)
    for group in range(3):
        here, yes = values[groups == group], made[groups == group]
        tries = {cut: int(np.count_nonzero((here <= cut) == yes)) for cut in range(14)}
        assert agree[group] == max(tries.values())
        best, found = plateaus(here, yes, 0)
        assert best == max(tries.values())
        inside = {cut for cut in tries for span in found if _holds(span.low, span.high, cut)}
        assert inside == {cut for cut, count in tries.items() if count == best}


def _holds(low: int, high: int | None, cut: int) -> bool:
    return low <= cut and (high is None or cut < high)


@given(st.lists(st.tuples(st.integers(-1, 20), st.integers(0, 1)), min_size=1, max_size=40))
def test_the_mode_counts_the_fullest_window(cases: list[tuple[int, int]]):
    values, groups = (np.array([case[at] for case in cases], dtype=np.int64) for at in (0, 1))
    agree = mode_agreements(values, groups, 2, 3)
    for group in range(2):
        here = [value for value, at in cases if at == group and value >= 0]
        slow = max((sum(low <= value <= low + 3 for value in here) for low in here), default=0)
        assert agree[group] == slow


spans = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).map(sorted), max_size=6)


@given(spans, spans)
def test_contradictions_are_a_largest_matching(made: list[list[int]], missed: list[list[int]]):
    columns = [
        np.array(column, dtype=np.int64)
        for side in (made, missed)
        for column in ([span[0] for span in side], [span[1] for span in side])
    ]

    def largest(left: list[list[int]], free: frozenset[int]) -> int:
        if not left:
            return 0
        holds = (at for at in free if left[0][0] <= missed[at][0] and missed[at][1] <= left[0][1])
        taken = (1 + largest(left[1:], free - {at}) for at in holds)
        return max(largest(left[1:], free), *taken, 0)

    assert contradictions(*columns) == largest(made, frozenset(range(len(missed))))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(0, 20)), max_size=12))
def test_merged_spans_cover_the_same_minutes_once(cases: list[tuple[int, int, int]]):
    row, start, end = (np.array([case[at] for case in cases], dtype=np.int64) for at in range(3))
    found = list(zip(*(each.tolist() for each in merged(row, start, end)), strict=True))
    covered = {(at, minute) for at, begun, done in cases for minute in range(begun, done)}
    assert [(at, minute) for at, begun, done in found for minute in range(begun, done)] == sorted(
        covered
    )
    assert all(one[0] != two[0] or one[2] < two[1] for one, two in pairwise(found))


def test_a_rounder_target_is_taken_where_it_explains_as_much():
    hour = 7200
    values = np.array([3 * hour, 4 * hour - 200, 4 * hour + 900, 6 * hour], dtype=np.int64)
    made = np.array([True, True, False, False])
    target = cut_target(values, made, Unit.SERVICE, 8 * 3600, 2.0)
    assert (target.value, target.agree, target.best) == (4 * 3600, 4, 4)
    assert (target.low, target.high) == (4 * 3600 - 100, 4 * 3600 + 450)


def test_weeks_are_shifted_across_midnight_and_stay_whole():
    office = on_days(range(5), (8 * 60, 18 * 60))
    night = shifted(office, 14 * 60)
    assert night is not None
    assert week_text(night) == {"mon-fri": ["22:00-08:00"]}
    assert shifted(night, -14 * 60) == office
    assert normal([[(60, 120), (100, 200)], [], [], [], [], [], []]) == (((60, 200),), *((),) * 6)
    broken = next(lunches(office, (0,)))
    assert broken is not None
    assert week_text(broken) == {"mon-fri": ["08:00-10:00", "10:30-18:00"]}
    assert week_text(ALWAYS) == {"mon-sun": ["00:00-24:00"]}


def test_silent_dates_are_seen_among_busy_ones():
    days = [day for day in range(70) for _ in range(20)]
    wall = np.array([day * DAY_SECONDS for day in days if day not in {24, 25}], dtype=np.int64)
    assert silent_dates(wall) == {24, 25}


def test_only_recorded_tickets_are_picked_with_their_waits():
    log = a_log([0, 1, 2], [5, 6, 7], [(0, 0, 1, 2), (2, 1, 3, 4)])
    part = pick(log, np.array([2, 1]))
    assert part.ids == ("2", "1")
    assert part.waits.ticket.tolist() == [0]
    assert part.waits.state.tolist() == [1]


# Proposals -------------------------------------------------------------------------------------


def test_ninety_percent_with_confidence_needs_29_cases():
    share, sure = Fraction(9, 10), Fraction(19, 20)
    assert cases_needed(share, sure) == 29
    assert safe_rank(28, share, sure) is None
    assert safe_rank(29, share, sure) == 29
    assert safe_rank(100, share, sure) == 96  # as printed in tables of order-statistic bounds


@given(st.integers(1, 120))
def test_the_rank_is_the_least_that_is_safe(cases: int):
    share, sure = Fraction(9, 10), Fraction(19, 20)
    exact = [Fraction(0)] * (cases + 2)
    mass = (1 - share) ** cases
    masses = []
    for count in range(cases + 1):
        masses.append(mass)
        mass = mass * (cases - count) / (count + 1) * share / (1 - share)
    for count in range(cases, -1, -1):
        exact[count] = exact[count + 1] + masses[count]
    safe = [count for count in range(1, cases + 1) if exact[count] <= 1 - sure]
    assert safe_rank(cases, share, sure) == (safe[0] if safe else None)


def test_a_proposal_covers_what_it_says():
    spent = np.arange(1, 201, dtype=np.int64) * 300
    ended = np.ones(200, dtype=np.bool_)
    ended[:5] = False
    found = proposal("P1", spent, ended, Unit.SERVICE)
    assert found.value is not None
    assert found.value % 1800 == 0
    assert found.within >= 187
    assert found.at_least >= 0.9 > lower_bound(found.within - 8, 200, Fraction(19, 20))
    few = proposal("P2", spent[:20], ended[:20], Unit.DAYS)
    assert (few.value, few.needed) == (None, 29)


def test_targets_are_rounded_up_to_what_a_person_writes():
    assert [rounded_up(each) for each in (1, 301, 4000, 23_000, 50_000, 150_000)] == [
        300,
        600,
        4500,
        23_400,
        50_400,
        158_400,
    ]


def test_without_any_record_targets_come_from_the_usual_hours():
    log = make_log(Hidden(OFFICE, TARGETS), 800, seed=1, declared="Europe/Amsterdam")
    assert week_text(usual_hours(log).week) == {"mon-fri": ["08:00-18:00"]}
    dates = Dates(19_000, 1200, {})
    (by_priority, *_rest) = measured(log, dates, None)
    assert {each.label for each in by_priority.proposals} == set(TARGETS)


# The real log ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real_log() -> Recorded:
    if not LOG.exists():
        pytest.skip(f"DID NOT RUN: the real log is not at {LOG}")
    return read_incidents(LOG)


def test_the_promise_behind_the_real_log(real_log: Recorded):
    found = found_in(real_log)
    assert found.total == 24_918
    assert found.agree >= 0.998 * found.total
    assert by_the_law(real_log, found) == found.agree


def by_the_law(log: Recorded, found: Inferred) -> int:
    """The same contract on the engine's own calendar, ticket by ticket; it has no pauses."""
    rule = found.promise.rule
    assert not rule.waits
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    week = {
        names[day]: ",".join(
            week_text(tuple(spans if at == day else () for at in range(7)))[names[day]]
        )
        for day, spans in enumerate(rule.hours.week)
        if spans
    }
    dates = frozenset(
        date.fromordinal(day + date(1970, 1, 1).toordinal())
        for day in found.dates.closed.get(rule.hours.closed, ())
    )
    made_for: dict[str, EngineHours] = {}
    for zone in {rule.hours.zone or "UTC"}:
        cover = (date(2015, 1, 1), date(2019, 1, 1))
        made_for[""] = lay_out(calendar("c", zone, week, dates).over(cover))
        always = calendar("a", zone, {"mon-sun": "00:00-24:00"}, frozenset())
        made_for["clock"] = lay_out(always.over(cover))
    targets = {line.code: line.target for line in found.promise.lines}
    agree = 0
    for row, code in enumerate(log.keys[rule.key].codes.tolist()):
        target = targets[code]
        hours = made_for["clock" if target.unit is Unit.CLOCK else ""]
        days = target.unit is Unit.DAYS
        promised = WorkingDays(target.value) if days else ServiceTime(target.value * SECOND)
        start, end = int(log.starts[rule.start][row]), int(log.ends[rule.end][row])
        end = log.as_of if end == MISSING else end
        agree += (max(end, start) <= hours.due(start, promised)) == bool(log.made[row])
    return agree
