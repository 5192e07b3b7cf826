"""The life of a signed agreement: dates, agendas, deliveries, people, things, the end."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from django.db import DatabaseError, connection, transaction
from world import HOUR, START, TUESDAY, World, frozen, make_world

from afspraak import flow
from afspraak.agreements.owners import owners_of
from afspraak.agreements.read import document_of, terms_in
from afspraak.clocks.models import Duty
from afspraak.engine.hours import lay_out
from afspraak.engine.in_force import Version
from afspraak.engine.time import Refusal, Rhythm, WorkingDays, datetime_of, parse_instant
from afspraak.keeping.actions import Said as Saying
from afspraak.keeping.actions import make_feed, write_down
from afspraak.keeping.agenda import Event, agenda_of, uid_of
from afspraak.keeping.cancelled import cancelled
from afspraak.keeping.ending import (
    Told as Said,
)
from afspraak.keeping.ending import (
    outliving,
    plan_of,
    reached,
    standing_notice,
    steps_in,
)
from afspraak.keeping.load import entries_of, of_person, of_thing
from afspraak.keeping.models import Feed, Subject
from afspraak.keeping.months import weeks_of
from afspraak.keeping.plan import costs_of, pictured
from afspraak.keeping.team import Member, Rules, knowledge_of, mix_of, swaps_of, team_of
from afspraak.keeping.team import Told as Word
from afspraak.keeping.things import OWNERS, Thing, read_csv, register_of, thing_in, written
from afspraak.keeping.things import Told as OfThing
from afspraak.ledger.models import Leaf
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Notice
from afspraak.parties.actions import Actor
from afspraak.parties.actions_access import digest_of
from afspraak.rights.viewer import SYSTEM, Viewer, viewing
from afspraak.tickets.happened import Happened

DATA = frozen("msp-vier-niveaus")
DOCUMENT, TERMS = document_of(DATA), terms_in(DATA)
ZONE = ZoneInfo("Europe/Amsterdam")
HOURS = lay_out(TERMS.calendars["kantoor"])


def on(text: str) -> date:
    return date.fromisoformat(text)


# A month ------------------------------------------------------------------------------------------


def test_a_month_hangs_on_the_wall_in_whole_weeks() -> None:
    weeks = weeks_of(on("2027-02-01"), on("2027-02-10"), [(on("2027-02-10"), "report")])
    assert [len(week) for week in weeks] == [7, 7, 7, 7]  # a February that begins on a Monday
    assert weeks[1][2].is_today
    assert weeks[1][2].things == ("report",)
    weeks = weeks_of(on("2027-08-01"), on("2027-02-10"), [])
    assert weeks[0][0].on == on("2027-07-26")
    assert weeks[0][0].is_outside
    assert weeks[-1][-1].on == on("2027-09-05")


# Agendas ------------------------------------------------------------------------------------------


def event(**more: Any) -> Event:
    uid = uid_of("a1", "verslag", on("2027-04-15"))
    told = {"title": "Verslag; kwartaal, één", "told": "van ons\naan u", "kind": "report"}
    stamp = parse_instant("2027-01-04T08:00:00Z")
    return Event(**{"uid": uid, "on": on("2027-04-15"), "stamp_at": stamp, **told, **more})


def test_an_agenda_is_read_by_another_library() -> None:
    data = agenda_of("Afspraak", "nl", [event(warn_days=14), event(uid="b", is_cancelled=True)])
    read = vobject.readOne(data.decode())
    first, second = read.vevent_list
    assert first.uid.value == "a1.verslag.20270415@afspraak"
    assert (first.dtstart.value, first.dtend.value) == (on("2027-04-15"), on("2027-04-16"))
    assert b"DTSTART;VALUE=DATE:20270415" in data
    assert first.summary.value == "Verslag; kwartaal, één"
    assert first.description.value == "van ons\naan u"
    assert first.status.value == "CONFIRMED"
    assert first.valarm.trigger.value == timedelta(days=-14)
    assert str(first.dtstamp.value) == "2027-01-04 08:00:00+00:00"
    assert (second.status.value, second.sequence.value) == ("CANCELLED", "1")
    assert not hasattr(second, "valarm")


def test_the_same_dates_are_the_same_bytes_in_whatever_order() -> None:
    one, two = event(), event(uid="other")
    assert agenda_of("A", "nl", [one, two]) == agenda_of("A", "nl", [two, one])
    folded = agenda_of("A", "nl", [event(title="x" * 300)])
    assert max(len(line) for line in folded.split(b"\r\n")) <= 75


def version(number: int, from_: str) -> Version:
    at = parse_instant(from_)
    signed = {"supplier": at, "customer": at}
    return Version(str(number), "a", ("supplier", "customer"), at, at + 10**15, signed)


def test_a_date_that_a_new_version_drops_is_called_off() -> None:
    shorter = replace(TERMS, recurring=tuple(r for r in TERMS.recurring if r.clause != "gesprek"))
    versions = [
        (version(1, "2026-12-31T23:00:00Z"), TERMS),
        (version(2, "2027-06-01T00:00:00Z"), shorter),
    ]
    dropped = cancelled(
        versions, {("verslag", on("2027-07-15"))}, parse_instant("2027-06-02T00:00:00Z")
    )
    assert dropped["gesprek", on("2027-11-01")] == "supplier"
    assert ("gesprek", on("2027-05-01")) not in dropped  # it was due before
    assert ("verslag", on("2027-07-15")) not in dropped  # it stands


# Deliveries ---------------------------------------------------------------------------------------


def test_a_late_step_moves_what_the_other_side_builds_on_it() -> None:
    costs = costs_of(TERMS.deliveries, TERMS.consequences, DOCUMENT, "gegevens", 5)
    moved = {each.clause: (each.days, str(each.until_on)) for each in costs.moved}
    assert moved == {"inrichting": (5, "2027-01-27"), "livegang": (5, "2027-02-06")}
    assert costs.penalties == ()
    (later,) = costs.later
    assert (later.amount, later.price, later.days) == (Decimal("3200.00"), Decimal("6400.00"), 5)


def test_ones_own_lateness_moves_nothing_and_costs_the_penalty() -> None:
    costs = costs_of(TERMS.deliveries, TERMS.consequences, DOCUMENT, "inrichting", 3)
    assert costs.moved == ()
    assert costs.held == ("livegang",)
    costs = costs_of(TERMS.deliveries, TERMS.consequences, DOCUMENT, "livegang", 3)
    (penalty,) = costs.penalties
    assert (penalty.clause, penalty.bearer) == ("boete", "supplier")
    assert costs_of(TERMS.deliveries, TERMS.consequences, DOCUMENT, "livegang", 0).penalties == ()


def test_the_plan_is_drawn_from_what_each_step_waits_for() -> None:
    from afspraak.engine.promises import assess_deliveries  # noqa: PLC0415  (only here)

    now = assess_deliveries(TERMS.deliveries, [], ZONE, parse_instant("2027-01-04T08:00:00Z"))
    drawn = pictured(TERMS.deliveries, now, on("2027-01-01"), {"gegevens": on("2027-01-06")})
    assert drawn.arrows == ((0, 1), (1, 2))
    first, second, third = drawn.bars
    assert (first.start, first.end) == (0, 8)
    assert second.start == first.done == 6
    assert third.end == drawn.days == 32


# The people ---------------------------------------------------------------------------------------

RULES = Rules("supplier", Rhythm(months=1), WorkingDays(3), True, ZONE, HOURS)  # noqa: FBT003
SWAP = Word(
    "s1", "s1", "announced", "supplier", parse_instant("2027-03-01T09:00:00Z"),
    on("2027-04-05"), "Sanne Kuiper", "Noor Smit", "senior",
)  # fmt: skip


def said(what: str, at: str, side: str = "customer", **more: Any) -> Word:
    return Word(f"{what}{at}", "s1", what, side, parse_instant(at), **more)


def seniority(name: str) -> str:
    return {"Sanne Kuiper": "senior", "Bilal Aydin": "medior"}.get(name, "")


@pytest.mark.parametrize(
    ("more", "as_of", "state", "reasons"),
    [
        ([], "2027-04-06T09:00:00Z", "running", ()),
        ([], "2027-04-09T09:00:00Z", "missed", ("hand_over",)),
        ([said("accepted", "2027-04-07T15:00:00Z")], "2027-05-01T09:00:00Z", "kept", ()),
        (
            [said("accepted", "2027-04-12T15:00:00Z")],
            "2027-05-01T09:00:00Z",
            "missed",
            ("hand_over",),
        ),
        (
            [said("rejected", "2027-04-06T15:00:00Z")],
            "2027-05-01T09:00:00Z",
            "missed",
            ("hand_over",),
        ),
        ([said("withdrawn", "2027-03-20T15:00:00Z")], "2027-05-01T09:00:00Z", "withdrawn", ()),
    ],
)
def test_a_swap_needs_its_hand_over_accepted_in_time(
    more: list[Word], as_of: str, state: str, reasons: tuple[str, ...]
) -> None:
    (swap,) = swaps_of([SWAP, *more], RULES, seniority, parse_instant(as_of))
    assert (swap.state, swap.reasons) == (state, reasons)
    assert swap.due_at == parse_instant("2027-04-08T15:30:00Z")  # the third working day's end


def test_a_swap_told_too_late_or_to_a_junior_is_missed_at_once() -> None:
    at = parse_instant("2027-03-30T09:00:00Z")
    late = replace(SWAP, at=parse_instant("2027-03-06T09:00:00Z"), seniority="junior")
    (swap,) = swaps_of([late], RULES, seniority, at)
    assert (swap.state, swap.reasons) == ("missed", ("notice", "seniority"))
    first = replace(late, is_first=True)  # who sold hands over to who does the work
    assert swaps_of([first], RULES, seniority, at)[0].state == "running"
    just = replace(SWAP, at=parse_instant("2027-03-05T22:59:59Z"))  # the last second of the date
    assert swaps_of([just], RULES, seniority, at)[0].reasons == ()


def test_the_team_and_its_mix_follow_the_swaps_on_their_dates() -> None:
    signed = [
        Member("Sanne Kuiper", "contact", "senior"),
        Member("Bilal Aydin", "network", "medior"),
    ]
    swaps = swaps_of([SWAP], RULES, seniority, parse_instant("2027-04-06T09:00:00Z"))
    assert team_of(signed, swaps, on("2027-04-04"))[0].name == "Sanne Kuiper"
    after = team_of(signed, swaps, on("2027-04-05"))
    assert (after[0].name, after[0].instead_of) == ("Noor Smit", "Sanne Kuiper")
    assert mix_of(after) == {"senior": 1, "medior": 1}


def proof(name: str, knows: str, got: str, until: str | None = None) -> Word:
    ends = None if until is None else on(until)
    return Word(f"{name}{got}", name, "proof", "supplier", 0, on(got), knows=knows, until_on=ends)


def test_knowledge_is_counted_by_proofs_that_hold() -> None:
    told = [
        proof("Noor", "kassa", "2026-01-01", "2027-01-01"),
        proof("Noor", "kassa", "2027-01-01", "2028-01-01"),
        proof("Bilal", "kassa", "2026-01-01", "2027-03-01"),
        proof("Agnes", "kassa", "2027-12-01"),
        proof("Agnes", "Exact Online", "2026-12-01"),
    ]
    till, exact = knowledge_of(2, ["kassa", "Exact Online"], told, on("2027-03-01"))
    assert till.people == (("Noor", on("2028-01-01")),)  # Bilal's ends on that very date
    assert (till.lacks, exact.lacks) == (1, 1)
    gone = Word("w", "Agnes2026-12-01", "proof_withdrawn", "supplier", 1)
    assert knowledge_of(2, ["Exact Online"], [*told, gone], on("2027-03-01"))[0].people == ()


# The things ---------------------------------------------------------------------------------------

GOOD = (
    "label;name;owner;of;number;from\n"
    "r1;Router;supplier;;1;2027-01-01\n"
    "k1;Kabel;third_party;Glasnet;;\n"
)


def test_things_are_read_from_a_file() -> None:
    read = read_csv(b"\xef\xbb\xbf" + GOOD.encode(), ["internet"])
    assert read.faults == ()
    assert read.things[0] == Thing("r1", "Router", "supplier", from_on=on("2027-01-01"))
    assert read.things[1].of == "Glasnet"
    for each in read.things:
        assert thing_in(written(each), []) == each


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("r2,,supplier,,,", "name is empty"),
        ("r2,R,baker,,,", f"owner is baker: it is one of {', '.join(OWNERS)}"),
        ("r2,R,third_party,,,", "say which third party"),
        ("r2,R,customer,mail,,", "service is mail: it is one of internet"),
        ("r2,R,customer,,31-01-2027,", "write the date as 2027-01-31"),
        ("r2,R,customer,,2027-02-01,2027-02-01", "until is not after from"),
        ("r2,R,customer,,", "5 values under 6 columns"),
        ("r1,R,customer,,,", "the label r1 is there twice"),
    ],
)
def test_each_bad_line_is_named_with_its_remedy(line: str, told: str) -> None:
    text = f"label,name,owner,service,from,until\nr1,Router,supplier,internet,,\n{line}\n"
    read = read_csv(text.encode(), ["internet"])
    (fault,) = read.faults
    assert fault.line == 3
    assert told in str(fault.why)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "lacks the column label"),
        (b"label,name\n", "lacks the column owner"),
        (b"label,name,owner,colour\n", "colour"),
        (b"label,name,owner,name\n", "name that is unknown or there twice"),
        (b"\xff\xfe", "not UTF-8"),
        (b'label,name,owner\nr1,"Router,supplier\n', "quotation mark"),
        (b"x" * 500_001, "too large"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, told: str) -> None:
    with pytest.raises(Refusal, match=told):
        read_csv(content, [])


def test_the_register_says_where_it_differs_from_what_was_signed() -> None:
    signed = [Thing("r1", "Router", "supplier", at_exit="bought")]
    moved = OfThing(5, "customer", Thing("r1", "Router", "customer"))
    (held,) = register_of(signed, [moved])
    assert held.differs
    (gone,) = register_of(signed, [moved, replace(moved, at=6, is_gone=True)])
    assert gone.is_gone
    (same,) = register_of(signed, [])
    assert not same.differs


# The end ------------------------------------------------------------------------------------------


def test_a_notice_ends_it_at_the_end_that_it_still_prevents_from_moving() -> None:
    in_time = reached(DOCUMENT, "supplier", on("2029-10-01"), "written", None)
    assert (str(in_time.ends_on), str(in_time.last_on)) == ("2030-01-01", "2029-10-01")
    late = reached(DOCUMENT, "supplier", on("2029-10-02"), "written", on("2030-01-01"))
    assert (str(late.ends_on), str(late.too_late_for)) == ("2031-01-01", "2030-01-01")
    last = reached(DOCUMENT, "supplier", on("2031-12-01"), "written", None)
    assert str(last.ends_on) == "2032-01-01"  # it renews at most twice
    assert not reached(DOCUMENT, "supplier", on("2029-01-01"), "said", None).is_in_form


def test_a_party_that_may_end_it_early_does_so_by_its_own_notice() -> None:
    early = reached(DOCUMENT, "customer", on("2027-03-31"), "written", on("2028-01-01"))
    assert (str(early.ends_on), early.by, early.fee) == ("2028-01-01", "early", Decimal("2500.00"))
    assert early.too_late_for is None
    later = reached(DOCUMENT, "customer", on("2028-08-31"), "written", on("2028-12-31"))
    assert (str(later.ends_on), str(later.too_late_for)) == ("2029-02-28", "2028-12-31")
    other = reached(DOCUMENT, "supplier", on("2027-03-31"), "written", on("2028-01-01"))
    assert str(other.ends_on) == "2030-01-01"  # only the customer may


def given(id: str, at: int, side: str = "customer", **more: Any) -> Said:  # noqa: A002
    return Said(id, id, "given", side, at, on("2029-09-01"), **more)


def test_a_notice_stands_until_its_own_side_takes_it_back() -> None:
    back = Said("w", "n1", "withdrawn", "supplier", 3)
    assert standing_notice([given("n1", 1), back]) == given("n1", 1)
    assert standing_notice([given("n1", 1), replace(back, side="customer")]) is None
    assert standing_notice([given("n2", 2), given("n1", 1)]) == given("n1", 1)


def test_the_exit_plan_begins_with_what_the_contract_asks_for() -> None:
    steps = {each.key: each for each in steps_in(DOCUMENT, on("2030-01-01"), HOURS)}
    due = {key: (each.side, str(each.due_on)) for key, each in steps.items()}
    assert due == {
        "plan:einde": ("supplier", "2029-07-01"),
        "data:einde": ("supplier", "2030-02-01"),
        "help:einde": ("supplier", "2030-04-01"),
        "erased:einde": ("supplier", "2030-04-01"),
        "thing:router": ("customer", "2030-01-01"),
        "thing:documentatie": ("supplier", "2030-01-01"),
    }
    own = Said("o1", "", "planned", "customer", 1, on("2029-11-01"), "Opvolger kiezen", "customer")
    done = Said("d", "plan:einde", "done", "supplier", 2, words="zie bijlage")
    moved = Said("m", "thing:router", "moved", "customer", 3, on("2030-02-01"))
    plan = plan_of(steps.values(), [own, done, moved], on("2029-12-01"))
    assert [each.key for each in plan if each.is_late] == ["o1"]
    found = {each.key: each for each in plan}
    assert found["plan:einde"].done == done
    assert str(found["thing:router"].due_on) == "2030-02-01"
    struck = Said("s", "o1", "struck", "customer", 4)
    never = Said("s2", "data:einde", "struck", "customer", 4)  # the contract's own stay
    keys = {each.key for each in plan_of(steps.values(), [own, struck, never], on("2029-12-01"))}
    assert keys == set(steps)


def test_what_outlives_the_agreement_is_listed_with_its_dates() -> None:
    found = {
        (each.clause, each.kind): str(each.until_on)
        for each in outliving(DOCUMENT, on("2030-01-01"), HOURS)
    }
    assert found["einde", "data"] == "2030-02-01"
    assert found["einde", "erased"] == "2030-04-01"
    assert found["kwaliteit", "guarantee"] == "2030-04-01"
    assert found["boete", "penalty"] == "2030-04-01"
    assert found["betalen", "payment"] == "2030-01-31"


# In the database ----------------------------------------------------------------------------------

AT = TUESDAY


@pytest.fixture
def world(as_system: None) -> World:
    made = make_world()
    flow.look_at_duties(agreement=made.versions["bakery"].agreement, at=START + HOUR)
    return made


def actor(world: World, name: str) -> Actor:
    person = world.people[name]
    return Actor(person.organisation_id, person.pk)


def as_one(world: World, name: str) -> dict[str, Any]:
    return {
        "agreement": world.versions["bakery"].agreement,
        "actor": actor(world, name),
        "viewer": world.viewer(name),
    }


def test_who_owns_a_date_is_warned_of_it(world: World) -> None:
    agnes = world.people["agnes"]
    flow.name_owner(clause="hersteltest", person=agnes.pk, at=START + HOUR, **as_one(world, "coen"))
    flow.look_at_duties(
        agreement=world.versions["bakery"].agreement, at=parse_instant("2027-03-20T10:00:00Z")
    )
    address_owed(at=parse_instant("2027-03-20T10:00:00Z"))
    told = Notice.objects.seen_by(SYSTEM).filter(obligation__clause="hersteltest")
    assert [each.recipient.name for each in told] == ["Agnes"]
    with pytest.raises(Refusal, match="no dated promise of your side"):
        flow.name_owner(clause="hersteltest", person=None, at=AT, **as_one(world, "bob"))
    with pytest.raises(Refusal, match="does not work at"):
        flow.name_owner(clause="contactlijst", person=agnes.pk, at=AT, **as_one(world, "bob"))


def handed_in(world: World, clause: str, who: str, at: int) -> Any:
    return flow.hand_in(
        handed_in=flow.HandedIn(clause, None, "klaar"), at=at, **as_one(world, who)
    ).fact


def test_what_is_rejected_in_time_proves_nothing_from_then_on(world: World) -> None:
    began = parse_instant("2027-01-20T10:00:00+01:00")
    fact = handed_in(world, "inrichting", "coen", began)
    duty = Duty.objects.seen_by(SYSTEM).filter(clause="inrichting")
    assert duty.get().state == "met"
    with pytest.raises(Refusal, match="only the other side"):
        flow.answer_delivery(
            of=fact.pk, words="nee", at=began + HOUR, is_accepted=False, **as_one(world, "coen")
        )
    answer = {"of": fact.pk, "words": "Het werkt niet", "is_accepted": False}
    late = parse_instant("2027-01-27T17:30:01+01:00")  # a second after the fifth working day
    with pytest.raises(Refusal, match="time to reject this delivery is over"):
        flow.answer_delivery(at=late, **answer, **as_one(world, "bob"))
    flow.answer_delivery(at=late - 1_000_000, **answer, **as_one(world, "bob"))
    assert duty.get().satisfied_at is None  # it is open again
    with pytest.raises(Refusal, match="already"):
        flow.answer_delivery(at=late, **answer | {"is_accepted": True}, **as_one(world, "bob"))
    handed_in(world, "inrichting", "coen", late + HOUR)
    assert duty.get().satisfied_at is not None


def test_a_history_of_a_delivery_is_taken_in_one_walk(world: World) -> None:
    agreement = world.versions["bakery"].agreement
    began = parse_instant("2027-01-20T10:00:00+01:00")

    def told(code: str, by: str, hours: int, **more: Any) -> Happened:
        at = began + hours * HOUR
        return Happened(
            relation=agreement.relation_id, agreement=agreement.id, code=code, happened_at=at,
            recorded_at=at, recorded_by=by, by=by, is_imported=True, **more,
        )  # fmt: skip

    evidence = told("evidence", "supplier", 0, id="e1", more={"clause": "inrichting"})
    no = told("evidence_rejected", "customer", 1, of="e1", words="Het werkt niet")
    yes = told("evidence_confirmed", "customer", 2, of="e1")
    bob = {"viewer": world.viewer("bob"), "at": AT, "is_quiet": True}
    with pytest.raises(Refusal, match="already"):
        flow.take_facts(told=[evidence, no, yes], **bob)
    flow.take_facts(told=[evidence, no], **bob)
    duty = Duty.objects.seen_by(SYSTEM).get(clause="inrichting")
    assert duty.satisfied_at is None


def test_only_a_delivery_is_rejected(world: World) -> None:
    fact = handed_in(world, "hersteltest", "coen", AT)
    with pytest.raises(Refusal, match="only a delivery"):
        flow.answer_delivery(
            of=fact.pk, words="nee", at=AT + HOUR, is_accepted=False, **as_one(world, "bob")
        )


def test_a_feed_is_of_ones_own_and_opens_to_its_secret_alone(world: World) -> None:
    bob = world.people["bob"]
    assert bob.account_id is not None
    made = {"account": bob.account_id, "language": "nl", "only_own": False, "at": AT}
    first, _secret = make_feed(actor=actor(world, "bob"), **made)
    feed, secret = make_feed(actor=actor(world, "bob"), **made)
    first.refresh_from_db()
    assert first.ended_at is not None
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE afspraak_app")
    shown = Viewer(presented=digest_of(secret))
    with viewing(shown):
        assert list(Feed.objects.seen_by(shown)) == [feed]
        assert Duty.objects.seen_by(SYSTEM).count() == 0  # it shows itself, and nothing else
    for who, count in (("bob", 2), ("charlie", 0), ("alice", 0)):
        with viewing(world.viewer(who)):
            assert Feed.objects.seen_by(SYSTEM).count() == count
    with (
        viewing(world.viewer("charlie")),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):  # nobody has a feed made that shows what another sees
        make_feed(actor=actor(world, "charlie"), **made)


def test_a_notice_is_in_the_log_and_ends_the_dates_behind_the_end_that_it_reaches(
    world: World,
) -> None:
    agreement = world.versions["bakery"].agreement
    flow.look_at_duties(agreement=agreement, at=AT)
    end = on("2028-01-01")
    duties = Duty.objects.seen_by(SYSTEM).filter(agreement=agreement)
    behind, before = duties.filter(planned_on__gte=end), duties.filter(planned_on__lt=end).count()
    count = behind.count()
    assert count
    data = {"form": "registered_letter", "wanted_on": "2028-01-01"}
    told = Saying(Subject.NOTICE, "", "given", on("2027-03-01"), data, "Wij stoppen")
    (given,) = flow.say(agreement=agreement, said=[told], actor=actor(world, "bob"), at=AT)
    leaf = Leaf.objects.seen_by(SYSTEM).get(subject_id=given.id)
    assert leaf.kind == "said"
    assert b"Wij stoppen" not in bytes(leaf.body)
    assert (behind.count(), duties.count()) == (0, before)
    back = Saying(Subject.NOTICE, str(given.id), "withdrawn", words="toch niet")
    flow.say(agreement=agreement, said=[back], actor=actor(world, "bob"), at=AT + 1)
    assert (behind.count(), duties.count()) == (count, before + count)


def test_nobody_speaks_for_the_other_side(world: World) -> None:
    said = Saying(
        Subject.STEP, "", "planned", on("2029-11-01"), {"title": "x", "owner": "supplier"}
    )
    agreement = world.versions["bakery"].agreement
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE afspraak_app")
    with viewing(world.viewer("bob")), pytest.raises(DatabaseError), transaction.atomic():
        write_down(
            agreement=agreement, said=[said], side="supplier", actor=actor(world, "bob"), at=AT
        )
    with pytest.raises(Refusal, match="only the two sides"):
        flow.say(agreement=agreement, said=[said], actor=actor(world, "charlie"), at=AT)


def test_the_demonstration_fills_these_pages(world: World) -> None:
    from afspraak.cli.demo_keeping import live  # noqa: PLC0415  (a door; only here)

    live(relation=world.to_bakery.id, at=AT)
    agreement = world.versions["bakery"].agreement_id
    told = [of_person(each) for each in entries_of(agreement, SYSTEM, Subject.PERSON)]
    assert {each.what for each in told} == {"announced", "proof"}
    (thing,) = [of_thing(each) for each in entries_of(agreement, SYSTEM, Subject.THING)]
    assert (thing.thing.label, thing.thing.at_exit) == ("fw-01", "bought")
    assert owners_of([agreement], SYSTEM)[agreement, "hersteltest", world.supplier.pk].name
    past = Duty.objects.seen_by(SYSTEM).filter(agreement=agreement, due_at__lt=datetime_of(AT))
    assert "met" in past.values_list("state", flat=True), "kept in time"
