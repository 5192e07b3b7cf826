"""What a customer promised itself, and who its people are (`/mijn/beloften/`, `/mijn/mensen/`)."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Assessment, Duty, State
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.figures import Tally
from afspraak.engine.time import DAY, datetime_of
from afspraak.language.schema_people import PeopleClause
from afspraak.language.schema_prices import ExtraCostClause
from afspraak.language.schema_promises import DutyClause
from afspraak.parties.models import Membership
from afspraak.parties.roles import Right, Role
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.web.agreed import Agreed, agreed_at
from afspraak.web.mine import relations_of, waiting_rows
from afspraak.web.own import speaking_to
from afspraak.web.report import badge_of
from afspraak.web.rows import Badge
from afspraak.web.saying import clause_of, title_named
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

SHOWN = 60
AHEAD = 370 * DAY
BEFORE = 120 * DAY


@dataclass(frozen=True, slots=True)
class Owed:
    """A dated promise of one's own."""

    title: str
    clause: str
    to: str
    due: str
    badge: Badge


@require_safe
@stated(Right.READ_AGREEMENTS)
@kept_plans()
def promises(request: Visit) -> HttpResponse:
    """Questions to answer, dates to keep, and what else was promised; how it stands."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    sides = [
        (each, agreed_at(each, identity.viewer, language(), request.at))
        for each in relations_of(identity)
    ]
    by_agreement = {
        agreed.signed.row.agreement_id: (relation, agreed) for relation, agreed in sides if agreed
    }
    duties = Duty.objects.seen_by(identity.viewer).filter(
        customer_id=identity.organisation,
        promisor__in=(CUSTOMER, "both"),
        due_at__gte=datetime_of(request.at - BEFORE),
        due_at__lt=datetime_of(request.at + AHEAD),
    )
    owed = [
        _owed(row, *by_agreement[row.agreement_id], speaking)
        for row in duties.order_by("due_at", "clause")[:SHOWN]
        if row.agreement_id in by_agreement
    ]
    told = {
        "waiting": waiting_rows(request),
        "owed": owed,
        "duties": [
            line for _relation, agreed in sides if agreed for line in _duties(agreed, speaking)
        ],
        "answers": _answers(request),
        "now": speaking.now(),
    }
    return render(request, "desk/mine_promises.html", told)


def _owed(row: Duty, relation: object, agreed: Agreed, speaking: Speaking) -> Owed:
    return Owed(
        title=title_named(agreed, row.clause, speaking),
        clause=clause_of(agreed.contract, row.clause, speaking),
        to=str(getattr(getattr(relation, "supplier", None), "name", "")),
        due=speaking.texts.on_date(row.due_on),
        badge=badge_of(row, speaking),
    )


def _duties(agreed: Agreed, speaking: Speaking) -> Iterator[tuple[str, str]]:
    """Duties without a date: one way of reporting, access."""
    for clause in agreed.document.of_type(DutyClause):
        if clause.promisor == CUSTOMER:
            told = clause.text or ""
            if not told and clause.report_contains:
                names = [agreed.words.words.show(each) for each in clause.report_contains]
                told = _("a report says: %(what)s") % {"what": ", ".join(names)}
            title = title_named(agreed, clause.id, speaking)
            yield (
                f"{title}: {told}" if told else title,
                clause_of(agreed.contract, clause.id, speaking),
            )


def _answers(request: Visit) -> str:
    """How often our questions were answered in time, this year."""
    identity = known(request)
    agreements = Agreement.objects.seen_by(identity.viewer).filter(
        customer_id=identity.organisation
    )
    rows = Assessment.objects.seen_by(identity.viewer).filter(
        agreement_id__in=list(agreements.values_list("pk", flat=True)),
        promisor=CUSTOMER,
        due_at__gte=datetime_of(request.at - AHEAD),
    )
    counted = Tally(
        **rows.aggregate(
            met=Count("pk", filter=Q(state=State.MET)),
            missed=Count("pk", filter=Q(state=State.MISSED)),
        )
    )
    if not counted.cases:
        return ""
    return _("%(met)s of %(cases)s") % {"met": counted.met, "cases": counted.cases}


# People -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Team:
    """Who works for the customer at a supplier, and who may agree to what."""

    supplier: str
    people: tuple[tuple[str, str, str], ...]
    limits: tuple[tuple[str, str], ...]
    agreement: Agreement | None


@require_safe
@stated(Right.READ_PARTIES)
@kept_plans()
def people(request: Visit) -> HttpResponse:
    """One's own people with their roles, and the suppliers' people who were named."""
    identity = known(request)
    rows = Membership.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, until_at=None
    )
    own = [
        (each.person.name, str(Role(each.role).label), each.person.email)
        for each in rows.select_related("person").order_by("person__name")
    ]
    teams = []
    for relation in relations_of(identity):
        agreed = agreed_at(relation, identity.viewer, language(), request.at)
        if agreed is not None:
            speaking = Speaking(agreed.document.zone, request.at)
            teams.append(_team(relation.supplier.name, agreed, speaking))
    keeps_file = identity.organisation in identity.viewer.organisations
    told = {
        "own": own,
        "teams": teams,
        "may_manage": identity.may(Right.MANAGE_PEOPLE),
        "files": relations_of(identity) if keeps_file else (),
    }
    return render(request, "desk/mine_people.html", told)


def _team(supplier: str, agreed: Agreed, speaking: Speaking) -> Team:
    people = tuple(
        (each.name, each.function, each.substitute or "")
        for clause in agreed.document.of_type(PeopleClause)
        for each in clause.people
    )
    limits = tuple(
        (each.by, speaking.texts.money(each.up_to.amount, each.up_to.currency))
        for clause in agreed.document.of_type(ExtraCostClause)
        for each in clause.limits
    )
    return Team(supplier, people, limits, None)
