"""Signed notes and checkpoints, against vectors that others published, and against tampering."""

from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from afspraak.ledger.checkpoint import (
    Checkpoint,
    NotACheckpoint,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from afspraak.ledger.note import (
    LONGEST,
    MOST_SIGNATURES,
    NotANote,
    Note,
    NotSigned,
    Signature,
    Signer,
    Verifier,
    open_note,
    read_note,
    sign_note,
)
from afspraak.ledger.tree import EMPTY_ROOT

SOME = settings(max_examples=(settings.default or settings()).max_examples // 5)
"""What differs is the kind of value, not their number; `--long` tries forty times as many."""

# Published with Go's sumdb/note, the first signed notes.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdn"
    "gotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnW"
    "Lox33WWd1RvMc+QQ=\n"
)
# A head of the Go checksum database, as it was signed and served.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_HEAD = (
    "go.sum database tree\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— sum.golang.org Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9"
    "nTo+zyWE+xeMcTOAYQ8=\n"
)

ORIGIN = "desk.example/relation"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER = Signer(ORIGIN, KEY)
WITNESS = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(bytes(32)))
HEAD = Checkpoint(ORIGIN, 3, bytes(range(32)))


def note(text: str = TEXT, lines: str = PETER_LINE) -> bytes:
    return f"{text}\n{lines}".encode()


# Keys ------------------------------------------------------------------------------------------


def test_known_keys_have_their_known_ids() -> None:
    for text in (PETER, ENOCH, SUMDB):
        assert str(Verifier.parse(text)) == text
    assert Verifier.parse(PETER).key_id.hex() == "c74f20a3"


def test_every_mangled_key_is_refused() -> None:
    for start in range(len(PETER)):
        for end in range(start + 1, len(PETER) + 1):
            if (start, end) != (0, len(PETER)):
                with pytest.raises(NotANote):
                    Verifier.parse(PETER[start:end])
    for place, char in enumerate(PETER):
        with pytest.raises(NotANote):
            Verifier.parse(f"{PETER[:place]}{chr(ord(char) + 1)}{PETER[place + 1 :]}")


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_a_key_of_another_length_or_kind_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        Verifier.parse(text)


@pytest.mark.parametrize(
    "name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\tb", "\x00", "a\u2028"]
)
def test_a_name_without_spaces_or_plus(name: str) -> None:
    with pytest.raises(NotANote, match=r"^name: "):
        Verifier(name, bytes(32))


# Notes -----------------------------------------------------------------------------------------


def test_the_known_note_is_made_again_to_the_byte() -> None:
    peter = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(PETER_SEED))
    assert str(peter.verifier) == PETER
    assert sign_note(TEXT, peter).to_bytes() == note()


def test_a_known_key_is_enough_and_unknown_ones_are_passed_over() -> None:
    peter, enoch = Verifier.parse(PETER), Verifier.parse(ENOCH)
    both = note(lines=PETER_LINE + ENOCH_LINE)
    for known in ([peter], [enoch], [peter, enoch], [peter, peter]):
        assert open_note(both, known) == TEXT
    with pytest.raises(NotSigned, match="no signature by a known key"):
        open_note(both, [])
    with pytest.raises(NotSigned, match="no signature by a known key"):
        open_note(note(), [enoch])


def test_a_name_or_an_id_alone_is_another_key() -> None:
    """Not a false signature by the known key, but one by an unknown key: passed over."""
    peter = Verifier.parse(PETER)
    other = Signature("PeterNeumann", b"\x00" * 4, b"x" * 64)
    namesake = Signature("Peter", peter.key_id, b"x" * 64)
    assert open_note(note(lines=f"{other}{namesake}{PETER_LINE}"), [peter]) == TEXT
    with pytest.raises(NotSigned, match="no signature by a known key"):
        open_note(note(lines=f"{other}{namesake}"), [peter])


@pytest.mark.parametrize("value", [b"x", b"x" * 63, b"x" * 64, b"x" * 65])
@pytest.mark.parametrize("order", [1, -1])
def test_a_false_signature_by_a_known_key_spoils_the_note(value: bytes, order: int) -> None:
    peter = Verifier.parse(PETER)
    lines = [PETER_LINE, str(Signature(peter.name, peter.key_id, value))]
    with pytest.raises(NotSigned, match="the signature by PeterNeumann is false"):
        open_note(note(lines="".join(lines[::order])), [peter])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        TEXT.encode(),
        note(lines=""),
        note(lines=PETER_LINE[:-1]),
        note(lines=PETER_LINE + "Unexpected line.\n"),
        note(lines=PETER_LINE + "\n"),
        b"\x01" + note(),
        b"\xff" + note(),
        note().replace(b"\n", b"\r\n"),
        note(lines=PETER_LINE.replace("PeterNeumann", "Bad Name")),
        note(lines=PETER_LINE.replace("PeterNeumann", "Bad+Name")),
        note(lines=PETER_LINE.replace("PeterNeumann", "Bad\u00a0Name")),
        note(lines=PETER_LINE.replace("PeterNeumann ", "PeterNeumann  ")),
        note(lines=PETER_LINE.replace("PeterNeumann ", "")),
        note(lines=PETER_LINE.replace("—", "-")),
        note(lines=PETER_LINE.replace("— ", "—")),
        note(lines=PETER_LINE.replace("x08g", "x08g!")),
        note(lines=PETER_LINE.replace("nAM=", "nAN=")),
        note(lines=PETER_LINE.replace("nAM=", "nAM")),
        note(lines="— PeterNeumann x08gow==\n"),
        note(lines="— PeterNeumann \n"),
        note(lines=PETER_LINE * (MOST_SIGNATURES + 1)),
        note(text="x" * LONGEST + "\n"),
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(NotANote):
        read_note(data)


def test_the_limits_themselves_are_taken() -> None:
    assert (MOST_SIGNATURES, LONGEST) == (100, 1_000_000)
    assert len(read_note(note(lines=PETER_LINE * MOST_SIGNATURES)).signatures) == MOST_SIGNATURES
    longest = note(text="x" * (LONGEST - len(note(text="\n"))) + "\n")
    assert len(longest) == LONGEST
    assert len(read_note(longest).signatures) == 1
    shortest = read_note(note(lines="— P x08goAA=\n"))
    assert shortest.signatures == (Signature("P", bytes.fromhex("c74f20a0"), b"\x00"),)


@SOME
@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_any_text_reads_back(lines: list[str]) -> None:
    text = "".join(f"{line}\n" for line in lines)
    signed = sign_note(text, SIGNER, WITNESS)
    assert read_note(signed.to_bytes()) == signed == Note(text, signed.signatures)
    assert open_note(signed.to_bytes(), [SIGNER.verifier, WITNESS.verifier]) == text


@pytest.mark.parametrize("text", ["", "a", "a\nb", "a\r\n", "a\x00\n", "a\tb\n"])
def test_a_text_that_would_not_read_back_is_not_signed(text: str) -> None:
    with pytest.raises(NotANote):
        sign_note(text, SIGNER)


# Checkpoints -----------------------------------------------------------------------------------


def test_the_checksum_databases_head_verifies() -> None:
    head = open_checkpoint(
        SUMDB_HEAD.encode(), origin="go.sum database tree", verifier=Verifier.parse(SUMDB)
    )
    assert head.size == 20852163
    assert head.root == b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")


def test_the_specifications_example_is_read_and_not_believed() -> None:
    """It is the head above under other names; its signature is of another text."""
    example = SUMDB_HEAD.replace("go.sum database tree", "example.com/behind-the-sofa")
    assert read_checkpoint(read_note(example.encode()).text).origin == "example.com/behind-the-sofa"
    with pytest.raises(NotSigned, match=r"sum\.golang\.org is false"):
        open_checkpoint(
            example.encode(), origin="example.com/behind-the-sofa", verifier=Verifier.parse(SUMDB)
        )


def test_a_checkpoint_as_it_travels() -> None:
    data = sign_checkpoint(HEAD, SIGNER)
    value = SIGNER.verifier.key_id + KEY.sign(str(HEAD).encode())
    assert data.decode() == (
        f"desk.example/relation\n3\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n"
        f"— desk.example/relation {b64encode(value).decode()}\n"
    )


@SOME
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(1, 10**19 - 1),
    st.binary(min_size=32, max_size=32),
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), max_size=2),
)
def test_any_checkpoint_reads_back(origin, size, root, extensions):
    head = Checkpoint(origin, size, root, tuple(extensions))
    data = sign_checkpoint(head, SIGNER, WITNESS)
    for signer in (SIGNER, WITNESS):
        assert open_checkpoint(data, origin=origin, verifier=signer.verifier) == head


def test_every_flipped_bit_of_a_checkpoint_is_noticed() -> None:
    signed = sign_checkpoint(HEAD, SIGNER)
    for bit in range(len(signed) * 8):
        data = bytearray(signed)
        data[bit // 8] ^= 1 << bit % 8
        with pytest.raises((NotANote, NotSigned)):
            open_checkpoint(bytes(data), origin=ORIGIN, verifier=SIGNER.verifier)


def test_another_logs_checkpoint_is_refused_though_it_is_signed() -> None:
    data = sign_checkpoint(Checkpoint("desk.example/other", 3, bytes(32)), SIGNER)
    with pytest.raises(NotACheckpoint, match=r"^line 1: the log 'desk\.example/other'"):
        open_checkpoint(data, origin=ORIGIN, verifier=SIGNER.verifier)


def test_an_empty_log_has_one_root() -> None:
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert read_checkpoint(str(empty)) == empty
    with pytest.raises(NotACheckpoint, match=r"^line 3: a log without leaves"):
        read_checkpoint(str(Checkpoint(ORIGIN, 0, bytes(32))))


ROOT = "A" * 43 + "="


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "text"),
        (f"o\n3\n{ROOT}", "text"),
        ("o\n3\n", "text"),
        (f"\n3\n{ROOT}\n", "text"),
        (f"o\n3\n{ROOT}\n\n", "text"),
        (f"o\n3\n{ROOT}\n\nx\n", "text"),
        (f"o\n\n{ROOT}\n", "text"),
        (f"o\n03\n{ROOT}\n", "line 2"),
        (f"o\n+3\n{ROOT}\n", "line 2"),
        (f"o\n-3\n{ROOT}\n", "line 2"),
        (f"o\n3 \n{ROOT}\n", "line 2"),
        (f"o\n٣\n{ROOT}\n", "line 2"),
        (f"o\n1_0\n{ROOT}\n", "line 2"),
        (f"o\n{10**19}\n{ROOT}\n", "line 2"),
        (f"o\n3\n{'A' * 42}==\n", "line 3"),
        (f"o\n3\n{'A' * 44}\n", "line 3"),
        (f"o\n3\n{'A' * 42}B=\n", "line 3"),
        (f"o\n3\n{'A' * 42}-=\n", "line 3"),
        (f"o\n3\n{ROOT} \n", "line 3"),
    ],
)
def test_what_is_no_checkpoint_is_refused_with_its_line(text: str, place: str) -> None:
    with pytest.raises(NotACheckpoint, match=f"^{place}: "):
        read_checkpoint(text)


@pytest.mark.parametrize(
    "head",
    [
        Checkpoint("", 3, bytes(32)),
        Checkpoint("a\nb", 3, bytes(32)),
        Checkpoint(f"o\n3\n{ROOT}\nx", 3, bytes(32)),
        Checkpoint("o", -1, bytes(32)),
        Checkpoint("o", 3, bytes(31)),
        Checkpoint("o", 3, bytes(33)),
        Checkpoint("o", 3, bytes(32), ("",)),
        Checkpoint("o", 3, bytes(32), ("a\nb",)),
    ],
)
def test_what_would_not_read_back_is_not_signed(head: Checkpoint) -> None:
    with pytest.raises(NotACheckpoint):
        sign_checkpoint(head, SIGNER)
