"""Reply templates (`/sjablonen/`): what is answered often, in three languages."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from afspraak.engine.time import Refusal
from afspraak.parties.actions import note_in_audit
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.texts import LANGUAGES
from afspraak.tickets.actions_desk import end_template, keep_template
from afspraak.web.beside import templates_of
from afspraak.web.filled import text_of
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WORK_TICKETS)
def replies(request: Visit) -> HttpResponse:
    """The templates of one's own organisation, and making one."""
    identity, fault = known(request), ""
    texts: dict[str, str] = {each: text_of(request.POST, each) for each in LANGUAGES}
    name = text_of(request.POST, "name", 100)
    if request.method == "POST":
        try:
            made = keep_template(
                organisation=identity.organisation, name=name, texts=texts, at=request.at
            )
        except Refusal as refusal:
            fault = refused(refusal)
        else:
            note_in_audit(
                actor=identity.actor,
                action="keep_template",
                subject="template",
                subject_id=made.pk,
                at=request.at,
            )
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("replies"))
    told = {
        "templates": templates_of(identity.viewer),
        "fault": fault,
        "name": name,
        "texts": [(each, texts[each]) for each in LANGUAGES],
    }
    return render(request, "desk/replies.html", told, status=422 if fault else 200)


@require_POST
@stated(Right.WORK_TICKETS)
def end_reply(request: Visit, template: UUID) -> HttpResponse:
    """It is offered no more."""
    identity = known(request)
    if not end_template(template=template, viewer=identity.viewer, at=request.at):
        raise Http404
    note_in_audit(
        actor=identity.actor,
        action="end_template",
        subject="template",
        subject_id=template,
        at=request.at,
    )
    return HttpResponseRedirect(reverse("replies"))
