"""The walk of signing: each party signs a version: in the PDF, by passkey, or on paper. What was
signed is never edited; a message is no signature; and nobody signs what is not ready.
"""

import json
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions import Signing
from afspraak.agreements.models import AgreementVersion, Proof, Signature
from afspraak.agreements.read import document_of
from afspraak.engine.time import Refusal, datetime_of, parse_instant
from afspraak.flow.agreements import (
    NoSuchAgreement,
    may_sign,
    open_log_of,
    sign_version,
)
from afspraak.flow.readiness import refuse_unready
from afspraak.host.files import keep_file, read_file
from afspraak.language.document import Document
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import Viewer
from afspraak.signing.actions import Kept, add_file, keep_paper, keep_proof
from afspraak.signing.load import files_of, keys_of, organisation_of, party_of, to_sign
from afspraak.signing.mandate import signer_of
from afspraak.signing.models import SigningFile
from afspraak.signing.pades import Hand, hands_in, refuse_no_pdf
from afspraak.signing.paper import paper_of
from afspraak.signing.passkey import Evidence, Statement, fault_of
from afspraak.signing.settings import Trust
from afspraak.signing.stamping import Authority, NotStamped, stamped

NAME: Final = "contract"
Kind = SigningFile.Kind


# Signing -----------------------------------------------------------------------------------------


def version_to_sign(version: UUID, viewer: Viewer) -> AgreementVersion:
    """A version, for who sees it. Raises NoSuchAgreement."""
    rows = AgreementVersion.objects.seen_by(viewer).select_related("agreement")
    row = rows.filter(id=version).first()
    if row is None:
        raise NoSuchAgreement(f"there is no version {version}")
    return row


def _own_version(version: UUID, viewer: Viewer) -> AgreementVersion:
    """A version of the viewer's own, whose signatures they may record. Raises NoSuchAgreement."""
    row = version_to_sign(version, viewer)
    if not _is_party(row, viewer):
        raise NoSuchAgreement(f"there is no version {version}")
    return row


def _is_party(version: AgreementVersion, viewer: Viewer) -> bool:
    return any(may_sign(version, party, viewer) for party in version.parties)


def _refuse_unready(
    version: AgreementVersion, viewer: Viewer, signed_at: int | None = None
) -> None:
    """Nobody signs what is not ready. What was signed before it came in here is recorded all the
    same (but for what was offered here, says `sign_version`): its gaps become proposed amendments.
    A third party sees no readiness, and nothing is in force by its signature alone.
    """
    is_side = viewer.is_system or viewer.organisations & {version.supplier_id, version.customer_id}
    was_before = signed_at is not None and datetime_of(signed_at) < version.recorded_at
    if is_side and not was_before:
        refuse_unready(about=version, viewer=viewer)


def _refuse_for_another(version: AgreementVersion, party: str, viewer: Viewer) -> None:
    """A third party signs for itself, and for nobody else."""
    if party in version.parties and not may_sign(version, party, viewer):
        raise Refusal("you sign for your own organisation: the two sides sign for themselves")


def paper_for(*, version: UUID, actor: Actor, viewer: Viewer, at: int) -> SigningFile:
    """The paper of a version: made when a party asks for it first, from then on the very bytes that
    are signed, whatever a later layout would make of it. Raises NoSuchAgreement, NotPrinted.
    """
    row = version_to_sign(version, viewer)
    known = [each for each in files_of(version, viewer) if each.kind == Kind.PAPER]
    if known:
        return known[0]
    digest = keep_file(paper_of(bytes(row.document)).pdf)
    if not _is_party(row, viewer):
        return SigningFile(version=row, number=0, kind=Kind.PAPER, sha256=digest)
    return keep_paper(version=row, digest=digest, actor=actor, viewer=viewer, at=at)


@dataclass(frozen=True, slots=True)
class ReadPdf:
    """A signed file that was read and found sound, and the file on which it was signed."""

    version: AgreementVersion
    on: SigningFile
    kept: Kept
    signing: Signing


def read_signed(
    *,
    version: UUID,
    party: str,
    pdf: bytes,
    trust: Trust,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> ReadPdf:
    """The slow half of signing in the PDF: reading it, and a time stamp of an authority. Not for
    inside a transaction. Raises NoSuchAgreement, Refusal for whatever is not exactly the newest
    file, signed by the party with a certificate of its own.
    """
    row = _own_version(version, viewer)
    _refuse_for_another(row, party, viewer)
    _refuse_signed(row, party, viewer)
    _refuse_unready(row, viewer)
    refuse_no_pdf(pdf)
    paper_for(version=version, actor=actor, viewer=viewer, at=at)
    files = files_of(version, viewer)
    newest = to_sign(files)
    assert newest is not None, "the paper is there"
    _refuse_older(pdf, files, newest)
    hands = hands_in(
        pdf,
        before=read_file(newest.sha256),
        keys=_fingerprints(row, party, viewer, at),
        roots=trust.roots,
        at=at,
    )
    _refuse_unnamed(hands, document_of(bytes(row.document)), party)
    pdf, note = _stamped(pdf, trust)
    kept = Kept(Kind.SIGNED, keep_file(pdf), hands=hands, note=note)
    names = ", ".join(dict.fromkeys(each.name for each in hands))
    signing = Signing(party, names[:200], row.sha256, _signed_at(hands, at), Proof.PDF, kept.sha256)
    return ReadPdf(row, newest, kept, signing)


def sign_as_read(*, read: ReadPdf, actor: Actor, viewer: Viewer, at: int) -> Signature:
    """What was read becomes the party's signature, unless somebody was faster. Raises Refusal."""
    row = read.version
    with transaction.atomic():
        open_log_of(row, viewer, at)  # one signs at a time
        if to_sign(files_of(row.id, viewer)) != read.on:
            raise Refusal(_MEANWHILE.message)
        signature = sign_version(
            version=row.id, signing=read.signing, actor=actor, viewer=viewer, at=at
        )
        add_file(version=row, kept=read.kept, actor=actor, at=at, signature=signature)
    return signature


_MEANWHILE: Final = Refusal(
    "somebody has signed in the meantime: download the newest file here, and sign that one"
)


def _refuse_older(pdf: bytes, files: list[SigningFile], newest: SigningFile) -> None:
    """What was signed on an earlier file of this version has nothing of the later signatures."""
    older = [each for each in files if each.kind != Kind.SCAN and each != newest]
    if pdf.startswith(read_file(newest.sha256)):
        return
    if any(pdf.startswith(read_file(each.sha256)) for each in older):
        raise Refusal(_MEANWHILE.message)


def _refuse_signed(version: AgreementVersion, party: str, viewer: Viewer) -> None:
    if party not in version.parties:
        raise Refusal(
            "%(who)s is no signing party of this version: %(parties)s",
            who=party,
            parties=", ".join(version.parties),
        )
    rows = Signature.objects.seen_by(viewer).filter(version=version, party=party)
    if rows.exists():
        raise Refusal("this party has signed already: what was signed stands")


def _fingerprints(version: AgreementVersion, party: str, viewer: Viewer, at: int) -> list[str]:
    organisation = organisation_of(version, party)
    if organisation is None:
        return []
    return [each.fingerprint for each in keys_of(organisation, viewer, at)]


def _refuse_unnamed(hands: tuple[Hand, ...], document: Document, party: str) -> None:
    """An authority says who somebody is, not for whom they sign: that the contract must say."""
    for each in hands:
        if not each.is_confirmed and signer_of(document, party, each.name) is None:
            raise Refusal(
                "%(name)s is not named in the agreement as who signs for this party: let your"
                " administrator or manager confirm the certificate (SHA-256 %(fingerprint)s)",
                name=each.name,
                fingerprint=each.fingerprint,
            )


def _stamped(pdf: bytes, trust: Trust) -> tuple[bytes, str]:
    """The file with a time stamp, where an authority is set and answers; else why there is none."""
    if not trust.timestamp_url:
        return pdf, ""
    authority = Authority(trust.timestamp_url, loopback_for_tests=trust.loopback_for_tests)
    try:
        return stamped(pdf, authority), ""
    except NotStamped as fault:
        return pdf, f"no time stamp: {fault}"


def _signed_at(hands: tuple[Hand, ...], at: int) -> int:
    """When it came in, or earlier where a trusted time stamp proves it; the signer's own clock
    proves nothing.
    """
    proven = [parse_instant(each.stamped_at) for each in hands if each.is_stamp_trusted]
    return min(max(proven), at) if len(proven) == len(hands) else at


def statement_for(
    *, version: AgreementVersion, paper: SigningFile, actor: Actor, name: str, nonce: str
) -> Statement:
    """What somebody is asked to sign by passkey, for the party that their organisation is."""
    assert actor.person is not None, "a person signs"
    return Statement(
        version=str(version.id),
        sha256=version.sha256,
        paper_sha256=paper.sha256,
        party=party_of(version, actor.organisation),
        person=str(actor.person),
        name=name,
        nonce=nonce,
    )


def sign_by_passkey(
    *, version: UUID, evidence: Evidence, actor: Actor, viewer: Viewer, at: int
) -> Signature:
    """A person signs with their passkey, for their own organisation. Raises NoSuchAgreement,
    Refusal where the evidence does not hold, or is about something else.
    """
    row = _own_version(version, viewer)
    paper = paper_for(version=version, actor=actor, viewer=viewer, at=at)
    told = Statement(**json.loads(evidence.statement))
    asked = statement_for(version=row, paper=paper, actor=actor, name=told.name, nonce=told.nonce)
    if fault_of(evidence.data) or told != asked:
        raise Refusal("the passkey did not sign this very text, or did not check that it was you")
    _refuse_signed(row, asked.party, viewer)
    _refuse_unready(row, viewer)
    digest = keep_file(evidence.data)
    signing = Signing(asked.party, told.name[:200], row.sha256, at, Proof.PASSKEY, digest)
    with transaction.atomic():
        open_log_of(row, viewer, at)  # one signs at a time
        signature = sign_version(
            version=version, signing=signing, actor=actor, viewer=viewer, at=at
        )
        person = UUID(asked.person)
        keep_proof(version=row, signature=signature, person=person, evidence=evidence.data, at=at)
    return signature


def sign_on_paper(
    *,
    version: UUID,
    signing: Signing,
    scan: Kept | None,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> Signature:
    """Somebody writes down that a party signed by pen, what they saw, and hands in a scan of it; or
    says where the original lies. Raises NoSuchAgreement, Refusal.
    """
    row = _own_version(version, viewer)
    _refuse_for_another(row, signing.party, viewer)
    _refuse_signed(row, signing.party, viewer)
    if not signing.by_name:
        raise Refusal("who signed? give the name")
    _refuse_unready(row, viewer, signing.signed_at)
    if not signing.note:
        raise Refusal("say what you saw, and where the original lies")
    told = replace(signing, proof=Proof.PAPER if scan else Proof.RECORDED)
    told = replace(told, proof_sha256=scan.sha256 if scan else "")
    with transaction.atomic():
        open_log_of(row, viewer, at)  # one signs at a time
        signature = sign_version(version=version, signing=told, actor=actor, viewer=viewer, at=at)
        if scan is not None:
            add_file(version=row, kept=scan, actor=actor, at=at, signature=signature)
    return signature
