"""What is said before a contract is signed: offers, exceptions and what they cost, consents that
are not in force, promises made on the way, and what stands behind our own.
"""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib.resources import files
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import START, TUESDAY, World, frozen, make_world

from afspraak import flow
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.drafts import newest_text
from afspraak.agreements.models import Catalogue, Draft
from afspraak.agreements.read import LAID_OUT, document_of, terms_in
from afspraak.cli.demo_offers import add_offers
from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.time import (
    DAY,
    HOUR,
    MINUTE,
    Duration,
    Refusal,
    ServiceTime,
    WorkingDays,
    parse_instant,
)
from afspraak.language.catalogue import Catalogue as Document
from afspraak.language.catalogue import check_catalogue
from afspraak.language.check import check
from afspraak.ledger.models import Leaf
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Notice
from afspraak.offers import actions_offers as offers
from afspraak.offers import actions_pledges as pledges
from afspraak.offers.actions import (
    Costing,
    Decision,
    Deviation,
    close_catalogue,
    decide_wish,
    enter_cost,
    hash_of,
    open_catalogue,
    write_wish,
)
from afspraak.offers.annex import Offered, differences
from afspraak.offers.back_to_back import Kept, Laid, compare, gap_between, gaps
from afspraak.offers.load import (
    NotThere,
    costs_of,
    experience_of,
    offer_of,
    presented_page,
    unsettled_promises,
)
from afspraak.offers.models import Assent, Offer, OfferEvent, OpenCatalogue, Upkeep
from afspraak.offers.models_promised import Pledge, Side
from afspraak.offers.pledges import End, Said, unsettled
from afspraak.offers.upkeep import Figures, common, extra_open, total_of, upkeep
from afspraak.offers.waiting import is_unsigned, waiting_of
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.models import Booking

ON = parse_instant("2027-01-04T00:00:00+01:00")
TEMPLATE = files("afspraak.language").joinpath("templates", "catalogus.yaml").read_bytes()


def hours(week: dict[int, tuple[int, int]], *closed: date, days: int = 120) -> Hours:
    """Weekday -> open minutes, over some days of 2027."""
    intervals = tuple((Interval(*week[day]),) if day in week else () for day in range(7))
    until = date.fromordinal(date(2027, 1, 1).toordinal() + days)
    cover = (date(2027, 1, 1), until)
    return lay_out(Calendar("x", "Europe/Amsterdam", intervals, frozenset(closed), {}, cover))


OFFICE = dict.fromkeys(range(5), (510, 1050))
SHOP = {**dict.fromkeys(range(5), (420, 1200)), 5: (480, 1020)}


# Pure ---------------------------------------------------------------------------------------------


def test_the_upkeep_is_the_sum_of_its_lines_as_they_are_shown() -> None:
    figures = Figures(
        Decimal("12.50"), Decimal(6), Decimal("1.5"), Decimal(95), Decimal("0.5"), Decimal(250)
    )
    lines = upkeep(1000 * HOUR + 20 * MINUTE, figures)
    assert [(each.what, each.total) for each in lines] == [
        ("standing_by", Decimal("12504.13")),  # 1000.33 h x 12.50, half up
        ("tickets", Decimal("855.00")),
        ("sharper", Decimal("570.00")),
        ("administration", Decimal("250.00")),
    ]
    assert total_of(lines) == Decimal("14179.13")


def test_hours_that_only_the_exception_opens_are_counted_once() -> None:
    wished, usual = hours(SHOP), hours(OFFICE)
    week = (ON, ON + 7 * DAY)
    assert extra_open(wished, usual, *week) == (5 * (13 - 9) + 9) * HOUR
    assert extra_open(usual, wished, *week) == 0
    assert sum(end - start for start, end in common(wished, usual, *week)) == 45 * HOUR


def test_a_promise_ends_as_a_clause_or_openly_declined_by_the_other() -> None:
    ours, theirs = (parse_id(each) for each in "12")
    first, second = Said(parse_id("a"), ours), Said(parse_id("b"), theirs)
    said = [first, second]
    assert unsettled(said, []) == [first.id, second.id]
    alone = [End(first.id, "declined", ours)]
    assert unsettled(said, alone) == [first.id, second.id]
    assert unsettled(said, [*alone, End(first.id, "declined", theirs)]) == [second.id]
    as_clause = [End(second.id, "clause", ours, "snel")]
    assert unsettled([second], as_clause) == []
    assert unsettled([second], as_clause, frozenset({"snel"})) == []
    assert unsettled([second], as_clause, frozenset({"other"})) == [second.id]


def parse_id(digit: str) -> UUID:
    return UUID(digit * 32)


Week = dict[int, tuple[int, int]]
DURATIONS = st.one_of(
    st.integers(0, 40 * 60).map(lambda minutes: ServiceTime(minutes * MINUTE)),
    st.integers(1, 5).map(WorkingDays),
)
WEEKS = st.dictionaries(
    st.integers(0, 6),
    st.tuples(st.integers(0, 1100), st.integers(1, 340)).map(lambda x: (x[0], x[0] + x[1])),
    min_size=2,
)


@settings(max_examples=25)
@given(ours=DURATIONS, theirs=DURATIONS, one=WEEKS, other=WEEKS)
def test_the_worst_moment_is_the_worst_of_every_minute(
    ours: Duration, theirs: Duration, one: Week, other: Week
) -> None:
    """Against asking at every minute of the year that the calendars cover."""
    mine = Kept("a", "resolution", ours, hours(one, days=67))
    behind = Kept("b", "resolution", theirs, hours(other, date(2027, 1, 6), days=67))
    start = parse_instant("2027-01-01T00:00:00+01:00")
    found = gap_between(mine, behind, start)
    last = mine.hours.until_at - 60 * DAY
    every = []
    for at in range(start, last, MINUTE):
        try:
            every.append(behind.hours.due(at, theirs) - mine.hours.due(at, ours))
        except Refusal:
            continue
    assert (found.by if found else None) == max(every, default=None)


def side(name: str) -> Laid:
    document, faults = check(frozen(name), name)
    assert document is not None, faults
    terms = terms_in(frozen(name))
    return Laid(terms, LAID_OUT.hours(terms.calendars))


def test_what_nobody_stands_behind_is_a_gap_and_what_is_quicker_is_none() -> None:
    ours, theirs = side("msp-vier-niveaus"), side("kleine-reseller")
    compared = compare(ours, theirs, "", date(2027, 3, 1))
    assert compared
    assert {each.ours.measure for each in compared} >= {"first_response", "resolution"}
    same = compare(ours, ours, "", date(2027, 3, 1))
    assert all(each.theirs is not None for each in same)
    open_ = gaps(compared)
    assert [each.is_covered for each in open_] == [False] * len(open_)
    worst = next(each for each in open_ if each.gap is not None)
    assert worst.gap is not None
    assert worst.gap.theirs_at - worst.gap.ours_at == worst.gap.by > 0


def test_an_offers_lines_are_held_against_the_text() -> None:
    catalogue, _ = check_catalogue(TEMPLATE, "catalogue")
    document, _ = check(frozen("msp-vier-niveaus"), "contract")
    assert catalogue is not None
    assert document is not None
    lines = [
        Offered(key, each.level, each.units or 1, str(each.fee))
        for key, each in document.services.items()
        if each.fee is not None
    ]
    same = [
        each
        for each in differences(lines, catalogue.levels, document)
        if each.what not in ("target", "not_offered")
    ]
    assert same == []
    changed = [replace(lines[0], units=7, fee="EUR 1.00 / month"), Offered("x", "gold", 1, "")]
    found = {(each.service, each.what) for each in differences(changed, {}, document)}
    assert {(lines[0].service, "units"), (lines[0].service, "fee"), ("x", "service")} <= found
    assert (lines[1].service, "not_offered") in found


def test_a_target_that_is_written_otherwise_is_named() -> None:
    catalogue, _ = check_catalogue(TEMPLATE.replace(b"PT30M", b"PT20M"), "catalogue")
    document, _ = check(frozen("msp-vier-niveaus"), "contract")
    assert catalogue is not None
    assert document is not None
    gold = next(key for key, each in document.services.items() if each.level == "gold")
    lines = [Offered(gold, "gold", 1, "")]
    found = [
        each for each in differences(lines, catalogue.levels, document) if each.what == "target"
    ]
    assert ("PT20M", "first_response", "P1") in {
        (each.offered, each.measure, each.priority) for each in found
    }


# Rows ---------------------------------------------------------------------------------------------


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def actor(world: World, name: str) -> Actor:
    person = world.people[name]
    return Actor(person.organisation_id, person.id)


def offered(world: World) -> tuple[Catalogue, Document]:
    row = add_catalogue(data=TEMPLATE, name="x", actor=actor(world, "coen"), at=START)
    document, _ = check_catalogue(TEMPLATE, "x")
    assert document is not None
    return row, document


def test_an_open_page_is_seen_by_its_address_alone(world: World) -> None:
    row, _document = offered(world)
    told = {"catalogue": row, "shows_prices": False, "actor": actor(world, "coen"), "at": START}
    page = open_catalogue(address="", **told)
    assert len(page.address) > 20
    visitor = Viewer(presented=hash_of(page.address))
    assert presented_page(visitor) == page
    assert presented_page(Viewer(presented=hash_of("x"))) is None
    again = open_catalogue(address="noord-ict", **told)
    assert presented_page(visitor) is None
    with pytest.raises(Refusal, match="3 to 40"):
        open_catalogue(address="No!", **told)
    close_catalogue(actor=actor(world, "coen"), at=START + 1)
    assert presented_page(Viewer(presented=hash_of("noord-ict"))) is None
    assert OpenCatalogue.objects.seen_by(SYSTEM).filter(closed_at=None).count() == 0
    assert again.shows_prices is False


def test_costs_are_the_suppliers_own_and_history_is_counted(world: World) -> None:
    costing = Costing("e-mail", "gold", Decimal("0.05"), Decimal(60), Decimal("0.40"), "EUR")
    enter_cost(costing=costing, actor=actor(world, "coen"), at=START)
    enter_cost(
        costing=replace(costing, hours=Decimal("0.06")), actor=actor(world, "coen"), at=START + 1
    )
    found = costs_of(world.supplier.id, world.viewer("coen"))
    assert found["e-mail", "gold"].hours == Decimal("0.060")
    assert costs_of(world.supplier.id, world.viewer("bob")) == {}
    taken = world.report(TUESDAY)
    assert experience_of(world.supplier.id, world.viewer("coen"), TUESDAY + 1) == {}
    Booking(
        relation=world.to_bakery, supplier=world.supplier, customer=world.bakery,
        id=taken.fact.id, ticket=taken.ticket, person=world.people["agnes"],
        worked_on=date(2027, 3, 2), minutes=90, what="Mail", is_shared=False,
        booked_at=taken.fact.logged_at,
    ).save(force_insert=True)  # fmt: skip
    experience = experience_of(world.supplier.id, world.viewer("coen"), TUESDAY + 1)
    (mine,) = (each for each in experience.values() if each.minutes)
    assert (mine.minutes, mine.tickets) == (90, 1)
    hours = Decimal("1.5") / mine.units / 12
    assert mine.hours == hours.quantize(Decimal("0.001"), ROUND_HALF_UP)


def test_an_exception_is_granted_only_on_its_computed_upkeep(world: World) -> None:
    row, _document = offered(world)
    bob, coen = actor(world, "bob"), actor(world, "coen")
    with pytest.raises(Refusal, match="nothing deviates"):
        write_wish(
            relation=world.to_bakery, catalogue=row, actor=bob, at=START,
            deviation=Deviation("kassa", "gold", "Zaterdag open"),
        )  # fmt: skip
    wish = write_wish(
        relation=world.to_bakery, catalogue=row, actor=bob, at=START,
        deviation=Deviation("kassa", "gold", "Zaterdag open", week={"sat": ["08:00-17:00"]}),
    )  # fmt: skip
    beginning = Beginning("Volgend jaar", Draft.Origin.FILE, frozen("msp-vier-niveaus"))
    ours = {"actor": coen, "viewer": SYSTEM, "at": START}
    draft = flow.begin_draft(relation=world.to_bakery.id, beginning=beginning, **ours)
    told = {
        "wish": wish,
        "decision": Decision(is_granted=True, words="", yearly=Decimal(900)),
        "into": flow.Into(draft.id),
    }
    with pytest.raises(Refusal, match="compute first"):
        flow.grant_wish(**told, **ours)
    figures = {"wish": wish, "figures": Figures(fixed=Decimal(250)), "at": START}
    with pytest.raises(Refusal, match="only the supplier"):
        flow.reckon_upkeep(**figures, actor=bob)
    assert flow.reckon_upkeep(**figures, actor=coen).total == Decimal(250)
    assert Upkeep.objects.seen_by(world.viewer("bob")).count() == 0
    with pytest.raises(Refusal, match="choose the text"):
        flow.grant_wish(**told | {"into": flow.Into()}, **ours)
    grant = flow.grant_wish(**told, **ours)
    assert (grant.is_granted, grant.yearly, grant.currency) == (True, Decimal(900), "EUR")
    text = newest_text(draft.id, world.viewer("bob"))  # the customer sees it from now on
    assert (text.number, text.why) == (2, "maatwerk-kassa")
    assert b"fee: EUR 900.00 / year" in bytes(text.document)
    with pytest.raises(Refusal, match="decided already"):
        decide_wish(wish=wish, decision=told["decision"], draft=draft, actor=coen, at=START)


def test_a_wish_of_what_runs_is_granted_in_an_amendment(world: World) -> None:
    row, _document = offered(world)
    coen = actor(world, "coen")
    signed = world.versions["bakery"].agreement
    service, level = next(
        iter(document_of(bytes(world.versions["bakery"].document)).services.items())
    )
    wish = write_wish(
        relation=world.to_bakery, catalogue=row, actor=coen, at=TUESDAY,
        deviation=Deviation(service, level.level, "Sneller", "first_response", "", "PT1H"),
    )  # fmt: skip
    flow.reckon_upkeep(wish=wish, figures=Figures(), actor=coen, at=TUESDAY)
    grant = flow.grant_wish(
        wish=wish, into=flow.Into(agreement=signed.id), actor=coen, viewer=SYSTEM, at=TUESDAY,
        decision=Decision(is_granted=True, words="Goed", yearly=Decimal(0)),
    )  # fmt: skip
    assert grant.draft is not None
    assert grant.draft.agreement_id == signed.id
    text = bytes(newest_text(grant.draft.id, world.viewer("bob")).document)
    assert document_of(text).services[service].level == "custom"


def made_offer(world: World) -> Offer:
    row, document = offered(world)
    offering = offers.Offering(
        "Kassa en e-mail", {"kassa": 4, "e-mail": 20}, ("silver", "gold"), date(2027, 3, 31)
    )
    return offers.make_offer(
        relation=world.to_bakery, catalogue=row, document=document, offering=offering,
        actor=actor(world, "coen"), at=TUESDAY,
    )  # fmt: skip


def test_an_offer_is_seen_once_shown_answered_once_and_expires(world: World) -> None:
    offer, bob, coen = made_offer(world), actor(world, "bob"), actor(world, "coen")
    assert {(each.service, each.level, each.monthly) for each in offer.lines.seen_by(SYSTEM)} == {
        ("kassa", "silver", Decimal("168.00")),
        ("kassa", "gold", Decimal("220.00")),
        ("e-mail", "silver", Decimal("70.00")),
        ("e-mail", "gold", Decimal("90.00")),
    }
    with pytest.raises(NotThere):
        offer_of(offer.id, world.viewer("bob"))
    with pytest.raises(Refusal, match="withdrawn"):
        offers.decline_offer(offer=offer, words="", actor=bob, at=TUESDAY)
    offers.show_offer(offer=offer, actor=coen, at=TUESDAY)
    row = offer_of(offer.id, world.viewer("bob"))
    for _ in range(2):
        offers.note_offer_seen(offer=row, actor=bob, at=TUESDAY + 1)
    late = {"level": "gold", "by_name": "Bob", "words": "", "actor": bob}
    with pytest.raises(Refusal, match="valid until"):
        offers.accept_offer(offer=row, at=TUESDAY + 40 * DAY, **late)
    assent = offers.accept_offer(offer=row, at=TUESDAY + 2, **late)
    assert (assent.how, assent.giver, assent.level) == ("offer", "customer", "gold")
    with pytest.raises(Refusal, match="answered already"):
        offers.decline_offer(offer=row, words="", actor=bob, at=TUESDAY + 3)
    events = OfferEvent.objects.seen_by(world.viewer("coen")).values_list("what", flat=True)
    assert list(events) == ["shown", "seen", "accepted"]
    with pytest.raises(NotThere):
        offer_of(offer.id, world.viewer("charlie"))
    with pytest.raises(Refusal, match="only the two sides"):
        offers.say_of_offer(offer=row, words="En ik?", actor=actor(world, "charlie"), at=TUESDAY)


def begun(world: World, data: bytes) -> Draft:
    beginning = Beginning("Volgend jaar", Draft.Origin.FILE, data)
    return flow.begin_draft(
        relation=world.to_bakery.id, beginning=beginning, actor=actor(world, "coen"),
        viewer=world.viewer("coen"), at=START,
    )  # fmt: skip


def test_promises_made_on_the_way_stay_open_until_they_end(world: World) -> None:
    draft = begun(world, frozen("msp-vier-niveaus"))
    told = pledges.Told(
        Side.SUPPLIER, "Anna", "Gratis training", date(2027, 1, 3), Pledge.Place.DINNER
    )
    coen, bob = actor(world, "coen"), actor(world, "bob")
    ours = pledges.write_pledge(
        relation=world.to_bakery, told=told, is_shown=False, actor=coen, at=START
    )
    theirs = pledges.write_pledge(
        relation=world.to_bakery, told=replace(told, said_on=date(2027, 1, 4)), is_shown=True,
        actor=bob, at=START,
    )  # fmt: skip
    leaves = Leaf.objects.seen_by(SYSTEM).filter(subject_id__in=(ours.id, theirs.id))
    assert [each.subject_id for each in leaves] == [theirs.id]  # ours nobody else sees
    relation = world.to_bakery.id
    assert unsettled_promises(relation, world.viewer("bob")) == [theirs]
    assert unsettled_promises(relation, world.viewer("coen"), draft=draft.id) == [ours, theirs]
    with pytest.raises(Refusal, match="no clause snel"):
        pledges.settle_pledge(pledge=theirs, clause="snel", by=draft, actor=coen, at=START)
    clause = pledges.clauses_of(draft)[0]
    pledges.settle_pledge(pledge=theirs, clause=clause, by=draft, actor=coen, at=START)
    with pytest.raises(Refusal, match="show it"):
        pledges.decline_pledge(pledge=ours, why="nee", actor=coen, at=START)
    pledges.show_pledge(pledge=ours, actor=coen, at=START)
    pledges.decline_pledge(pledge=ours, why="te duur", actor=coen, at=START)
    assert unsettled_promises(relation, world.viewer("bob")) == [ours]
    pledges.decline_pledge(pledge=ours, why="akkoord", actor=bob, at=START)
    assert unsettled_promises(relation, world.viewer("bob")) == []
    kept = frozenset({"another"})
    assert unsettled_promises(relation, world.viewer("bob"), clauses=kept) == [theirs]
    assert unsettled_promises(relation, world.viewer("charlie")) == []


def test_what_is_agreed_to_is_counted_reminded_of_and_marks_work_until_it_is_signed(
    world: World,
) -> None:
    coen = actor(world, "coen")
    told = offers.Said(Assent.How.CALL, Side.CUSTOMER, "Bob", "Doe maar goud.", agreed_at=TUESDAY)
    with pytest.raises(Refusal, match="who agreed"):
        offers.record_assent(
            relation=world.to_bakery, said=replace(told, by_name=""), actor=coen, at=TUESDAY
        )
    assent = offers.record_assent(relation=world.to_bakery, said=told, actor=coen, at=TUESDAY)
    assert Leaf.objects.seen_by(SYSTEM).get(subject_id=assent.id).kind == "said"
    assert is_unsigned(world.to_bakery, world.viewer("bob"))
    assert not is_unsigned(world.to_bakery, world.viewer("charlie"))
    assert flow.remind_of_unsigned(at=TUESDAY + 6 * DAY) == 0
    assert flow.remind_of_unsigned(at=TUESDAY + 15 * DAY) == 1
    assert flow.remind_of_unsigned(at=TUESDAY + 16 * DAY) == 0
    address_owed(at=TUESDAY + 15 * DAY)
    titles = Notice.objects.seen_by(SYSTEM).filter(obligation__kind="unsigned")
    assert {each.title for each in titles} == {
        "Al 14 dagen toegezegd, niet getekend: Bakkerij De Korenaar B.V.",
        "Al 14 dagen toegezegd, niet getekend: Noord ICT B.V.",
    }
    draft = begun(world, frozen("msp-vier-niveaus"))
    given = {"assents": [assent], "actor": coen, "at": TUESDAY}
    offers.replace_assents(by=draft, **given)
    (waiting,) = waiting_of(world.supplier.id, world.viewer("coen"))
    assert waiting.named_by == draft.name
    offers.replace_assents(by=world.versions["bakery"], **given | {"at": TUESDAY + 1})  # signed
    assert waiting_of(None, SYSTEM) == []
    other = offers.record_assent(relation=world.to_bakery, said=told, actor=coen, at=TUESDAY)
    offers.let_assent_go(assent=other, why="Toch niet", actor=coen, at=TUESDAY)
    assert not is_unsigned(world.to_bakery, SYSTEM)


def test_the_demonstration_shows_all_of_it(world: World) -> None:
    alice, bakery = world.people["alice"].id, world.bakery.name
    add_offers(supplier=world.supplier.id, person=alice, customer=bakery, at=TUESDAY)
    viewer = world.viewer("bob")
    assert [each.named_by for each in waiting_of(world.bakery.id, viewer)] == [""]
    assert len(unsettled_promises(world.to_bakery.id, viewer)) == 2
    assert Offer.objects.seen_by(viewer).count() == 1
