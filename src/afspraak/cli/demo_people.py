"""Who works where in the demonstration, and what is usually reported: all invented."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final, NamedTuple

from afspraak.parties.roles import Role

PASSWORD: Final = "afspraak-demo"  # noqa: S105  (printed by the demonstration, loopback only)


class Login(NamedTuple):
    """Somebody who can sign in."""

    name: str
    email: str
    role: Role


SUPPLIER: Final = "Noord ICT B.V."
STAFF: Final = (
    Login("Alice van Dam", "alice@noord-ict.example", Role.ADMIN),
    Login("Agnes Mulder", "agnes@noord-ict.example", Role.AGENT),
    Login("Youssef Amrani", "youssef@noord-ict.example", Role.AGENT),
    Login("Coen Brouwer", "coen@noord-ict.example", Role.CONTRACT_MANAGER),
    Login("Sanne Vos", "sanne@noord-ict.example", Role.ACCOUNT_MANAGER),
)


def customer_logins(slug: str, manager: str) -> tuple[Login, Login]:
    """A customer's manager (who signed) and one of its users."""
    return (
        Login(manager, f"directie@{slug}.example", Role.CUSTOMER_MANAGER),
        Login(f"Sam {manager.rsplit(' ', 1)[-1]}", f"sam@{slug}.example", Role.CUSTOMER_USER),
    )


TITLES: Final[Mapping[str, tuple[str, ...]]] = {
    "e-mail": (
        "Mail komt niet aan",
        "Outlook vraagt steeds om een wachtwoord",
        "Gedeelde postbus is leeg",
        "Bijlage wordt geweigerd",
        "Nieuwe collega heeft een adres nodig",
        "Afwezigheidsmelding staat nog aan",
    ),
    "werkplek": (
        "Scherm blijft zwart na het opstarten",
        "Laptop is erg traag",
        "Kan niet aanmelden na vakantie",
        "Excel sluit vanzelf af",
        "Beeldscherm flikkert",
        "Geen geluid in vergaderingen",
    ),
    "printers": (
        "Papier loopt vast in lade 2",
        "Printer staat op offline",
        "Strepen op elke afdruk",
        "Scan komt niet in de map",
    ),
    "internet": ("Geen internet in het magazijn", "Wifi valt weg", "Verbinding is traag"),
    "glasvezel": ("Glasvezel ligt eruit", "Verbinding hapert sinds vanochtend"),
    "": (
        "Programma start niet op",
        "Gegevens van gisteren ontbreken",
        "Foutmelding bij opslaan",
        "Rechten voor een nieuwe collega",
        "Koppeling met de boekhouding staat stil",
    ),
}
"""What people write above a report, by service."""


def title_of(ticket: str, service: str) -> str:
    """A title for a ticket of a made year, the same whenever it is asked."""
    titles = TITLES.get(service) or TITLES[""]
    return titles[blake2b(ticket.encode(), digest_size=2).digest()[0] % len(titles)]
