"""The worked examples of the handbooks: every figure in them is one that the engine gives."""

from pathlib import Path

import pytest
from told_examples import ASKS, blocks, read, told_again

PAGES = ("nl/regels.md", "en/rules.md")
DOCS = Path(__file__).resolve().parent.parent / "docs"
FOUND = {page: list(blocks((DOCS / page).read_text("utf-8"))) for page in PAGES}
EACH = [
    pytest.param(words, block, id=f"{page}: {number}")
    for page, found in FOUND.items()
    for number, (words, block) in enumerate(found, 1)
]


@pytest.mark.parametrize(("words", "block"), EACH)
def test_what_stands_there_is_what_the_engine_says(words, block: str) -> None:
    assert told_again(words, block) == block


def test_every_kind_of_example_is_there_in_both_languages() -> None:
    for page, found in FOUND.items():
        keys = {key for words, block in found for key in read(words, block)[0]}
        assert ASKS.keys() <= keys, page
    dutch, english = (len(found) for found in FOUND.values())
    assert dutch == english
