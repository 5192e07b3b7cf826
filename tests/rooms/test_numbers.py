"""Numbers without gaps, and how little reports of one supplier wait because of it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread
from world import START, TUESDAY, World, make_world

from afspraak import flow
from afspraak.parties.actions import add_organisation, open_relation
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets import actions
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import NumberSeries, Ticket


@pytest.fixture
def world(own_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), as_database(own_database, "system"):
        yield in_thread(make_world)


def number_of(world: World, to: str) -> str:
    return world.report(TUESDAY, to=to).ticket.number


def test_another_report_is_kept_while_one_is_about_to_be_numbered(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that a report asks and is judged by is done by then, and its log is written."""
    count_on = actions._count_on
    between: list[str] = []

    def interrupted(*told: object) -> None:
        monkeypatch.setattr(actions, "_count_on", count_on)
        between.append(in_thread(lambda: number_of(world, "notary")))
        count_on(*told)

    monkeypatch.setattr(actions, "_count_on", interrupted)
    assert in_thread(lambda: number_of(world, "bakery")) == "N-2"
    assert between == ["N-1"]


def test_a_report_that_is_not_kept_leaves_no_gap(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(**_: object) -> None:
        raise LookupError

    def failing() -> bool:
        with monkeypatch.context() as patch:
            patch.setattr("afspraak.flow.facts.owe", refused)
            with pytest.raises(LookupError):
                number_of(world, "bakery")
        return True

    assert in_thread(failing)
    assert in_thread(lambda: number_of(world, "bakery")) == "N-1"


def test_what_comes_in_together_is_numbered_in_its_order(world: World) -> None:
    relations = [world.to_bakery.id, world.to_notary.id, world.to_bakery.id]

    def told() -> list[tuple[str, str]]:
        reports = [
            Happened(
                relation,
                "reported",
                TUESDAY,
                title=f"Melding {place}",
                recorded_by="supplier",
                fields={"service": "e-mail", "impact": "one_person", "kind": "incident"},
            )
            for place, relation in enumerate(relations)
        ]
        taken = flow.take_facts(told=reports, viewer=SYSTEM, at=TUESDAY)
        rows = Ticket.objects.seen_by(SYSTEM).order_by("title")
        kept = list(rows.values_list("number", "title"))
        assert kept == [(each.ticket.number, each.ticket.title) for each in taken]
        return kept

    assert in_thread(told) == [("N-1", "Melding 0"), ("N-2", "Melding 1"), ("N-3", "Melding 2")]


def test_each_supplier_counts_its_own_and_what_is_told_twice_counts_once(world: World) -> None:
    """One walk over the relations of two suppliers, in which a report comes again."""

    def told() -> list[str]:
        glass = add_organisation(name="Glasnet B.V.", register="kvk:11223344", at=START)
        theirs = open_relation(supplier=glass, customer=world.supplier, at=START)
        names = [
            (world.to_bakery.id, "a"),
            (theirs.id, "b"),
            (world.to_bakery.id, "a"),
            (world.to_notary.id, "a"),
            (theirs.id, "c"),
            (theirs.id, "b"),
        ]
        reports = [
            Happened(relation, "reported", TUESDAY, "supplier", source="s", source_id=name)
            for relation, name in names
        ]
        for again in (False, True):
            taken = flow.take_facts(told=reports, viewer=SYSTEM, at=TUESDAY)
            assert all(each.is_repeated for each in taken) == again
        numbers = [each.ticket.number for each in taken]
        last = NumberSeries.objects.seen_by(SYSTEM).values_list("prefix", "last")
        assert sorted(last) == [("", 2), ("N-", 2)]
        assert Ticket.objects.seen_by(SYSTEM).count() == 4
        return numbers

    assert in_thread(told) == ["N-1", "1", "N-1", "N-2", "2", "1"]


def test_reports_at_once_leave_no_gap_and_no_double(world: World) -> None:
    """Four threads, each with a session of its own, in both relations."""

    def several(to: str) -> list[str]:
        return [number_of(world, to) for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(in_thread, partial(several, to)) for to in ("bakery", "notary") * 2]
        given = [number for each in asked for number in each.result()]
    assert sorted(given, key=lambda number: int(number[2:])) == [f"N-{n}" for n in range(1, 21)]
