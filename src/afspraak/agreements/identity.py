"""Who is asking, from the account that signed in: one question, asked in every request, so nothing
that was taken from somebody lasts longer than the request that they are in.

Doors ask here: parties know of no agreements, and so of no advisers.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from afspraak.engine.time import datetime_of
from afspraak.parties.actions import Actor
from afspraak.parties.identity import Identity, viewer_of
from afspraak.parties.models import Account
from afspraak.parties.roles import ADVISER, RIGHTS, Role
from afspraak.rights.prepared import Prepared
from afspraak.rights.viewer import Viewer, viewing

_FIELDS: Final = [str(field.attname) for field in Account._meta.concrete_fields]
_HOLDS: Final = "from_at <= $2 AND (until_at IS NULL OR until_at > $2)"
_WHO: Final = Prepared(
    "who_asks",
    ("uuid", "timestamptz"),
    f"""
    SELECT person.id, person.organisation_id,
        ARRAY(SELECT ROW(held.organisation_id, held.role)::text FROM parties_membership held
            WHERE held.person_id = person.id AND {_HOLDS} ORDER BY held.from_at, held.id),
        ARRAY(SELECT agreement_id FROM agreements_adviser
            WHERE person_id = person.id AND {_HOLDS}),
        EXISTS (SELECT 1 FROM mfa_authenticator WHERE user_id = account.id),
        {", ".join(f'account."{each}"' for each in _FIELDS)}
    FROM parties_account account LEFT JOIN parties_person person ON person.account_id = account.id
    WHERE account.id = $1
    """,  # noqa: S608  (names of our own model only)
)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is behind an account now: their roles, the oldest first, and the single agreements to
    which they were invited as an adviser.
    """

    account: Account
    has_second_factor: bool
    person: UUID | None
    home: UUID | None
    roles: dict[UUID, Role]
    advises: frozenset[UUID]

    def acting_for(self, organisation: UUID | None = None) -> Identity | None:
        """Them, acting for one of their organisations (the first, unless one is named). Whoever has
        no role anywhere acts for their own organisation, with an adviser's rights; None for whom
        nothing is left.
        """
        if self.person is None or self.home is None or not (self.roles or self.advises):
            return None
        viewer = viewer_of(self.person, self.roles, self.account.pk, self.advises)
        if not self.roles:
            actor, rights = Actor(self.home, self.person), ADVISER
        else:
            acting = organisation if organisation in self.roles else next(iter(self.roles))
            actor, rights = Actor(acting, self.person), RIGHTS[self.roles[acting]]
        return Identity(viewer, actor, self.roles, rights, is_person=True)


def who_asks(account: UUID, at: int) -> Asking | None:
    """Who an account is at a moment; None where there is no such account."""
    with viewing(Viewer(account=account)):
        rows = _WHO.ask(account, datetime_of(at))
    if not rows:
        return None
    ((person, home, roles, advises, has_second_factor, *fields),) = rows
    return Asking(
        Account.from_db("default", _FIELDS, fields),
        has_second_factor,
        person,
        home,
        dict(map(_role, roles)),
        frozenset(advises),
    )


def _role(told: str) -> tuple[UUID, Role]:
    """`(organisation,role)` as PostgreSQL writes a row of words without odd letters."""
    organisation, role = told[1:-1].split(",")
    return UUID(organisation), Role(role)


def identify(account: UUID, at: int, organisation: UUID | None = None) -> Identity | None:
    """The person behind an account, acting for one of their organisations."""
    found = who_asks(account, at)
    return None if found is None else found.acting_for(organisation)
