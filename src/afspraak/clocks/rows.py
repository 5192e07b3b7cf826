"""A judgement as the rows that keep it: a cache, made from nothing but the judgement."""

from datetime import datetime
from uuid import UUID

from afspraak.clocks.judge import Judgement, closed_at, turn_of
from afspraak.clocks.models import Standing
from afspraak.engine.clock import Assessment as Assessed
from afspraak.engine.facts import EMPTY, SUPPLIER
from afspraak.engine.facts import Ticket as Settled
from afspraak.engine.terms import Case
from afspraak.engine.time import datetime_of
from afspraak.rights.insert import Values, new_row
from afspraak.rights.parties import parties_of
from afspraak.tickets.models import Ticket

OPEN_STATES = frozenset({"running", "paused", "measuring"})


def columns_of(ticket: Ticket) -> dict[str, UUID]:
    """The columns that every row of a ticket begins with."""
    return {"ticket_id": ticket.id, **parties_of(ticket)}


def standing_of(ticket: Ticket, told: Values) -> Standing:
    """The ticket's one row for queue and watch."""
    return new_row(Standing, {**columns_of(ticket), **told})


def standing_told(judgement: Judgement, next_look_at: int | None) -> Values:
    """What a judgement says in it."""
    settled, governing = judgement.ticket, judgement.governing
    case = newest_case(settled)
    if judgement.clockwork is not None:
        case = judgement.clockwork.terms.fields.complete(case)
    leading = leading_of(judgement)
    solved_at, turn = closed_at(settled), turn_of(settled)
    is_open = solved_at is None and settled.voided is None and settled.start_at is not None
    return {
        "agreement_id": governing.version.agreement if governing else None,
        "version_id": governing.version.id if governing else None,
        "service": case.get("service", ""),
        "level": case.get("level", ""),
        "priority": case.get("priority", ""),
        "kind": case.get("kind", ""),
        "site": case.get("site", ""),
        "is_open": is_open,
        "is_frozen": is_open and leading is not None and leading.due_at is None,
        "is_late": is_open and any(each.missed_at for each in _ours(judgement)),
        "turn": turn,
        "due_at": _moment(leading.due_at) if is_open and leading else None,
        "leads": leading.promise.clause if is_open and leading else "",
        "outside": str(judgement.outside or "")[:400],
        "reported_at": _moment(settled.start_at),
        "solved_at": _moment(solved_at),
        "looked_at": datetime_of(settled.as_of),
        "next_look_at": _moment(next_look_at),
        "fault": "; ".join(str(each.refusal) for each in judgement.refused)[:400],
    }


def assessments_told(judgement: Judgement) -> list[Values]:
    """What a judgement says in a row for each cycle of each promise."""
    governing, clockwork = judgement.governing, judgement.clockwork
    if governing is None or clockwork is None:
        return []
    reported = judgement.ticket.fields
    rows: list[Values] = []
    for place, each in enumerate(judgement.assessed):
        case = clockwork.case(reported, each.rule)
        rows.append(
            {
                "agreement_id": governing.version.agreement,
                "version_id": governing.version.id,
                "clause": each.promise.clause,
                "cycle": each.cycle,
                "measure": each.promise.measure,
                "promisor": each.promise.promisor,
                "state": each.state,
                "is_relieved": place in judgement.relieved,
                "on_trial": each.on_trial,
                "start_at": datetime_of(each.start_at),
                "due_at": _moment(each.due_at),
                "satisfied_at": _moment(each.satisfied_at),
                "missed_at": _moment(each.missed_at),
                "target": str(each.limits[0].target) if each.limits else "",
                # What a running clock has spent changes with every look: only what stands is kept.
                "spent": str(each.spent) if each.spent and each.satisfied_at is not None else "",
                "service": case.get("service", ""),
                "level": case.get("level", ""),
                "priority": case.get("priority", ""),
            }
        )
    return rows


def leading_of(judgement: Judgement) -> Assessed | None:
    """The supplier's open clock that is due first; else one that stands still."""
    ours = [each for each in _ours(judgement) if each.satisfied_at is None]
    due = [each for each in ours if each.due_at is not None]
    if due:
        return min(due, key=lambda each: (each.due_at or 0, each.promise.clause))
    return next((each for each in ours if each.state in OPEN_STATES), None)


def _ours(judgement: Judgement) -> list[Assessed]:
    return [
        each
        for each in judgement.assessed
        if each.promise.promisor == SUPPLIER and each.state != "void" and not each.on_trial
    ]


def newest_case(ticket: Settled) -> Case:
    """The finite fields as they were last stated, reclassifications that await consent among
    them.
    """
    case = EMPTY
    for fact in ticket.facts:
        if fact.code in ("reported", "reclassified") and fact.fields:
            case = {**case, **fact.fields}
    return case


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime_of(at)
