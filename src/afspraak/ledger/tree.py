"""The Merkle tree of RFC 9162, section 2.1: hashes, roots, proofs, and their verification.

A hash is 32 bytes (SHA-256). Leaves count from 0. A span is half-open: leaves `start` up to `end`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple

HASH_BYTES: Final = 32
SIZE_BYTES: Final = 8
EMPTY_ROOT: Final = sha256(b"").digest()


class NotARange(ValueError):
    """Stored bytes that are no compact range: cut off, or of another size than they say."""


class Span(NamedTuple):
    """The leaves `start` up to `end` (half-open) under one node of the tree."""

    start: int
    end: int


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf; its first byte says that it is no node (second preimages, 2.1.1)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two parts."""
    return sha256(b"\x01" + left + right).digest()


# The right edge --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Range:
    """A tree that can grow, by its size and the roots of its full subtrees, largest first.

    There is one subtree for each bit of the size, so a row of a few hundred bytes stands for
    any number of leaves.
    """

    size: int = 0
    edge: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "Range":
        """The tree with one more leaf, given by its hash."""
        if len(leaf) != HASH_BYTES:
            raise ValueError(f"a leaf is given by its hash of {HASH_BYTES} bytes, not {len(leaf)}")
        full = (~self.size & (self.size + 1)).bit_length() - 1  # ones at the end of the size
        kept = len(self.edge) - full
        node = leaf
        for left in reversed(self.edge[kept:]):
            node = node_hash(left, node)
        return Range(self.size + 1, (*self.edge[:kept], node))

    def root(self) -> bytes:
        """The root of all leaves so far; of none, the hash of nothing."""
        if not self.edge:
            return EMPTY_ROOT
        *lefts, node = self.edge
        for left in reversed(lefts):
            node = node_hash(left, node)
        return node

    def to_bytes(self) -> bytes:
        """The size in 8 bytes, greatest first, then the edge; for keeping in a row."""
        return self.size.to_bytes(SIZE_BYTES, "big") + b"".join(self.edge)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Range":
        """The inverse of `to_bytes`. Refuses bytes of any other length than the size asks."""
        size = int.from_bytes(data[:SIZE_BYTES], "big")
        asked = SIZE_BYTES + size.bit_count() * HASH_BYTES
        if len(data) != asked:
            raise NotARange(f"{size} leaves ask for {asked} bytes, and these are {len(data)}")
        starts = range(SIZE_BYTES, asked, HASH_BYTES)
        return cls(size, tuple(data[start : start + HASH_BYTES] for start in starts))


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    grown = Range()
    for leaf in leaves:
        grown = grown.append(leaf)
    return grown.root()


# Proofs ----------------------------------------------------------------------------------------


def inclusion_spans(*, index: int, size: int) -> list[Span]:
    """The subtrees whose roots prove leaf `index` in a tree of `size`, in the proof's order
    (2.1.3.1).
    """
    if not 0 <= index < size:
        raise ValueError(f"there is no leaf {index} in a tree of {size}")
    span, others = Span(0, size), []
    while span.end - span.start > 1:
        span, other = _towards(index, span)
        others.append(other)
    return others[::-1]


def consistency_spans(*, old: int, new: int) -> list[Span]:
    """The subtrees whose roots prove that the first `old` of `new` leaves are what they were
    (2.1.4.1).
    """
    if not 0 < old <= new:
        raise ValueError(f"no proof leads from a tree of {old} leaves to one of {new}")
    span, others = Span(0, new), []
    while span.end != old:
        span, other = _towards(old - 1, span)
        others.append(other)
    own = [span] if span.start else []  # a subtree that is the whole old tree is known already
    return own + others[::-1]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf `index` stands in the tree over these leaf hashes."""
    spans = inclusion_spans(index=index, size=len(leaves))
    return [root_of(leaves[span.start : span.end]) for span in spans]


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """The proof that the tree over these leaf hashes extends the one over the first `old`."""
    spans = consistency_spans(old=old, new=len(leaves))
    return [root_of(leaves[span.start : span.end]) for span in spans]


def _towards(leaf: int, span: Span) -> tuple[Span, Span]:
    """Part a span of two or more leaves: the part that holds `leaf`, then the other one."""
    largest = 1 << ((span.end - span.start - 1).bit_length() - 1)  # a power of 2 below the length
    left, right = Span(span.start, span.start + largest), Span(span.start + largest, span.end)
    return (left, right) if leaf < left.end else (right, left)


# Verification ----------------------------------------------------------------------------------


def includes(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the leaf with this hash is number `index` under this root of
    `size` leaves (2.1.3.2, step by step).
    """
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    at, last, made = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = node_hash(other, made)
            at, last = _up_from_right(at, last)
        else:
            made = node_hash(made, other)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def extends(
    *, old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with the one of `old`
    (2.1.4.2, step by step).

    The RFC proves only 0 < old < new. The same size takes the same root, and every tree begins
    with the empty one; both take an empty proof.
    """
    if not 0 <= old <= new or not _are_hashes(old_root, new_root, *proof):
        return False
    if (old == 0 and old_root != EMPTY_ROOT) or (new == 0 and new_root != EMPTY_ROOT):
        return False
    if old in {0, new}:
        return not proof and (old == 0 or old_root == new_root)
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    return bool(proof) and _leads(old - 1, new - 1, path, (old_root, new_root))


def _leads(at: int, last: int, path: list[bytes], roots: tuple[bytes, bytes]) -> bool:
    """Steps 4 to 7 of 2.1.4.2: the path makes both roots."""
    while at & 1:
        at, last = at >> 1, last >> 1
    made_old = made_new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            made_old, made_new = node_hash(other, made_old), node_hash(other, made_new)
            at, last = _up_from_right(at, last)
        else:
            made_new = node_hash(made_new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and (made_old, made_new) == roots


def _up_from_right(at: int, last: int) -> tuple[int, int]:
    """On the right edge: up past the levels at which the node has no partner."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(*values: bytes) -> bool:
    """Two parts of other lengths could make the same node, parted elsewhere."""
    return all(len(value) == HASH_BYTES for value in values)
