"""Outages and maintenance as facts; availability as the law counts it (A4)."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from world import HOUR, MINUTE, World, make_world

from afspraak import flow
from afspraak.clocks.uptime import Said, maintenance_of, outages_of
from afspraak.engine.figures import Maintenance, Outage
from afspraak.engine.periods import Period
from afspraak.engine.time import Refusal, parse_date, parse_instant
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.happened import Happened

MONDAY = parse_instant("2027-03-01T00:00:00+01:00")
CASES = Path(__file__).parents[1] / "cases" / "own-availability.yaml"
LATER = parse_instant("2028-01-01T00:00:00Z")


def cases() -> list[dict[str, Any]]:
    found = YAML(typ="safe").load(CASES)["cases"]
    asked = [each for each in found if each.get("ask") == "availability"]
    return [each for each in asked if "refused" not in each["expect"]]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_facts_give_the_outages_and_works_of_the_laws_own_cases(case: dict[str, Any]) -> None:
    said: list[Said] = []

    def say(code: str, service: str, at: int, **more: Any) -> str:
        name = f"{code}-{len(said)}"
        said.append(Said(code, service, at, at, len(said), name, **more))
        return name

    outages, works = [], []
    for each in case.get("outages", ()):
        start, end = parse_instant(each["from"]), each.get("until")
        name = say("outage_began", each["service"], start)
        if end is not None:
            say("outage_ended", each["service"], parse_instant(end), of=name)
        until = None if end is None else parse_instant(end)
        outages.append(Outage(each["service"], start, until))
    for each in case.get("maintenance", ()):
        span = {"from_at": each["from"], "until_at": each["until"]}
        say("maintenance_announced", each["service"], parse_instant(each["announced"]), more=span)
        works.append(
            Maintenance(
                each["service"],
                parse_instant(each["from"]),
                parse_instant(each["until"]),
                parse_instant(each["announced"]),
            )
        )
    assert sorted(outages_of(said, LATER), key=str) == sorted(outages, key=str)
    assert sorted(maintenance_of(said, LATER), key=str) == sorted(works, key=str)


def began(at: int, name: str = "a", service: str = "internet", recorded: int | None = None) -> Said:
    return Said("outage_began", service, at, recorded or at, 0, name)


def ended(at: int, of: str = "", service: str = "internet") -> Said:
    return Said("outage_ended", service, at, at, 9, "end", of)


def test_an_end_without_a_name_ends_what_of_its_service_was_down() -> None:
    said = [began(0), began(5, "b", "mail"), began(20, "c"), ended(10)]
    assert outages_of(said, 30) == [
        Outage("internet", 0, 10),
        Outage("mail", 5, None),
        Outage("internet", 20, None),
    ]


def test_what_was_not_known_yet_does_not_count_yet() -> None:
    assert outages_of([began(0, recorded=50)], 49) == []
    assert outages_of([began(0, recorded=50)], 50) == [Outage("internet", 0, None)]


def test_work_announced_afterwards_was_announced_when_it_was_written_down() -> None:
    span = {"from_at": "2027-03-10T00:00:00Z", "until_at": "2027-03-10T02:00:00Z"}
    said = Said("maintenance_announced", "x", MONDAY, MONDAY + HOUR, 0, "m", more=span)
    prompt = Said("maintenance_announced", "x", MONDAY, MONDAY + 15 * MINUTE, 0, "m", more=span)
    assert maintenance_of([said], LATER)[0].announced_at == MONDAY + HOUR
    assert maintenance_of([prompt], LATER)[0].announced_at == MONDAY


def test_work_that_is_withdrawn_never_was_or_ends_there() -> None:
    span = {"from_at": "2027-03-10T00:00:00Z", "until_at": "2027-03-10T02:00:00Z"}
    planned = Said("maintenance_announced", "x", MONDAY, MONDAY, 0, "m", more=span)
    before = Said("maintenance_withdrawn", "", MONDAY + 1, MONDAY + 1, 1, "w", of="m")
    within_at = parse_instant("2027-03-10T01:00:00Z")
    within = Said("maintenance_withdrawn", "", within_at, within_at, 1, "w", of="m")
    assert maintenance_of([planned, before], LATER) == []
    assert [each.until_at for each in maintenance_of([planned, within], LATER)] == [within_at]


@pytest.fixture
def world(as_system: None) -> World:
    return make_world()


def tell(world: World, code: str, at: int, viewer: Viewer = SYSTEM, **more: Any) -> None:
    flow.take_fact(
        told=Happened(
            world.to_bakery.id,
            code,
            at,
            "supplier",
            agreement=world.versions["bakery"].agreement_id,
            more=more,
        ),
        viewer=viewer,
        at=at,
    )


def test_an_agreements_availability_follows_from_its_facts(world: World) -> None:
    tell(world, "outage_began", MONDAY + 10 * HOUR, service="internet")
    tell(world, "outage_ended", MONDAY + 11 * HOUR, service="internet")
    quarter = Period(parse_date("2027-01-01"), parse_date("2027-04-01"))
    (found,) = flow.availability_of(
        agreement=world.versions["bakery"].agreement_id,
        viewer=SYSTEM,
        as_of=parse_instant("2027-05-01T00:00:00Z"),
        period=quarter,
    )
    hours = 90 * 24 - 1  # the clocks went forward on 28 March
    assert found.uptime.share == Fraction(hours - 1, hours)
    assert (found.is_over, found.kept) == (True, True)


def test_a_running_period_counts_as_far_as_it_has_gone(world: World) -> None:
    tell(world, "outage_began", MONDAY, service="internet")
    (found,) = flow.availability_of(
        agreement=world.versions["bakery"].agreement_id, viewer=SYSTEM, as_of=MONDAY + 10 * HOUR
    )
    assert (found.uptime.down, found.is_over, found.kept) == (10 * HOUR, False, False)


def test_a_stranger_learns_nothing(world: World) -> None:
    stranger = Viewer(organisations=frozenset({world.notary.id}))
    agreement = world.versions["bakery"].agreement_id
    assert flow.availability_of(agreement=agreement, viewer=stranger, as_of=MONDAY) == ()


@pytest.mark.parametrize(
    ("code", "more", "fault"),
    [
        ("outage_began", {}, "has no service"),
        ("maintenance_announced", {"service": "internet", "from_at": "x"}, "has no until_at"),
        (
            "maintenance_announced",
            {
                "service": "internet",
                "from_at": "2027-03-10T02:00:00Z",
                "until_at": "2027-03-10T01:00:00Z",
            },
            "ends before it starts",
        ),
        ("maintenance_withdrawn", {}, "of which fact"),
    ],
)
def test_what_lacks_something_is_refused(
    world: World, code: str, more: dict[str, str], fault: str
) -> None:
    with pytest.raises(Refusal, match=fault):
        tell(world, code, MONDAY, **more)
