"""What a manager is told today, against figures that were worked out by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest
from world import HOUR, TUESDAY, World, bakery_contract, frozen, make_world, renamed

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.attention import Concern, concerns_of
from afspraak.agreements.models import Agreement
from afspraak.agreements.read import document_of, terms_in
from afspraak.clocks.budget import Budget, spending_of
from afspraak.clocks.daily import Due, due_by_day, kept_by_month, reported_in
from afspraak.clocks.in_force import Held, held_at, lacking
from afspraak.clocks.pulse import CONTACTS, Sign, months_of, reviews_lapsed
from afspraak.clocks.volume import Volume, volumes_of
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import DAY, parse_instant, zone_of
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Kind, Notice, Obligation
from afspraak.parties.actions import Actor
from afspraak.parties.actions_seen import note_seen
from afspraak.parties.models import SeenOn
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


def test_exactly_the_promised_share_lasts_the_period() -> None:
    """5 of 100 in 30 days: 15 of 300, all that is allowed, on the last day and no sooner."""
    found = budget(95, 5, 30)
    assert (found.allowed, found.left, found.gone_at) == (15, 10, None)


@pytest.mark.parametrize(("met", "missed"), [(0, 0), (1, 0), (40, 0)])
def test_without_a_miss_there_is_no_pace(met: int, missed: int) -> None:
    assert budget(met, missed, 45).gone_at is None


def test_what_is_used_up_is_gone_now() -> None:
    """20 in 45 days, 2 missed: 40 expected, 2 allowed. One more, 3 of 20, is one too many."""
    now = JANUARY + 45 * DAY
    assert (budget(18, 2, 45).left, budget(18, 2, 45).gone_at) == (0, now)
    assert (budget(17, 3, 45).left, budget(17, 3, 45).gone_at) == (-1, now)
    assert budget(18, 2, 45).is_gone
    assert not budget(20, 0, 45).is_gone


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
    week, zone = Period(date(2027, 3, 1), date(2027, 3, 8)), zone_of("Europe/Amsterdam")
    ours = [each.agreement_id for each in world.versions.values()]
    assert due_by_day(ours, week, zone, SYSTEM, TUESDAY + 1) == [
        Due(date(2027, 3, 1), "gold", "e-mail", Tally(missed=6))
    ]
    assert reported_in(ours, week, zone, SYSTEM) == {("gold", "e-mail"): 4}
    before = Period(date(2027, 2, 22), date(2027, 3, 1))
    assert due_by_day(ours, before, zone, SYSTEM, TUESDAY + 1) == []
    assert reported_in(ours, before, zone, SYSTEM) == {}


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
    months = kept_by_month([agreement.id], year, zone_of("UTC"), SYSTEM, TUESDAY)
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


# Relations that go quiet --------------------------------------------------------------------------


def test_the_first_whole_months_are_held_against_the_last_ones() -> None:
    first, lately = months_of(date(2027, 1, 4), date(2027, 10, 5))
    assert first == (date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1))
    assert lately == (date(2027, 8, 1), date(2027, 9, 1))
    assert months_of(date(2027, 1, 1), date(2027, 6, 30))[0][0] == date(2027, 1, 1)
    assert months_of(date(2027, 1, 4), date(2027, 6, 30)) == ((), ()), "April may not be both"


@pytest.mark.parametrize(
    ("first", "lately", "is_quiet"),
    [
        ((10, 12, 8), (5, 5), True),  # 10 a month: half of it is 5
        ((10, 12, 8), (6, 5), False),
        ((10, 12, 8), (0, 6), False),  # one month is no habit
        ((2, 2, 2), (1, 1), True),
        ((2, 2, 1), (0, 0), False),  # too little to be used to
    ],
)
def test_quiet_is_two_months_at_most_half(
    first: tuple[int, ...], lately: tuple[int, ...], *, is_quiet: bool
) -> None:
    assert Sign(CONTACTS, "customer", first, lately).is_quiet is is_quiet


@pytest.mark.parametrize(
    ("states", "lapsed"),
    [
        ([], False),
        (["missed"], False),
        (["met", "missed"], True),
        (["met", "missed", "met"], False),
    ],
)
def test_reviews_lapse_once_they_were_held(states: list[str], *, lapsed: bool) -> None:
    assert reviews_lapsed(states) is lapsed


def test_both_sides_are_told_once_that_it_is_quiet(world: World) -> None:
    """Two reports a month from March to May, the first whole months; none in August, September."""
    for on in ("02-09", "03-09", "03-16", "04-09", "04-16", "05-09", "05-16"):
        world.report(parse_instant(f"2027-{on}T10:00:00+01:00"))
    october = parse_instant("2027-10-05T10:00:00+02:00")
    pulse = flow.look_at_relation(relation=world.to_bakery, at=october)
    assert (pulse.quiet, pulse.quiet_since) == (["contacts/customer"], date(2027, 10, 1))
    assert flow.look_at_relation(relation=world.to_notary, at=october).quiet == []
    assert flow.look_at_relations(at=october + 40 * DAY) == 1
    owed = Obligation.objects.seen_by(SYSTEM).filter(kind=Kind.QUIET)
    assert owed.count() == 1
    address_owed(at=october + 1)
    notices = {each.recipient.name: each for each in owed.get().notices.seen_by(SYSTEM)}
    assert notices.keys() == {"Coen", "Bob"}
    assert "Bakkerij De Korenaar B.V.: in het begin 2 per maand" in notices["Coen"].body
    assert notices["Bob"].title == "Het wordt stil tussen u en Noord ICT B.V."
    world.report(october - 40 * DAY)
    world.report(october - 40 * DAY)
    again = flow.look_at_relation(relation=world.to_bakery, at=october + 1)
    assert (again.quiet, again.quiet_since) == ([], None), "two in August is as it was"


def test_somebody_is_seen_once_a_day(world: World) -> None:
    coen = Actor(world.supplier.id, world.people["coen"].id)
    eyes = world.viewer("coen")
    noon = TUESDAY + 400 * DAY
    assert note_seen(actor=coen, viewer=eyes, at=noon)
    assert not note_seen(actor=coen, viewer=eyes, at=noon + HOUR)
    assert note_seen(actor=coen, viewer=eyes, at=noon + DAY)
    assert not note_seen(actor=coen, viewer=world.viewer("bob"), at=noon), "no member there"
    days = SeenOn.objects.seen_by(eyes).order_by("on").values_list("on", flat=True)
    assert len(days) == 2


# Expected volumes ---------------------------------------------------------------------------------


def test_tickets_are_counted_against_what_the_contract_expects(world: World) -> None:
    """The contract expects 0 to 60 a month. Three in the first 120 of March's 743 hours make 18 in
    the whole month (18.575, cut); on the second day its pace says nothing. Units: 40 of 30 to 60.
    """
    for hours in (30, 29, 28):
        world.report(TUESDAY - hours * HOUR)
    saturday = parse_instant("2027-03-06T00:00:00+01:00")

    def asked(at: int) -> dict[tuple[str, str, str], Volume]:
        held = held_at({world.to_bakery.id: world.supplier.id}, SYSTEM, at)
        return {
            (each.counts, each.service, str(each.period or "")): each
            for each in volumes_of(held, SYSTEM, at)
        }

    march = asked(saturday)["tickets", "", "2027-03"]
    assert (march.least, march.most, march.count, march.by_end) == (0, 60, 3, 18)
    assert not march.is_outside
    assert not march.will_be_outside
    assert asked(TUESDAY)["tickets", "", "2027-03"].by_end is None
    assert asked(saturday)["tickets", "", "2027-02"].count == 0
    units = asked(saturday)["units", "e-mail", ""]
    assert (units.least, units.most, units.count, units.is_outside) == (30, 60, 40, False)


@pytest.mark.parametrize(
    ("count", "by_end", "is_over", "outside"),
    [
        (61, 90, False, (True, False)),  # already more
        (20, 61, False, (False, True)),
        (5, 40, False, (False, False)),
        (5, 9, False, (False, True)),  # at this pace too few
        (9, None, True, (True, False)),  # it is over, and there were too few
        (10, None, True, (False, False)),
        (60, None, True, (False, False)),
    ],
)
def test_a_volume_lies_within_its_band_or_will_not(
    count: int, by_end: int | None, outside: tuple[bool, bool], *, is_over: bool
) -> None:
    held = Held(uuid4(), uuid4(), None, (), None)  # type: ignore[arg-type]  # nothing is asked of it
    found = Volume(held, "c", "tickets", "", 10, 60, None, count, by_end, is_over)
    assert (found.is_outside, found.will_be_outside) == outside


# Complaints ---------------------------------------------------------------------------------------


def test_a_complaints_owner_is_reminded_and_warned_once(world: World) -> None:
    """Said on Tuesday: two working days end on Thursday at 17:30, the first on Wednesday."""
    wednesday, thursday = (parse_instant(f"2027-03-0{day}T17:30:00+01:00") for day in (3, 4))
    said = [
        flow.complain(
            relation=world.to_bakery,
            words="Niemand belt terug.",
            person=world.people["bob"].id,
            once=f"form/{number}",
            viewer=SYSTEM,
            at=TUESDAY,
        )
        for number in (1, 2)
    ]
    flow.answer_complaint(
        complaint=said[1].fact.id, words="Excuses.", person=None, viewer=SYSTEM, at=TUESDAY + HOUR
    )
    owed = [flow.remind_of_complaints(at=at) for at in (wednesday - 1, wednesday, wednesday + 1)]
    assert owed == [0, 1, 0]
    owed = [flow.remind_of_complaints(at=at) for at in (thursday, thursday + 1, thursday + 2)]
    assert owed == [0, 1, 0]
    address_owed(at=thursday + 3)
    key = f"complaint/{said[0].fact.id}"
    told = Notice.objects.seen_by(SYSTEM).filter(obligation__subject_key__startswith=key)
    titles = [(each.recipient.name, each.title) for each in told.order_by("obligation__owed_at")]
    assert [name for name, _ in titles] == ["Coen"] * 3
    assert "nog één werkdag, uiterlijk donderdag 4 maart 2027 om 17:30" in titles[1][1]
    assert titles[2][1] == "Klacht van Bakkerij De Korenaar B.V.: het antwoord is te laat"
