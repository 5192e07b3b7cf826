"""The whole loop over real servers: a mail lies in dovecot, becomes a ticket, is answered by SMTP,
and the customer's own answer ends the pause.
"""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from letters import DESK, KEY, OURS, letter
from mail_servers import Certificate, Dovecot, free_port
from world import HOUR, MINUTE, TUESDAY, World, make_world

from afspraak.engine.time import instant_of
from afspraak.intake.models import Incoming, State
from afspraak.mail.fetch import fetch_mail
from afspraak.notices.actions_address import address_owed
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact, Ticket
from afspraak.worker.sending import post_of, send_owed

pytestmark = pytest.mark.usefixtures("as_system")
numbers = itertools.count(1)


@dataclass
class Post:
    """A mail server that keeps what it took."""

    taken: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        made = message_from_bytes(bytes(envelope.original_content), policy=policy.default)
        assert isinstance(made, EmailMessage)
        self.taken.append(made)
        return "250 OK"


@contextmanager
def serving(port: int) -> Iterator[Post]:
    post = Post()
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


@pytest.fixture
def environ(dovecot: Dovecot, certificate: Certificate) -> dict[str, str]:
    """An installation whose mailbox is this test's own."""
    user = f"loop{next(numbers)}"
    address = f"imaps://{user}:{dovecot.password}@localhost:{dovecot.tls_port}"
    return {
        "USER": user,
        "AFSPRAAK_MAIL_ADDRESS": DESK,
        "AFSPRAAK_MAIL_IMAP_URL": f"{address}/INBOX?done=Verwerkt",
        "AFSPRAAK_MAIL_SMTP_URL": f"smtp://127.0.0.1:{free_port()}",
        "AFSPRAAK_MAIL_CA_FILE": str(certificate.cert),
        "AFSPRAAK_MAIL_AUTHSERV_ID": OURS,
        "AFSPRAAK_MAIL_TOKEN_KEYS": KEY,
        "AFSPRAAK_MAIL_ORGANISATION": "kvk:12345678",
    }


def deliver(dovecot: Dovecot, environ: dict[str, str], raw: bytes, at: int) -> None:
    """As an MTA leaves it, at a moment of its own."""
    name = f"{next(numbers):06}.loop"
    dovecot.deliver(environ["USER"], raw, name)
    path = dovecot.folder / "mail" / environ["USER"] / "new" / name
    os.utime(path, (at // 1_000_000, at // 1_000_000))


def fetched(environ: dict[str, str], at: int) -> dict[str, int]:
    polled, walked = fetch_mail(environ, lambda: at)
    assert (polled.fault, polled.failed, walked.failed) == ("", (), 0)
    return dict(walked.settled)


def sent(environ: dict[str, str], at: int) -> int:
    address_owed(at=at)
    return send_owed(post_of(environ), lambda: at)


def test_a_report_a_question_and_its_answer_all_by_mail(
    dovecot: Dovecot, environ: dict[str, str]
) -> None:
    world: World = make_world()
    deliver(dovecot, environ, letter(), TUESDAY)
    assert fetched(environ, TUESDAY + 2 * MINUTE) == {"placed": 1}
    ticket = Ticket.objects.seen_by(SYSTEM).get()
    reported = Fact.objects.seen_by(SYSTEM).get(ticket=ticket)
    assert instant_of(reported.happened_at) == TUESDAY  # what dovecot says, not when we looked
    port = int(environ["AFSPRAAK_MAIL_SMTP_URL"].rpartition(":")[2])
    with serving(port) as post:
        assert sent(environ, TUESDAY + 3 * MINUTE) == 1
        asked = {"to": "customer", "words": "Welke printer?", "person": world.people["agnes"].id}
        world.tell("question", ticket.id, TUESDAY + HOUR, **asked)
        assert sent(environ, TUESDAY + HOUR + MINUTE) == 1
    receipt, question = post.taken
    assert receipt["Auto-Submitted"] == "auto-replied"
    assert question["In-Reply-To"] == "<1@bakery.example>"
    ticket.standing.refresh_from_db()
    assert (ticket.standing.turn, ticket.standing.is_frozen) == ("customer", True)
    answer = letter(
        to=str(question["Reply-To"]),
        subject=f"Re: {question['Subject']}",
        text="De zwarte.\n\nOp 2 maart 2027 schreef Noord ICT:\n> Welke printer?",
        message_id="<2@bakery.example>",
    )
    deliver(dovecot, environ, answer, TUESDAY + 2 * HOUR)
    assert fetched(environ, TUESDAY + 2 * HOUR + MINUTE) == {"placed": 1}
    ticket.standing.refresh_from_db()
    assert (ticket.standing.turn, ticket.standing.is_frozen) == ("supplier", False)
    told = Fact.objects.seen_by(SYSTEM).filter(ticket=ticket, code="answer").get()
    assert instant_of(told.happened_at) == TUESDAY + 2 * HOUR
    assert told.words.body == "De zwarte."
    assert fetched(environ, TUESDAY + 3 * HOUR) == {}


def test_an_answer_to_the_from_address_finds_its_thread(
    dovecot: Dovecot, environ: dict[str, str]
) -> None:
    """A program that ignores Reply-To: the Message-ID carries the token too."""
    make_world()
    deliver(dovecot, environ, letter(), TUESDAY)
    fetched(environ, TUESDAY)
    port = int(environ["AFSPRAAK_MAIL_SMTP_URL"].rpartition(":")[2])
    with serving(port) as post:
        sent(environ, TUESDAY)
    reference = str(post.taken[0]["Message-ID"])
    raw = f"References: {reference}\r\n".encode() + letter(message_id="<2@bakery.example>")
    deliver(dovecot, environ, raw, TUESDAY + HOUR)
    fetched(environ, TUESDAY + HOUR)
    codes = Fact.objects.seen_by(SYSTEM).order_by("seq").values_list("code", flat=True)
    assert list(codes) == ["reported", "customer_contact"]


def test_a_poll_that_is_cut_off_before_the_walk_loses_and_doubles_nothing(
    dovecot: Dovecot, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_world()
    for place in range(3):
        deliver(dovecot, environ, letter(message_id=f"<{place}@b.example>"), TUESDAY + place * HOUR)

    def cut_off(*_told: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("afspraak.mail.fetch.walk_waiting", cut_off)
        with pytest.raises(KeyboardInterrupt):
            fetch_mail(environ, lambda: TUESDAY + 3 * HOUR)
    waiting = Incoming.objects.seen_by(SYSTEM).filter(state=State.WAITING).count()
    assert (waiting, Ticket.objects.seen_by(SYSTEM).count()) == (3, 0)
    assert fetched(environ, TUESDAY + 4 * HOUR) == {"placed": 3}
    assert Ticket.objects.seen_by(SYSTEM).count() == 3
