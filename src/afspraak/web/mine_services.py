"""My services (`/mijn/diensten/`): what each supplier serves at which level and price, what is not
included, what was paid for and not used; and a page per service that can be pinned to the wall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Duty, Standing, State
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.hours import Hours
from afspraak.engine.time import (
    Refusal,
    ServiceTime,
    WorkingDays,
    datetime_of,
    local_date,
    start_of_date,
    zone_of,
)
from afspraak.language.schema_people import PeopleClause, TasksClause, UserSupportClause
from afspraak.language.schema_prices import HourlyClause
from afspraak.language.schema_promises import DutyClause
from afspraak.language.values import Rate
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.about import services_held
from afspraak.reports.speech import capital
from afspraak.reports.texts import Texts
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.tickets.costs import sum_of, sums_of
from afspraak.tickets.models import Fact
from afspraak.web.agreed import Agreed, agreed_at
from afspraak.web.caller import hours_of_service, opening
from afspraak.web.entitled import Entitled, entitled
from afspraak.web.mine import relations_of
from afspraak.web.saying import clause_of
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

MEASURES: Final = ("first_response", "resolution")


@dataclass(frozen=True, slots=True)
class Held:
    """A service as the customer has it."""

    key: str
    name: str
    level: str
    level_name: str
    units: str
    fee: str


@dataclass(frozen=True, slots=True)
class Side:
    """One supplier beside the others."""

    relation: Relation
    agreement: Agreement | None
    services: tuple[Held, ...]
    total: str
    excluded: tuple[str, ...]
    costs: tuple[tuple[str, str, str], ...]
    left: tuple[Entitled, ...]
    open_tickets: int
    next_report: str


@require_safe
@stated(Right.READ_AGREEMENTS)
@kept_plans()
def services(request: Visit) -> HttpResponse:
    """Every supplier's services, side by side."""
    identity = known(request)
    sides = [_side(each, identity.viewer, request.at) for each in relations_of(identity)]
    return render(request, "desk/mine_services.html", {"sides": sides})


def _side(relation: Relation, viewer: Viewer, at: int) -> Side:
    agreed = agreed_at(relation, viewer, language(), at)
    open_tickets = Standing.objects.seen_by(viewer).filter(relation=relation, is_open=True).count()
    if agreed is None:
        return Side(relation, None, (), "", (), (), (), open_tickets, "")
    speaking = Speaking(agreed.document.zone, at)
    texts = speaking.texts
    row = Agreement.objects.seen_by(viewer).get(pk=agreed.signed.row.agreement_id)
    return Side(
        relation=relation,
        agreement=row,
        services=tuple(held_in(agreed, texts)),
        total=total_of(agreed, texts),
        excluded=tuple(_excluded(agreed, speaking)),
        costs=tuple(_costs(row, viewer, speaking)),
        left=tuple(entitled(relation, agreed, viewer, speaking)),
        open_tickets=open_tickets,
        next_report=_next_report(row, viewer, speaking),
    )


def total_of(agreed: Agreed, texts: Texts) -> str:
    """What all services cost together, a month."""
    fees = agreed.clockwork.terms.monthly_fees
    return texts.money(sum(fees.values(), Decimal("0.00")), agreed.document.currency)


def held_in(agreed: Agreed, texts: Texts) -> Iterator[Held]:
    """The services of an agreement, each at its level, with its fee a month."""
    fees = agreed.clockwork.terms.monthly_fees
    for each in services_held(agreed.document, texts.language):
        fee = fees.get(each.key)
        money = "" if fee is None else texts.money(fee, agreed.document.currency)
        yield Held(
            each.key, each.name, each.level, texts.word("level", each.level), each.units, money
        )


def _excluded(agreed: Agreed, speaking: Speaking) -> Iterator[str]:
    """What the fixed price does not hold, as the agreement says it."""
    for clause in agreed.document.of_type(HourlyClause):
        slots = {
            "what": clause.what or _("other work"),
            "rate": rate_shown(clause.rate, agreed, speaking),
            "clause": clause_of(agreed.contract, clause.id, speaking).lower(),
        }
        yield _("%(what)s: %(rate)s (%(clause)s)") % slots
    tasks = [
        task.what
        for clause in agreed.document.of_type(TasksClause)
        for task in clause.tasks
        if task.by == CUSTOMER
    ]
    if tasks:
        yield _("for you to do: %(tasks)s") % {"tasks": ", ".join(tasks)}


def rate_shown(rate: Rate, agreed: Agreed, speaking: Speaking) -> str:
    """`€ 95,00 / uur`."""
    money = speaking.texts.money(rate.money.amount, rate.money.currency)
    units = agreed.words.units
    return " / ".join([money, *(units.show(part) for part in (rate.unit, rate.per) if part)])


def _costs(
    agreement: Agreement, viewer: Viewer, speaking: Speaking
) -> Iterator[tuple[str, str, str]]:
    """Extra cost agreed this year: ticket, when, how much."""
    zone = zone_of(speaking.zone)
    year = local_date(zone, speaking.at).replace(month=1, day=1)
    rows = Fact.objects.seen_by(viewer).filter(
        ticket__standing__agreement=agreement,
        code="cost_agreed",
        happened_at__gte=datetime_of(start_of_date(zone, year)),
    )
    consents = list(rows.select_related("ticket").order_by("-happened_at")[:20])
    sums = sums_of(map(sum_of, consents), viewer)
    for row in consents:
        assert row.ticket is not None
        on = speaking.texts.on_date(row.happened_at.astimezone(zone).date())
        agreed = sums.get(sum_of(row))
        yield row.ticket.number, on, speaking.texts.sum(agreed) if agreed else _("no amount named")


def _next_report(agreement: Agreement, viewer: Viewer, speaking: Speaking) -> str:
    rows = Duty.objects.seen_by(viewer).filter(
        agreement=agreement, what="report", state=State.RUNNING
    )
    first = rows.order_by("due_at").first()
    return "" if first is None else speaking.texts.on_date(first.due_on)


# One service on one page --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expected:
    """What to expect when something stops: by how much it stops."""

    impact: str
    answer: str
    solved: str


@require_safe
@stated(Right.READ_AGREEMENTS)
@kept_plans()
def service(request: Visit, agreement: UUID, key: str) -> HttpResponse:
    """For everybody who uses it: what to expect, how and when to report, what to have at hand."""
    identity = known(request)
    row = next(
        (
            each
            for each in Agreement.objects.seen_by(identity.viewer)
            .filter(pk=agreement)
            .select_related("relation", "supplier", "customer")
        ),
        None,
    )
    agreed = agreed_at(row.relation, identity.viewer, language(), request.at) if row else None
    if row is None or agreed is None or key not in agreed.document.services:
        raise Http404
    speaking = Speaking(agreed.document.zone, request.at)
    document, held = agreed.document, agreed.document.services[key]
    hours = hours_of_service(agreed, key)
    told = {
        "agreement": row,
        "name": agreed.words.services.show(key),
        "level": held.level,
        "level_name": speaking.texts.word("level", held.level),
        "expected": list(_expected(agreed, key, speaking)),
        "channels": [_channel(each) for each in _channels(agreed)],
        "opening": "" if hours is None else opening(hours, speaking),
        "hours": _hours_name(agreed, hours),
        "at_hand": [
            agreed.words.words.show(each)
            for clause in document.of_type(DutyClause)
            for each in (clause.report_contains or ())
        ],
        "team": [
            each
            for clause in document.of_type(PeopleClause)
            for each in clause.people
            if not each.services or key in each.services
        ],
        "after_hours": _channel(contacts["after_hours"])
        if (contacts := document.parties["supplier"].contacts or {}).get("after_hours")
        else None,
    }
    return render(request, "desk/mine_service.html", told)


def _expected(agreed: Agreed, key: str, speaking: Speaking) -> Iterator[Expected]:
    terms = agreed.clockwork.terms
    for impact in agreed.document.impacts:
        found = terms.priority_of.get((impact, key)) or terms.priority_of.get((impact, ""))
        if found is None:
            continue
        told = [_target(agreed, key, found, name, speaking) for name in MEASURES]
        name = agreed.words.words.show(impact)
        yield Expected(capital(name), *told)


def _target(agreed: Agreed, key: str, priority: str, measure: str, speaking: Speaking) -> str:
    terms = agreed.clockwork.terms
    case = terms.fields.complete({"service": key, "priority": priority})
    for clock in agreed.clockwork.clocks:
        if clock.promise.measure == measure and clock.promise.promisor == "supplier":
            try:
                target = clock.choice.rule(case).target
            except Refusal:
                return ""
            return speaking.long(target) if isinstance(target, ServiceTime | WorkingDays) else ""
    return ""


def _hours_name(agreed: Agreed, hours: Hours | None) -> str:
    if hours is None:
        return ""
    return agreed.words.calendars.show(hours.calendar.name)


def _channels(agreed: Agreed) -> Iterator[str]:
    document = agreed.document
    single = [each.one_channel for each in document.of_type(DutyClause) if each.one_channel]
    if single:
        yield from dict.fromkeys(single)
        return
    for clause in document.of_type(UserSupportClause):
        yield from clause.channels


def _channel(uri: str) -> tuple[str, str]:
    """Where it leads, and as people read it."""
    return uri, uri.partition(":")[2].removeprefix("//")
