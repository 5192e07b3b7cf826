"""The only place where it is written down on which days somebody was here."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from afspraak.engine.time import DAY, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.parties.models import SeenOn
from afspraak.rights.viewer import Viewer

MOST_KNOWN: Final = 50_000


def note_seen(*, actor: Actor, viewer: Viewer, at: int) -> bool:
    """Somebody is here, in an organisation of their own: kept once a day; whether this process had
    to write it. It is tried once: where it cannot be written, that day is lost.
    """
    known = _noted_on(at // DAY)
    is_member = actor.organisation in viewer.members_of
    if actor.person is None or not is_member or (actor.organisation, actor.person) in known:
        return False
    if len(known) > MOST_KNOWN:
        known.clear()
    known.add((actor.organisation, actor.person))
    row = SeenOn(
        id=new_id(at),
        organisation_id=actor.organisation,
        person_id=actor.person,
        on=datetime_of(at).date(),
    )
    SeenOn.objects.bulk_create([row], ignore_conflicts=True)
    return True


@lru_cache(maxsize=2)
def _noted_on(_day: int) -> set[tuple[UUID, UUID]]:
    """Who was noted on a day; earlier days are forgotten."""
    return set()
