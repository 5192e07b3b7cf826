"""One ticket explained: stretches that add up, named by whose turn it was, in three languages."""

# ruff: noqa: RUF001 - the texts have the typographer's dash

import re
import tomllib
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given

from afspraak.engine.because import spans_of
from afspraak.engine.clock import Clock
from afspraak.engine.facts import settle
from afspraak.engine.periods import Period
from afspraak.engine.time import HOUR, MINUTE, ServiceTime, WorkingDays
from afspraak.reports.bars import LEAST, WIDTH, Piece, bar
from afspraak.reports.explain import Explanation, explained, stretches_of
from afspraak.reports.governing import Book
from afspraak.reports.replay import Logged
from afspraak.reports.speech import Speech
from afspraak.reports.texts import LANGUAGES, Language, Texts
from afspraak.reports.view_misses import clock_bar
from tests.rooms.small_log import CONTRACT, HOURS, SPAN, TERMS, at, logs, ticket

PAGES = Path(__file__).resolve().parents[2] / "src" / "afspraak" / "reports" / "page"


def explain(logged: Logged, as_of: int = SPAN[1]) -> tuple[Explanation, ...]:
    book = Book([CONTRACT], SPAN, strict=False, assumed={})
    judged = book.judge(logged.customer, settle(logged.facts, as_of))
    assert judged is not None
    return explained(judged)


WAITED = ticket(
    "waited",
    "03-02 16:00 reported",
    "03-03 10:00 question to=customer id=q why=foutcode",
    "03-04 11:00 answer of=q by=customer",
    "03-04 15:00 solved",
)


def test_a_clock_is_told_in_stretches_of_one_partys_turn() -> None:
    solve, _ = explain(WAITED)
    told = [(each.turn, each.counted, each.open_time, each.late) for each in solve.stretches]
    assert told == [
        ("supplier", 2 * HOUR, 2 * HOUR, False),
        ("customer", 0, 9 * HOUR, False),
        ("supplier", 2 * HOUR, 2 * HOUR, False),
        ("supplier", 2 * HOUR, 2 * HOUR, True),
    ]
    assert solve.counted == 4 * HOUR, "what counted in time is the target"
    assert solve.late == 2 * HOUR


def test_the_sum_stands_in_one_line_with_its_clause() -> None:
    solve, _ = explain(WAITED)
    line = Speech(Texts("nl", TERMS.zone), CONTRACT).arithmetic(solve)
    assert line == (
        "ma 2 mrt 16:00 – di 3 mrt 10:00 bij de leverancier 2:00"
        " · di 3 mrt 10:00 – wo 4 mrt 11:00 bij de klant (telt niet mee: vraag foutcode)"
        " · wo 4 mrt 11:00 – 13:00 bij de leverancier 2:00 = 4:00; daarna 2:00 te laat."
        " Clausule 1.1 (solve)."
    )


def test_working_days_are_named() -> None:
    (solve,) = explain(ticket("days", "03-05 10:00 reported", "03-10 10:00 solved", priority="P3"))
    assert solve.days == (date(2026, 3, 6), date(2026, 3, 9))
    line = Speech(Texts("en", TERMS.zone), CONTRACT).arithmetic(solve)
    assert "2 working days counted: Fri 6 Mar and Mon 9 Mar; then 1:00 late" in line


def test_a_long_sum_tells_its_middle_together() -> None:
    lines = ["03-02 09:00 reported"]
    for hour in range(10, 16):
        lines += [f"03-02 {hour}:00 question to=customer id=q{hour}"]
        lines += [f"03-02 {hour}:30 answer of=q{hour} by=customer"]
    solve = explain(ticket("many", *lines))[0]
    speech = Speech(Texts("nl", TERMS.zone), CONTRACT)
    assert speech.arithmetic(solve).count("·") > 6
    assert "nog 8 stukken" in speech.arithmetic(solve, most=6)
    assert speech.arithmetic(solve, most=6).count(" · ") == 5


@given(logs())
def test_stretches_add_up_to_the_clock_and_to_its_spans(logged: Logged) -> None:
    hours = HOURS
    clock = Clock(TERMS.promises[0], TERMS.fields, hours)
    for each in clock.assess(settle(logged.facts, SPAN[1])):
        found = list(stretches_of(each, hours))
        spans = spans_of(each, hours)
        assert isinstance(each.spent, ServiceTime)
        assert sum(one.counted for one in found) == each.spent.microseconds
        assert sum(one.counted for one in found) == sum(one.spent for one in spans)
        assert [one.until_at for one in found[:-1]] == [one.from_at for one in found[1:]]
        if found:
            assert (found[0].from_at, found[-1].until_at) == (each.start_at, each.end_at)
        if each.state == "missed":
            assert sum(one.counted for one in found if not one.late) == 4 * HOUR


# Sentences ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["03-02 09:00 reported", "03-02 11:30 solved"], "opgelost ma 2 mrt 11:30, 2:30 van 4:00"),
        (
            ["03-02 09:00 reported", "03-02 13:20 solved"],
            "had ma 2 mrt 13:00 klaar moeten zijn, het werd ma 2 mrt 13:20: 0:20 te laat",
        ),
        (
            ["03-02 09:00 reported"],
            "had ma 2 mrt 13:00 klaar moeten zijn en is nog open: 192 uur te laat",
        ),
        (["04-03 10:00 reported"], "nog 2:00, vóór vr 3 apr 15:00"),
        (
            ["04-03 10:00 reported", "04-03 10:30 question to=customer id=q"],
            "3:30 over, bij de klant",
        ),
        (["03-02 09:00 reported", "03-02 10:00 voided why=spam"], "spam"),
    ],
)
def test_a_verdict_is_a_sentence(lines: list[str], told: str) -> None:
    speech = Speech(Texts("nl", TERMS.zone), CONTRACT)
    assert speech.verdict(explain(ticket("one", *lines))[0]) == told


def test_a_relieved_miss_says_whose_miss_relieves_it() -> None:
    solve = explain(
        ticket(
            "relieved",
            "03-02 09:00 reported",
            "03-02 10:00 question to=customer id=q",
            "03-04 10:00 answer of=q by=customer",
            "03-05 09:30 solved",
        )
    )[0]
    said = Speech(Texts("nl", TERMS.zone), CONTRACT).verdict(solve)
    assert said.endswith(
        "ontheven (clausule 2.2 (relief)): klant was eerst te laat, di 3 mrt 10:00"
    )


def test_facts_are_told_with_what_they_state() -> None:
    speech = Speech(Texts("nl", TERMS.zone), CONTRACT)
    reported, question, answer, solved = WAITED.facts
    assert speech.fact(question) == "Vraag aan klant"
    assert speech.detail(question) == "foutcode"
    assert speech.fact(answer) == "Antwoord van klant"
    assert speech.detail(reported) == "prioriteit P2, dienst mail"
    late = replace(solved, recorded_at=solved.happened_at + 30 * MINUTE)
    assert speech.detail(late) == "vastgelegd wo 4 mrt 15:30"
    waits = speech.detail(late, counts_at=late.recorded_at)
    assert waits == "achteraf vastgelegd: telt vanaf wo 4 mrt 15:30"


# Languages ---------------------------------------------------------------------------------------


def texts(language: Language) -> dict[tuple[str, str], str]:
    tables = tomllib.loads((PAGES / f"{language}.toml").read_text("utf-8"))
    return {
        (name, word): str(text)
        for name, table in tables.items()
        if isinstance(table, dict)
        for word, text in table.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_slots(language: Language) -> None:
    ours, dutch = texts(language), texts("nl")
    assert ours.keys() == dutch.keys()
    slots = {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in ours.items()}
    assert slots == {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in dutch.items()}


@pytest.mark.parametrize(
    ("language", "share", "hours", "period"),
    [
        ("nl", "99,9 %", "1.234 uur", "1e kwartaal 2026"),
        ("fr", "99,9 %", "1\u202f234 heures", "T1 2026"),
        ("en", "99.9 %", "1,234 hours", "Q1 2026"),
    ],
)
def test_values_are_written_as_the_language_writes_them(
    language: Language, share: str, hours: str, period: str
) -> None:
    said = Texts(language, "Europe/Brussels")
    assert said.share(Fraction(99_951, 100_000)) == share, "cut, never rounded up (A3)"
    assert re.sub(r"\s", " ", said.about(1234 * HOUR)) == re.sub(r"\s", " ", hours)
    quarter = Period(date(2026, 1, 1), date(2026, 4, 1))
    assert said.period(quarter) == period
    assert said.hours(59 * MINUTE + 59) == "0:59"
    assert said.duration(WorkingDays(1)) == said.counted("days", 1)


def test_periods_that_are_no_calendars_are_told_by_their_dates() -> None:
    said = Texts("nl", "Europe/Brussels")
    assert said.period(Period(date(2026, 2, 1), date(2026, 3, 1))) == "feb 2026"
    assert said.period(Period(date(2026, 1, 1), date(2027, 1, 1))) == "2026"
    odd = Period(date(2026, 2, 15), date(2026, 5, 15))
    assert said.period(odd) == "15 feb 2026 – 14 mei 2026"


# Bars --------------------------------------------------------------------------------------------


def test_a_bar_shows_every_piece_and_no_more_than_fits() -> None:
    found = bar([Piece("supplier", 1), Piece("customer", 10**9), Piece("late", 0)], "told")
    assert [rect.fill for rect in found.rects] == ["ours", "hatch"]
    assert found.rects[0].width == LEAST
    assert sum(rect.width for rect in found.rects) == WIDTH


def test_the_promisors_own_time_is_solid_whoever_promised() -> None:
    found = bar([Piece("customer", 5), Piece("late", 5)], "told", promisor="customer")
    assert [rect.fill for rect in found.rects] == ["ours", "late"]


def test_a_long_delay_is_drawn_with_a_break() -> None:
    slow = explain(ticket("slow", "03-02 09:00 reported", "03-27 09:00 solved"))[0]
    found = clock_bar(Texts("nl", TERMS.zone), slow)
    assert [rect.width for rect in found.rects] == [WIDTH // 2, WIDTH // 2]
    assert len(found.breaks) == 1
    assert "te laat 148 uur" in found.label
    quick = explain(ticket("quick", "03-02 09:00 reported", "03-02 14:00 solved"))[0]
    assert clock_bar(Texts("nl", TERMS.zone), quick).breaks == ()
    assert at("03-02 09:00") == quick.stretches[0].from_at
