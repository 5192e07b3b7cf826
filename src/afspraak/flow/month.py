"""The walk of the monthly check: what each agreement lacks, and where it pinched last month, is
told once a month to who takes care of it.
"""

import logging
from collections.abc import Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from afspraak.agreements.models import Agreement
from afspraak.amending.load import counts_in, history_of
from afspraak.amending.pinches import pinches_of
from afspraak.archive.load import Checked, monthly_check
from afspraak.engine.periods import Period
from afspraak.engine.time import Rhythm, add, datetime_of, local_date, zone_of
from afspraak.flow.watch import FAULTS
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind, Obligation
from afspraak.notices.recipients import carers_at
from afspraak.parties.models import Organisation
from afspraak.rights.viewer import SYSTEM

log = logging.getLogger(__name__)
MONTH: Final = Rhythm(months=1)
MOST_PINCHES: Final = 5
"""Clauses of one agreement that are told; the page has them all."""
DAYS: Final = 7
"""It is told in the first week of a month; a worker that was down catches up within it."""


def tell_the_month(*, at: int) -> int:
    """Owe the monthly check of every organisation with something to tell, once; how many were owed.
    One that cannot be checked holds up no other, and is said in the log.
    """
    owed = 0
    for organisation in _organisations():
        try:
            owed += _tell(organisation, at)
        except FAULTS:
            log.exception("organisation %s cannot be checked", organisation.id)
    return owed


def _organisations() -> Iterable[Organisation]:
    """Whoever has an agreement."""
    rows = Agreement.objects.seen_by(SYSTEM).order_by()
    pairs = set(rows.values_list("supplier_id", flat=True))
    pairs |= set(rows.values_list("customer_id", flat=True))
    return Organisation.objects.seen_by(SYSTEM).filter(id__in=pairs).order_by("id")


def _tell(organisation: Organisation, at: int) -> bool:
    today = local_date(zone_of(organisation.zone), at)
    last = add(today.replace(day=1), MONTH, -1)
    key = f"month/{last:%Y-%m}"
    known = Obligation.objects.seen_by(SYSTEM).filter(kind=Kind.MONTH, subject_key=key)
    if today.day > DAYS or known.filter(supplier=organisation).exists():
        return False
    told = _told(organisation.id, last, at)
    if not told:
        return False
    with transaction.atomic():
        owing = Owing(
            kind=Kind.MONTH, parties={"supplier_id": organisation.id}, key=key, for_at=at, told=told
        )
        owe(owings=[owing], at=at)
    return True


def _told(organisation: UUID, month: date, at: int) -> list[dict[str, Any]]:
    """The agreements with something to tell of, and to whom it is told; nothing where nobody would
    hear it.
    """
    managers = [str(each.id) for each in carers_at(organisation, datetime_of(at))]
    found = []
    for each in monthly_check(organisation, SYSTEM, at):
        pinches = _pinches(each.agreement, month, at)
        to = _carers(each) or managers
        if to and (each.lacks or pinches):
            found.append(
                {
                    "agreement": str(each.agreement.id),
                    "name": each.agreement.name or each.agreement.reference,
                    "lacks": list(each.lacks),
                    "pinches": pinches,
                    "to": to,
                }
            )
    return found


def _carers(each: Checked) -> list[str]:
    """Its owner, and the deputy."""
    if each.care is None:
        return []
    return [str(one) for one in (each.care.owner_id, each.care.deputy_id) if one]


def _pinches(agreement: Agreement, month: date, at: int) -> list[list[str | int]]:
    """What pinched in a month, what happened most often first: kind, clause, how often."""
    history = history_of(agreement, SYSTEM, at)
    if history is None:
        return []
    found = pinches_of(
        counts_in(history),
        Period(month, add(month, MONTH)),
        Period(add(month, MONTH, -1), month),
        [each.clause for each in history.signed.terms.promises],
    )
    return [[each.kind, each.clause, each.times] for each in found[:MOST_PINCHES]]
