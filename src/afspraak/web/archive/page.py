"""The archive (`/archive/`): what came in and how far it is, the drawer, the monthly check."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from afspraak.archive.load import Checked, PaperStands, monthly_check, papers_of
from afspraak.flow.archive import bring_in_papers, read_papers
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.archive.handed import handed_in
from afspraak.web.archive.shown import badge_of, bar_of, lacks_of
from afspraak.web.rows import Badge
from afspraak.web.visit import Visit, known

if TYPE_CHECKING:
    from afspraak.web.kept import File

SHOWN: Final = 300
AT_ONCE: Final = 3
"""Papers that are read while somebody waits."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper in the list."""

    pk: UUID
    name: str
    reference: str
    lies_at: str
    fault: str
    badge: Badge


@dataclass(frozen=True, slots=True)
class CheckRow:
    """An agreement at its monthly check."""

    pk: UUID
    name: str
    reference: str
    lacks: list[str]
    owner: str
    deputy: str
    in_drawer: bool


@require_safe
@stated(Right.NEGOTIATE)
def archive(request: Visit) -> HttpResponse:
    """The page."""
    return _page(request)


@require_POST
@stated(Right.NEGOTIATE)
def bring(request: Visit) -> HttpResponse:
    """Bring papers and lists in; what cannot be taken is named, the rest is taken."""
    handed = handed_in(cast("list[File]", request.FILES.getlist("files")))
    if handed.brought:
        count = bring_in_papers(brought=handed.brought, actor=known(request).actor, at=request.at)
        told = ngettext("%(n)s taken.", "%(n)s taken.", count) % {"n": count}
        messages.success(request, told)
    elif not handed.faults:
        handed.faults.append(_("Which files? Choose one or more."))
    if handed.faults:
        return _page(request, handed.faults)
    return HttpResponseRedirect(reverse("archive"))


@require_POST
@stated(Right.NEGOTIATE)
def read(request: Visit) -> HttpResponse:
    """Read the next few now, where no worker does."""
    read_papers(at=request.at, most=AT_ONCE, organisation=known(request).organisation)
    return HttpResponseRedirect(reverse("archive"))


@require_safe
@stated(Right.NEGOTIATE)
def progress(request: Visit) -> HttpResponse:
    """How far the reading is, as a part of the page."""
    identity = known(request)
    papers = papers_of(identity.organisation, identity.viewer)
    return render(request, "archive/progress.html", _progress(papers))


def _progress(papers: list[PaperStands]) -> dict[str, object]:
    waiting = sum(each.stage == "unread" for each in papers)
    return {"pieces": bar_of(papers), "total": len(papers), "waiting": waiting,
            "read": len(papers) - waiting}  # fmt: skip


def _page(request: Visit, faults: list[str] | None = None) -> HttpResponse:
    identity = known(request)
    papers = papers_of(identity.organisation, identity.viewer)
    checked = monthly_check(identity.organisation, identity.viewer, request.at)
    rows = [_check_row(each) for each in checked]
    told = {
        **_progress(papers),
        "papers": [_paper_row(each) for each in papers[:SHOWN]],
        "drawer": [each for each in rows if each.in_drawer],
        "lacking": [each for each in rows if each.lacks],
        "sound": sum(not each.lacks for each in rows),
        "faults": faults or [],
    }
    return render(request, "archive/page.html", told, status=422 if faults else 200)


def _paper_row(each: PaperStands) -> PaperRow:
    paper = each.paper
    return PaperRow(
        paper.pk, paper.name, paper.reference, paper.lies_at, paper.fault,
        badge_of(each.stage),
    )  # fmt: skip


def _check_row(each: Checked) -> CheckRow:
    care = each.care
    return CheckRow(
        each.agreement.pk,
        each.agreement.name,
        each.agreement.reference,
        lacks_of(each),
        care.owner.name if care else "",
        care.deputy.name if care and care.deputy else "",
        each.is_in_drawer,
    )
