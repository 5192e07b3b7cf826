"""Dated promises of an agreement (K10): reports, deliveries, fill-in dates; whose, until when."""

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Router

from afspraak.api.auth import Call
from afspraak.api.kinds import Cursor, Limit, Moment, Shown, show, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.seen import agreement_seen
from afspraak.clocks.models import Duty
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
State = Literal["running", "met", "missed"]


class DelayShown(Shown):
    """A late step that moved this one, and whose it was."""

    days: int
    because: str
    party: str


class DutyShown(Shown):
    """One dated promise; `due_on` is where others' delays have moved it."""

    agreement: UUID
    clause: str
    what: str
    promisor: str
    planned_on: date
    due_on: date
    due_at: Moment
    state: str
    satisfied_at: Moment | None
    delays: list[DelayShown]


def duty_shown(row: Duty) -> DutyShown:
    """One dated promise."""
    return DutyShown(
        agreement=row.agreement_id,
        clause=row.clause,
        what=row.what,
        promisor=row.promisor,
        planned_on=row.planned_on,
        due_on=row.due_on,
        due_at=shown(row.due_at),
        state=row.state,
        satisfied_at=show(row.satisfied_at),
        delays=[
            DelayShown(days=each["days"], because=each["because"], party=each["party"])
            for each in row.delays
        ],
    )


@router.get("/agreements/{uuid:agreement}/duties", response=Page[DutyShown])
@stated(Right.READ_AGREEMENTS)
def list_duties(
    request: Call,
    agreement: UUID,
    *,
    state: State | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[DutyShown]:
    """The dated promises of an agreement, what is due first before the rest."""
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    rows = Duty.objects.seen_by(viewer).filter(agreement=row)
    if state is not None:
        rows = rows.filter(state=state)
    return page_of(
        rows,
        ("due_at", "clause", "planned_on"),
        cursor,
        limit,
        lambda found: [duty_shown(each) for each in found],
    )
