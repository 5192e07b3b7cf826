"""Access: tokens, invitations, and who has which role. People give and take it, never a token."""

from typing import Annotated
from uuid import UUID

from django.urls import reverse
from ninja import Router, Status
from pydantic import Field

from afspraak.api.admission import shown_once
from afspraak.api.auth import Call
from afspraak.api.kinds import Asked, Cursor, Email, Id, Instant, Limit, Name, ShortName
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Contradicted, Missing
from afspraak.api.seen import agreement_seen, one, organisation_seen
from afspraak.api.shown_access import (
    InvitationShown,
    InvitedShown,
    MembershipShown,
    TokenMadeShown,
    TokenShown,
    invitation_shown,
    membership_shown,
    token_shown,
)
from afspraak.notices.drafting import link_to
from afspraak.parties.actions_access import (
    Wanted,
    change_role,
    end_membership,
    end_token,
    invite,
    make_token,
    renew_invitation,
    withdraw_invitation,
)
from afspraak.parties.identity import Identity
from afspraak.parties.models import Invitation, Membership, Token
from afspraak.parties.roles import Right, Role
from afspraak.parties.stated import Forbidden, stated

router = Router()
NEWEST = ("-created_at", "-id")
RightName = Annotated[Right, Field(strict=False)]
RoleName = Annotated[Role, Field(strict=False)]


def check_person(identity: Identity) -> None:
    """Access comes from people: a token that leaked must not make another. Raises Forbidden."""
    if not identity.is_person:
        raise Forbidden("a token gives and takes no access: sign in as a person")


# Tokens ---------------------------------------------------------------------------------------


class TokenAsked(Asked):
    """A token: what it is for, what it may do (no more than its maker), until when (a year)."""

    name: ShortName
    rights: Annotated[list[RightName], Field(min_length=1, max_length=len(Right))]
    expires_at: Instant


@router.get("/tokens", response=Page[TokenShown])
@stated(Right.MANAGE_TOKENS)
def list_tokens(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[TokenShown]:
    """The tokens of the organisation acted for, newest first; never their secrets."""
    identity = request.identity
    rows = Token.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    return page_of(rows, NEWEST, cursor, limit, lambda found: [token_shown(x) for x in found])


@router.post("/tokens", response={201: TokenMadeShown})
@shown_once("secret")
@stated(Right.MANAGE_TOKENS)
def add_token(request: Call, body: TokenAsked) -> Status[TokenMadeShown]:
    """Make a token. Its secret is shown this once: asked again with the same key it is null."""
    check_person(request.identity)
    row, secret = make_token(
        maker=request.identity,
        name=body.name,
        rights=body.rights,
        expires_at=body.expires_at,
        at=request.at,
    )
    return Status(201, TokenMadeShown(token=token_shown(row), secret=secret))


@router.post("/tokens/{uuid:token}/end", response=TokenShown)
@stated(Right.MANAGE_TOKENS)
def stop_token(request: Call, token: UUID) -> TokenShown:
    """From now on a token opens nothing. One that has ended stays as it is."""
    identity = request.identity
    check_person(identity)
    rows = Token.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    one(rows, token)
    end_token(token=token, actor=identity.actor, viewer=identity.viewer, at=request.at)
    return token_shown(one(rows, token))


# Invitations ----------------------------------------------------------------------------------


class InvitationAsked(Asked):
    """Whom to invite: with a role in an organisation, or as an adviser on one agreement."""

    organisation: Id
    email: Annotated[Email, Field(min_length=6)]
    name: Name | None = None
    role: RoleName | None = None
    agreement: Id | None = None


@router.get("/invitations", response=Page[InvitationShown])
@stated(Right.MANAGE_PEOPLE)
def list_invitations(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[InvitationShown]:
    """The invitations of your own organisations and those that you sent, newest first."""
    rows = Invitation.objects.seen_by(request.identity.viewer)
    return page_of(rows, NEWEST, cursor, limit, lambda found: [invitation_shown(x) for x in found])


@router.post("/invitations", response={201: InvitedShown})
@shown_once("link")
@stated(Right.MANAGE_PEOPLE)
def add_invitation(request: Call, body: InvitationAsked) -> Status[InvitedShown]:
    """Invite somebody. The link works once, within a day; it is shown this once, for you to send:
    asked again with the same key it is null.
    """
    identity = request.identity
    check_person(identity)
    organisation = organisation_seen(identity.viewer, body.organisation)
    if body.agreement is not None:
        agreement_seen(identity.viewer, body.agreement)
    wanted = Wanted(
        organisation=organisation.id,
        email=body.email,
        name=body.name or "",
        role=body.role,
        agreement=body.agreement,
    )
    row, secret = invite(wanted=wanted, actor=identity.actor, rights=identity.rights, at=request.at)
    return Status(201, _invited(row, secret))


def _invited(row: Invitation, secret: str) -> InvitedShown:
    link = link_to(reverse("join", args=[secret]))
    return InvitedShown(invitation=invitation_shown(row), link=link)


@router.post("/invitations/{uuid:invitation}/renew", response={201: InvitedShown})
@shown_once("link")
@stated(Right.MANAGE_PEOPLE)
def renew_an_invitation(request: Call, invitation: UUID) -> Status[InvitedShown]:
    """A new link for an invitation that nobody has used, for a day; the old link opens nothing any
    more. It is shown this once.
    """
    identity = request.identity
    check_person(identity)
    held = one(Invitation.objects.seen_by(identity.viewer), invitation)
    row, secret = renew_invitation(
        invitation=held, actor=identity.actor, rights=identity.rights, at=request.at
    )
    return Status(201, _invited(row, secret))


@router.post("/invitations/{uuid:invitation}/withdraw", response=InvitationShown)
@stated(Right.MANAGE_PEOPLE)
def stop_invitation(request: Call, invitation: UUID) -> InvitationShown:
    """From now on an invitation opens nothing. One that was used stays as it is."""
    identity = request.identity
    check_person(identity)
    row = one(Invitation.objects.seen_by(identity.viewer), invitation)
    withdraw_invitation(invitation=row, actor=identity.actor, at=request.at)
    return invitation_shown(row)


# Roles ----------------------------------------------------------------------------------------


class RoleAsked(Asked):
    """Another role, from now on."""

    role: RoleName


@router.get("/memberships", response=Page[MembershipShown])
@stated(Right.MANAGE_PEOPLE)
def list_memberships(
    request: Call, person: Id | None = None, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[MembershipShown]:
    """Who has, or had, which role in the organisation acted for, from when until when."""
    identity = request.identity
    rows = Membership.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    if person is not None:
        rows = rows.filter(person_id=person)
    order = ("-from_at", "-id")
    return page_of(rows, order, cursor, limit, lambda found: [membership_shown(x) for x in found])


@router.post("/memberships/{uuid:membership}/role", response={201: MembershipShown})
@stated(Right.MANAGE_PEOPLE)
def give_another_role(request: Call, membership: UUID, body: RoleAsked) -> Status[MembershipShown]:
    """Give a member of the organisation acted for another role, none that may do more than you."""
    identity = request.identity
    row = _held(identity, membership)
    made = change_role(
        held=row, role=body.role, actor=identity.actor, rights=identity.rights, at=request.at
    )
    return Status(201, membership_shown(made))


@router.post("/memberships/{uuid:membership}/end", response=MembershipShown)
@stated(Right.MANAGE_PEOPLE)
def end_a_role(request: Call, membership: UUID) -> MembershipShown:
    """Somebody leaves the organisation acted for, who may do no more than you: the tokens and
    invitations made there end too.
    """
    identity = request.identity
    row = _held(identity, membership)
    end_membership(
        person=row.person,
        organisation=row.organisation,
        actor=identity.actor,
        rights=identity.rights,
        at=request.at,
    )
    return membership_shown(one(Membership.objects.seen_by(identity.viewer), membership))


def _held(identity: Identity, membership: UUID) -> Membership:
    """A role that is held now. Raises Missing, Contradicted for one that has ended."""
    check_person(identity)
    rows = Membership.objects.seen_by(identity.viewer).select_related("person", "organisation")
    row = one(rows, membership)
    if row.organisation_id != identity.organisation:
        raise Missing
    if row.until_at is not None:
        raise Contradicted("this role has ended: name the one that holds now")
    return row
