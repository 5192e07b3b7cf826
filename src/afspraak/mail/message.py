"""What a mail says, as frozen values: all that leaves the reading child (RELIABILITY, Mail in)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """What one mail may cost; beyond it the mail is quarantined, not the queue."""

    raw_bytes: int = 25 * 1024 * 1024
    header_bytes: int = 256 * 1024  # of the message's own header block
    headers: int = 1_000
    lines: int = 1_000_000  # of the whole: the library holds each line on its own
    dashes: int = 50_000  # lines that may part parts
    depth: int = 20  # multiparts within multiparts
    parts: int = 250
    text_chars: int = 200_000  # the rest of a longer body is left out, and said so
    tags: int = 15_000  # of HTML; beyond it a thread's oldest part is left out
    attachments: int = 50
    attachment_bytes: int = 25 * 1024 * 1024  # of all attachments together, decoded
    addresses: int = 200
    cpu_seconds: int = 10
    wall_seconds: float = 20.0
    memory_bytes: int = 768 * 1024 * 1024


LIMITS: Final = Limits()


class Mark(StrEnum):
    """Why a mail may be a machine's: nothing is answered automatically to any of these."""

    AUTO = "auto-submitted"
    BULK = "bulk"
    LIST = "mailing list"
    BOUNCE = "bounce"


class Reason(StrEnum):
    """Why a mail was set apart instead of read."""

    TOO_LARGE = "larger than allowed"
    HEADERS = "too many or too long headers"
    NESTED = "parts nested too deeply"
    PARTS = "too many parts"
    TIME = "reading took too long"
    MEMORY = "reading took too much memory"
    CRASHED = "the reader crashed"
    UNREADABLE = "not readable as a mail"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A mail that could not be read within its limits: kept raw, shown to a person."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom the From header names; `address` is None when it names nobody, or more than one.

    `why` then says so. `name` is what the header calls them, empty where that would mislead.
    """

    address: str | None
    name: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came along; its name holds no path, its type is what the sender claims."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """An Authentication-Results header as it stood, and how many Received headers stood above."""

    hops: int
    value: str


@dataclass(frozen=True, slots=True)
class Message:
    """A mail as it was read. Every text is clean: no controls, no bidi overrides, no surrogates."""

    sender: Sender
    to: tuple[str, ...]
    cc: tuple[str, ...]
    delivered_to: tuple[str, ...]
    subject: str
    sent_at: datetime | None  # as the sender claims, UTC; the receipt is the fetcher's to say (K1)
    message_id: str
    references: tuple[str, ...]  # In-Reply-To and References, nearest first
    marks: frozenset[Mark]
    results: tuple[Result, ...]  # whoever wrote them, topmost first; identity.py judges
    text: str
    reply: str  # the text without what it quotes
    attachments: tuple[Attachment, ...]
    left_out: tuple[str, ...]  # what did not fit, in words for a person
