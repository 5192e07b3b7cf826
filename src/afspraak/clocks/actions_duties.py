"""The only place where dated promises are written: a cache, as the clocks of tickets are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from afspraak.agreements.models import Agreement
from afspraak.clocks.actions import differs
from afspraak.clocks.judge_duties import Duties
from afspraak.clocks.judge_duties import Duty as Judged
from afspraak.clocks.models import Duty, Outlook, State
from afspraak.engine.time import datetime_of, instant_of
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM, Viewer

WHAT_CHARS: Final = 80
LOOKED: Final = frozenset({"looked_at"})
Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the cache did not hold before: duties newly missed; how many rows differed."""

    missed: tuple[Judged, ...]
    changed: int


def store_duties(*, agreement: Agreement, judged: Duties, viewer: Viewer) -> Kept:
    """Make the cache hold these dated promises of an agreement, and no others."""
    rows = Duty.objects.seen_by(viewer).filter(agreement=agreement)
    before = {(row.clause, row.planned_on): row for row in rows}
    fresh: list[Duty] = []
    changed: list[Duty] = []
    missed: list[Judged] = []
    for each in judged.duties:
        row = _row(agreement, each)
        old = before.pop((row.clause, row.planned_on), None)
        if old is None:
            fresh.append(row)
        elif differs(old, row):
            changed.append(row)
        if each.dated.state == "missed" and (old is None or old.state != State.MISSED):
            missed.append(each)
    Duty.objects.bulk_create(fresh)
    _rewrite(agreement, changed, before, viewer)
    is_moved = _look(agreement, judged, viewer)
    return Kept(tuple(missed), len(fresh) + len(changed) + len(before) + is_moved)


def _row(agreement: Agreement, each: Judged) -> Duty:
    dated = each.dated
    return Duty(
        **parties_of(agreement),
        agreement=agreement,
        clause=dated.clause,
        planned_on=each.planned_on,
        due_on=dated.on,
        what=each.what[:WHAT_CHARS],
        promisor=dated.promisor,
        due_at=datetime_of(dated.due_at),
        state=State(dated.state),
        satisfied_at=None if dated.satisfied_at is None else datetime_of(dated.satisfied_at),
        delays=[
            {"days": delay.days, "because": delay.because, "party": delay.party}
            for delay in dated.delays
        ],
    )


def _rewrite(
    agreement: Agreement, changed: Iterable[Duty], gone: Iterable[Key], viewer: Viewer
) -> None:
    mine = Duty.objects.seen_by(viewer).filter(agreement=agreement)
    for row in changed:
        values = {
            field.attname: getattr(row, field.attname)
            for field in Duty._meta.concrete_fields
            if field.attname not in ("agreement_id", "clause", "planned_on")
        }
        mine.filter(clause=row.clause, planned_on=row.planned_on).update(**values)
    for clause, planned_on in gone:
        mine.filter(clause=clause, planned_on=planned_on).delete()


def _look(agreement: Agreement, judged: Duties, viewer: Viewer) -> bool:
    """Write down when it was looked at, and when to look again; whether that differs."""
    row = Outlook(
        **parties_of(agreement),
        agreement=agreement,
        looked_at=datetime_of(judged.as_of),
        next_look_at=datetime_of(judged.next_look_at),
    )
    old = Outlook.objects.seen_by(viewer).filter(agreement=agreement).first()
    if old is None:
        Outlook.objects.bulk_create([row])
        return True
    mine = Outlook.objects.seen_by(viewer).filter(agreement=agreement)
    mine.update(looked_at=row.looked_at, next_look_at=row.next_look_at, fault="")
    return differs(old, row, LOOKED)


def push_outlook_forward(*, agreement: UUID, fault: str, until_at: int) -> None:
    """A look that failed is tried again later, and says why; other agreements are not held up."""
    Outlook.objects.seen_by(SYSTEM).filter(agreement_id=agreement).update(
        next_look_at=datetime_of(until_at), fault=fault[:400]
    )


def last_look(*, agreement: UUID, viewer: Viewer) -> int | None:
    """As of when its dated promises were judged; None while they never were."""
    row = Outlook.objects.seen_by(viewer).filter(agreement_id=agreement).first()
    return None if row is None else instant_of(row.looked_at)
