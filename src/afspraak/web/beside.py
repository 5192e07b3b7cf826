"""What stands beside a ticket for the supplier alone: reply templates, time booked, the major
incident that it belongs to. And keeping time.
"""

from datetime import date
from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.language.schema_prices import HourlyClause, PrepaidHoursClause
from afspraak.language.schema_promises import EntitlementClause
from afspraak.parties.identity import Identity
from afspraak.parties.models import Person
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer
from afspraak.tickets.actions_desk import Worked, book
from afspraak.tickets.models import Booking, MajorIncident, ReplyTemplate, Ticket
from afspraak.web.agreed import Agreed, agreed_at
from afspraak.web.caller import Choice
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.refusing import refused
from afspraak.web.speaking import Speaking, language
from afspraak.web.telling import minutes_of
from afspraak.web.timeline import hours_of
from afspraak.web.visit import Visit, known

MOST: Final = 200
OPEN: Final = 20
"""Incidents that can be joined, the newest."""


def beside(
    request: Visit, ticket: Ticket, agreed: Agreed | None, speaking: Speaking
) -> dict[str, object]:
    """For the page of a ticket."""
    identity = known(request)
    viewer = identity.viewer
    booked = Booking.objects.seen_by(viewer).filter(ticket=ticket).values_list("minutes", flat=True)
    incidents = MajorIncident.objects.seen_by(viewer).filter(closed_at=None)
    return {
        "templates": templates_of(viewer),
        "filled": filled(request.GET, ticket, identity),
        "charged": charged_by(agreed),
        "booked": hours_of(sum(booked)) if booked else "",
        "today": local_date(zone_of(speaking.zone), speaking.at).isoformat(),
        "causes": MajorIncident.objects.seen_by(viewer).filter(reached__ticket=ticket),
        "incidents": incidents.exclude(reached__ticket=ticket).order_by("-opened_at")[:OPEN],
    }


def templates_of(viewer: Viewer) -> list[ReplyTemplate]:
    """Those that are offered."""
    rows = ReplyTemplate.objects.seen_by(viewer).filter(ended_at=None)
    return list(rows.order_by("name", "id")[:MOST])


def filled(told: QueryDict, ticket: Ticket, identity: Identity) -> str:
    """The reply that was chosen, in the reporter's language, with this ticket's own names in it;
    empty where none was. Only these names are known: a text is no program.
    """
    chosen = uuid_of(told, "template")
    if chosen is None:
        return ""
    row = ReplyTemplate.objects.seen_by(identity.viewer).filter(pk=chosen).first()
    if row is None:
        raise Http404
    reader = ticket.reporter.language if ticket.reporter else ticket.customer.language
    text = getattr(row, reader, "") or row.nl or row.fr or row.en
    me = (
        Person.objects.seen_by(identity.viewer).filter(pk=identity.actor.person).first()
        if identity.actor.person
        else None
    )
    names = {
        "{name}": ticket.reporter.name if ticket.reporter else ticket.customer.name,
        "{number}": ticket.number,
        "{title}": ticket.title,
        "{me}": me.name if me else "",
    }
    for name, value in names.items():
        text = text.replace(name, value)
    return text


def charged_by(agreed: Agreed | None) -> list[Choice]:
    """The clauses that count hours for the customer: by the hour, paid beforehand, entitled to. The
    customer sees what is booked under one.
    """
    if agreed is None:
        return []
    document, contract = agreed.document, agreed.contract
    entitled = (each for each in document.of_type(EntitlementClause) if each.unit == "hours")
    counting = (
        *document.of_type(HourlyClause),
        *document.of_type(PrepaidHoursClause),
        *entitled,
    )
    return [Choice(each.id, contract.title(each.id, language()) or each.id) for each in counting]


@require_POST
@stated(Right.WORK_TICKETS)
def keep_time(request: Visit, number: str) -> HttpResponse:
    """Time that was worked on a ticket."""
    identity = known(request)
    ticket = own_ticket(number, identity)
    agreed = agreed_at(ticket.relation, identity.viewer, language(), request.at)
    speaking = Speaking(agreed.document.zone if agreed else ticket.supplier.zone, request.at)
    known_clauses = [each.key for each in charged_by(agreed)]
    worked = Worked(
        worked_on=_day(request.POST, speaking),
        minutes=minutes_of(request.POST),
        what=text_of(request.POST, "what", 300),
        clause=one_of(request.POST, "clause", known_clauses),
    )
    try:
        book(ticket=ticket, actor=identity.actor, worked=worked, at=request.at)
    except Refusal as refusal:
        messages.error(request, refused(refusal, speaking))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("ticket", args=[number]))


def _day(told: QueryDict, speaking: Speaking) -> date:
    """A date up to today; today where none is given."""
    today = local_date(zone_of(speaking.zone), speaking.at)
    try:
        return min(date.fromisoformat(told.get("worked_on", "")), today)
    except ValueError:
        return today


def own_ticket(number: str, identity: Identity) -> Ticket:
    """A ticket that one's own organisation works on. Raises Http404 for any other."""
    rows = Ticket.objects.seen_by(identity.viewer).select_related("relation", "supplier")
    for row in rows.filter(number=number[:24].replace("\0", ""))[:10]:
        side = party_of(row, identity.organisation)
        if side == SUPPLIER:
            return row
        if side is not None:
            raise PermissionDenied
    raise Http404
