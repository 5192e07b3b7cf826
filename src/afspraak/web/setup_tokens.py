"""Tokens (`/setup/tokens/`): what programs sign in with: made, shown once, ended."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak.engine.time import Refusal, datetime_of, instant_of, start_of_date, zone_of
from afspraak.parties.actions_access import end_token, make_token
from afspraak.parties.models import Token
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of
from afspraak.web.once import FIELD, fresh, once, show_next, shown_now
from afspraak.web.own import own_zone, speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_confirm import Ending, confirm
from afspraak.web.setup_forms import Making
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 100
SECRET: Final = "token"  # noqa: S105  (what is shown, and no secret)
FOR: Final[dict[str, tuple[Right, ...]]] = {"monitor": (Right.WRITE_SERVICES,)}
"""What a link to this page may ask to be filled in."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as it is listed; `state` is why it opens nothing any more, empty while it does."""

    row: Token
    may: str
    until: str
    used: str
    state: str

    @property
    def is_open(self) -> bool:
        """Whether it opens anything."""
        return not self.state


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_TOKENS)
def tokens(request: Visit) -> HttpResponse:
    """The tokens of the organisation that one acts for, and making one."""
    identity = known(request)
    posted = request.POST if request.method == "POST" else None
    form = Making(identity, request.at, posted, _filled_in(request))
    if form.is_bound and form.is_valid() and _made(request, form):
        return HttpResponseRedirect(reverse("setup_tokens"))
    speaking = speaking_to(identity, request.at)
    rows = Token.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    lines = [
        _line(each, request.at, speaking)
        for each in rows.select_related("made_by").order_by("-created_at", "id")[:MOST]
    ]
    told = {
        "form": form,
        "secret": shown_now(request, SECRET),
        "open": [each for each in lines if each.is_open],
        "ended": [each for each in lines if not each.is_open],
        "once": request.POST.get(FIELD) or fresh(),
    }
    return render(request, "setup/tokens.html", told, status=422 if form.errors else 200)


def _filled_in(request: Visit) -> dict[str, Any]:
    wanted = one_of(request.GET, "for", FOR)
    if not wanted:
        return {}
    return {"name": _("Monitor"), "rights": [each.value for each in FOR[wanted]]}


def _line(row: Token, at: int, speaking: Speaking) -> TokenLine:
    texts = speaking.texts
    state = ""
    if row.ended_at is not None:
        state = _("ended on %s") % texts.on_date(texts.on(instant_of(row.ended_at)))
    elif row.expires_at <= datetime_of(at):
        state = _("its time is over")
    return TokenLine(
        row=row,
        may=", ".join(str(Right(each).label) for each in row.rights if each in Right.values),
        until=texts.on_date(texts.on(instant_of(row.expires_at))),
        used=texts.on_date(row.last_used_on) if row.last_used_on else _("never"),
        state=state,
    )


def _made(request: Visit, form: Making) -> bool:
    """Whether a token was made, to be shown on the next page; where not, the form says why."""
    told, identity = form.cleaned_data, known(request)
    until = start_of_date(zone_of(own_zone(identity, request.at)), told["until_on"])
    try:
        made = once(
            request,
            lambda: make_token(
                maker=identity,
                name=told["name"],
                rights=[Right(each) for each in told["rights"]],
                expires_at=until,
                at=request.at,
            ),
        )
    except Refusal as refusal:
        form.add_error(None, refused(refusal))
        return False
    if made:
        show_next(request, SECRET, made[1])
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_TOKENS)
def end(request: Visit, token: UUID) -> HttpResponse:
    """A token opens nothing any more, once that was confirmed."""
    identity = known(request)
    row = (
        Token.objects.seen_by(identity.viewer)
        .filter(pk=token, organisation_id=identity.organisation, ended_at=None)
        .first()
    )
    if row is None:
        raise Http404
    speaking = speaking_to(identity, request.at)
    what = [_("The program that uses it is refused from its next request on.")]
    if row.last_used_on:
        what.append(_("It was last used on %s.") % speaking.texts.on_date(row.last_used_on))
    ending = Ending(
        title=_("End the token %s?") % row.name,
        what=what,
        button=_("End the token"),
        done=_("The token %s opens nothing any more.") % row.name,
        back="setup_tokens",
    )
    return confirm(
        request,
        ending,
        lambda: end_token(token=token, actor=identity.actor, viewer=identity.viewer, at=request.at),
    )
