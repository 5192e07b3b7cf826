"""A customer's file (`/dossier/<relation>/`): what they do, their software and key processes, who
knows them; kept by both sides, dated, struck out rather than changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.engine.time import Refusal, instant_of
from afspraak.parties.actions_file import strike_out, write_in_file
from afspraak.parties.identity import Identity
from afspraak.parties.models import FileEntry, Relation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.speech import capital
from afspraak.rights.parties import party_of
from afspraak.rights.postgresql.base import kept_plans
from afspraak.rights.viewer import Viewer
from afspraak.web.acquaintance import last_contact, names_of, who_knows
from afspraak.web.filled import text_of
from afspraak.web.refusing import refused
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST: Final = 300


@dataclass(frozen=True, slots=True)
class FileLine:
    """A line as it is read: what, and who wrote it when."""

    id: UUID
    body: str
    who: str
    on: str
    is_struck: bool


@dataclass(frozen=True, slots=True)
class FileShown:
    """The lines under each heading; `spoken` when the two last spoke, `knows` who knows them."""

    headings: tuple[tuple[str, str, tuple[FileLine, ...]], ...]
    spoken: str
    knows: str

    @property
    def has_lines(self) -> bool:
        """Whether anything holds."""
        return any(not line.is_struck for _, _, lines in self.headings for line in lines)


@require_safe
@stated(Right.READ_PARTIES)
def dossier(request: Visit, relation: UUID) -> HttpResponse:
    """The page."""
    return _page(request, _seen(relation, known(request)))


@require_POST
@stated(Right.WRITE_TICKETS)
def write_line(request: Visit, relation: UUID) -> HttpResponse:
    """A new line, by either side."""
    identity = known(request)
    row = _seen(relation, identity)
    try:
        write_in_file(
            relation=row,
            heading=request.POST.get("heading", ""),
            body=text_of(request.POST, "body", 500),
            actor=identity.actor,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("dossier", args=[row.pk]))


@require_POST
@stated(Right.WRITE_TICKETS)
def strike_line(request: Visit, relation: UUID, entry: UUID) -> HttpResponse:
    """A line that holds no more."""
    identity = known(request)
    row = _seen(relation, identity)
    own = FileEntry.objects.seen_by(identity.viewer).filter(relation=row, pk=entry)
    if not own.exists():
        raise Http404
    strike_out(entry=entry, viewer=identity.viewer, at=request.at)
    return HttpResponseRedirect(reverse("dossier", args=[row.pk]))


def _seen(relation: UUID, identity: Identity) -> Relation:
    """Of one's own organisation; a customer's user keeps no file."""
    rows = Relation.objects.seen_by(identity.viewer).select_related("customer", "supplier")
    row = rows.filter(pk=relation).first()
    if row is None or party_of(row, identity.organisation) is None:
        raise Http404
    if identity.organisation not in identity.viewer.organisations:
        raise PermissionDenied
    return row


def file_of(
    relation: Relation, viewer: Viewer, speaking: Speaking, *, whole: bool = False
) -> FileShown:
    """What holds now; with `whole` also what was struck out."""
    rows = FileEntry.objects.seen_by(viewer).filter(relation=relation).select_related("person")
    if not whole:
        rows = rows.filter(ended_at=None)
    found: dict[str, list[FileLine]] = {}
    with kept_plans():
        lines = list(rows.order_by("written_at", "id")[:MOST])
    for row in lines:
        found.setdefault(row.heading, []).append(_line(row, speaking))
    headings = tuple(
        (each.value, capital(str(each.label)), tuple(found.get(each.value, ())))
        for each in FileEntry.Heading
    )
    return FileShown(headings, _spoken(relation, viewer, speaking), _knows(relation, viewer))


def _line(row: FileEntry, speaking: Speaking) -> FileLine:
    on = speaking.texts.on_date(speaking.texts.on(instant_of(row.written_at)))
    return FileLine(row.pk, row.body, row.person.name, on, row.ended_at is not None)


def _spoken(relation: Relation, viewer: Viewer, speaking: Speaking) -> str:
    contact = last_contact(relation.pk, viewer)
    if contact is None:
        return ""
    name = contact.name or (
        relation.customer.name if contact.side == "customer" else relation.supplier.name
    )
    return f"{speaking.moment(contact.at)} · {name}"


def _knows(relation: Relation, viewer: Viewer) -> str:
    found = who_knows([relation.pk], relation.supplier_id, viewer)
    return ", ".join(names_of(found.get(relation.pk, ()), viewer))


def _page(request: Visit, row: Relation, fault: str = "") -> HttpResponse:
    identity = known(request)
    speaking = Speaking(row.customer.zone, request.at)
    told = {
        "relation": row,
        "file": file_of(row, identity.viewer, speaking, whole=True),
        "other": row.supplier if identity.organisation == row.customer_id else row.customer,
        "may_write": identity.may(Right.WRITE_TICKETS),
        "told": {name: request.POST.get(name, "") for name in ("heading", "body")},
        "fault": fault,
        "now": speaking.now(),
    }
    return render(request, "desk/dossier.html", told, status=422 if fault else 200)


def lines_of(file: FileShown) -> Iterator[tuple[str, str]]:
    """For a card: (heading, what stands under it)."""
    for _key, name, lines in file.headings:
        if lines:
            yield name, "; ".join(line.body for line in lines)
