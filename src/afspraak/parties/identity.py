"""Who is asking, and what they may do; from a token here, from an account in `agreements`.

The database shows one row for who signed in or for what was presented, and nothing else; only from
that row on is it known who looks.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from afspraak.engine.time import datetime_of
from afspraak.parties.actions import Actor
from afspraak.parties.roles import LIMITED, RIGHTS, Right, Role
from afspraak.rights.planned import planned
from afspraak.rights.viewer import Viewer, viewing

TOKEN_PREFIX: Final = "afs_"  # noqa: S105  (the form of a token, and no secret)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: what they see, in whose name they act, and what they may do there.

    `roles` by organisation; `organisation` is the one acted for. `is_person`: not a token.
    """

    viewer: Viewer
    actor: Actor
    roles: dict[UUID, Role]
    rights: frozenset[Right]
    is_person: bool

    @property
    def organisation(self) -> UUID:
        """The organisation in whose name they act."""
        return self.actor.organisation

    def may(self, right: Right) -> bool:
        """Whether they may do something in the name of their organisation."""
        return right in self.rights


def identify_token(presented: str, at: int) -> Identity | None:
    """The organisation behind a token, with the token's own rights; None for one that is unknown,
    has ended, or whose maker has left: the three are told alike.
    """
    with planned(is_blind=True) as cursor:
        cursor.execute(_PRESENTED, [sha256(presented.encode()).digest(), datetime_of(at)])
        held = cursor.fetchall()
    if not held:
        return None
    token, organisation, maker, told, role = held[-1]
    roles = {organisation: Role(role)}
    rights = frozenset(map(Right, json.loads(told))) & RIGHTS[roles[organisation]]
    actor = Actor(organisation, maker, token)
    return Identity(viewer_of(maker, roles), actor, roles, rights, is_person=False)


_PRESENTED: Final = """
SELECT id, organisation_id, made_by_id, rights, role FROM parties_presented(%s, %s)
"""
"""The token, where it still holds, with what its maker is there now: the newest role last."""


def viewer_of(
    person: UUID,
    roles: dict[UUID, Role],
    account: UUID | None = None,
    agreements: frozenset[UUID] = frozenset(),
) -> Viewer:
    """What somebody with these roles sees, and with these single agreements."""
    limited = frozenset(each for each, role in roles.items() if role in LIMITED)
    return Viewer(frozenset(roles) - limited, limited, agreements, person, account)


@contextmanager
def seeing(identity: Identity | None) -> Iterator[None]:
    """The database shows what this identity may see, until the end of the block."""
    with viewing(Viewer() if identity is None else identity.viewer):
        yield
