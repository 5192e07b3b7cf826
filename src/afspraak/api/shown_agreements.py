"""Agreements, versions and signatures as answers, and what a signature must say."""

from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from afspraak.agreements.models import Agreement, AgreementVersion, Signature
from afspraak.api.auth import works_for
from afspraak.api.kinds import Asked, Code, Instant, Line, Moment, Name, Sha256, Shown, shown
from afspraak.api.problem import FaultShown
from afspraak.parties.identity import Identity

Format = Literal["markdown", "html"]
Clause = Annotated[str, StringConstraints(max_length=80, pattern=r"^(?:[a-z0-9][a-z0-9-]*)?$")]


class AgreementShown(Shown):
    """An agreement through all its versions. What it stands under is only its supplier's to see."""

    id: UUID
    relation: UUID
    supplier: UUID
    customer: UUID
    third_party: UUID | None
    reference: str
    name: str
    under: UUID | None
    under_clause: str | None
    owner: UUID | None
    created_at: Moment


class VersionShown(Shown):
    """A version: its number, its term, the hash of its bytes, who must sign and who did."""

    id: UUID
    agreement: UUID
    relation: UUID
    number: int
    sha256: str
    law: int
    language: str
    parties: list[str]
    signed_by: list[str]
    is_signed: bool
    from_at: Moment
    until_at: Moment
    open_tickets: bool
    signed_late: bool
    recorded_at: Moment


class SignatureShown(Shown):
    """A party signed these bytes, and how that is known."""

    id: UUID
    version: UUID
    party: str
    by_name: str
    sha256: str
    proof: str
    proof_sha256: str
    note: str
    signed_at: Moment
    recorded_at: Moment


class SignatureAsked(Asked):
    """That a party signed: `sha256` is the hash of the bytes which were signed, `proof_sha256` that
    of a scan or a PDF.
    """

    party: Code
    by_name: Name
    sha256: Sha256
    signed_at: Instant | None = None
    proof: Literal["paper", "pdf", "recorded"] = "recorded"
    proof_sha256: Sha256 | None = None
    note: Line = ""


class CheckedShown(Shown):
    """What `check` says of a document; notes are among the faults of a sound one."""

    is_sound: bool
    faults: list[FaultShown]


def agreement_shown(row: Agreement, identity: Identity) -> AgreementShown:
    """An agreement for who looks."""
    inside = works_for(identity, row.supplier_id)
    return AgreementShown(
        id=row.id,
        relation=row.relation_id,
        supplier=row.supplier_id,
        customer=row.customer_id,
        third_party=row.third_party_id,
        reference=row.reference,
        name=row.name,
        under=row.under_id if inside else None,
        under_clause=row.under_clause if inside else None,
        owner=row.owner_id if inside else None,
        created_at=shown(row.created_at),
    )


def version_shown(row: AgreementVersion, signatures: Iterable[Signature]) -> VersionShown:
    """A version."""
    signed = [each.party for each in signatures]
    return VersionShown(
        id=row.id,
        agreement=row.agreement_id,
        relation=row.relation_id,
        number=row.number,
        sha256=row.sha256,
        law=row.law,
        language=row.language,
        parties=row.parties,
        signed_by=signed,
        is_signed=set(row.parties) <= set(signed),
        from_at=shown(row.from_at),
        until_at=shown(row.until_at),
        open_tickets=row.open_tickets,
        signed_late=row.signed_late,
        recorded_at=shown(row.recorded_at),
    )


def signature_shown(row: Signature) -> SignatureShown:
    """A signature."""
    return SignatureShown(
        id=row.id,
        version=row.version_id,
        party=row.party,
        by_name=row.by_name,
        sha256=row.sha256,
        proof=row.proof,
        proof_sha256=row.proof_sha256,
        note=row.note,
        signed_at=shown(row.signed_at),
        recorded_at=shown(row.recorded_at),
    )
