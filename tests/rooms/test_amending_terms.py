"""What is counted from a text alone: prices by an index, dates of notice, how tight it is; and from
what happened: where it pinches, what another level would have given.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import pytest
from open_world import FIRST, fact, open_contract, stories
from world import HOUR, TUESDAY, frozen

from afspraak.amending.experience import experience_of
from afspraak.amending.indexation import Missing, adjustments
from afspraak.amending.levels import Held, levels_of
from afspraak.amending.load import contract_in
from afspraak.amending.pinches import counts_of, is_bypass, pinches_of
from afspraak.amending.read_values import month_of, read_values, value_of
from afspraak.amending.renewal import course_of
from afspraak.amending.tightness import checks_of
from afspraak.engine.periods import Period
from afspraak.engine.time import DAY
from afspraak.language.catalogue import check_catalogue
from afspraak.language.check import check
from afspraak.language.document import Document
from afspraak.language.schema_prices import IndexationClause
from afspraak.language.terms_of import terms_of
from afspraak.reports.replay import Logged

WAGES, PRICES = "CBS cao-lonen informatie en communicatie", "CBS consumentenprijsindex"
NOW = date(2027, 10, 1)


def document(data: bytes) -> Document:
    found, faults = check(data, "x")
    assert found is not None, faults
    return found


def clause(**more: Any) -> IndexationClause:
    found = document(frozen("msp-vier-niveaus")).of_type(IndexationClause)[0]
    return found.model_copy(update=more)


def values(wages: str, prices: str) -> Any:
    known = {(WAGES, NOW): Decimal(wages), (PRICES, NOW): Decimal(prices)}
    return lambda series, month: known.get((series, month))


# Indexation ---------------------------------------------------------------------------------------


def test_the_formula_is_reckoned_with_its_arithmetic() -> None:
    (first, second) = adjustments(clause(), values("121.1", "133.8"), date(2029, 1, 2))[:2]
    parts = [each.contributes for each in first.parts]
    assert parts == [
        Fraction(65, 100) * Fraction("121.1") / Fraction("118.4"),
        Fraction(15, 100) * Fraction("133.8") / Fraction("131.2"),
    ]
    assert first.formula == first.factor == Fraction(20, 100) + sum(parts)
    assert (first.on, first.month, first.held) == (date(2028, 1, 1), NOW, "")
    assert first.parts[0].base_is_signed
    assert second.missing == (Missing(WAGES, date(2028, 10, 1)), Missing(PRICES, date(2028, 10, 1)))
    assert second.factor is None


def test_a_cap_and_a_floor_count_from_the_price_before() -> None:
    dear = adjustments(clause(), values("150", "150"), date(2028, 2, 1))[0]
    assert (dear.factor, dear.held) == (Fraction(105, 100), "cap")
    assert dear.formula is not None
    assert dear.formula > Fraction(105, 100)
    cheap = adjustments(clause(floor=Fraction(1, 100)), values("110", "130"), date(2028, 2, 1))[0]
    assert (cheap.factor, cheap.held) == (Fraction(101, 100), "floor")
    known = {
        (each, date(year, 10, 1)): Decimal(200) for each in (WAGES, PRICES) for year in (2027, 2028)
    }
    twice = adjustments(clause(), lambda s, m: known.get((s, m)), date(2029, 2, 1))
    assert twice[1].factor == Fraction(105, 100) ** 2


def test_a_base_value_that_was_not_signed_has_to_be_entered() -> None:
    found = document(frozen("kleine-reseller")).of_type(IndexationClause)[0]
    first = adjustments(found, lambda _s, _m: None, date(2028, 2, 1))[0]
    series = "Agoria loonkost nationaal gemiddelde"
    assert [(each.series, each.month) for each in first.missing] == [
        (series, date(2026, 11, 1)),
        (series, date(2027, 11, 1)),
    ]


def test_index_values_are_read_from_a_table() -> None:
    text = "index;month;value;source\nCPI;2027-10;133,8;CBS 12 nov\n\nCPI;2027-11;134.0;\n"
    found, faults = read_values(text, "CBS")
    assert faults == []
    assert [(each.month, each.value, each.source) for each in found] == [
        (NOW, Decimal("133.8"), "CBS 12 nov"),
        (date(2027, 11, 1), Decimal("134.0"), "CBS"),
    ]
    bad = "CPI,2027-13,1,x\nCPI,2027-10,-1,x\nCPI,2027-10\nCPI,2027-10,1,\n"
    assert [each.line for each in read_values(bad, "")[1]] == [1, 2, 3, 4]
    assert month_of("2027-1") is value_of("1e9") is value_of("0") is None


# The term -----------------------------------------------------------------------------------------


def term(until: str, renewal: str) -> Document:
    data = frozen("sla-2-0")
    was = b'until: "2029-01-01", renewal: {tacit: 1 year, notice: 3 months, form: signed}'
    assert was in data
    return document(data.replace(was, f'until: "{until}"{renewal}'.encode()))


def test_notice_is_counted_back_and_renewals_from_the_signed_end() -> None:
    found = term("2027-08-31", ", renewal: {tacit: 6 months, notice: 2 months}")
    calendar = terms_of(found).calendars["kantoor"]
    course = course_of(found, calendar, date(2027, 3, 2))
    first, second, third = course.rounds
    assert (first.ends_on, first.notice_on) == (date(2027, 8, 31), date(2027, 6, 30))
    assert (second.ends_on, second.notice_on) == (date(2028, 2, 29), date(2027, 12, 29))
    assert third.ends_on == date(2028, 8, 31)
    later = course_of(found, calendar, date(2027, 7, 1))
    assert (later.renewed, later.next.ends_on) == (1, date(2028, 2, 29))
    friday = term("2027-08-16", ", renewal: {tacit: 1 year, notice: 1 month}")
    mark = course_of(friday, calendar, date(2027, 3, 2)).next
    assert (mark.notice_on, mark.working_on) == (date(2027, 7, 16), date(2027, 7, 16))
    christmas = term("2028-01-26", ", renewal: {tacit: 1 year, notice: 1 month}")
    mark = course_of(christmas, calendar, date(2027, 3, 2)).next
    assert (mark.notice_on, mark.working_on) == (date(2027, 12, 26), date(2027, 12, 24))


@pytest.mark.parametrize("renewal", ["", ", renewal: {tacit: 1 year, notice: 1 month, at_most: 1}"])
def test_what_renews_no_more_ends(renewal: str) -> None:
    course = course_of(term("2027-08-31", renewal), None, date(2028, 1, 1))
    assert course.next.renews_until is course.next.notice_on is None
    assert course.renewed == bool(renewal)


def test_tightness_is_counted_from_the_text() -> None:
    checks = {each.name: each for each in checks_of(document(frozen("sla-2-0")))}
    assert checks["tacit"].tightens
    assert checks["no_early_end"].tightens
    assert not checks["no_review"].tightens
    assert not checks["no_open_term"].tightens
    assert not checks["uncapped"].tightens
    tighter = {each.name: each for each in checks_of(term("2030-01-01", ""))}
    assert tighter["term"].tightens
    assert not tighter["tacit"].tightens


# What happened ------------------------------------------------------------------------------------


def logged() -> list[Logged]:
    return [Logged(f"N-{number}", "", story) for number, story in enumerate(stories(40))]


def test_clauses_that_pinch_are_told_by_month() -> None:
    contract = contract_in(open_contract(), FIRST)
    logs = logged()
    again = fact("rejected", FIRST + 3 * HOUR, 3)
    logs[0] = Logged("N-0", "", (*logs[0].facts, again))
    counts = counts_of(logs, [contract], [], span=(FIRST, TUESDAY), as_of=TUESDAY)
    january, february = Period(date(2027, 1, 1), NOW), Period(date(2027, 2, 1), NOW)
    clauses = [each.clause for each in contract.terms.promises]
    found = {
        (each.kind, each.clause): each for each in pinches_of(counts, february, january, clauses)
    }
    missed = found["missed", "oplossen"]
    assert missed.times == 4
    assert missed.before == 4
    assert ("unused", "antwoorden") in found
    assert ("disputed", "oplossen") not in found  # once is not often
    assert counts.times["disputed"][date(2027, 1, 1), "oplossen"] == 1


@pytest.mark.parametrize(
    ("source", "uri", "bypasses"),
    [
        ("mail", "mailto:hulp@x.example", False),
        ("afspraak", "mailto:hulp@x.example", True),
        ("mail", "https://x.example", True),
        ("afspraak", "tel:+31302550300", False),
        ("servicenow", "mailto:hulp@x.example", False),
    ],
)
def test_a_report_by_another_way_is_a_bypass(source: str, uri: str, bypasses: object) -> None:
    assert is_bypass(fact("reported", FIRST, 0, source=source), uri) is bypasses


def test_another_level_is_tried_on_the_own_year() -> None:
    data = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()
    catalogue, faults = check_catalogue(data, "x")
    assert catalogue is not None, faults
    contract = contract_in(open_contract(), FIRST)
    mails = [each for each in logged() if each.facts[0].fields["service"] == "e-mail"]
    held = Held("e-mail", "gold", 18, Decimal(90))
    found = levels_of(mails, contract, catalogue, held, span=(FIRST, TUESDAY), as_of=TUESDAY)
    by_level = {each.level: each for each in found}
    assert by_level["gold"].is_held
    assert by_level["gold"].fee == 1080
    assert {"bronze", "silver", "platinum"} & set(by_level)
    cheap = by_level.get("bronze") or by_level["silver"]
    assert cheap.came.tally.missed < by_level["gold"].came.tally.missed
    assert cheap.fee < by_level["platinum"].fee if "platinum" in by_level else True


def test_a_voided_report_and_one_before_the_term_are_no_experience() -> None:
    contract = contract_in(open_contract(), FIRST)
    void = (fact("reported", FIRST, 0, fields={"service": "dossier", "impact": "team"}),)
    early = (fact("reported", FIRST - 30 * DAY, 0, fields={"service": "dossier"}),)
    logs = [
        Logged("N-1", "", (*void, fact("voided", FIRST + HOUR, 1, why="dubbel"))),
        Logged("N-2", "", early),
    ]
    found = experience_of(logs, [contract], span=(FIRST, TUESDAY), as_of=TUESDAY)
    assert (found.measured, found.wrong, found.uncovered) == ({}, {}, 1)
