"""Warnings and rates (`/setup/warnings/`): whom to tell when a promise of an agreement comes near,
how its customer is told, and what an hour costs outside every agreement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak import flow
from afspraak.agreements.load import DEFAULT_LADDER, ladders_of
from afspraak.agreements.models import Agreement, OutsideHour
from afspraak.engine.in_force import OutsideRate
from afspraak.engine.time import Refusal, instant_of, start_of_date, zone_of
from afspraak.notices.models import Telling
from afspraak.parties.identity import Identity
from afspraak.parties.roles import STAFF, Right, Role
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of
from afspraak.web.once import FIELD, fresh, once
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_forms import Pricing
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 300
EMPTY: Final = 2
"""Lines to fill in below the steps that are there."""
MOST_DAYS: Final = 365
Steps = Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Warned:
    """An agreement and its ladder in words."""

    row: Agreement
    steps: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """What an hour costs, from when until when."""

    amount: str
    span: str
    is_now: bool


# The list, and the rate ---------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_AGREEMENTS)
def warnings(request: Visit) -> HttpResponse:
    """Each agreement with its ladder; the rates outside, and a new one."""
    identity = known(request)
    form = Pricing(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _priced(request, form):
        return HttpResponseRedirect(reverse("setup_warnings"))
    told = {
        "agreements": _agreements(identity),
        "rates": _rates(request),
        "form": form,
        "once": request.POST.get(FIELD) or fresh(),
    }
    return render(request, "setup/warnings.html", told, status=422 if form.errors else 200)


def _agreements(identity: Identity) -> list[Warned]:
    rows = Agreement.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    found = list(rows.select_related("customer").order_by("customer__name", "reference")[:MOST])
    own = ladders_of({each.relation_id for each in found}, identity.viewer)
    return [
        Warned(each, in_words(own.get(each.pk, DEFAULT_LADDER)), each.pk in own) for each in found
    ]


def in_words(steps: Steps) -> str:
    """`75 %: service-desk agent · 100 %: contract manager`."""
    return " · ".join(
        f"{percent}\N{NO-BREAK SPACE}%: {Role(role).label}" for percent, role in steps
    )


def _rates(request: Visit) -> list[Rate]:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = OutsideHour.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation
    )
    return [_rate(each, request.at, speaking) for each in rows.order_by("-from_at", "id")[:MOST]]


def _rate(row: OutsideHour, at: int, speaking: Speaking) -> Rate:
    texts, since, until = speaking.texts, instant_of(row.from_at), instant_of(row.until_at)
    return Rate(
        amount=texts.money(row.per_hour, row.currency),
        span=_("%(since)s up to %(until)s")
        % {"since": texts.on_date(texts.on(since)), "until": texts.on_date(texts.on(until))},
        is_now=since <= at < until,
    )


def _priced(request: Visit, form: Pricing) -> bool:
    """Whether there is a new rate; where not, the form says why."""
    identity, told = known(request), form.cleaned_data
    zone = zone_of(own_zone(identity, request.at))

    def begins(on: date) -> int:
        return start_of_date(zone, on)

    rate = OutsideRate(told["per_hour"], "EUR", begins(told["from_on"]), begins(told["until_on"]))
    try:
        made = once(
            request,
            lambda: flow.set_outside_rate(
                rate=rate, actor=identity.actor, viewer=identity.viewer, at=request.at
            ),
        )
    except Refusal as refusal:
        form.add_error(None, refused(refusal))
        return False
    if made:
        messages.success(request, _("Saved."))
    return True


# One agreement ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_AGREEMENTS)
def ladder(request: Visit, agreement: UUID) -> HttpResponse:
    """Whom to tell when, and how the customer is told."""
    identity = known(request)
    rows = Agreement.objects.seen_by(identity.viewer).filter(supplier_id=identity.organisation)
    row = rows.select_related("customer").filter(pk=agreement).first()
    if row is None:
        raise Http404
    fault = ""
    if request.method == "POST":
        try:
            _set(request, row)
        except Refusal as refusal:
            fault = refused(refusal)
        else:
            messages.success(request, _("Saved. What is open is looked at anew."))
            return HttpResponseRedirect(reverse("setup_warnings"))
    own = ladders_of([row.relation_id], identity.viewer).get(row.pk)
    told = {
        "row": row,
        "is_own": own is not None,
        "usual": in_words(DEFAULT_LADDER),
        "lines": _lines(request.POST) if fault else [*(own or DEFAULT_LADDER), *[("", "")] * EMPTY],
        "roles": [(each.value, each.label) for each in Role if each in STAFF],
        "telling": Telling.objects.seen_by(identity.viewer).filter(agreement=row).first(),
        "fault": fault,
    }
    return render(request, "setup/ladder.html", told, status=422 if fault else 200)


def _set(request: Visit, row: Agreement) -> None:
    """How it is told, or its ladder; the usual one again where that is asked. Raises Refusal."""
    identity = known(request)
    if one_of(request.POST, "what", ("telling",)):
        flow.tell_agreement(
            agreement=row.pk,
            breach_by_itself=bool(request.POST.get("breach_by_itself")),
            warn_days=_days(request.POST.get("warn_days", "")),
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
        return
    flow.set_warnings(
        agreement=row.pk,
        steps=[] if request.POST.get("usual") else _steps(request.POST),
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )


def _lines(told: QueryDict) -> list[tuple[str, str]]:
    """The lines as they were filled in."""
    pairs = zip(told.getlist("percent"), told.getlist("role"), strict=False)
    return [(percent[:10], role[:20]) for percent, role in pairs][: flow.MOST_STEPS + EMPTY]


def _steps(told: QueryDict) -> list[tuple[int, str]]:
    """The lines that say something. Raises Refusal for one that is half filled in."""
    found = []
    for percent, role in _lines(told):
        if not percent.strip():
            continue
        if not (percent.isascii() and percent.strip().isdigit()):
            raise Refusal("a step stands at 1 to 100 percent of the time")
        found.append((int(percent), role))
    return found


def _days(told: str) -> int:
    if not (told.isascii() and told.isdigit() and int(told[:6]) <= MOST_DAYS):
        raise Refusal("warn 0 to 365 days ahead")
    return int(told)
