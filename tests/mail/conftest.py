"""Real servers on loopback: a dovecot, certificates of our own, the child that reads."""

import datetime as dt
import ipaddress
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from mail_servers import Certificate, Dovecot, dovecot_config, free_port, wait_for

from afspraak.mail.reader import Reader

DOVECOTS = ("dovecot", "/usr/sbin/dovecot", "/usr/local/sbin/dovecot")


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A self-signed certificate for localhost, good for as long as any clock may say."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.IPv4Address("127.0.0.1"))]
    cert = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2100, 1, 1, tzinfo=dt.UTC))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    made = Certificate(folder / "cert.pem", folder / "key.pem")
    made.cert.write_bytes(cert.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return made


@pytest.fixture(scope="session")
def dovecot(certificate: Certificate) -> Iterator[Dovecot]:
    """Debian's dovecot on loopback; without one the test is skipped here, and fails in CI."""
    program = next(filter(None, map(shutil.which, DOVECOTS)), None)
    if program is None:
        missing = "no dovecot found: install it (Debian: dovecot-imapd)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with tempfile.TemporaryDirectory(prefix="imap") as name:  # short: sockets lie in it
        folder = Path(name)
        owner = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else os.geteuid()
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        if os.geteuid() == 0:
            os.chown(folder / "mail", owner, -1)
        server = Dovecot(free_port(), free_port(), folder, owner)
        config = folder / "dovecot.conf"
        config.write_text(dovecot_config(folder, server, certificate), "utf-8")
        process = subprocess.Popen([program, "-F", "-c", str(config)])
        try:
            wait_for(server.port, process)
            yield server
        finally:
            process.terminate()
            process.wait(20)
