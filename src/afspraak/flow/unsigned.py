"""The walk of what was agreed to and is not signed: both sides are reminded, ever less often."""

from typing import Final

from django.db import transaction

from afspraak.engine.time import DAY, instant_of, local_date, zone_of
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind, Obligation
from afspraak.offers.waiting import Waiting, waiting_of
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM

REMIND_AFTER: Final = (7, 14, 30, 60, 90, 180, 365)
"""Days after which both sides are reminded; each once."""


def remind_of_unsigned(*, at: int) -> int:
    """Owe a reminder of every consent that waits longer than one of these; how many were owed. What
    was owed before is left alone, and of several that have passed only the last is said.
    """
    owings = [owing for each in waiting_of(None, SYSTEM) if (owing := _owing(each, at))]
    keys = [each.key for each in owings]
    owed = Obligation.objects.seen_by(SYSTEM).filter(kind=Kind.UNSIGNED, subject_key__in=keys)
    before = set(owed.values_list("subject_key", flat=True))
    fresh = [each for each in owings if each.key not in before]
    with transaction.atomic():
        owe(owings=fresh, at=at)
    return len(fresh)


def _owing(each: Waiting, at: int) -> Owing | None:
    row = each.assent
    zone = zone_of(row.supplier.zone)
    reached = [days for days in REMIND_AFTER if days <= each.days(local_date(zone, at), zone)]
    if not reached:
        return None
    return Owing(
        kind=Kind.UNSIGNED,
        parties=parties_of(row),
        key=f"unsigned/{row.id}/{reached[-1]}",
        for_at=instant_of(row.agreed_at) + reached[-1] * DAY,
    )
