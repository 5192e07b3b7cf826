"""The only place where agreements are written: versions and signatures are appended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from afspraak.agreements.models import (
    Adviser,
    Agreement,
    AgreementVersion,
    EscalationStep,
    OutsideHour,
    Proof,
    Signature,
    Thing,
)
from afspraak.agreements.read import checked
from afspraak.engine.in_force import OutsideRate
from afspraak.engine.time import Refusal, datetime_of, start_of_date, zone_of
from afspraak.language.document import Document
from afspraak.language.faults import Fault
from afspraak.language.schema_people import OwnershipClause
from afspraak.ledger.actions import OpenLog
from afspraak.ledger.canonical import instant_text
from afspraak.ledger.ids import new_id
from afspraak.parties.models import Organisation, Person
from afspraak.rights.viewer import SYSTEM


class UnsoundDocument(Refusal):
    """A document that cannot be brought in: every fault, each with place, fact and remedy."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_sound(data: bytes, name: str) -> Document:
    """The document of bytes that may be signed: checked and frozen. Raises UnsoundDocument."""
    document, faults = checked(data, name)
    if document is None:
        raise UnsoundDocument(faults)
    if document.frozen is None:
        fact = "its calendars ask a library for public holidays"
        remedy = "write them out with `afspraak freeze`; only frozen documents are signed"
        raise UnsoundDocument([Fault(name, 1, "calendars", fact, remedy)])
    return document


@dataclass(frozen=True, slots=True)
class Under:
    """The agreement, and the promise in it, that another one lets its supplier keep."""

    agreement: Agreement
    clause: str = ""


def add_agreement(
    *,
    log: OpenLog,
    document: Document,
    at: int,
    third_party: Organisation | None = None,
    under: Under | None = None,
    owner: Person | None = None,
) -> Agreement:
    """The agreement that a document is a version of."""
    return Agreement.objects.create(
        **log.parties,
        id=new_id(at),
        reference=document.id,
        name=f"{document.parties['customer'].name}: {document.id}",
        third_party=third_party,
        under=under.agreement if under else None,
        under_clause=under.clause if under else "",
        owner=owner,
        created_at=datetime_of(at),
    )


def add_version(
    *, log: OpenLog, agreement: Agreement, data: bytes, document: Document, at: int
) -> AgreementVersion:
    """A version as it will be signed: its bytes, their hash, and a leaf in the relation's log.

    Raises Refusal for a number that is taken by other bytes; the same bytes again are the same
    version.
    """
    number = document.version.number if document.version else 1
    digest = sha256(data).hexdigest()
    known = (
        AgreementVersion.objects.seen_by(SYSTEM).filter(agreement=agreement, number=number).first()
    )
    if known is not None:
        if known.sha256 == digest:
            return known
        raise Refusal(
            "%(id)s: version %(number)s is there with other words:"
            " what was signed is never changed; give the new text the next number",
            id=document.id,
            number=str(number),
        )
    zone, term = zone_of(document.zone), document.term
    from_on = document.version.from_on if document.version else term.from_on
    version = AgreementVersion(
        **log.parties,
        id=new_id(at),
        agreement=agreement,
        number=number,
        document=data,
        sha256=digest,
        law=int(document.law),
        language=document.language,
        parties=signing_parties(document),
        from_at=datetime_of(start_of_date(zone, from_on)),
        until_at=datetime_of(start_of_date(zone, term.until_on)),
        open_tickets=bool(document.version and document.version.open_tickets),
        signed_late=bool(document.version and document.version.signed_late),
        recorded_at=datetime_of(log.logged_at),
    )
    log.append(
        kind="version",
        subject_id=version.id,
        body={
            "agreement": document.id,
            "agreement_id": str(agreement.id),
            "version_id": str(version.id),
            "number": number,
            "sha256": digest,
            "law": version.law,
        },
    )
    version.save(force_insert=True)
    Thing.objects.bulk_create(_things(log, version, document, at))
    log.move_ground()
    return version


def _things(
    log: OpenLog, version: AgreementVersion, document: Document, at: int
) -> Iterator[Thing]:
    """What the version says who owns, ready to be found."""
    for clause in document.of_type(OwnershipClause):
        for each in clause.assets:
            yield Thing(
                **log.parties,
                id=new_id(at),
                agreement_id=version.agreement_id,
                version=version,
                key=each.id[:80],
                name=each.name[:200],
                owner=each.owner[:80],
                service=(each.service or "")[:80],
            )


def name_third_party(*, agreement: Agreement, third: Organisation) -> None:
    """The third party of an agreement that named none who was known here."""
    agreement.third_party = third
    agreement.save(update_fields=["third_party"])


def signing_parties(document: Document) -> list[str]:
    """The parties that must sign: all that have signers; supplier and customer always (C2)."""
    return [
        key
        for key, party in document.parties.items()
        if key in ("supplier", "customer") or party.signers
    ]


@dataclass(frozen=True, slots=True)
class Signing:
    """That a party signed, and how that is known: `proof_sha256` is the hash of a scan or a PDF
    kept as a file; `sha256` that of the bytes which were signed.
    """

    party: str
    by_name: str
    sha256: str
    signed_at: int
    proof: Proof = Proof.RECORDED
    proof_sha256: str = ""
    note: str = ""


def record_signature(
    *, log: OpenLog, version: AgreementVersion, signing: Signing, at: int
) -> Signature:
    """Record that a party signed these very bytes. Raises Refusal for other bytes, another's name,
    a party that has signed already, or an instant that has not come.
    """
    _refuse_signing(version, signing, at)
    signature = Signature(
        **log.parties,
        id=new_id(at),
        agreement_id=version.agreement_id,
        version=version,
        party=signing.party,
        by_name=signing.by_name,
        sha256=signing.sha256,
        proof=signing.proof,
        proof_sha256=signing.proof_sha256,
        note=signing.note,
        signed_at=datetime_of(signing.signed_at),
        recorded_at=datetime_of(log.logged_at),
    )
    log.append(
        kind="signature",
        subject_id=signature.id,
        body={
            "version_id": str(version.id),
            "party": signing.party,
            "sha256": signing.sha256,
            "proof": str(signing.proof.value),
            "proof_sha256": signing.proof_sha256,
            "signed_at": instant_text(signing.signed_at),
        },
    )
    signature.save(force_insert=True)
    log.move_ground()
    return signature


def _refuse_signing(version: AgreementVersion, signing: Signing, at: int) -> None:
    if signing.party not in version.parties:
        raise Refusal(
            "%(who)s is no signing party of this version: %(parties)s",
            who=signing.party,
            parties=", ".join(version.parties),
        )
    if signing.sha256 != version.sha256:
        raise Refusal(
            "what was signed has the hash %(signed)s…, this version %(held)s…:"
            " both parties sign the same bytes",
            signed=signing.sha256[:12],
            held=version.sha256[:12],
        )
    if signing.signed_at > at:
        raise Refusal("the signature has a date that has not come yet: give when it was signed")
    if Signature.objects.seen_by(SYSTEM).filter(version=version, party=signing.party).exists():
        raise Refusal("%(who)s has signed this version already", who=signing.party)


def invite_adviser(*, agreement: Agreement, person: Person, organisation: UUID, at: int) -> Adviser:
    """Let somebody of one's choice see this one agreement and its figures."""
    return Adviser.objects.create(
        id=new_id(at),
        agreement=agreement,
        person=person,
        organisation_id=organisation,
        from_at=datetime_of(at),
    )


def end_adviser(*, adviser: Adviser, at: int) -> None:
    """From now on the adviser sees nothing of it any more."""
    adviser.until_at = datetime_of(at)
    adviser.save(update_fields=["until_at"])


def set_ladder(
    *, log: OpenLog, agreement: Agreement, steps: list[tuple[int, str]], at: int
) -> None:
    """The agreement's own escalation ladder: (percent of the target spent, role), instead of the
    one it had.
    """
    EscalationStep.objects.seen_by(SYSTEM).filter(agreement=agreement).delete()
    EscalationStep.objects.bulk_create(
        EscalationStep(
            **log.parties, id=new_id(at), agreement=agreement, percent=percent, role=role
        )
        for percent, role in steps
    )
    log.move_ground()


def set_outside_hour(
    *,
    logs: Iterable[OpenLog],
    supplier: Organisation,
    hour: OutsideRate,
    at: int,
) -> OutsideHour:
    """What an hour costs outside every agreement, for reports in [from, until). `logs` are those of
    all the supplier's relations: their tickets are judged by it.
    """
    for log in logs:
        log.move_ground()
    return OutsideHour.objects.create(
        id=new_id(at),
        organisation=supplier,
        per_hour=hour.per_hour,
        currency=hour.currency,
        from_at=datetime_of(hour.from_at),
        until_at=datetime_of(hour.until_at),
    )
