"""Organisations (`/setup/organisations/`): one's own, one's customers, and who their people are."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count, Q
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from afspraak.parties.actions import (
    add_person,
    change_organisation,
    change_person,
    enter_customer,
    note_in_audit,
)
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation, Person, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.actions import begin_numbers
from afspraak.tickets.models import NumberSeries
from afspraak.web.filled import text_of
from afspraak.web.once import FIELD, fresh, once, say_known
from afspraak.web.setup_forms import Knowing, Numbering, Organising
from afspraak.web.visit import Visit, known

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as it is listed, with how many of its people are known."""

    row: Organisation
    people: str


# The list -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_PARTIES)
def organisations(request: Visit) -> HttpResponse:
    """One's own organisation, the customers, and a new one."""
    identity = known(request)
    form = Organising(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        customer = _added(request, form)
        if customer is not None:
            return HttpResponseRedirect(reverse("setup_organisation", args=[customer]))
    words = text_of(request.GET, "q", 80)
    seen = Organisation.objects.seen_by(identity.viewer)
    told = {
        "own": seen.get(pk=identity.organisation),
        "customers": _customers(identity, words),
        "suppliers": seen.filter(as_supplier__customer_id=identity.organisation).order_by("name"),
        "words": words,
        "form": form,
        "once": request.POST.get(FIELD) or fresh(),
    }
    return render(request, "setup/organisations.html", told, status=422 if form.errors else 200)


def _customers(identity: Identity, words: str) -> list[Customer]:
    relations = Relation.objects.seen_by(identity.viewer).filter(
        supplier_id=identity.organisation, customer__name__icontains=words
    )
    ids = list(relations.order_by("customer__name", "id").values_list("customer_id", flat=True))
    ids = ids[:MOST]
    people = Person.objects.seen_by(identity.viewer).filter(organisation_id__in=ids)
    counted = dict(
        people.order_by().values_list("organisation_id").annotate(count=Count("id", distinct=True))
    )
    rows = Organisation.objects.seen_by(identity.viewer).filter(pk__in=ids)
    return [
        Customer(each, _people(counted.get(each.pk, 0))) for each in rows.order_by("name", "id")
    ]


def _people(count: int) -> str:
    return ngettext("%(n)s person known", "%(n)s people known", count) % {"n": count}


def _added(request: Visit, form: Organising) -> UUID | None:
    """The new customer; None, with the reason on the form, where there is none."""
    identity, told = known(request), form.cleaned_data
    supplier = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    try:
        made = once(
            request,
            lambda: enter_customer(supplier=supplier, actor=identity.actor, at=request.at, **told),
        )
    except IntegrityError:
        form.add_error("register", _("You have an organisation with this register number."))
        return None
    if made is None:
        return identity.organisation
    name = made.customer.name
    messages.success(request, _("%s is a customer now. Next: its agreement.") % name)
    return made.customer_id


# One of them --------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_PARTIES)
def organisation(request: Visit, organisation: UUID) -> HttpResponse:
    """What is known of it, and who its people are."""
    row = _ours(known(request), organisation)
    posted = request.POST if request.method == "POST" else None
    wanted = text_of(request.POST, "what", 12)
    changing = Organising(posted if wanted == "change" else None, of=row)
    knowing = Knowing(posted if wanted == "person" else None)
    numbering = _numbering(request, row, posted if wanted == "numbers" else None)
    bound = {"change": changing, "person": knowing, "numbers": numbering}.get(wanted)
    if posted is not None and bound is not None and bound.is_valid():
        acts = {"change": _changed, "person": _person_added, "numbers": _numbers_begun}
        if acts[wanted](request, row, bound):
            return HttpResponseRedirect(reverse("setup_organisation", args=[row.pk]))
    return _page(request, row, changing, knowing, numbering)


def _page(
    request: Visit,
    row: Organisation,
    changing: Organising,
    knowing: Knowing,
    numbering: Numbering | None,
) -> HttpResponse:
    identity = known(request)
    people = Person.objects.seen_by(identity.viewer).filter(organisation=row)
    is_wrong = any(each is not None and each.errors for each in (changing, knowing, numbering))
    told = {
        "row": row,
        "may_change": identity.organisation in (row.pk, row.made_by_id),
        "people": people.order_by("name", "id")[:MOST],
        "changing": changing,
        "knowing": knowing,
        "numbering": numbering,
        "relation": Relation.objects.seen_by(identity.viewer)
        .filter(supplier_id=identity.organisation, customer=row)
        .first(),
        "once": request.POST.get(FIELD) or fresh(),
    }
    return render(request, "setup/organisation.html", told, status=422 if is_wrong else 200)


def _ours(identity: Identity, organisation: UUID) -> Organisation:
    """One's own organisation, or a customer's. A supplier's says itself who it is."""
    own = identity.organisation
    seen = Organisation.objects.seen_by(identity.viewer).filter(pk=organisation)
    row = seen.filter(Q(pk=own) | Q(as_customer__supplier_id=own)).first()
    if row is None:
        raise Http404
    return row


def _changed(request: Visit, row: Organisation, form: Form) -> bool:
    """Whether what is known of it was changed: of who works with others too, only by itself."""
    try:
        with transaction.atomic():
            change_organisation(
                organisation=row, actor=known(request).actor, at=request.at, **form.cleaned_data
            )
    except IntegrityError:
        form.add_error("register", _("You have an organisation with this register number."))
        return False
    except DatabaseError:
        form.add_error(None, _("This organisation says itself who it is: ask its own people."))
        return False
    messages.success(request, _("Saved."))
    return True


def _numbering(request: Visit, row: Organisation, told: Any) -> Numbering | None:
    """What to ask of a supplier that has numbered no ticket yet; None where that is decided."""
    identity = known(request)
    begun = NumberSeries.objects.seen_by(identity.viewer).filter(organisation=row)
    return None if row.pk != identity.organisation or begun.exists() else Numbering(told)


def _numbers_begun(request: Visit, row: Organisation, form: Form) -> bool:
    try:
        with transaction.atomic():
            begin_numbers(supplier=row, prefix=form.cleaned_data["begins"])
            note_in_audit(
                actor=known(request).actor,
                action="begin_numbers",
                subject="organisation",
                subject_id=row.pk,
                at=request.at,
            )
    except IntegrityError:
        say_known(request)
        return True
    messages.success(request, _("Saved."))
    return True


# People who are known -----------------------------------------------------------------------------


def _person_added(request: Visit, row: Organisation, form: Form) -> bool:
    identity, told = known(request), form.cleaned_data
    if once(request, lambda: _add_person(identity, row, told, request.at)):
        messages.success(request, _("%s is known now.") % told["name"])
    return True


def _add_person(identity: Identity, row: Organisation, told: dict[str, Any], at: int) -> Person:
    person = add_person(organisation=row, at=at, **told)
    note_in_audit(
        actor=identity.actor, action="add_person", subject="person", subject_id=person.pk, at=at
    )
    return person


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_PARTIES)
def person(request: Visit, person: UUID) -> HttpResponse:
    """How somebody is reached."""
    identity = known(request)
    row = Person.objects.seen_by(identity.viewer).filter(pk=person).first()
    if row is None:
        raise Http404
    home = _ours(identity, row.organisation_id)
    form = Knowing(request.POST if request.method == "POST" else None, of=row)
    if form.is_bound and form.is_valid():
        change_person(person=row, actor=identity.actor, at=request.at, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("setup_organisation", args=[home.pk]))
    told = {"row": row, "home": home, "form": form}
    return render(request, "setup/person.html", told, status=422 if form.errors else 200)
