"""A mail that goes out: the same values, the same bytes; nothing of a stranger's in its headers."""

import datetime as dt
import email
import email.policy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.mail.message import Mark, Message
from afspraak.mail.parse import parse
from afspraak.notices.compose import Kind, NotComposed, Outgoing, compose, thread_of

MAIL = Outgoing(
    message_id="<abc.1@msp.example>",
    sent_at=dt.datetime(2026, 1, 12, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    language="nl",
    sender="desk@msp.example",
    sender_name="Servicedesk Zuid",
    recipient="jan@klant.example",
    subject="Melding 17: printer é",
    text="Beste Jan,\n\nWe halen het niet.\nReden: café & <b>.\n",
    reply_to="desk+abc@msp.example",
    references=("<one@msp.example>", "<two@klant.example>"),
)
HEADERS = [
    *("Message-ID", "Date", "From", "To", "Subject", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "Reply-To", "In-Reply-To", "References"),
    *("MIME-Version", "Content-Type", "Content-Language"),
]


def test_the_same_values_give_the_same_bytes() -> None:
    assert compose(MAIL) == compose(replace(MAIL))
    assert compose(MAIL) != compose(replace(MAIL, message_id="<abc.2@msp.example>"))


def test_the_bytes_are_ready_for_smtp() -> None:
    raw = compose(MAIL)
    assert raw.isascii()
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_what_was_given_is_read_back() -> None:
    message = email.message_from_bytes(compose(MAIL), policy=email.policy.default)
    assert message.keys() == HEADERS
    assert message["Date"] == "Mon, 12 Jan 2026 10:00:00 +0100"
    assert message["In-Reply-To"] == "<two@klant.example>"
    assert message["References"] == "<one@msp.example> <two@klant.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    plain, page = message.iter_parts()
    lines = plain.get_content().split("\r\n")
    assert "\n".join(lines) == f"##- Antwoord boven deze regel -##\n\n{MAIL.text}"
    assert "<p>We halen het niet.<br>\r\nReden: café &amp; &lt;b&gt;.</p>" in page.get_content()
    assert '<html lang="nl">' in page.get_content()


def test_an_id_that_is_too_long_for_a_line_stays_whole() -> None:
    long = f"<{'x' * 120}@mail.example>"
    message = parse(compose(replace(MAIL, references=("<one@msp.example>", long))))
    assert isinstance(message, Message)
    assert message.references == (long, "<one@msp.example>")


def test_our_own_reader_knows_it_as_a_machines() -> None:
    message = parse(compose(MAIL))
    assert isinstance(message, Message)
    assert message.subject == MAIL.subject
    assert message.sender.address == MAIL.sender
    assert Mark.AUTO in message.marks


def test_a_person_of_the_desk_is_no_machine() -> None:
    message = parse(compose(replace(MAIL, kind=Kind.PERSON)))
    assert isinstance(message, Message)
    assert message.marks == frozenset()


ODD = st.text(
    alphabet=st.sampled_from('ab\r\n\0\u2028\u202e\x1b<>@:,;"\\()=?\ud800é' + "\U0001f5a8 "),
    max_size=60,
)


@settings(max_examples=150)
@given(ODD | st.text(max_size=300), ODD, ODD)
def test_no_title_name_or_text_adds_a_header(subject: str, name: str, text: str) -> None:
    evil = f"{subject}\r\nBcc: evil@x.example\r\n\r\n{subject}"
    raw = compose(replace(MAIL, subject=evil, sender_name=name + evil, text=text + evil))
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.keys() == HEADERS
    assert not any("\n" in str(value) or "\r" in str(value) for value in message.values())
    assert [str(box.addr_spec) for box in message["From"].addresses] == [MAIL.sender]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    read = parse(raw)
    assert isinstance(read, Message)
    assert read.sender.address == MAIL.sender


@settings(max_examples=100)
@given(st.text(max_size=500))
def test_any_text_stays_within_its_part(text: str) -> None:
    raw = compose(replace(MAIL, text=text))
    assert raw.count(b"\r\n--=_") == 3


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": "jan@klant.example\r\nBcc: x@y.example"},
        {"recipient": "jan@klant.example, x@y.example"},
        {"sender": "Desk <desk@msp.example>"},
        {"reply_to": "desk"},
        {"message_id": "abc"},
        {"message_id": "<a@b>\r\nBcc: x@y.example"},
        {"references": ("<a@b>\r\n <c@d>",)},
        {"language": "de"},
        {"sent_at": dt.datetime(2026, 1, 1)},  # noqa: DTZ001  (that is the point)
    ],
)
def test_a_value_that_cannot_stand_there_is_named(change: dict[str, object]) -> None:
    with pytest.raises(NotComposed, match=next(iter(change))):
        compose(replace(MAIL, **change))


def test_a_long_thread_keeps_its_first_and_its_latest() -> None:
    ids = tuple(f"<{n}@x.example>" for n in range(100))
    thread = thread_of(ids)
    assert len(thread) == 20
    assert (thread[0], thread[-1]) == (ids[0], ids[-1])
    assert compose(replace(MAIL, references=ids))
