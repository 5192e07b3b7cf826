"""The meeting before a term ends (`/agreements/<id>/renewal/meeting/`), on one page to print: what
was kept, what it cost, what hurts, what pinches, and by when to decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.amending.said import hurts_of
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.fees import invoiced
from afspraak.engine.periods import Period
from afspraak.engine.time import Rhythm, add
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.groups import groups_of
from afspraak.reports.live import period_of_agreement
from afspraak.reports.of_period import OfPeriod
from afspraak.reports.tables import Cell, Table, missed, share, table
from afspraak.web.amending.open_kinds import name_of
from afspraak.web.amending.pinches import PinchShown, pinches_in
from afspraak.web.amending.renewal import course_in, line_of, today, told_term
from afspraak.web.amending.seen import Seen, once_in_a_while, seen
from afspraak.web.visit import Visit

YEAR: Final = Rhythm(months=12)
MONTH: Final = Rhythm(months=1)
MOST: Final = 6
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of what it came to."""

    name: str
    amount: str


@require_safe
@stated(Right.READ_FIGURES)
def meeting(request: Visit, agreement: UUID) -> HttpResponse:
    """The page: the last twelve months, or since it began."""
    there = seen(request, agreement)
    on = today(there)
    course = course_in(there, on)
    first = max(add(on, YEAR, -1), course.from_on)
    period = Period(min(first, on), on + _DAY)
    found = once_in_a_while(
        ("meeting", *there.key),
        lambda: period_of_agreement(
            there.agreement, there.identity.viewer, period, there.history.as_of
        ),
    )
    if found is None:
        raise Http404
    told = {
        "agreement": there.agreement,
        "period": there.speaking.texts.period(period),
        "line": line_of(there, course, on),
        "told_term": told_term(there, course),
        "kept": _kept(there, found),
        "costs": list(_costs(there, found, period)),
        "hours": list(_hours(there, found)),
        "hurts": _hurts(there),
        "pinches": _pinches(there, on.replace(day=1)),
        "open": [each.wish for each in there.history.signed.terms.open_terms],
    }
    return render(request, "amending/meeting.html", told)


def _kept(there: Seen, found: OfPeriod) -> Table | None:
    texts = there.speaking.texts
    rows = []
    for group in groups_of(found.part.contracts, texts):
        counted = group.total(found.part.cube).tally
        if counted.cases:
            party = texts.word("party", group.promisor)
            rows.append(
                [
                    Cell(group.title(texts), "head", party),
                    Cell(texts.number(counted.met), "num"),
                    missed(texts, counted.missed),
                    share(texts, counted),
                ]
            )
    head = [_("Promise"), _("Kept"), _("Missed"), _("Share")]
    return table(_("What was kept"), head, rows) if rows else None


def _costs(there: Seen, found: OfPeriod, period: Period) -> Iterator[Cost]:
    """Fees as invoiced, less credits; penalties and bonuses, where there are any."""
    texts, terms = there.speaking.texts, there.history.signed.terms
    fees = invoiced(terms.monthly_fees, period, Period(terms.from_on, terms.until_on))
    accounts = found.part.accounts
    yield Cost(_("Fees, by the days of this time"), texts.money(fees.agreement, terms.currency))
    names = (
        ("credit", _("Credits of periods that are over")),
        ("penalty", _("Penalties of periods that are over")),
        ("bonus", _("Bonuses of periods that are over")),
    )
    for kind, name in names:
        owed = accounts.owed(kind=kind)  # type: ignore[arg-type]  # the three above
        if owed or kind == "credit":
            yield Cost(name, texts.money(owed, terms.currency))


def _hours(there: Seen, found: OfPeriod) -> Iterator[Cost]:
    """Whose turn the hours of service were on the supplier's promises to solve."""
    texts = there.speaking.texts
    places = [
        place
        for group in groups_of(found.part.contracts, texts)
        if group.measure == "resolution" and group.promisor != CUSTOMER
        for place in group.clauses
    ]
    turns = found.part.cube.total(places).turns
    for name, spent in (
        (_("With the supplier, in time"), turns.supplier),
        (_("With the supplier, after it was due"), turns.late),
        (_("With the customer"), turns.customer + turns.acceptance),
        (_("With a third party"), turns.third_party),
    ):
        if spent:
            yield Cost(name, texts.say("form", "hours", n=texts.whole_hours(spent)))


def _hurts(there: Seen) -> list[tuple[str, str]]:
    marks = hurts_of(there.agreement, there.identity.viewer)
    return [(name_of(there, kind) or _("everything"), mark.words) for kind, mark in marks.items()]


def _pinches(there: Seen, month: date) -> list[PinchShown]:
    """Of the last two months, each clause once."""
    found = [*pinches_in(there, month), *pinches_in(there, add(month, MONTH, -1))]
    known = {(each.title, each.name): each for each in reversed(found)}
    return list(reversed(known.values()))[:MOST]
