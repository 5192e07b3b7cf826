"""Last year's promises on tickets, as the cases that a text is tried on: one statement."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from afspraak.clocks.models import Assessment, State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import Duration, Refusal, parse_duration
from afspraak.making.worth import FEW, Case
from afspraak.rights.viewer import Viewer

YEAR: Final = timedelta(days=365)
NEWEST: Final = 4_000
"""Cases that are looked at: the newest ones."""


def cases_of(
    *, supplier: UUID, customer: UUID | None, viewer: Viewer, at: datetime, zone: ZoneInfo
) -> list[Case]:
    """What became of a supplier's promises that were due in the last year; of one customer, or of
    all that the viewer may see.
    """
    rows = Assessment.objects.seen_by(viewer).filter(
        supplier_id=supplier,
        promisor=SUPPLIER,
        on_trial=False,
        state__in=(State.MET, State.MISSED),
        due_at__gte=at - YEAR,
        due_at__lte=at,
    )
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    columns = ("measure", "service", "level", "priority", "due_at", "spent", "satisfied_at")
    found = rows.order_by("-due_at", "ticket_id").values_list(*columns)[:NEWEST]
    cases = []
    for measure, service, level, priority, due_at, told, satisfied_at in found:
        spent = _read(told)
        due_on = due_at.astimezone(zone).date()
        done, so_far = (spent, None) if satisfied_at else (None, spent)
        cases.append(Case(measure, service, level, priority, due_on, done, so_far))
    return cases


def telling(own: list[Case], everybody: list[Case]) -> tuple[list[Case], bool]:
    """The customer's own cases where there are enough of them, else those of all customers; and
    whether they are the customer's own.
    """
    is_own = len(own) >= FEW
    return (own if is_own else everybody), is_own


def _read(told: str) -> Duration | None:
    try:
        return parse_duration(told)
    except Refusal:
        return None
