"""How an agreement is told what happens: its own row, else what holds for all."""

from uuid import UUID

from afspraak.notices.models import Telling
from afspraak.rights.viewer import Viewer


def telling_of(agreement: UUID, viewer: Viewer) -> Telling:
    """How an agreement wants to be told. Without a row of its own: a breach notice waits for
    approval, and dated promises are announced two weeks ahead.
    """
    found = Telling.objects.seen_by(viewer).filter(agreement_id=agreement).first()
    return found or Telling(agreement_id=agreement)
