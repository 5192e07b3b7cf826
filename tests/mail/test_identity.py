"""Who wrote a mail: only our own server's word counts, and only for the From domain."""

import mails
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.mail.identity import Trust, identify, identity_of, read_results
from afspraak.mail.message import Message, Result, Sender
from afspraak.mail.parse import parse

OURS = Trust("mx.msp.example", hops=1)
JAN = Sender("jan@klant.example")


def is_verified(*values: str, sender: Sender = JAN, hops: int = 1) -> bool:
    return identify(sender, [Result(hops, value) for value in values], OURS).is_verified


@pytest.mark.parametrize(
    "value",
    [
        "mx.msp.example; dmarc=pass header.from=klant.example",
        "MX.msp.example 1; DMARC=Pass (p=REJECT sp=none) header.from=Klant.Example",
        "mx.msp.example; dmarc = pass header.from = klant.example",
        "mx.msp.example; spf=fail smtp.mailfrom=x.example; dmarc=pass header.from=klant.example",
        "mx.msp.example; dkim=pass header.d=klant.example",
        "mx.msp.example; dkim/1=pass header.i=@klant.example header.s=a",
        "mx.msp.example; dkim=fail header.d=klant.example; dkim=pass header.d=klant.example",
        "mx.msp.example; dmarc=none; spf=pass smtp.mailfrom=x@klant.example",
    ],
)
def test_what_is_aligned_and_passes_verifies(value: str) -> None:
    assert is_verified(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "mx.msp.example",
        "mx.msp.example; none",
        "mx.evil.example; dmarc=pass header.from=klant.example",
        "xmx.msp.example; dmarc=pass header.from=klant.example",
        "mx.msp.example.evil.example; dmarc=pass header.from=klant.example",
        "mx.msp.example 2; dmarc=pass header.from=klant.example",
        "(mx.evil.example) ; dmarc=pass header.from=klant.example",
        "mx.msp.example; dmarc=fail header.from=klant.example",
        "mx.msp.example; dmarc=fail header.from=klant.example; dkim=pass header.d=klant.example",
        "mx.msp.example; dmarc=pass header.from=evil.example",
        "mx.msp.example; dmarc=pass",
        "mx.msp.example; dmarc=pass header.from=klant.example header.from=evil.example",
        "mx.msp.example; dkim=pass header.d=evil.example",
        "mx.msp.example; dkim=pass header.d=mail.klant.example",
        "mx.msp.example; dkim=pass header.d=example",
        "mx.msp.example; dkim=pass header.d=ant.example",
        "mx.msp.example; spf=pass smtp.helo=klant.example",
        "mx.msp.example; spf=pass smtp.mailfrom=klant.example@evil.example",
        'mx.msp.example; dkim=fail reason="; dmarc=pass header.from=klant.example"',
        "mx.msp.example; dkim=fail (; dmarc=pass header.from=klant.example)",
        "mx.msp.example; dkim=fail (a (b) ; dmarc=pass header.from=klant.example",
        'mx.msp.example; dkim=fail "; dmarc=pass header.from=klant.example',
        "mx.msp.example; =pass; dmarc=pass header.from=klant.example",
    ],
)
def test_what_is_not_ours_not_aligned_or_not_clear_verifies_nothing(value: str) -> None:
    assert not is_verified(value)


def test_a_domain_under_the_signing_one_is_spoken_for() -> None:
    sender = Sender("a@mail.klant.example")
    assert is_verified("mx.msp.example; dkim=pass header.d=klant.example", sender=sender)


def test_only_the_topmost_of_our_own_counts() -> None:
    good, bad = "mx.msp.example; dmarc=pass header.from=klant.example", "mx.msp.example; dmarc=fail"
    assert is_verified(good, bad)
    assert not is_verified(bad, good)
    assert is_verified("mx.other.example; dmarc=fail", good)


def test_beyond_our_own_hops_nothing_is_believed() -> None:
    good = "mx.msp.example; dmarc=pass header.from=klant.example"
    assert is_verified(good, hops=0)
    assert not is_verified(good, hops=2)


def test_without_a_server_to_trust_nobody_is_verified() -> None:
    good = Result(1, "mx.msp.example; dmarc=pass header.from=klant.example")
    assert not identify(JAN, [good], None).is_verified
    assert not identify(
        JAN, [Result(0, "; dmarc=pass header.from=klant.example")], Trust("")
    ).is_verified


def test_nobody_is_not_verified() -> None:
    sender = Sender(None, "", "more than one From header")
    identity = identify(sender, [Result(1, "mx.msp.example; dmarc=pass")], OURS)
    assert (identity.address, identity.because) == (None, "more than one From header")


def test_a_whole_mail_is_identified() -> None:
    message = parse(mails.PLAIN)
    assert isinstance(message, Message)
    identity = identity_of(message, OURS)
    assert identity.is_verified
    assert identity.address == "jan@klant.example"


FORGED = b"Authentication-Results: mx.msp.example; dmarc=pass header.from=klant.example\n"


def test_a_result_that_the_sender_wrote_below_the_first_hop_is_not_ours() -> None:
    own = b"Authentication-Results: mx.msp.example; dmarc=fail header.from=klant.example\n"
    for raw in (
        b"Received: a\n" + own + b"Received: b\n" + FORGED + mails.HEADERS,
        b"Received: a\nReceived: b\n" + FORGED + mails.HEADERS,
        own + FORGED + mails.HEADERS,
    ):
        message = parse(raw.replace(b"a@b.example", b"jan@klant.example") + b"\nx")
        assert isinstance(message, Message)
        assert not identity_of(message, OURS).is_verified


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(value: str) -> None:
    read = read_results(value)
    assert read is None or read[0] == read[0].lower()


@given(
    st.lists(
        st.sampled_from(
            ["(", ")", '"', "\\", ";", "=", " ", "dmarc=fail", "pass", "header.from=evil.example"]
        ),
        max_size=12,
    )
)
def test_no_arrangement_of_signs_turns_a_fail_into_a_pass(pieces: list[str]) -> None:
    assert not is_verified("mx.msp.example; dmarc=fail " + "".join(pieces))
