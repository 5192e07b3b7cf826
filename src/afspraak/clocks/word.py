"""How often a supplier kept what was signed, and how often its word after missing that (K9)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef

from afspraak.clocks.models import Assessment, AssessmentQuerySet, State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.rights.viewer import Viewer

WORD: Final = "expectation"
"""The measure of a stated expectation: a promise of its own."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a supplier's promises that were due in some time; `word` are the expectations
    stated on tickets whose contract was missed before they were due.
    """

    promises: Tally
    word: Tally


def kept_of(*, supplier: UUID, viewer: Viewer, from_at: datetime, until_at: datetime) -> Kept:
    """Both, of what was due in [from, until). Trials only measure (K11)."""
    rows = Assessment.objects.seen_by(viewer).filter(
        supplier_id=supplier,
        promisor=SUPPLIER,
        on_trial=False,
        state__in=(State.MET, State.MISSED),
        due_at__gte=from_at,
        due_at__lt=until_at,
    )
    missed = Assessment.objects.seen_by(viewer).filter(
        ticket_id=OuterRef("ticket_id"), promisor=SUPPLIER, missed_at__lt=OuterRef("due_at")
    )
    broken = missed.exclude(measure=WORD)
    return Kept(
        _tally(rows.exclude(measure=WORD)),
        _tally(rows.filter(Exists(broken), measure=WORD)),
    )


def _tally(rows: AssessmentQuerySet) -> Tally:
    counted = rows.values("state").annotate(number=Count(F("ticket_id")))
    return Tally(**{each["state"]: each["number"] for each in counted.order_by("state")})
