"""docs/ledger.md says what the code does: every hash on the page is computed anew."""

import re
from pathlib import Path

from afspraak.ledger.checkpoint import open_checkpoint
from afspraak.ledger.leaf import KINDS
from afspraak.ledger.note import Verifier
from tests.ledger.worked_example import ORIGIN, SIGNER, shown

BLOCK = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)


def page(root: Path) -> str:
    return (root / "docs" / "ledger.md").read_text("utf-8")


def test_the_blocks_hold_what_is_computed_and_nothing_else(root: Path) -> None:
    lines = [line for block in BLOCK.findall(page(root)) for line in block.split("\n") if line]
    computed = [line for text in shown() for line in text.split("\n") if line]
    assert sorted(lines) == sorted(computed)


def test_the_pages_checkpoint_opens_with_the_pages_key(root: Path) -> None:
    checkpoint, key = BLOCK.findall(page(root))[-2:]
    verifier = Verifier.parse(key.strip())
    assert verifier == SIGNER.verifier
    assert open_checkpoint(checkpoint.encode(), origin=ORIGIN, verifier=verifier).size == 3


def test_the_table_of_kinds_is_that_of_the_code(root: Path) -> None:
    table = page(root).split("| kind | what it records |")[1].split("\n\n")[0]
    assert dict(ROW.findall(table)) == dict(KINDS)
