"""The walk: every use case that crosses rooms calls each step by name, so that the order of things
can be read in one place.
"""

from afspraak.flow.agreements import bring_in_version, sign_version
from afspraak.flow.ask import would_promise
from afspraak.flow.facts import NoSuchTicket, Taken, take_fact, take_facts
from afspraak.flow.incidents import tell_all
from afspraak.flow.watch import look, look_at, rebuild

__all__ = [
    "NoSuchTicket",
    "Taken",
    "bring_in_version",
    "look",
    "look_at",
    "rebuild",
    "sign_version",
    "take_fact",
    "take_facts",
    "tell_all",
    "would_promise",
]
