"""The only place where it is written who sees to a dated promise."""

from uuid import UUID

from afspraak.agreements.models import Agreement, PromiseOwner
from afspraak.engine.time import datetime_of, instant_of
from afspraak.ledger.ids import new_id
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


def name_owner(
    *, agreement: Agreement, clause: str, organisation: UUID, person: UUID | None, at: int
) -> PromiseOwner:
    """From now on this person of one of the two sides sees to a promise of it; None: nobody. Of two
    at one instant the one that was said last holds.
    """
    mine = PromiseOwner.objects.seen_by(SYSTEM).filter(
        agreement=agreement, clause=clause, organisation_id=organisation
    )
    newest = mine.order_by("-from_at").values_list("from_at", flat=True).first()
    from_at = at if newest is None else max(at, instant_of(newest) + 1)
    return PromiseOwner.objects.create(
        **parties_of(agreement),
        id=new_id(at),
        agreement=agreement,
        clause=clause,
        organisation_id=organisation,
        person_id=person,
        from_at=datetime_of(from_at),
    )
