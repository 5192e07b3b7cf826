"""What is usual: how long solutions took at a level, and how busy a supplier is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from afspraak.clocks.models import Assessment, State
from afspraak.engine.time import Duration, Refusal, ServiceTime, parse_duration
from afspraak.rights.viewer import Viewer

YEAR: Final = timedelta(days=365)
NEWEST: Final = 400
LEAST: Final = 10
"""With fewer cases nothing is usual."""
NINE_OF_TEN: Final = (9, 10)


@dataclass(frozen=True, slots=True)
class Usual:
    """How long it took: half of the cases no longer than `half`, nine of ten no longer than `most`,
    in the kind of duration that is promised.
    """

    half: Duration
    most: Duration
    cases: int


def usual_at(*, agreement: UUID, level: str, viewer: Viewer, at: datetime) -> Usual | None:
    """What solutions at a level of an agreement took in the last year; None with few cases."""
    rows = Assessment.objects.seen_by(viewer).filter(
        agreement_id=agreement,
        measure="resolution",
        level=level,
        state__in=(State.MET, State.MISSED),
        satisfied_at__isnull=False,
        due_at__gte=at - YEAR,
        due_at__lte=at,
    )
    spent = rows.order_by("-due_at", "ticket_id").values_list("spent", flat=True)[:NEWEST]
    return usual_of(list(spent))


def usual_of(spent: list[str]) -> Usual | None:
    """The middle and the ninth tenth of durations; where two kinds occur, of the commoner one."""
    read = [found for each in spent if (found := _read(each)) is not None]
    service = sorted((each for each in read if isinstance(each, ServiceTime)), key=_length)
    days = sorted((each for each in read if not isinstance(each, ServiceTime)), key=_length)
    ordered = service if len(service) >= len(days) else days
    if len(ordered) < LEAST:
        return None
    part, whole = NINE_OF_TEN
    half = ordered[(len(ordered) - 1) // 2]
    most = ordered[-(-len(ordered) * part // whole) - 1]
    return Usual(half, most, len(ordered))


def _read(told: str) -> Duration | None:
    try:
        return parse_duration(told)
    except Refusal:
        return None


def _length(each: Duration) -> int:
    return each.microseconds if isinstance(each, ServiceTime) else each.days


def busy_at(*, supplier: UUID, at: datetime) -> str:
    """`quiet`, `usual`, `busy`: what lies with a supplier against what comes in on a working day;
    empty for who has nothing to do with it, and where too little is known.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT clocks_busy(%s, %s)", [supplier, at])
        found = cursor.fetchone()
    return str(found[0] or "") if found else ""
