"""The walk: every use case that crosses rooms calls each step by name, so that the order of things
can be read in one place.
"""

from afspraak.flow.agreements import bring_in_version, sign_version
from afspraak.flow.ask import would_promise
from afspraak.flow.availability import availability_of
from afspraak.flow.duties import look_at_duties, look_at_what_is_dated
from afspraak.flow.facts import NoSuchTicket, Taken, take_fact, take_facts
from afspraak.flow.watch import BATCH, due_next, look, look_at, rebuild

__all__ = [
    "BATCH",
    "NoSuchTicket",
    "Taken",
    "availability_of",
    "bring_in_version",
    "due_next",
    "look",
    "look_at",
    "look_at_duties",
    "look_at_what_is_dated",
    "rebuild",
    "sign_version",
    "take_fact",
    "take_facts",
    "would_promise",
]
