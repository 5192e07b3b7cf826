"""The places of the set-up: what each is called, and with which right it opens."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from afspraak.parties.identity import Identity
from afspraak.parties.roles import STAFF, Right
from afspraak.web.addresses import address

MANAGES: Final = frozenset(
    {Right.MANAGE_PEOPLE, Right.MANAGE_TOKENS, Right.WRITE_PARTIES, Right.WRITE_AGREEMENTS}
)
"""Whoever has one of these sets something up."""

_PLACES: Final = (
    ("setup_organisations", gettext_noop("Organisations"), Right.WRITE_PARTIES),
    ("setup_people", gettext_noop("People"), Right.MANAGE_PEOPLE),
    ("setup_services", gettext_noop("Services"), Right.READ_AGREEMENTS),
    ("setup_calendars", gettext_noop("Calendars"), Right.READ_AGREEMENTS),
    ("setup_agreements", gettext_noop("Agreements"), Right.WRITE_AGREEMENTS),
    ("setup_warnings", gettext_noop("Warnings and rates"), Right.WRITE_AGREEMENTS),
    ("setup_mail", gettext_noop("Mail"), Right.WRITE_PARTIES),
    ("setup_monitors", gettext_noop("Monitors"), Right.WRITE_AGREEMENTS),
    ("setup_webhooks", gettext_noop("Webhooks"), Right.MANAGE_TOKENS),
    ("setup_tokens", gettext_noop("Tokens"), Right.MANAGE_TOKENS),
)


@dataclass(frozen=True, slots=True)
class SetupPlace:
    """A page of the set-up."""

    key: str
    name: str
    url: str
    is_here: bool


def serves(identity: Identity) -> bool:
    """Whether they act for an organisation as those do who work for a supplier."""
    return identity.roles.get(identity.organisation) in STAFF


def url_of(place: str, identity: Identity) -> str:
    """Where a place lies; empty for whom it does not open."""
    asked = next(right for key, _name, right in _PLACES if key == place)
    return address(place) if identity.may(asked) else ""


def entry_of(identity: Identity) -> str:
    """Where somebody's set-up begins; empty for who sets nothing up."""
    if not MANAGES & identity.rights:
        return ""
    return address("setup") if serves(identity) else url_of("setup_people", identity)


def places_of(identity: Identity, path: str) -> list[SetupPlace]:
    """The pages that open for them, as they stand above each of these pages."""
    first = [("setup", _("First steps"), address("setup"))] if serves(identity) else []
    rest = [(key, _(name), url_of(key, identity)) for key, name, _right in _PLACES]
    found = [each for each in (*first, *rest) if each[2]]
    here = max((url for _key, _name, url in found if path.startswith(url)), key=len, default="")
    return [SetupPlace(key, name, url, url == here) for key, name, url in found]
