"""What the desk says about a ticket is written to whom it is for: owed in the transaction in which
it was said.
"""

from collections.abc import Iterable
from typing import Final

from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import instant_of
from afspraak.notices.actions import Owing
from afspraak.notices.models import Kind
from afspraak.rights.parties import parties_of
from afspraak.tickets.models import Fact, Ticket

SAID: Final = frozenset(
    {
        "supplier_contact",
        "question",
        "diagnosis",
        "expectation",
        "workaround",
        "solved",
        "cost_proposed",
    }
)
"""What a supplier says outward (K2)."""


def contacts_of(told: Iterable[tuple[Fact, Ticket | None]]) -> list[Owing]:
    """What is owed to reporters because of new facts: nothing for an import's, for what was asked
    of somebody else, or for what reached them by another way (`channel` in `more`).
    """
    return [
        owing_of(Kind.CONTACT, fact, ticket)
        for fact, ticket in told
        if ticket is not None and ticket.reporter_id and _is_said_to_customer(fact)
    ]


def owing_of(kind: Kind, fact: Fact, ticket: Ticket) -> Owing:
    """A contact or a receipt: one a fact."""
    parties = parties_of(ticket)
    return Owing(
        kind=kind,
        parties=parties,
        key=f"{ticket.id}/{fact.id}",
        for_at=instant_of(fact.happened_at),
        ticket=ticket.id,
    )


def _is_said_to_customer(fact: Fact) -> bool:
    data = fact.data
    if fact.code not in SAID or fact.is_imported or fact.recorded_by != SUPPLIER:
        return False
    if fact.code == "question" and data.get("to") != CUSTOMER:
        return False
    if data.get("more", {}).get("channel", "mail") != "mail":
        return False
    return fact.words is not None or "until" in data or "cost" in data
