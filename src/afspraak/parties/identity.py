"""Who is asking, and what they may do; from a token here, from an account in `agreements`.

The database shows one row for what was presented, and nothing else; only from that row on is it
known who looks.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db.models import Q

from afspraak.engine.time import datetime_of
from afspraak.parties.actions import Actor
from afspraak.parties.models import Membership, Token
from afspraak.parties.roles import LIMITED, RIGHTS, Right, Role
from afspraak.rights.viewer import SYSTEM, Viewer, viewing

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
    digest = sha256(presented.encode()).digest()
    now = datetime_of(at)
    with viewing(Viewer(presented=digest)) as look:
        token = (
            Token.objects.seen_by(SYSTEM)
            .filter(token_hash=digest, expires_at__gt=now, ended_at=None)
            .first()
        )
        if token is None:
            return None
        look(Viewer(organisations=frozenset({token.organisation_id})))
        held = _held(Q(person_id=token.made_by_id, organisation_id=token.organisation_id), now)
    roles = _roles_in(held)
    if not roles:
        return None
    made_by = RIGHTS[roles[token.organisation_id]]
    rights = frozenset(Right(each) for each in token.rights) & made_by
    viewer = viewer_of(token.made_by_id, roles)
    actor = Actor(token.organisation_id, token.made_by_id, token.id)
    return Identity(viewer, actor, roles, rights, is_person=False)


def _held(whose: Q, now: datetime) -> list[Membership]:
    """The memberships that hold now, the oldest first."""
    rows = Membership.objects.seen_by(SYSTEM).filter(
        whose & Q(from_at__lte=now) & (Q(until_at=None) | Q(until_at__gt=now))
    )
    return list(rows.order_by("from_at", "id"))


def _roles_in(held: list[Membership]) -> dict[UUID, Role]:
    return {row.organisation_id: Role(row.role) for row in held}


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
