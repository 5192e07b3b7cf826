"""Signed notes (C2SP signed-note): a text, and who signed exactly it, with Ed25519.

The text is to be ignored until `open_note` has verified it.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519: Final = b"\x01"
KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 4
MOST_SIGNATURES: Final = 100
LONGEST: Final = 1_000_000  # bytes of a whole note; a signature may be post-quantum, and long

_DASH: Final = "\N{EM DASH}"
_CONTROL: Final = r"[\x00-\x09\x0b-\x1f]"  # all but the newline


class NotANote(ValueError):
    """Bytes that are no signed note, or a key that is none: where, what, and the remedy."""


class NotSigned(ValueError):
    """A note that no known key has signed, or with a known key's signature that is false."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who, which of their keys (4 bytes), and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{_DASH} {self.name} {b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key (32 bytes) under the name of its owner."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != KEY_BYTES:
            raise NotANote(f"key: {len(self.public)} bytes: an Ed25519 key has {KEY_BYTES}")

    @property
    def key_id(self) -> bytes:
        """Tells this key from others of the same name; too short to trust a key by."""
        named = self.name.encode() + b"\n"
        return sha256(named + ED25519 + self.public).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> "Verifier":
        """The inverse of `str`: the key as it is handed over, `name+id+key`."""
        name, *rest = text.split("+", 2)
        key = _decoded(rest[-1], "key") if rest else b""
        verifier = cls(name, key[1:])
        if key[:1] != ED25519 or str(verifier) != text:
            raise NotANote("key: its type is not Ed25519, or its id is another's: ask for it anew")
        return verifier

    def made(self, signature: Signature) -> bool:
        """Whether the signature says that it is by this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verifies(self, text: str, signature: Signature) -> bool:
        """Whether this key signed exactly this text."""
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public)
            key.verify(signature.value, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under the name of its owner."""

    name: str
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public side, to hand out."""
        return Verifier(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> Signature:
        """This key's signature of exactly this text; the same every time (RFC 8032)."""
        return Signature(self.name, self.verifier.key_id, self.private.sign(text.encode()))


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a newline, and the signatures under it, whoever made them."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """The note as it travels: text, empty line, signatures."""
        return f"{self.text}\n{''.join(map(str, self.signatures))}".encode()


def sign_note(text: str, signer: Signer, *others: Signer) -> Note:
    """The text, signed by each. Refuses, before signing, what could not be read back as it is."""
    _text_of(text.encode())
    if not text.endswith("\n"):
        raise NotANote("text: it does not end in a newline: add one")
    return Note(text, tuple(each.sign(text) for each in (signer, *others)))


def read_note(data: bytes) -> Note:
    """Text and signatures, taken apart strictly; nothing is verified yet."""
    whole = _text_of(data)
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NotANote("note: text, an empty line and signature lines, each ended: take it whole")
    signed = lines[:-1].split("\n")
    if len(signed) > MOST_SIGNATURES:
        raise NotANote(f"note: {len(signed)} signatures: take at most {MOST_SIGNATURES}")
    return Note(f"{text}\n", tuple(_read_signature(line) for line in signed))


def open_note(data: bytes, verifiers: Sequence[Verifier]) -> str:
    """The text, if one of these keys signed it, and none of them is shown with a false signature.

    Signatures of keys that are not given are passed over: witnesses may add theirs.
    """
    note = read_note(data)
    known = [
        (verifier, signature)
        for signature in note.signatures
        for verifier in verifiers
        if verifier.made(signature)
    ]
    if not known:
        raise NotSigned("note: no signature by a known key: ask who signed it")
    for verifier, signature in known:
        if not verifier.verifies(note.text, signature):
            raise NotSigned(f"note: the signature by {verifier.name} is false: do not trust it")
    return note.text


def _text_of(data: bytes) -> str:
    if len(data) > LONGEST:
        raise NotANote(f"note: {len(data)} bytes: take at most {LONGEST}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotANote(f"note: byte {error.start} is not UTF-8: take it unchanged") from None
    if found := re.search(_CONTROL, text):
        raise NotANote(f"note: a control character (U+{ord(found[0]):04X}): take it out")
    return text


def _read_signature(line: str) -> Signature:
    dash, *rest = line.split(" ")
    if dash != _DASH or len(rest) != len(("name", "value")):
        raise NotANote(f"signature: {line!r}: an em dash, a name, base 64: take the line whole")
    name, value = rest
    _check_name(name)
    signed = _decoded(value, "signature")
    if len(signed) <= KEY_ID_BYTES:
        raise NotANote(f"signature: {len(signed)} bytes hold no signature: take the line whole")
    return Signature(name, signed[:KEY_ID_BYTES], signed[KEY_ID_BYTES:])


def _check_name(name: str) -> None:
    if not name or "+" in name or any(map(str.isspace, name)) or re.search(_CONTROL, name):
        raise NotANote(f"name: {name!r}: write one without spaces or +, as desk.example/relation")


def _decoded(text: str, place: str) -> bytes:
    """Base 64, in the one way to write it."""
    try:
        value = b64decode(text, validate=True)
    except ValueError as error:
        raise NotANote(f"{place}: {text!r} is not base 64 ({error}): take it unchanged") from None
    if b64encode(value).decode() != text:
        raise NotANote(f"{place}: {text!r} is not base 64 as it is written: take it unchanged")
    return value
