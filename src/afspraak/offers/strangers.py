"""Who has no say in what lies between two."""

from afspraak.engine.time import Refusal
from afspraak.parties.actions import Actor
from afspraak.rights.parties import Between, party_of


def refuse_stranger(row: Between, actor: Actor) -> None:
    """Refuses who acts for neither side."""
    if party_of(row, actor.organisation) is None:
        raise Refusal("only the two sides speak of what lies between them")
