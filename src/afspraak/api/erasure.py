"""A request to erase a personal text: the text goes, the proof that it was there stands."""

from uuid import UUID

from ninja import Router

from afspraak import flow
from afspraak.api.auth import Call
from afspraak.api.facts_told import speaks_for
from afspraak.api.kinds import Asked, Code
from afspraak.api.seen import fact_seen
from afspraak.api.shown_tickets import FactShown, fact_shown
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()


class ErasureAsked(Asked):
    """Why, in a word (`request`, `mistake`): it stays in the log, so nothing personal in it."""

    why: Code


@router.post("/facts/{uuid:fact}/erasure", response=FactShown)
@stated(Right.ERASE)
def erase_text(request: Call, fact: UUID, body: ErasureAsked) -> FactShown:
    """Erase what somebody of your own side wrote in a fact, for good. Its seal stays in the log:
    every proof still holds, and nobody can tell what it was. The fact, its times and its verdict
    stay; so do notices, as they were sent.
    """
    identity = request.identity
    row = fact_seen(identity.viewer, fact)
    erased = flow.erase(
        fact=row.id,
        why=body.why,
        party=speaks_for(row, identity),
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )
    return fact_shown(erased, identity)
