"""The walk of an agreement: a version comes in, a party signs it, and what it governs follows."""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions import (
    Signing,
    Under,
    add_agreement,
    add_version,
    read_sound,
    record_signature,
)
from afspraak.agreements.models import Agreement, AgreementVersion, Signature
from afspraak.engine.time import Refusal
from afspraak.language.document import Document
from afspraak.ledger.actions import open_logs
from afspraak.notices.actions import defer
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Organisation
from afspraak.rights.viewer import SYSTEM, Viewer

FOLLOW = "afspraak.follow"
"""The job that replays what an agreement newly governs, and lays out its dated promises."""


class NoSuchAgreement(LookupError):
    """An agreement that does not exist, or that the viewer does not see."""


def bring_in_version(
    *,
    relation: UUID,
    data: bytes,
    name: str,
    actor: Actor,
    viewer: Viewer,
    at: int,
    under: Under | None = None,
) -> AgreementVersion:
    """Bring in a version as YAML: checked, frozen, kept as the bytes it is. It governs nothing
    before every party has signed it (C2).

    Raises UnsoundDocument with every fault, Refusal for a number that is taken.
    """
    document = read_sound(data, name)
    with transaction.atomic():
        log = open_logs(relations=[relation], viewer=viewer, at=at)[relation]
        agreement = (
            Agreement.objects.seen_by(viewer)
            .filter(relation_id=relation, reference=document.id)
            .first()
        )
        if agreement is None:
            third = _third_party(document, viewer)
            agreement = add_agreement(
                log=log, document=document, at=at, third_party=third, under=under
            )
        version = add_version(log=log, agreement=agreement, data=data, document=document, at=at)
        note_in_audit(
            actor=actor,
            action="bring_in_version",
            subject="agreement_version",
            subject_id=version.id,
            at=at,
            sha256=version.sha256,
        )
        log.keep()
    return version


def _third_party(document: Document, viewer: Viewer) -> Organisation | None:
    """The organisation that the document names as third party, if it is known by its register."""
    if document.third_party is None:
        return None
    register = document.parties[document.third_party].register_number
    return Organisation.objects.seen_by(viewer).filter(register=str(register or "-")).first()


def sign_version(
    *, version: UUID, signing: Signing, actor: Actor, viewer: Viewer, at: int
) -> Signature:
    """Record that a party signed. From the last signature on the version is in force, and what it
    says of tickets already there is followed up by a job.

    Raises Refusal for other bytes than the version's, a stranger, a second signature.
    """
    row = AgreementVersion.objects.seen_by(viewer).filter(id=version).first()
    if row is None:
        raise NoSuchAgreement(f"there is no version {version}")
    ours = viewer.is_system or viewer.organisations & {row.supplier_id, row.customer_id}
    if not ours:
        raise Refusal("only the parties themselves record that they signed")
    with transaction.atomic():
        log = open_logs(relations=[row.relation_id], viewer=viewer, at=at)[row.relation_id]
        signature = record_signature(log=log, version=row, signing=signing, at=at)
        note_in_audit(
            actor=actor,
            action="sign_version",
            subject="agreement_version",
            subject_id=row.id,
            at=at,
            party=signing.party,
        )
        log.keep()
        if _is_signed(row):
            defer(FOLLOW, agreement=str(row.agreement_id), since=at)
    return signature


def _is_signed(row: AgreementVersion) -> bool:
    """Whether every party has: until then a signature governs nothing."""
    told = Signature.objects.seen_by(SYSTEM).filter(version=row)
    return set(row.parties) <= set(told.values_list("party", flat=True))
