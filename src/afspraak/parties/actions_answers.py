"""Answers to requests that carry a key: given once, in the transaction of what they answer, and the
same when asked again.
"""

from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from django.db import connection

from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.parties.models import Answer
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request by its key: who made it, to which route, and the hash of what it asks for."""

    actor: Actor
    route: str
    key: str
    request_hash: bytes

    @property
    def by(self) -> UUID:
        """The token that asked, or the person."""
        found = self.actor.token or self.actor.person
        assert found is not None, "nobody asks"
        return found


class KeyUsed(LookupError):
    """The key was used for another request."""


def known_answer(*, keyed: Keyed) -> Answer | None:
    """What was answered to this very request before. Whoever asks the same at the same time waits
    here until the first has been answered. Raises KeyUsed for a key of another request.
    """
    _wait_in_line(keyed)
    found = (
        Answer.objects.seen_by(SYSTEM)
        .filter(
            organisation_id=keyed.actor.organisation,
            actor=keyed.by,
            route=keyed.route,
            key=keyed.key,
        )
        .first()
    )
    if found is not None and bytes(found.request_hash) != keyed.request_hash:
        raise KeyUsed("this key was used for another request: give each request its own")
    return found


def _wait_in_line(keyed: Keyed) -> None:
    words = "\n".join((str(keyed.actor.organisation), str(keyed.by), keyed.route, keyed.key))
    place = int.from_bytes(sha256(words.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [place])


def keep_answer(*, keyed: Keyed, status: int, body: bytes, at: int) -> None:
    """Keep what is answered, with what it answers."""
    Answer.objects.bulk_create(
        [
            Answer(
                id=new_id(at),
                organisation_id=keyed.actor.organisation,
                actor=keyed.by,
                route=keyed.route,
                key=keyed.key,
                request_hash=keyed.request_hash,
                status=status,
                body=body,
                made_at=datetime_of(at),
            )
        ]
    )
