"""Fetching from a real IMAP server: nothing is lost, nothing is put away too early."""

import datetime as dt
import itertools
import shutil
from dataclasses import replace

import mails
import pytest
from imapclient import IMAPClient
from mail_servers import Certificate, Dovecot, free_port

from afspraak.mail.imap import HEADER_BYTES, Fetched, Mailbox, Polled, poll
from afspraak.notices.smtp import Tls

numbers = itertools.count(1)


@pytest.fixture
def mailbox(dovecot: Dovecot, certificate: Certificate) -> Mailbox:
    """A mailbox of this test's own, over TLS."""
    return Mailbox(
        "localhost",
        dovecot.tls_port,
        Tls.IMPLICIT,
        f"user{next(numbers)}",
        dovecot.password,
        ca_file=str(certificate.cert),
    )


def deliver(dovecot: Dovecot, mailbox: Mailbox, *raws: bytes) -> None:
    for raw in raws:
        dovecot.deliver(mailbox.user, raw, f"{next(numbers):06}.test")


def polled(mailbox: Mailbox, most: int = 200) -> tuple[Polled, list[Fetched]]:
    taken: list[Fetched] = []
    return poll(mailbox, taken.append, most=most), taken


def test_mail_is_handed_over_raw_and_once(dovecot: Dovecot, mailbox: Mailbox) -> None:
    deliver(dovecot, mailbox, *mails.ALL)
    result, taken = polled(mailbox)
    assert result == Polled(4, ())
    ends = [raw.replace(b"\n", b"\r\n") for raw in mails.ALL]
    assert [fetched.raw for fetched in taken] == ends
    assert all(fetched.is_whole for fetched in taken)
    assert len({fetched.name for fetched in taken}) == 4
    assert all(fetched.received_at.tzinfo is dt.UTC for fetched in taken)
    assert polled(mailbox) == (Polled(0, ()), [])


def test_a_mail_that_fails_waits_and_stops_no_other(dovecot: Dovecot, mailbox: Mailbox) -> None:
    deliver(dovecot, mailbox, mails.PLAIN, mails.HTML, mails.MIXED)
    seen: list[Fetched] = []

    def take(fetched: Fetched) -> None:
        seen.append(fetched)
        if b"Subject: html" in fetched.raw:
            raise RuntimeError("the database is away")

    result = poll(mailbox, take, most=2)
    assert result.taken == 2
    assert [why for _, why in result.failed] == ["RuntimeError: the database is away"]
    again, taken = polled(mailbox)
    assert again.taken == 1
    assert taken[0].name == result.failed[0][0] == seen[1].name


@pytest.mark.parametrize("kind", ["done", "seen"])
def test_what_is_done_is_put_away_and_people_may_read_meanwhile(
    dovecot: Dovecot, mailbox: Mailbox, kind: str
) -> None:
    if kind == "done":
        mailbox = replace(mailbox, done_folder="Verwerkt")
    deliver(dovecot, mailbox, mails.PLAIN, mails.HTML)
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as person:
        person.login(mailbox.user, mailbox.password)
        person.select_folder("INBOX")
        person.fetch(person.search(), ["BODY[]"])  # which marks all as seen
    result, _ = polled(mailbox)
    assert result.taken == (2 if kind == "done" else 0)
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as person:
        person.login(mailbox.user, mailbox.password)
        person.select_folder("INBOX")
        assert len(person.search()) == (0 if kind == "done" else 2)
        if kind == "done":
            person.select_folder("Verwerkt")
            assert len(person.search()) == 2


def test_a_mail_over_the_limit_comes_as_its_beginning(dovecot: Dovecot, mailbox: Mailbox) -> None:
    large = mails.HEADERS + b"\r\n" + b"x" * 200_000 + b"\r\n"
    deliver(dovecot, mailbox, large)
    result, (fetched,) = polled(replace(mailbox, most_bytes=100_000))
    assert result.taken == 1
    assert not fetched.is_whole
    assert (fetched.size, fetched.raw) == (len(large), large[:HEADER_BYTES])


def test_a_mailbox_made_anew_gives_new_names(dovecot: Dovecot, mailbox: Mailbox) -> None:
    deliver(dovecot, mailbox, mails.PLAIN)
    _, (before,) = polled(mailbox)
    shutil.rmtree(dovecot.folder / "mail" / mailbox.user)
    for index in dovecot.folder.glob(f"**/{mailbox.user}"):
        shutil.rmtree(index)
    deliver(dovecot, mailbox, mails.PLAIN)
    with IMAPClient("127.0.0.1", dovecot.port, ssl=False) as person:
        person.login(mailbox.user, mailbox.password)
        person.select_folder("INBOX")
        now = int(person.folder_status("INBOX", ["UIDVALIDITY"])[b"UIDVALIDITY"])
    _, (after,) = polled(mailbox)
    assert after.name.uidvalidity == now
    assert after.name.uid == before.name.uid == 1
    assert after.sha256 == before.sha256
    assert (after.name == before.name) is (now == before.name.uidvalidity)


@pytest.mark.parametrize("tls", Tls)
def test_each_way_of_protection(dovecot: Dovecot, mailbox: Mailbox, tls: Tls) -> None:
    deliver(dovecot, mailbox, mails.PLAIN)
    port = dovecot.tls_port if tls is Tls.IMPLICIT else dovecot.port
    result, taken = polled(replace(mailbox, tls=tls, port=port))
    assert (result, len(taken)) == (Polled(1, ()), 1)


@pytest.mark.parametrize(
    "change",
    [
        {"password": "fout"},
        {"folder": "Bestaat niet"},
        {"ca_file": None},
        {"ca_file": "missing.pem"},
        {"host": "127.0.0.2"},
        {"port": None},
    ],
    ids=str,
)
def test_a_visit_that_breaks_off_says_so(
    dovecot: Dovecot, mailbox: Mailbox, change: dict[str, object]
) -> None:
    deliver(dovecot, mailbox, mails.PLAIN)
    change = {"port": free_port()} if "port" in change else change
    result, taken = polled(replace(mailbox, **change))
    assert taken == []
    assert result.fault
    assert "geheim" not in result.fault
    assert "geheim" not in repr(mailbox)


def test_a_server_without_move_keeps_no_mail_waiting(
    dovecot: Dovecot, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    has = IMAPClient.has_capability
    monkeypatch.setattr(
        IMAPClient, "has_capability", lambda self, name: name != "MOVE" and has(self, name)
    )
    mailbox = replace(mailbox, done_folder="Verwerkt")
    deliver(dovecot, mailbox, mails.PLAIN, mails.HTML)
    assert polled(mailbox)[0].taken == 2
    assert polled(mailbox)[0].taken == 0
