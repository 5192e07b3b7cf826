"""What people and organisations are called, by their ids. Asked for by themselves and not beside
other rows: the policies of these two tables are long, and each join to one has them planned and
made ready once more.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from afspraak.parties.models import Organisation, Person
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer

Names = Mapping[UUID, str]


def organisations_named(ids: Iterable[UUID | None], viewer: Viewer) -> Names:
    """The names of those that are seen."""
    wanted = _known(ids)
    rows = Organisation.objects.seen_by(viewer).filter(id__one_of=wanted)
    with kept_plans():
        return dict(rows.values_list("id", "name")) if wanted else {}


def people_named(ids: Iterable[UUID | None], viewer: Viewer) -> Names:
    """The names of those that are seen."""
    wanted = _known(ids)
    rows = Person.objects.seen_by(viewer).filter(id__one_of=wanted)
    with kept_plans():
        return dict(rows.values_list("id", "name")) if wanted else {}


def _known(ids: Iterable[UUID | None]) -> list[UUID]:
    return list({each for each in ids if each is not None})
