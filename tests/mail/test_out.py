"""The one HTTP function: where it goes, where it does not, and how long it waits."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_servers import Certificate, free_port

from afspraak.notices import out
from afspraak.notices.out import Answered, Failed, Outcome, Why, post
from afspraak.notices.public import is_public

PRIVATE = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1"),
    *("192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8", "::8.8.8.8"),
    *("::ffff:127.0.0.1", "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1"),
    *("2002:7f00:1::1", "2002:808:808::1", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1"),
    *("ff02::1", "5f00::1", "4000::1", "2001:10::1", "2001:20::1", "fe80::1%lo"),
)
PUBLIC = (
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0"),
    *("172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.1.1", "198.17.1.1", "223.255.255.255"),
    *("2606:4700:4700::1111", "2a00:1450::1", "2001:470::1", "2001:200::1"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses())
def test_nothing_that_the_standard_library_calls_private_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    odd = address.is_private or address.is_multicast or address.is_reserved or address.is_link_local
    assert not (is_public(address) and odd)


Talk = Callable[[socket.socket], None]


@contextmanager
def serving(talk: Talk, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A web server that does whatever the test wants, once."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(20)

    def serve() -> None:
        with listener, suppress(OSError), listener.accept()[0] as plain:
            sock = context.wrap_socket(plain, server_side=True) if context else plain
            with sock:
                talk(sock)

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(30)
    assert not thread.is_alive()


def answers(raw: bytes, heard: list[bytes] | None = None) -> Talk:
    def talk(sock: socket.socket) -> None:
        got = b""
        while not got.endswith(b"end"):
            got += sock.recv(4096)
        if heard is not None:
            heard.append(got)
        sock.sendall(raw)

    return talk


def asked(port: int, scheme: str = "http", **options: object) -> Outcome:
    url = f"{scheme}://localhost:{port}/hook?a=b"
    if scheme == "http":
        url = url.replace("localhost", "127.0.0.1")
    return post(url, b"the end", {"X-A": "b"}, loopback_for_tests=True, **options)  # type: ignore[arg-type]  # as given


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-B: c\r\n\r\nhi"


def test_a_post_and_its_answer() -> None:
    heard: list[bytes] = []
    with serving(answers(OK, heard)) as port:
        outcome = asked(port)
    assert outcome == Answered(200, {"content-length": "2", "x-b": "c"}, b"hi", cut=False)
    assert outcome.is_success
    head, body = heard[0].split(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n" % port)
    assert b"X-A: b" in head
    assert body == b"the end"


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 404, 500])
def test_a_redirect_is_not_followed_and_no_success(status: int) -> None:
    raw = b"HTTP/1.1 %d X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n" % status
    with serving(answers(raw)) as port:
        outcome = asked(port)
    assert isinstance(outcome, Answered)
    assert (outcome.status, outcome.is_success) == (status, False)


def test_no_more_is_read_than_the_cap() -> None:
    with serving(answers(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 200_000)) as port:
        outcome = asked(port)
    assert isinstance(outcome, Answered)
    assert (len(outcome.body), outcome.cut) == (64 * 1024, True)


def drip(first: bytes) -> Talk:
    """Sends a beginning, then a byte now and then, as long as anybody listens."""

    def talk(sock: socket.socket) -> None:
        pause = threading.Event()
        answers(first)(sock)
        with suppress(OSError):
            for _ in range(400):
                sock.sendall(b"x")
                pause.wait(0.05)

    return talk


@pytest.mark.parametrize(
    "first",
    [b"", b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n" * 50],
)
def test_a_server_that_drips_is_left_after_the_total(first: bytes) -> None:
    with serving(drip(first)) as port:
        outcome = asked(port, timeout=0.5)
    assert isinstance(outcome, Failed)
    assert (outcome.why, outcome.may_have_arrived) == (Why.TIMEOUT, True)


def test_a_server_that_drips_over_tls_is_left_as_well(certificate: Certificate) -> None:
    with serving(drip(b"HTTP/1.1 200 OK\r\n\r\n"), server_context(certificate)) as port:
        outcome = asked(port, "https", timeout=1.0, context=client_context(certificate))
    assert isinstance(outcome, Failed)
    assert outcome.why is Why.TIMEOUT


@pytest.mark.parametrize(
    "raw",
    [b"", b"garbage\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500],
)
def test_what_is_no_http_is_broken(raw: bytes) -> None:
    with serving(answers(raw)) as port:
        outcome = asked(port)
    assert isinstance(outcome, Failed)
    assert (outcome.why, outcome.may_have_arrived) == (Why.BROKEN, True)


def server_context(certificate: Certificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.cert, certificate.key)
    return context


def client_context(certificate: Certificate) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate.cert))


def only_loopback(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name leads to these addresses; says which were looked up."""
    looked_up: list[str] = []

    def getaddrinfo(host: str, port: int, **_options: object) -> list[tuple[object, ...]]:
        looked_up.append(host)
        return [(2, 1, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(out.socket, "getaddrinfo", getaddrinfo)
    return looked_up


def test_the_name_stands_in_sni_certificate_and_host(certificate: Certificate) -> None:
    names: list[str | None] = []
    context = server_context(certificate)
    context.sni_callback = lambda _sock, name, _context: names.append(name)
    heard: list[bytes] = []
    with serving(answers(OK, heard), context) as port, pytest.MonkeyPatch.context() as patch:
        looked_up = only_loopback(patch, "127.0.0.1")
        outcome = asked(port, "https", context=client_context(certificate))
    assert isinstance(outcome, Answered)
    assert names == ["localhost"]
    assert b"\r\nHost: localhost:" in heard[0]
    assert looked_up[0] == "localhost"


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate) -> None:
    with serving(answers(OK), server_context(certificate)) as port:
        outcome = post(f"https://127.0.0.1:{port}/", b"end", {}, loopback_for_tests=True)
    assert isinstance(outcome, Failed)
    assert not outcome.may_have_arrived
    assert "CERTIFICATE" in outcome.detail.upper()


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "x",
            "https://",
            "http://a.example/",
            "ftp://a.example/",
            "//a.example/",
        ),
        *("https://user:pw@a.example/", "https://a.example@b.example/", "https://a b.example/"),
        *("https://a.example\\@b.example/", "https://a.example\r\nX: y/", "https://[::1/"),
        *("https://a.example:99999/", "https://a.example:x/", "https://é.example/", "https://%31/"),
        "https://a.example/" + "x" * 3000,
    ],
)
def test_a_url_that_two_could_read_differently_is_refused(url: str) -> None:
    outcome = post(url, b"", {})
    assert isinstance(outcome, Failed)
    assert outcome.why is Why.URL


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "0177.0.0.1", "0", "[::1]"),
        *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "10.1.2.3", "LOCALHOST."),
    ],
)
def test_no_way_of_writing_it_leads_inside(host: str) -> None:
    outcome = post(f"https://{host}/", b"", {}, timeout=5)
    assert isinstance(outcome, Failed)
    assert outcome.why in {Why.FORBIDDEN, Why.UNKNOWN_HOST, Why.URL}


def test_one_address_inside_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(out, "_dialled", None)  # whoever connects, fails
    only_loopback(monkeypatch, "1.1.1.1", "10.0.0.1")
    outcome = post("https://a.example/", b"", {})
    assert outcome == Failed(Why.FORBIDDEN, "a.example is 10.0.0.1")


def test_for_tests_only_this_loopback_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("127.0.0.2", "::1", "10.0.0.1"):
        only_loopback(monkeypatch, address)
        outcome = post("http://a.example/", b"", {}, loopback_for_tests=True)
        assert isinstance(outcome, Failed)
        assert outcome.why is Why.FORBIDDEN


def test_a_name_is_looked_up_once_and_connected_to_what_was_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_up = only_loopback(monkeypatch, "1.2.3.4", "1.2.3.5")
    tried: list[tuple[str, int]] = []

    def refuse(address: out.Address, port: int, _seconds: float) -> socket.socket:
        tried.append((str(address), port))
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(out, "_dialled", refuse)
    outcome = post("https://a.example/", b"", {})
    assert outcome == Failed(Why.NO_CONNECTION, "1.2.3.5: no")
    assert looked_up == ["a.example"]
    assert tried == [("1.2.3.4", 443), ("1.2.3.5", 443)]


def test_a_look_up_that_never_ends_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()
    monkeypatch.setattr(out.socket, "getaddrinfo", lambda *_a, **_o: [never.wait(20)][:0])
    outcome = post("https://a.example/", b"", {}, timeout=0.2)
    never.set()
    assert outcome == Failed(Why.TIMEOUT, "looking up a.example")


def test_nobody_there() -> None:
    outcome = asked(free_port())
    assert isinstance(outcome, Failed)
    assert outcome.why is Why.NO_CONNECTION


@pytest.mark.parametrize(
    "headers",
    [{"X": "a\r\nY: b"}, {"X\r\nY": "a"}, {"Host": "x"}, {"Transfer-Encoding": "chunked"}],
)
def test_a_header_cannot_smuggle(headers: dict[str, str]) -> None:
    with serving(lambda _sock: None) as port:
        outcome = post(f"http://127.0.0.1:{port}/", b"end", headers, loopback_for_tests=True)
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()  # end the server
    assert isinstance(outcome, Failed)
