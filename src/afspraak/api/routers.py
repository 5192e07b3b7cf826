"""Every router, by the tag under which the description lists it."""

from typing import Final

from ninja import Router

from afspraak.api import (
    agreement_facts,
    agreements,
    batch,
    clocks,
    duties,
    export,
    facts,
    figures,
    incidents,
    incoming,
    notes,
    notices,
    organisations,
    people,
    queue,
    search,
    tickets,
)

ALL: Final[tuple[tuple[str, Router], ...]] = (
    ("parties", organisations.router),
    ("parties", people.router),
    ("agreements", agreements.router),
    ("agreements", agreement_facts.router),
    ("agreements", duties.router),
    ("tickets", tickets.router),
    ("tickets", facts.router),
    ("tickets", batch.router),
    ("tickets", notes.router),
    ("clocks", clocks.router),
    ("clocks", queue.router),
    ("tickets", incidents.router),
    ("notices", notices.router),
    ("figures", figures.router),
    ("search", search.router),
    ("export", export.router),
    ("incoming", incoming.router),
)
