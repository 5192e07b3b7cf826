"""A request of the web door: when it came (the clock, read once), and who asks."""

from contextlib import ExitStack
from datetime import UTC, datetime

from django.http import HttpRequest

from afspraak.engine.time import instant_of
from afspraak.parties.identity import Identity


class Visit(HttpRequest):
    """What `viewing` adds to a request. `eyes` holds what the database shows until its end."""

    at: int
    identity: Identity | None
    eyes: ExitStack
    is_demonstration: bool


def now() -> int:
    """The clock, read once a request."""
    return instant_of(datetime.now(UTC))


def known(visit: Visit) -> Identity:
    """Who asks, on a page that only who is known gets to see."""
    assert visit.identity is not None, "the policy of this page let nobody in"
    return visit.identity
