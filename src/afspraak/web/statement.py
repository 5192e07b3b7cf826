"""The statement on live data (`/today/statement/`): a replay of an agreement's own tickets under
what was signed, promise by promise and month by month. Before it, what was kept and missed of all
agreements together, from what is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.daily import Kept, kept_by_month
from afspraak.clocks.models import State
from afspraak.engine.facts import CUSTOMER, PARTIES, SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period
from afspraak.engine.terms import MEASURES
from afspraak.engine.time import MINUTE, Rhythm, add, local_date, zone_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.groups import groups_of
from afspraak.reports.live import period_of_agreement
from afspraak.reports.speech import capital, measure
from afspraak.reports.tables import Cell, Table, share, table
from afspraak.reports.texts import Texts
from afspraak.reports.view_accounts import judged, money, uptimes
from afspraak.reports.view_plots import monthly
from afspraak.reports.view_statement import by_month
from afspraak.reports.view_turns import turns
from afspraak.rights.viewer import Viewer
from afspraak.web.made import made_once, seen_alike
from afspraak.web.overseen import Named, behind, named_by
from afspraak.web.own import speaking_to
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

YEAR: Final = Rhythm(months=12)
MONTH: Final = Rhythm(months=1)
FRESH: Final = 5 * MINUTE
DRAWN: Final = 3


@dataclass(frozen=True, slots=True)
class Stated:
    """An agreement in the list: what was kept and missed of it."""

    named: Named
    met: int
    missed: int
    share: str
    url: str


@require_safe
@stated(Right.OVERSEE)
def statements(request: Visit) -> HttpResponse:
    """All agreements of a year until this month: together by promise and month, then one by one."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    key = ("statements", *seen_alike(identity, speaking, FRESH))
    body = made_once(key, lambda: _all(identity, speaking))
    return render(request, "today/statements.html", {"body": body, "now": speaking.now()})


def _all(identity: Identity, speaking: Speaking) -> SafeString:
    named, period = named_by(identity), year_until(speaking)
    zone = zone_of(speaking.zone)
    kept = kept_by_month(named, period, zone, identity.viewer, speaking.at)
    told = {
        "period": speaking.texts.period(period),
        "tables": list(_together(kept, speaking)),
        "stated": _one_by_one(kept, named, speaking.texts),
    }
    return render_to_string("today/statements_body.html", told)


@require_safe
@stated(Right.OVERSEE)
def statement(request: Visit, agreement: UUID) -> HttpResponse:
    """One agreement, replayed. Raises Http404 for another supplier's, and for one never signed."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = Agreement.objects.seen_by(identity.viewer).select_related("customer", "supplier")
    row = rows.filter(pk=agreement, supplier_id=identity.organisation).first()
    if row is None:
        raise Http404
    key = ("statement", agreement, *seen_alike(identity, speaking, FRESH))
    body = made_once(key, lambda: _replayed(row, identity.viewer, speaking))
    told = {"agreement": row, "body": body, "now": speaking.now()}
    return render(request, "today/statement.html", told)


def year_until(speaking: Speaking) -> Period:
    """The twelve months until this month's end."""
    today = local_date(zone_of(speaking.zone), speaking.at)
    until_on = add(today.replace(day=1), MONTH)
    return Period(add(until_on, YEAR, -1), until_on)


# Together -----------------------------------------------------------------------------------------


def _together(kept: list[Kept], speaking: Speaking) -> list[Table]:
    """A table for each side's promises: a row for each promise, a column for each month."""
    months = sorted({each.month for each in kept})
    sums: dict[tuple[str, str], dict[date, Tally]] = {}
    for each in kept:
        cells = sums.setdefault((each.promisor, each.measure), {})
        cells[each.month] = cells.get(each.month, Tally()) + each.tally
    ordered = sorted(sums, key=lambda key: (_place(PARTIES, key[0]), _place(MEASURES, key[1])))
    return [
        _table(party, [(key, sums[key]) for key in ordered if key[0] == party], months, speaking)
        for party in dict.fromkeys(key[0] for key in ordered)
    ]


def _place(order: tuple[str, ...], value: str) -> int:
    return order.index(value) if value in order else len(order)


def _table(
    party: str,
    sums: list[tuple[tuple[str, str], dict[date, Tally]]],
    months: list[date],
    speaking: Speaking,
) -> Table:
    texts = speaking.texts
    rows = [
        [
            Cell(capital(measure(texts, *key)), "head"),
            *(_cell(cells.get(on, Tally()), on, key, texts) for on in months),
        ]
        for key, cells in sums
    ]
    head = [texts.say("promises", "promise"), *(texts.month(on) for on in months)]
    captions = {SUPPLIER: _("Promised by us"), CUSTOMER: _("Promised by the customers")}
    return table(captions.get(party) or _("Promised by third parties"), head, rows)


def _cell(counted: Tally, on: date, key: tuple[str, str], texts: Texts) -> Cell:
    """The share, the misses beside it: these lead to their tickets."""
    month = Period(on, add(on, MONTH))
    state = State.MISSED if counted.missed else State.MET
    link = behind(month, promisor=key[0], measure=key[1], state=state) if counted.cases else ""
    beside = f"▲ {texts.number(counted.missed)}" if counted.missed else ""
    return Cell(share(texts, counted).text, "num", beside, link)


# One by one ---------------------------------------------------------------------------------------


def _one_by_one(kept: list[Kept], named: Mapping[UUID, Named], texts: Texts) -> list[Stated]:
    """Most missed first; what has no case last."""
    sums = dict.fromkeys(named, Tally())
    for each in kept:
        if each.promisor == SUPPLIER:
            sums[each.agreement] += each.tally
    ordered = sorted(sums, key=lambda one: (-sums[one].missed, named[one].customer))
    return [_stated(named[one], sums[one], texts) for one in ordered]


def _stated(named: Named, counted: Tally, texts: Texts) -> Stated:
    url = reverse("today_statement", args=[named.id])
    return Stated(named, counted.met, counted.missed, share(texts, counted).text, url)


# A replay -----------------------------------------------------------------------------------------


def _replayed(row: Agreement, viewer: Viewer, speaking: Speaking) -> SafeString:
    as_of = speaking.at - speaking.at % FRESH
    period = year_until(speaking)
    found = period_of_agreement(row, viewer, period, as_of)
    if found is None:
        raise Http404
    texts, part = Texts(language(), found.whole.zone), found.part
    groups = [
        each for each in groups_of(part.contracts, texts) if each.total(part.cube).tally.cases
    ]
    told = {
        "period": texts.period(period),
        "stand": texts.say("report", "stand", at=texts.full(as_of)),
        "promises": list(by_month(texts, part, groups)),
        "figures": list(monthly(texts, part, groups))[:DRAWN],
        "bars": list(turns(texts, part, groups)),
        "turns": texts.say("turns", "title"),
        "settled": [each for each in (judged(texts, part), uptimes(texts, part)) if each],
        "money": list(money(texts, part)),
        "nothing": texts.say("money", "nothing"),
        "tickets": reverse("today_statement_tickets", args=[row.pk]),
    }
    return render_to_string("today/statement_body.html", told)
