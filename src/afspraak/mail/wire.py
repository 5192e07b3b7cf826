"""How the child that reads says what it read: a length, JSON, the attachments' bytes.

No pickle: what comes from the child is data, also if a hostile mail had taken it over.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeAlias, cast

from afspraak.mail.message import (
    Attachment,
    Mark,
    Message,
    Quarantined,
    Reason,
    Result,
    Sender,
)

LENGTH: Final = 8  # bytes, big-endian

Read: TypeAlias = Message | Quarantined


def framed(*blocks: bytes) -> bytes:
    """Blocks, each behind its length."""
    return b"".join(part for block in blocks for part in (sized(block), block))


def sized(block: bytes) -> bytes:
    """The length of a block, as it goes before it."""
    return len(block).to_bytes(LENGTH, "big")


def packed(read: Read) -> tuple[bytes, bytes]:
    """A reading as a head in JSON, and all attachments' bytes one behind the other."""
    if isinstance(read, Quarantined):
        return _json({"quarantined": [read.reason, read.detail]}), b""
    head = {
        "sender": [read.sender.address, read.sender.name, read.sender.why],
        "lists": [read.to, read.cc, read.delivered_to, read.references, read.left_out],
        "texts": [read.subject, read.message_id, read.text, read.reply],
        "sent_at": read.sent_at.isoformat() if read.sent_at else None,
        "marks": sorted(read.marks),
        "results": [[result.hops, result.value] for result in read.results],
        "files": [[a.name, a.content_type, len(a.content)] for a in read.attachments],
    }
    return _json(head), b"".join(a.content for a in read.attachments)


def unpacked(head: bytes, files: bytes) -> Read:
    """The reading that `packed` packed. Raises ValueError for what it cannot have packed."""
    try:
        return _unpacked(json.loads(head), files)
    except (KeyError, TypeError, IndexError, RecursionError) as error:
        raise ValueError("the child did not say what it read") from error


def _json(head: Mapping[str, object]) -> bytes:
    return json.dumps(head, ensure_ascii=True).encode("ascii")


def _unpacked(head: dict[str, list[object]], files: bytes) -> Read:
    if "quarantined" in head:
        reason, detail = head["quarantined"]
        return Quarantined(Reason(str(reason)), str(detail))
    address, name, why = head["sender"]
    to, cc, delivered_to, references, left_out = (_texts(part) for part in head["lists"])
    subject, message_id, text, reply = map(str, head["texts"])
    at = head["sent_at"]
    return Message(
        sender=Sender(None if address is None else str(address), str(name), str(why)),
        to=to,
        cc=cc,
        delivered_to=delivered_to,
        subject=subject,
        sent_at=datetime.fromisoformat(str(at)) if at else None,
        message_id=message_id,
        references=references,
        marks=frozenset(Mark(str(mark)) for mark in head["marks"]),
        results=tuple(_result(part) for part in head["results"]),
        text=text,
        reply=reply,
        attachments=_attachments(head["files"], files),
        left_out=left_out,
    )


def _texts(part: object) -> tuple[str, ...]:
    return tuple(map(str, cast("list[object]", part)))


def _result(part: object) -> Result:
    hops, value = cast("list[object]", part)
    return Result(int(str(hops)), str(value))


def _attachments(described: list[object], files: bytes) -> tuple[Attachment, ...]:
    found, at = [], 0
    for part in described:
        name, content_type, size = cast("list[object]", part)
        end = at + int(str(size))
        found.append(Attachment(str(name), str(content_type), files[at:end]))
        at = end
    if at != len(files):
        raise ValueError("the attachments' bytes do not add up")
    return tuple(found)
