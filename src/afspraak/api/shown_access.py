"""Access as answers: never a secret, but for the moment in which it is made."""

from uuid import UUID

from afspraak.api.kinds import Moment, Shown, show, shown
from afspraak.parties.models import Invitation, Membership, Token


class TokenShown(Shown):
    """A token; `hint` are the first letters of its secret."""

    id: UUID
    name: str
    hint: str
    rights: list[str]
    made_by: UUID
    created_at: Moment
    expires_at: Moment
    ended_at: Moment | None


class TokenMadeShown(Shown):
    """A new token with its secret, which is shown this once."""

    token: TokenShown
    secret: str | None


class InvitationShown(Shown):
    """An invitation; `used_at` also where it was withdrawn: from then on it opens nothing."""

    id: UUID
    organisation: UUID
    email: str
    name: str
    role: str
    agreement: UUID | None
    invited_by: UUID
    created_at: Moment
    expires_at: Moment
    used_at: Moment | None


class InvitedShown(Shown):
    """A new invitation with its link, which is shown this once."""

    invitation: InvitationShown
    link: str | None


class MembershipShown(Shown):
    """Which role somebody has in an organisation, [from_at, until_at)."""

    id: UUID
    person: UUID
    organisation: UUID
    role: str
    from_at: Moment
    until_at: Moment | None


def token_shown(row: Token) -> TokenShown:
    """A token."""
    return TokenShown(
        id=row.id,
        name=row.name,
        hint=row.hint,
        rights=row.rights,
        made_by=row.made_by_id,
        created_at=shown(row.created_at),
        expires_at=shown(row.expires_at),
        ended_at=show(row.ended_at),
    )


def invitation_shown(row: Invitation) -> InvitationShown:
    """An invitation."""
    return InvitationShown(
        id=row.id,
        organisation=row.organisation_id,
        email=row.email,
        name=row.name,
        role=row.role,
        agreement=row.agreement_id,
        invited_by=row.invited_by_id,
        created_at=shown(row.created_at),
        expires_at=shown(row.expires_at),
        used_at=show(row.used_at),
    )


def membership_shown(row: Membership) -> MembershipShown:
    """A role that somebody has or had."""
    return MembershipShown(
        id=row.id,
        person=row.person_id,
        organisation=row.organisation_id,
        role=row.role,
        from_at=shown(row.from_at),
        until_at=show(row.until_at),
    )
