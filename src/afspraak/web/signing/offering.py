"""A draft is offered to be signed (`/drafts/<draft>/sign/`): what would become of it, then the step
after which its words are never changed.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from afspraak import flow
from afspraak.agreements.actions import UnsoundDocument
from afspraak.agreements.drafts import NoSuchDraft, draft_of
from afspraak.agreements.models import Draft
from afspraak.engine.time import Refusal
from afspraak.flow.offering import Offered
from afspraak.language.document import Document
from afspraak.language.text.faults import said
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.parties import party_of
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import party_name
from afspraak.web.signing.seen import doubts
from afspraak.web.speaking import language
from afspraak.web.visit import Visit, known


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.SIGN)
def offer(request: Visit, draft: UUID) -> HttpResponse:
    """What would be signed; posted: it is offered."""
    identity = known(request)
    row = _draft(draft, identity)
    if row.version is not None:
        return HttpResponseRedirect(_signing_of(row))
    try:
        offered = flow.offered_by(draft=draft, viewer=identity.viewer, at=request.at)
        if request.method == "POST":
            flow.offer_for_signing(
                draft=draft, actor=identity.actor, viewer=identity.viewer, at=request.at
            )
            row.refresh_from_db(from_queryset=Draft.objects.seen_by(identity.viewer))
            messages.success(request, _("Offered. Both sides can sign it now."))
            return HttpResponseRedirect(_signing_of(row))
    except UnsoundDocument as unsound:
        told = [
            f"{each.line}: {said(each.fact, language()) or each.fact}" for each in unsound.faults
        ]
        return _page(request, row, None, faults=told[:20])
    except Refusal as refusal:
        return _page(request, row, None, faults=[refused(refusal)])
    return _page(request, row, offered)


def _signing_of(row: Draft) -> str:
    assert row.version is not None, "it became a version"
    return reverse("signing_version", args=[row.version.agreement_id, row.version_id])


def _draft(draft: UUID, identity: Identity) -> Draft:
    try:
        row = draft_of(draft, identity.viewer)
    except NoSuchDraft as missing:
        raise Http404 from missing
    if party_of(row, identity.organisation) is None:
        raise Http404
    return row


def _page(
    request: Visit, row: Draft, offered: Offered | None, faults: list[str] | None = None
) -> HttpResponse:
    document = offered.document if offered else None
    told = {
        "draft": row,
        "document": document,
        "number": document.version.number if document and document.version else 1,
        "parties": _parties(document) if document else [],
        "faults": faults or [],
    }
    return render(request, "signing/offer.html", told, status=422 if faults else 200)


def _parties(document: Document) -> list[dict[str, object]]:
    """Each party, who signs for it, and what to look at before that."""
    return [
        {
            "role": party_name(key),
            "name": party.name,
            "signers": [
                (f"{each.name}, {each.function}", list(doubts(document, key, each.name)))
                for each in party.signers
            ],
        }
        for key, party in document.parties.items()
        if key in ("supplier", "customer") or party.signers
    ]
