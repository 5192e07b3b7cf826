"""Monitors in: what they tell becomes outages of every service that their label means, once."""

import json

import pytest
from world import HOUR, MINUTE, TUESDAY, World, make_world

from afspraak.agreements.models import Agreement
from afspraak.api.monitors import Read, alertmanager, uptime_kuma, zabbix
from afspraak.api.signals import heard_of
from afspraak.clocks.said import services_said
from afspraak.clocks.uptime import outages_of
from afspraak.engine.time import Refusal, parse_instant
from afspraak.flow.labels import map_label, unmap_label
from afspraak.flow.signals import Listened, take_signals
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact

pytestmark = pytest.mark.usefixtures("as_system")


@pytest.fixture
def world(as_system: None) -> World:
    made = make_world()
    for name in ("bakery", "notary"):
        map_label(
            label="mail.noord",
            agreement=agreement(made, name),
            service="e-mail",
            actor=Actor(made.supplier.id),
            viewer=SYSTEM,
            at=TUESDAY,
        )
    return made


def agreement(world: World, name: str = "bakery") -> Agreement:
    return world.versions[name].agreement


def alert(status: str, *, label: str = "mail.noord", starts: str = "2027-03-02T09:00:00Z") -> bytes:
    ends = "2027-03-02T10:00:00Z" if status == "resolved" else "0001-01-01T00:00:00Z"
    told = {
        "status": status,
        "labels": {"service": label, "alertname": "Down"},
        "annotations": {"summary": "geen antwoord"},
        "startsAt": starts,
        "endsAt": ends,
        "fingerprint": "ab12",
    }
    return json.dumps({"version": "4", "truncatedAlerts": 0, "alerts": [told]}).encode()


def beat(status: int, time: str, monitor: int = 7) -> bytes:
    told = {
        "heartbeat": {"status": status, "time": time, "msg": "timeout"},
        "monitor": {"id": monitor, "name": "mail.noord", "tags": []},
        "msg": "x",
    }
    return json.dumps(told).encode()


def listened(world: World, read: object, at: int) -> Listened:
    assert isinstance(read, Read)
    heard = [heard_of(each) for each in read.signals]
    return take_signals(heard=heard, organisation=world.supplier.id, viewer=SYSTEM, at=at)


def outages(world: World, name: str = "bakery") -> list[tuple[int, int | None]]:
    said = services_said(agreement(world, name).id, SYSTEM)
    return [(each.from_at, each.until_at) for each in outages_of(said, TUESDAY + 1000 * HOUR)]


NINE, TEN = parse_instant("2027-03-02T09:00:00Z"), parse_instant("2027-03-02T10:00:00Z")


def test_an_outage_is_of_every_customer_whose_service_it_is(world: World) -> None:
    told = listened(world, alertmanager(alert("firing")), NINE + MINUTE)
    assert (told.facts, told.repeated, told.unknown) == (2, 0, ())
    assert outages(world) == outages(world, "notary") == [(NINE, None)]
    told = listened(world, alertmanager(alert("resolved")), TEN + MINUTE)
    assert told.facts == 2
    assert outages(world) == [(NINE, TEN)]


def test_a_repetition_changes_nothing(world: World) -> None:
    for _ in range(3):
        listened(world, alertmanager(alert("firing")), NINE + MINUTE)
    told = listened(world, alertmanager(alert("firing")), NINE + HOUR)
    assert (told.facts, told.repeated) == (0, 2)
    assert Fact.objects.seen_by(SYSTEM).count() == 2


def test_an_end_that_comes_first_still_ends_its_outage(world: World) -> None:
    listened(world, alertmanager(alert("resolved")), TEN + MINUTE)
    listened(world, alertmanager(alert("firing")), TEN + MINUTE)
    assert outages(world) == [(NINE, TEN)]


def test_zabbix_ends_what_it_began(world: World) -> None:
    told = {
        "event_source": "0",
        "event_update_status": "0",
        "event_id": "99",
        "event_timestamp": str(NINE // 1_000_000),
        "event_name": "down",
        "host_name": "mail.noord",
    }
    down, up = {**told, "event_value": "1"}, {**told, "event_value": "0"}
    up["event_recovery_timestamp"] = str(TEN // 1_000_000)
    listened(world, zabbix(json.dumps(down).encode()), NINE)
    listened(world, zabbix(json.dumps(up).encode()), TEN)
    assert outages(world) == [(NINE, TEN)]


def test_kuma_says_down_once_and_ends_only_its_own(world: World) -> None:
    ups = [beat(1, "2027-03-02 08:00:00"), beat(0, "2027-03-02 09:00:00")]
    ups += [beat(0, "2027-03-02 09:05:00"), beat(0, "2027-03-02 09:10:00", monitor=8)]
    ups += [beat(1, "2027-03-02 10:00:00"), beat(1, "2027-03-02 10:00:00")]
    for raw in ups:
        listened(world, uptime_kuma(raw), TEN + HOUR)
    ten_past = parse_instant("2027-03-02T09:10:00Z")
    assert outages(world) == [(NINE, TEN), (ten_past, None)]
    listened(world, uptime_kuma(beat(0, "2027-03-02 12:00:00")), TEN + 3 * HOUR)
    assert len(outages(world)) == 3


def test_a_label_that_stands_for_nothing_is_told_back_and_stops_no_other(world: World) -> None:
    both = json.loads(alert("firing"))
    both["alerts"] += json.loads(alert("firing", label="printer.hal"))["alerts"]
    told = listened(world, alertmanager(json.dumps(both).encode()), NINE + MINUTE)
    assert (told.facts, told.unknown) == (2, ("printer.hal",))
    unmap_label(label="mail.noord", actor=Actor(world.supplier.id), viewer=SYSTEM, at=TUESDAY)
    told = listened(world, alertmanager(alert("resolved")), TEN + MINUTE)
    assert (told.facts, told.unknown) == (0, ("mail.noord",))


def test_another_suppliers_labels_are_unknown(world: World) -> None:
    read = alertmanager(alert("firing"))
    assert isinstance(read, Read)
    heard = [heard_of(each) for each in read.signals]
    told = take_signals(heard=heard, organisation=world.bakery.id, viewer=SYSTEM, at=NINE + MINUTE)
    assert told.unknown == ("mail.noord",)


def test_the_future_is_refused(world: World) -> None:
    with pytest.raises(Refusal, match="future"):
        listened(world, alertmanager(alert("firing")), NINE - HOUR)


def test_a_service_that_no_version_has_cannot_be_meant(world: World) -> None:
    with pytest.raises(Refusal, match="no service koffie"):
        map_label(
            label="x",
            agreement=agreement(world),
            service="koffie",
            actor=Actor(world.supplier.id),
            viewer=SYSTEM,
            at=TUESDAY,
        )
