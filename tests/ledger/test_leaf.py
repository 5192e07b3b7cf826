"""A leaf says what happened, keeps personal texts out, and reads back as exactly one entry."""

import json
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.ledger.canonical import GREATEST, NotCanonical, canonical, instant_text
from afspraak.ledger.leaf import KINDS, Entry, Erased, NotALeaf, Salted, leaf_of, read_leaf
from afspraak.ledger.tree import leaf_hash

RELATION = UUID("019cad93-1c00-7000-8000-000000000001")
AT = 1_772_438_400_000_000
SALT = bytes(range(16))
PLAIN = {
    "relation": RELATION,
    "seq": 0,
    "kind": "fact",
    "logged_at": AT,
    "body": {"code": "reported"},
    "texts": {},
}


def altered(**changes: object) -> bytes:
    """A leaf's canonical text with other members; `None` takes one out."""
    members = json.loads(leaf_of(**PLAIN).data) | changes
    return canonical({name: value for name, value in members.items() if value is not None})


def test_the_bytes_and_the_hash() -> None:
    leaf = leaf_of(**(PLAIN | {"texts": {"description": Salted(SALT, "Printer kapot: é")}}))
    seal = sha256(SALT + "Printer kapot: é".encode()).hexdigest()
    assert leaf.data == (
        b'{"body":{"code":"reported"},"format":1,"kind":"fact",'
        b'"logged_at":"2026-03-02T08:00:00.000000Z",'
        b'"relation":"019cad93-1c00-7000-8000-000000000001","seq":0,'
        b'"texts":{"description":"' + seal.encode() + b'"}}'
    )
    assert leaf.hash == sha256(b"\x00" + leaf.data).digest() == leaf_hash(leaf.data)


SAID = st.fixed_dictionaries(
    {
        "relation": st.uuids(),
        "seq": st.integers(0, 2**53 - 1),
        "kind": st.sampled_from(list(KINDS)),
        "logged_at": st.integers(0, 4_000_000_000_000_000),
        "body": st.dictionaries(st.text("ab é", max_size=3), st.integers(-9, 9), max_size=3),
    }
)

SOME = settings(max_examples=(settings.default or settings()).max_examples // 5)
"""What differs is the kind of value, not their number; `--long` tries forty times as many."""
NAMES = st.text("abz_09", max_size=63).map(lambda end: f"n{end}")
SALTED = st.builds(Salted, st.binary(min_size=16, max_size=16), st.text("ab é"))


@SOME
@given(SAID, st.dictionaries(NAMES, SALTED, max_size=3))
def test_a_leaf_reads_back_and_survives_erasing(said, texts):
    leaf = leaf_of(**said, texts=texts)
    seals = {name: text.seal for name, text in texts.items()}
    written = {"relation": str(said["relation"]), "logged_at": instant_text(said["logged_at"])}
    assert leaf.data == canonical({**said, **written, "format": 1, "texts": seals})
    assert read_leaf(leaf.data) == Entry(**said, texts=seals)
    assert leaf_of(**said, texts={name: Erased(seal) for name, seal in seals.items()}) == leaf


def test_no_text_stands_in_a_leaf() -> None:
    leaf = leaf_of(**(PLAIN | {"texts": {"name": Salted(SALT, "Anneke")}}))
    assert b"Anneke" not in leaf.data
    assert SALT.hex().encode() not in leaf.data


def test_the_same_text_under_another_salt_cannot_be_told() -> None:
    seals = {Salted(bytes([n]) * 16, "Anneke").seal for n in range(9)}
    assert len(seals) == 9
    assert Salted(SALT, "Anneke").seal != Salted(SALT, "anneke").seal


@pytest.mark.parametrize("part", list(PLAIN))
def test_every_part_is_hashed(part: str) -> None:
    other = {
        "relation": UUID(int=1),
        "seq": 1,
        "kind": "outage",
        "logged_at": AT + 1,
        "body": {"code": "solved"},
        "texts": {"x": Salted(SALT, "")},
    }
    assert leaf_of(**(PLAIN | {part: other[part]})).hash != leaf_of(**PLAIN).hash


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_salt_has_sixteen_bytes(length: int) -> None:
    with pytest.raises(NotALeaf, match=f"salt: {length} bytes: make 16 at random"):
        Salted(bytes(length), "x")


@pytest.mark.parametrize(
    ("part", "value", "fact"),
    [
        ("kind", "gossip", "'gossip' is no kind of leaf"),
        ("seq", -1, "-1: leaves count from 0"),
        ("seq", True, "True: leaves count from 0"),
        ("seq", GREATEST + 1, "is beyond"),
        ("texts", {"Name": Erased("0" * 64)}, "'Name' is no name"),
        ("texts", {"": Erased("0" * 64)}, "'' is no name"),
        ("texts", {"a" * 65: Erased("0" * 64)}, "is no name"),
        ("texts", {"a": Erased("0" * 63)}, r"\$\.texts\.a: '0{63}' is no seal"),
        ("texts", {"a": Erased("A" * 64)}, "is no seal"),
        ("texts", {"a": Salted(SALT, "\ud800")}, "half a character"),
    ],
)
def test_what_is_no_leaf_is_refused(part: str, value: object, fact: str) -> None:
    with pytest.raises(NotALeaf, match=fact):
        leaf_of(**(PLAIN | {part: value}))


def test_a_float_in_the_body_is_refused_with_its_place() -> None:
    with pytest.raises(NotCanonical, match=r"^\$\.body\.cost\[0\]: a float"):
        leaf_of(**(PLAIN | {"body": {"cost": [0.1]}}))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"format": True},
        {"seq": -1},
        {"seq": True},
        {"seq": "0"},
        {"kind": "gossip"},
        {"relation": "x"},
        {"relation": str(RELATION).upper()},
        {"relation": RELATION.hex},
        {"logged_at": 5},
        {"body": ["reported"]},
        {"texts": {"name": "Anneke"}},
        {"texts": {"name": 5}},
        {"texts": None},
        {"body": None},
        {"note": "one member more"},
    ],
)
def test_other_bytes_are_no_leaf(changes: dict[str, object]) -> None:
    with pytest.raises(NotALeaf):
        read_leaf(altered(**changes))


@pytest.mark.parametrize("data", [b"[]", b"7", b"null"])
def test_another_value_is_no_leaf(data: bytes) -> None:
    with pytest.raises(NotALeaf, match="members are missing or of another type"):
        read_leaf(data)


def test_a_leaf_in_another_writing_is_refused() -> None:
    data = leaf_of(**PLAIN).data
    with pytest.raises(NotCanonical):
        read_leaf(data.replace(b":0,", b": 0,"))
    with pytest.raises(NotCanonical):
        read_leaf(altered(logged_at="2026-03-02T08:00:00Z"))
