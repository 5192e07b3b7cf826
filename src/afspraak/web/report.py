"""The plain report (`/reports/`): which are due, each as a page and a PDF for both sides, the
tickets behind each figure, and sending it.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Final, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Max
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Assessment, Duty, Standing, State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.periods import Period
from afspraak.engine.time import (
    DAY,
    MINUTE,
    Refusal,
    datetime_of,
    instant_of,
    local_date,
    parse_date,
    zone_of,
)
from afspraak.host.files import keep_file, read_file
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.about import Promised, about_of, reports_of
from afspraak.reports.live import period_of_agreement
from afspraak.reports.pdf import NotPrinted, pdf_of
from afspraak.reports.plain import plain, proposals_for
from afspraak.reports.plain_values import Plain
from afspraak.reports.texts import LANGUAGES, Language, Texts
from afspraak.rights.parties import party_of
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact, Ticket
from afspraak.web.addresses import address
from afspraak.web.filled import text_of
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known

REPORT: Final = "report"
LISTED: Final = 20
MOST_LISTED: Final = 400
BEFORE: Final = 370 * DAY
AHEAD: Final = 200 * DAY
MOST_KNOWN: Final = 64
FRESH: Final = 5 * MINUTE
"""A report that is not sent yet is made anew when a fact came, or after so long."""
MOST_TICKETS: Final = 500

_known: "OrderedDict[tuple[object, ...], Made]" = OrderedDict()
"""Reports by who sees them and what they rest on: (viewer, agreement, clause, date, as of, place in
the log, language, proposals).
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A report as it was made: its parts, what might be proposed, and its body as markup."""

    plain: Plain
    proposed: str
    body: str


@dataclass(frozen=True, slots=True)
class Due:
    """A report in a list."""

    url: str
    with_whom: str
    reference: str
    due: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class Seen:
    """A report as one of its two sides sees it."""

    agreement: Agreement
    side: str
    promised: Promised
    speaking: Speaking
    as_of: int


@require_safe
@stated(Right.READ_FIGURES)
@kept_plans()
def reports(request: Visit) -> HttpResponse:
    """Which reports are due, and which were sent."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = (
        Duty.objects.seen_by(identity.viewer)
        .filter(
            what=REPORT,
            due_at__gt=datetime_of(request.at - BEFORE),
            due_at__lt=datetime_of(request.at + AHEAD),
        )
        .select_related("agreement", "supplier", "customer")
        .order_by("due_at", "agreement_id")
    )
    found = [each for each in rows if identity.organisation in (each.supplier_id, each.customer_id)]
    late = [each for each in reversed(found) if each.state == State.MISSED]
    open_rows = [each for each in found if each.state == State.RUNNING]
    sent = [each for each in reversed(found) if each.state == State.MET]
    is_all = request.GET.get("all") == "1"
    most = MOST_LISTED if is_all else LISTED
    told = {
        "late": [_due(each, identity, speaking) for each in late[:most]],
        "due": [_due(each, identity, speaking) for each in open_rows[:most]],
        "sent": [_due(each, identity, speaking) for each in sent[:most]],
        "more": 0 if is_all else sum(max(0, len(each) - most) for each in (late, open_rows, sent)),
        "now": speaking.now(),
    }
    return render(request, "reports/list.html", told)


def _due(row: Duty, identity: Identity, speaking: Speaking) -> Due:
    is_ours = row.supplier_id == identity.organisation
    other = row.customer if is_ours else row.supplier
    return Due(
        url=address("report", row.agreement_id, row.planned_on.isoformat()),
        with_whom=other.name,
        reference=row.agreement.reference,
        due=speaking.texts.on_date(row.due_on),
        badge=badge_of(row, speaking),
    )


def badge_of(row: Duty, speaking: Speaking) -> Badge:
    """A dated promise's state as colour, shape and word."""
    if row.state == State.MET and row.satisfied_at is not None:
        at = {"at": speaking.moment(instant_of(row.satisfied_at))}
        return Badge("kept", "kept", _("kept %(at)s") % at)
    if row.state == State.MET:
        return Badge("kept", "kept", _("kept"))
    if row.state == State.MISSED:
        return Badge("late", "late", _("too late"))
    days = (instant_of(row.due_at) - speaking.at) // DAY
    if days < 14:  # noqa: PLR2004 - two weeks, as its side is told
        return Badge("soon", "running", _("due soon"))
    return Badge("running", "running", _("to come"))


@require_safe
@stated(Right.READ_FIGURES)
@kept_plans()
def report(request: Visit, agreement: UUID, on: str) -> HttpResponse:
    """The page."""
    return _page(request, _seen(request, agreement, on))


@require_safe
@stated(Right.READ_FIGURES)
def report_pdf(request: Visit, agreement: UUID, on: str) -> HttpResponse:
    """The same on paper: what was sent, as it was sent; else as it stands."""
    seen = _seen(request, agreement, on)
    sent = seen.promised.sent
    if sent is not None and _sent_in(seen) == language():
        pdf = read_file(sent.data["more"]["sha256"])
    else:
        try:
            pdf = _pdf(seen, known(request).viewer, language())
        except NotPrinted:
            return _page(request, seen, _("The PDF could not be made. The page can be printed."))
    answer = HttpResponse(pdf, content_type="application/pdf")
    name = f"{seen.agreement.reference}-{seen.promised.period}.pdf".replace('"', "")
    answer["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@require_safe
@stated(Right.READ_FIGURES)
def report_tickets(request: Visit, agreement: UUID, on: str) -> HttpResponse:
    """The tickets behind a figure."""
    seen, viewer = _seen(request, agreement, on), known(request).viewer
    clauses = [each for each in text_of(request.GET, "clause", 400).split(",") if each]
    state = request.GET.get("state", "")
    zone = zone_of(seen.speaking.zone)
    if clauses and state in State.values:
        start, end = seen.promised.period.spans(zone)
        found = Assessment.objects.seen_by(viewer).filter(
            agreement=seen.agreement, clause__in=clauses, state=state, on_trial=False,
            due_at__gte=datetime_of(start), due_at__lt=datetime_of(end),
        )  # fmt: skip
    else:
        start, end = _month(request.GET.get("month", ""), seen.promised.period).spans(zone)
        found = Standing.objects.seen_by(viewer).filter(  # type: ignore[assignment]  # rows of a ticket both
            agreement=seen.agreement,
            reported_at__gte=datetime_of(start),
            reported_at__lt=datetime_of(end),
        )
    ids = list(found.order_by("ticket_id").values_list("ticket_id", flat=True)[:MOST_TICKETS])
    rows = Ticket.objects.seen_by(viewer).filter(pk__in=ids).order_by("created_at", "pk")
    told = {
        "seen": seen,
        "tickets": rows,
        "count": ngettext("%(n)s ticket", "%(n)s tickets", len(ids)) % {"n": len(ids)},
        "on": on,
        "period": seen.speaking.texts.period(seen.promised.period),
    }
    return render(request, "reports/tickets.html", told)


def _month(told: str, period: Period) -> Period:
    """A month of the period; the whole of it where none is named."""
    try:
        first = parse_date(f"{told}-01")
    except Refusal:
        return period
    until = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return Period(max(first, period.from_on), min(until, period.until_on))


@require_POST
@stated(Right.WRITE_EVIDENCE)
def report_send(request: Visit, agreement: UUID, on: str) -> HttpResponse:
    """Hand it over: the evidence that the promise to report was kept."""
    seen, identity = _seen(request, agreement, on), known(request)
    if seen.side != SUPPLIER:
        raise Http404
    proposals = text_of(request.POST, "proposals")
    if seen.promised.sent is not None:
        return _page(request, seen, _("This report was sent already."))
    if not is_over(seen, request.at):
        return _page(request, seen, _("The period is not over yet."))
    try:
        told = _language_of(seen.agreement.customer)
        pdf = _pdf(seen, identity.viewer, told, proposals=proposals)
    except NotPrinted:
        return _page(request, seen, _("The PDF could not be made; nothing was sent."))
    duty = seen.promised.duty
    sending = flow.Report(
        agreement=seen.agreement,
        clause=duty.clause,
        planned_on=duty.planned_on,
        period=str(seen.promised.period),
        sha256=keep_file(pdf),
        proposals=proposals,
    )
    try:
        flow.send_report(
            report=sending, actor=identity.actor, viewer=identity.viewer, at=request.at
        )
    except Refusal as refusal:
        return _page(request, seen, refused(refusal))
    messages.success(request, _("Sent: the customer is told, and the promise is kept."))
    return HttpResponseRedirect(reverse("report", args=[agreement, on]))


def is_over(seen: Seen, at: int) -> bool:
    """Whether the period has ended, on the wall of the agreement."""
    return seen.promised.period.until_on <= local_date(zone_of(seen.speaking.zone), at)


# What is shown ------------------------------------------------------------------------------------


def _seen(request: Visit, agreement: UUID, on: str) -> Seen:
    """A report of an agreement that the acting organisation is a party to. Raises Http404."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer)
    row = rows.select_related("relation", "supplier", "customer").filter(pk=agreement).first()
    side = party_of(row, identity.organisation) if row is not None else None
    if row is None or side is None:
        raise Http404
    try:
        planned_on = parse_date(on)
    except Refusal as fault:
        raise Http404 from fault
    found = reports_of(row, identity.viewer)
    promised = next((each for each in found if each.duty.planned_on == planned_on), None)
    if promised is None:
        raise Http404
    zone = _zone_of(row, identity.viewer) or row.supplier.zone
    as_of = promised.sent_at or request.at - request.at % FRESH
    return Seen(row, side, promised, Speaking(zone, request.at), as_of)


def _zone_of(agreement: Agreement, viewer: Viewer) -> str:
    signed = versions_of([agreement.relation_id], viewer).get(agreement.relation_id, ())
    mine = [each for each in signed if each.row.agreement_id == agreement.pk]
    return mine[-1].document.zone if mine else ""


def made(seen: Seen, viewer: Viewer, told: Language, proposals: str = "") -> Made:
    """The report in a language; made once for what it rests on."""
    place = Fact.objects.seen_by(viewer).filter(relation_id=seen.agreement.relation_id)
    seq = place.aggregate(last=Max("seq"))["last"]
    duty = seen.promised.duty
    key = (
        viewer,
        seen.agreement.pk,
        duty.clause,
        duty.planned_on,
        seen.as_of,
        seq,
        told,
        proposals,
    )
    known_one = _known.get(key)
    if known_one is not None:
        _known.move_to_end(key)
        return known_one
    found = period_of_agreement(seen.agreement, viewer, seen.promised.period, seen.as_of)
    about = about_of(seen.agreement, viewer, seen.promised, told, seen.as_of)
    if found is None or about is None:
        raise Http404
    if proposals:
        about = about.with_proposals(proposals)
    texts = Texts(told, found.whole.zone)
    report = plain(texts, found, about)
    shown = {"report": report, "tickets": tickets_page(seen)}
    with override(told):
        body = render_to_string("reports/body.html", shown)
    _known[key] = Made(report, proposals_for(texts, found.part), body)
    while len(_known) > MOST_KNOWN:
        _known.popitem(last=False)
    return _known[key]


def _pdf(seen: Seen, viewer: Viewer, told: Language, proposals: str = "") -> bytes:
    report = made(seen, viewer, told, proposals).plain
    return pdf_of(report, address=settings.BASE_URL.rstrip("/"), tickets=tickets_page(seen))


def tickets_page(seen: Seen) -> str:
    """Where the tickets behind a report's figures are listed."""
    on = seen.promised.duty.planned_on.isoformat()
    return reverse("report_tickets", args=[seen.agreement.pk, on])


def _language_of(organisation: Organisation) -> Language:
    return next((each for each in LANGUAGES if each == organisation.language), "nl")


def _sent_in(seen: Seen) -> Language:
    return _language_of(seen.agreement.customer)


def _page(request: Visit, seen: Seen, fault: str = "") -> HttpResponse:
    identity = known(request)
    shown = made(seen, identity.viewer, language())
    sent, duty = seen.promised.sent, seen.promised.duty
    may_send = seen.side == SUPPLIER and identity.may(Right.WRITE_EVIDENCE) and sent is None
    on = duty.planned_on.isoformat()
    told = {
        "report": shown.plain,
        "body": shown.body,
        "agreement": seen.agreement,
        "on": on,
        "badge": badge_of(duty, seen.speaking),
        "due": seen.speaking.texts.on_date(duty.due_on),
        "sent": sent,
        "sent_at": "" if sent is None else seen.speaking.moment(cast("int", seen.promised.sent_at)),
        "may_send": may_send,
        "is_over": is_over(seen, request.at),
        "proposals": text_of(request.POST, "proposals") or shown.proposed,
        "fault": fault,
        "now": seen.speaking.now(),
    }
    return render(request, "reports/report.html", told, status=422 if fault else 200)
