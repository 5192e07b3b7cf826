"""What a log's states, activities and instants mean: the facts of SEMANTICS F1."""

from typing import Final

from afspraak.engine.facts import CUSTOMER, PARTIES, THIRD_PARTY
from afspraak.language.nodes import Items, Node, Scalar
from afspraak.tickets.mapping import STATED, Instant, Meaning
from afspraak.tickets.mapping_cells import Lines, column_of
from afspraak.tickets.mapping_table import Table, nearest

_KEYS: Final = ("fact", "to", "by", "why", "unsolved")


def meanings_of(table: Table | None) -> dict[str, Meaning]:
    """The log's words, each with its fact."""
    return {word: _meaning(table, word, node) for word, node in table.items()} if table else {}


def unlisted_of(table: Table) -> Meaning | None:
    """What a state or an activity that is not listed means; None: such a row is rejected."""
    node = table.node("unlisted")
    if node is None or (isinstance(node, Scalar) and node.text == "reject"):
        return None
    return _meaning(table, "unlisted", node)


def instants_of(table: Table, lines: Lines) -> tuple[Instant, ...]:
    """The columns that each state when one fact happened."""
    node = table.node("instants")
    if node is None:
        return ()
    if not isinstance(node, Items):
        remedy = "write `- {column: COLUMN, fact: solved}` lines"
        table.fault(node.line, "'instants' is no list", remedy)
        return ()
    found = []
    for item in node.items:
        inner = table.under(item, "instants")
        found.append(Instant(column_of(inner, "column", lines), _in_table(inner)))
        inner.done(("column", *_KEYS))
    return tuple(found)


def _meaning(table: Table, word: str, node: Node) -> Meaning:
    """A fact's code alone, or a table {fact, to, by, why, unsolved}."""
    if isinstance(node, Scalar) and node.text in STATED - {"question", "voided"}:
        return Meaning(node.text, by=CUSTOMER if node.text == "answer" else "")
    if isinstance(node, Scalar):
        short = {
            "question": "write `{fact: question, to: customer}`",
            "voided": 'write `{fact: voided, why: "..."}`',
        }
        remedy = short.get(node.text) or nearest(node.text, STATED)
        table.fault(node.line, f"{word!r} states {node.text!r}", remedy)
        return Meaning("acknowledged")
    inner = table.under(node, word)
    meaning = _in_table(inner)
    inner.done(_KEYS)
    return meaning


def _in_table(table: Table) -> Meaning:
    fact = table.one_of("fact", sorted(STATED))
    by = CUSTOMER if fact == "answer" else ""
    meaning = Meaning(
        fact,
        to=table.one_of("to", (CUSTOMER, THIRD_PARTY)) if fact == "question" else "",
        by=table.one_of("by", PARTIES, by),
        why=table.text("why") if fact == "voided" else "",
        unsolved=table.one_of("unsolved", ("solved",), "") if fact == "accepted" else "",
    )
    if fact == "voided" and "why" in table and not meaning.why.strip():
        table.fault(table.line, "a ticket is only voided with a reason (K8)", "say why")
    return meaning
