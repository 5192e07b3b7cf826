"""The tree against known vectors, against the RFC's own recursion, and against tampering."""

from dataclasses import FrozenInstanceError
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.ledger.tree import (
    EMPTY_ROOT,
    NotARange,
    Range,
    Span,
    consistency_proof,
    consistency_spans,
    extends,
    includes,
    inclusion_proof,
    inclusion_spans,
    leaf_hash,
    node_hash,
    root_of,
)
from tests.ledger.oracle_tree import mth, path, subproof

SOME = settings(max_examples=(settings.default or settings()).max_examples // 5)
"""What differs is the kind of value, not their number; `--long` tries forty times as many."""

# The reference vectors of certificate transparency (RFC 6962), as every implementation has them.
DATA = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
LEAVES = [leaf_hash(data) for data in DATA]
ROOTS = [
    bytes.fromhex(text)
    for text in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
NODES = [
    bytes.fromhex(text)
    for text in (
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",  # leaf 4
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",  # leaves 6, 7
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",  # leaves 4, 5
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",  # leaves 2, 3
    )
]

SIZES = st.integers(1, 70)


def data_of(size: int) -> list[bytes]:
    return [index.to_bytes(2, "big") for index in range(size)]


def hashes(size: int) -> list[bytes]:
    return [leaf_hash(data) for data in data_of(size)]


def flipped(value: bytes, bit: int) -> bytes:
    place = bit % (len(value) * 8)
    changed = bytearray(value)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


# Vectors ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    assert root_of(LEAVES[:size]) == ROOTS[size]


def test_known_inclusion_proofs() -> None:
    assert inclusion_proof(LEAVES, 5) == [NODES[0], NODES[1], ROOTS[4]]
    assert inclusion_proof(LEAVES[:3], 2) == [ROOTS[2]]
    assert inclusion_proof(LEAVES[:1], 0) == []
    assert includes(
        index=5, size=8, leaf=LEAVES[5], proof=[NODES[0], NODES[1], ROOTS[4]], root=ROOTS[8]
    )
    assert includes(index=2, size=3, leaf=LEAVES[2], proof=[ROOTS[2]], root=ROOTS[3])


def test_known_consistency_proofs() -> None:
    six = [NODES[2], NODES[1], ROOTS[4]]
    two = [NODES[3], NODES[0]]
    assert consistency_proof(LEAVES, 6) == six
    assert consistency_proof(LEAVES[:5], 2) == two
    assert extends(old=6, new=8, old_root=ROOTS[6], new_root=ROOTS[8], proof=six)
    assert extends(old=2, new=5, old_root=ROOTS[2], new_root=ROOTS[5], proof=two)


def test_a_leaf_is_no_node_and_nothing_has_a_root() -> None:
    left, right = LEAVES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)
    assert node_hash(left, right) != node_hash(right, left)
    assert sha256(b"").digest() == EMPTY_ROOT == Range().root()


# The right edge --------------------------------------------------------------------------------


@SOME
@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_growing_range_has_the_roots_of_the_definition(data: list[bytes]) -> None:
    grown = Range()
    for size, item in enumerate(data):
        assert (grown.size, grown.root()) == (size, mth(data[:size]))
        assert len(grown.edge) == size.bit_count()
        grown = Range.from_bytes(grown.to_bytes()).append(leaf_hash(item))
    assert (grown.size, grown.root()) == (len(data), mth(data))


def test_a_range_is_stored_as_size_and_edge() -> None:
    grown = Range()
    for leaf in LEAVES[:6]:
        grown = grown.append(leaf)
    assert grown.edge == (ROOTS[4], NODES[2])
    assert grown.to_bytes() == bytes(7) + b"\x06" + ROOTS[4] + NODES[2]
    assert Range().to_bytes() == bytes(8)
    assert Range.from_bytes(grown.to_bytes()) == grown


def test_appending_leaves_the_old_tree_as_it_was() -> None:
    old = Range().append(LEAVES[0])
    assert old.append(LEAVES[1]).root() == ROOTS[2]
    assert old.root() == ROOTS[1]
    with pytest.raises(FrozenInstanceError):
        old.size = 2  # type: ignore[misc]  # what is tested


def test_a_large_range_grows_as_well() -> None:
    full = Range(2**40 - 1, tuple(bytes([index]) * 32 for index in range(40)))
    node = LEAVES[0]
    for left in reversed(full.edge):
        node = node_hash(left, node)
    assert full.append(LEAVES[0]) == Range(2**40, (node,))


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"", "0 leaves ask for 8 bytes, and these are 0"),
        (bytes(7), "0 leaves ask for 8 bytes, and these are 7"),
        (bytes(9), "0 leaves ask for 8 bytes, and these are 9"),
        (bytes(7) + b"\x03" + bytes(32), "3 leaves ask for 72 bytes, and these are 40"),
        (bytes(7) + b"\x04" + bytes(64), "4 leaves ask for 40 bytes, and these are 72"),
    ],
)
def test_stored_bytes_that_are_no_range_are_refused(data: bytes, fact: str) -> None:
    with pytest.raises(NotARange) as refused:
        Range.from_bytes(data)
    assert str(refused.value) == fact


@pytest.mark.parametrize("length", [0, 31, 33])
def test_only_a_hash_is_appended(length: int) -> None:
    with pytest.raises(ValueError, match=f"its hash of 32 bytes, not {length}"):
        Range().append(bytes(length))


# Proofs ----------------------------------------------------------------------------------------


@SOME
@given(st.data())
def test_inclusion_is_that_of_the_definition_and_verifies(draw: st.DataObject) -> None:
    size = draw.draw(SIZES)
    index = draw.draw(st.integers(0, size - 1))
    proof = inclusion_proof(hashes(size), index)
    assert proof == path(index, data_of(size))
    assert includes(
        index=index, size=size, leaf=hashes(size)[index], proof=proof, root=mth(data_of(size))
    )


@SOME
@given(st.data())
def test_consistency_is_that_of_the_definition_and_verifies(draw: st.DataObject) -> None:
    new = draw.draw(SIZES)
    old = draw.draw(st.integers(1, new))
    proof = consistency_proof(hashes(new), old)
    assert proof == subproof(old, data_of(new), whole=True)
    roots = {"old_root": mth(data_of(old)), "new_root": mth(data_of(new))}
    assert extends(old=old, new=new, proof=proof, **roots)


@pytest.mark.parametrize("size", range(1, 18))
def test_every_small_tree_proves_everything_and_nothing_else(size: int) -> None:
    """Each proof for each leaf and size: exactly the right index is believed."""
    leaves, root = hashes(size), mth(data_of(size))
    for index in range(size):
        proof = inclusion_proof(leaves, index)
        believed = [
            at
            for at in range(-1, size + 1)
            if includes(index=at, size=size, leaf=leaves[index], proof=proof, root=root)
        ]
        assert believed == [index]


@pytest.mark.parametrize("new", range(1, 18))
def test_every_small_tree_is_extended_from_its_own_past_alone(new: int) -> None:
    roots = {size: mth(data_of(size)) for size in range(new + 1)}
    for old in range(1, new):
        proof = consistency_proof(hashes(new), old)
        believed = [
            at
            for at in range(new + 2)
            if extends(
                old=at,
                new=new,
                old_root=roots.get(at, EMPTY_ROOT),
                new_root=roots[new],
                proof=proof,
            )
        ]
        assert believed == [old]


def test_the_spans_of_a_proof_are_stored_subtrees() -> None:
    assert inclusion_spans(index=5, size=7) == [Span(4, 5), Span(6, 7), Span(0, 4)]
    assert inclusion_spans(index=6, size=7) == [Span(4, 6), Span(0, 4)]
    assert consistency_spans(old=4, new=7) == [Span(4, 7)]
    assert consistency_spans(old=3, new=7) == [Span(2, 3), Span(3, 4), Span(0, 2), Span(4, 7)]
    assert consistency_spans(old=7, new=7) == []
    assert len(inclusion_spans(index=10**12, size=2**40)) == 40


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"there is no leaf {index} in a tree of {size}"):
        inclusion_spans(index=index, size=size)


@pytest.mark.parametrize(("old", "new"), [(0, 3), (-1, 3), (4, 3)])
def test_there_is_no_proof_from_nothing_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=f"from a tree of {old} leaves to one of {new}"):
        consistency_spans(old=old, new=new)


# Tampering -------------------------------------------------------------------------------------


@SOME
@given(st.data())
def test_any_flipped_bit_of_an_inclusion_is_noticed(draw: st.DataObject) -> None:
    size = draw.draw(SIZES)
    index = draw.draw(st.integers(0, size - 1))
    leaves = hashes(size)
    parts = [leaves[index], root_of(leaves), *inclusion_proof(leaves, index)]
    hit = draw.draw(st.integers(0, len(parts) - 1))
    parts[hit] = flipped(parts[hit], draw.draw(st.integers(0, 255)))
    leaf, root, *proof = parts
    assert not includes(index=index, size=size, leaf=leaf, proof=proof, root=root)


@SOME
@given(st.data())
def test_any_flipped_bit_of_a_consistency_is_noticed(draw: st.DataObject) -> None:
    new = draw.draw(SIZES)
    old = draw.draw(st.integers(1, new))
    leaves = hashes(new)
    parts = [root_of(leaves[:old]), root_of(leaves), *consistency_proof(leaves, old)]
    hit = draw.draw(st.integers(0, len(parts) - 1))
    parts[hit] = flipped(parts[hit], draw.draw(st.integers(0, 255)))
    old_root, new_root, *proof = parts
    assert not extends(old=old, new=new, old_root=old_root, new_root=new_root, proof=proof)


@SOME
@given(st.data())
def test_a_changed_leaf_of_the_past_is_noticed(draw: st.DataObject) -> None:
    """Who changes any old leaf and proves from the changed log fails against the kept root."""
    new = draw.draw(st.integers(2, 70))
    old = draw.draw(st.integers(1, new))
    leaves = hashes(new)
    kept = root_of(leaves[:old])
    leaves[draw.draw(st.integers(0, old - 1))] = leaf_hash(b"another")
    proof = consistency_proof(leaves, old)
    assert not extends(old=old, new=new, old_root=kept, new_root=root_of(leaves), proof=proof)


@SOME
@given(st.data())
def test_a_proof_too_long_or_too_short_is_noticed(draw: st.DataObject) -> None:
    new = draw.draw(st.integers(2, 70))
    old = draw.draw(st.integers(1, new - 1))
    leaves = hashes(new)
    part = draw.draw(st.sampled_from([leaves[0], root_of(leaves), root_of(leaves[:old])]))
    inclusion, consistency = inclusion_proof(leaves, old), consistency_proof(leaves, old)
    roots = {"old_root": root_of(leaves[:old]), "new_root": root_of(leaves)}
    of_leaf = {"index": old, "size": new, "leaf": leaves[old], "root": root_of(leaves)}
    for change in (lambda proof: [*proof, part], lambda proof: [part, *proof], lambda p: p[:-1]):
        assert not includes(proof=change(inclusion), **of_leaf)
        assert not extends(old=old, new=new, proof=change(consistency), **roots)


def test_hashes_parted_elsewhere_are_noticed() -> None:
    """The same node bytes, cut one byte further: the same root, and yet no proof."""
    whole = LEAVES[0] + LEAVES[1]
    for cut in (31, 33):
        proof = [whole[cut:]]
        assert node_hash(whole[:cut], *proof) == ROOTS[2]
        assert not includes(index=0, size=2, leaf=whole[:cut], proof=proof, root=ROOTS[2])
    assert not extends(old=1, new=2, old_root=whole[:31], new_root=ROOTS[2], proof=[whole[31:]])


@pytest.mark.parametrize("index", [-1, 1, 2])
def test_a_leaf_outside_the_tree_is_not_in_it(index: int) -> None:
    leaf = LEAVES[0]
    assert not includes(index=index, size=1, leaf=leaf, proof=[], root=leaf)
    assert includes(index=0, size=1, leaf=leaf, proof=[], root=leaf)
    assert not includes(index=0, size=0, leaf=leaf, proof=[], root=leaf)


@pytest.mark.parametrize(
    ("sizes", "roots", "proof", "believed"),
    [
        ((0, 0), (ROOTS[0], ROOTS[0]), [], True),
        ((0, 3), (ROOTS[0], ROOTS[3]), [], True),
        ((3, 3), (ROOTS[3], ROOTS[3]), [], True),
        ((0, 0), (ROOTS[1], ROOTS[1]), [], False),
        ((0, 0), (ROOTS[0], ROOTS[1]), [], False),
        ((0, 3), (ROOTS[1], ROOTS[3]), [], False),
        ((0, 3), (ROOTS[0], ROOTS[3]), [ROOTS[1]], False),
        ((3, 3), (ROOTS[3], ROOTS[4]), [], False),
        ((3, 3), (ROOTS[3], ROOTS[3]), [ROOTS[1]], False),
        ((4, 3), (ROOTS[4], ROOTS[3]), [], False),
        ((-1, 3), (ROOTS[0], ROOTS[3]), [], False),
        ((2, 3), (ROOTS[2], ROOTS[3]), [], False),
        ((3, 4), (ROOTS[3], ROOTS[4]), [], False),
        ((2, 4), (ROOTS[2], ROOTS[2]), [], False),
    ],
)
def test_the_edges_of_consistency(
    sizes: tuple[int, int], roots: tuple[bytes, bytes], proof: list[bytes], *, believed: bool
) -> None:
    old, new = sizes
    shown = extends(old=old, new=new, old_root=roots[0], new_root=roots[1], proof=proof)
    assert shown is believed
