"""What becomes of a mail, said by real servers on loopback, good ones and bad ones."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from mail_servers import Certificate, free_port

from afspraak.notices.smtp import Fate, Sent, Server, Tls, send

RAW = b"Subject: x\r\n\r\n.a line that begins with a dot\r\n.\r\nlast"
SENDER, JAN = "desk@msp.example", "jan@klant.example"


class Kept:
    """Keeps what it took; refuses whom it is told to refuse."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.data = "250 OK"

    async def handle_RCPT(  # noqa: N802  (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        code = {"nobody": "550 5.1.1 no such user", "later": "451 4.7.1 greylisted"}
        if address.partition("@")[0] in code:
            return code[address.partition("@")[0]]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        self.envelopes.append(envelope)
        return self.data


@contextmanager
def running(kept: Kept, **options: Any) -> Iterator[int]:
    controller = Controller(kept, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def tls_context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    return context


def sent(port: int, tls: Tls = Tls.NONE, to: str = JAN, **options: Any) -> Sent:
    server = Server("127.0.0.1", port, tls, **{"step_seconds": 10.0, **options})
    return send(RAW, server=server, sender=SENDER, recipient=to)


def test_a_mail_is_taken_as_it_is() -> None:
    kept = Kept()
    with running(kept) as port:
        outcome = sent(port)
    assert (outcome.fate, outcome.code) == (Fate.ACCEPTED, 250)
    (envelope,) = kept.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [JAN])
    assert envelope.content == RAW + b"\r\n"


@pytest.mark.parametrize(
    ("recipient", "answer", "fate", "code"),
    [
        ("nobody@klant.example", "250 OK", Fate.PERMANENT, 550),
        ("later@klant.example", "250 OK", Fate.TEMPORARY, 451),
        (JAN, "554 5.6.0 not this mail", Fate.PERMANENT, 554),
        (JAN, "452 4.2.2 mailbox full", Fate.TEMPORARY, 452),
        (JAN, "299 what is that", Fate.UNKNOWN, 299),
    ],
)
def test_a_refusal_is_for_now_or_for_good(
    recipient: str, answer: str, fate: Fate, code: int
) -> None:
    kept = Kept()
    kept.data = answer
    with running(kept) as port:
        outcome = sent(port, to=recipient)
    assert (outcome.fate, outcome.code) == (fate, code)


def test_starttls_and_sign_in_against_a_certificate_that_is_known(certificate: Certificate) -> None:
    kept, seen = Kept(), []

    def authenticate(*facts: Any) -> AuthResult:
        seen.append(facts[-1])
        return AuthResult(success=facts[-1].password == b"geheim", handled=False)

    options = {
        "tls_context": tls_context(certificate),
        "require_starttls": True,
        "authenticator": authenticate,
        "auth_required": True,
    }
    known = {"ca_file": str(certificate.cert), "user": "desk"}
    with running(kept, **options) as port:
        assert sent(port, Tls.STARTTLS, password="geheim", **known).fate is Fate.ACCEPTED
        wrong = sent(port, Tls.STARTTLS, password="fout", **known)
        assert (wrong.fate, len(kept.envelopes)) == (Fate.TEMPORARY, 1)
        assert "fout" not in wrong.text
        unknown = sent(port, Tls.STARTTLS)
        assert unknown.fate is Fate.TEMPORARY
        assert "CERTIFICATE" in unknown.text.upper()
        plain = sent(port)
        assert (plain.fate, plain.code) == (Fate.TEMPORARY, 530)
    assert len(kept.envelopes) == 1


def test_a_server_that_offers_no_starttls_gets_no_mail() -> None:
    kept = Kept()
    with running(kept) as port:
        assert sent(port, Tls.STARTTLS).fate is Fate.TEMPORARY
    assert kept.envelopes == []


def test_implicit_tls(certificate: Certificate) -> None:
    kept = Kept()
    with running(kept, ssl_context=tls_context(certificate)) as port:
        assert sent(port, Tls.IMPLICIT, ca_file=str(certificate.cert)).fate is Fate.ACCEPTED
        assert sent(port, Tls.IMPLICIT).fate is Fate.TEMPORARY
    assert len(kept.envelopes) == 1


def test_nobody_there() -> None:
    outcome = sent(free_port())
    assert (outcome.fate, outcome.code) == (Fate.TEMPORARY, None)


def test_a_certificate_file_that_is_not_there() -> None:
    kept = Kept()
    with running(kept) as port:
        outcome = sent(port, Tls.IMPLICIT, ca_file="missing.pem")
    assert outcome.fate is Fate.TEMPORARY


@pytest.mark.parametrize(
    "address", ["a@b.example\r\nRCPT TO:<x@y.example>", "a", "<a@b.example>", ""]
)
def test_an_address_that_is_none_reaches_no_server(address: str) -> None:
    server = Server("127.0.0.1", free_port(), Tls.NONE)
    for sender, recipient in ((address, JAN), (SENDER, address)):
        outcome = send(RAW, server=server, sender=sender, recipient=recipient)
        assert outcome.fate is Fate.PERMANENT


Talk = Callable[[socket.socket], None]


@contextmanager
def scripted(talk: Talk) -> Iterator[int]:
    """A server that does whatever the test wants, once."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listener, listener.accept()[0] as sock:
            talk(sock)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(30)
    assert not thread.is_alive()


def says(*answers: bytes) -> Talk:
    """Greets, and answers each line with the next of these; then hangs up."""

    def talk(sock: socket.socket) -> None:
        lines = sock.makefile("rb")
        sock.sendall(answers[0])
        for answer in answers[1:]:
            lines.readline()
            sock.sendall(answer)
        lines.close()

    return talk


HELLO = (b"220 hi\r\n", b"250 hi\r\n")


@pytest.mark.parametrize(
    ("answers", "fate"),
    [
        ((), Fate.TEMPORARY),
        ((b"421 go away\r\n",), Fate.TEMPORARY),
        ((b"554 never\r\n",), Fate.TEMPORARY),
        ((b"\xff\xfe garbage\r\n",), Fate.TEMPORARY),
        (HELLO, Fate.TEMPORARY),
        ((*HELLO, b"250 ok\r\n"), Fate.TEMPORARY),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n"), Fate.TEMPORARY),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n"), Fate.UNKNOWN),
        ((*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"250 odd\r\n"), Fate.TEMPORARY),
    ],
)
def test_where_the_connection_breaks_decides(answers: tuple[bytes, ...], fate: Fate) -> None:
    with scripted(says(*(answers or (b"",)))) as port:
        assert sent(port).fate is fate


def test_a_server_that_is_silent_after_the_mail_leaves_it_unknown() -> None:
    over = threading.Event()

    def talk(sock: socket.socket) -> None:
        says(*HELLO, b"250 ok\r\n", b"250 ok\r\n", b"354 go\r\n")(sock)
        over.wait(20)

    with scripted(talk) as port:
        outcome = sent(port, step_seconds=0.3)
        over.set()
    assert outcome.fate is Fate.UNKNOWN


@pytest.mark.parametrize("first", [b"", b"220 hi\r\n"])
def test_a_server_that_drips_cannot_hold_us_beyond_the_total(first: bytes) -> None:
    def talk(sock: socket.socket) -> None:
        sock.sendall(first)
        pause = threading.Event()
        try:
            for _ in range(400):  # each byte comes well within the time of a step
                sock.sendall(b"2")
                pause.wait(0.05)
        except OSError:
            return

    with scripted(talk) as port:
        outcome = sent(port, total_seconds=0.5)
    assert outcome.fate is Fate.TEMPORARY
