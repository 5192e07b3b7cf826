"""What a supplier sets beside its agreements: whom to warn when, and what an hour costs outside all
of them; and who was invited to one agreement.
"""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from ninja import Router, Status
from pydantic import Field

from afspraak import flow
from afspraak.agreements.load import DEFAULT_LADDER, ladders_of
from afspraak.agreements.models import Adviser, Agreement, OutsideHour
from afspraak.api.access import check_person
from afspraak.api.auth import Call, works_for
from afspraak.api.kinds import Asked, Cursor, Instant, Limit, Moment, Money, Shown, show, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Missing
from afspraak.api.seen import agreement_seen, one
from afspraak.engine.in_force import OutsideRate
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
StaffRole = Literal["admin", "contract_manager", "agent", "account_manager"]


# Warnings -------------------------------------------------------------------------------------


class StepAsked(Asked):
    """At so many percent of the promised time (100: the miss itself), this role is told."""

    percent: Annotated[int, Field(ge=1, le=100)]
    role: StaffRole


class LadderAsked(Asked):
    """Whom to tell when; no steps: as usual again."""

    steps: Annotated[list[StepAsked], Field(max_length=flow.MOST_STEPS)]


class StepShown(Shown):
    """Part of the promised time, in percent, and the role that is told."""

    percent: int
    role: str


class LadderShown(Shown):
    """Whom of the supplier to tell when a promise comes near; `is_own`: not the usual one."""

    agreement: UUID
    is_own: bool
    steps: list[StepShown]


@router.get("/agreements/{uuid:agreement}/ladder", response=LadderShown)
@stated(Right.READ_AGREEMENTS)
def get_ladder(request: Call, agreement: UUID) -> LadderShown:
    """Whom of the supplier to tell when a promise of an agreement comes near; for the supplier."""
    return _ladder(_kept(request.identity, agreement), request.identity)


@router.post("/agreements/{uuid:agreement}/ladder", response=LadderShown)
@stated(Right.WRITE_AGREEMENTS)
def set_ladder(request: Call, agreement: UUID, body: LadderAsked) -> LadderShown:
    """Set it anew, instead of the one there was. What is open is looked at again by a job."""
    identity = request.identity
    row = flow.set_warnings(
        agreement=_kept(identity, agreement).pk,
        steps=[(each.percent, each.role) for each in body.steps],
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )
    return _ladder(row, identity)


def _kept(identity: Identity, agreement: UUID) -> Agreement:
    """An agreement that the organisation acted for keeps. Raises Missing."""
    row = agreement_seen(identity.viewer, agreement)
    if not works_for(identity, row.supplier_id):
        raise Missing
    return row


def _ladder(row: Agreement, identity: Identity) -> LadderShown:
    own = ladders_of([row.relation_id], identity.viewer).get(row.pk)
    steps = [StepShown(percent=percent, role=role) for percent, role in own or DEFAULT_LADDER]
    return LadderShown(agreement=row.pk, is_own=own is not None, steps=steps)


# Outside every agreement ----------------------------------------------------------------------


class OutsideHourAsked(Asked):
    """What an hour costs outside every agreement, for reports in [from_at, until_at)."""

    per_hour: Money
    from_at: Instant
    until_at: Instant


class OutsideHourShown(Shown):
    """The same, and whose it is."""

    id: UUID
    organisation: UUID
    per_hour: str
    from_at: Moment
    until_at: Moment


@router.get("/outside-hours", response=Page[OutsideHourShown])
@stated(Right.READ_AGREEMENTS)
def list_outside_hours(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[OutsideHourShown]:
    """What an hour costs outside every agreement, your own and your suppliers', newest first."""
    rows = OutsideHour.objects.seen_by(request.identity.viewer)
    return page_of(
        rows, ("-from_at", "-id"), cursor, limit, lambda found: [_hour(each) for each in found]
    )


@router.post("/outside-hours", response={201: OutsideHourShown})
@stated(Right.WRITE_AGREEMENTS)
def add_outside_hour(request: Call, body: OutsideHourAsked) -> Status[OutsideHourShown]:
    """Say what an hour of the organisation acted for costs, from today at the earliest, for a time
    that has no rate yet: what was told does not change.
    """
    currency, _, amount = body.per_hour.partition(" ")
    made = flow.set_outside_rate(
        rate=OutsideRate(Decimal(amount), currency, body.from_at, body.until_at),
        actor=request.identity.actor,
        viewer=request.identity.viewer,
        at=request.at,
    )
    return Status(201, _hour(made))


def _hour(row: OutsideHour) -> OutsideHourShown:
    return OutsideHourShown(
        id=row.id,
        organisation=row.organisation_id,
        per_hour=f"{row.currency} {row.per_hour:.2f}",
        from_at=shown(row.from_at),
        until_at=shown(row.until_at),
    )


# Advisers -------------------------------------------------------------------------------------


class AdviserShown(Shown):
    """Somebody whom your organisation invited to one agreement, [from_at, until_at)."""

    id: UUID
    agreement: UUID
    person: UUID
    from_at: Moment
    until_at: Moment | None


@router.get("/advisers", response=Page[AdviserShown])
@stated(Right.MANAGE_PEOPLE)
def list_advisers(
    request: Call, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[AdviserShown]:
    """Who was invited to one agreement by the organisation acted for, newest first."""
    identity = request.identity
    rows = Adviser.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    return page_of(
        rows, ("-from_at", "-id"), cursor, limit, lambda found: [_adviser(each) for each in found]
    )


@router.post("/advisers/{uuid:adviser}/end", response=AdviserShown)
@stated(Right.MANAGE_PEOPLE)
def stop_adviser(request: Call, adviser: UUID) -> AdviserShown:
    """From now on they see nothing of the agreement. Who has left stays as they are."""
    identity = request.identity
    check_person(identity)
    rows = Adviser.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    row = one(rows, adviser)
    if row.until_at is None:
        row = flow.end_advice(
            adviser=row.pk, actor=identity.actor, viewer=identity.viewer, at=request.at
        )
    return _adviser(row)


def _adviser(row: Adviser) -> AdviserShown:
    return AdviserShown(
        id=row.id,
        agreement=row.agreement_id,
        person=row.person_id,
        from_at=shown(row.from_at),
        until_at=show(row.until_at),
    )
