"""Certificates that an organisation confirms as its own signers' (`/signing/keys/`), and versions
that wait for a signature (`/signing/`).
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak.agreements.load import as_signed
from afspraak.agreements.models import AgreementVersion
from afspraak.engine.time import Refusal, instant_of
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.signing.actions import MOST_KEY_BYTES, confirm_key, end_key
from afspraak.signing.load import party_of
from afspraak.signing.models import SignerKey
from afspraak.web.own import speaking_to
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import other_of, party_name
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

MOST = 100


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that somebody must still sign."""

    row: AgreementVersion
    other: str
    lacks: str
    from_on: str
    is_my_turn: bool


@require_safe
@stated(Right.NEGOTIATE)
def waiting(request: Visit) -> HttpResponse:
    """Every version of one's own agreements that is not signed by all, newest first."""
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    rows = waiting_for(identity, speaking)
    return render(request, "signing/waiting.html", {"rows": rows})


def waiting_for(identity: Identity, speaking: Speaking) -> list[Waiting]:
    """What is not signed by all, and whose turn it is; what one must sign oneself first."""
    own = Q(supplier_id=identity.organisation) | Q(customer_id=identity.organisation)
    rows = AgreementVersion.objects.seen_by(identity.viewer).filter(own).defer("document")
    rows = rows.select_related("agreement", "supplier", "customer").order_by("-recorded_at")
    found = []
    for each in as_signed(list(rows[:MOST]), identity.viewer):
        lacking = [key for key in each.row.parties if key not in each.version.signed_at]
        if lacking:
            mine = "supplier" if each.row.supplier_id == identity.organisation else "customer"
            who = speaking.texts.together([party_name(key) for key in lacking])
            on = speaking.texts.on_date(speaking.texts.on(instant_of(each.row.from_at)))
            other = other_of(each.row, identity).name
            found.append(Waiting(each.row, other, who, on, mine in lacking))
    found += _as_third_party(identity, speaking)
    return sorted(found, key=lambda each: not each.is_my_turn)


def _as_third_party(identity: Identity, speaking: Speaking) -> list[Waiting]:
    """Agreements between two others that name one's own organisation: their versions, signed or
    not, are all that it sees of them.
    """
    rows = AgreementVersion.objects.seen_by(identity.viewer).select_related("agreement")
    named = rows.filter(agreement__third_party_id=identity.organisation).order_by("-recorded_at")
    found = []
    for each in as_signed(list(named.defer("document")[:MOST]), identity.viewer):
        lacking = [key for key in each.row.parties if key not in each.version.signed_at]
        who = speaking.texts.together([party_name(key) for key in lacking])
        on = speaking.texts.on_date(speaking.texts.on(instant_of(each.row.from_at)))
        is_mine = party_of(each.row, identity.organisation) in lacking
        found.append(Waiting(each.row, each.row.agreement.name, who, on, is_mine))
    return found


@require_safe
@stated(Right.MANAGE_PEOPLE)
def keys(request: Visit) -> HttpResponse:
    """The page."""
    return _page(request)


@require_POST
@stated(Right.MANAGE_PEOPLE)
def confirm(request: Visit) -> HttpResponse:
    """This certificate is one of ours."""
    identity = known(request)
    try:
        confirm_key(
            data=_certificate(request), actor=identity.actor, viewer=identity.viewer, at=request.at
        )
    except Refusal as refusal:
        return _page(request, refused(refusal))
    messages.success(request, _("Confirmed."))
    return HttpResponseRedirect(reverse("signing_keys"))


@require_POST
@stated(Right.MANAGE_PEOPLE)
def end(request: Visit, key: UUID) -> HttpResponse:
    """From now on nothing is signed with it here."""
    identity = known(request)
    if not end_key(key=key, actor=identity.actor, viewer=identity.viewer, at=request.at):
        raise Http404
    messages.success(request, _("Ended. What was signed with it stands."))
    return HttpResponseRedirect(reverse("signing_keys"))


def _certificate(request: Visit) -> bytes:
    file = request.FILES.get("certificate")
    if file is None:
        raise Refusal(_("Which file? Choose one."))
    content: bytes = file.read(MOST_KEY_BYTES + 1)
    return content


def _page(request: Visit, fault: str = "") -> HttpResponse:
    identity = known(request)
    texts = speaking_to(identity, request.at).texts
    rows = SignerKey.objects.seen_by(identity.viewer).filter(organisation=identity.organisation)
    shown = [
        {
            "row": each,
            "since": texts.on_date(texts.on(instant_of(each.confirmed_at))),
            "until": texts.on_date(texts.on(instant_of(each.until_at))),
        }
        for each in rows.select_related("confirmed_by")
    ]
    told = {"keys": shown, "fault": fault}
    return render(request, "signing/keys.html", told, status=422 if fault else 200)
