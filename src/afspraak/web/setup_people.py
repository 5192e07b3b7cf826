"""People (`/setup/people/`): who has which role, who is invited, who advises."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from afspraak import flow
from afspraak.agreements.models import Adviser, Agreement
from afspraak.engine.time import Refusal, datetime_of, instant_of
from afspraak.notices.drafting import link_to
from afspraak.parties.actions_access import (
    Wanted,
    change_role,
    end_membership,
    invite,
    renew_invitation,
    withdraw_invitation,
)
from afspraak.parties.identity import Identity
from afspraak.parties.models import Invitation, Membership, Organisation, Person, Token
from afspraak.parties.roles import RIGHTS, Right, Role
from afspraak.parties.stated import stated
from afspraak.web.filled import one_of, uuid_of
from afspraak.web.once import FIELD, fresh, once, show_next, shown_now
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_confirm import Ending, confirm
from afspraak.web.setup_forms import Advising, Inviting, roles_for
from afspraak.web.setup_letter import leaves_mail, send_link
from afspraak.web.visit import Visit, known

MOST = 200
LINK = "link"
Sent = Callable[[], tuple[Invitation, str]]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a role; `may_change`: whoever looks may give another one, or end it."""

    row: Membership
    since: str
    is_me: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation that nobody has accepted; `until` is empty where its link has ended."""

    row: Invitation
    role: str
    until: str


@dataclass(frozen=True, slots=True)
class Advice:
    """Somebody who may read one agreement."""

    pk: UUID
    who: str
    agreement: Agreement


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_PEOPLE)
def people(request: Visit) -> HttpResponse:
    """Who there is, and asking somebody in."""
    identity = known(request)
    posted = request.POST if request.method == "POST" else None
    is_adviser = posted is not None and "agreement" in posted and "role" not in posted
    inviting = Inviting(identity, None if is_adviser else posted, **_of_customer(request))
    advising = Advising(identity, posted if is_adviser else None)
    bound = advising if is_adviser else inviting
    if posted is not None and bound.is_valid() and _sent(request, bound):
        return HttpResponseRedirect(reverse("setup_people"))
    return _page(request, inviting, advising, status=422 if bound.errors else 200)


def _of_customer(request: Visit) -> dict[str, str]:
    """A link from a customer's page says for whom."""
    organisation = uuid_of(request.GET, "organisation")
    return {} if organisation is None else {"organisation": str(organisation)}


def _page(request: Visit, inviting: Inviting, advising: Advising, *, status: int) -> HttpResponse:
    identity = known(request)
    told = {
        "own": Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation),
        "link": shown_now(request, LINK),
        "members": _members(request),
        "asked": _asked(request),
        "advisers": _advisers(identity),
        "roles": roles_for(identity),
        "inviting": inviting,
        "advising": advising if advising.fields["agreement"].queryset.exists() else None,  # type: ignore[attr-defined]  # a choice of rows
        "mails": leaves_mail(),
        "once": request.POST.get(FIELD) or fresh(),
    }
    return render(request, "setup/people.html", told, status=status)


def _members(request: Visit) -> list[Member]:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = Membership.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, until_at=None
    )
    return [
        Member(
            row=each,
            since=speaking.texts.on_date(speaking.texts.on(instant_of(each.from_at))),
            is_me=each.person_id == identity.actor.person,
            may_change=RIGHTS[each.role] <= identity.rights,
        )
        for each in rows.select_related("person").order_by("person__name", "id")[:MOST]
    ]


def _asked(request: Visit) -> list[Asked]:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = Invitation.objects.seen_by(identity.viewer).filter(used_at=None)
    return [
        Asked(
            row=each,
            role=str(Role(each.role).label) if each.role else _("adviser"),
            until=""
            if each.expires_at <= datetime_of(request.at)
            else speaking.moment(instant_of(each.expires_at)),
        )
        for each in rows.select_related("organisation").order_by("-created_at", "id")[:MOST]
    ]


def _advisers(identity: Identity) -> list[Advice]:
    """Whom the organisation acted for invited to one agreement. Of somebody from elsewhere it sees
    no more than the address that it wrote to.
    """
    rows = Adviser.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation, until_at=None
    )
    found = list(rows.select_related("agreement").order_by("from_at", "id")[:MOST])
    people = Person.objects.seen_by(identity.viewer).filter(
        pk__in=[each.person_id for each in found]
    )
    names = dict(people.values_list("pk", "name"))
    asked = Invitation.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation,
        agreement_id__in=[each.agreement_id for each in found],
    )
    wrote = {(row.agreement_id, row.used_at): row.email for row in asked}
    return [
        Advice(
            pk=each.pk,
            who=names.get(each.person_id)
            or wrote.get((each.agreement_id, each.from_at))
            or _("somebody from elsewhere"),
            agreement=each.agreement,
        )
        for each in found
    ]


# Inviting -----------------------------------------------------------------------------------------


def _sent(request: Visit, form: Form) -> bool:
    """Whether the invitation went out; where not, the form says why."""
    told, identity = form.cleaned_data, known(request)
    agreement = told.get("agreement")
    wanted = Wanted(
        organisation=told["organisation"].pk if "organisation" in told else identity.organisation,
        email=told["email"],
        name=told["name"],
        role=Role(told["role"]) if "role" in told else None,
        agreement=agreement.pk if agreement else None,
    )
    fault = _send(
        request,
        lambda: invite(wanted=wanted, actor=identity.actor, rights=identity.rights, at=request.at),
    )
    if fault:
        form.add_error(None, fault)
    return not fault


def _send(request: Visit, act: Sent) -> str:
    """A link, shown once and mailed where that was asked for; why not, where there is none."""
    try:
        made = once(request, act)
    except Refusal as refusal:
        return refused(refusal)
    except DatabaseError:
        return _("This organisation lets its own people in, or the agreement is not its own.")
    if made is None:
        return ""
    invitation, secret = made
    link = link_to(reverse("join", args=[secret]))
    show_next(request, LINK, link)
    if request.POST.get("mail") and leaves_mail():
        send_link(invitation=invitation, link=link)
        messages.success(request, _("The link is on its way to %s.") % invitation.email)
    return ""


@require_POST
@stated(Right.MANAGE_PEOPLE)
def send_again(request: Visit, invitation: UUID) -> HttpResponse:
    """A new link; the old one opens nothing any more."""
    identity = known(request)
    row = _invitation(identity, invitation)
    fault = _send(
        request,
        lambda: renew_invitation(
            invitation=row, actor=identity.actor, rights=identity.rights, at=request.at
        ),
    )
    if fault:
        messages.error(request, fault)
    return HttpResponseRedirect(reverse("setup_people"))


@require_POST
@stated(Right.MANAGE_PEOPLE)
def withdraw(request: Visit, invitation: UUID) -> HttpResponse:
    """An invitation opens nothing any more."""
    identity = known(request)
    row = _invitation(identity, invitation)
    withdraw_invitation(invitation=row, actor=identity.actor, at=request.at)
    messages.success(request, _("The invitation of %s was withdrawn.") % row.email)
    return HttpResponseRedirect(reverse("setup_people"))


def _invitation(identity: Identity, invitation: UUID) -> Invitation:
    row = Invitation.objects.seen_by(identity.viewer).filter(pk=invitation).first()
    if row is None:
        raise Http404
    return row


# Roles --------------------------------------------------------------------------------------------


@require_POST
@stated(Right.MANAGE_PEOPLE)
def give_role(request: Visit, membership: UUID) -> HttpResponse:
    """Another role from now on, none that may do more than who gives it."""
    identity = known(request)
    held = _held(identity, membership)
    wanted = one_of(request.POST, "role", Role.values)
    if wanted and wanted != held.role:
        try:
            change_role(
                held=held,
                role=Role(wanted),
                actor=identity.actor,
                rights=identity.rights,
                at=request.at,
            )
        except Refusal as refusal:
            messages.error(request, refused(refusal))
        else:
            told = {"name": held.person.name, "role": Role(wanted).label}
            messages.success(request, _("%(name)s is %(role)s from now on.") % told)
    return HttpResponseRedirect(reverse("setup_people"))


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_PEOPLE)
def end_role(request: Visit, membership: UUID) -> HttpResponse:
    """Somebody leaves: what ends with it is said first."""
    identity = known(request)
    held = _held(identity, membership)

    def end() -> None:
        end_membership(
            person=held.person,
            organisation=held.organisation,
            actor=identity.actor,
            rights=identity.rights,
            at=request.at,
        )

    ending = Ending(
        title=_("End the role of %s?") % held.person.name,
        what=_leaves(held, identity),
        button=_("End the role"),
        done=_("%s has no role here any more.") % held.person.name,
        back="setup_people",
    )
    return confirm(request, ending, end)


def _leaves(held: Membership, identity: Identity) -> list[str]:
    """What ends with a role."""
    tokens = Token.objects.seen_by(identity.viewer).filter(
        organisation_id=held.organisation_id, made_by_id=held.person_id, ended_at=None
    )
    links = Invitation.objects.seen_by(identity.viewer).filter(
        organisation_id=held.organisation_id, invited_by_id=held.person_id, used_at=None
    )
    told = [
        _("Whoever is signed in under this role sees nothing of %s from the next page on.")
        % held.organisation.name
    ]
    if count := tokens.count():
        text = ngettext("%(n)s token ends too.", "%(n)s tokens end too.", count)
        told.append(text % {"n": count})
    if count := links.count():
        text = ngettext(
            "%(n)s invitation that was sent ends too.", "%(n)s invitations that were sent end too.",
            count,
        )  # fmt: skip
        told.append(text % {"n": count})
    return [*told, _("What was told and done stays, under this name.")]


def _held(identity: Identity, membership: UUID) -> Membership:
    """A role that is held now in the organisation acted for."""
    rows = Membership.objects.seen_by(identity.viewer).filter(
        pk=membership, organisation_id=identity.organisation, until_at=None
    )
    row = rows.select_related("person", "organisation").first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.MANAGE_PEOPLE)
def end_advice(request: Visit, adviser: UUID) -> HttpResponse:
    """An adviser sees nothing of the agreement any more."""
    identity = known(request)
    row = next((each for each in _advisers(identity) if each.pk == adviser), None)
    if row is None:
        raise Http404
    told = {"name": row.who, "agreement": row.agreement.reference}
    ending = Ending(
        title=_("End the advice of %(name)s on %(agreement)s?") % told,
        what=[_("The agreement and its figures cannot be read any more from the next page on.")],
        button=_("End the advice"),
        done=_("%(name)s does not see %(agreement)s any more.") % told,
        back="setup_people",
    )

    def end() -> None:
        flow.end_advice(
            adviser=adviser, actor=identity.actor, viewer=identity.viewer, at=request.at
        )

    return confirm(request, ending, end)
