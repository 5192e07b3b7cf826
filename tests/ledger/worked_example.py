"""The example of docs/ledger.md, computed: three leaves, their tree, a proof, a checkpoint."""

from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from afspraak.engine.time import MINUTE
from afspraak.ledger.canonical import instant_text
from afspraak.ledger.checkpoint import Checkpoint, sign_checkpoint
from afspraak.ledger.leaf import Leaf, Salted, leaf_of
from afspraak.ledger.note import Signer
from afspraak.ledger.tree import Range, consistency_proof, inclusion_proof, root_of

RELATION = UUID("019cad93-1c00-7000-8000-000000000001")
ORIGIN = f"desk.example/{RELATION}"
AT = 1_772_438_400_000_000  # 2 March 2026, 09:00 in Brussels
DOCUMENT = b"the contract\n"
DESCRIPTION = Salted(bytes(range(16)), "Printer kapot")
SIGNER = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(sha256(b"example").digest()))


def leaves() -> list[Leaf]:
    ticket = "019cad96-d900-7000-8000-000000000002"
    said = [
        ("version", 0, {"document": sha256(DOCUMENT).hexdigest(), "law": 1}, {}),
        (
            "fact",
            5 * MINUTE,
            {"code": "reported", "happened_at": instant_text(AT + 4 * MINUTE), "ticket": ticket},
            {"description": DESCRIPTION},
        ),
        (
            "fact",
            20 * MINUTE,
            {"code": "solved", "happened_at": instant_text(AT + 20 * MINUTE), "ticket": ticket},
            {},
        ),
    ]
    return [
        leaf_of(relation=RELATION, seq=seq, kind=kind, logged_at=AT + later, body=body, texts=texts)
        for seq, (kind, later, body, texts) in enumerate(said)
    ]


def shown() -> Iterator[str]:
    """Every text of the page that is computed."""
    made = leaves()
    hashes = [leaf.hash for leaf in made]
    grown = Range()
    for leaf in made:
        grown = grown.append(leaf.hash)
        yield leaf.data.decode()
        yield leaf.hash.hex()
    root = root_of(hashes)
    assert grown.root() == root
    yield DESCRIPTION.seal
    yield f"root of leaves 0, 1     {root_of(hashes[:2]).hex()}"
    yield f"root of leaves 0, 1, 2  {root.hex()}"
    yield f"leaf 1 is in the tree of 3: {' '.join(p.hex() for p in inclusion_proof(hashes, 1))}"
    yield f"3 extends 2: {' '.join(p.hex() for p in consistency_proof(hashes, 2))}"
    yield str(SIGNER.verifier)
    yield sign_checkpoint(Checkpoint(ORIGIN, grown.size, root), SIGNER).decode()
