"""No machine is answered, and no stranger twice a day."""

import datetime as dt
from dataclasses import replace

import mails
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.mail.guard import UNVERIFIED_A_DAY, VERIFIED_A_DAY, Decision, decide
from afspraak.mail.identity import Identity
from afspraak.mail.message import Mark, Message
from afspraak.mail.parse import parse

AT = dt.datetime(2026, 1, 10, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def mail() -> Message:
    message = parse(mails.PLAIN)
    assert isinstance(message, Message)
    return message


def decided(
    message: Message | None = None,
    *hours_ago: float,
    address: str | None = "jan@klant.example",
    is_verified: bool = False,
) -> Decision:
    return decide(
        message or mail(),
        Identity(address, is_verified=is_verified, because="tested"),
        ours=["desk@msp.example"],
        answered_at=[AT - hours * HOUR for hours in hours_ago],
        at=AT,
    )


def test_a_stranger_is_answered_once_a_day() -> None:
    assert decided().may_answer
    assert not decided(None, 1).may_answer
    assert not decided(None, 23.99).may_answer
    assert decided(None, 24, 48).may_answer


def test_a_clock_put_back_does_not_open_the_door() -> None:
    assert not decided(None, -5).may_answer


def test_a_customer_is_answered_more_often_and_not_for_ever() -> None:
    assert decided(None, *[1] * (VERIFIED_A_DAY - 1), is_verified=True).may_answer
    assert not decided(None, *[1] * VERIFIED_A_DAY, is_verified=True).may_answer


@pytest.mark.parametrize("mark", Mark)
def test_no_machine_is_answered(mark: Mark) -> None:
    decision = decided(replace(mail(), marks=frozenset({mark})), is_verified=True)
    assert decision == Decision(may_answer=False, because=mark.value)


@pytest.mark.parametrize(
    "address",
    [
        None,
        "desk@msp.example",
        "Desk+abc@MSP.example",
        "noreply@klant.example",
        "No-Reply@klant.example",
        "MAILER-DAEMON@klant.example",
        "postmaster@klant.example",
        "lijst-request@klant.example",
    ],
)
def test_nobody_ourselves_and_no_person_are_not_answered(address: str | None) -> None:
    assert not decided(address=address, is_verified=True).may_answer


@settings(max_examples=200)
@given(st.lists(st.integers(0, 200), max_size=30), st.sampled_from(["verified", "stranger"]))
def test_no_history_leads_to_more_than_the_day_allows(gaps: list[int], who: str) -> None:
    """Mails come at these gaps (in tenths of an hour); what was answered is remembered."""
    answered: list[dt.datetime] = []
    at = AT
    is_verified = who == "verified"
    identity = Identity("jan@klant.example", is_verified=is_verified, because="tested")
    message = mail()
    for gap in gaps:
        at += gap * HOUR / 10
        if decide(message, identity, ours=[], answered_at=answered, at=at).may_answer:
            answered.append(at)
    most = VERIFIED_A_DAY if is_verified else UNVERIFIED_A_DAY
    for start in answered:
        assert sum(start <= one < start + 24 * HOUR for one in answered) <= most
