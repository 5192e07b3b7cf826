"""Rows of assessments -> counts and shares per promise, scope and period (A1-A3, A8): the engine's
own tally, over what was kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Assessment
from afspraak.engine.figures import Tally, is_kept, scope_of
from afspraak.engine.periods import Per, Period, period_at
from afspraak.engine.terms import Promise, Terms
from afspraak.engine.time import datetime_of, instant_of, start_of_date, zone_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact

JUDGED: Final = frozenset({"met", "missed"})
USUAL_PER: Per = "quarter"
"""The periods of a promise that names no share."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What became of one promise in one period and scope. `period` is None for what is due at no
    instant (A2). `relieved` are the misses that are outside the share which credits use, listed
    (A3). `imported` of the kept and missed ones rest on another system's record, in whole or part.
    """

    promise: Promise
    number: str
    period: Period | None
    scope: str
    tally: Tally
    relieved: tuple[tuple[UUID, int], ...]
    imported: int

    @property
    def at_least(self) -> Fraction | None:
        """The promised share, if there is one."""
        return self.promise.share.at_least if self.promise.share else None

    @property
    def kept(self) -> bool | None:
        """Whether it was reached, compared exactly; None without a case or a promised share."""
        return is_kept(self.promise.share, self.tally) if self.promise.share else None


Key = tuple[str, Period | None, str]


def figures_of(
    *, agreement: Agreement, viewer: Viewer, from_on: date | None, until_on: date | None
) -> list[Figure]:
    """Every promise of an agreement in each period that has something due within the dates (in the
    agreement's zone; all of them, where none are given), in order.
    """
    terms = _terms_of(agreement, viewer)
    if not terms:
        return []
    newest = list(terms.values())[-1]
    counts: dict[Key, Tally] = {}
    relieved: dict[Key, list[tuple[UUID, int]]] = {}
    imported: Counter[Key] = Counter()
    for row in _rows(agreement, viewer, newest, from_on, until_on):
        key = _key(row, terms[row.version_id])
        counts[key] = counts.get(key, Tally()) + tally_of(row)
        imported[key] += int(_is_imported(row) and row.state in JUDGED)
        if _is_excluded(row):
            relieved.setdefault(key, []).append((row.ticket_id, row.cycle))
    promises = _promises(terms.values())
    return [
        Figure(
            *promises[key[0]],
            key[1],
            key[2],
            counts[key],
            tuple(relieved.get(key, ())),
            imported[key],
        )
        for key in sorted(counts, key=_order)
    ]


def _terms_of(agreement: Agreement, viewer: Viewer) -> dict[UUID, Terms]:
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    return {each.row.id: each.terms for each in signed if each.row.agreement_id == agreement.id}


def _rows(
    agreement: Agreement,
    viewer: Viewer,
    terms: Terms,
    from_on: date | None,
    until_on: date | None,
) -> Iterable[Assessment]:
    rows = Assessment.objects.seen_by(viewer).filter(agreement=agreement)
    zone = zone_of(terms.zone)
    if from_on is not None:
        rows = rows.filter(due_at__gte=datetime_of(start_of_date(zone, from_on)))
    if until_on is not None:
        rows = rows.filter(due_at__lt=datetime_of(start_of_date(zone, until_on)))
    told = Fact.objects.seen_by(viewer).filter(ticket_id=OuterRef("ticket_id"), is_imported=True)
    rows = rows.annotate(is_imported=Exists(told))
    return rows.order_by("ticket_id", "clause", "cycle").iterator(2_000)


def _key(row: Assessment, terms: Terms) -> Key:
    """Where an assessment is counted: by its own version's words (A2, A3)."""
    promise = next((each for each in terms.promises if each.clause == row.clause), None)
    share = promise.share if promise else None
    case = {"service": row.service, "level": row.level, "priority": row.priority}
    scope = scope_of(share.by, case) if share else ""
    if row.due_at is None:
        return row.clause, None, scope
    period = period_at(
        instant_of(row.due_at),
        zone_of(terms.zone),
        share.per if share else USUAL_PER,
        Period(terms.from_on, terms.until_on),
        from_start=terms.periods_from_start,
    )
    return row.clause, period, scope


def tally_of(row: Assessment) -> Tally:
    """One assessment as the engine counts it: a trial only measures (K11)."""
    state = "measuring" if row.on_trial else row.state
    return Tally(**{state: 1, "relieved": int(_is_excluded(row))})


def _is_imported(row: Assessment) -> bool:
    """Whether one fact at least of its ticket is another system's word."""
    return bool(row.is_imported)  # type: ignore[attr-defined]  # asked for with the rows


def _is_excluded(row: Assessment) -> bool:
    return row.is_relieved and row.state == "missed" and not row.on_trial


def _promises(terms: Iterable[Terms]) -> Mapping[str, tuple[Promise, str]]:
    """Each promise with its number, as the newest version that has it says."""
    return {
        promise.clause: (promise, each.numbers.get(promise.clause, ""))
        for each in terms
        for promise in each.promises
    }


def _order(key: Key) -> tuple[str, date, str]:
    clause, period, scope = key
    return clause, date.max if period is None else period.from_on, scope
