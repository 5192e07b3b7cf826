"""Amendments of an agreement (`/agreements/<id>/amendments/`): what was agreed when, what is being
made, and where the next one begins: from when it holds, and whether for tickets that are open.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.load import versions_of
from afspraak.agreements.models import Draft
from afspraak.engine.in_force import newest_in_force
from afspraak.engine.time import Refusal, instant_of, local_date, zone_of
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.amending.seen import Seen, date_of, seen
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.setup_agreements import state_of
from afspraak.web.visit import Visit, known


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version: from when, how it stands, and what it says of tickets that were open."""

    number: int
    from_on: str
    badge: Badge
    open_tickets: bool


@dataclass(frozen=True, slots=True)
class DraftShown:
    """An amendment in the making."""

    name: str
    begun: str
    url: str
    is_shown: bool


@require_safe
@stated(Right.READ_FIGURES)
def amendments(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, seen(request, agreement))


@require_POST
@stated(Right.NEGOTIATE)
def begin(request: Visit, agreement: UUID) -> HttpResponse:
    """Begin the next version from what holds now."""
    identity, at = known(request), request.at
    there = seen(request, agreement)
    from_on = date_of(request.POST, "from")
    if from_on is None:
        return _page(request, there, _("From when does it hold? Give a date."))
    try:
        draft = flow.begin_amendment(
            agreement=agreement,
            from_on=from_on,
            open_tickets=request.POST.get("open_tickets") == "yes",
            actor=identity.actor,
            viewer=identity.viewer,
            at=at,
        )
    except NoSuchAgreement as fault:
        raise Http404 from fault
    except Refusal as refusal:
        return _page(request, there, refused(refusal))
    return HttpResponseRedirect(reverse("amending_preview", args=[draft.pk]))


def _page(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    speaking = there.speaking
    today = local_date(zone_of(speaking.zone), speaking.at)
    terms = there.history.signed.terms
    told = {
        "agreement": there.agreement,
        "fault": fault,
        "told": request.POST,
        "may_say": there.may_say,
        "versions": _versions(there),
        "drafts": _drafts(there),
        "from": (today + timedelta(days=1)).isoformat(),
        "least": today.isoformat(),
        "most": (terms.until_on - timedelta(days=1)).isoformat(),
    }
    return render(request, "amending/amendments.html", told, status=422 if fault else 200)


def _versions(there: Seen) -> list[VersionShown]:
    """Newest first."""
    row, viewer = there.agreement, there.identity.viewer
    signed = versions_of([row.relation_id], viewer).get(row.relation_id, ())
    mine = [each for each in signed if each.row.agreement_id == row.pk]
    newest = newest_in_force((each.version for each in mine), there.speaking.at)
    texts = there.speaking.texts
    return [
        VersionShown(
            each.row.number,
            texts.on_date(texts.on(instant_of(each.row.from_at))),
            state_of(each.version, newest, there.speaking),
            each.row.open_tickets,
        )
        for each in sorted(mine, key=lambda each: -each.row.number)
    ]


def _drafts(there: Seen) -> list[DraftShown]:
    rows = Draft.objects.seen_by(there.identity.viewer).filter(
        agreement=there.agreement, closed_at=None
    )
    texts = there.speaking.texts
    return [
        DraftShown(
            each.name,
            texts.full(instant_of(each.begun_at)),
            reverse("amending_preview", args=[each.pk]),
            each.shown_at is not None,
        )
        for each in rows.order_by("-begun_at")
    ]
