"""A reply token says which ticket, for one recipient, until its key is taken out."""

import base64
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from afspraak.notices.address import LOCAL_CHARS, plain_address
from afspraak.notices.reply_token import (
    DESK_CHARS,
    TOKEN_CHARS,
    Keys,
    KeysRefused,
    keys_of,
    message_id,
    reply_address,
    ticket_of,
    token,
    tokens_in,
)

KEYS = Keys(1, {1: b"k" * 32})
TICKET = UUID(int=0x0199_0000_0000_7000_8000_0000_0000_0001)
JAN = "jan@klant.example"
DESK = "desk@msp.example"
ADDRESSES = st.builds("{}@{}.example".format, st.text("aBc1.", min_size=1), st.sampled_from("xY"))
MADE = token(KEYS, ticket=TICKET, recipient=JAN)


@given(st.uuids(), ADDRESSES, st.integers(0, 255))
def test_a_token_leads_back_to_its_ticket(ticket: UUID, recipient: str, version: int) -> None:
    keys = Keys(version, {version: b"x" * 32})
    made = token(keys, ticket=ticket, recipient=recipient)
    assert len(made) == TOKEN_CHARS
    assert made == made.lower()
    for written in (made, made.upper(), made.title()):
        assert ticket_of(keys, written, sender=recipient.upper()) == ticket


@given(st.uuids(), ADDRESSES, ADDRESSES)
def test_a_token_is_worth_nothing_to_another(ticket: UUID, one: str, other: str) -> None:
    assume(one.lower() != other.lower())
    made = token(KEYS, ticket=ticket, recipient=one)
    assert ticket_of(KEYS, made, sender=other) is None


@given(st.integers(0, TOKEN_CHARS - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_no_sign_of_a_token_can_be_changed(at: int, sign: str) -> None:
    assume(MADE[at] != sign)
    assert ticket_of(KEYS, MADE[:at] + sign + MADE[at + 1 :], sender=JAN) is None


@given(st.text(max_size=60))
def test_any_other_text_is_no_token(text: str) -> None:
    assert ticket_of(KEYS, text, sender=JAN) is None


def test_a_key_of_another_version_or_value_revokes() -> None:
    both = Keys(2, {1: b"k" * 32, 2: b"l" * 32})
    assert ticket_of(both, MADE, sender=JAN) == TICKET
    assert ticket_of(Keys(2, {2: b"k" * 32}), MADE, sender=JAN) is None
    assert ticket_of(Keys(1, {1: b"l" * 32}), MADE, sender=JAN) is None


def test_a_token_with_a_missing_key_is_not_one_with_a_key_of_zeros() -> None:
    forged = token(Keys(9, {9: bytes(32)}), ticket=TICKET, recipient=JAN)
    assert ticket_of(KEYS, forged, sender=JAN) is None


def test_it_stands_in_the_address_and_in_the_message_id() -> None:
    address = reply_address(DESK, MADE)
    assert plain_address(address) == address
    assert len(address.partition("@")[0]) <= LOCAL_CHARS
    longest = reply_address("d" * DESK_CHARS + "@msp.example", MADE)
    assert len(longest.partition("@")[0]) == LOCAL_CHARS
    ours = message_id(MADE, "1", "msp.example")
    upper = [address.upper(), "x@y.example"]
    assert tokens_in(desk=DESK, recipients=upper, references=[]) == (MADE,)
    assert tokens_in(desk=DESK, recipients=[DESK], references=["<a@b>", ours]) == (MADE,)
    assert tokens_in(desk=DESK, recipients=[address], references=[ours]) == (MADE,)


@pytest.mark.parametrize(
    "address",
    [f"desk+{MADE}@evil.example", f"evil+{MADE}@msp.example", f"desk+{MADE}x@msp.example", DESK],
)
def test_a_token_at_another_address_is_none(address: str) -> None:
    assert tokens_in(desk=DESK, recipients=[address], references=[]) == ()
    assert tokens_in(desk=DESK, recipients=[], references=[f"<{MADE}.1@evil.example>"]) == ()


@pytest.mark.parametrize("desk", ["d" * (DESK_CHARS + 1) + "@msp.example", "desk", "a b@c.example"])
def test_a_desk_without_room_is_refused(desk: str) -> None:
    with pytest.raises(ValueError, match="desk's address"):
        reply_address(desk, MADE)


@pytest.mark.parametrize("unique", ["", "a b", "a@b", "a>\r\nBcc: x", "x" * 65])
def test_a_message_id_takes_no_odd_signs(unique: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        message_id(MADE, unique, "msp.example")


def test_keys_come_from_a_setting() -> None:
    one, two = (base64.b64encode(sign * 32).decode() for sign in (b"k", b"l"))
    keys = keys_of(f"2:{two}, 1:{one}")
    assert keys.current == 2
    assert ticket_of(keys, MADE, sender=JAN) == TICKET
    assert "kkkk" not in repr(keys)
    assert one not in repr(keys)


@pytest.mark.parametrize(
    "setting",
    [
        *("", "1", "1:", "1:abc", "x:" + "A" * 44, "1:" + "A" * 20, "300:" + "A" * 43 + "="),
        "1:" + "A" * 43 + "=,1:" + "B" * 43 + "=",
    ],
)
def test_keys_that_cannot_be_read_are_refused(setting: str) -> None:
    with pytest.raises(KeysRefused, match="reply tokens"):
        keys_of(setting)
