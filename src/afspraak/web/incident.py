"""A major incident (`/storing/<id>/`): one cause of many tickets, told once, each with its own
clocks (K12).
"""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.clocks.models import Standing
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import Refusal
from afspraak.parties.actions import note_in_audit
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.actions_incidents import close_incident, open_incident, reach
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import MajorIncident, Ticket
from afspraak.web.acts import Act
from afspraak.web.beside import own_ticket
from afspraak.web.filled import moment_of, one_of, text_of, uuid_of
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import lines_of, rows_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

SHOWN = 200


@require_POST
@stated(Right.WORK_TICKETS)
def join_incident(request: Visit, number: str) -> HttpResponse:
    """A ticket has this cause: one that is open, or a new one."""
    identity = known(request)
    ticket = own_ticket(number, identity)
    chosen, name = uuid_of(request.POST, "incident"), text_of(request.POST, "name", 200)
    if chosen is None and not name:
        messages.error(request, _("Which cause? Choose one, or give a new one a name."))
        return HttpResponseRedirect(reverse("ticket", args=[number]))
    if chosen is None:
        row = open_incident(organisation=identity.organisation, name=name, at=request.at)
        _write_down(request, row, "open_incident")
    else:
        row = _seen(chosen, identity)
    reach(incident=row, tickets=[ticket], at=request.at)
    return HttpResponseRedirect(reverse("incident", args=[row.pk]))


@require_safe
@stated(Right.WORK_TICKETS)
def incident(request: Visit, incident: UUID) -> HttpResponse:
    """Its open tickets, the tightest first, and one word to all of them."""
    return _page(request, _seen(incident, known(request)))


@require_POST
@stated(Right.WORK_TICKETS)
def tell_incident(request: Visit, incident: UUID) -> HttpResponse:
    """The same, told to every open ticket of an incident."""
    identity = known(request)
    row, speaking = _seen(incident, identity), _speaking(request)
    code = one_of(request.POST, "code", [each.code for each in acts()])
    words, once = text_of(request.POST, "words"), uuid_of(request.POST, "once")
    until = moment_of(request.POST, "until", speaking.zone)
    if not code or not words:
        return _page(request, row, _("Write a few words: both sides read them."))
    if code == "expectation" and (until is None or until <= request.at):
        return _page(request, row, _("Until when? Give a date and a time."))
    told = Happened(
        relation=identity.organisation,  # replaced by each ticket's own
        code=code,
        happened_at=request.at,
        recorded_by=SUPPLIER,
        person=identity.actor.person,
        words=words,
        until=until if code in ("expectation", "diagnosis") else None,
        source_id=f"form/{once}" if once else "",
    )
    try:
        taken = flow.tell_all(incident=row, told=told, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return _page(request, row, refused(refusal, speaking))
    count = len(taken)
    told_to = ngettext("Told to %(n)s ticket.", "Told to %(n)s tickets.", count) % {"n": count}
    messages.success(request, told_to)
    return HttpResponseRedirect(reverse("incident", args=[row.pk]))


@require_POST
@stated(Right.WORK_TICKETS)
def end_incident(request: Visit, incident: UUID) -> HttpResponse:
    """The cause is gone; each ticket's own clocks go on until it is solved."""
    identity = known(request)
    row = _seen(incident, identity)
    if close_incident(incident=row, viewer=identity.viewer, at=request.at):
        _write_down(request, row, "close_incident")
    return HttpResponseRedirect(reverse("incident", args=[row.pk]))


def acts() -> list[Act]:
    """What is told once for all tickets of a cause."""
    return [
        Act("supplier_contact", _("Reply")),
        Act("diagnosis", _("Diagnose")),
        Act("expectation", _("Give our word")),
        Act("workaround", _("Work around")),
        Act("solved", _("Solve")),
    ]


def _seen(incident: UUID, identity: Identity) -> MajorIncident:
    rows = MajorIncident.objects.seen_by(identity.viewer)
    row = rows.filter(pk=incident, organisation_id=identity.organisation).first()
    if row is None:
        raise Http404
    return row


def _speaking(request: Visit) -> Speaking:
    return speaking_to(known(request), request.at)


def _write_down(request: Visit, row: MajorIncident, action: str) -> None:
    note_in_audit(
        actor=known(request).actor,
        action=action,
        subject="incident",
        subject_id=row.pk,
        at=request.at,
    )


def _page(request: Visit, row: MajorIncident, fault: str = "") -> HttpResponse:
    identity, speaking = known(request), _speaking(request)
    of = Ticket.objects.seen_by(identity.viewer).filter(causes__incident=row).values("id")
    standings = Standing.objects.seen_by(identity.viewer).filter(ticket_id__in=of)
    still = lines_of(standings.filter(is_open=True).order_by("due_at", "ticket_id")[:SHOWN])
    solved = standings.filter(is_open=False).count()
    told = {
        "incident": row,
        "open": rows_of(still, identity.viewer, speaking),
        "closed": ngettext("%(n)s ticket solved", "%(n)s tickets solved", solved) % {"n": solved}
        if solved
        else "",
        "acts": acts(),
        "told": {"words": text_of(request.POST, "words"), "code": request.POST.get("code", "")},
        "once": uuid4(),
        "fault": fault,
        "now": speaking.now(),
    }
    return render(request, "desk/incident.html", told, status=422 if fault else 200)
