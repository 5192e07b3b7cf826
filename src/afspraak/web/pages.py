"""The page after signing in: whom you act for, what is open, under which agreements."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Standing
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.parties.roles import Right
from afspraak.parties.stated import SIGNED_IN, stated
from afspraak.web.own import speaking_to
from afspraak.web.rows import lines_of, rows_of
from afspraak.web.setup_agreements import other_of
from afspraak.web.viewing import ACTING
from afspraak.web.visit import Visit, known

SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement in the list: with whom, and where its page is for who may read it."""

    with_whom: str
    reference: str
    url: str


@require_safe
@stated(SIGNED_IN)
def home(request: Visit) -> HttpResponse:
    """A short list of each."""
    identity = known(request)
    viewer, speaking = identity.viewer, speaking_to(identity, request.at)
    standings = Standing.objects.seen_by(viewer).filter(is_open=True)
    first = lines_of(standings.order_by("due_at", "ticket_id")[:SHOWN])
    rows = Agreement.objects.seen_by(viewer).select_related("supplier", "customer")
    told = {
        "organisations": Organisation.objects.seen_by(viewer).filter(id__in=identity.roles),
        "acting": identity.organisation,
        "rows": rows_of(first, viewer, speaking),
        "agreements": [_held(each, identity) for each in rows.order_by("reference")[:SHOWN]],
        "now": speaking.now(),
    }
    return render(request, "web/home.html", told)


def _held(row: Agreement, identity: Identity) -> Held:
    may_read = identity.may(Right.READ_AGREEMENTS)
    url = reverse("life", args=[row.pk]) if may_read else ""
    return Held(other_of(row, identity).name, row.reference, url)


@require_POST
@stated(SIGNED_IN)
def act_for(request: Visit, organisation: UUID) -> HttpResponse:
    """From here on in the name of another one of one's own organisations."""
    if organisation not in known(request).roles:
        raise Http404
    request.session[ACTING] = str(organisation)
    return HttpResponseRedirect(reverse("home"))
