"""What a manager is told today, against figures that were worked out by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from world import HOUR, TUESDAY, World, bakery_contract, frozen, make_world, renamed

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.attention import Concern, concerns_of
from afspraak.agreements.models import Agreement
from afspraak.agreements.read import document_of, terms_in
from afspraak.clocks.budget import Budget, spending_of
from afspraak.clocks.daily import Dates, Due, due_by_day, kept_by_month, reported_in
from afspraak.clocks.in_force import held_at, lacking
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import DAY, parse_instant
from afspraak.parties.actions import Actor
from afspraak.reports.columns import Count, columns
from afspraak.reports.groups import groups_of
from afspraak.reports.live import period_of_agreement
from afspraak.reports.texts import Texts
from afspraak.reports.view_statement import by_month
from afspraak.rights.viewer import SYSTEM

JANUARY = parse_instant("2027-01-01T00:00:00+01:00")
APRIL = JANUARY + 90 * DAY
"""The first quarter, as if it had 90 days of 24 hours."""


def budget(met: int, missed: int, days: int, at_least: Fraction = Fraction(95, 100)) -> Budget:
    return Budget(at_least, met, missed, JANUARY, APRIL, JANUARY + days * DAY)


# The error budget ---------------------------------------------------------------------------------


def test_what_may_be_missed_is_reckoned_on_what_is_expected() -> None:
    """95 in 30 of 90 days: 285 expected, of which 5 % is 14.25: 14 may be missed."""
    found = budget(92, 3, 30)
    assert (found.expected, found.allowed, found.left, found.gone_at) == (285, 14, 11, None)


def test_the_day_on_which_it_is_used_up_goes_by_the_pace() -> None:
    """100 in 30 days, 6 missed: 300 expected, 15 allowed; 6 in 30 days are 15 in 75."""
    found = budget(94, 6, 30)
    assert (found.allowed, found.left, found.gone_at) == (15, 9, JANUARY + 75 * DAY)
    assert not found.is_kept


def test_exactly_the_promised_share_lasts_the_period() -> None:
    """5 of 100 in 30 days: 15 of 300, all that is allowed, on the last day and no sooner."""
    found = budget(95, 5, 30)
    assert (found.allowed, found.left, found.gone_at, found.is_kept) == (15, 10, None, True)


@pytest.mark.parametrize(("met", "missed"), [(0, 0), (1, 0), (40, 0)])
def test_without_a_miss_there_is_no_pace(met: int, missed: int) -> None:
    assert budget(met, missed, 45).gone_at is None


def test_what_is_used_up_is_gone_now() -> None:
    """20 in 45 days, 2 missed: 40 expected, 2 allowed. One more, 3 of 20, is one too many."""
    now = JANUARY + 45 * DAY
    assert (budget(18, 2, 45).left, budget(18, 2, 45).gone_at) == (0, now)
    assert (budget(17, 3, 45).left, budget(17, 3, 45).gone_at) == (-1, now)


def test_a_promise_of_everything_bears_nothing() -> None:
    assert budget(10, 0, 45, Fraction(1)).allowed == 0
    assert budget(9, 1, 45, Fraction(1)).left == -1


def test_the_first_week_says_nothing_of_a_pace() -> None:
    """7.5 days are a twelfth of 90."""
    early = replace(budget(94, 6, 7), at=JANUARY + 7 * DAY)
    assert (early.is_early, early.gone_at) == (True, None)
    assert budget(94, 6, 8).is_early is False


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def relations(world: World) -> dict[object, object]:
    return {each.id: each.supplier_id for each in (world.to_bakery, world.to_notary)}


def test_the_rows_of_a_quarter_are_counted_by_the_clauses_own_scope(world: World) -> None:
    """Three e-mails (gold) that nobody answered: within two hours. A fourth is not due yet."""
    for hours in (30, 29, 28):
        world.report(TUESDAY - hours * HOUR)
    world.report(TUESDAY)
    flow.look(at=TUESDAY + 1)
    held = held_at(relations(world), SYSTEM, TUESDAY + 1)
    found = {
        (each.promise.clause, each.scope): each.budget
        for each in spending_of(held, SYSTEM, TUESDAY + 1)
    }
    first = found["reageren", "gold"]
    assert (first.met, first.missed, first.at_least) == (0, 3, Fraction(95, 100))
    assert (first.from_at, first.until_at) == (
        parse_instant("2027-01-01T00:00:00+01:00"),
        parse_instant("2027-04-01T00:00:00+02:00"),
    )
    assert ("antwoorden", "") not in found, "nobody was asked anything"


# The week -----------------------------------------------------------------------------------------


def test_a_week_counts_what_fell_due_in_it_and_what_was_reported(world: World) -> None:
    """Three e-mails before Monday's opening (08:30): two and eight hours later, at 10:30 and 16:30,
    nobody had answered or solved. One working day for a diagnosis ends on Tuesday, as all of the
    fourth.
    """
    for hours in (30, 29, 28):
        world.report(TUESDAY - hours * HOUR)
    world.report(TUESDAY)
    flow.look(at=TUESDAY + 1)
    week = Dates(date(2027, 3, 1), date(2027, 3, 8), "Europe/Amsterdam")
    ours = [each.agreement_id for each in world.versions.values()]
    assert due_by_day(ours, week, SYSTEM, TUESDAY + 1) == [
        Due(date(2027, 3, 1), "gold", "e-mail", Tally(missed=6))
    ]
    assert reported_in(ours, week, SYSTEM) == {("gold", "e-mail"): 4}
    before = Dates(date(2027, 2, 22), date(2027, 3, 1), "Europe/Amsterdam")
    assert (due_by_day(ours, before, SYSTEM), reported_in(ours, before, SYSTEM)) == ([], {})


def test_a_column_is_as_high_as_its_part_of_the_highest() -> None:
    drawn = columns([Count("ma", 50, 50, "", ""), Count("di", 24, 1, "", "")], "").columns
    high, low = drawn
    assert (high.met_height, high.missed_height, high.missed_y) == (55, 55, 18)
    assert (low.met_height, low.missed_height) == (26, 3), "24 % of 110; what is there is seen"
    assert low.met_y + low.met_height == 128


# The statement ------------------------------------------------------------------------------------


def test_a_statement_tells_each_promise_month_by_month(world: World) -> None:
    """One e-mail on Monday before opening, asked about at 09:30, answered at 11:30: the question
    was an answer to the first promise; two of the eight hours to solve it were the customer's.
    """
    monday = parse_instant("2027-03-01T08:00:00+01:00")
    ticket = world.report(monday).ticket
    assert ticket is not None
    asked = {"to": "customer", "words": "Welke foutcode?", "id": "q"}
    world.tell("question", ticket.id, monday + 3 * HOUR // 2, **asked)
    world.tell("answer", ticket.id, monday + 7 * HOUR // 2, of="q", by="customer", words="5")
    world.tell("solved", ticket.id, monday + 9 * HOUR // 2, words="Klaar.")
    agreement = Agreement.objects.seen_by(SYSTEM).get(pk=world.versions["bakery"].agreement_id)
    year = Period(date(2027, 1, 1), date(2028, 1, 1))
    found = period_of_agreement(agreement, SYSTEM, year, TUESDAY)
    assert found is not None
    texts = Texts("en", found.whole.zone)
    groups = groups_of(found.part.contracts, texts)
    told = {
        each.caption: [cell.text for cell in each.rows[0]]
        for each in by_month(texts, found.part, groups)
    }
    assert told["Resolution (supplier)"] == ["Mar 2027", "1", "0", "1 of 1", "2:00", "2:00"]
    assert told["First response (supplier)"] == ["Mar 2027", "1", "0", "1 of 1", "1:00"]
    theirs = next(told[caption] for caption in told if caption.endswith("(customer)"))
    assert theirs == ["Mar 2027", "1", "0", "1 of 1", "2:00"]
    months = kept_by_month(
        [agreement.id], Dates(year.from_on, year.until_on, "UTC"), SYSTEM, TUESDAY
    )
    assert {(each.month, each.measure, each.tally.met) for each in months} >= {
        (date(2027, 3, 1), "resolution", 1),
        (date(2027, 3, 1), "answer", 1),
    }


# Agreements that want attention -------------------------------------------------------------------


def told(on: date, **covers: date) -> list[Concern]:
    data = frozen("msp-vier-niveaus")
    document, terms = document_of(data), terms_in(data)
    until = {name: each.cover[1] for name, each in terms.calendars.items()}
    return list(concerns_of(document, terms, until | covers, on))


def test_the_last_day_of_notice_is_told_a_quarter_ahead() -> None:
    """Until 2030-01-01, three months' notice: 2029-10-01, and 90 days before that 2029-07-03."""
    assert told(date(2029, 7, 2)) == []
    notice = Concern("notice", date(2029, 10, 1), until_on=date(2030, 1, 1))
    assert told(date(2029, 7, 3)) == [notice]
    assert told(date(2029, 10, 1)) == [notice]
    assert told(date(2029, 10, 2)) == [], "it has renewed for a year"


def test_after_its_last_renewal_it_ends() -> None:
    """At most two renewals of a year: it ends on 2032-01-01, and no notice is asked."""
    assert told(date(2031, 9, 1)) == []
    assert told(date(2031, 10, 3)) == [Concern("ends", date(2032, 1, 1))]


def test_a_calendar_that_ends_before_the_agreement_is_told() -> None:
    short = told(date(2029, 4, 1), kantoor=date(2029, 6, 1))
    assert short == [Concern("cover", date(2029, 6, 1), "kantoor")]


def test_open_terms_are_told_until_they_are_filled_in() -> None:
    data = frozen("sla-2-0")
    document, terms = document_of(data), terms_in(data)
    first = min(terms.open_terms, key=lambda each: each.fill_on)
    found = list(concerns_of(document, terms, {}, first.fill_on))
    assert Concern("open", first.fill_on, first.clause) in found


def test_a_version_that_not_everybody_signed_waits(world: World) -> None:
    actor = Actor(world.supplier.id, world.people["alice"].id)
    second = renamed(bakery_contract(), "{number: 1,", "{number: 2,")
    row = flow.bring_in_version(
        relation=world.to_bakery.id, data=second, name="2", actor=actor, viewer=SYSTEM, at=TUESDAY
    )
    signing = Signing("supplier", "M. de Boer", row.sha256, TUESDAY)
    flow.sign_version(version=row.id, signing=signing, actor=actor, viewer=SYSTEM, at=TUESDAY)
    held = {each.agreement: each for each in held_at(relations(world), SYSTEM, TUESDAY)}
    bakery = held[world.versions["bakery"].agreement_id]
    assert bakery.signed is not None
    assert bakery.signed.row.number == 1
    assert [lacking(each) for each in bakery.unsigned] == [("customer",)]
