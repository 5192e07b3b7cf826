"""What a mail says, read from its bytes."""

import datetime as dt
import unicodedata

import mails
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.mail.clean import clean, decoded, header_text
from afspraak.mail.message import LIMITS, Limits, Mark, Message, Quarantined, Reason
from afspraak.mail.parse import parse, sent_at
from afspraak.mail.wire import packed, unpacked


def read(raw: bytes, limits: Limits = LIMITS) -> Message:
    message = parse(raw, limits)
    assert isinstance(message, Message)
    return message


def body(content: bytes, kind: bytes = b"text/plain; charset=utf-8") -> Message:
    return read(mails.HEADERS + b"Content-Type: " + kind + b"\r\n\r\n" + content)


def test_a_plain_mail() -> None:
    message = read(mails.PLAIN)
    assert message.sender.address == "jan@klant.example"
    assert message.to == ("desk@msp.example", "b@c.example")
    assert message.cc == ("piet@klant.example",)
    assert message.subject == "Printer op de 3e verdieping 🖨"
    assert message.sent_at == dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)
    assert message.message_id == "<abc.1@klant.example>"
    assert message.references == ("<two@msp.example>", "<one@msp.example>")
    assert message.text == "Hallo,\n\nDe printer doet het niet. Café ook niet."
    assert message.marks == frozenset()
    assert [result.hops for result in message.results] == [1]


def test_plain_text_comes_before_html_and_files_keep_no_path() -> None:
    message = read(mails.MIXED)
    assert message.text == "L'écran est noir."
    image, inner = message.attachments
    assert (image.name, image.content_type) == ("_.._etc_gnp.exe", "image/png")
    assert image.content == b"\x89PNG" + bytes(range(256))
    assert (inner.name, inner.content_type) == ("message.eml", "message/rfc822")
    assert b"Inner text" in inner.content
    assert "Inner text" not in message.text


def test_html_becomes_text_without_what_runs_or_hides() -> None:
    text = read(mails.HTML).text
    assert [line for line in text.split("\n") if line] == (
        ["Eerste & vet", "Tweede", "derde", "- een", "- twee", "> oud"]
    )


def test_html_behind_an_empty_plain_part_is_read() -> None:
    message = body(
        b"--b\r\nContent-Type: text/plain\r\n\r\n \r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>hallo\r\n--b--",
        b"multipart/alternative; boundary=b",
    )
    assert message.text == "hallo"


def test_a_plain_footer_does_not_hide_the_html_before_it() -> None:
    message = body(
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>hallo\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\ndisclaimer\r\n--b--",
        b"multipart/mixed; boundary=b",
    )
    assert message.text == "hallo\n\ndisclaimer"


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        (b"=?utf-8?q?a=0D=0ABcc:_x@y.example?=", "a Bcc: x@y.example"),
        (b"=?utf-8?q?a=E2=80=AEcod=2Eexe?=", "acod.exe"),
        (b"=?zlib_codec?b?eJwDAAAAAAE=?=", None),
        (b"=?rot13?q?uryyb?=", "uryyb"),
        (b"=?utf-8?b?!!!?=", None),
        (b"=?utf-8?b?YQ?=", "a"),
        (b"caf\xc3\xa9 caf\xe9", "cafÃ© café"),
        (b"a\0b\x1b[31mc", "ab[31mc"),
        (b"=?iso-8859-1?q?caf=E9?= =?utf-8?q?_caf=C3=A9?=", "café café"),
    ],
)
def test_a_subject_is_one_clean_line(subject: bytes, shown: str | None) -> None:
    message = read(b"From: a@b.example\r\nSubject: " + subject + b"\r\n\r\n")
    assert not any(
        unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in message.subject
    )
    assert shown is None or message.subject == shown


@pytest.mark.parametrize(
    "charset",
    ["zlib_codec", "rot13", "hex", "base64", "idna", "undefined", "x-none", "unicode_escape"],
)
def test_what_is_no_charset_is_not_handed_to_a_codec(charset: str) -> None:
    message = body(b"caf\xc3\xa9 \\x41", b'text/plain; charset="' + charset.encode() + b'"')
    assert message.text == "café \\x41"


def test_limits_leave_out_and_say_so() -> None:
    limits = Limits(attachments=1, attachment_bytes=3, text_chars=5)
    part = b"--b\r\nContent-Type: application/zip\r\n\r\n"
    raw = (
        mails.HEADERS + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\n\r\n1234567\r\n" + part + b"1234\r\n" + part + b"12\r\n" + part + b"1\r\n--b--"
    )
    message = read(raw, limits)
    assert message.text == "12345"
    assert [file.content for file in message.attachments] == [b"12"]
    assert len(message.left_out) == 3


@pytest.mark.parametrize(
    ("header", "mark"),
    [
        (b"Auto-Submitted: auto-generated", Mark.AUTO),
        (b"Auto-Submitted: auto-replied; owner-email=x", Mark.AUTO),
        (b"X-Auto-Response-Suppress: All", Mark.AUTO),
        (b"X-Autoreply: yes", Mark.AUTO),
        (b"Precedence: bulk", Mark.BULK),
        (b"Precedence: junk", Mark.BULK),
        (b"Precedence: list", Mark.LIST),
        (b"List-Id: <x.example>", Mark.LIST),
        (b"List-Unsubscribe: <mailto:x@y.example>", Mark.LIST),
        (b"Return-Path: <>", Mark.BOUNCE),
    ],
)
def test_machines_are_known_by_their_signs(header: bytes, mark: Mark) -> None:
    assert mark in read(header + b"\r\n" + mails.HEADERS + b"\r\nx").marks


def test_a_bounce_is_one_and_a_person_is_none() -> None:
    assert read(mails.BOUNCE).marks == {Mark.AUTO, Mark.BOUNCE}
    for header in (b"Auto-Submitted: no", b"X-Auto-Response-Suppress: DR, OOF"):
        assert read(header + b"\r\n" + mails.HEADERS + b"\r\nx").marks == frozenset()


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("Thu, 1 Jan 2026 10:00:00 +0100", dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC)),
        ("Thu, 1 Jan 2026 10:00:00 -0000", dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)),
        ("Thu, 1 Jan 2026 10:00:00 +9999", None),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Thu, 31 Feb 2026 10:00:00 +0100", None),
        ("", None),
        ("1" * 5000, None),
    ],
)
def test_dates(value: str, at: dt.datetime | None) -> None:
    assert sent_at(value) == at


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", Reason.UNREADABLE),
        (b"hello", Reason.UNREADABLE),
        (b"\r\n\r\nFrom: a@b.example", Reason.UNREADABLE),
        (b"X: y\r\n" * 1001 + mails.HEADERS, Reason.HEADERS),
        (b"X: " + b"y" * 300_000 + b"\r\n", Reason.HEADERS),
        (b"X: y\r\n" * 100_000, Reason.HEADERS),
        (mails.HEADERS + b"\r\n" + b"\n" * 1_000_001, Reason.TOO_LARGE),
        (mails.HEADERS + b"\r\n" + b"\n--" * 50_001, Reason.PARTS),
    ],
)
def test_what_is_refused_before_it_is_parsed(raw: bytes, reason: Reason) -> None:
    refused = parse(raw)
    assert isinstance(refused, Quarantined)
    assert refused.reason is reason


@given(
    st.binary(max_size=300), st.sampled_from(["utf-8", "utf-16", "zlib_codec", "big5", "", "'\""])
)
def test_any_bytes_become_clean_text(raw: bytes, charset: str) -> None:
    text = clean(decoded(raw, charset))
    text.encode("utf-8")
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in text)
    assert not set(text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@given(st.text(max_size=300))
def test_any_header_becomes_one_line(value: str) -> None:
    line = header_text(value)
    assert line == " ".join(line.split())
    line.encode("utf-8")


@pytest.mark.parametrize("raw", mails.ALL)
def test_a_message_comes_back_whole_over_the_wire(raw: bytes) -> None:
    message = parse(raw)
    assert unpacked(*packed(message)) == message


@given(st.binary(max_size=100), st.binary(max_size=20))
def test_what_a_child_gone_mad_says_is_refused(head: bytes, files: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpacked(head, files)


@pytest.mark.parametrize("head", [b"[]", b"{}", b"null", b'{"quarantined": ["x", "y"]}'])
def test_json_that_is_no_reading_is_refused(head: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        unpacked(head, b"")
