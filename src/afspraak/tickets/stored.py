"""Rows -> the engine's facts, one way."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from afspraak.engine.facts import EMPTY
from afspraak.engine.facts import Fact as Told
from afspraak.engine.time import instant_of, parse_instant
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import changes_of
from afspraak.tickets.models import Fact


def logs_of(tickets: Iterable[UUID], viewer: Viewer) -> Mapping[UUID, list[Told]]:
    """Each ticket's facts as logged, in the order of their places."""
    rows = (
        Fact.objects.seen_by(viewer)
        .filter(ticket_id__in=list(tickets))
        .select_related("words")
        .order_by("relation_id", "seq")
    )
    found: dict[UUID, list[Told]] = {}
    for row in rows:
        assert row.ticket_id is not None
        found.setdefault(row.ticket_id, []).append(told_of(row))
    return found


def told_of(row: Fact) -> Told:
    """A row as the law reads it. Its id is the one that its teller gave it, else the row's."""
    data = row.data
    until, reported_at = data.get("until"), data.get("reported_at")
    return Told(
        code=row.code,
        happened_at=instant_of(row.happened_at),
        recorded_at=instant_of(row.recorded_at),
        position=row.seq,
        by=row.by,
        recorded_by=row.recorded_by,
        id=data.get("id") or str(row.id),
        of=data.get("of", ""),
        to=data.get("to", ""),
        why=_why(row),
        cause=data.get("cause", ""),
        agreed=data.get("agreed", False),
        until=None if until is None else parse_instant(until),
        reported_at=None if reported_at is None else parse_instant(reported_at),
        fields=data.get("fields", EMPTY),
        changes=changes_of(data.get("set", {})),
        source=row.source,
        source_id=row.source_id,
    )


def _why(row: Fact) -> str:
    """What was written; a text that was erased still was a reason (K8)."""
    if row.words is None:
        return ""
    return row.words.body or "(erased)"


def facts_of_agreements(
    agreements: Iterable[UUID], codes: Iterable[str], viewer: Viewer
) -> list[Fact]:
    """Facts about agreements, their promises and services, in the order of their places."""
    return list(
        Fact.objects.seen_by(viewer)
        .filter(agreement_id__in=list(agreements), code__in=list(codes), ticket=None)
        .order_by("relation_id", "seq")
    )
