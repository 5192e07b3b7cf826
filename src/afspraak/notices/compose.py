"""Builds a mail that goes out: the same values give the same bytes, so one notice is one mail."""

import hashlib
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Final

from afspraak.notices.address import plain_address

REPLY_ABOVE: Final = "##- {} -##"  # a line over which people answer; mail/reply.py cuts there
ANSWER: Final[Mapping[str, str]] = {
    "nl": "Antwoord boven deze regel",
    "fr": "Répondez au-dessus de cette ligne",
    "en": "Please reply above this line",
}
SUBJECT_CHARS: Final = 200
MOST_REFERENCES: Final = 20
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,250}>")
_UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]+"
)


class _WholeIds(policy.EmailPolicy):
    """Message-IDs stand whole on a line each: the library would encode one that is too long for a
    line, and no program would know the thread again.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        """A header's lines."""
        if name in {"In-Reply-To", "References"}:
            lines = "\r\n ".join(value.split())
            return f"{name}: {lines}\r\n".encode("ascii")
        return super().fold_binary(name, value)


_POLICY: Final = _WholeIds(linesep="\r\n", cte_type="7bit", max_line_length=76)


class NotComposed(ValueError):
    """A value that cannot stand where it was put: a fault of the caller's, said by name."""


class Kind(StrEnum):
    """What our mail is to other machines (RFC 3834)."""

    NOTICE = "auto-generated"
    ANSWER = "auto-replied"
    PERSON = "no"  # somebody of the desk pressed send


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail to one recipient, as owed: its Message-ID and date are fixed with it."""

    message_id: str
    sent_at: datetime  # aware
    language: str  # nl, fr, en
    sender: str
    sender_name: str
    recipient: str
    subject: str
    text: str
    kind: Kind = Kind.NOTICE
    reply_to: str | None = None  # the address with the token
    references: tuple[str, ...] = ()  # the thread, oldest first


def compose(mail: Outgoing) -> bytes:
    """The mail's bytes with CRLF, ready for SMTP. Raises NotComposed."""
    message = EmailMessage(policy=_POLICY)
    for name, value in _headers(mail).items():
        message[name] = value
    text = _seen(mail.text).strip("\n") + "\n"
    if mail.reply_to:
        text = f"{REPLY_ABOVE.format(ANSWER[mail.language])}\n\n{text}"
    message.set_content(text, subtype="plain", charset="utf-8", cte="quoted-printable")
    page = _page(text, mail.language)
    message.add_alternative(page, subtype="html", charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = mail.language  # set_content clears what begins so
    # In quoted-printable an = is always followed by two hexadecimal digits or a line's end.
    digest = hashlib.sha256(f"{mail.message_id}\0{text}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:32]}")
    return message.as_bytes()


def thread_of(parents: tuple[str, ...]) -> tuple[str, ...]:
    """A thread's references within bounds: the first one, and the latest."""
    if len(parents) <= MOST_REFERENCES:
        return parents
    return (parents[0], *parents[1 - MOST_REFERENCES :])


def _headers(mail: Outgoing) -> dict[str, str]:
    if mail.language not in ANSWER:
        raise NotComposed(f"language {mail.language!r}: give one of {', '.join(ANSWER)}")
    if mail.sent_at.tzinfo is None:
        raise NotComposed(f"sent_at {mail.sent_at}: give an instant with its zone")
    headers = {
        "Message-ID": _id("message_id", mail.message_id),
        "Date": format_datetime(mail.sent_at),
        "From": _mailbox("sender", mail.sender, mail.sender_name),
        "To": _mailbox("recipient", mail.recipient),
        "Subject": _line(mail.subject),
        "Auto-Submitted": mail.kind.value,
    }
    if mail.kind is not Kind.PERSON:
        headers["X-Auto-Response-Suppress"] = "All"
    if mail.reply_to:
        headers["Reply-To"] = _mailbox("reply_to", mail.reply_to)
    if mail.references:
        thread = [_id("references", one) for one in thread_of(mail.references)]
        headers["In-Reply-To"] = thread[-1]
        headers["References"] = " ".join(thread)
    return headers


def _id(field: str, value: str) -> str:
    if not _MESSAGE_ID.fullmatch(value):
        raise NotComposed(f"{field} {value!r}: give a Message-ID, <...@host>")
    return value


def _mailbox(field: str, address: str, name: str = "") -> str:
    if plain_address(address) is None:
        raise NotComposed(f"{field} {address!r}: give one plain address")
    shown = _line(name).replace("\\", "").replace('"', "'")
    return f'"{shown}" <{address}>' if shown else address


def _line(text: str) -> str:
    """A title or a name, that may hold what a stranger wrote: one line, nothing unseen."""
    return " ".join(_seen(text.replace("\r", " ").replace("\n", " ")).split())[:SUBJECT_CHARS]


def _seen(text: str) -> str:
    return _UNSEEN.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def _page(text: str, language: str) -> str:
    """The same text as HTML: paragraphs and lines, no links, nothing of a stranger's."""
    blocks = re.split(r"\n{2,}", text.strip("\n"))
    paragraphs = "\n".join(
        f"<p>{html.escape(block)}</p>".replace("\n", "<br>\n") for block in blocks
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"></head>\n'
        f'<body style="font-family:sans-serif;line-height:1.5">\n{paragraphs}\n</body></html>\n'
    )
