"""The one function through which this program asks anything of the web (RELIABILITY, Out).

The name is looked up once; if any of its addresses is not public, nothing is sent; the connection
goes to exactly an address that was looked at, with the name in SNI, certificate and Host. No
redirects, no proxies, no cookies; a bound on the whole exchange and on what is read.
"""

import http.client
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from afspraak.notices.deadline import cut_off
from afspraak.notices.public import Address, is_public

TIMEOUT_SECONDS: Final = 10.0
CAP_BYTES: Final = 64 * 1024
_URL_CHARS: Final = 2_048
_PORTS: Final = {"https": 443, "http": 80}
_PLAIN: Final = re.compile(r"[!-~]+")
_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\.?|[0-9a-f:.]{2,45}")
_HOPS: Final = {"host", "content-length", "connection", "transfer-encoding", "te", "upgrade"}


class Why(StrEnum):
    """Why there is no answer."""

    URL = "the address cannot be used"
    FORBIDDEN = "the address is not public"
    UNKNOWN_HOST = "the name is not known"
    NO_CONNECTION = "no connection"
    TIMEOUT = "it took too long"
    BROKEN = "the answer cannot be read"


@dataclass(frozen=True, slots=True)
class Answered:
    """The server's answer; `cut` says that more came than was read."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    cut: bool

    @property
    def is_success(self) -> bool:
        """2xx: everything else, a redirect too, is a refusal."""
        return 200 <= self.status < 300  # noqa: PLR2004  (RFC 9110)


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer. `may_have_arrived` when the request had been sent."""

    why: Why
    detail: str
    may_have_arrived: bool = False


Outcome: TypeAlias = Answered | Failed


@dataclass(frozen=True, slots=True)
class _Target:
    """A URL that may be asked, in its parts."""

    scheme: str
    host: str
    port: int
    path: str


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    timeout: float = TIMEOUT_SECONDS,
    cap: int = CAP_BYTES,
    loopback_for_tests: bool = False,
    context: ssl.SSLContext | None = None,
) -> Outcome:
    """Posts bytes to a public https address; `timeout` in seconds bounds all of it.

    `loopback_for_tests` allows http and 127.0.0.1, and nothing else that is not public.
    """
    until = time.monotonic() + timeout
    target = _target(url, allow_http=loopback_for_tests)
    if isinstance(target, Failed):
        return target
    if _HOPS & {name.lower() for name in headers}:
        return Failed(Why.URL, "a header that only the connection itself may set")
    addresses = _resolved(target, until)
    if isinstance(addresses, Failed):
        return addresses
    for address in addresses:
        if not (is_public(address) or (loopback_for_tests and address == _LOOPBACK)):
            return Failed(Why.FORBIDDEN, f"{target.host} is {address}")
    sock = _connected(addresses, target.port, until)
    if isinstance(sock, Failed):
        return sock
    with sock:
        return _asked(sock, target, body, headers, until=until, cap=cap, context=context)


_LOOPBACK: Final = ipaddress.IPv4Address("127.0.0.1")


def _target(url: str, *, allow_http: bool) -> _Target | Failed:
    """The parts of a URL; refused when two readers could read it differently."""
    if len(url) > _URL_CHARS or not _PLAIN.fullmatch(url) or "\\" in url:
        return Failed(Why.URL, "give a URL in plain ASCII, without spaces")
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError as error:
        return Failed(Why.URL, str(error))
    fault = _fault(parts, allow_http=allow_http)
    if fault:
        return Failed(Why.URL, fault)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Target(parts.scheme, (parts.hostname or "").lower(), port, path)


def _fault(parts: SplitResult, *, allow_http: bool) -> str | None:
    if parts.scheme != "https" and not (allow_http and parts.scheme == "http"):
        return "give an https address"
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        return "no user name or password in a URL"
    if not _NAME.fullmatch((parts.hostname or "").lower()):
        return "give a host by its name"
    return None


def _resolved(target: _Target, until: float) -> list[Address] | Failed:
    """All addresses of a name, looked up once, in a thread because the look-up knows no limit."""
    answers: queue.SimpleQueue[list[Address] | Failed] = queue.SimpleQueue()
    threading.Thread(
        target=lambda: answers.put(_looked_up(target)), name="look-up", daemon=True
    ).start()
    try:
        return answers.get(timeout=max(until - time.monotonic(), 0.001))
    except queue.Empty:
        return Failed(Why.TIMEOUT, f"looking up {target.host}")


def _looked_up(target: _Target) -> list[Address] | Failed:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(sockaddr[0])) for *_, sockaddr in found]
    except (OSError, ValueError) as error:  # ValueError: a name that IDNA refuses
        return Failed(Why.UNKNOWN_HOST, f"{target.host}: {error}")
    return list(dict.fromkeys(addresses))


def _connected(addresses: list[Address], port: int, until: float) -> socket.socket | Failed:
    """A connection to the first of these addresses that takes one."""
    fault = "no address"
    for address in addresses:
        left = until - time.monotonic()
        if left <= 0:
            return Failed(Why.TIMEOUT, f"connecting: {fault}")
        try:
            return _dialled(address, port, left)
        except TimeoutError:
            return Failed(Why.TIMEOUT, f"connecting to {address}")
        except OSError as error:
            fault = f"{address}: {error}"
    return Failed(Why.NO_CONNECTION, fault)


def _dialled(address: Address, port: int, seconds: float) -> socket.socket:
    """A connection to an address, by which no name is looked up."""
    sock = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6)  # noqa: PLR2004  (IPv4)
    try:
        sock.settimeout(seconds)
        sock.connect((str(address), port))
    except OSError:
        sock.close()
        raise
    return sock


def _asked(
    sock: socket.socket,
    target: _Target,
    body: bytes,
    headers: Mapping[str, str],
    *,
    until: float,
    cap: int,
    context: ssl.SSLContext | None,
) -> Outcome:
    """One request over a connection that stands; its time is bounded from outside."""
    sent = False
    with cut_off(sock, max(until - time.monotonic(), 0.001)) as over:
        try:
            with _secured(sock, target, context) as safe, closing(_Connection(target, safe)) as web:
                sent = True
                web.request("POST", target.path, body, dict(headers))
                answer = _answer(web.getresponse(), cap)
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = Why.TIMEOUT if over.is_set() or isinstance(error, TimeoutError) else Why.BROKEN
            return Failed(why, f"{type(error).__name__}: {error}"[:300], may_have_arrived=sent)
    if over.is_set():  # where a body was cut short, its end looks like the answer's own
        return Failed(Why.TIMEOUT, "reading the answer", may_have_arrived=True)
    return answer


def _secured(sock: socket.socket, target: _Target, context: ssl.SSLContext | None) -> socket.socket:
    if target.scheme == "http":
        return sock
    return (context or ssl.create_default_context()).wrap_socket(sock, server_hostname=target.host)


class _Connection(http.client.HTTPConnection):
    """HTTP over a socket that is there already: it never connects, so it never looks up."""

    def __init__(self, target: _Target, sock: socket.socket) -> None:
        default = None if target.port == _PORTS[target.scheme] else target.port
        super().__init__(target.host, default)
        self.sock = sock

    def connect(self) -> None:
        raise http.client.NotConnected


def _answer(response: http.client.HTTPResponse, cap: int) -> Answered:
    with response:
        body = response.read(cap + 1)
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answered(response.status, headers, body[:cap], cut=len(body) > cap)
