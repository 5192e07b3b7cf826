"""Whoever acts: on the wall of which zone they read."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from afspraak.engine.time import MINUTE
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.web.speaking import Speaking

NO_ZONE: Final = "Europe/Amsterdam"
"""Of who acts for no organisation: an adviser."""


def own_zone(identity: Identity, at: int) -> str:
    """The zone of the organisation that somebody acts for; asked once a minute."""
    known = _zones_in(at // MINUTE)
    if identity.organisation not in known:
        rows = Organisation.objects.seen_by(identity.viewer).filter(pk=identity.organisation)
        known[identity.organisation] = rows.values_list("zone", flat=True).first() or NO_ZONE
    return known[identity.organisation]


def speaking_to(identity: Identity, at: int) -> Speaking:
    """How to speak to them, as of now."""
    return Speaking(own_zone(identity, at), at)


@lru_cache(maxsize=2)
def _zones_in(_minute: int) -> dict[UUID, str]:
    """The zones that were asked for in this minute."""
    return {}
