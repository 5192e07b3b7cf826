"""How well a customer is known: who of us worked for them lately, when we last spoke, who is in."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import datetime_of, instant_of
from afspraak.parties.models import Person, Presence
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact
from afspraak.tickets.spoken import SPOKEN, side_of

LOOKED_AT: Final = 3_000
"""So many of the newest facts tell who knows a customer."""
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
    row = rows.select_related("person").order_by("-seq").first()
    if row is None:
        return None
    name = row.person.name if row.person else ""
    return Contact(instant_of(row.happened_at), side_of(row.code, row.by), name)


def who_knows(
    relations: Iterable[UUID], supplier: UUID, viewer: Viewer
) -> Mapping[UUID, list[UUID]]:
    """Relation -> those of the supplier's people who worked on most of its newest tickets."""
    ids = list(relations)
    if not ids:
        return {}
    newest = (
        Fact.objects.seen_by(viewer)
        .filter(relation_id__in=ids, recorded_by=SUPPLIER, person__organisation_id=supplier)
        .order_by("-logged_at")
        .values_list("relation_id", "person_id", "ticket_id")[:LOOKED_AT]
    )
    counts: dict[UUID, Counter[UUID]] = {}
    for relation, person, _ticket in set(newest):
        if person is not None:
            counts.setdefault(relation, Counter())[person] += 1
    return {
        relation: [person for person, _ in sorted(each.items(), key=lambda one: (-one[1], one[0]))]
        for relation, each in counts.items()
    }


def names_of(people: Iterable[UUID], viewer: Viewer) -> list[str]:
    """Their names, in the order given, the first few."""
    order = list(people)[:NAMED]
    known = dict(Person.objects.seen_by(viewer).filter(id__in=order).values_list("id", "name"))
    return [known[each] for each in order if each in known]


def who_is_in(organisation: UUID, viewer: Viewer, at: int) -> list[Present]:
    """Those who said that they are in, by name."""
    now = datetime_of(at)
    rows = Presence.objects.seen_by(viewer).filter(
        organisation_id=organisation, from_at__lte=now, until_at__gt=now
    )
    found = {
        row.person_id: Present(row.person_id, row.person.name, instant_of(row.until_at))
        for row in rows.select_related("person").order_by("from_at")
    }
    return sorted(found.values(), key=lambda each: each.name)
