"""Pages on which access is given and taken: people, invitations, tokens."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError, transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from afspraak import flow
from afspraak.engine.time import Refusal, start_of_date, zone_of
from afspraak.parties.actions_access import (
    Guest,
    Wanted,
    digest_of,
    end_membership,
    end_token,
    held_invitation,
    invite,
    make_token,
)
from afspraak.parties.models import Invitation, Membership, Organisation, Token
from afspraak.parties.roles import Right, Role
from afspraak.parties.stated import PUBLIC, stated
from afspraak.rights.viewer import Viewer, viewing
from afspraak.web.forms import Asking, Joining, Making
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known

# People -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_PEOPLE)
def people(request: Visit) -> HttpResponse:
    """Who has which role, and inviting somebody."""
    identity = known(request)
    form = Asking(identity, request.POST if request.method == "POST" else None)
    link = _invited(request, form) if form.is_bound and form.is_valid() else None
    members = Membership.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, until_at=None
    )
    invited = Invitation.objects.seen_by(identity.viewer).filter(used_at=None)
    told = {
        "form": form,
        "link": link,
        "members": members.select_related("person").order_by("person__name"),
        "invited": invited.order_by("-created_at")[:20],
    }
    return render(request, "web/people.html", told, status=422 if form.errors else 200)


def _invited(request: Visit, form: Asking) -> str | None:
    """The link of a new invitation; None, with the reason on the form, where there is none."""
    told, identity = form.cleaned_data, known(request)
    wanted = Wanted(
        organisation=told["organisation"].pk,
        email=told["email"],
        name=told["name"],
        role=Role(told["role"]) if told["role"] else None,
        agreement=told["agreement"].pk if told["agreement"] else None,
    )
    try:
        with transaction.atomic():
            _made, secret = invite(
                wanted=wanted, actor=identity.actor, rights=identity.rights, at=request.at
            )
    except Refusal as refusal:
        form.add_error(None, refused(refusal))
        return None
    except DatabaseError:
        form.add_error(
            None, _("This organisation lets its own people in, or the agreement is not its own.")
        )
        return None
    return settings.BASE_URL.rstrip("/") + reverse("join", args=[secret])


@require_POST
@stated(Right.MANAGE_PEOPLE)
def end_role(request: Visit, person: UUID) -> HttpResponse:
    """Somebody leaves the organisation that one acts for."""
    identity = known(request)
    held = (
        Membership.objects.seen_by(identity.viewer)
        .filter(organisation_id=identity.organisation, person_id=person, until_at=None)
        .select_related("person", "organisation")
        .first()
    )
    if held is None:
        raise Http404
    try:
        end_membership(
            person=held.person, organisation=held.organisation, actor=identity.actor, at=request.at
        )
    except Refusal as refusal:
        messages.error(request, refused(refusal))
    return HttpResponseRedirect(reverse("people"))


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


# Tokens -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_TOKENS)
def tokens(request: Visit) -> HttpResponse:
    """The tokens of the organisation that one acts for, and making one."""
    identity = known(request)
    form = Making(identity, request.POST if request.method == "POST" else None)
    secret = _made(request, form) if form.is_bound and form.is_valid() else None
    rows = Token.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    told = {"form": form, "secret": secret, "tokens": rows.order_by("-created_at")[:100]}
    return render(request, "web/tokens.html", told, status=422 if form.errors else 200)


def _made(request: Visit, form: Making) -> str | None:
    """The secret of a new token; None, with the reason on the form, where there is none."""
    told, identity = form.cleaned_data, known(request)
    own = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    try:
        _token, secret = make_token(
            maker=identity,
            name=told["name"],
            rights=[Right(each) for each in told["rights"]],
            expires_at=start_of_date(zone_of(own.zone), told["until_on"]),
            at=request.at,
        )
    except Refusal as refusal:
        form.add_error(None, refused(refusal))
        return None
    return secret


@require_POST
@stated(Right.MANAGE_TOKENS)
def end(request: Visit, token: UUID) -> HttpResponse:
    """A token opens nothing from now on."""
    identity = known(request)
    if not end_token(token=token, actor=identity.actor, viewer=identity.viewer, at=request.at):
        raise Http404
    return HttpResponseRedirect(reverse("tokens"))
