"""One clause as plain text, as a mail quotes it: the very words that were signed, number and title
first.
"""

from collections.abc import Iterator

from afspraak.language.document import Document
from afspraak.language.text.clauses import blocks_of
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.tree import Aside, Block, Items, Lines, Table, text_of
from afspraak.language.text.words import Lang


def clause_heading(document: Document, clause_id: str, lang: Lang) -> str:
    """`1.4 Oplossing`."""
    title = clause_titles(document, lang)[clause_id]
    return f"{clause_numbers(document)[clause_id]} {title}"


def quote(document: Document, clause_id: str, lang: Lang) -> str:
    """A clause's heading and its text, line by line. `document` is a checked one; a KeyError for a
    clause that it does not have.
    """
    clause = document.clause(clause_id)
    lines = [clause_heading(document, clause_id, lang)]
    for block in blocks_of(clause, lexicon_of(document, lang)):
        lines += lines_of(block)
    return "\n".join(lines)


def lines_of(block: Block) -> Iterator[str]:
    """A block as plain text; a row of a table is one line."""
    if isinstance(block, Lines | Items | Aside):
        yield from (text_of(line) for line in block.lines)
    elif isinstance(block, Table):
        for row in block.rows:
            named = zip(block.head, row, strict=True)
            yield "- " + "; ".join(f"{text_of(head)}: {text_of(cell)}" for head, cell in named)
