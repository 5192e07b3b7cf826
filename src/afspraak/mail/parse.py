"""A mail's bytes as a Message. It may fail and run long: only the child of `child.py` calls it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message as Part
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias

from afspraak.mail.addresses import addresses_of, sender_of
from afspraak.mail.clean import HEADER_CHARS, header_text, one_line, raw_text
from afspraak.mail.marks import marks_of
from afspraak.mail.message import LIMITS, Limits, Message, Quarantined, Reason, Result
from afspraak.mail.parts import Contents
from afspraak.mail.reply import reply_of

MOST_REFERENCES: Final = 50
MOST_RESULTS: Final = 10
_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_NEEDED: Final = {"from", "subject", "date", "message-id", "received"}  # one of these at least
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")

Headers: TypeAlias = dict[str, list[str]]


def parse(raw: bytes, limits: Limits = LIMITS) -> Message | Quarantined:
    """The mail that these bytes are. Raises whatever the library raises on what is hostile."""
    refused = _refused_before(raw, limits)
    if refused:
        return refused
    part = BytesParser(policy=compat32).parsebytes(raw)
    headers = list(_headers(part))
    if not _NEEDED & {name for name, _ in headers}:
        return Quarantined(Reason.UNREADABLE, "no From, Subject, Date, Message-ID or Received")
    contents = Contents(limits)
    refused = contents.read(part)
    return refused or _message(part, headers, contents, limits)


def _refused_before(raw: bytes, limits: Limits) -> Quarantined | None:
    """What can be said before anything is parsed: size, and the size of the header block."""
    if len(raw) > limits.raw_bytes:
        return Quarantined(Reason.TOO_LARGE, f"{len(raw)} bytes, at most {limits.raw_bytes}")
    end = _HEAD_END.search(raw, 0, limits.header_bytes)
    if end is None and len(raw) >= limits.header_bytes:
        return Quarantined(Reason.HEADERS, f"more than {limits.header_bytes} bytes of headers")
    lines = raw[: end.start() if end else len(raw)].count(b"\n")
    if lines > limits.headers:
        return Quarantined(Reason.HEADERS, f"{lines} lines of headers, at most {limits.headers}")
    if max(raw.count(b"\n"), raw.count(b"\r")) > limits.lines:
        return Quarantined(Reason.TOO_LARGE, f"more than {limits.lines} lines")
    if raw.count(b"\n--") > limits.dashes:
        return Quarantined(Reason.PARTS, f"more than {limits.dashes} lines that begin with --")
    return None


def _headers(part: Part) -> Iterator[tuple[str, str]]:
    """Names in lower case with their values as they stood, folds and odd bytes included."""
    for name, value in part.raw_items():
        yield name.lower(), str(value)


def _message(
    part: Part,
    headers: list[tuple[str, str]],
    contents: Contents,
    limits: Limits,
) -> Message:
    named: Headers = {}
    for name, value in headers:
        named.setdefault(name, []).append(value)
    sender = sender_of(named.get("from", []))
    text = contents.text()
    delivered = [v for name in ("delivered-to", "x-original-to") for v in named.get(name, [])]
    return Message(
        sender=sender,
        to=addresses_of(named.get("to", []), limits.addresses),
        cc=addresses_of(named.get("cc", []), limits.addresses),
        delivered_to=addresses_of(delivered, limits.addresses),
        subject=header_text(named.get("subject", [""])[0]),
        sent_at=sent_at(named.get("date", [""])[0]),
        message_id=next(_ids(named.get("message-id", [])), ""),
        references=_references(named),
        marks=marks_of(part.get_content_type(), str(part.get("content-type", "")), named, sender),
        results=tuple(_results(headers)),
        text=text,
        reply=reply_of(text),
        attachments=tuple(contents.attachments),
        left_out=tuple(contents.left_out),
    )


def sent_at(value: str) -> datetime | None:
    """A Date header in UTC; without a zone it is taken as UTC (RFC 5322, -0000)."""
    try:
        at = parsedate_to_datetime(value[:200].strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _ids(values: list[str]) -> Iterator[str]:
    for value in values:
        yield from _ID.findall(value[: HEADER_CHARS * 4])


def _references(named: Headers) -> tuple[str, ...]:
    """What this mail answers: In-Reply-To, then References from the nearest back, each once."""
    answered = list(_ids(named.get("in-reply-to", [])))
    thread = list(_ids(named.get("references", [])))
    return tuple(dict.fromkeys([*answered, *reversed(thread)]))[:MOST_REFERENCES]


def _results(headers: list[tuple[str, str]]) -> Iterator[Result]:
    """The topmost Authentication-Results, each with the number of hops above it."""
    hops = found = 0
    for name, value in headers:
        hops += name == "received"
        if name == "authentication-results" and found < MOST_RESULTS:
            found += 1
            yield Result(hops, one_line(raw_text(value[:HEADER_CHARS]), HEADER_CHARS))
