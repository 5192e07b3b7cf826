"""What a supplier sets beside its agreements: whom to warn when a promise comes near, and what an
hour costs outside all of them. Both are part of what tickets are judged by.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions import set_ladder, set_outside_hour
from afspraak.agreements.load import outside_rates
from afspraak.agreements.models import Agreement, OutsideHour
from afspraak.engine.in_force import OutsideRate
from afspraak.engine.time import HOUR, Refusal
from afspraak.flow.agreements import FOLLOW, NoSuchAgreement
from afspraak.ledger.actions import open_logs
from afspraak.notices.actions import defer
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Organisation, Relation
from afspraak.parties.roles import STAFF
from afspraak.rights.viewer import Viewer

Step = tuple[int, str]
"""Percent of the target that is spent, and the role that is told."""
MOST_STEPS: Final = 10
WHOLE: Final = 100
TODAY: Final = 25 * HOUR
"""The longest of days."""
MOST_AN_HOUR: Final = Decimal(100000)


def set_warnings(
    *, agreement: UUID, steps: Iterable[Step], actor: Actor, viewer: Viewer, at: int
) -> Agreement:
    """An agreement's own ladder, for its supplier; without steps the usual one holds again. A job
    looks at what is open anew. Raises NoSuchAgreement, and Refusal for steps that are none.
    """
    row = Agreement.objects.seen_by(viewer).filter(id=agreement).first()
    if row is None or row.supplier_id != actor.organisation:
        raise NoSuchAgreement(f"there is no agreement {agreement}")
    wanted = sorted(set(steps))
    _refuse_steps(wanted)
    with transaction.atomic():
        log = open_logs(relations=[row.relation_id], viewer=viewer, at=at)[row.relation_id]
        set_ladder(log=log, agreement=row, steps=wanted, at=at)
        note_in_audit(
            actor=actor,
            action="set_warnings",
            subject="agreement",
            subject_id=row.id,
            at=at,
            steps=" ".join(f"{percent}:{role}" for percent, role in wanted),
        )
        log.keep()
        defer(FOLLOW, agreement=str(row.id), since=at)
    return row


def _refuse_steps(steps: list[Step]) -> None:
    if len(steps) > MOST_STEPS:
        raise Refusal("a ladder has at most %(most)s steps", most=str(MOST_STEPS))
    for percent, role in steps:
        if not 0 < percent <= WHOLE:
            raise Refusal("a step stands at 1 to 100 percent of the time")
        if role not in STAFF:
            raise Refusal("a step tells somebody of the supplier: choose one of its roles")


def set_outside_rate(*, rate: OutsideRate, actor: Actor, viewer: Viewer, at: int) -> OutsideHour:
    """What an hour of the actor's organisation costs outside every agreement, for reports in
    [from, until). Raises Refusal for a time that has a rate, or that began before today: what
    somebody was told does not change.
    """
    own = Organisation.objects.seen_by(viewer).get(pk=actor.organisation)
    _refuse_rate(rate, at)
    served = Relation.objects.seen_by(viewer).filter(supplier=own)
    with transaction.atomic():
        logs = open_logs(relations=served.values_list("id", flat=True), viewer=viewer, at=at)
        if any(_meet(rate, each) for each in outside_rates(own.id, viewer)):
            raise Refusal("there is a rate for a part of this time: begin where it ends")
        made = set_outside_hour(logs=logs.values(), supplier=own, hour=rate, at=at)
        note_in_audit(
            actor=actor,
            action="set_outside_rate",
            subject="outside_hour",
            subject_id=made.id,
            at=at,
        )
        for log in logs.values():
            log.keep()
    return made


def _refuse_rate(rate: OutsideRate, at: int) -> None:
    if not 0 < rate.per_hour < MOST_AN_HOUR:
        raise Refusal("an hour costs more than nothing, and less than 100 000")
    if not rate.from_at < rate.until_at:
        raise Refusal("a rate ends after it begins")
    if rate.from_at + TODAY <= at:
        raise Refusal("a rate begins today at the earliest: what was told before does not change")


def _meet(one: OutsideRate, other: OutsideRate) -> bool:
    return one.from_at < other.until_at and other.from_at < one.until_at
