"""What follows a signature: the tickets that the new version governs are replayed, and its dated
promises laid out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

from django.db.models import Q

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.engine.in_force import NEVER
from afspraak.engine.time import MINUTE, datetime_of
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.flow.duties import look_at_duties
from afspraak.flow.watch import BATCH, look_at
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.models import Ticket

SETTLED: Final = 5 * MINUTE
"""Doors read the clock before they wait for a log, so a look may seem later than a change that it
did not see yet: by no more than what anybody waits, and this is far more.
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many tickets were replayed, how many rows differed, and when the agreement wants to be
    followed again: where a version that is signed comes into force later.
    """

    tickets: int
    changed: int
    again_at: int | None


def follow(
    *,
    agreement: UUID,
    since: int,
    at: int,
    viewer: Viewer = SYSTEM,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Followed:
    """Replay what an agreement's versions may newly govern since a change, in batches of their own
    transactions: only rows that differ are written. What was looked at later is judged with the
    change already. Raises NoSuchAgreement.
    """
    row = Agreement.objects.seen_by(viewer).filter(id=agreement).first()
    if row is None:
        raise NoSuchAgreement(f"there is no agreement {agreement}")
    versions = [
        each.version
        for each in versions_of([row.relation_id], viewer).get(row.relation_id, ())
        if each.row.agreement_id == agreement and each.version.last_signed_at < NEVER
    ]
    changed = look_at_duties(agreement=row, viewer=viewer, at=at)
    began = min((each.from_at for each in versions), default=NEVER)
    tickets = Ticket.objects.seen_by(viewer).filter(relation_id=row.relation_id)
    concerned = tickets.filter(_concerned(began, since)) if versions else tickets.none()
    total, done = concerned.count(), 0
    ids = list(concerned.order_by("id").values_list("id", flat=True))
    for batch in _batches(iter(ids), BATCH):
        rows = list(tickets.filter(id__in=batch).order_by("id"))
        changed += look_at(tickets=rows, viewer=viewer, at=at, is_new_fact=False)
        done += len(rows)
        progress(done, total)
    later = [each.in_force_at for each in versions if each.in_force_at > at]
    return Followed(done, changed, min(later, default=None))


def _concerned(began: int, since: int) -> Q:
    """What is still open (C1: a version may govern that), and what was reported since the earliest
    version began (signed late, or outside until now); unless it was looked at after the change.
    """
    governed = Q(standing__is_open=True) | Q(standing__reported_at__gte=datetime_of(began))
    return governed & Q(standing__looked_at__lt=datetime_of(since + SETTLED))


def _batches(ids: Iterator[UUID], size: int) -> Iterator[list[UUID]]:
    while batch := list(islice(ids, size)):
        yield batch
