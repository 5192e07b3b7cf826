"""The walk of time: what may have changed by itself is looked at, and recorded with the computed
instant.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, islice
from operator import attrgetter
from typing import Final
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Min

from afspraak.clocks.actions import Judged, look_again, push_forward, store
from afspraak.clocks.load import grounds_of
from afspraak.clocks.models import Standing
from afspraak.engine.time import MINUTE, SECOND, datetime_of, instant_of
from afspraak.flow.duties import rebuild_duties
from afspraak.flow.facts import judge_tickets, judged_at
from afspraak.flow.owed import owings_of
from afspraak.ledger.actions import open_logs, stands_at
from afspraak.notices.actions import owe
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.models import Ticket
from afspraak.tickets.stored import logs_of

log = logging.getLogger(__name__)
LEASE: Final = timedelta(seconds=60)
"""A ticket that a watcher has claimed is left to it for this long."""
AGAIN: Final = 5 * MINUTE
"""A look that failed is tried again after this."""
SOON: Final = 5 * SECOND
"""What was only busy is tried again after this."""
BATCH: Final = 500
TOGETHER: Final = 100
"""So many tickets, of whatever relations, are looked at in one transaction: what is due at once is
of many customers, and a transaction for each would be most of the work. Their logs are locked for
as long as this takes.
"""
FAULTS: Final = (DatabaseError, ArithmeticError, LookupError, ValueError, AssertionError)
"""What one bad row can raise; anything else stops the watch, and is ours to mend."""

Progress = Callable[[int, int], None]


def due_next(*, viewer: Viewer = SYSTEM) -> int | None:
    """The earliest moment at which a ticket wants to be looked at; None where none does."""
    moment = Standing.objects.seen_by(viewer).aggregate(first=Min("next_look_at"))["first"]
    return None if moment is None else instant_of(moment)


def look(*, at: int, most: int = BATCH) -> int:
    """Look at tickets whose moment has come, at most so many; how many were. Any number of watchers
    can do it side by side: each claims its own.
    """
    claimed = _claim(at, most)
    for tickets in _batches(iter(claimed), TOGETHER):
        try:
            look_at(tickets=tickets, viewer=SYSTEM, at=at)
        except FAULTS:
            _relation_by_relation(tickets, at)
    return len(claimed)


def _relation_by_relation(tickets: Iterable[Ticket], at: int) -> None:
    """What failed together is tried in parts: a log that somebody holds keeps up no other."""
    for _, group in groupby(tickets, key=attrgetter("relation_id")):
        of_one = list(group)
        try:
            look_at(tickets=of_one, viewer=SYSTEM, at=at)
        except FAULTS:
            _one_by_one(of_one, at)


def _claim(at: int, most: int) -> list[Ticket]:
    """Take tickets whose moment has come, in its order; others' claims are passed over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE clocks_standing SET next_look_at = %s WHERE ticket_id IN (
                SELECT ticket_id FROM clocks_standing WHERE next_look_at <= %s
                ORDER BY next_look_at LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING ticket_id
            """,
            [datetime_of(at) + LEASE, datetime_of(at), most],
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(Ticket.objects.seen_by(SYSTEM).filter(id__in=ids).order_by("relation_id", "id"))


def _one_by_one(tickets: Iterable[Ticket], at: int) -> None:
    """One bad row cannot stop the queue: it is looked at later, and says why. What is not the row's
    own fault (a lock held too long, a deadlock) is tried again soon; without a database there is
    nothing to write down, and the claims end by themselves.
    """
    for ticket in tickets:
        try:
            look_at(tickets=[ticket], viewer=SYSTEM, at=at)
        except OperationalError as fault:
            log.warning("ticket %s is busy, looked at again soon: %s", ticket.id, fault)
            look_again(ticket=ticket.id, until_at=at + SOON)
        except FAULTS as fault:
            log.exception("ticket %s cannot be looked at", ticket.id)
            push_forward(ticket=ticket.id, fault=str(fault), until_at=at + AGAIN)


def look_at(
    *,
    tickets: Sequence[Ticket],
    viewer: Viewer,
    at: int,
    is_quiet: bool = False,
    is_new_fact: bool = True,
) -> int:
    """Judge tickets of one or more relations anew and keep what differs; how many rows did."""
    with transaction.atomic():
        logs = open_logs(relations={each.relation_id for each in tickets}, viewer=viewer, at=at)
        judged = judge_tickets(tickets, logs, viewer)
        stored = store(judged=judged, viewer=viewer, is_new_fact=is_new_fact)
        if not is_quiet:
            owe(owings=owings_of(judged, stored), at=at)
    return stored.changed


# Rebuilding ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many tickets were replayed from their facts, and how many rows of the cache differed."""

    tickets: int
    differences: int


def rebuild(*, viewer: Viewer, progress: Progress = lambda _done, _all: None) -> Rebuilt:
    """Replay every ticket and every dated promise as of the moment it was last looked at, and make
    the cache anew. What stands is only facts and versions: so nothing may differ. Others may go on
    working: a batch's logs are locked while it is replayed.
    """
    total = Ticket.objects.seen_by(viewer).count()
    done, differences = 0, rebuild_duties(viewer=viewer)
    tickets = Ticket.objects.seen_by(viewer).order_by("relation_id", "id").iterator(BATCH)
    for batch in _batches(tickets, BATCH):
        with transaction.atomic():
            open_logs(relations={each.relation_id for each in batch}, viewer=viewer, at=0)
            differences += store(judged=_as_of_last_look(batch, viewer), viewer=viewer).changed
        done += len(batch)
        progress(done, total)
    return Rebuilt(done, differences)


def _batches(tickets: Iterator[Ticket], size: int) -> Iterator[list[Ticket]]:
    while batch := list(islice(tickets, size)):
        yield batch


def _as_of_last_look(tickets: Sequence[Ticket], viewer: Viewer) -> list[Judged]:
    """A ticket whose row is gone is judged as of the moment that its log stands at."""
    ids = [each.id for each in tickets]
    grounds = grounds_of({each.relation_id: each.supplier_id for each in tickets}, viewer)
    facts = logs_of(ids, viewer)
    looked = _last_looks(ids, viewer)
    stand = stands_at({each.relation_id for each in tickets if each.id not in looked}, viewer)
    return [
        judged_at(
            each,
            facts.get(each.id, []),
            grounds[each.relation_id],
            looked[each.id] if each.id in looked else stand[each.relation_id],
        )
        for each in tickets
    ]


def _last_looks(ids: Iterable[UUID], viewer: Viewer) -> dict[UUID, int]:
    rows = Standing.objects.seen_by(viewer).filter(ticket_id__in=list(ids))
    return {ticket: instant_of(at) for ticket, at in rows.values_list("ticket_id", "looked_at")}
