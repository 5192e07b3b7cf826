"""Every router, by the tag under which the description lists it."""

from typing import Final

from ninja import Router

from afspraak.api import facts, tickets

ALL: Final[tuple[tuple[str, Router], ...]] = (
    ("tickets", tickets.router),
    ("facts", facts.router),
)
