"""Who is asking, with the single agreements to which they were invited as an adviser.

Doors ask here: parties know of no agreements, and so of no advisers.
"""

from dataclasses import replace
from uuid import UUID

from django.db.models import Q

from afspraak.agreements.models import Adviser
from afspraak.engine.time import datetime_of
from afspraak.parties.actions import Actor
from afspraak.parties.identity import Identity, identify_account
from afspraak.parties.roles import ADVISER
from afspraak.rights.viewer import SYSTEM, Viewer, viewing


def identify(account: UUID, at: int, organisation: UUID | None = None) -> Identity | None:
    """The person behind an account: as in their organisations, and as an adviser. Whoever has no
    role anywhere acts for their own organisation, with an adviser's rights; None for whom nothing
    is left.
    """
    known = identify_account(account, at, organisation)
    invited = _advises(account, at)
    agreements = frozenset(each.agreement_id for each in invited)
    if known is not None:
        return replace(known, viewer=replace(known.viewer, agreements=agreements))
    if not invited:
        return None
    person = invited[0].person
    viewer = Viewer(agreements=agreements, person=person.id, account=account)
    actor = Actor(person.organisation_id, person.id)
    return Identity(viewer, actor, {}, ADVISER, is_person=True)


def _advises(account: UUID, at: int) -> list[Adviser]:
    now = datetime_of(at)
    with viewing(Viewer(account=account)):
        return list(
            Adviser.objects.seen_by(SYSTEM)
            .filter(Q(until_at=None) | Q(until_at__gt=now), person__account_id=account)
            .filter(from_at__lte=now)
            .select_related("person")
        )
