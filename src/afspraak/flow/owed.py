"""What somebody must be told after a look at tickets: promises that are newly missed, and steps of
the ladder that were reached.
"""

from collections.abc import Iterable
from uuid import UUID

from afspraak.clocks.actions import Judged, Stored
from afspraak.clocks.models import Assessment
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import instant_of
from afspraak.notices.actions import Owing
from afspraak.notices.models import Kind
from afspraak.rights.parties import parties_of


def owings_of(judged: Iterable[Judged], stored: Stored) -> list[Owing]:
    """What must be told: promises newly missed, to both sides; steps of the ladder that were
    reached since the last look.
    """
    owings = [each for row in stored.missed for each in _of_miss(row)]
    for each in judged:
        owings += _of_steps(each, stored.looked_at.get(each.ticket.id, 0))
    return owings


def _of_miss(row: Assessment) -> list[Owing]:
    """A miss is told; where it is the supplier's, its customer is told with the clause quoted."""
    if row.on_trial or row.missed_at is None:
        return []
    kinds = (Kind.MISSED, Kind.BREACH) if row.promisor == SUPPLIER else (Kind.MISSED,)
    return [
        Owing(
            kind=kind,
            parties=parties_of(row),
            key=f"{row.ticket_id}/{row.clause}/{row.cycle}",
            for_at=instant_of(row.missed_at),
            ticket=row.ticket_id,
            agreement=row.agreement_id,
            clause=row.clause,
        )
        for kind in kinds
    ]


def _of_steps(judged: Judged, since_at: int) -> list[Owing]:
    """Steps that have been reached by the moment of looking (`next_look` brings us there)."""
    judgement = judged.judgement
    if judgement.governing is None:
        return []
    return [
        Owing(
            kind=Kind.WARNING,
            parties=parties_of(judged.ticket),
            key=f"{judged.ticket.id}/{step.assessment.promise.clause}/{step.assessment.cycle}"
            f"/{step.percent}",
            for_at=step.at,
            ticket=judged.ticket.id,
            agreement=UUID(judgement.governing.version.agreement),
            clause=step.assessment.promise.clause,
            percent=step.percent,
        )
        for step in judged.reached
        if step.at > since_at
    ]
