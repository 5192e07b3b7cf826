"""Who takes care of an agreement (`/agreements/<id>/care/`): owner, deputy, approver."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak.agreements.models import Agreement
from afspraak.archive.actions import Carers
from afspraak.archive.models import Care
from afspraak.engine.time import Refusal
from afspraak.flow.archive import take_care
from afspraak.parties.models import Person
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.web.filled import uuid_of
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.NEGOTIATE)
def care(request: Visit, agreement: UUID) -> HttpResponse:
    """The page; posted, who it is from now on."""
    identity = known(request)
    row = Agreement.objects.seen_by(identity.viewer).filter(pk=agreement).first()
    if row is None or party_of(row, identity.organisation) is None:
        raise Http404
    if request.method != "POST":
        return _page(request, row)
    people = {each.pk for each in _people(request)}
    owner, deputy, approver = (
        uuid_of(request.POST, each) for each in ("owner", "deputy", "approver")
    )
    if owner is None or {owner, deputy, approver} - {None} - people:
        return _page(request, row, _("Who takes care of it? Choose somebody of your side."))
    try:
        take_care(
            agreement=row, carers=Carers(owner, deputy, approver),
            actor=identity.actor, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("archive"))


def _people(request: Visit) -> list[Person]:
    identity = known(request)
    people = Person.objects.seen_by(identity.viewer)
    return list(people.filter(organisation_id=identity.organisation).order_by("name", "id"))


def _page(request: Visit, row: Agreement, fault: str = "") -> HttpResponse:
    identity = known(request)
    cares = Care.objects.seen_by(identity.viewer).filter(agreement=row)
    newest = cares.filter(organisation_id=identity.organisation).order_by("-said_at").first()
    roles = [
        ("owner", _("Owner: sees that it is kept"), newest.owner_id if newest else None),
        ("deputy", _("Deputy: when the owner is away"), newest.deputy_id if newest else None),
        ("approver", _("Approver: says yes to changes"), newest.approver_id if newest else None),
    ]
    told = {"agreement": row, "roles": roles, "people": _people(request), "fault": fault}
    return render(request, "archive/care.html", told, status=422 if fault else 200)
