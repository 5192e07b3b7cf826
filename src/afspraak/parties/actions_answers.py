"""Answers to requests that carry a key: given once, in the transaction of what they answer, and the
same when asked again.
"""

from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to a request with a key."""

    keyed: Keyed
    status: int
    body: bytes


def known_answer(*, keyed: Keyed) -> Answer | None:
    """What was answered to this very request before. Whoever asks the same at the same time waits
    here until the first has been answered. Raises KeyUsed for a key of another request.
    """
    return known_answers(keyed=[keyed]).get(keyed)


def known_answers(*, keyed: Sequence[Keyed]) -> dict[Keyed, Answer]:
    """The same for several requests of one asker to one route, each with a key of its own."""
    if not keyed:
        return {}
    _wait_in_line(keyed)
    one = keyed[0]
    rows = Answer.objects.seen_by(SYSTEM).filter(
        organisation_id=one.actor.organisation,
        actor=one.by,
        route=one.route,
        key__in=[each.key for each in keyed],
    )
    found = {row.key: row for row in rows}
    known = {each: found[each.key] for each in keyed if each.key in found}
    if any(bytes(row.request_hash) != each.request_hash for each, row in known.items()):
        raise KeyUsed("this key was used for another request: give each request its own")
    return known


def _wait_in_line(keyed: Iterable[Keyed]) -> None:
    """Always in the same order: nobody waits in a circle."""
    places = sorted(map(_place_of, keyed))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(place) FROM unnest(%s::bigint[]) AS place", [places]
        )


def _place_of(keyed: Keyed) -> int:
    words = "\n".join((str(keyed.actor.organisation), str(keyed.by), keyed.route, keyed.key))
    return int.from_bytes(sha256(words.encode()).digest()[:8], signed=True)


def keep_answer(*, keyed: Keyed, status: int, body: bytes, at: int) -> None:
    """Keep what is answered, with what it answers."""
    keep_answers(answered=[Answered(keyed, status, body)], at=at)


def keep_answers(*, answered: Iterable[Answered], at: int) -> None:
    """The same for several."""
    rows = [
        Answer(
            id=new_id(at),
            organisation_id=each.keyed.actor.organisation,
            actor=each.keyed.by,
            route=each.keyed.route,
            key=each.keyed.key,
            request_hash=each.keyed.request_hash,
            status=each.status,
            body=each.body,
            made_at=datetime_of(at),
        )
        for each in answered
    ]
    if rows:
        Answer.objects.bulk_create(rows)
