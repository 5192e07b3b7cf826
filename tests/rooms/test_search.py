"""Found by a few letters or figures, however they are written; and nobody else's."""

from uuid import UUID

import pytest
from conftest import take_role
from world import START, TUESDAY, World, make_world

from afspraak.parties.actions import add_person
from afspraak.parties.found import found_people
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM, viewing
from afspraak.tickets.found import found_tickets
from afspraak.tickets.models import Ticket


@pytest.fixture
def world(as_system: None) -> World:
    """With people whose names are easily written in another way, on both sides of a border."""
    world = make_world()
    for organisation, name, phone in (
        (world.bakery, "Zoë van der Meijden", "+31 (0)6 1234 5678"),
        (world.notary, "Zoë 50%_ Claes", "02/555 12 34"),
    ):
        add_person(organisation=organisation, name=name, phone=phone, at=START)
    return world


def names(world: World, who: str, words: str, figures: str = "") -> list[str]:
    """With the second wall alone: the first one is taken down."""
    with viewing(world.viewer(who)):
        rows = Person.objects.seen_by(SYSTEM)
        return [each.name for each in found_people(rows, words, 5, figures=figures)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("zoe meij", ["Zoë van der Meijden"]),
        ("MEIJDEN", ["Zoë van der Meijden"]),
        ("van der meiden", ["Zoë van der Meijden"]),
        ("50%", ["Zoë 50%_ Claes"]),
        ("%_", ["Zoë 50%_ Claes"]),
        ("zo", ["Zoë 50%_ Claes", "Zoë van der Meijden"]),
        ("niemand hier", []),
        ("", []),
    ],
)
def test_people_are_found_however_it_is_typed(world: World, words: str, found: list[str]) -> None:
    take_role("app")
    assert sorted(names(world, "agnes", words)) == found


def test_people_are_found_by_figures(world: World) -> None:
    take_role("app")
    assert names(world, "agnes", "06 1234", figures="61234") == ["Zoë van der Meijden"]
    assert names(world, "agnes", "555 12", figures="55512") == ["Zoë 50%_ Claes"]


def test_nobody_elses_people_are_found(world: World) -> None:
    take_role("app")
    for words, figures in (("zoe", ""), ("zo", ""), ("claes", ""), ("claas", ""), ("-", "555")):
        assert "Zoë 50%_ Claes" not in names(world, "bob", words, figures)
        assert names(world, "charlie", words, figures) in ([], ["Zoë 50%_ Claes"])


def test_tickets_are_found_by_number_and_by_words(world: World) -> None:
    first = world.report(TUESDAY, title="De kassa doet het niet").ticket
    world.report(TUESDAY + 1, to="notary", title="De kassa van de notaris")
    take_role("app")

    def numbers(who: str, words: str, organisation: UUID) -> set[str]:
        with viewing(world.viewer(who)):
            rows = Ticket.objects.seen_by(SYSTEM)
            found = found_tickets(rows, words, 5, organisations=[organisation])
            return {each.title for each in found}

    assert first is not None
    assert numbers("agnes", first.number.lower(), world.supplier.id) == {first.title}
    assert len(numbers("agnes", "kassa de", world.supplier.id)) == 2
    assert numbers("agnes", "kasse de notaris", world.supplier.id) == {"De kassa van de notaris"}
    assert numbers("bob", "kassa", world.bakery.id) == {first.title}
    assert numbers("bob", "kassa", world.notary.id) == set()
    assert numbers("bob", "kassa", world.supplier.id) == {first.title}
