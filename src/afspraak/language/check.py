"""`check`: bytes -> the document, or every fault at once: `file:line: clause: fact: remedy`."""

from collections.abc import Callable, Iterator
from typing import Final

from afspraak.language import (
    check_calendars,
    check_dates,
    check_frame,
    check_money,
    check_pairs,
    check_prices,
    check_promises,
)
from afspraak.language.check_references import currencies, ids, names, references, texts
from afspraak.language.document import Document
from afspraak.language.draft import Draft, read_draft
from afspraak.language.faults import Fault, in_order
from afspraak.language.nodes import Mapping
from afspraak.language.reader import read

Check = Callable[[Draft], Iterator[Fault]]

_CHECKS: Final[tuple[tuple[Check, frozenset[str]], ...]] = tuple(
    (check, frozenset(needs.split()))
    for check, needs in (
        (references, ""),
        (ids, ""),
        (texts, "language"),
        (currencies, "currency"),
        (names, ""),
        (check_frame.parties, "parties"),
        (check_frame.term, "term version"),
        (check_frame.priorities, "priorities priority_from services"),
        (check_frame.services, ""),
        (check_calendars.calendars, "frozen"),
        (check_calendars.covers, "term calendars frozen language"),
        (check_calendars.working_days, "calendars calendar"),
        (check_promises.promises, ""),
        (check_promises.rules, "services priorities ticket_kinds sites"),
        (check_promises.open_terms, "clauses term"),
        (check_money.consequences, ""),
        (check_money.caps, ""),
        (check_money.reliefs, ""),
        (check_prices.indexation, "term zone jurisdiction"),
        (check_prices.instalments, ""),
        (check_prices.hours, "calendars calendar"),
        (check_prices.volumes, ""),
        (check_prices.standing_fees, ""),
        (check_prices.reductions, ""),
        (check_dates.deliveries, "term"),
        (check_dates.recurring, "term"),
        (check_dates.people, ""),
        (check_dates.things, ""),
        (check_dates.roll_outs, ""),
        (check_pairs.pairs, ""),
    )
)
"""Each check with the parts that must have been read whole for its answer to be worth anything."""


def check(data: bytes, name: str) -> tuple[Document | None, list[Fault]]:
    """The document if nothing is wrong with it, and all that is to be told about it, by line.

    Faults are told all at once, whatever their kind; notes come with a document, too. `name` is the
    file's.
    """
    root, faults = read(data, name)
    if root is None:
        return None, in_order(faults)
    if not isinstance(root, Mapping):
        fault = Fault(
            name, root.line, "document", "this is no mapping of keys", "begin with `afspraak: 1`"
        )
        return None, in_order([*faults, fault])
    draft, found = read_draft(root, name)
    faults += found
    if draft is not None:
        faults += faults_in(draft)
    sound = draft is not None and all(fault.note for fault in faults)
    return (draft.document if draft is not None and sound else None), in_order(faults)


def faults_in(draft: Draft) -> list[Fault]:
    """What is wrong between the parts of a document that could be read, each by itself sound."""
    found: list[Fault] = []
    for check_one, needs in _CHECKS:
        if not needs & draft.broken:
            found += check_one(draft)
    return found
