"""Rows of signing, one way: files of a version, keys that hold, who is who in a document."""

from collections.abc import Iterable
from uuid import UUID

from afspraak.agreements.models import AgreementVersion
from afspraak.engine.time import datetime_of
from afspraak.rights.viewer import Viewer
from afspraak.signing.models import SignerKey, SigningFile

Kind = SigningFile.Kind


def files_of(version: UUID, viewer: Viewer) -> list[SigningFile]:
    """All files of a version, in the order in which they came."""
    return list(SigningFile.objects.seen_by(viewer).filter(version_id=version).order_by("number"))


def to_sign(files: Iterable[SigningFile]) -> SigningFile | None:
    """The file that the next party signs: the paper, or that paper as it was signed last."""
    signable = [each for each in files if each.kind != Kind.SCAN]
    return max(signable, key=lambda each: each.number, default=None)


def keys_of(organisation: UUID, viewer: Viewer, at: int) -> list[SignerKey]:
    """The certificates that an organisation has confirmed, and not ended."""
    rows = SignerKey.objects.seen_by(viewer).filter(organisation_id=organisation, ended_at=None)
    return list(rows.filter(confirmed_at__lte=datetime_of(at)))


def organisation_of(version: AgreementVersion, party: str) -> UUID | None:
    """Who a party of a version is here; None for a third party that is declared only."""
    known = {"supplier": version.supplier_id, "customer": version.customer_id}
    return known.get(party, version.agreement.third_party_id)


def party_of(version: AgreementVersion, organisation: UUID) -> str:
    """The party that an organisation is in a version; empty for none that signs."""
    for party in version.parties:
        if organisation_of(version, party) == organisation:
            return str(party)
    return ""
