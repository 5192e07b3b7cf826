"""A From header names one person, or nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraak.mail.addresses import addresses_of, sender_of
from afspraak.notices.address import plain_address


@pytest.mark.parametrize(
    ("value", "address", "name"),
    [
        ("a@b.example", "a@b.example", ""),
        ("<a@b.example>", "a@b.example", ""),
        ("Jan Jansen <A.b+c@Klant.Example>", "A.b+c@klant.example", "Jan Jansen"),
        ('"Jansen, Jan" <a@b.example>', "a@b.example", "Jansen, Jan"),
        ('"a@b.example" <a@b.example>', "a@b.example", "a@b.example"),
        ("Jan (thuis) <a@b.example>", "a@b.example", "Jan"),
        ("=?utf-8?q?J=C3=A9r=C3=B4me?= <a@b.example>", "a@b.example", "Jérôme"),
        ("Jan\r\n <a@b.example>", "a@b.example", "Jan"),
        ("a@b.example,", "a@b.example", ""),
    ],
)
def test_one_plain_sender(value: str, address: str, name: str) -> None:
    sender = sender_of([value])
    assert (sender.address, sender.name, sender.why) == (address, name, "")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Jan",
        "a@good.example <b@evil.example>",
        "<a@good.example> <b@evil.example>",
        "<a@good.example> b@evil.example",
        "a@good.example, b@evil.example",
        '"x" <a@good.example>, <b@evil.example>',
        "a@good.example (c) <b@evil.example>",
        "x (<a@good.example>) <b@evil.example>",
        'x ("a@good.example) <b@evil.example>',
        'x "<a@good.example> <b@evil.example>',
        "x \\<a@good.example> <b@evil.example>",
        "group: a@good.example;",
        "group: a@good.example, b@evil.example;",
        "a@good.example\0@evil.example",
        "<a@good.example",
        "a@good.example>",
        "<<a@good.example>>",
        "<@evil.example:a@good.example>",
        '"a b"@good.example',
        "a@localhost",
        "a@[127.0.0.1]",
        "a@good..example",
        "a@-good.example",
        "a@@good.example",
        ".a@good.example",
        "a@góód.example",
        "a@good.example" + " " * 3000,
        "=?utf-8?q?a=40good.example?= <a@evil.example> <x",
    ],
)
def test_nobody_where_readers_may_differ(value: str) -> None:
    sender = sender_of([value])
    assert sender.address is None
    assert sender.why


def test_more_than_one_from_header_names_nobody() -> None:
    assert sender_of(["a@b.example", "a@b.example"]).address is None
    assert sender_of([]).why == "no From header"


@pytest.mark.parametrize(
    "value",
    [
        '"a@good.example" <b@evil.example>',
        "=?utf-8?q?a=40good.example?= <b@evil.example>",
        '"Bank <a@good.example>" <b@evil.example>',
    ],
)
def test_a_name_that_claims_another_address_is_not_shown(value: str) -> None:
    sender = sender_of([value])
    assert (sender.address, sender.name) == ("b@evil.example", "")


def test_lists_keep_what_is_plain() -> None:
    values = ['A <a@b.example>, "x, y" <c@d.example>, nonsense', "a@b.example", "undisclosed:;"]
    assert addresses_of(values, 200) == ("a@b.example", "c@d.example")
    assert addresses_of([", ".join(f"a{n}@b.example" for n in range(300))], 200)[-1] == (
        "a199@b.example"
    )


@given(st.text(max_size=200))
def test_any_text_names_a_plain_address_or_nobody(value: str) -> None:
    address = sender_of([value]).address
    assert address is None or plain_address(address) == address


@given(st.lists(st.sampled_from(['"', "\\", "(", ")", "<", ">", ",", "a@b.example", " x "])))
def test_signs_of_every_order_name_the_one_address_or_nobody(pieces: list[str]) -> None:
    assert sender_of(["".join(pieces)]).address in {None, "a@b.example"}
