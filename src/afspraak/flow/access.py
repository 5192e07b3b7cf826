"""The walk of an invitation: a guest becomes a person with an account, and member or adviser; and
of an adviser who is asked no more.
"""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions import end_adviser, invite_adviser
from afspraak.agreements.models import Adviser, Agreement
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor, give_role, note_in_audit
from afspraak.parties.actions_access import (
    Guest,
    claim_invitation,
    close_invitation,
    digest_of,
    welcome,
)
from afspraak.parties.roles import Role
from afspraak.rights.viewer import Viewer, viewing


def accept_invitation(*, secret: str, guest: Guest, at: int) -> UUID:
    """Accept an invitation by its link; the account that may sign in now.

    Raises Refusal for a link that was used, has ended, or never was: the three are told alike.
    """
    presented = digest_of(secret)
    account = guest.account or new_id(at)
    with viewing(Viewer(account=account, presented=presented)), transaction.atomic():
        invitation = claim_invitation(presented=presented, at=at)
        person = welcome(invitation=invitation, guest=guest, account=account, at=at)
        if invitation.agreement_id is not None:
            invite_adviser(
                agreement=Agreement(id=invitation.agreement_id),
                person=person,
                organisation=invitation.organisation_id,
                at=at,
            )
        else:
            role = Role(invitation.role)
            give_role(person=person, organisation=invitation.organisation, role=role, at=at)
        actor = Actor(invitation.organisation_id, person.id)
        close_invitation(invitation=invitation, actor=actor, at=at)
    return account


class NoSuchAdviser(LookupError):
    """An adviser that does not exist, whom another organisation invited, or who has left."""


def end_advice(*, adviser: UUID, actor: Actor, viewer: Viewer, at: int) -> Adviser:
    """Who was invited to one agreement sees nothing of it any more. Raises NoSuchAdviser."""
    rows = Adviser.objects.seen_by(viewer).filter(organisation_id=actor.organisation, until_at=None)
    with transaction.atomic():
        row = rows.select_for_update(of=("self",)).filter(pk=adviser).first()
        if row is None:
            raise NoSuchAdviser(f"there is no adviser {adviser}")
        end_adviser(adviser=row, at=at)
        note_in_audit(actor=actor, action="end_advice", subject="adviser", subject_id=row.id, at=at)
    return row
