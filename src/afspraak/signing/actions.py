"""The only place where rows of signing are written."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import IntegrityError, transaction

from afspraak.agreements.models import AgreementVersion, Signature
from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.signing.models import PasskeyProof, SignerKey, SigningFile
from afspraak.signing.pades import Hand

MOST_KEY_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies among the files, by its hash, and what was found in it."""

    kind: SigningFile.Kind
    sha256: str
    media: str = "application/pdf"
    hands: tuple[Hand, ...] = ()
    note: str = ""


def add_file(
    *,
    version: AgreementVersion,
    kept: Kept,
    actor: Actor,
    at: int,
    signature: Signature | None = None,
) -> SigningFile:
    """One more file about the signing of a version. Raises IntegrityError where somebody else has
    added one at the same moment.
    """
    files = SigningFile.objects.seen_by(SYSTEM).filter(version=version)
    number = 0 if kept.kind == SigningFile.Kind.PAPER else max(1, files.count())
    row = SigningFile(
        **parties_of(version),
        id=new_id(at),
        version=version,
        number=number,
        kind=kept.kind,
        sha256=kept.sha256,
        media=kept.media,
        signature=signature,
        hands=list(map(_hand, kept.hands)),
        note=kept.note[:400],
        organisation_id=actor.organisation,
        kept_by_id=actor.person,
        kept_at=datetime_of(at),
    )
    row.save(force_insert=True)
    return row


def keep_paper(
    *, version: AgreementVersion, digest: str, actor: Actor, viewer: Viewer, at: int
) -> SigningFile:
    """The paper of a version, from now on the very bytes that are signed; once, whoever asks."""
    kept = Kept(SigningFile.Kind.PAPER, digest)
    try:
        with transaction.atomic():
            return add_file(version=version, kept=kept, actor=actor, at=at)
    except IntegrityError:
        return SigningFile.objects.seen_by(viewer).get(version=version, number=0)


def _hand(hand: Hand) -> dict[str, object]:
    return {**asdict(hand), "certificate": hand.certificate.hex()}


def keep_proof(
    *, version: AgreementVersion, signature: Signature, person: UUID, evidence: bytes, at: int
) -> PasskeyProof:
    """What a passkey signed, beside the signature that it proves."""
    proof = PasskeyProof(
        **parties_of(version),
        id=new_id(at),
        version=version,
        signature=signature,
        person_id=person,
        evidence=evidence,
        sha256=sha256(evidence).hexdigest(),
        kept_at=datetime_of(at),
    )
    proof.save(force_insert=True)
    return proof


# Keys --------------------------------------------------------------------------------------------


def confirm_key(*, data: bytes, actor: Actor, viewer: Viewer, at: int) -> SignerKey:
    """An organisation says that a certificate is one of its own signers'. Raises Refusal."""
    assert actor.person is not None, "a person confirms, not a program"
    certificate = read_certificate(data)
    der = certificate.public_bytes(Encoding.DER)
    fingerprint, now = sha256(der).hexdigest(), datetime_of(at)
    own = SignerKey.objects.seen_by(viewer).filter(organisation_id=actor.organisation)
    if own.filter(fingerprint=fingerprint, ended_at=None).exists():
        raise Refusal("this certificate is confirmed already")
    if certificate.not_valid_after_utc <= now:
        raise Refusal("this certificate has ended: confirm the one that is used now")
    key = SignerKey(
        id=new_id(at),
        organisation_id=actor.organisation,
        fingerprint=fingerprint,
        name=_common_name(certificate),
        subject=certificate.subject.rfc4514_string()[:400],
        issuer=certificate.issuer.rfc4514_string()[:400],
        certificate=der,
        until_at=certificate.not_valid_after_utc,
        confirmed_by_id=actor.person,
        confirmed_at=now,
    )
    with transaction.atomic():
        key.save(force_insert=True)
        _note("confirm_key", key, actor, at)
    return key


def end_key(*, key: UUID, actor: Actor, viewer: Viewer, at: int) -> bool:
    """From now on nothing more is signed with it here; what was signed stands. Whether it held."""
    rows = SignerKey.objects.seen_by(viewer).filter(pk=key, organisation_id=actor.organisation)
    with transaction.atomic():
        ended = rows.filter(ended_at=None).update(ended_at=datetime_of(at)) > 0
        for each in rows if ended else ():
            _note("end_key", each, actor, at)
    return ended


def _note(action: str, key: SignerKey, actor: Actor, at: int) -> None:
    told = {"fingerprint": key.fingerprint}
    note_in_audit(
        actor=actor, action=action, subject="signer_key", subject_id=key.id, at=at, **told
    )


def read_certificate(data: bytes) -> x509.Certificate:
    """A certificate as a file holds it: PEM or DER, without its secret. Raises Refusal."""
    if len(data) > MOST_KEY_BYTES:
        raise Refusal("this file is too large for a certificate: at most 100 kB")
    if b"PRIVATE KEY" in data:
        raise Refusal("there is a secret key in this file: keep it, and give the certificate only")
    try:
        if b"-----BEGIN" in data:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError as error:
        raise Refusal(
            "this is no certificate: give the file (.cer, .crt or .pem) that the signing program"
            " exports"
        ) from error


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value)[:200] if names else certificate.subject.rfc4514_string()[:200]
