"""What a leaf is: one thing that happened in a relation, its place, its time, and its content.

A personal text never stands in a leaf, only the hash of a salt and the text. Whoever holds both can
show that the text is the one that was recorded; once salt and text are erased, nobody can tell
what it was, and every root still holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final
from uuid import UUID

from afspraak.ledger.canonical import (
    GREATEST,
    Json,
    canonical,
    instant_text,
    read,
    read_instant,
)
from afspraak.ledger.tree import leaf_hash

FORMAT: Final = 1
"""A changed form of the leaf is a new number beside this one; old leaves stay as they are."""

SALT_BYTES: Final = 16

KINDS: Final = MappingProxyType(
    {
        "fact": "what happened to a ticket, a promise or an agreement",
        "version": "a version of an agreement, by the hash of its document",
        "signature": "that a party signed, or withdrew, a version",
        "calendar": "a calendar's extension or change",
        "outage": "a service down, up again, or under maintenance",
        "evidence": "what shows that a promise was kept",
        "said": "what a side said of an agreement: its people, things, end; or what is before it",
        "report": "a sealed report, by the hash of its bytes",
        "erasure": "that a personal text was erased: of which leaf, and why",
        "key": "a signing key that begins or ends",
    }
)

_NAME: Final = r"[a-z][a-z0-9_]{0,63}"
_SEAL: Final = r"[0-9a-f]{64}"
_MEMBERS: Final = ("body", "format", "kind", "logged_at", "relation", "seq", "texts")


class NotALeaf(ValueError):
    """Something that cannot be a leaf: the place, what is wrong there, and the remedy."""


@dataclass(frozen=True, slots=True)
class Salted:
    """A personal text with the salt, 16 random bytes, that its hash is hidden by."""

    salt: bytes
    text: str

    def __post_init__(self) -> None:
        if len(self.salt) != SALT_BYTES:
            raise NotALeaf(f"salt: {len(self.salt)} bytes: make {SALT_BYTES} at random")

    @property
    def seal(self) -> str:
        """SHA-256 of salt and UTF-8 text, in hexadecimal."""
        try:
            return sha256(self.salt + self.text.encode("utf-8")).hexdigest()
        except UnicodeEncodeError:
            raise NotALeaf(
                "text: it holds half a character (a lone surrogate): take it out"
            ) from None


@dataclass(frozen=True, slots=True)
class Erased:
    """What is left of a personal text: its seal."""

    seal: str


Text = Salted | Erased


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as it is kept and as it is hashed."""

    data: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Entry:
    """A leaf as it is read back; `texts` gives each text's seal by its name."""

    relation: UUID
    seq: int
    kind: str
    logged_at: int
    body: Mapping[str, Json]
    texts: Mapping[str, str]


def leaf_of(
    *,
    relation: UUID,
    seq: int,
    kind: str,
    logged_at: int,
    body: dict[str, Json],
    texts: Mapping[str, Text],
) -> Leaf:
    """The leaf of one thing that happened, the same before and after its texts are erased.

    `seq` is its place in the relation's tree, from 0; `logged_at` is in microseconds. Instants
    in `body` are written with `instant_text`, and nothing in it may be personal.
    """
    told = canonical(body, place="$.body", depth=1)
    seals = ",".join(
        f'"{_named(name)}":"{_sealed(name, texts[name].seal)}"' for name in sorted(texts)
    )
    # Canonical as it stands: the names in order, and nothing in what follows that JSON would write
    # in another way (words of ours, digits, plain names; the tests hold it to `canonical`).
    rest = (
        f'"format":{FORMAT},"kind":"{_known(kind)}","logged_at":"{instant_text(logged_at)}"'
        f',"relation":"{relation}","seq":{_counted(seq)},"texts":{{{seals}}}'
    )
    data = b'{"body":%b,%b}' % (told, rest.encode("ascii"))
    return Leaf(data, leaf_hash(data))


def read_leaf(data: bytes) -> Entry:
    """The entry in a leaf's bytes. Refuses bytes that `leaf_of` would not have made of it."""
    match read(data):
        case {
            "body": dict(body),
            "format": int(),
            "kind": str(kind),
            "logged_at": str(logged_at),
            "relation": str(relation),
            "seq": int(seq),
            "texts": dict(texts),
        }:
            entry = Entry(
                relation=_uuid(relation),
                seq=seq,
                kind=kind,
                logged_at=read_instant(logged_at),
                body=body,
                texts={name: _sealed(name, seal) for name, seal in texts.items()},
            )
        case _:
            raise NotALeaf(f"$: members are missing or of another type: {', '.join(_MEMBERS)}")
    if _again(entry) != data:
        raise NotALeaf(f"$: not a leaf of format {FORMAT}: take the bytes as kept")
    return entry


def _again(entry: Entry) -> bytes:
    return leaf_of(
        relation=entry.relation,
        seq=entry.seq,
        kind=entry.kind,
        logged_at=entry.logged_at,
        body=dict(entry.body),
        texts={name: Erased(seal) for name, seal in entry.texts.items()},
    ).data


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise NotALeaf(f"$.kind: {kind!r} is no kind of leaf: take one of {', '.join(KINDS)}")
    return kind


def _counted(seq: int) -> int:
    if type(seq) is not int or seq < 0:  # True is 1 in Python, and another text
        raise NotALeaf(f"$.seq: {seq!r}: leaves count from 0")
    if seq > GREATEST:
        raise NotALeaf(f"$.seq: {seq} is beyond {GREATEST}: no log has as many")
    return seq


@lru_cache(maxsize=64)
def _named(name: str) -> str:
    """A name stays readable for ever, so it may hold nothing personal: a plain word."""
    if re.fullmatch(_NAME, name) is None:
        raise NotALeaf(f"$.texts: {name!r} is no name: write a plain word, as description")
    return name


def _sealed(name: str, seal: object) -> str:
    if not isinstance(seal, str) or re.fullmatch(_SEAL, seal) is None:
        raise NotALeaf(f"$.texts.{name}: {seal!r} is no seal: 64 hexadecimal digits, small")
    return seal


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotALeaf(f"$.relation: {text!r} is no id: write a UUID") from None
