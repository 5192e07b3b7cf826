"""An invitation's link: whoever holds it joins, once."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from afspraak import flow
from afspraak.engine.time import Refusal
from afspraak.parties.actions_access import Guest, digest_of, held_invitation
from afspraak.parties.stated import PUBLIC, stated
from afspraak.rights.viewer import Viewer, viewing
from afspraak.web.forms import Joining
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit


@require_http_methods(["GET", "HEAD", "POST"])
@stated(PUBLIC)
def join(request: Visit, secret: str) -> HttpResponse:
    """An invitation's link: whoever holds it joins, once."""
    presented = digest_of(secret)
    with viewing(Viewer(presented=presented)):
        invitation = held_invitation(presented=presented, at=request.at)
    if invitation is None:
        return render(request, "web/no_invitation.html", status=404)
    is_known = request.user.is_authenticated
    form = None if is_known else Joining(request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        guest = _guest(request, form)
        try:
            flow.accept_invitation(secret=secret, guest=guest, at=request.at)
        except Refusal as refusal:
            messages.error(request, refused(refusal))
        else:
            return HttpResponseRedirect(reverse("home"))
    told = {"invitation": invitation, "form": form}
    return render(request, "web/join.html", told)


def _guest(request: Visit, form: Joining | None) -> Guest:
    if form is None:
        return Guest(account=request.user.pk)
    language = (get_language() or "nl")[:2]
    return Guest(form.cleaned_data["name"], form.cleaned_data["password"], language=language)
