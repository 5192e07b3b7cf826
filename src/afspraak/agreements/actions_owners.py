"""The only place where it is written who sees to a dated promise."""

from uuid import UUID

from afspraak.agreements.models import Agreement, PromiseOwner
from afspraak.engine.time import datetime_of
from afspraak.ledger.ids import new_id


def name_owner(
    *, agreement: Agreement, clause: str, organisation: UUID, person: UUID | None, at: int
) -> PromiseOwner:
    """From now on this person of one of the two sides sees to a promise of it; None: nobody."""
    return PromiseOwner.objects.create(
        relation_id=agreement.relation_id,
        supplier_id=agreement.supplier_id,
        customer_id=agreement.customer_id,
        id=new_id(at),
        agreement=agreement,
        clause=clause,
        organisation_id=organisation,
        person_id=person,
        from_at=datetime_of(at),
    )
