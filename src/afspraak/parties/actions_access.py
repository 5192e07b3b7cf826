"""The only place where access is given and taken: tokens, invitations, memberships, passwords.

What is secret is shown once and stored as its SHA-256: 32 random bytes need no slower hash.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from afspraak.engine.time import HOUR, Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import (
    Actor,
    add_account,
    add_organisation,
    add_person,
    end_role,
    give_role,
    note_in_audit,
)
from afspraak.parties.identity import TOKEN_PREFIX, Identity
from afspraak.parties.models import (
    Account,
    Invitation,
    InvitationQuerySet,
    Membership,
    Organisation,
    Person,
    Token,
)
from afspraak.parties.roles import RIGHTS, Right, Role
from afspraak.rights.viewer import SYSTEM, Viewer, viewing

DAY: Final = 24 * HOUR
YEAR: Final = 366 * DAY
INVITATION_LASTS: Final = DAY
SECRET_BYTES: Final = 32
HINT_LETTERS: Final = 12


def digest_of(secret: str) -> bytes:
    """What is kept of a secret."""
    return sha256(secret.encode()).digest()


def person_of(actor: Actor) -> UUID:
    """The person who acts. Access is given by people only: a door lets no token come this far."""
    assert actor.person is not None, "nobody acts"
    return actor.person


# Tokens -------------------------------------------------------------------------------------------


def make_token(
    *, maker: Identity, name: str, rights: Iterable[Right], expires_at: int, at: int
) -> tuple[Token, str]:
    """A token for an integration, and its secret, which is shown this once.

    Raises Refusal for a right that its maker has not, no right at all, or an end that is past or
    more than a year ahead.
    """
    wanted = frozenset(rights)
    _refuse_token(maker, wanted, expires_at, at)
    secret = TOKEN_PREFIX + token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        token = Token.objects.create(
            id=new_id(at),
            organisation_id=maker.organisation,
            name=name[:100],
            token_hash=digest_of(secret),
            hint=secret[:HINT_LETTERS],
            rights=sorted(each.value for each in wanted),
            made_by_id=person_of(maker.actor),
            created_at=datetime_of(at),
            expires_at=datetime_of(expires_at),
        )
        note_in_audit(
            actor=maker.actor, action="make_token", subject="token", subject_id=token.id, at=at
        )
    return token, secret


def _refuse_token(maker: Identity, wanted: frozenset[Right], expires_at: int, at: int) -> None:
    if not maker.is_person:
        raise Refusal("a token makes no tokens: sign in as a person")
    if not wanted:
        raise Refusal("the token may do nothing: name one right at least")
    if more := wanted - maker.rights:
        names = ", ".join(sorted(each.value for each in more))
        raise Refusal("you have not the right %(names)s yourself: leave it out", names=names)
    if not at < expires_at <= at + YEAR:
        raise Refusal("a token ends within a year: give a date that is to come, at most a year on")


def end_token(*, token: UUID, actor: Actor, viewer: Viewer, at: int) -> bool:
    """From now on the token opens nothing; whether there was one to end."""
    with transaction.atomic():
        ended = (
            Token.objects.seen_by(viewer)
            .filter(id=token, organisation_id=actor.organisation, ended_at=None)
            .update(ended_at=datetime_of(at))
        )
        if ended:
            note_in_audit(actor=actor, action="end_token", subject="token", subject_id=token, at=at)
    return ended > 0


# Invitations --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is asked to join, as what: a role, or an adviser on one agreement."""

    organisation: UUID
    email: str
    name: str = ""
    role: Role | None = None
    agreement: UUID | None = None


def invite(
    *, wanted: Wanted, actor: Actor, rights: frozenset[Right], at: int
) -> tuple[Invitation, str]:
    """An invitation, and the secret of its link: it works once, within 24 hours.

    Raises Refusal for an address that is none, without one of role and agreement, or for a role
    that may do more than who invites (`rights`). Whether the organisation may be joined by this
    hand, the database says.
    """
    email = wanted.email.strip().casefold()
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(
            "%(email)s is no e-mail address: write name@example.org", email=email or "-"
        ) from None
    if (wanted.role is None) == (wanted.agreement is None):
        raise Refusal("an invitation is for a role, or for advice on one agreement")
    if wanted.role is not None and not RIGHTS[wanted.role] <= rights:
        raise Refusal("this role may do more than you: ask an administrator to invite")
    secret = token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            id=new_id(at),
            organisation_id=wanted.organisation,
            email=email,
            name=wanted.name[:200],
            role=wanted.role or "",
            agreement_id=wanted.agreement,
            token_hash=digest_of(secret),
            invited_by_id=person_of(actor),
            created_at=datetime_of(at),
            expires_at=datetime_of(at + INVITATION_LASTS),
        )
        note_in_audit(
            actor=actor, action="invite", subject="invitation", subject_id=invitation.id, at=at
        )
    return invitation, secret


@dataclass(frozen=True, slots=True)
class Guest:
    """Who accepts: somebody signed in (`account`), or somebody new with a name and a password."""

    name: str = ""
    password: str = ""
    account: UUID | None = None
    language: str = "nl"


def held_invitation(*, presented: bytes, at: int) -> Invitation | None:
    """The invitation with this hash that can be used now. The viewer presents it."""
    return (
        Invitation.objects.seen_by(SYSTEM)
        .filter(token_hash=presented, used_at=None, expires_at__gt=datetime_of(at))
        .select_related("organisation")
        .first()
    )


def claim_invitation(*, presented: bytes, at: int) -> Invitation:
    """The same, locked: of two that come with one link, one finds it used. Raises Refusal."""
    Invitation.objects.seen_by(SYSTEM).select_for_update().filter(token_hash=presented).first()
    found = held_invitation(presented=presented, at=at)
    if found is None:
        raise Refusal("this invitation cannot be used any more: ask for a new one")
    return found


def welcome(*, invitation: Invitation, guest: Guest, account: UUID, at: int) -> Person:
    """The guest as a person with an account, who may be there already. Raises Refusal for an
    address that has an account: whoever owns it signs in first.
    """
    if guest.account is not None:
        known = Person.objects.seen_by(SYSTEM).filter(account_id=guest.account).first()
        if known is not None:
            return known
    else:
        _make_account(invitation, guest, account, at)
    name = guest.name.strip() or invitation.name or invitation.email
    met = None if invitation.agreement_id else _met(invitation)
    if met is not None:
        met.account_id = account
        met.save(update_fields=["account"])
        return met
    home = invitation.organisation if invitation.role else _home(invitation, name, at)
    return add_person(
        organisation=home,
        name=name[:200],
        email=invitation.email,
        language=guest.language,
        account=Account(id=account),
        at=at,
    )


def _make_account(invitation: Invitation, guest: Guest, account: UUID, at: int) -> None:
    with viewing(Viewer(address=invitation.email)):
        if Account.objects.filter(email=invitation.email).exists():
            raise Refusal("this address has an account: sign in, then open the link again")
    add_account(email=invitation.email, password=guest.password, account=account, at=at)


def _met(invitation: Invitation) -> Person | None:
    """Somebody whom the organisation knows by this address, and who has no account yet."""
    return (
        Person.objects.seen_by(SYSTEM)
        .filter(organisation=invitation.organisation, email=invitation.email, account=None)
        .order_by("created_at", "id")
        .first()
    )


def _home(invitation: Invitation, name: str, at: int) -> Organisation:
    """An adviser stands by himself, entered by who invited him."""
    return add_organisation(name=name[:200], made_by=invitation.organisation_id, at=at)


def close_invitation(*, invitation: Invitation, actor: Actor, at: int) -> None:
    """It has been accepted: it opens nothing any more."""
    note_in_audit(
        actor=actor,
        action="accept_invitation",
        subject="invitation",
        subject_id=invitation.id,
        at=at,
    )
    invitation.used_at = datetime_of(at)
    invitation.save(update_fields=["used_at"])


def withdraw_invitation(*, invitation: Invitation, actor: Actor, at: int) -> None:
    """An invitation that nobody has used opens nothing any more; a used one stays as it is."""
    if invitation.used_at is not None:
        return
    with transaction.atomic():
        invitation.used_at = datetime_of(at)
        invitation.save(update_fields=["used_at"])
        note_in_audit(
            actor=actor,
            action="withdraw_invitation",
            subject="invitation",
            subject_id=invitation.id,
            at=at,
        )


def renew_invitation(
    *, invitation: Invitation, actor: Actor, rights: frozenset[Right], at: int
) -> tuple[Invitation, str]:
    """The same invitation with a link of its own, for a day from now; the old link opens nothing
    any more. Raises Refusal for one that was used, or a role that may do more than who sends it.
    """
    wanted = Wanted(
        organisation=invitation.organisation_id,
        email=invitation.email,
        name=invitation.name,
        role=Role(invitation.role) if invitation.role else None,
        agreement=invitation.agreement_id,
    )
    if invitation.used_at is not None:
        raise Refusal("this invitation was accepted or withdrawn: invite anew")
    with transaction.atomic():
        withdraw_invitation(invitation=invitation, actor=actor, at=at)
        return invite(wanted=wanted, actor=actor, rights=rights, at=at)


# Roles, leaving, and passwords --------------------------------------------------------------------


def change_role(
    *, held: Membership, role: Role, actor: Actor, rights: frozenset[Right], at: int
) -> Membership:
    """Another role for a member, from now on. Raises Refusal for a role, or a member, that may do
    more than who changes it (`rights`), and for the last administrator.
    """
    if not (RIGHTS[role] | RIGHTS[held.role]) <= rights:
        raise Refusal("this role may do more than you: ask an administrator to change it")
    with transaction.atomic():
        if role is not Role.ADMIN:
            _refuse_last(held.person, held.organisation)
        made = give_role(person=held.person, organisation=held.organisation, role=role, at=at)
        note_in_audit(
            actor=actor,
            action="change_role",
            subject="person",
            subject_id=held.person_id,
            at=at,
            role=role.value,
        )
    return made


def end_membership(
    *, person: Person, organisation: Organisation, actor: Actor, rights: frozenset[Right], at: int
) -> bool:
    """The person leaves: the role ends, and so do the tokens and open invitations made there.
    Whether there was a role. Raises Refusal for a member who may do more than who ends it
    (`rights`), and for the last administrator.
    """
    now = datetime_of(at)
    with transaction.atomic():
        _refuse_more(person, organisation, rights)
        _refuse_last(person, organisation)
        ended = end_role(person=person, organisation=organisation, at=at)
        Token.objects.seen_by(SYSTEM).filter(
            made_by=person, organisation=organisation, ended_at=None
        ).update(ended_at=now)
        _open_invitations(person).filter(organisation=organisation).update(used_at=now)
        note_in_audit(
            actor=actor, action="end_membership", subject="person", subject_id=person.id, at=at
        )
    return ended


def _refuse_more(person: Person, organisation: Organisation, rights: frozenset[Right]) -> None:
    held = Membership.objects.seen_by(SYSTEM).filter(
        person=person, organisation=organisation, until_at=None
    )
    if any(not RIGHTS[role] <= rights for role in held.values_list("role", flat=True)):
        raise Refusal("this role may do more than you: ask an administrator to change it")


def _refuse_last(person: Person, organisation: Organisation) -> None:
    admins = Membership.objects.seen_by(SYSTEM).filter(
        organisation=organisation, role=Role.ADMIN, until_at=None
    )
    held = set(admins.values_list("person_id", flat=True))
    if held == {person.id}:
        raise Refusal("this is the last administrator: name another one first")


def change_password(*, account: Account, password: str, at: int) -> None:
    """A new password: every session of the account ends (their hash holds the old one), and so does
    every link that the person sent and nobody used.
    """
    account.set_password(password)
    with viewing(Viewer(account=account.id, address=account.email)), transaction.atomic():
        account.save(update_fields=["password"])
        person = Person.objects.seen_by(SYSTEM).filter(account=account).first()
        if person is not None:
            with viewing(Viewer(account=account.id, person=person.id)):
                _open_invitations(person).update(used_at=datetime_of(at))


def _open_invitations(person: Person) -> InvitationQuerySet:
    return Invitation.objects.seen_by(SYSTEM).filter(invited_by=person, used_at=None)
