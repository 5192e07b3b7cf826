"""Sends one mail to one recipient; what became of it is a value that the lease can act on."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from afspraak.notices.address import plain_address
from afspraak.notices.deadline import cut_off

TOTAL_SECONDS: Final = 60.0  # a notice's lease is longer than this
STEP_SECONDS: Final = 20.0
_READY: Final = 354
_TAKEN: Final = {250, 251}
_TEMPORARY: Final = range(400, 500)
_PERMANENT: Final = range(500, 600)
_OURS: Final = {530, 534, 535, 538}  # sign-in wanted or refused: our settings, not the recipient
_DOTS: Final = re.compile(rb"^\.", re.MULTILINE)


class Tls(StrEnum):
    """How the connection is protected."""

    NONE = "none"  # for a server on this machine only
    STARTTLS = "starttls"
    IMPLICIT = "implicit"


@dataclass(frozen=True, slots=True)
class Server:
    """The server that takes our mail."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None  # a private authority; None: those that the system trusts
    step_seconds: float = STEP_SECONDS
    total_seconds: float = TOTAL_SECONDS


class Fate(StrEnum):
    """What became of a mail, as far as we can know."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"  # not taken; the same mail may be offered again
    PERMANENT = "permanent"  # refused for good: this recipient, or this mail
    UNKNOWN = "unknown"  # the connection broke after DATA: it may have been taken


@dataclass(frozen=True, slots=True)
class Sent:
    """The fate of a mail, with the server's code and words, or our own."""

    fate: Fate
    code: int | None
    text: str


class _Answered(Exception):
    """The server said no before it had the mail."""

    def __init__(self, code: int, text: bytes) -> None:
        self.code, self.text = code, text
        super().__init__(code)


def send(raw: bytes, *, server: Server, sender: str, recipient: str) -> Sent:
    """Hands a mail to the server; every outcome is a value. `raw` is as `compose` made it."""
    if plain_address(sender) is None or plain_address(recipient) is None:
        return Sent(Fate.PERMANENT, None, "sender or recipient is no plain address")
    try:
        sock = socket.create_connection((server.host, server.port), server.step_seconds)
    except OSError as error:
        return Sent(Fate.TEMPORARY, None, f"no connection: {_words(error)}")
    with sock, cut_off(sock, server.total_seconds):
        try:
            client = _Client(_secured(sock, server), server)
        except (OSError, smtplib.SMTPException) as error:
            return Sent(Fate.TEMPORARY, None, f"no greeting: {_words(error)}")
        return _closed(client, _talked(client, server, raw, sender, recipient))


class _Client(smtplib.SMTP):
    """SMTP over a connection that stands, so that the greeting is within the bound too."""

    def __init__(self, sock: socket.socket, server: Server) -> None:
        self._ready = sock
        super().__init__(server.host, server.port, timeout=server.step_seconds)

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        return self._ready


def _secured(sock: socket.socket, server: Server) -> socket.socket:
    if server.tls is not Tls.IMPLICIT:
        return sock
    return _context(server).wrap_socket(sock, server_hostname=server.host)


def _talked(client: smtplib.SMTP, server: Server, raw: bytes, sender: str, recipient: str) -> Sent:
    try:
        _greet(client, server)
        _offer(client, sender, recipient)
    except _Answered as refusal:
        return _refused(refusal.code, refusal.text)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return Sent(Fate.TEMPORARY, None, f"before DATA: {_words(error)}")
    return _hand_over(client, raw)


def _context(server: Server) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file)


def _greet(client: smtplib.SMTP, server: Server) -> None:
    """Greeting, TLS and sign-in. What fails here is the installation's: no mail is lost by it."""
    client.ehlo_or_helo_if_needed()
    if server.tls is Tls.STARTTLS:
        client.starttls(context=_context(server))
        client.ehlo()
    if server.user:
        client.login(server.user, server.password)


def _offer(client: smtplib.SMTP, sender: str, recipient: str) -> None:
    """Envelope and DATA, up to the moment at which the server waits for the mail itself."""
    _step(client.mail(sender), _TAKEN)
    _step(client.rcpt(recipient), _TAKEN)
    _step(client.docmd("DATA"), {_READY})


def _step(answer: tuple[int, bytes], wanted: set[int]) -> None:
    code, text = answer
    if code not in wanted:
        raise _Answered(code, text)


def _hand_over(client: smtplib.SMTP, raw: bytes) -> Sent:
    """The mail itself. From its first byte on, a broken connection leaves the outcome unknown."""
    ended = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    try:
        client.send(_DOTS.sub(b"..", ended) + b".\r\n")
        code, text = client.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Sent(Fate.UNKNOWN, None, f"after DATA: {_words(error)}")
    if code in _TAKEN:
        return Sent(Fate.ACCEPTED, code, _said(text))
    known = code in _TEMPORARY or code in _PERMANENT
    return _refused(code, text) if known else Sent(Fate.UNKNOWN, code, _said(text))


def _refused(code: int, text: bytes) -> Sent:
    """A refusal is for good only when it is about this mail or this recipient."""
    for_good = code in _PERMANENT and code not in _OURS
    return Sent(Fate.PERMANENT if for_good else Fate.TEMPORARY, code, _said(text))


def _closed(client: smtplib.SMTP, sent: Sent) -> Sent:
    """Says goodbye to a server that answers; the outcome stands already."""
    if sent.code is not None:
        with suppress(OSError, smtplib.SMTPException):
            client.quit()
    client.close()
    return sent


def _said(text: bytes) -> str:
    return text.decode("ascii", "replace")[:500]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
