"""Every router, by the tag under which the description lists it."""

from typing import Final

from ninja import Router

from afspraak.api import (
    access,
    agreement_facts,
    agreements,
    attachments,
    batch,
    catalogues,
    clocks,
    duties,
    erasure,
    export,
    facts,
    figures,
    incidents,
    incoming,
    keeping,
    notes,
    notices,
    organisations,
    people,
    queue,
    search,
    set_up,
    tickets,
)

ALL: Final[tuple[tuple[str, Router], ...]] = (
    ("parties", organisations.router),
    ("parties", people.router),
    ("access", access.router),
    ("catalogues", catalogues.router),
    ("agreements", agreements.router),
    ("agreements", agreement_facts.router),
    ("agreements", duties.router),
    ("agreements", set_up.router),
    ("agreements", keeping.router),
    ("tickets", tickets.router),
    ("tickets", facts.router),
    ("tickets", batch.router),
    ("tickets", notes.router),
    ("tickets", attachments.router),
    ("tickets", erasure.router),
    ("clocks", clocks.router),
    ("clocks", queue.router),
    ("tickets", incidents.router),
    ("notices", notices.router),
    ("figures", figures.router),
    ("search", search.router),
    ("export", export.router),
    ("incoming", incoming.router),
)
