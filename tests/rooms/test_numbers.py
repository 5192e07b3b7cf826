"""Numbers without gaps, and how little reports of one supplier wait because of it."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from served import as_database, in_thread
from world import TUESDAY, World, make_world

from afspraak import flow
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets import actions
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Ticket


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
