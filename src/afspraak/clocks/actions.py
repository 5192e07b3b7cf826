"""The only place where clocks are written: a cache that follows the law's answers. Only rows that
differ are touched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Model

from afspraak.clocks.judge import Judgement, Nearing
from afspraak.clocks.models import Assessment, Beat, Standing
from afspraak.clocks.rows import assessments_told, columns_of, standing_of, standing_told
from afspraak.engine.time import SECOND, datetime_of, instant_of
from afspraak.rights.insert import Values, insert_rows, insert_values, know, rewrite_rows
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.models import Ticket

Key = tuple[UUID, str, int]
ID_LENGTH: Final = 36
LOOKS: Final = frozenset({"looked_at"})
"""When it was last looked at is no part of the answer."""
WAKE: Final = "afspraak_watch"
"""The channel on which the watch is woken."""
SOON: Final = SECOND
"""The watch looks by itself this often."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A ticket with what became of it, when to look again, and the steps of the ladder that its
    running clocks have reached.
    """

    ticket: Ticket
    judgement: Judgement
    next_look_at: int | None
    is_new: bool = False
    reached: tuple[Nearing, ...] = ()

    def of(self, ticket: Ticket) -> "Judged":
        """The same of another ticket, about which the same is known."""
        return Judged(ticket, self.judgement, self.next_look_at, self.is_new, self.reached)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the cache did not hold before: `missed` are cycles that have newly been missed;
    `changed` counts the rows that differed; `looked_at` when each ticket was looked at before, in
    microseconds.
    """

    missed: tuple[Assessment, ...]
    changed: int
    looked_at: Mapping[UUID, int]


def store(*, judged: Sequence[Judged], viewer: Viewer, is_new_fact: bool = True) -> Stored:
    """Make the cache hold these judgements, and nothing else about their tickets.

    Without a new fact (`is_new_fact`) a ticket whose answer is the same is not touched at all: it
    would be the same as of its last look, too.
    """
    old_ids = [each.ticket.id for each in judged if not each.is_new]
    before = _assessments(old_ids, viewer)
    standings = _standings(old_ids, viewer)
    fresh: list[Values] = []
    stale: list[Assessment] = []
    missed: list[Assessment] = []
    told = Told()
    for each in judged:
        columns = columns_of(each.ticket)
        for row in told.assessments(each):
            values = {**columns, **row}
            old = before.pop((each.ticket.id, values["clause"], values["cycle"]), None)
            if old is None:
                fresh.append(values)
            elif differs(old, new := Assessment(**values)):
                stale.append(new)
            if values["missed_at"] is not None and (old is None or old.missed_at is None):
                missed.append(Assessment(**values))
    changed = _write_standings(judged, standings, told, is_every_look=is_new_fact)
    _wake_watch(judged)
    _write_assessments(fresh, stale, before.values(), viewer)
    looked_at = {ticket: instant_of(row.looked_at) for ticket, row in standings.items()}
    return Stored(tuple(missed), changed + len(fresh) + len(stale) + len(before), looked_at)


class Told:
    """What judgements say in rows: of those that tickets share, once."""

    def __init__(self) -> None:
        self._assessments: dict[int, list[Values]] = {}
        self._standings: dict[int, Values] = {}

    def assessments(self, judged: Judged) -> list[Values]:
        """The rows of its clocks."""
        found = self._assessments.get(id(judged.judgement))
        if found is None:
            found = self._assessments[id(judged.judgement)] = assessments_told(judged.judgement)
        return found

    def standing(self, judged: Judged) -> Values:
        """The row of how it stands: who shares a judgement shares when to look next."""
        found = self._standings.get(id(judged.judgement))
        if found is None:
            made = standing_told(judged.judgement, judged.next_look_at)
            found = self._standings[id(judged.judgement)] = made
        return found


def _wake_watch(judged: Iterable[Judged]) -> None:
    """What is due before the watch would look by itself wakes it. Only that: every notification
    makes commits wait for each other.
    """
    ahead = ((each.next_look_at, each.judgement.ticket.as_of) for each in judged)
    if any(next_at is not None and next_at - as_of < SOON for next_at, as_of in ahead):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def _assessments(tickets: Sequence[UUID], viewer: Viewer) -> dict[Key, Assessment]:
    if not tickets:
        return {}
    rows = Assessment.objects.seen_by(viewer).filter(ticket_id__in=tickets)
    return {_key(row): row for row in rows}


def _standings(tickets: Sequence[UUID], viewer: Viewer) -> dict[UUID, Standing]:
    if not tickets:
        return {}
    rows = Standing.objects.seen_by(viewer).filter(ticket_id__in=tickets)
    return {row.ticket_id: row for row in rows}


def _key(row: Assessment) -> Key:
    return row.ticket_id, row.clause, row.cycle


def _write_standings(
    judged: Sequence[Judged],
    before: Mapping[UUID, Standing],
    told: Told,
    *,
    is_every_look: bool,
) -> int:
    """Every look is written down where that matters; what is counted are those that changed more
    than that. Each ticket carries its row on: an answer need not ask for it again.
    """
    fresh, stale, changed = [], [], 0
    for each in judged:
        row = standing_of(each.ticket, told.standing(each))
        know(each.ticket, "standing", row)
        old = before.get(each.ticket.id)
        is_changed = old is None or differs(old, row, LOOKS)
        changed += is_changed
        if old is None:
            fresh.append(row)
        elif is_changed or is_every_look:
            stale.append(row)
    insert_rows(fresh)
    rewrite_rows(stale, key=("ticket_id",))
    return changed


def _write_assessments(
    fresh: list[Values],
    stale: list[Assessment],
    gone: Iterable[Assessment],
    viewer: Viewer,
) -> None:
    insert_values(Assessment, fresh)
    rewrite_rows(stale, key=("ticket_id", "clause", "cycle"))
    for row in gone:
        Assessment.objects.seen_by(viewer).filter(pk=_key(row)).delete()


def differs(old: Model, new: Model, but: frozenset[str] = frozenset()) -> bool:
    """Whether two rows of a table say different things."""
    return any(
        getattr(old, name) != _comparable(getattr(new, name))
        for name in _attributes(type(new))
        if name not in but
    )


def _comparable(value: Any) -> Any:
    """Ids that the law carries as text are ids in a row."""
    return UUID(value) if isinstance(value, str) and len(value) == ID_LENGTH else value


def _attributes(model: type[Model]) -> list[str]:
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not field.primary_key and field.attname not in ("ticket_id", "clause", "cycle")
    ]


def push_forward(*, ticket: UUID, fault: str, until_at: int) -> None:
    """A look that failed is tried again later, and says why; other tickets are not held up."""
    Standing.objects.seen_by(SYSTEM).filter(pk=ticket).update(
        next_look_at=datetime_of(until_at), fault=fault[:400]
    )


def look_again(*, ticket: UUID, until_at: int) -> None:
    """A claim is given back: nothing is wrong with the ticket, it was only held by somebody."""
    Standing.objects.seen_by(SYSTEM).filter(pk=ticket).update(next_look_at=datetime_of(until_at))


# The watch itself ---------------------------------------------------------------------------------


def beat(*, watcher: str, machine: str, at: int, lag_seconds: int) -> bool:
    """A watcher was here; whether its machine's watchers may record misses. Whether they are
    stopped is not touched: that a person has confirmed the time must not be overwritten.
    """
    told = {"looked_at": datetime_of(at), "lag_seconds": lag_seconds, "machine": machine}
    Beat.objects.update_or_create(watcher=watcher, defaults=told)
    return not Beat.objects.filter(machine=machine, stopped_at__isnull=False).exists()


def stop_watching(*, watcher: str, at: int) -> None:
    """The clock of this watcher's machine has jumped: nothing is recorded until it is confirmed."""
    Beat.objects.filter(watcher=watcher, stopped_at=None).update(stopped_at=datetime_of(at))


def confirm_time() -> int:
    """Somebody says that the clocks are right: watchers go on; how many had stopped."""
    return Beat.objects.filter(stopped_at__isnull=False).update(stopped_at=None)


def forget_watchers(*, machine: str, but: str, before_at: int) -> None:
    """Beats of watchers of this machine that are long gone; one that stopped stays until confirmed.

    Others' beats are theirs to forget.
    """
    gone = Beat.objects.filter(machine=machine, looked_at__lt=datetime_of(before_at))
    gone.filter(stopped_at=None).exclude(watcher=but).delete()
