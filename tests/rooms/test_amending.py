"""The room of what changes: texts that are amended, numbers that are proposed, indexes, levels."""

from datetime import date
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import frozen

from afspraak.amending.proposal import (
    Method,
    least_cases,
    place_of,
    proposed,
    quantile_of,
)
from afspraak.amending.text import Dated, amended, filled_in
from afspraak.engine.terms import Open
from afspraak.engine.time import HOUR, MINUTE, Refusal, ServiceTime, WorkingDays
from afspraak.language.check import check
from afspraak.language.terms_of import terms_of

NINETY, SURE = Fraction(9, 10), Fraction(95, 100)
METHOD = Method(NINETY, SURE)


def hours(number: float) -> ServiceTime:
    return ServiceTime(int(number * HOUR))


# The number that measured weeks propose -----------------------------------------------------------


def brute(cases: int, quantile: Fraction, confidence: Fraction) -> int | None:
    """The binomial sum itself, term by term."""
    for place in range(1, cases + 1):
        below = sum(
            comb(cases, i) * quantile**i * (1 - quantile) ** (cases - i) for i in range(place)
        )
        if below >= confidence:
            return place
    return None


@settings(max_examples=150)
@given(
    cases=st.integers(0, 60),
    quantile=st.fractions(0, 1, max_denominator=40),
    confidence=st.fractions(Fraction(1, 40), Fraction(39, 40), max_denominator=40),
)
def test_the_place_is_what_the_binomial_sum_says(
    cases: int, quantile: Fraction, confidence: Fraction
) -> None:
    assert place_of(cases, quantile, confidence) == brute(cases, quantile, confidence)


@pytest.mark.parametrize(
    ("quantile", "confidence"),
    [(NINETY, SURE), (Fraction(85, 100), NINETY), (Fraction(1, 2), Fraction(99, 100))],
)
def test_it_is_said_how_many_would_do(quantile: Fraction, confidence: Fraction) -> None:
    needed = least_cases(quantile, confidence)
    assert place_of(needed, quantile, confidence) == needed
    assert place_of(needed - 1, quantile, confidence) is None


def test_too_few_give_no_number() -> None:
    found = proposed([hours(1)] * 28, 0, METHOD)
    assert (found.why, found.needed, found.value) == ("few", 29, None)
    assert proposed([hours(1)] * 29, 0, METHOD).value == hours(1)


def test_the_whole_of_the_work_is_carried_by_no_sample() -> None:
    found = proposed([hours(1)] * 500, 0, Method(Fraction(1), SURE))
    assert (found.why, found.needed) == ("few", 0)


def test_what_still_runs_counts_as_longest() -> None:
    done = [hours(n) for n in range(1, 59)]
    without = proposed(done, 0, METHOD)
    with_two = proposed(done[:-2], 2, METHOD)
    assert without.place == with_two.place == 57
    assert without.value == hours(57)
    assert (with_two.why, with_two.value) == ("running", None)
    assert proposed(done, 1, METHOD).place == 58


def test_it_is_rounded_up_to_half_hours_and_held_within_bounds() -> None:
    method = Method(NINETY, SURE, (hours(1), hours(8)))
    assert proposed([ServiceTime(HOUR + MINUTE)] * 40, 0, method).value == hours(1.5)
    assert proposed([hours(1.5)] * 40, 0, method).value == hours(1.5)
    low, high = proposed([hours(0)] * 40, 0, method), proposed([hours(20)] * 40, 0, method)
    assert (low.value, low.bound) == (hours(1), "lower")
    assert (high.value, high.bound, high.measured) == (hours(8), "upper", hours(20))


def test_working_days_stay_working_days() -> None:
    days = [WorkingDays(n % 3 + 1) for n in range(40)]
    assert proposed(days, 0, Method(NINETY, SURE, (hours(1), hours(8)))).value == WorkingDays(3)
    assert quantile_of(days, Fraction(1, 2)) == WorkingDays(2)
    assert quantile_of([], Fraction(1, 2)) is None


# The text of an amendment -------------------------------------------------------------------------


def test_an_amendment_carries_its_number_its_date_and_its_choice() -> None:
    base = frozen("sla-2-0")
    first = amended(base, Dated(2, date(2027, 6, 1), open_tickets=True))
    document, faults = check(first, "x")
    assert document is not None, faults
    version = document.version
    assert version is not None
    assert (version.number, version.from_on, version.open_tickets) == (2, date(2027, 6, 1), True)
    again, faults = check(amended(first, Dated(3, date(2027, 9, 1), open_tickets=False)), "x")
    assert again is not None, faults
    assert again.version is not None
    assert (again.version.number, again.version.open_tickets) == (3, False)
    block = first.replace(
        b'version: {number: 2, from: "2027-06-01", open_tickets: true}',
        b'version:\n  number: 2\n  from: "2027-06-01"  # from then on\n',
    )
    text = amended(block, Dated(4, date(2027, 9, 1), open_tickets=True))
    last, faults = check(text, "x")
    assert last is not None, faults
    assert last.version is not None
    assert last.version.open_tickets
    assert b"# from then on" in text


def test_a_value_takes_the_place_of_an_open_term_and_nothing_else_moves() -> None:
    base = frozen("sla-2-0")
    text = filled_in(base, "dossier-open", hours(6))
    document, faults = check(text, "x")
    assert document is not None, faults
    assert len(base.splitlines()) - len(text.splitlines()) == 9  # the clause, and nothing else
    assert text.startswith(b"# SLA 2.0:")
    terms = terms_of(document)
    assert [each.clause for each in terms.open_terms] == ["werkplek-p1", "reageren-p3"]
    solve = next(each for each in terms.promises if each.clause == "oplossen")
    found = {rule.when.get("service"): rule.target for rule in solve.rules if len(rule.when) == 1}
    assert found["dossier"] == hours(6)
    twice = filled_in(text, "reageren-p3", WorkingDays(1))
    assert len(terms_of(check(twice, "x")[0]).open_terms) == 1  # type: ignore[arg-type]
    assert isinstance(solve.rules[-1].target, Open)


def test_what_cannot_be_filled_in_is_refused() -> None:
    with pytest.raises(Refusal, match="no open term nothing"):
        filled_in(frozen("sla-2-0"), "nothing", hours(1))
    with pytest.raises(Refusal, match="no open term"):
        filled_in(frozen("msp-vier-niveaus"), "dossier-open", hours(1))
