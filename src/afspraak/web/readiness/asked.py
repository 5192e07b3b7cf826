"""What a page of readiness is about: a draft, or an agreement as it runs, of one's own side."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse

from afspraak.agreements.drafts import NoSuchDraft
from afspraak.agreements.models import Agreement
from afspraak.readiness.about import Subject, about_agreement, about_draft
from afspraak.web.visit import Visit, known


@dataclass(frozen=True, slots=True)
class Asked:
    """The subject, what it is called, and where its pages are."""

    subject: Subject
    name: str
    side: str
    id: UUID
    """Of the draft or of the agreement: what stands in the address."""

    def url(self, end: str = "") -> str:
        """One of its pages: `url("_say")`."""
        kind = "draft" if self.subject.draft else "agreement"
        return reverse(f"{kind}_readiness{end}", args=[self.id])

    @property
    def above(self) -> str:
        """The page of the draft or of the agreement itself."""
        return reverse("draft" if self.subject.draft else "life", args=[self.id])

    def back(self, anchor: str = "", end: str = "") -> HttpResponseRedirect:
        """To the page again, at the place where something changed."""
        return HttpResponseRedirect(f"{self.url(end)}#{anchor}" if anchor else self.url(end))


def asked_of(request: Visit, agreement: UUID | None, draft: UUID | None) -> Asked:
    """What the address names; 404 for what is not there, and for who is none of its two sides."""
    identity = known(request)
    if draft is not None:
        try:
            subject = about_draft(draft, identity.viewer)
        except NoSuchDraft as fault:
            raise Http404 from fault
        return _of_own_side(request, subject, subject.row.pk)
    rows = Agreement.objects.seen_by(identity.viewer)
    row = rows.filter(pk=agreement).first() if agreement else None
    found = about_agreement(row, identity.viewer, request.at) if row else None
    if row is None or found is None:
        raise Http404
    return _of_own_side(request, found, row.pk)


def _of_own_side(request: Visit, subject: Subject, pk: UUID) -> Asked:
    side = subject.side_of(known(request).organisation)
    if side is None:
        raise Http404
    draft, version = subject.draft, subject.version
    name = draft.name if draft else _called(version.agreement) if version else ""
    return Asked(subject, name, side, pk)


def _called(agreement: Agreement) -> str:
    return agreement.name or agreement.reference
