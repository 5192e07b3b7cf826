"""Mails as the desk of the small world gets them, with what its server says of senders."""

import base64
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from world import World

from afspraak.intake.actions import Arrived
from afspraak.intake.models import Incoming
from afspraak.mail.identity import Trust
from afspraak.mail.message import LIMITS
from afspraak.mail.reader import Reader
from afspraak.mail.take import Desk, store, walk
from afspraak.notices.actions_address import address_owed
from afspraak.notices.models import Notice, NoticeState
from afspraak.notices.reply_token import keys_of, reply_address, token
from afspraak.notices.smtp import Server, Tls
from afspraak.rights.viewer import SYSTEM
from afspraak.worker.sending import Post, mail_of

DESK = "desk@noord.example"
OURS = "mx.noord.example"
TRUST = Trust(OURS)
KEY = "1:" + base64.b64encode(b"k" * 32).decode()
KEYS = keys_of(KEY)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def letter(
    *,
    sender: str = "bob_user@bakery.example",
    to: str = DESK,
    subject: str = "Printer kapot",
    text: str = "De printer doet het niet.",
    message_id: str = "<1@bakery.example>",
    passes: str | None = "pass",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A mail; `passes` is what our server's DMARC says of it, None where it says nothing."""
    made = EmailMessage(policy=policy.SMTP)
    made["Received"] = f"from out by {OURS}; Tue, 2 Mar 2027 09:00:01 +0000"
    if passes is not None:
        domain = sender.rpartition("@")[2]
        made["Authentication-Results"] = f"{OURS}; dmarc={passes} header.from={domain}"
    made["From"] = sender
    made["To"] = to
    made["Subject"] = subject
    made["Date"] = "Tue, 02 Mar 2027 10:00:00 +0100"
    if message_id:
        made["Message-ID"] = message_id
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    for name, content in files:
        made.add_attachment(content, maintype="image", subtype="png", filename=name)
    return made.as_bytes()


def bounce(
    returned: str, *, action: str = "failed", sender: str = "mailer-daemon@mx.example"
) -> bytes:
    """A report (RFC 3464) that a mail was not delivered."""
    lines = f"""\
Return-Path: <>
Received: from out by {OURS}; Tue, 2 Mar 2027 09:00:01 +0000
From: {sender}
To: {DESK}
Subject: Undelivered mail
Date: Tue, 02 Mar 2027 10:00:00 +0100
Message-ID: <bounce.{action}@mx.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain

It could not be delivered.
--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; bob_user@bakery.example
Action: {action}
Status: 5.1.1

--=_b
Content-Type: text/rfc822-headers

Message-ID: {returned}
From: {DESK}
Subject: whatever

--=_b--
"""
    return lines.replace("\n", "\r\n").encode()


@dataclass
class Mailroom:
    """The desk of the world, and the child that reads for it."""

    world: World
    reader: Reader
    trust: Trust | None = TRUST

    @property
    def desk(self) -> Desk:
        return Desk(self.world.supplier.id, DESK, KEYS, self.trust, LIMITS)

    def take(self, raw: bytes, at: int, *, received_at: int | None = None) -> Incoming:
        """Stored and walked; what became of it."""
        arrived = Arrived("test", raw, len(raw), at if received_at is None else received_at)
        mail = store(arrived, self.desk, at)
        walk(mail, self.desk, self.reader, at)
        return self.row(mail)

    def row(self, mail: object) -> Incoming:
        rows = Incoming.objects.seen_by(SYSTEM).select_related("ticket", "fact__words", "notice")
        return rows.get(id=mail)

    def token_for(self, row: Incoming, address: str) -> str:
        assert row.ticket_id is not None
        return reply_address(DESK, token(KEYS, ticket=row.ticket_id, recipient=address))


def written(at: int, **where: object) -> list[Notice]:
    """The notices that are owed to somebody, addressed."""
    address_owed(at=at)
    rows = Notice.objects.seen_by(SYSTEM).filter(state=NoticeState.OWED, **where)
    return list(rows.select_related("sender", "obligation", "recipient").order_by("made_at", "id"))


def as_mail(notice: Notice) -> EmailMessage:
    """The notice as it would leave."""
    from afspraak.notices.compose import compose  # noqa: PLC0415  (a helper of one kind of test)

    way = Post(Server("localhost", 25, Tls.NONE), DESK, KEYS)
    made = message_from_bytes(compose(mail_of(notice, way)), policy=policy.default)
    assert isinstance(made, EmailMessage)
    return made
