"""The only place where major incidents are written: one cause of many tickets (K12)."""

from collections.abc import Iterable
from uuid import UUID

from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import MajorIncident, Reached, Ticket


def open_incident(*, organisation: UUID, name: str, at: int) -> MajorIncident:
    """A cause that many tickets have, or will have."""
    made = MajorIncident(
        id=new_id(at), organisation_id=organisation, name=name, opened_at=datetime_of(at)
    )
    made.save(force_insert=True)
    return made


def reach(*, incident: MajorIncident, tickets: Iterable[Ticket], at: int) -> None:
    """These tickets have this cause, too; each once."""
    rows = [
        Reached(
            id=new_id(at),
            organisation_id=incident.organisation_id,
            incident=incident,
            ticket=ticket,
            joined_at=datetime_of(at),
        )
        for ticket in tickets
    ]
    Reached.objects.bulk_create(rows, ignore_conflicts=True)


def close_incident(*, incident: MajorIncident, viewer: Viewer, at: int) -> bool:
    """The cause is gone; whether it was open until now. Its tickets' own clocks go on."""
    closed = (
        MajorIncident.objects.seen_by(viewer)
        .filter(pk=incident.pk, closed_at=None)
        .update(closed_at=datetime_of(at))
    )
    return closed > 0
