"""What fell due day by day, and what was reported, by level and service: sums that the database
makes, over the agreements that are named (each a piece of an index).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate, TruncMonth

from afspraak.clocks.models import Assessment, Standing, State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.time import datetime_of
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Due:
    """What became of the supplier's promises that were due on a date, in a level and service."""

    on: date
    level: str
    service: str
    tally: Tally


def due_by_day(
    agreements: Iterable[UUID], period: Period, zone: ZoneInfo, viewer: Viewer, at: int
) -> list[Due]:
    """What has its verdict until `at`, in order. Trials only measure (K11)."""
    start, end = period.spans(zone)
    rows = (
        Assessment.objects.seen_by(viewer)
        .filter(
            agreement_id__in=list(agreements),
            promisor=SUPPLIER,
            on_trial=False,
            state__in=(State.MET, State.MISSED),
            due_at__gte=datetime_of(start),
            due_at__lt=datetime_of(min(end, at)),
        )
        .annotate(on=TruncDate("due_at", tzinfo=zone))
        .values("on", "level", "service", "state")
        .annotate(number=Count("ticket_id"))
        .order_by("on", "level", "service", "state")
    )
    found: dict[tuple[date, str, str], Tally] = {}
    for row in rows:
        key = (row["on"], row["level"], row["service"])
        found[key] = found.get(key, Tally()) + Tally(**{row["state"]: row["number"]})
    return [Due(*key, tally) for key, tally in found.items()]


def reported_in(
    agreements: Iterable[UUID], period: Period, zone: ZoneInfo, viewer: Viewer
) -> dict[tuple[str, str], int]:
    """How many tickets were reported, by level and service."""
    start, end = period.spans(zone)
    rows = (
        Standing.objects.seen_by(viewer)
        .filter(
            agreement_id__in=list(agreements),
            reported_at__gte=datetime_of(start),
            reported_at__lt=datetime_of(end),
        )
        .values("level", "service")
        .annotate(number=Count("ticket_id"))
        .order_by("level", "service")
    )
    return {(row["level"], row["service"]): row["number"] for row in rows}


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a side's promises of one measure that were due in a month, in an agreement."""

    agreement: UUID
    month: date
    promisor: str
    measure: str
    tally: Tally


def kept_by_month(
    agreements: Iterable[UUID], period: Period, zone: ZoneInfo, viewer: Viewer, at: int
) -> list[Kept]:
    """What has its verdict until `at`. Trials only measure (K11)."""
    start, end = period.spans(zone)
    rows = (
        Assessment.objects.seen_by(viewer)
        .filter(
            agreement_id__in=list(agreements),
            on_trial=False,
            state__in=(State.MET, State.MISSED),
            due_at__gte=datetime_of(start),
            due_at__lt=datetime_of(min(end, at)),
        )
        .annotate(month=TruncMonth("due_at", tzinfo=zone))
        .values("agreement_id", "month", "promisor", "measure", "state")
        .annotate(number=Count("ticket_id"))
        .order_by("agreement_id", "month", "promisor", "measure", "state")
    )
    found: dict[tuple[UUID, date, str, str], Tally] = {}
    for row in rows:
        key = (row["agreement_id"], row["month"].date(), row["promisor"], row["measure"])
        found[key] = found.get(key, Tally()) + Tally(**{row["state"]: row["number"]})
    return [Kept(*key, tally) for key, tally in found.items()]
