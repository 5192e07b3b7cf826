"""Fetches mail by IMAP: raw first, put away only when the callback has it for good.

A message's name is (mailbox, UIDVALIDITY, UID): it never changes and is never given twice
(RFC 3501, 2.3.1.1). After a crash between the callback's commit and the flag here, the same name
comes again; the callback takes each name once. When the server makes UIDVALIDITY anew, all names
are new; then the mail's Message-ID and its bytes' hash tell what is known already.
"""

import hashlib
import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, cast

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from afspraak.notices.smtp import Tls

STEP_SECONDS: Final = 30.0
HEADER_BYTES: Final = 64 * 1024  # of a mail that is too large, only so much is fetched
_PREVIEW: Final = f"BODY.PEEK[]<0.{HEADER_BYTES}>"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where mail is fetched from, and where it goes then."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    done_folder: str | None = None  # taken mail moves there; without it, it is marked as seen
    ca_file: str | None = None
    most_bytes: int = 25 * 1024 * 1024
    step_seconds: float = STEP_SECONDS


@dataclass(frozen=True, slots=True)
class Name:
    """A message's name on its server, for ever."""

    host: str
    user: str
    folder: str
    uidvalidity: int
    uid: int

    def __str__(self) -> str:
        return f"imap:{self.user}@{self.host}/{self.folder};{self.uidvalidity};{self.uid}"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A message as it lies there. Of one over the limit, only its beginning (`is_whole`)."""

    name: Name
    raw: bytes = field(repr=False)
    size: int
    received_at: datetime  # when the server took it (INTERNALDATE), UTC: the proof of K1

    @property
    def is_whole(self) -> bool:
        return len(self.raw) == self.size

    @property
    def sha256(self) -> str:
        """By which the same mail is known under another name."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class Polled:
    """What one visit came to. What failed lies there still, and comes again at the next."""

    taken: int
    failed: tuple[tuple[Name, str], ...]
    fault: str = ""  # the visit itself broke off: no connection, no such folder


Take = Callable[[Fetched], None]


def poll(mailbox: Mailbox, take: Take, *, most: int = 200) -> Polled:
    """Hands up to `most` waiting messages to `take`, oldest first, and puts those away.

    `take` returns when the message is stored for good; whatever it raises leaves the message
    waiting and does not stop the others. A broken connection is a value too.
    """
    visit = _Visit(mailbox, take)
    try:
        with _signed_in(mailbox) as client:
            visit.run(client, most)
    except (OSError, IMAPClientError, imaplib.IMAP4.error, KeyError, ValueError) as error:
        return visit.result(f"{type(error).__name__}: {error}"[:500])
    return visit.result()


class _Visit:
    """One poll: what was taken, what failed."""

    def __init__(self, mailbox: Mailbox, take: Take) -> None:
        self.mailbox, self.take = mailbox, take
        self.taken = 0
        self.failed: list[tuple[Name, str]] = []

    def result(self, fault: str = "") -> Polled:
        return Polled(self.taken, tuple(self.failed), fault)

    def run(self, client: IMAPClient, most: int) -> None:
        mailbox = self.mailbox
        if mailbox.done_folder and not client.folder_exists(mailbox.done_folder):
            client.create_folder(mailbox.done_folder)
        selected = client.select_folder(mailbox.folder)
        uidvalidity = int(selected[b"UIDVALIDITY"])
        # With a folder for what is done, a person who reads the inbox cannot hide mail from us.
        waiting = ["UNDELETED"] if mailbox.done_folder else ["UNSEEN", "UNDELETED"]
        for uid in sorted(client.search(waiting)):
            if self.taken >= most:  # those that fail do not count: they cannot block the rest
                return
            name = Name(mailbox.host, mailbox.user, mailbox.folder, uidvalidity, uid)
            self._one(client, name)

    def _one(self, client: IMAPClient, name: Name) -> None:
        fetched = _fetched(client, name, self.mailbox.most_bytes)
        if fetched is None:  # somebody else removed it meanwhile
            return
        try:
            self.take(fetched)
        except Exception as error:  # noqa: BLE001  (one bad mail cannot stop the queue)
            self.failed.append((name, f"{type(error).__name__}: {error}"[:500]))
            return
        _put_away(client, name.uid, self.mailbox.done_folder)
        self.taken += 1


@contextmanager
def _signed_in(mailbox: Mailbox) -> Iterator[IMAPClient]:
    context = ssl.create_default_context(cafile=mailbox.ca_file)
    client = IMAPClient(
        mailbox.host,
        port=mailbox.port,
        ssl=mailbox.tls is Tls.IMPLICIT,
        ssl_context=context if mailbox.tls is Tls.IMPLICIT else None,
        timeout=mailbox.step_seconds,
    )
    client.normalise_times = False  # instants with their zone, not this machine's wall time
    try:
        if mailbox.tls is Tls.STARTTLS:
            client.starttls(context)
        client.login(mailbox.user, mailbox.password)
        yield client
    finally:
        with suppress(OSError, IMAPClientError, imaplib.IMAP4.error):
            client.logout()
        with suppress(OSError):
            client.shutdown()


def _fetched(client: IMAPClient, name: Name, most_bytes: int) -> Fetched | None:
    """The message without marking it as seen; its size is asked before its bytes."""
    described = client.fetch([name.uid], ["RFC822.SIZE", "INTERNALDATE"]).get(name.uid)
    if not described:
        return None
    size = int(cast("int", described[b"RFC822.SIZE"]))
    what = "BODY.PEEK[]" if size <= most_bytes else _PREVIEW
    answer = client.fetch([name.uid], [what]).get(name.uid, {})
    raw = next((value for key, value in answer.items() if key.startswith(b"BODY[]")), None)
    if not isinstance(raw, bytes):
        return None
    # A server may have said another size than it sends (RFC 3501 asks for the exact one).
    size = len(raw) if size <= most_bytes else size
    received_at = cast("datetime", described[b"INTERNALDATE"]).astimezone(UTC)
    return Fetched(name, raw, size, received_at)


def _put_away(client: IMAPClient, uid: int, done_folder: str | None) -> None:
    if done_folder is None:
        client.add_flags([uid], [b"\\Seen"], silent=True)
    elif client.has_capability("MOVE"):
        client.move([uid], done_folder)
    else:
        client.copy([uid], done_folder)
        client.add_flags([uid], [b"\\Deleted"], silent=True)
        if client.has_capability("UIDPLUS"):
            client.uid_expunge([uid])
