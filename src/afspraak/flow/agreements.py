"""The walk of an agreement: a version comes in, a party signs it, and what it governs follows."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from afspraak.agreements.actions import (
    Signing,
    Under,
    add_agreement,
    add_version,
    name_third_party,
    read_sound,
    record_signature,
)
from afspraak.agreements.models import Agreement, AgreementVersion, Draft, Signature
from afspraak.engine.time import Refusal
from afspraak.flow.readiness import refuse_unready
from afspraak.language.document import Document
from afspraak.ledger.actions import OpenLog, open_logs
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
        third = _third_party(document, log.parties, viewer)
        if agreement is None:
            agreement = add_agreement(
                log=log, document=document, at=at, third_party=third, under=under
            )
        elif third is not None and agreement.third_party_id is None:
            name_third_party(agreement=agreement, third=third)
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


def _third_party(
    document: Document, sides: Mapping[str, UUID], viewer: Viewer
) -> Organisation | None:
    """The organisation that the document names as third party, if it is known by its register and
    works with one of the two.
    """
    if document.third_party is None:
        return None
    register = document.parties[document.third_party].register_number
    two = (sides["supplier_id"], sides["customer_id"])
    known = Organisation.objects.seen_by(viewer).filter(register=str(register or "-"))
    works = Q(as_supplier__customer_id__in=two) | Q(as_customer__supplier_id__in=two)
    return known.filter(works).first()


def may_sign(version: AgreementVersion, party: str, viewer: Viewer) -> bool:
    """Whether they may record that a party signed: the two sides for anybody whom the version
    names, a third party for itself.
    """
    sides = {version.supplier_id, version.customer_id}
    if viewer.is_system or viewer.organisations & sides:
        return True
    is_third = party not in ("supplier", "customer")
    return is_third and version.agreement.third_party_id in viewer.organisations


def was_offered(version: AgreementVersion, viewer: Viewer) -> bool:
    """Whether it was a draft here, that one side offered to be signed."""
    return Draft.objects.seen_by(viewer).filter(version=version).exists()


def open_log_of(version: AgreementVersion, viewer: Viewer, at: int) -> OpenLog:
    """The log that a signature goes into. A third party sees nothing of it: the database lets it
    add that one leaf.
    """
    sides = {version.supplier_id, version.customer_id}
    eyes = viewer if viewer.organisations & sides else SYSTEM
    return open_logs(relations=[version.relation_id], viewer=eyes, at=at)[version.relation_id]


def sign_version(
    *, version: UUID, signing: Signing, actor: Actor, viewer: Viewer, at: int
) -> Signature:
    """Record that a party signed. From the last signature on the version is in force, and what it
    says of tickets already there is followed up by a job.

    Raises Refusal for other bytes than the version's, a stranger, a second signature.
    """
    rows = AgreementVersion.objects.seen_by(viewer).select_related("agreement")
    row = rows.filter(id=version).first()
    if row is None:
        raise NoSuchAgreement(f"there is no version {version}")
    if not may_sign(row, signing.party, viewer):
        raise Refusal("only the parties themselves record that they signed")
    if was_offered(row, viewer):
        refuse_unready(about=row, viewer=viewer)
    with transaction.atomic():
        log = open_log_of(row, viewer, at)
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
