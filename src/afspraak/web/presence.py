"""Who is in: somebody says so, until when; the desk sees whom it can ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.parties.actions_file import come_in, leave
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.acquaintance import Present
from afspraak.web.filled import on_wall
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

ONE_DAY: Final = timedelta(days=1)
USUALLY: Final = "17:30"
"""What the form proposes as the end of somebody's day."""


@dataclass(frozen=True, slots=True)
class Here:
    """Who is in, told to one of them: `mine` until when they said that they are in themselves."""

    names: tuple[tuple[str, str], ...]
    mine: str
    proposed: str


def here(present: Sequence[Present], identity: Identity, at: int) -> Here:
    """On the wall of the acting organisation's zone."""
    speaking = speaking_to(identity, at)
    mine = [each for each in present if each.person == identity.actor.person]
    return Here(
        tuple((each.name, speaking.moment(each.until_at)) for each in present),
        speaking.moment(mine[0].until_at) if mine else "",
        USUALLY,
    )


@require_POST
@stated(Right.WORK_TICKETS)
def i_am_in(request: Visit) -> HttpResponse:
    """In until a time today (tomorrow, where that has passed); or no longer in."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    try:
        if request.POST.get("until"):
            until = _until(request.POST["until"], speaking)
            come_in(actor=identity.actor, until_at=until, viewer=identity.viewer, at=request.at)
        else:
            leave(actor=identity.actor, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        messages.error(request, refused(refusal, speaking))
    return HttpResponseRedirect(_back(request))


def _until(text: str, speaking: Speaking) -> int:
    """`17:30` on the wall of the organisation's zone, the next time that it comes; 0 for what is
    none.
    """
    today = local_date(zone_of(speaking.zone), speaking.at)
    for on in (today, today + ONE_DAY):
        until = on_wall(f"{on}T{text[:5]}", speaking.zone)
        if until is not None and until > speaking.at:
            return until
    return 0


def _back(request: Visit) -> str:
    """To the page that asked, of this site."""
    told = request.POST.get("next", "")
    is_ours = told.startswith("/") and url_has_allowed_host_and_scheme(told, allowed_hosts=None)
    return told if is_ours else reverse("desk")
