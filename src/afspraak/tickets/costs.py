"""Extra cost: which facts name a sum, and what consent to it comes to."""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final
from uuid import UUID

from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact

STATES_COST: Final = frozenset({"cost_proposed", "diagnosis", "expectation"})
"""Facts that may name a sum, and that consent may therefore name."""

Named = tuple[UUID | None, str]
"""A ticket, and what a fact on it is called: its own id, or the name that it was given."""


def sum_of(consent: Fact) -> Named:
    """What a consent names."""
    return consent.ticket_id, consent.data.get("of", "")


def sums_of(
    named: Iterable[Named], viewer: Viewer, fresh: Iterable[Fact] = ()
) -> Mapping[Named, str]:
    """The sum of each (`EUR 95.00`; empty where the fact names none); what the viewer does not see
    has no part in it. `fresh` are facts of this transaction that are not in the database yet.
    """
    wanted = set(named)
    tickets = {ticket for ticket, _ in wanted if ticket is not None}
    rows = Fact.objects.seen_by(viewer).filter(ticket_id__in=tickets, code__in=STATES_COST)
    sums: dict[Named, str] = {}
    for row in chain(rows.order_by("seq"), fresh):
        for name in (row.data.get("id", ""), str(row.id)):
            if row.code in STATES_COST and (row.ticket_id, name) in wanted:
                sums.setdefault((row.ticket_id, name), row.data.get("cost", ""))
    return sums
