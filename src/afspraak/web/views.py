"""Saved views of the queue: filters under a name, one's own or shared with colleagues."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from afspraak.engine.time import Refusal
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.postgresql.base import kept_plans
from afspraak.tickets.actions_desk import forget_view, save_view
from afspraak.tickets.models import SavedView
from afspraak.web.filled import text_of
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known

KEPT: Final = ("service", "level", "mine")
"""Filters of the queue that a view keeps."""
MOST: Final = 40


@dataclass(frozen=True, slots=True)
class ViewShown:
    """A view as a link: its name, where it leads, whose it is."""

    id: UUID
    name: str
    url: str
    is_mine: bool
    is_shared: bool
    is_here: bool


def views_of(identity: Identity, told: QueryDict) -> list[ViewShown]:
    """One's own and those that colleagues share, by name."""
    here = query_of(told)
    seen = SavedView.objects.seen_by(identity.viewer).select_related("person")
    with kept_plans():
        rows = list(seen.filter(organisation_id=identity.organisation)[:MOST])
    return [
        ViewShown(
            row.pk,
            row.name,
            f"{reverse('queue')}?{row.query}" if row.query else reverse("queue"),
            row.person.pk == identity.viewer.person,
            row.is_shared,
            bool(here) and row.query == here,
        )
        for row in rows
    ]


def query_of(told: QueryDict) -> str:
    """The filters of an address, always in the same order."""
    found = {name: text_of(told, name, 80) for name in KEPT}
    return urlencode({name: value for name, value in found.items() if value})


@require_POST
@stated(Right.WORK_TICKETS)
def keep_view(request: Visit) -> HttpResponse:
    """Keep the filters that are set now."""
    identity = known(request)
    query = query_of(request.POST)
    try:
        save_view(
            actor=identity.actor,
            name=text_of(request.POST, "name", 80),
            query=query,
            is_shared=request.POST.get("shared") == "yes",
            at=request.at,
        )
    except Refusal as refusal:
        messages.error(request, refused(refusal))
    else:
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{reverse('queue')}?{query}")


@require_POST
@stated(Right.WORK_TICKETS)
def drop_view(request: Visit, view: UUID) -> HttpResponse:
    """One's own view is not needed any more."""
    identity = known(request)
    person = identity.viewer.person
    if person is None or not forget_view(view=view, person=person, viewer=identity.viewer):
        raise Http404
    return HttpResponseRedirect(reverse("queue"))
