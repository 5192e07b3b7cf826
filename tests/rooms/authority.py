"""A local authority: roots, certificates, a time-stamping server, and hands that sign a PDF. Keys
are made anew in each run; nothing of them is kept.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

from asn1crypto import keys, pem, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, fields, signers
from pyhanko.sign.ades.qualified_asn1 import QcStatements
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

LONG = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Key:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def as_asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.der)

    @property
    def key_as_asn1(self) -> keys.PrivateKeyInfo:
        text = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return keys.PrivateKeyInfo.load(pem.unarmor(text)[2])


@cache
def made(
    name: str,
    by: Key | None = None,
    holds: tuple[datetime, datetime] = LONG,
    *,
    is_authority: bool = False,
    stamps: bool = False,
    says: tuple[str, ...] = (),
) -> Key:
    """A certificate for a name, its own or one by an authority. `says`: QC statements."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(holds[0])
        .not_valid_after(holds[1])
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_usage(is_authority=is_authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if stamps:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    if says:
        told = QcStatements([{"statement_id": each} for each in says]).dump()
        oid = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
        builder = builder.add_extension(x509.UnrecognizedExtension(oid, told), critical=False)
    return Key(builder.sign(by.key if by else key, hashes.SHA256()), key)


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    rest = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False
    )
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        decipher_only=False,
        **rest,
    )


def signed(
    pdf: bytes,
    hand: Key,
    field: str = "Signature1",
    *,
    chain: tuple[Key, ...] = (),
    stamper: Any = None,
    box: tuple[int, tuple[int, int, int, int]] | None = None,
    **more: Any,
) -> bytes:
    """The PDF with one more signature, as a program of the signer's own would make it. `box`: a
    visible stamp, on a page, somewhere.
    """
    store = SimpleCertificateStore()
    store.register_multiple([each.as_asn1 for each in chain])
    signer = signers.SimpleSigner(
        signing_cert=hand.as_asn1, signing_key=hand.key_as_asn1, cert_registry=store
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    spec = None
    if box is not None:
        spec = fields.SigFieldSpec(field, on_page=box[0], box=box[1])
    told = {"subfilter": fields.SigSeedSubFilter.PADES, **more}
    out = signers.PdfSigner(
        PdfSignatureMetadata(field_name=field, **told),
        signer=signer,
        timestamper=stamper,
        new_field_spec=spec,
    ).sign_pdf(writer)
    found: bytes = out.getvalue()
    return found


def stamper_at(moment: datetime) -> DummyTimeStamper:
    key = made("Tijdstempel", made("Wortel", is_authority=True), stamps=True)
    return DummyTimeStamper(key.as_asn1, key.key_as_asn1, fixed_dt=moment)


@contextmanager
def stamping(moment: datetime) -> Iterator[str]:
    """A time-stamping server on loopback, until the end of the block."""
    stamper = stamper_at(moment)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            told = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
