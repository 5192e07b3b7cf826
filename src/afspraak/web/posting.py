"""Mails of signing in (codes, links) leave by the same door as notices: `notices.smtp`.

They are handed over beside the request: an answer takes as long for an address that is known as for
one that is not, and a mail server that is away shows on no page. A code that got lost is asked for
again.
"""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Final

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from afspraak.notices.settings import SettingRefused, desk_address, smtp_server
from afspraak.notices.smtp import Fate, Sent, Server, send

log = logging.getLogger("afspraak.web")
AT_ONCE: Final = 2


@cache
def _hands() -> ThreadPoolExecutor:
    """Made when first needed, in the process that needs it."""
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="post")


class Post(BaseEmailBackend):
    """Django's backend for mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Leaves the mails to be handed over; how many were."""
        try:
            server, desk = smtp_server(os.environ), desk_address(os.environ)
        except SettingRefused as refusal:
            log.error("no mail leaves: %s", refusal)  # noqa: TRY400  (the message says it all)
            return 0
        if server is None or desk is None:
            log.warning("no mail leaves: AFSPRAAK_MAIL_SMTP_URL and AFSPRAAK_MAIL_ADDRESS say how")
            return 0
        for message in email_messages:
            raw = bytes_of(message, desk)
            for recipient in message.recipients():
                hand_over(raw, server, desk, recipient)
        return len(email_messages)


def bytes_of(message: EmailMessage, desk: str) -> bytes:
    """A mail of ours as it is handed over, from the desk's address."""
    message.from_email = desk
    made = message.message()
    made["Auto-Submitted"] = "auto-generated"
    return made.as_bytes(linesep="\r\n")  # type: ignore[call-arg]  # Django's own messages take it


def hand_over(raw: bytes, server: Server, desk: str, recipient: str) -> "Future[Sent]":
    """One mail to one recipient, beside the request. What became of it is logged, never to whom."""
    handed = _hands().submit(send, raw, server=server, sender=desk, recipient=recipient)
    handed.add_done_callback(_tell)
    return handed


def _tell(handed: "Future[Sent]") -> None:
    sent = handed.result()
    if sent.fate is not Fate.ACCEPTED:
        log.warning("a mail of signing in was not taken: %s (%s)", sent.fate.value, sent.code)
