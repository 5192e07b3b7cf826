"""All dated promises of both sides (`/keeping/`): a month on the wall, what is late, who sees to
what, how it was kept; and one's own agenda.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty, State
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import Refusal, Rhythm, add, datetime_of, local_date, parse_date, zone_of
from afspraak.keeping.months import bounds, weeks_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.speech import capital
from afspraak.web.filled import one_of, uuid_of
from afspraak.web.keeping.counted import counted
from afspraak.web.keeping.feeds import feed_told
from afspraak.web.keeping.lines import DateLine, Lines
from afspraak.web.own import speaking_to
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 2_000
"""So many agreements are looked at."""
MOST_DATES: Final = 400
MOST_LATE: Final = 100
SIDES: Final = ("ours", "theirs", "both")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is asked for: a month by its first day, and narrower where something is chosen."""

    month: date
    side: str = ""
    agreement: UUID | None = None
    what: str = ""
    owner: str = ""

    def link(self, months: int) -> str:
        """The same, so many months further on."""
        month = add(self.month, Rhythm(months=1), months)
        told = {
            "m": f"{month:%Y-%m}",
            "side": self.side,
            "agreement": str(self.agreement or ""),
            "what": self.what,
            "owner": self.owner,
        }
        return "?" + urlencode({name: value for name, value in told.items() if value})


def month_in(told: QueryDict, today: date) -> date:
    """`2027-03` as its first day; this month for what is none."""
    try:
        month = parse_date(f"{told.get('m', '')}-01")
    except Refusal:
        month = today.replace(day=1)
    return min(max(month, date(2000, 1, 1)), date(2200, 1, 1))


@require_safe
@stated(Right.READ_AGREEMENTS)
def calendar(request: Visit) -> HttpResponse:
    """The page."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    today = local_date(zone_of(speaking.zone), request.at)
    chosen = Chosen(
        month_in(request.GET, today),
        one_of(request.GET, "side", SIDES),
        uuid_of(request.GET, "agreement"),
        request.GET.get("what", "")[:80],
        one_of(request.GET, "owner", ("me", "none")),
    )
    agreements = list(agreements_of(identity)[:MOST])
    lines = Lines(agreements, identity, speaking)
    rows = narrowed(_rows(identity, agreements), chosen, identity)
    dated = dates_of(rows, lines, chosen, identity, request.at)
    ids = [chosen.agreement] if chosen.agreement in lines.rows else list(lines.rows)
    told = wall_of(dated, chosen, speaking) | {
        "dates": dated.dates,
        "late": dated.late,
        "chosen": chosen,
        "kinds": _kinds(rows, lines, chosen),
        "sides": sides_named(),
        "owners": [("me", _("I see to it")), ("none", _("nobody sees to it"))],
        "agreements": [
            (each.pk, f"{each.reference} · {_other(each, identity)}") for each in agreements
        ],
        "counted": counted(ids, lines, identity.viewer, request.at),
        "feed": feed_told(request),
        "may_write": identity.may(Right.WRITE_EVIDENCE),
        "now": speaking.now(),
    }
    return render(request, "keeping/calendar.html", told)


def agreements_of(identity: Identity) -> QuerySet[Agreement]:
    """Of the organisation that one acts for, on either side; else those that one advises on."""
    rows = Agreement.objects.seen_by(identity.viewer)
    own = Q(supplier_id=identity.organisation) | Q(customer_id=identity.organisation)
    advised = Q(id__in=identity.viewer.agreements)
    found = rows.filter(own | advised).select_related("relation", "supplier", "customer")
    return found.order_by("reference", "id")


def _other(row: Agreement, identity: Identity) -> str:
    return (row.supplier if row.customer_id == identity.organisation else row.customer).name


def _rows(identity: Identity, agreements: list[Agreement]) -> QuerySet[Duty]:
    return Duty.objects.seen_by(identity.viewer).filter(
        agreement_id__in=[each.pk for each in agreements]
    )


def narrowed(rows: QuerySet[Duty], chosen: Chosen, identity: Identity) -> QuerySet[Duty]:
    """Those that were chosen, but for who owns them and when they are due."""
    if chosen.agreement:
        rows = rows.filter(agreement_id=chosen.agreement)
    if chosen.what:
        rows = rows.filter(what=chosen.what)
    as_supplier = Q(supplier_id=identity.organisation, promisor=SUPPLIER)
    as_customer = Q(customer_id=identity.organisation, promisor=CUSTOMER)
    if chosen.side == "ours":
        return rows.filter(as_supplier | as_customer)
    if chosen.side == "theirs":
        return rows.exclude(as_supplier | as_customer).exclude(promisor="both")
    return rows.filter(promisor="both") if chosen.side == "both" else rows


@dataclass(frozen=True, slots=True)
class Told:
    """The dates of a page: those of the month, those that are late, and all that the wall shows."""

    dates: list[DateLine]
    late: list[DateLine]
    wall: list[DateLine]


def dates_of(
    rows: QuerySet[Duty], lines: Lines, chosen: Chosen, identity: Identity, at: int
) -> Told:
    """What is due in the weeks of a month, and what is late, whenever it was due."""
    from_on, until_on = bounds(chosen.month)
    seen = rows.filter(due_on__gte=from_on, due_on__lt=until_on).order_by("due_at", "clause")
    late = rows.filter(state=State.MISSED, satisfied_at=None, due_at__lt=datetime_of(at))
    wall = _of_owner([lines.line(each) for each in seen[:MOST_DATES]], chosen, identity)
    overdue = [lines.line(each) for each in late.order_by("-due_at", "clause")[:MOST_LATE]]
    return Told(
        [each for each in wall if each.on.month == chosen.month.month],
        _of_owner(overdue, chosen, identity),
        wall,
    )


def wall_of(told: Told, chosen: Chosen, speaking: Speaking) -> dict[str, object]:
    """The month as it hangs on the wall, and where the months beside it are."""
    today = local_date(zone_of(speaking.zone), speaking.at)
    return {
        "weeks": weeks_of(chosen.month, today, [(each.on, each) for each in told.wall]),
        "weekdays": [speaking.texts.weekday(each) for each in range(7)],
        "month": capital(speaking.texts.month(chosen.month, year=True)),
        "before": chosen.link(-1),
        "after": chosen.link(1),
    }


def sides_named() -> list[tuple[str, str]]:
    """Whose promises can be asked for."""
    return [("ours", _("ours")), ("theirs", _("theirs")), ("both", _("of both"))]


def _kinds(rows: QuerySet[Duty], lines: Lines, chosen: Chosen) -> list[tuple[str, str]]:
    """Which kinds of promise there are, by name; the one that is chosen among them."""
    told = rows.order_by("what").values_list("what", "agreement_id").distinct()[:MOST_DATES]
    found = {what: capital(lines.kind(agreement, what)) for what, agreement in told}
    if chosen.what and chosen.what not in found:
        found[chosen.what] = chosen.what
    return sorted(found.items(), key=lambda each: each[1].casefold())


def _of_owner(found: list[DateLine], chosen: Chosen, identity: Identity) -> list[DateLine]:
    if chosen.owner == "me":
        return [each for each in found if each.owner_id == identity.actor.person]
    if chosen.owner == "none":
        return [each for each in found if each.owner_id is None]
    return found
