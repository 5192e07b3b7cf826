"""What is open, in the order in which it falls due: every question here is one piece of one index
(`models._queue`), however many tickets are open. Nothing is counted.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import Q, QuerySet

from afspraak.clocks.models import Standing
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact

ORDER: Final = ("due_at", "ticket_id")
"""Of every part; those without a due instant stand by their ticket."""
WORKED_ON: Final = 200
"""Somebody's own tickets are those of so many of the newest facts that they recorded."""


Part = Literal["running", "frozen", "without_deadline"]
"""Every open ticket is in one of these."""
_PARTS: Final[Mapping[Part, Q]] = {
    "running": Q(is_frozen=False, due_at__isnull=False),
    "frozen": Q(is_frozen=True, due_at=None),
    "without_deadline": Q(is_frozen=False, due_at=None),
}


def queue(
    part: Part, *, viewer: Viewer, organisation: UUID, side: str = "supplier", **equal: Any
) -> QuerySet[Standing]:
    """A part of what is open where an organisation is the `side`, in its order. `equal` are columns
    that must have a value: customer_id, agreement_id, service, level, priority, kind, turn,
    is_late.

    With one of them it is still one piece of an index; with more, what one gives is read until
    enough of it fits the others.
    """
    rows = Standing.objects.seen_by(viewer).filter(_PARTS[part], is_open=True, **equal)
    return rows.filter(**{f"{side}_id": organisation}).order_by(*ORDER)


def worked_on_by(
    rows: QuerySet[Standing], *, person: UUID | None, viewer: Viewer
) -> QuerySet[Standing]:
    """Of these rows the ones of tickets on which somebody did something lately."""
    if person is None:
        return rows.none()
    theirs = Fact.objects.seen_by(viewer).filter(person_id=person, ticket__isnull=False)
    newest = theirs.order_by("-logged_at").values("ticket_id")[:WORKED_ON]
    return rows.filter(ticket_id__in=newest)
