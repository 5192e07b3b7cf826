"""How well a customer is known: who of us worked for them lately, when we last spoke, who is in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import datetime_of, instant_of
from afspraak.parties.models import Presence
from afspraak.parties.named import people_named
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact
from afspraak.tickets.spoken import SPOKEN, side_of

LOOKED_AT: Final = 250
"""So many of its newest facts tell who knows a customer."""
NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Contact:
    """The last time that somebody said something: when (microseconds), of which side, who."""

    at: int
    side: str
    name: str


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is in, until when (microseconds)."""

    person: UUID
    name: str
    until_at: int


def last_contact(relation: UUID, viewer: Viewer) -> Contact | None:
    """The newest word between the two; None where nobody has said anything yet."""
    rows = Fact.objects.seen_by(viewer).filter(relation_id=relation, code__in=SPOKEN)
    with kept_plans():
        row = rows.select_related("person").order_by("-seq").first()
    if row is None:
        return None
    name = row.person.name if row.person else ""
    return Contact(instant_of(row.happened_at), side_of(row.code, row.by), name)


def who_knows(
    relations: Iterable[UUID], supplier: UUID, viewer: Viewer
) -> Mapping[UUID, list[UUID]]:
    """Relation -> those of the supplier's people who worked on most of its newest tickets."""
    facts = Fact.objects.seen_by(viewer).filter(
        recorded_by=SUPPLIER, person__organisation_id=supplier
    )
    worked = {}
    for relation in relations:
        newest = facts.filter(relation_id=relation).order_by("-seq")
        with kept_plans():
            worked[relation] = _most_often(newest.values_list("person_id", "ticket_id")[:LOOKED_AT])
    return worked


def _most_often(worked: Iterable[tuple[UUID | None, UUID | None]]) -> list[UUID]:
    """Those who worked on most tickets first."""
    counts = Counter(person for person, _ticket in set(worked) if person is not None)
    return sorted(counts, key=lambda each: (-counts[each], each))


def names_of(people: Iterable[UUID], viewer: Viewer) -> list[str]:
    """Their names, in the order given, the first few."""
    order = list(people)[:NAMED]
    known = people_named(order, viewer)
    return [known[each] for each in order if each in known]


def who_is_in(organisation: UUID, viewer: Viewer, at: int) -> list[Present]:
    """Those who said that they are in, by name."""
    now = datetime_of(at)
    rows = Presence.objects.seen_by(viewer).filter(
        organisation_id=organisation, from_at__lte=now, until_at__gt=now
    )
    with kept_plans():
        told = list(rows.select_related("person").order_by("from_at"))
    found = {
        row.person_id: Present(row.person_id, row.person.name, instant_of(row.until_at))
        for row in told
    }
    return sorted(found.values(), key=lambda each: each.name)
