"""Volumes that a contract expects, against what came: of the last period that is over, and of the
one that runs; and the units that a service's fee is meant for, against those that are held.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count

from afspraak.clocks.in_force import Held
from afspraak.clocks.models import Standing
from afspraak.engine.periods import Period, period_at
from afspraak.engine.time import datetime_of, zone_of
from afspraak.language.schema_prices import VolumeClause
from afspraak.rights.viewer import Viewer

EARLY: Final = 10
"""Before this part of a period has passed, its pace says nothing."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Volume:
    """How many there are of what `counts` says, of a service or of all, where from `least` to
    `most` are expected. `period` is None for what is held at any time; `by_end`: so many at the end
    of a period that runs, if they go on coming as until now; None where it is over, or too young.
    """

    held: Held
    clause: str
    counts: str
    service: str
    least: int
    most: int
    period: Period | None
    count: int
    by_end: int | None = None
    is_over: bool = True

    @property
    def is_outside(self) -> bool:
        """More than expected already; less, once the period is over."""
        return self.count > self.most or (self.is_over and self.count < self.least)

    @property
    def will_be_outside(self) -> bool:
        """Inside as yet, and outside at this pace."""
        if self.is_outside or self.by_end is None:
            return False
        return not self.least <= self.by_end <= self.most


@dataclass(frozen=True, slots=True)
class _Asked:
    """A clause that counts tickets, in one of its periods."""

    held: Held
    clause: VolumeClause
    period: Period
    span: Span


def volumes_of(held: Iterable[Held], viewer: Viewer, at: int) -> list[Volume]:
    """Every expected volume that can be counted here. Hours are none of these: what one side writes
    down for itself is no count of both.
    """
    known = [each for each in held if each.signed is not None]
    asked = [one for each in known for one in _asked(each, at)]
    by_span: dict[Span, list[_Asked]] = {}
    for one in asked:
        by_span.setdefault(one.span, []).append(one)
    found = [volume for each in known for volume in _units(each)]
    for span, group in by_span.items():
        counts = _counts({one.held.agreement for one in group}, span, viewer, at)
        found += [_volume(one, counts, at) for one in group]
    return found


def _units(each: Held) -> Iterator[Volume]:
    """The units of services whose fee is meant for so many."""
    assert each.signed is not None
    for key, service in each.signed.document.services.items():
        if service.units is not None and service.bands:
            least = min(band[0] for band in service.bands)
            most = max(band[1] for band in service.bands)
            yield Volume(each, "", "units", key, least, most, None, service.units)


def _asked(each: Held, at: int) -> Iterator[_Asked]:
    """Each clause that counts tickets: in the period that runs, and in the one before it."""
    assert each.signed is not None
    terms = each.signed.terms
    zone, term = zone_of(terms.zone), Period(terms.from_on, terms.until_on)
    for clause in each.signed.document.of_type(VolumeClause):
        if clause.counts != "tickets":
            continue
        from_start = terms.periods_from_start
        this = period_at(at, zone, clause.per, term, from_start=from_start)
        yield _Asked(each, clause, this, this.spans(zone))
        if this.from_on > term.from_on and clause.per != "term":
            moment = this.spans(zone)[0] - 1
            before = period_at(moment, zone, clause.per, term, from_start=from_start)
            yield _Asked(each, clause, before, before.spans(zone))


def _counts(
    agreements: set[UUID], span: Span, viewer: Viewer, at: int
) -> dict[tuple[UUID, str], int]:
    """How many tickets were reported, by agreement and service."""
    rows = (
        Standing.objects.seen_by(viewer)
        .filter(
            agreement_id__in=agreements,
            reported_at__gte=datetime_of(span[0]),
            reported_at__lt=datetime_of(min(span[1], at)),
        )
        .values("agreement_id", "service")
        .annotate(number=Count("ticket_id"))
        .order_by("agreement_id", "service")
    )
    return {(row["agreement_id"], row["service"]): row["number"] for row in rows}


def _volume(one: _Asked, counts: dict[tuple[UUID, str], int], at: int) -> Volume:
    clause, (start, end) = one.clause, one.span
    service = clause.service or ""
    count = sum(
        number
        for (agreement, of), number in counts.items()
        if agreement == one.held.agreement and service in ("", of)
    )
    passed = at - start
    is_over, is_early = at >= end, passed * EARLY < end - start
    return Volume(
        one.held,
        clause.id,
        clause.counts,
        service,
        min(band.units[0] for band in clause.bands),
        max(band.units[1] for band in clause.bands),
        one.period,
        count,
        None if is_over or is_early else count * (end - start) // passed,
        is_over,
    )
