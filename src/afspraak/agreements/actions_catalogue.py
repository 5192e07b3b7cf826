"""The only place where catalogues are written: appended, once for the same bytes."""

from hashlib import sha256
from uuid import UUID

from afspraak.agreements.actions import UnsoundDocument
from afspraak.agreements.models import Catalogue
from afspraak.engine.time import datetime_of
from afspraak.language.catalogue import check_catalogue
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import SYSTEM


def add_catalogue(*, data: bytes, name: str, actor: Actor, at: int) -> Catalogue:
    """What an organisation offers, from now on. The same bytes again are the same catalogue.

    Raises UnsoundDocument with every fault.
    """
    catalogue, faults = check_catalogue(data, name)
    if catalogue is None:
        raise UnsoundDocument(faults)
    digest = sha256(data).hexdigest()
    row = Catalogue(
        id=new_id(at),
        organisation_id=actor.organisation,
        reference=catalogue.id,
        document=data,
        sha256=digest,
        from_on=catalogue.from_on,
        until_on=catalogue.until_on,
        recorded_at=datetime_of(at),
    )
    Catalogue.objects.bulk_create([row], ignore_conflicts=True)
    kept = _kept(actor.organisation, digest)
    if kept.id == row.id:
        note_in_audit(
            actor=actor, action="add_catalogue", subject="catalogue", subject_id=row.id, at=at
        )
    return kept


def _kept(organisation: UUID, digest: str) -> Catalogue:
    rows = Catalogue.objects.seen_by(SYSTEM)
    return rows.get(organisation_id=organisation, sha256=digest)
