"""What came in, as other rooms ask for it."""

from collections.abc import Iterable
from uuid import UUID

from afspraak.intake.models import Incoming, State, Watched
from afspraak.notices.address import folded
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import NumberSeries


def waiting_mails(*, organisation: UUID, viewer: Viewer, most: int) -> list[UUID]:
    """Mails that are stored and not yet settled, in the order in which they came."""
    rows = Incoming.objects.seen_by(viewer).filter(
        organisation_id=organisation, state=State.WAITING
    )
    return list(rows.order_by("received_at", "id").values_list("id", flat=True)[:most])


def is_desk(*, organisation: UUID, named: str, viewer: Viewer) -> bool:
    """Whether mail comes in here for an organisation: it numbers tickets, and where the setting
    names one by its register, it is that one.
    """
    series = NumberSeries.objects.seen_by(viewer).filter(organisation_id=organisation)
    if named:
        series = series.filter(organisation__register=named)
    return series.exists()


def thread_of(*, ticket: UUID, address: str, viewer: Viewer) -> tuple[str, ...]:
    """The Message-IDs of what somebody wrote about a ticket, oldest first: what we answer."""
    rows = Incoming.objects.seen_by(viewer).filter(ticket_id=ticket, state=State.PLACED)
    mails = rows.exclude(message_id="").order_by("received_at", "id")
    return tuple(each.message_id for each in mails if folded(each.sender) == folded(address))


def watched_as(
    *, organisation: UUID, labels: Iterable[str], viewer: Viewer
) -> dict[str, list[Watched]]:
    """The services that a monitor's labels stand for; without those that stand for none."""
    rows = Watched.objects.seen_by(viewer).filter(
        organisation_id=organisation, label__in=list(labels), ended_at=None
    )
    found: dict[str, list[Watched]] = {}
    for each in rows.order_by("relation_id", "agreement_id", "service"):
        found.setdefault(each.label, []).append(each)
    return found
