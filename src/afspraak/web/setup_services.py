"""Services (`/setup/services/`): what one offers, services x levels x prices, and what an agreement
holds of it. The catalogue is text too: a newer one stands beside it, and changes no agreement.
"""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraak.agreements.actions import UnsoundDocument
from afspraak.agreements.actions_catalogue import add_catalogue
from afspraak.agreements.models import Catalogue
from afspraak.language.begin import with_values
from afspraak.language.nodes import Path
from afspraak.language.text.catalogue import catalogue_page
from afspraak.language.text.templates import template_bytes
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.agreed import Agreed
from afspraak.web.drafting import LONGEST, NAME, Checked, checked_offer, draft_of, shown, spoken
from afspraak.web.mine_services import held_in, total_of
from afspraak.web.setup_agreements import words_of_editor
from afspraak.web.setup_sources import source_in, sources_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

OFFER: Final = "catalogus"


@require_safe
@stated(Right.READ_AGREEMENTS)
def services(request: Visit) -> HttpResponse:
    """What is offered, or what an agreement holds; prices are not for a customer's users."""
    identity = known(request)
    if identity.organisation not in identity.viewer.organisations:
        return render(request, "web/refused.html", status=403)
    sources = sources_of(identity)
    source = source_in(request.GET, identity, sources)
    told: dict[str, object] = {"source": source, "sources": sources}
    told["may_offer"] = identity.may(Right.WRITE_AGREEMENTS)
    if isinstance(source.held, Agreed):
        texts = Speaking(source.held.document.zone, request.at).texts
        told |= {
            "held": tuple(held_in(source.held, texts)),
            "total": total_of(source.held, texts),
        }
    elif source.held is not None:
        lang = spoken(request.GET)
        told |= {"offer": shown(catalogue_page(source.held.catalogue, lang)), "lang": lang}
    return render(request, "agreements/services.html", told)


# The catalogue's text ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@stated(Right.WRITE_AGREEMENTS)
def edit_offer(request: Visit) -> HttpResponse:
    """The newest catalogue, or the template, to begin with; posted, with all that is wrong."""
    identity = known(request)
    text = draft_of(request.POST) if request.method == "POST" else _begun(identity)
    return _page(request, text, checked_offer(text, spoken(request.POST)))


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def check_offer(request: Visit) -> HttpResponse:
    """What is wrong with a text, as a part of the page; nothing is kept."""
    told = {"checked": checked_offer(draft_of(request.POST), spoken(request.POST))}
    return render(request, "agreements/checked.html", told)


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def save_offer(request: Visit) -> HttpResponse:
    """From now on this is what one offers. What was agreed stays what it is."""
    text, lang = draft_of(request.POST), spoken(request.POST)
    checked = checked_offer(text, lang)
    if not checked.is_sound:
        return _page(request, text, checked, status=422)
    try:
        row = add_catalogue(
            data=text.encode(), name=NAME, actor=known(request).actor, at=request.at
        )
    except UnsoundDocument as unsound:
        return _page(request, text, checked_offer(text, lang, unsound.faults), status=422)
    messages.success(request, _("Saved. No agreement changes by it."))
    return HttpResponseRedirect(f"{reverse('setup_services')}?of={row.pk}")


def _begun(identity: Identity) -> str:
    rows = Catalogue.objects.seen_by(identity.viewer).filter(organisation_id=identity.organisation)
    newest = rows.order_by("-recorded_at", "-id").first()
    if newest is not None:
        return bytes(newest.document).decode()
    own = Organisation.objects.seen_by(identity.viewer).get(pk=identity.organisation)
    return with_values(template_bytes(OFFER), _names(own)).decode()


def _names(own: Organisation) -> dict[Path, str]:
    found: dict[Path, str] = {("supplier", "name"): own.name}
    return found | ({("supplier", "register"): own.register} if own.register else {})


def _page(request: Visit, text: str, checked: Checked, *, status: int = 200) -> HttpResponse:
    told = {"text": text, "checked": checked, "most": LONGEST, "words": words_of_editor()}
    return render(request, "agreements/edit_offer.html", told, status=status)
