"""Dated promises: laid out from what was signed, kept by evidence, warned of and missed (K10)."""

from datetime import date

import pytest
from django.db import connection
from world import HOUR, START, World, frozen, make_world, renamed, sign

from afspraak import flow
from afspraak.clocks.models import Duty, Outlook
from afspraak.engine.time import Refusal, parse_instant
from afspraak.notices.models import Kind, Obligation
from afspraak.rights.viewer import SYSTEM, Viewer, viewing
from afspraak.tickets.happened import Happened

pytestmark = pytest.mark.usefixtures("as_system")
DAY = 24 * HOUR


@pytest.fixture
def world(as_system: None) -> World:
    made = make_world()
    flow.look_at_duties(agreement=made.versions["bakery"].agreement, at=START + HOUR)
    return made


def duty(clause: str, on: str) -> Duty:
    return Duty.objects.seen_by(SYSTEM).get(clause=clause, planned_on=date.fromisoformat(on))


def hand_in(world: World, clause: str, at: int, *, viewer: Viewer = SYSTEM, **more: str) -> None:
    flow.take_fact(
        told=Happened(
            world.to_bakery.id,
            "evidence",
            at,
            "supplier",
            agreement=world.versions["bakery"].agreement_id,
            more={"clause": clause, **more},
        ),
        viewer=viewer,
        at=at,
    )


def test_thirteen_months_are_laid_out(world: World) -> None:
    reports = Duty.objects.seen_by(SYSTEM).filter(clause="verslag").order_by("due_at")
    assert [str(each.due_on) for each in reports] == [
        "2027-04-15",
        "2027-07-15",
        "2027-10-15",
        "2028-01-15",
    ]
    assert reports[0].due_at == parse(  # the end of the date in Amsterdam's summer
        "2027-04-15T22:00:00Z"
    )
    assert {each.state for each in reports} == {"running"}


def parse(text: str) -> object:
    from datetime import datetime  # noqa: PLC0415

    return datetime.fromisoformat(text)


def test_evidence_keeps_a_duty_in_the_same_transaction(world: World) -> None:
    at = parse_instant("2027-04-10T10:00:00Z")
    hand_in(world, "verslag", at)
    assert duty("verslag", "2027-04-15").state == "met"
    assert duty("verslag", "2027-07-15").state == "running"


def test_evidence_is_handed_in_behind_the_databases_own_policies(world: World) -> None:
    at, coen = parse_instant("2027-04-10T10:00:00Z"), world.viewer("coen")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE afspraak_app")
    with viewing(coen):
        hand_in(world, "verslag", at, viewer=coen)
        mine = Duty.objects.seen_by(coen).get(clause="verslag", planned_on="2027-04-15")
        assert mine.state == "met"
    charlie = world.viewer("charlie")
    with viewing(charlie):
        assert Duty.objects.seen_by(charlie).count() == 0
        assert Duty.objects.seen_by(SYSTEM).count() == 0, "the second wall alone"


def test_a_report_that_is_not_delivered_is_a_missed_promise(world: World) -> None:
    due = parse_instant("2027-04-15T22:00:00Z")
    flow.look_at_what_is_dated(at=due + 10 * DAY, most=1)
    assert duty("verslag", "2027-04-15").state == "missed"
    owed = Obligation.objects.seen_by(SYSTEM).get(
        clause="verslag", kind=Kind.DUTY_MISSED, subject_key__contains="2027-04-15"
    )
    assert owed.for_at == parse("2027-04-15T22:00:00Z")


def test_its_side_is_told_before_it_is_due_and_once(world: World) -> None:
    warned = Obligation.objects.seen_by(SYSTEM).filter(clause="verslag", kind=Kind.DUTY_DUE)
    for days in (95, 96, 97):
        flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=START + days * DAY)
    assert warned.count() == 1
    outlook = Outlook.objects.seen_by(SYSTEM).get()
    assert outlook.next_look_at > outlook.looked_at


def test_a_late_step_of_the_customer_moves_the_suppliers(world: World) -> None:
    late = parse_instant("2027-01-11T09:00:00+01:00")
    flow.take_fact(
        told=Happened(
            world.to_bakery.id,
            "evidence",
            late,
            "customer",
            agreement=world.versions["bakery"].agreement_id,
            more={"clause": "gegevens"},
        ),
        viewer=SYSTEM,
        at=late,
    )
    moved = duty("inrichting", "2027-01-22")
    assert str(moved.due_on) == "2027-01-25"
    assert moved.delays == [{"days": 3, "because": "gegevens", "party": "customer"}]


def test_evidence_of_nothing_that_was_promised_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match=r"has no dated promise .verslagje.: it has .*verslag"):
        hand_in(world, "verslagje", START + DAY)


def test_a_later_version_decides_what_is_due_after_it(world: World) -> None:
    data = frozen("msp-vier-niveaus")
    data = data.replace(b"number: 1, from:", b"number: 2, from:")
    later = renamed(data, 'first_on: "2027-04-15"', 'first_on: "2027-05-20"')
    at = parse_instant("2027-06-01T10:00:00Z")
    sign(world, world.to_bakery, later, at)
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=at + HOUR)
    dates = Duty.objects.seen_by(SYSTEM).filter(clause="verslag").order_by("due_at")
    assert [str(each.due_on) for each in dates][:3] == ["2027-04-15", "2027-08-20", "2027-11-20"]


def test_dates_are_rebuilt_without_a_difference(world: World) -> None:
    hand_in(world, "hersteltest", START + 3 * DAY)
    flow.look_at_what_is_dated(at=START + 120 * DAY)
    assert flow.rebuild(viewer=SYSTEM).differences == 0
    Duty.objects.seen_by(SYSTEM).filter(clause="verslag").delete()
    assert flow.rebuild(viewer=SYSTEM).differences >= 4
    assert flow.rebuild(viewer=SYSTEM).differences == 0
