"""Checkpoints (C2SP tlog-checkpoint): so many leaves, under this root, in this relation's log.

A checkpoint is small enough to stand under every mail. Who kept one can ask later for the proof
that the log still begins with it.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Final

from afspraak.ledger.note import Signer, Verifier, open_note, sign_note
from afspraak.ledger.tree import EMPTY_ROOT, HASH_BYTES

_SIZE: Final = r"0|[1-9][0-9]{0,18}"
_ROOT: Final = r"[A-Za-z0-9+/]{43}="


class NotACheckpoint(ValueError):
    """A text that is no checkpoint, or another log's: the line, what is wrong, and the remedy."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's head: its origin, its size in leaves, its root (32 bytes).

    `extensions` are further lines; we write none, and keep those of others.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer, *others: Signer) -> bytes:
    """The checkpoint as a signed note. Refuses, before signing, what could not be read back.

    The key's name should be the origin; one private key may have many names.
    """
    text = str(checkpoint)
    if read_checkpoint(text) != checkpoint:
        raise NotACheckpoint("line 1: origin and extensions are one line each: take newlines out")
    return sign_note(text, signer, *others).to_bytes()


def open_checkpoint(data: bytes, *, origin: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint of the log `origin`, if this key signed it; other keys' lines are passed over.

    Verified before it is read: nothing is believed, nor told, of an unsigned text.
    """
    checkpoint = read_checkpoint(open_note(data, [verifier]))
    if checkpoint.origin != origin:
        raise NotACheckpoint(f"line 1: the log {checkpoint.origin!r}: ask for {origin!r}")
    return checkpoint


def read_checkpoint(text: str) -> Checkpoint:
    """A note's text, taken apart strictly; whoever signed it is another question."""
    *lines, after = text.split("\n")
    if after or "" in lines or len(lines) < len(("origin", "size", "root")):
        raise NotACheckpoint("text: three lines or more, each ended, none empty: take it whole")
    origin, size, root, *extensions = lines
    checkpoint = Checkpoint(origin, _size(size), _root(root), tuple(extensions))
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise NotACheckpoint("line 3: a log without leaves has no such root: do not trust it")
    return checkpoint


def _size(line: str) -> int:
    if re.fullmatch(_SIZE, line) is None:
        raise NotACheckpoint(f"line 2: {line!r} is no size: write a number without zeros before it")
    return int(line)


def _root(line: str) -> bytes:
    root = b64decode(line, validate=True) if re.fullmatch(_ROOT, line) else b""
    if len(root) != HASH_BYTES or b64encode(root).decode() != line:
        raise NotACheckpoint(
            f"line 3: {line!r} is no root: write its {HASH_BYTES} bytes in base 64"
        )
    return root
