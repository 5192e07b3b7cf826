"""Is it ready to be signed (`.../readiness/`)? The six points, what answers them, what is open."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from afspraak.engine.time import Refusal
from afspraak.flow.readiness import accept_point, propose_amendment, say_point, state_list
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.readiness.actions import Answering
from afspraak.readiness.answering import quoting_of
from afspraak.readiness.load import proposed, readiness_of
from afspraak.readiness.models import Weighing
from afspraak.readiness.questions import LIST_KEYS
from afspraak.readiness.stands import KINDS
from afspraak.web.filled import one_of, text_of, uuid_of
from afspraak.web.own import speaking_to
from afspraak.web.readiness.asked import Asked, asked_of
from afspraak.web.readiness.shown import (
    Reader,
    clauses_shown,
    facts_shown,
    points_shown,
)
from afspraak.web.refusing import refused
from afspraak.web.speaking import language
from afspraak.web.visit import Visit, known


@require_safe
@stated(Right.NEGOTIATE)
def readiness(
    request: Visit, agreement: UUID | None = None, draft: UUID | None = None
) -> HttpResponse:
    """The page."""
    return _page(request, asked_of(request, agreement, draft))


@require_POST
@stated(Right.NEGOTIATE)
def say(request: Visit, agreement: UUID | None = None, draft: UUID | None = None) -> HttpResponse:
    """Answer a question, leave it open, or ask it again."""
    asked, told = asked_of(request, agreement, draft), request.POST
    kind = one_of(told, "kind", KINDS)
    name = text_of(told, "question", 60)
    if not kind:
        return _page(request, asked, _("How is it answered? Choose one of the four."), name)
    answering = Answering(
        name,
        next(each for each in KINDS if each == kind),
        text_of(told, "words", 1000),
        text_of(told, "where", 200),
    )
    try:
        say_point(
            subject=asked.subject, answering=answering, actor=known(request).actor, at=request.at
        )
    except Refusal as refusal:
        return _page(request, asked, refused(refusal), name)
    messages.success(request, _("Saved."))
    return asked.back(f"q-{name}")


@require_POST
@stated(Right.NEGOTIATE)
def accept(
    request: Visit, agreement: UUID | None = None, draft: UUID | None = None
) -> HttpResponse:
    """Accept what the other side proposed."""
    asked, viewer = asked_of(request, agreement, draft), known(request).viewer
    sought = uuid_of(request.POST, "what")
    what = proposed(sought, asked.subject, viewer) if sought else None
    if what is None:
        raise Http404
    try:
        accept_point(subject=asked.subject, what=what, actor=known(request).actor, at=request.at)
    except Refusal as refusal:
        return _page(request, asked, refused(refusal))
    messages.success(request, _("Accepted for your side."))
    if isinstance(what, Weighing):
        return asked.back(f"w-{what.pk}", "_terms")
    return asked.back(f"q-{what.question}")


@require_POST
@stated(Right.NEGOTIATE)
def state(request: Visit, agreement: UUID | None = None, draft: UUID | None = None) -> HttpResponse:
    """State which lists apply: those that were chosen, and that differ from what was stated."""
    asked, identity = asked_of(request, agreement, draft), known(request)
    before = readiness_of(asked.subject, identity.viewer).stated
    try:
        for key in LIST_KEYS:
            choice = text_of(request.POST, key, 20)
            if choice and not (key in before and before[key].choice == choice):
                state_list(
                    subject=asked.subject, about=key, choice=choice,
                    actor=identity.actor, at=request.at,
                )  # fmt: skip
    except Refusal as refusal:
        return _page(request, asked, refused(refusal))
    messages.success(request, _("Saved."))
    return asked.back("facts")


@require_POST
@stated(Right.NEGOTIATE)
def propose(
    request: Visit, agreement: UUID | None = None, draft: UUID | None = None
) -> HttpResponse:
    """Begin an amendment for the gaps of what runs."""
    asked, identity = asked_of(request, agreement, draft), known(request)
    try:
        made = propose_amendment(
            subject=asked.subject,
            lang=language(),
            name=_("What %(name)s still lacks") % {"name": asked.name},
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, asked, refused(refusal))
    messages.success(request, _("An amendment is begun, with a comment for each gap."))
    return HttpResponseRedirect(reverse("draft", args=[made.pk]))


def _page(request: Visit, asked: Asked, fault: str = "", at_question: str = "") -> HttpResponse:
    identity = known(request)
    found = readiness_of(asked.subject, identity.viewer)
    lang = language()
    speaking, quoting = speaking_to(identity, request.at), quoting_of(asked.subject.data, lang)
    reader = Reader(asked.side, lang, speaking, quoting)
    points = points_shown(found, reader)
    left, passages = len(found.open), sum(not each.is_agreed for each in found.weighed)
    told = {
        "asked": asked,
        "urls": {name: asked.url(f"_{name}") for name in ("say", "accept", "state", "propose")},
        "terms_url": asked.url("_terms"),
        "six": points[:6],
        "points": points,
        "facts": facts_shown(found, reader.lang),
        "open": left,
        "open_told": ngettext("%(n)s point is open", "%(n)s points are open", left) % {"n": left},
        "passages": passages,
        "passages_told": ngettext(
            "%(n)s passage is not agreed yet", "%(n)s passages are not agreed yet", passages
        )
        % {"n": passages},
        "terms": found.terms,
        "has_faults": found.document is None,
        "is_running": asked.subject.version is not None,
        "is_open": asked.subject.is_open,
        "clauses": clauses_shown(found.document, reader.lang),
        "fault": fault,
        "at_question": at_question,
        "told": request.POST,
    }
    return render(request, "readiness/page.html", told, status=422 if fault else 200)
