"""Dated promises of both sides: overdue, due soon, kept lately."""

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from afspraak.clocks.models import Duty, State
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import DAY, datetime_of
from afspraak.web.overseen import Named, Overseen, titles_in
from afspraak.web.report import badge_of
from afspraak.web.rows import Badge

SHOWN: Final = 8
COUNTED: Final = 200
"""More than this are told as so many and more."""
BACK: Final = 92 * DAY
AHEAD: Final = 30 * DAY


@dataclass(frozen=True, slots=True)
class Dated:
    """A dated promise as a line."""

    named: Named
    title: str
    by: str
    due: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class Part:
    """Some of them: how many there are (at most), and the first."""

    count: int
    is_more: bool
    lines: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Duties:
    """All three."""

    overdue: Part
    due: Part
    kept: Part


def duties_of(over: Overseen) -> Duties:
    """What was due in the last quarter and is not done, what comes in thirty days, and what was
    done in the last thirty.
    """
    at = over.speaking.at
    rows = (
        Duty.objects.seen_by(over.viewer)
        .filter(supplier_id=over.organisation)
        .filter(due_at__gte=datetime_of(at - BACK), due_at__lt=datetime_of(at + AHEAD))
    )
    lately = datetime_of(at - AHEAD)
    titles = _Titles(over)
    late = rows.filter(state=State.MISSED, satisfied_at=None)
    kept = rows.filter(state=State.MET, satisfied_at__gte=lately)
    return Duties(
        _part(late.order_by("-due_at", "agreement_id", "clause"), over, titles),
        _part(
            rows.filter(state=State.RUNNING).order_by("due_at", "agreement_id", "clause"),
            over,
            titles,
        ),
        _part(kept.order_by("-satisfied_at", "agreement_id", "clause"), over, titles),
    )


def _part(rows: QuerySet[Duty], over: Overseen, titles: "_Titles") -> Part:
    found = [each for each in rows[: COUNTED + 1] if each.agreement_id in over.named]
    shown = tuple(_dated(each, over, titles) for each in found[:SHOWN])
    return Part(min(len(found), COUNTED), len(found) > COUNTED, shown)


def _dated(row: Duty, over: Overseen, titles: "_Titles") -> Dated:
    return Dated(
        over.named[row.agreement_id],
        titles.of(row),
        by_whom(row.promisor),
        over.speaking.texts.on_date(row.due_on),
        badge_of(row, over.speaking),
    )


def by_whom(promisor: str) -> str:
    """Whose promise it is, as the supplier says it."""
    known = {SUPPLIER: _("ours"), CUSTOMER: _("the customer's"), "both": _("of both")}
    return known.get(promisor) or _("a third party's")


class _Titles:
    """What each agreement's clauses are called."""

    def __init__(self, over: Overseen) -> None:
        self._held = {each.agreement: each for each in over.held}
        self._speaking = over.speaking

    def of(self, row: Duty) -> str:
        """Its own title; the kind of promise where the version in force has no such clause."""
        held = self._held.get(row.agreement_id)
        signed = held.signed if held else None
        titles = titles_in(signed.data, self._speaking.texts.language) if signed else {}
        return titles.get(row.clause) or row.what.replace("_", " ")
