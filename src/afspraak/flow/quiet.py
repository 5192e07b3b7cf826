"""The walk of relations that go quiet: looked at once a day, said to both sides before it is too
late to ask.
"""

import logging
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth

from afspraak.clocks.actions_pulse import store_pulse
from afspraak.clocks.models import Duty, Pulse, State
from afspraak.clocks.pulse import (
    CONTACTS,
    MONTH,
    NOT_HELD,
    SEEN,
    Sign,
    months_of,
    reviews_lapsed,
    sign,
)
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import add, datetime_of, instant_of, local_date, start_of_date, zone_of
from afspraak.flow.watch import FAULTS
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind
from afspraak.parties.models import Relation, SeenOn
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact
from afspraak.tickets.spoken import SPOKEN, side_of

log = logging.getLogger(__name__)
REVIEW: Final = "review_meeting"
"""What a dated promise to meet is."""
Months = tuple[tuple[date, ...], tuple[date, ...]]


def look_at_relations(*, at: int) -> int:
    """Every relation against its own first months; how many are quiet. One that cannot be looked at
    holds up no other, and is said in the log.
    """
    quiet = 0
    rows = Relation.objects.seen_by(SYSTEM).select_related("supplier").order_by("id")
    for relation in rows.iterator(500):
        try:
            quiet += look_at_relation(relation=relation, at=at).quiet_since is not None
        except FAULTS:
            log.exception("relation %s cannot be looked at", relation.id)
    return quiet


def look_at_relation(*, relation: Relation, at: int) -> Pulse:
    """One relation: kept, and said to both where it has newly gone quiet."""
    zone = relation.supplier.zone
    on = local_date(zone_of(zone), at)
    months = _months(relation, on, zone, at)
    signs = [*_contacts(relation, months, zone), *_seen(relation, months)] if months[0] else []
    quiet = [each.name for each in signs if each.is_quiet]
    if reviews_lapsed(_reviews(relation, at)):
        quiet.append(NOT_HELD)
    with transaction.atomic():
        month = on.replace(day=1)
        kept = store_pulse(relation=relation, signs=signs, quiet=quiet, month=month, at=at)
        if kept.quiet_since is not None:
            owe(owings=[_owing(relation, kept.quiet_since, zone)], at=at)
    return kept


def _owing(relation: Relation, since_on: date, zone: str) -> Owing:
    """Once for each time that it goes quiet."""
    return Owing(
        kind=Kind.QUIET,
        parties=parties_of(relation),
        key=f"quiet/{relation.id}/{since_on}",
        for_at=start_of_date(zone_of(zone), since_on),
    )


def _months(relation: Relation, on: date, zone: str, at: int) -> Months:
    """Which months are compared; none for a relation that is too young."""
    spoken = Fact.objects.seen_by(SYSTEM).filter(
        relation=relation, code__in=SPOKEN, happened_at__lte=datetime_of(at)
    )
    begun = spoken.aggregate(first=Min("happened_at"))["first"]
    if begun is None:
        return (), ()
    return months_of(local_date(zone_of(zone), instant_of(begun)), on)


def _contacts(relation: Relation, months: Months, zone: str) -> Iterator[Sign]:
    rows = (
        Fact.objects.seen_by(SYSTEM)
        .filter(_within(months, zone), relation=relation, code__in=SPOKEN)
        .annotate(month=TruncMonth("happened_at", tzinfo=zone_of(zone)))
        .values("month", "code", "by")
        .annotate(number=Count("id"))
        .order_by("month", "code", "by")
    )
    counts: dict[str, dict[date, int]] = {SUPPLIER: {}, CUSTOMER: {}}
    for row in rows:
        mine, month = counts[side_of(row["code"], row["by"])], row["month"].date()
        mine[month] = mine.get(month, 0) + row["number"]
    for side, found in counts.items():
        yield sign(CONTACTS, side, found, months)


def _within(months: Months, zone: str) -> Q:
    first, last = (
        Q(
            happened_at__gte=datetime_of(start_of_date(zone_of(zone), part[0])),
            happened_at__lt=datetime_of(start_of_date(zone_of(zone), add(part[-1], MONTH))),
        )
        for part in months
    )
    return first | last


def _seen(relation: Relation, months: Months) -> Iterator[Sign]:
    """On how many days people of each side were here; nothing where that was not yet kept."""
    for side, organisation in ((SUPPLIER, relation.supplier_id), (CUSTOMER, relation.customer_id)):
        yield sign(SEEN, side, _days(organisation, months), months)


def _days(organisation: UUID, months: Months) -> Mapping[date, int]:
    rows = SeenOn.objects.seen_by(SYSTEM).filter(
        organisation_id=organisation, on__gte=months[0][0], on__lt=add(months[1][-1], MONTH)
    )
    by_month = rows.annotate(month=TruncMonth("on")).values("month")
    counted = by_month.annotate(number=Count("id")).order_by("month")
    return {row["month"]: row["number"] for row in counted}


def _reviews(relation: Relation, at: int) -> list[str]:
    """What became of the meetings that were due, in their order."""
    rows = Duty.objects.seen_by(SYSTEM).filter(
        relation=relation,
        what=REVIEW,
        due_at__lt=datetime_of(at),
        state__in=(State.MET, State.MISSED),
    )
    return list(rows.order_by("due_at", "clause").values_list("state", flat=True))
