"""Whoever acts: on the wall of which zone they read."""

from typing import Final

from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.web.speaking import Speaking

NO_ZONE: Final = "Europe/Amsterdam"
"""Of who acts for no organisation: an adviser."""


def own_zone(identity: Identity) -> str:
    """The zone of the organisation that somebody acts for."""
    rows = Organisation.objects.seen_by(identity.viewer).filter(pk=identity.organisation)
    return rows.values_list("zone", flat=True).first() or NO_ZONE


def speaking_to(identity: Identity, at: int) -> Speaking:
    """How to speak to them, as of now."""
    return Speaking(own_zone(identity), at)
