"""Handing over what may leave: mail by SMTP, events by webhooks and chat. Deciding came before.

Each message is claimed, its bytes fixed, and only then handed over; nothing of the network happens
inside a transaction.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from afspraak.engine.time import datetime_of
from afspraak.host.faults import HostFault
from afspraak.intake.load import thread_of
from afspraak.notices import chat
from afspraak.notices.actions_channels import claim_deliveries, mark_delivery
from afspraak.notices.actions_send import claim, fix, mark_failed, mark_sent
from afspraak.notices.compose import Kind as Written
from afspraak.notices.compose import NotComposed, Outgoing, compose
from afspraak.notices.contact import CONVERSATION
from afspraak.notices.models import ChannelKind, Delivery, Kind, Notice
from afspraak.notices.out import Answered, Outcome, post
from afspraak.notices.reply_token import Keys, message_id, reply_address, token
from afspraak.notices.sealed import unseal
from afspraak.notices.settings import ADDRESS, desk_address, smtp_server, token_keys
from afspraak.notices.smtp import Fate, Server, send
from afspraak.notices.webhooks import Fate as Delivered
from afspraak.notices.webhooks import fate_of, signed_headers
from afspraak.rights.viewer import SYSTEM

log = logging.getLogger(__name__)
_KINDS: Final = {Kind.CONTACT: Written.PERSON, Kind.RECEIPT: Written.ANSWER}
"""What a mail is to other machines, where it is more than a notice."""
BATCH: Final = 20
Now = Callable[[], int]
"""Reads the clock, in microseconds: a message takes seconds, and many take minutes."""


@dataclass(frozen=True, slots=True)
class Post:
    """How mail leaves: the server, the desk's address, the keys of reply tokens if there are."""

    server: Server
    desk: str
    keys: Keys | None

    @property
    def host(self) -> str:
        """What stands behind the @ of a Message-ID."""
        return self.desk.rpartition("@")[2]


def post_of(environ: Mapping[str, str]) -> Post | None:
    """How mail leaves by the settings; None where no server is named: then it waits. Raises
    SettingRefused, HostFault.
    """
    server, desk = smtp_server(environ), desk_address(environ)
    if server is None:
        return None
    if desk is None:
        raise HostFault(ADDRESS, "mail has no sender", "give the desk's address")
    return Post(server, desk, token_keys(environ))


def send_owed(way: Post | None, now: Now) -> int:
    """Hand over everything that may leave, the oldest first; how much of it was taken."""
    if way is None:
        return 0
    taken = 0
    while notices := claim(at=now(), most=BATCH):
        for notice in notices:
            taken += hand_over(notice, way, now)
    return taken


def hand_over(notice: Notice, way: Post, now: Now) -> bool:
    """One claimed notice; whether the server took it."""
    try:
        raw = _bytes_of(notice, way)
    except (NotComposed, ValueError) as fault:
        mark_failed(notice=notice, why=str(fault), is_for_good=True, at=now())
        return False
    sent = send(raw, server=way.server, sender=way.desk, recipient=notice.address)
    if sent.fate is Fate.ACCEPTED:
        return mark_sent(notice=notice, at=now())
    log.warning("notice %s was not taken: %s %s", notice.id, sent.fate.value, sent.code)
    for_good = sent.fate is Fate.PERMANENT
    why = f"{sent.code or ''} {sent.text}".strip()
    mark_failed(notice=notice, why=why, is_for_good=for_good, at=now())
    return False


def _bytes_of(notice: Notice, way: Post) -> bytes:
    """The message: as it was first made, else made now and fixed before it is handed over."""
    if notice.raw:
        return bytes(notice.raw)
    mail = mail_of(notice, way)
    return fix(notice=notice, message_id=mail.message_id, raw=compose(mail))


def mail_of(notice: Notice, way: Post) -> Outgoing:
    """The notice as a mail: answers to one about a ticket find their way back to it."""
    made, reply_to = "", None
    if way.keys is not None and notice.ticket_id is not None:
        made = token(way.keys, ticket=notice.ticket_id, recipient=notice.address)
        reply_to = reply_address(way.desk, made)
    name = f"<{notice.id}@{way.host}>"
    return Outgoing(
        message_id=message_id(made, str(notice.id), way.host) if made else name,
        sent_at=notice.dated_at or notice.made_at,
        language=notice.language if notice.language in ("nl", "fr", "en") else "nl",
        sender=way.desk,
        sender_name=notice.sender.name,
        recipient=notice.address,
        subject=notice.title,
        text=notice.body,
        kind=_KINDS.get(Kind(notice.obligation.kind), Written.NOTICE),
        reply_to=reply_to,
        references=_thread(notice),
    )


def _thread(notice: Notice) -> tuple[str, ...]:
    """What our part of a conversation answers; nothing of a stranger's stands in our mails."""
    if notice.ticket_id is None or notice.obligation.kind not in CONVERSATION:
        return ()
    return thread_of(ticket=notice.ticket_id, address=notice.address, viewer=SYSTEM)


# Channels -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ways:
    """How events leave: the one HTTP function, and Apprise."""

    post: Callable[[str, bytes, Mapping[str, str]], Outcome] = post
    notify: chat.Notify = chat.notify


def deliver_owed(now: Now, ways: Ways | None = None) -> int:
    """Offer every event that may leave to its channel; how many were taken."""
    using, taken = ways or Ways(), 0
    while deliveries := claim_deliveries(at=now(), most=BATCH):
        for each in deliveries:
            fate, why = _offered(each, using, now)
            mark_delivery(delivery=each, fate=fate, why=why, at=now())
            taken += fate is Delivered.DELIVERED
    return taken


def _offered(delivery: Delivery, ways: Ways, now: Now) -> tuple[Delivered, str]:
    channel = delivery.channel
    if channel.ended_at is not None:
        return Delivered.GIVEN_UP, "the channel has ended"
    try:
        url = unseal(bytes(channel.url), channel.id)
        if channel.kind == ChannelKind.CHAT:
            return _said(delivery, url, ways)
        return _posted(delivery, url, ways, now)
    except ValueError as fault:  # what cannot be unsealed or signed
        return Delivered.GIVEN_UP, str(fault)


def _posted(delivery: Delivery, url: str, ways: Ways, now: Now) -> tuple[Delivered, str]:
    body, channel = bytes(delivery.body), delivery.channel
    headers = signed_headers(
        body,
        keys=[unseal(bytes(channel.secret), channel.id)],
        webhook_id=str(delivery.id),
        at=datetime_of(now()),
    )
    outcome = ways.post(url, body, headers)
    status = outcome.status if isinstance(outcome, Answered) else outcome.why.value
    return fate_of(outcome, attempts=delivery.attempts), str(status)


def _said(delivery: Delivery, url: str, ways: Ways) -> tuple[Delivered, str]:
    if ways.notify(url, "Afspraak", bytes(delivery.body).decode("utf-8")):
        return Delivered.DELIVERED, ""
    again = fate_of(Answered(503, {}, b"", cut=False), attempts=delivery.attempts)
    return again, "the chat did not take it"
