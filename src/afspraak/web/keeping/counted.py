"""How dated promises were kept in the last year, per clause and side: counts of what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from afspraak.clocks.models import Duty, State
from afspraak.engine.time import DAY, datetime_of
from afspraak.rights.viewer import Viewer
from afspraak.web.keeping.lines import Lines

YEAR: Final = 366 * DAY
SHOWN: Final = 40


@dataclass(frozen=True, slots=True)
class Counted:
    """A clause: how often it was missed and kept; those that are late and still open among them."""

    title: str
    clause: str
    reference: str
    agreement: UUID
    side: str
    missed: int
    kept: int
    still_open: int


def counted(agreements: Iterable[UUID], lines: Lines, viewer: Viewer, at: int) -> list[Counted]:
    """What was missed most stands first; what was never due is left out."""
    late, open_ = Q(state=State.MISSED), Q(state=State.MISSED, satisfied_at=None)
    rows = (
        Duty.objects.seen_by(viewer)
        .filter(agreement_id__in=list(agreements), state__in=(State.MET, State.MISSED))
        .filter(due_at__gte=datetime_of(at - YEAR))
        .values_list("agreement_id", "clause", "promisor", "what")
        .annotate(
            missed=Count("due_on", filter=late),
            kept=Count("due_on", filter=~late),
            still_open=Count("due_on", filter=open_),
        )
        .order_by("-missed", "clause", "agreement_id")
    )
    found = []
    for agreement, clause, promisor, what, missed, kept, still_open in rows[:SHOWN]:
        row = Duty(agreement_id=agreement, clause=clause, what=what, promisor=promisor)
        title, told = lines.title(row), lines.clause(row)
        reference = lines.rows[agreement].reference
        found.append(Counted(title, told, reference, agreement, promisor, missed, kept, still_open))
    return found
