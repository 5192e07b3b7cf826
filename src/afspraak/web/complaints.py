"""Not content (`/mijn/klacht/`, `/complaints/`): said at any time, with an owner and a clock, and
answered.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.engine.time import Refusal, instant_of
from afspraak.language.schema_people import PeopleClause
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.tickets.models import Fact
from afspraak.web.agreed import agreed_at
from afspraak.web.filled import text_of, uuid_of
from afspraak.web.mine import relations_of
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking, language
from afspraak.web.visit import Visit, known


@dataclass(frozen=True, slots=True)
class Shown:
    """A complaint as one of its sides sees it."""

    fact: Fact
    said: str
    who: str
    words: str
    owner: str
    badge: Badge
    answer: str
    answered_by: str
    is_open: bool


@require_safe
@stated(Right.WRITE_TICKETS)
def complaint(request: Visit) -> HttpResponse:
    """The customer's page: say it, and what became of what was said."""
    return _own_page(request)


@require_POST
@stated(Right.WRITE_TICKETS)
def complain(request: Visit) -> HttpResponse:
    """Somebody says that they are not content."""
    identity = known(request)
    wanted = uuid_of(request.POST, "supplier")
    relations = relations_of(identity)
    found = next((each for each in relations if each.supplier_id == wanted), None)
    if found is None:
        raise Http404
    words = text_of(request.POST, "words")
    if not words:
        return _own_page(request, _("What is wrong? A few words are enough."))
    once = uuid_of(request.POST, "once") or uuid4()
    try:
        flow.complain(
            relation=found, words=words, person=identity.actor.person, once=f"form/{once}",
            viewer=identity.viewer, at=request.at,
        )  # fmt: skip
    except Refusal as refusal:
        return _own_page(request, refused(refusal))
    messages.success(request, _("Said. Below you see who answers, and by when."))
    return HttpResponseRedirect(reverse("complaint"))


@require_safe
@stated(Right.WORK_TICKETS)
def complaints(request: Visit) -> HttpResponse:
    """The supplier's page: what waits for an answer."""
    return _desk_page(request)


@require_POST
@stated(Right.WORK_TICKETS)
def answer(request: Visit, complaint: UUID) -> HttpResponse:
    """The supplier answers."""
    identity = known(request)
    words = text_of(request.POST, "words")
    if not words:
        return _desk_page(request, _("An answer has words."))
    try:
        flow.answer_complaint(
            complaint=complaint, words=words, person=identity.actor.person,
            viewer=identity.viewer, at=request.at,
        )  # fmt: skip
    except flow.NoSuchComplaint as fault:
        raise Http404 from fault
    except Refusal as refusal:
        return _desk_page(request, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("complaints"))


def _own_page(request: Visit, fault: str = "") -> HttpResponse:
    told = {
        "relations": relations_of(known(request)),
        "shown": _shown(request),
        "about": text_of(request.GET, "ticket", 24),
        "words": text_of(request.POST, "words"),
        "once": uuid4(),
        "fault": fault,
    }
    return render(request, "desk/complaint.html", told, status=422 if fault else 200)


def _desk_page(request: Visit, fault: str = "") -> HttpResponse:
    told = {"shown": _shown(request), "fault": fault}
    return render(request, "desk/complaints.html", told, status=422 if fault else 200)


def _shown(request: Visit) -> list[Shown]:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    found = flow.complaints_of(identity.organisation, identity.viewer)
    return [_one(each, request, speaking) for each in found]


def _one(each: flow.Complaint, request: Visit, speaking: Speaking) -> Shown:
    said, answer = each.said, each.answer
    is_ours = said.supplier_id == known(request).organisation
    who = [said.person.name if said.person else "", said.customer.name if is_ours else ""]
    return Shown(
        fact=said,
        said=speaking.moment(instant_of(said.happened_at)),
        who=", ".join(filter(None, who)),
        words=said.words.body if said.words else "",
        owner=_owner(said, request),
        badge=_badge(each, speaking),
        answer=answer.words.body if answer and answer.words else "",
        answered_by=answer.person.name if answer and answer.person else "",
        is_open=answer is None,
    )


def _badge(each: flow.Complaint, speaking: Speaking) -> Badge:
    due = {"at": speaking.moment(each.due_at)}
    if each.answer is not None:
        at = instant_of(each.answer.happened_at)
        if at > each.due_at:
            return Badge(
                "late", "late", _("answered too late, %(at)s") % {"at": speaking.moment(at)}
            )
        return Badge("kept", "kept", _("answered %(at)s") % {"at": speaking.moment(at)})
    if each.due_at < speaking.at:
        return Badge("late", "late", _("no answer; due %(at)s") % due)
    return Badge("soon", "running", _("an answer before %(at)s") % due)


def _owner(said: Fact, request: Visit) -> str:
    """Who answers for it: the agreement's owner, the contact that the agreement names, else the
    supplier.
    """
    owner = said.agreement.owner if said.agreement else None
    if owner is not None:
        return owner.name
    relation = said.relation
    agreed = agreed_at(relation, known(request).viewer, language(), request.at)
    named = (
        [each.name for c in agreed.document.of_type(PeopleClause) for each in c.people]
        if agreed
        else []
    )
    return named[0] if named else said.supplier.name
