"""Who somebody with a mail address is, for a supplier: its own people, or one of its customers'."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from afspraak.engine.time import datetime_of
from afspraak.parties.models import Membership, Person, Relation
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Sender:
    """A person whose address it is. `is_own`: of the supplier itself."""

    person: Person
    is_own: bool


def people_at(address: str, supplier: UUID, at: int) -> list[Sender]:
    """The people with this address, of the supplier and of its customers, who have not left: nobody
    whose roles there have all ended is counted.
    """
    customers = Relation.objects.seen_by(SYSTEM).filter(supplier_id=supplier)
    ours = Q(organisation_id=supplier) | Q(
        organisation_id__in=list(customers.values_list("customer_id", flat=True))
    )
    found = Person.objects.seen_by(SYSTEM).filter(ours, email=address.casefold())
    people = found.select_related("organisation").order_by("id")
    return [
        Sender(each, each.organisation_id == supplier) for each in people if not _has_left(each, at)
    ]


def _has_left(person: Person, at: int) -> bool:
    now = datetime_of(at)
    roles = Membership.objects.seen_by(SYSTEM).filter(
        person=person, organisation_id=person.organisation_id
    )
    current = roles.filter(Q(from_at__lte=now) & (Q(until_at=None) | Q(until_at__gt=now)))
    return roles.exists() and not current.exists()


def relation_with(supplier: UUID, customer: UUID) -> UUID | None:
    """The relation of the two, if there is one."""
    rows = Relation.objects.seen_by(SYSTEM).filter(supplier_id=supplier, customer_id=customer)
    return rows.values_list("id", flat=True).first()
