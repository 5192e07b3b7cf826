"""The page after signing in: whom you act for, what is open, under which agreements."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Standing
from afspraak.parties.models import Organisation
from afspraak.parties.stated import SIGNED_IN, stated
from afspraak.web.viewing import ACTING
from afspraak.web.visit import Visit, known

SHOWN: Final = 20


@require_safe
@stated(SIGNED_IN)
def home(request: Visit) -> HttpResponse:
    """A short list of each."""
    identity = known(request)
    viewer = identity.viewer
    standings = (
        Standing.objects.seen_by(viewer)
        .filter(is_open=True)
        .select_related("ticket")
        .order_by("due_at", "ticket_id")
    )
    told = {
        "organisations": Organisation.objects.seen_by(viewer).filter(id__in=identity.roles),
        "acting": identity.organisation,
        "standings": standings[:SHOWN],
        "agreements": Agreement.objects.seen_by(viewer).order_by("reference")[:SHOWN],
    }
    return render(request, "web/home.html", told)


@require_POST
@stated(SIGNED_IN)
def act_for(request: Visit, organisation: UUID) -> HttpResponse:
    """From here on in the name of another one of one's own organisations."""
    if organisation not in known(request).roles:
        raise Http404
    request.session[ACTING] = str(organisation)
    return HttpResponseRedirect(reverse("home"))
