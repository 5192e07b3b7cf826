"""We won't make it (`/at-risk/`): promises that come near or were missed, what the customer is told
of it, and how often the word is kept that is given then.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.clocks.word import Kept, kept_of
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.figures import Tally
from afspraak.engine.periods import Period, period_of
from afspraak.engine.time import (
    MINUTE,
    Refusal,
    datetime_of,
    local_date,
    start_of_date,
    zone_of,
)
from afspraak.notices.actions_send import NoSuchNotice, edit_draft, send_again, take_up, withhold
from afspraak.notices.models import Notice
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.web.filled import moment_of, one_of, text_of, uuid_of
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.risky import risky_of
from afspraak.web.speaking import Speaking
from afspraak.web.told import told_by
from afspraak.web.visit import Visit, known

MANY: Final = 5_000
"""More promises than these take their time to be counted."""
COUNTED_FOR: Final = 5 * MINUTE
DECISIONS: Final = ("approve", "save", "withhold", "again", "take")


@dataclass(frozen=True, slots=True)
class Rate:
    """A share as it is shown (A3): exact counts beside it, no percentage for few cases."""

    share: str
    met: str
    cases: str


@require_safe
@stated(Right.READ_NOTICES)
@kept_plans()
def at_risk(request: Visit) -> HttpResponse:
    """The page."""
    return _page(request)


@require_POST
@stated(Right.WRITE_NOTICES)
def foresee(request: Visit) -> HttpResponse:
    """A promise will not be kept: its notice is drafted."""
    identity = known(request)
    ticket, cycle = uuid_of(request.POST, "ticket"), request.POST.get("cycle", "")
    if ticket is None or not cycle.isdecimal() or len(cycle) > len("9999"):
        raise Http404
    clause = text_of(request.POST, "clause", 80)
    try:
        flow.foresee(
            ticket=ticket, clause=clause, cycle=int(cycle),
            actor=identity.actor, viewer=identity.viewer, at=request.at,
        )  # fmt: skip
    except flow.NoSuchPromise as fault:
        raise Http404 from fault
    except Refusal:
        return _page(request, _("This promise neither runs nor was missed: nothing to announce."))
    messages.success(request, _("The notice is being drafted, and waits here for approval."))
    return HttpResponseRedirect(reverse("at_risk"))


@require_POST
@stated(Right.WRITE_NOTICES)
def decide(request: Visit, notice: UUID) -> HttpResponse:
    """What somebody decides about a notice; refused in words where it cannot be."""
    identity = known(request)
    what = one_of(request.POST, "do", DECISIONS)
    given = {
        "notice": notice,
        "actor": identity.actor,
        "viewer": identity.viewer,
        "at": request.at,
    }
    row = Notice.objects.seen_by(identity.viewer).filter(pk=notice).first()
    if row is None or row.sender_id != identity.organisation or not what:
        raise Http404
    try:
        fault = _decided(request, row, what, given)
    except flow.KeptAfterAll:
        fault = _("The promise was kept after all: do not send this notice.")
    except NoSuchNotice as gone:
        raise Http404 from gone
    except Refusal:
        fault = _("Somebody else has decided on this notice meanwhile.")
    if fault:
        return _page(request, fault)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("at_risk"))


def _decided(request: Visit, row: Notice, what: str, given: dict[str, object]) -> str:
    """Do it; why not, in words, or nothing."""
    told = request.POST
    title, body = text_of(told, "title", 300), text_of(told, "body", 20_000)
    is_changed = (title, body) != (row.title, row.body.replace("\r\n", "\n").strip())
    if what in ("approve", "save") and not (title and body):
        return _("A notice has a title and a text.")
    if what == "withhold" and not text_of(told, "why"):
        return _("Why is it not sent? Say it: the decision is kept.")
    if what == "approve" and row.asks and not is_changed and told.get("no_word") != "yes":
        return _("The notice names no new time. Give our word first, or say that there is none.")
    if what in ("approve", "save") and is_changed:
        edit_draft(title=title, body=body, **given)  # type: ignore[arg-type]  # as given above
    if what == "approve":
        flow.approve_notice(without_expectation=True, **given)  # type: ignore[arg-type]  # the same
    elif what == "withhold":
        withhold(why=text_of(told, "why"), **given)  # type: ignore[arg-type]  # the same
    elif what == "again":
        send_again(**given)  # type: ignore[arg-type]  # the same
    elif what == "take":
        take_up(**given)  # type: ignore[arg-type]  # the same
    return ""


@require_POST
@stated(Right.WORK_TICKETS)
def word(request: Visit, notice: UUID) -> HttpResponse:
    """The new word, stated on the ticket: from then on it is a promise, and the draft says it."""
    identity = known(request)
    rows = Notice.objects.seen_by(identity.viewer).select_related("ticket__relation")
    row = rows.filter(pk=notice, sender_id=identity.organisation).first()
    if row is None or row.ticket is None:
        raise Http404
    until = moment_of(request.POST, "until", own_zone(identity, request.at))
    if until is None or until <= request.at:
        return _page(request, _("Until when? Give a date and a time that is still to come."))
    once = uuid_of(request.POST, "once")
    told = Happened(
        relation=row.ticket.relation_id,
        code="expectation",
        happened_at=request.at,
        recorded_by=SUPPLIER,
        ticket=row.ticket_id,
        person=identity.actor.person,
        words=text_of(request.POST, "words"),
        until=until,
        source_id=f"form/{once}" if once else "",
    )
    try:
        flow.take_fact(told=told, viewer=identity.viewer, at=request.at)
        flow.redraft(notice=notice, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return _page(request, refused(refusal))
    messages.success(request, _("Our word is given; the notice says it."))
    return HttpResponseRedirect(reverse("at_risk") + f"#n-{notice}")


# The page -----------------------------------------------------------------------------------------


def _page(request: Visit, fault: str = "") -> HttpResponse:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    quarter, kept = _kept(identity, speaking.zone, request.at)
    near, late = risky_of(identity, speaking)
    waiting, left = told_by(identity, speaking)
    told = {
        "fault": fault,
        "waiting": waiting,
        "near": near,
        "late": late,
        "left": left,
        "promises": _rate(kept.promises, speaking),
        "word": _rate(kept.word, speaking),
        "quarter": speaking.texts.period(quarter),
        "may_decide": identity.may(Right.WRITE_NOTICES),
        "may_work": identity.may(Right.WORK_TICKETS),
        "once": uuid4(),
        "now": speaking.now(),
    }
    return render(request, "desk/at_risk.html", told, status=422 if fault else 200)


def _kept(identity: Identity, zone_name: str, at: int) -> tuple[Period, Kept]:
    """This quarter, and what became of what was due in it until now. Where that is very much, it is
    counted once in five minutes.
    """
    zone = zone_of(zone_name)
    on = local_date(zone, at)
    quarter = period_of(on, "quarter", Period(on, on))
    known = _counted_in(at // COUNTED_FOR)
    key = (identity.viewer, identity.organisation, quarter.from_on)
    if key in known:
        return quarter, known[key]
    kept = kept_of(
        supplier=identity.organisation,
        viewer=identity.viewer,
        from_at=datetime_of(start_of_date(zone, quarter.from_on)),
        until_at=datetime_of(start_of_date(zone, quarter.until_on)),
    )
    if kept.promises.cases > MANY:
        known[key] = kept
    return quarter, kept


@lru_cache(maxsize=2)
def _counted_in(_minutes: int) -> dict[tuple[Viewer, UUID, date], Kept]:
    """What was counted in these minutes; that of those before is forgotten."""
    return {}


def _rate(counted: Tally, speaking: Speaking) -> Rate:
    share = counted.shown
    number = speaking.texts.number
    told = "" if share is None or counted.is_few else _percent(share, speaking)
    return Rate(told, number(counted.met), number(counted.cases))


def _percent(share: Fraction, speaking: Speaking) -> str:
    return speaking.texts.share(share)
