"""Files beside a ticket: handed in by either side, fetched as something to keep, never shown."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.engine.time import Refusal
from afspraak.host.files import keep_file
from afspraak.intake.actions import Enclosed, add_file
from afspraak.intake.kinds import kind_of
from afspraak.intake.models import Attachment
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact, Ticket
from afspraak.web.acts import Stands
from afspraak.web.kept import read_handed, to_keep
from afspraak.web.refusing import refused
from afspraak.web.ticket import check_side, page, shown_of
from afspraak.web.visit import Visit, known


@require_POST
@stated(Right.WRITE_TICKETS)
def attach(request: Visit, number: str) -> HttpResponse:
    """A file beside the newest fact of one's own side: nobody adds to what the other said."""
    shown = shown_of(request, number)
    identity = check_side(request, shown)
    try:
        beside = _own_fact(shown.ticket, shown.stands, identity.viewer)
        file = _handed_in(request)
        add_file(
            file=file, fact=beside, actor=identity.actor, viewer=identity.viewer, at=request.at
        )
    except Refusal as refusal:
        return page(request, shown, fault=refused(refusal, shown.speaking))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("ticket", args=[number]) + "#attached")


def _own_fact(ticket: Ticket, stands: Stands, viewer: Viewer) -> Fact:
    facts = Fact.objects.seen_by(viewer).filter(ticket=ticket, recorded_by=stands.side)
    found = facts.select_related("ticket").order_by("-seq").first()
    if found is None:
        raise Refusal(_("Say something first, then add the file to it."))
    return found


def _handed_in(request: Visit) -> Enclosed:
    """What was chosen, of a kind that nothing runs."""
    name, content = read_handed(request.FILES.get("file"))
    return Enclosed(name, kind_of(name, content), len(content), keep_file(content))


@require_safe
@stated(Right.READ_TICKETS)
def attachment(request: Visit, attachment: UUID) -> HttpResponse:
    """The bytes of a file, as something to keep."""
    rows = Attachment.objects.seen_by(known(request).viewer)
    row = rows.filter(pk=attachment).first()
    if row is None:
        raise Http404
    return to_keep(row.sha256, row.name)
