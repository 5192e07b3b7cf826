"""One paper (`/archive/<id>/`): its pages as they look, what was read in it, and what holds."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.archive import actions
from afspraak.archive.load import NEEDED, proposals_for, read_as, stage_of
from afspraak.archive.models import Paper, Reading
from afspraak.archive.proposing import FIELDS, Proposal
from afspraak.engine.time import Refusal
from afspraak.flow.archive import begin_from_paper
from afspraak.host.files import read_file
from afspraak.intake.papers import picture_of
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.web.archive.shown import badge_of, field_names, value_said
from afspraak.web.filled import text_of, uuid_of
from afspraak.web.kept import to_keep
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import relations_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

DRAWN: Final = (".pdf", ".png", ".jpg", ".jpeg")
MOST_PAGES: Final = 10_000


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """What was read, as people say it."""

    read: Proposal
    said: str


@dataclass(frozen=True, slots=True)
class FieldShown:
    """A field, what was read for it, and what a person confirmed."""

    key: str
    name: str
    proposals: list[ProposalShown]
    confirmed: str
    is_needed: bool


@require_safe
@stated(Right.NEGOTIATE)
def paper(request: Visit, paper: UUID) -> HttpResponse:
    """The page."""
    return _page(request, _paper(request, paper))


@require_safe
@stated(Right.NEGOTIATE)
def picture(request: Visit, paper: UUID, number: int) -> HttpResponse:
    """A page as it looks, drawn in a limited child."""
    row = _paper(request, paper)
    if not row.sha256 or not row.name.casefold().endswith(DRAWN) or number > MOST_PAGES:
        raise Http404
    try:
        return HttpResponse(_drawn(row.sha256, number), content_type="image/png")
    except Refusal as refusal:
        raise Http404 from refusal


@lru_cache(maxsize=64)
def _drawn(sha256: str, number: int) -> bytes:
    """Drawing takes a second, and the same file always looks the same."""
    return picture_of(read_file(sha256), number)


@require_safe
@stated(Right.NEGOTIATE)
def file(request: Visit, paper: UUID) -> HttpResponse:
    """The bytes that were handed in, as something to keep."""
    row = _paper(request, paper)
    if not row.sha256:
        raise Http404
    return to_keep(row.sha256, row.name)


@require_POST
@stated(Right.NEGOTIATE)
def confirm(request: Visit, paper: UUID) -> HttpResponse:
    """A person says which value holds: one of those that were read, or one that is typed."""
    row, told = _paper(request, paper), request.POST
    field, typed = text_of(told, "field", 30), text_of(told, "typed", 400)
    chosen = text_of(told, "value", 400)
    found = read_as(row, field, typed or chosen)
    if chosen and not typed and found is None:
        return _page(request, row, _("That was not read in this paper: type it, if it holds."))
    try:
        actions.confirm(
            paper=row,
            field=field,
            value=typed or chosen,
            actor=known(request).actor,
            at=request.at,
            page=found.page if found else None,
            quote=found.quote if found else "",
        )
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Confirmed."))
    return HttpResponseRedirect(f"{reverse('archive_paper', args=[row.pk])}#f-{field}")


@require_POST
@stated(Right.NEGOTIATE)
def type_in(request: Visit, paper: UUID) -> HttpResponse:
    """What stands on a page, typed beside its picture."""
    row, number = _paper(request, paper), text_of(request.POST, "page", 4)
    page = int(number) if number.isascii() and number.isdigit() else 0
    try:
        actions.type_page(paper=row, page=page, text=text_of(request.POST, "text", 20_000))
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(f"{reverse('archive_paper', args=[row.pk])}?page={page}")


@require_POST
@stated(Right.NEGOTIATE)
def keep(request: Visit, paper: UUID) -> HttpResponse:
    """Where the original lies; or that nothing is made of this paper."""
    row, told = _paper(request, paper), request.POST
    try:
        if "why" in told:
            actions.set_aside(paper=row, why=text_of(told, "why", 200))
        else:
            actions.note_where(paper=row, lies_at=text_of(told, "lies_at", 400))
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("archive_paper", args=[row.pk]))


@require_POST
@stated(Right.NEGOTIATE)
def begin(request: Visit, paper: UUID) -> HttpResponse:
    """Begin a draft from what was confirmed."""
    row, identity = _paper(request, paper), known(request)
    asked = uuid_of(request.POST, "relation")
    rows = Relation.objects.seen_by(identity.viewer).select_related("supplier", "customer")
    relation = rows.filter(pk=asked).first() if asked else None
    if relation is None or party_of(relation, identity.organisation) is None:
        return _page(request, row, _("With whom is it? Choose."))
    try:
        made = begin_from_paper(
            paper=row,
            relation=relation,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("A draft is begun with what was confirmed."))
    return HttpResponseRedirect(reverse("draft", args=[made.pk]))


def _paper(request: Visit, pk: UUID) -> Paper:
    identity = known(request)
    papers = Paper.objects.seen_by(identity.viewer)
    row = papers.filter(pk=pk, organisation_id=identity.organisation).first()
    if row is None:
        raise Http404
    return row


def _page(request: Visit, row: Paper, fault: str = "") -> HttpResponse:
    identity = known(request)
    readings = Reading.objects.seen_by(identity.viewer).filter(paper=row)
    confirmed = {each.field: each for each in readings}
    asked = text_of(request.GET, "page", 4)
    pages = list(row.pages or [])
    page = min(int(asked), len(pages)) if asked.isascii() and asked.isdigit() else 1
    told = {
        "paper": row,
        "badge": badge_of(stage_of(row, confirmed)),
        "fields": _fields(row, confirmed, speaking_to(identity, request.at)),
        "pages": list(range(1, len(pages) + 1)),
        "page": max(page, 1),
        "text": pages[max(page, 1) - 1] if pages else "",
        "is_drawn": bool(row.sha256) and row.name.casefold().endswith(DRAWN),
        "relations": relations_of(identity),
        "lacking": [field_names()[each] for each in NEEDED if each not in confirmed],
        "fault": fault,
    }
    return render(request, "archive/paper.html", told, status=422 if fault else 200)


def _fields(row: Paper, confirmed: dict[str, Reading], speaking: Speaking) -> list[FieldShown]:
    names, read = field_names(), proposals_for(row)
    return [
        FieldShown(
            each,
            names[each],
            [ProposalShown(one, value_said(each, one.value, speaking)) for one in read[each]],
            value_said(each, confirmed[each].value, speaking) if each in confirmed else "",
            each in NEEDED,
        )
        for each in FIELDS
    ]
