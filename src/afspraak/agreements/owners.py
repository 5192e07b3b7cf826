"""Who sees to which dated promise now."""

from collections.abc import Iterable
from uuid import UUID

from afspraak.agreements.models import PromiseOwner
from afspraak.parties.models import Person
from afspraak.rights.viewer import Viewer

Key = tuple[UUID, str, UUID]
"""An agreement, a clause of it, and the side whose promise it is."""


def owners_of(agreements: Iterable[UUID], viewer: Viewer) -> dict[Key, Person]:
    """The newest of each that names somebody."""
    rows = PromiseOwner.objects.seen_by(viewer).filter(agreement_id__in=list(agreements))
    newest = {
        (row.agreement_id, row.clause, row.organisation_id): row.person
        for row in rows.select_related("person").order_by("from_at", "id")
    }
    return {key: person for key, person in newest.items() if person is not None}
