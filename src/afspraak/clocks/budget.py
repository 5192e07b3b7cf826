"""The error budget of a promised share: how many misses its period bears, how many there were, and
when at this pace it is used up. Exact: integers and fractions (A3); relieved misses are outside, as
they are of the share that credits use (A8).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db.models import Count

from afspraak.clocks.in_force import Held
from afspraak.clocks.models import Assessment, State
from afspraak.engine.figures import Tally, scope_of
from afspraak.engine.periods import Period, period_at
from afspraak.engine.terms import Promise, Terms
from afspraak.engine.time import datetime_of, zone_of
from afspraak.rights.viewer import Viewer

EARLY: Final = 12
"""Before this part of a period has passed, its pace says nothing."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What became of a promised share until `at`, in the period [from_at, until_at)."""

    at_least: Fraction
    met: int
    missed: int
    from_at: int
    until_at: int
    at: int

    @property
    def cases(self) -> int:
        """What has a verdict."""
        return self.met + self.missed

    @property
    def expected(self) -> int:
        """So many cases there are at the period's end, if they go on coming as until now; cut."""
        passed = self.at - self.from_at
        return self.cases * (self.until_at - self.from_at) // passed if passed > 0 else self.cases

    @property
    def allowed(self) -> int:
        """So many of these may be missed: one more, and the share is below the promised one."""
        return int(self.expected * (1 - self.at_least))

    @property
    def left(self) -> int:
        """So many more may be missed; below zero where there were already too many."""
        return self.allowed - self.missed

    @property
    def is_early(self) -> bool:
        """Whether too little of the period has passed to speak of a pace."""
        return (self.at - self.from_at) * EARLY < self.until_at - self.from_at

    @property
    def is_gone(self) -> bool:
        """Whether nothing more may be missed than already was."""
        return self.left < 0 or (self.missed > 0 and not self.left)

    @property
    def gone_at(self) -> int | None:
        """When the budget is used up, if misses go on coming as until now; None where it lasts the
        period, or where there is no pace to speak of. Not later than now where it is gone already.
        """
        if self.is_gone:
            return self.at
        if not self.missed or self.is_early:
            return None
        moment = self.from_at + (self.at - self.from_at) * self.allowed // self.missed
        return moment if moment < self.until_at else None


@dataclass(frozen=True, slots=True)
class Spending:
    """A promise's budget in one scope: of which agreement, and in which period."""

    held: Held
    promise: Promise
    period: Period
    scope: str
    budget: Budget


def spending_of(held: Iterable[Held], viewer: Viewer, at: int) -> list[Spending]:
    """The budget of every promised share in the period that holds `at`, scope by scope; those that
    have no case yet are left out.
    """
    asked: dict[tuple[int, int], dict[tuple[UUID, str], tuple[Held, Promise, Period]]] = {}
    for each in held:
        for promise, period, span in _promised(each, at):
            asked.setdefault(span, {})[each.agreement, promise.clause] = (each, promise, period)
    found = []
    for span, about in asked.items():
        for (agreement, clause, scope), tally in _counted(about, span, viewer, at).items():
            each, promise, period = about[agreement, clause]
            budget = _budget(promise, tally, span, at)
            found.append(Spending(each, promise, period, scope, budget))
    return found


def _promised(each: Held, at: int) -> Iterator[tuple[Promise, Period, tuple[int, int]]]:
    """The promises of a version that name a share, each with the period that holds a moment."""
    if each.signed is None:
        return
    terms: Terms = each.signed.terms
    zone, term = zone_of(terms.zone), Period(terms.from_on, terms.until_on)
    for promise in terms.promises:
        if promise.share is not None:
            per, from_start = promise.share.per, terms.periods_from_start
            period = period_at(at, zone, per, term, from_start=from_start)
            yield promise, period, period.spans(zone)


def _counted(
    about: Mapping[tuple[UUID, str], tuple[Held, Promise, Period]],
    span: tuple[int, int],
    viewer: Viewer,
    at: int,
) -> dict[tuple[UUID, str, str], Tally]:
    """What became of what was due in the span until `at`, by agreement, clause and scope."""
    rows = (
        Assessment.objects.seen_by(viewer)
        .filter(
            agreement_id__in={agreement for agreement, _ in about},
            clause__in={clause for _, clause in about},
            state__in=(State.MET, State.MISSED),
            on_trial=False,
            due_at__gte=datetime_of(span[0]),
            due_at__lt=datetime_of(min(span[1], at)),
        )
        .values("agreement_id", "clause", "service", "level", "priority", "state", "is_relieved")
        .annotate(number=Count("ticket_id"))
        .order_by("agreement_id", "clause", "service", "level", "priority")
    )
    found: dict[tuple[UUID, str, str], Tally] = {}
    for row in rows:
        known = about.get((row["agreement_id"], row["clause"]))
        if known is None:
            continue
        share = known[1].share
        assert share is not None
        case = {"service": row["service"], "level": row["level"], "priority": row["priority"]}
        key = (row["agreement_id"], row["clause"], scope_of(share.by, case))
        is_out = row["is_relieved"] and row["state"] == State.MISSED
        counts = {row["state"]: row["number"], "relieved": row["number"] if is_out else 0}
        found[key] = found.get(key, Tally()) + Tally(**counts)
    return found


def _budget(promise: Promise, counted: Tally, span: tuple[int, int], at: int) -> Budget:
    assert promise.share is not None
    missed = counted.missed - counted.relieved
    return Budget(promise.share.at_least, counted.met, missed, *span, min(at, span[1]))
