"""The same Tuesday as people would want to see it in a handbook: a quarter that went mostly well,
a morning with something of everything. All of it is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from world import HOUR, MINUTE, START, TUESDAY, World, make_world

from afspraak import flow
from afspraak.notices.actions_address import address_owed
from afspraak.parties.actions import Actor
from afspraak.parties.actions_file import come_in
from afspraak.rights.viewer import SYSTEM

if TYPE_CHECKING:
    from uuid import UUID

DAY = 24 * HOUR
NAMES = {
    "alice": ("Alice van Dam", ""),
    "agnes": ("Agnes Mulder", ""),
    "coen": ("Coen Brouwer", ""),
    "bob": ("Anneke Visser", "+31 224 555 801"),
    "bob_user": ("Sam Visser", "+31 224 555 802"),
    "charlie": ("Tom Vermeulen", "+31 72 555 3310"),
}
BEFORE = (  # days after the first Monday, hour, service, impact, title, hours until it was solved
    (0, 9, "e-mail", "one_person", "Outlook vraagt steeds om een wachtwoord", 2),
    (1, 10, "werkplek", "one_person", "Scherm blijft zwart na het opstarten", 4),
    (2, 8, "kassa", "team", "Kassa 1 leest geen pinpas", 1),
    (7, 13, "printers", "one_person", "Papier loopt vast in lade 2", 26),
    (8, 9, "e-mail", "team", "Gedeelde postbus is leeg", 3),
    (10, 15, "internet", "team", "Wifi valt weg in de bakkerij", 2),
    (14, 9, "werkplek", "one_person", "Laptop is erg traag", 5),
    (15, 11, "e-mail", "one_person", "Bijlage wordt geweigerd", 9),
    (18, 10, "kassa", "one_person", "Bonprinter drukt bleek af", 3),
    (22, 9, "e-mail", "one_person", "Nieuwe collega heeft een adres nodig", 4),
    (24, 14, "werkplek", "team", "Kan niet aanmelden na vakantie", 1),
    (28, 8, "internet", "everybody", "Geen internet in de winkel", 3),
    (30, 10, "printers", "one_person", "Strepen op elke afdruk", 22),
    (35, 9, "e-mail", "one_person", "Afwezigheidsmelding staat nog aan", 1),
    (37, 13, "werkplek", "one_person", "Excel sluit vanzelf af", 30),
    (42, 11, "kassa", "team", "Kassa 2 start niet op", 1),
    (44, 9, "e-mail", "team", "Mail komt een uur later aan", 6),
    (49, 10, "werkplek", "one_person", "Geen geluid in vergaderingen", 3),
)
"""A quarter until today, of the bakery's."""
Told = tuple[int, str, dict[str, Any]]
"""Minutes after the report, code, what else."""


@dataclass(frozen=True)
class Story:
    """A ticket from its report on: `at` in minutes before now, what is told in minutes after it."""

    name: str
    ago: int
    service: str
    impact: str
    title: str
    told: tuple[Told, ...] = ()
    by: str = "bob"
    to: str = "bakery"
    kind: str = "incident"
    words: str = ""


TODAY = (
    Story(
        "late",
        1520,
        "werkplek",
        "everybody",
        "VPN weigert na de update",
        (
            (20, "supplier_contact", {"words": "Ik kijk mee."}),
            (
                60,
                "question",
                {"to": "customer", "words": "Welke foutcode staat er?", "id": "code"},
            ),
            (180, "answer", {"of": "code", "words": "0x80072746, op alle laptops."}),
            (240, "diagnosis", {"words": "Het certificaat van de VPN is verlopen."}),
            (
                1510,
                "expectation",
                {"until": TUESDAY + 4 * HOUR, "words": "Het nieuwe certificaat komt vanmiddag."},
            ),
        ),
        words="Sinds de update van vanochtend kan niemand thuis bij de bestanden.",
    ),
    Story(
        "notary",
        120,
        "internet",
        "team",
        "Verbinding hapert sinds vanochtend",
        by="charlie",
        to="notary",
    ),
    Story(
        "solved",
        85,
        "kassa",
        "team",
        "Kassa 2 start traag",
        ((10, "solved", {"words": "Geheugen vrijgemaakt en opnieuw gestart."}),),
    ),
    Story("near", 80, "e-mail", "team", "Geen e-mail in de winkel"),
    Story(
        "frozen",
        60,
        "e-mail",
        "one_person",
        "Account voor een nieuwe collega",
        (
            (
                20,
                "question",
                {"to": "customer", "words": "Hoe heet zij, en bij welke lijsten hoort zij?"},
            ),
        ),
        by="bob_user",
        kind="request",
        words="Er begint maandag iemand in de winkel.",
    ),
    Story(
        "laptop",
        50,
        "werkplek",
        "one_person",
        "Beeldscherm flikkert",
        ((5, "supplier_contact", {"words": "Wij brengen morgen een ander."}),),
    ),
    Story(
        "plan",
        15,
        "printers",
        "one_person",
        "Scan komt niet in de map",
        ((5, "supplier_contact", {"words": "Wij plannen het in."}),),
    ),
)
THEIRS = frozenset({"answer", "accepted"})
"""What the customer tells."""


def make_pictured() -> tuple[World, dict[str, str]]:
    """The world of the tests, its people with whole names, and what was reported."""
    world = make_world()
    for key, (name, phone) in NAMES.items():
        person = world.people[key]
        person.name, person.phone = name, phone
        person.save(update_fields=["name", "phone"])
    numbers = tell_all(world, [*quarter(), *TODAY])
    agnes = Actor(world.supplier.id, world.people["agnes"].id)
    come_in(actor=agnes, until_at=TUESDAY + 7 * HOUR, viewer=SYSTEM, at=TUESDAY - HOUR)
    flow.look(at=TUESDAY)
    flow.look_at_duties(agreement=world.versions["bakery"].agreement, at=TUESDAY)
    address_owed(at=TUESDAY)
    return world, numbers


def quarter() -> Iterator[Story]:
    """What was reported before today: answered, explained, solved and accepted."""
    for day, hour, service, impact, title, hours in BEFORE:
        ago = (TUESDAY - START - day * DAY - (hour - 9) * HOUR) // MINUTE
        told: tuple[Told, ...] = (
            (12, "supplier_contact", {"words": "Wij kijken ernaar."}),
            (30, "diagnosis", {"words": "De oorzaak is bekend; wij herstellen het nu."}),
            (hours * 60, "solved", {"words": "Hersteld en samen nagekeken."}),
            (hours * 60 + 60, "accepted", {"words": "Werkt weer, dank."}),
        )
        yield Story(title, ago, service, impact, title, told)


def tell_all(world: World, stories: list[Story]) -> dict[str, str]:
    """Everything in the order in which it happened, as the log takes it; name -> number."""
    told = [
        (TUESDAY - (story.ago - minutes) * MINUTE, code, story, more)
        for story in stories
        for minutes, code, more in ((0, "reported", {}), *story.told)
    ]
    tickets: dict[str, UUID] = {}
    numbers: dict[str, str] = {}
    for at, code, story, more in sorted(told, key=lambda each: each[0]):
        if code == "reported":
            ticket = report(world, story, at)
            tickets[story.name], numbers[story.name] = ticket.id, ticket.number
        else:
            world.tell(code, tickets[story.name], at, **whose(world, code), **more)
    return numbers


def report(world: World, story: Story, at: int) -> Any:
    """The ticket that a report opens."""
    fields = {"service": story.service, "impact": story.impact, "kind": story.kind}
    reporter = world.people[story.by].id
    told = {"title": story.title, "words": story.words, "fields": fields, "reporter": reporter}
    ticket = world.report(at, to=story.to, **told).ticket
    assert ticket is not None
    return ticket


def whose(world: World, code: str) -> dict[str, Any]:
    """Who tells something of this kind to the bakery, or for it."""
    if code not in THEIRS:
        return {"person": world.people["agnes"].id}
    by = {"by": "customer"} if code == "answer" else {}
    return {"recorded_by": "customer", "person": world.people["bob"].id, **by}
