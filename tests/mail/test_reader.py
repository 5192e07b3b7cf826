"""The child that reads: limited, replaceable, and no mail stops the queue."""

import base64
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import mails
import pytest

from afspraak.mail.message import Limits, Message, Quarantined, Reason
from afspraak.mail.parse import parse
from afspraak.mail.reader import Reader, ReaderUnavailable
from afspraak.mail.wire import Read

MULTI = b"Content-Type: multipart/mixed; boundary="


def nested(levels: int) -> bytes:
    """Multiparts within multiparts."""
    inner = b"".join(MULTI + b"b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(levels))
    return mails.HEADERS + inner + b"\r\nhi"


def flat(parts: int) -> bytes:
    return mails.HEADERS + MULTI + b"b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * parts + b"--b--"


def as_body(kind: bytes, content: bytes) -> bytes:
    return mails.HEADERS + b"Content-Type: " + kind + b"\r\n\r\n" + content


def reason_of(read: Read) -> Reason:
    assert isinstance(read, Quarantined), "it was read"
    return read.reason


@pytest.mark.parametrize("raw", mails.ALL)
def test_the_child_reads_what_parse_reads(reader: Reader, raw: bytes) -> None:
    assert reader.read(raw) == parse(raw)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (nested(2000), Reason.NESTED),
        (nested(40), Reason.NESTED),
        (mails.HEADERS + b"Content-Type: message/rfc822\r\n\r\n" * 2000, Reason.NESTED),
        (flat(400), Reason.PARTS),
        (b"".join(b"X-%d: a\r\n" % n for n in range(100_000)) + mails.HEADERS, Reason.HEADERS),
        (b"\0" * 100_000, Reason.UNREADABLE),
    ],
)
def test_a_bomb_is_set_apart_and_the_next_mail_is_read(
    reader: Reader, raw: bytes, reason: Reason
) -> None:
    assert reason_of(reader.read(raw)) is reason
    assert reader.read(mails.PLAIN) == parse(mails.PLAIN)


@pytest.mark.parametrize(
    "raw",
    [
        as_body(b"text/plain; charset=zlib_codec", b"x\x9c\x03\xff"),
        as_body(b"text/plain; charset*=zlib_codec''%ff", b"\xff"),
        as_body(b"application/zip; name*=hex''%ff%00", b"\xff"),
        as_body(b"text/html", b"<div>" * 300_000),
        as_body(b"text/html", b"<blockquote><b><i>" * 60_000),
        as_body(b"text/html", b"<table><tr><td><a>" * 60_000),
        as_body(b"text/html", b"<" * 500_000),
        as_body(b"text/plain", b"Op " + b"schreef " * 20_000),
        as_body(b"text/plain", b"\n".join(b"Van: " + b" " * 390 for _ in range(25))),
        as_body(b"text/plain", b"> " * 90_000),
        b"From: a@b.example\r\nSubject: " + b"=?a?q?" * 20_000 + b"\r\n\r\nx",
        b'From: a@b.example\r\nTo: "' + b'"' * 200_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nReferences: " + b"<" * 200_000 + b"\r\n\r\nx",
        b"From: a@b.example\r\nAuthentication-Results: " + b"(" * 200_000 + b"\r\n\r\nx",
    ],
    ids=lambda raw: repr(raw[50:90]),
)
def test_what_is_hostile_and_small_is_read_all_the_same(reader: Reader, raw: bytes) -> None:
    assert isinstance(reader.read(raw), Message)


def test_a_mail_over_the_size_is_not_even_handed_over() -> None:
    with Reader(Limits(raw_bytes=100)) as reader:
        assert reason_of(reader.read(b"x" * 101)) is Reason.TOO_LARGE
        assert reason_of(reader.read(b"x", size=101)) is Reason.TOO_LARGE
        assert reader._child is None


def test_wall_time_is_bounded_and_the_next_mail_is_read() -> None:
    raw = flat(40_000)
    with Reader(Limits(wall_seconds=0.05)) as reader:
        assert reason_of(reader.read(raw)) is Reason.TIME
        assert reader._child is None
        reader.limits = Limits()
        assert isinstance(reader.read(mails.PLAIN), Message)


def test_computing_is_bounded_by_the_kernel() -> None:
    raw = mails.HEADERS + MULTI + b"b\r\n\r\n--b\r\n" + b"X: a\r\n" * 950_000
    with Reader(Limits(cpu_seconds=1, wall_seconds=120.0)) as reader:
        read = reader.read(raw)
        assert reason_of(read) is Reason.TIME
        assert isinstance(read, Quarantined)
        assert "computing" in read.detail


def test_memory_is_bounded() -> None:
    large = as_body(b"application/zip", base64.encodebytes(bytes(12 * 1024 * 1024)))
    with Reader(Limits(memory_bytes=160 * 1024 * 1024)) as reader:
        assert reason_of(reader.read(large)) is Reason.MEMORY
        assert isinstance(reader.read(mails.PLAIN), Message)


def test_a_mail_does_not_suffer_for_a_child_that_died_before_it(reader: Reader) -> None:
    reader.read(mails.PLAIN)
    assert reader._child
    os.kill(reader._child._process.pid, signal.SIGKILL)
    reader._child._process.wait()
    assert reader.read(mails.HTML) == parse(mails.HTML)


RunInstead = Callable[[str], None]


@pytest.fixture
def run_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunInstead:
    """Starts other code in the child's place, with the same arguments."""

    def run(code: str) -> None:
        script = tmp_path / "python"
        start = f"#!{sys.executable}\nimport socket, sys\nsys.argv[1:4] = []\n"
        script.write_text(start + code, "utf-8")
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))

    return run


TAKES_A_MAIL = "s = socket.socket(fileno=int(sys.argv[1]))\ns.send(b'R')\ns.recv(8)\n"


def test_a_mail_at_which_every_child_dies_is_set_apart(run_instead: RunInstead) -> None:
    run_instead(TAKES_A_MAIL)
    with Reader() as reader:
        assert reason_of(reader.read(mails.PLAIN)) is Reason.CRASHED
        assert reason_of(reader.read(mails.PLAIN)) is Reason.CRASHED


@pytest.mark.parametrize(
    "said",
    [
        "(3).to_bytes(8,'big')+b'abc'+bytes(8)",
        "(2**62).to_bytes(8,'big')",
        "(2).to_bytes(8,'big')+b'{}'+bytes(8)",
    ],
)
def test_a_child_that_talks_nonsense_is_not_believed(said: str, run_instead: RunInstead) -> None:
    run_instead(f"{TAKES_A_MAIL}s.sendall({said})\nwhile s.recv(4096): pass")
    with Reader() as reader:
        assert reason_of(reader.read(mails.PLAIN)) is Reason.CRASHED


def test_an_installation_without_a_child_says_so(run_instead: RunInstead) -> None:
    run_instead("sys.exit(3)")
    with Reader() as reader, pytest.raises(ReaderUnavailable, match="exit"):
        reader.read(mails.PLAIN)


def test_a_child_is_replaced_after_its_share() -> None:
    with Reader(mails_per_child=2) as reader:
        reader.read(mails.PLAIN)
        first = reader._child
        reader.read(mails.PLAIN)
        assert reader._child is None
        reader.read(mails.PLAIN)
        assert reader._child is not first


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
def test_the_child_has_no_file_no_secret_and_may_open_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AFSPRAAK_SECRET", "canary")
    with Reader() as reader:
        reader.read(mails.PLAIN)
        assert reader._child
        proc = Path("/proc") / str(reader._child._process.pid)
        opened = sorted(str(fd.readlink()) for fd in (proc / "fd").iterdir())
        assert [name for name in opened if name != "/dev/null"] == [
            name for name in opened if name.startswith("socket:")
        ]
        assert b"canary" not in (proc / "environ").read_bytes()
        limits = (proc / "limits").read_text()
        assert "Max open files            0" in limits
        assert "Max core file size        0" in limits


def mutations(reader: Reader, seeds: range) -> tuple[int, int]:
    """How many of these mails were read, and how many set apart; there is no third way."""
    read = sum(isinstance(reader.read(mails.mutated(seed)), Message) for seed in seeds)
    return read, len(seeds) - read


def test_damaged_mails_are_read_or_set_apart(reader: Reader) -> None:
    read, apart = mutations(reader, range(300))
    assert read > 200
    assert read + apart == 300
    assert reader.read(mails.PLAIN) == parse(mails.PLAIN)


@pytest.mark.long
def test_200_000_damaged_mails_are_read_or_set_apart(reader: Reader) -> None:
    read, apart = mutations(reader, range(1_000, 201_000))
    assert read + apart == 200_000
    assert read > 130_000
    assert reader.read(mails.PLAIN) == parse(mails.PLAIN)
