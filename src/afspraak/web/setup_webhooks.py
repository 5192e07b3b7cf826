"""Webhooks (`/setup/webhooks/`): which programs and chats are told as well, and whether they hear
it.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak.engine.time import Refusal, instant_of
from afspraak.notices.actions_channels import add_channel, end_channel
from afspraak.notices.models import Channel, ChannelKind, Delivery
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.once import FIELD, fresh, once, show_next, shown_now
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.setup_confirm import Ending, confirm
from afspraak.web.setup_forms import TOLD, Telling
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 100
SECRET: Final = "webhook"  # noqa: S105  (what is shown, and no secret)


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """A channel as it is listed: of what it is told, and how that went."""

    row: Channel
    kind: str
    events: str
    badge: Badge
    why: str


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_TOKENS)
def webhooks(request: Visit) -> HttpResponse:
    """The channels of the organisation that one acts for, and a new one."""
    identity = known(request)
    form = Telling(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _added(request, form):
        return HttpResponseRedirect(reverse("setup_webhooks"))
    speaking = speaking_to(identity, request.at)
    rows = Channel.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, ended_at=None
    )
    told = {
        "form": form,
        "secret": shown_now(request, SECRET),
        "channels": [_line(each, request, speaking) for each in rows.order_by("name", "id")[:MOST]],
        "once": request.POST.get(FIELD) or fresh(),
    }
    return render(request, "setup/webhooks.html", told, status=422 if form.errors else 200)


def _added(request: Visit, form: Telling) -> bool:
    """Whether there is a new one; where not, the form says why."""
    told = form.cleaned_data
    try:
        made = once(
            request,
            lambda: add_channel(
                kind=ChannelKind(told["kind"]),
                name=told["name"],
                url=told["url"],
                events=told["events"],
                actor=known(request).actor,
                at=request.at,
            ),
        )
    except Refusal as refusal:
        form.add_error("url", refused(refusal))
        return False
    if made and made[1]:
        show_next(request, SECRET, made[1])
    elif made:
        messages.success(request, _("Saved."))
    return True


def _line(row: Channel, request: Visit, speaking: Speaking) -> ChannelLine:
    badge, why = _went(row, request, speaking)
    return ChannelLine(
        row=row,
        kind=_("a program") if row.kind == ChannelKind.WEBHOOK else _("a chat"),
        events=", ".join(str(TOLD.get(each, each)) for each in row.events) or _("everything"),
        badge=badge,
        why=why,
    )


def _went(row: Channel, request: Visit, speaking: Speaking) -> tuple[Badge, str]:
    """How the last event fared."""
    last = (
        Delivery.objects.seen_by(known(request).viewer)
        .filter(channel=row)
        .order_by("-made_at", "-id")
        .first()
    )
    if last is None:
        return Badge("none", "none", _("nothing was told yet")), ""
    if last.delivered_at is not None:
        told = {"at": speaking.moment(instant_of(last.delivered_at))}
        return Badge("kept", "kept", _("heard, %(at)s") % told), ""
    if last.given_up_at is not None:
        told = {"at": speaking.moment(instant_of(last.given_up_at))}
        return Badge("late", "late", _("given up, %(at)s") % told), last.failure
    told = {"at": speaking.moment(instant_of(last.send_after))}
    return Badge("soon", "running", _("offered again, %(at)s") % told), last.failure


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_TOKENS)
def end(request: Visit, channel: UUID) -> HttpResponse:
    """Nothing goes there any more, once that was confirmed."""
    identity = known(request)
    row = (
        Channel.objects.seen_by(identity.viewer)
        .filter(pk=channel, organisation_id=identity.organisation, ended_at=None)
        .first()
    )
    if row is None:
        raise Http404
    ending = Ending(
        title=_("Tell %s nothing any more?") % row.name,
        what=[_("What happens from now on is not told there. Its address cannot be brought back.")],
        button=_("End it"),
        done=_("%s is told nothing any more.") % row.name,
        back="setup_webhooks",
    )
    return confirm(
        request,
        ending,
        lambda: end_channel(
            channel=channel, actor=identity.actor, viewer=identity.viewer, at=request.at
        ),
    )
