"""One version (`/setup/agreements/<id>/`): its text, what it changes, who signed these bytes."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.models import AgreementVersion, Proof, Signature
from afspraak.agreements.read import document_of
from afspraak.engine.in_force import newest_in_force
from afspraak.engine.time import Refusal, datetime_of, instant_of, zone_of
from afspraak.host.files import keep_file
from afspraak.intake.kinds import MOST_BYTES
from afspraak.language.document import Document
from afspraak.language.text.diff import diff_page
from afspraak.language.text.render import page_of
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.viewer import Viewer
from afspraak.web.drafting import newest_signed, shown, spoken, standing
from afspraak.web.filled import moment_of, one_of, text_of
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import other_of, party_name, state_of, version_in
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

RECORDED: Final = (Proof.PAPER, Proof.PDF, Proof.RECORDED)
"""What somebody can write down that they saw; a passkey signs by itself."""


@dataclass(frozen=True, slots=True)
class PartyShown:
    """A party that must sign: who may sign for it, and who did."""

    key: str
    role: str
    name: str
    signers: tuple[str, ...]
    told: str


@require_safe
@stated(Right.WRITE_AGREEMENTS)
def version(request: Visit, version: UUID) -> HttpResponse:
    """The page."""
    return _page(request, version_in(version, known(request)))


@require_POST
@stated(Right.WRITE_AGREEMENTS)
def sign(request: Visit, version: UUID) -> HttpResponse:
    """Write down that a party signed these very bytes, and how that is known."""
    identity = known(request)
    row = version_in(version, identity)
    try:
        signing = _signing(request, row)
        flow.sign_version(
            version=row.pk,
            signing=signing,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, row, refused(refusal))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup_version", args=[row.pk]))


def _signing(request: Visit, row: AgreementVersion) -> Signing:
    told = request.POST
    by_name = text_of(told, "by_name", 200)
    if not by_name:
        raise Refusal(_("Who signed? Give the name."))
    zone = document_of(bytes(row.document)).zone
    when = moment_of(told, "signed_at", zone) if told.get("signed_at") else request.at
    if when is None:
        raise Refusal(_("When was it signed? Give a date and a time."))
    return Signing(
        party=one_of(told, "party", row.parties),
        by_name=by_name,
        sha256=text_of(told, "sha256", 64),
        signed_at=when,
        proof=Proof(one_of(told, "proof", RECORDED) or Proof.RECORDED),
        proof_sha256=_scan(request),
        note=text_of(told, "note", 400),
    )


def _scan(request: Visit) -> str:
    """The scan or the PDF that was handed in, kept by what it holds; empty where none was."""
    file = request.FILES.get("scan")
    if file is None:
        return ""
    if file.size is None or file.size > MOST_BYTES:
        raise Refusal(_("That file is too large: at most 10 MB."))
    return keep_file(file.read())


def _page(request: Visit, row: AgreementVersion, fault: str = "") -> HttpResponse:
    identity = known(request)
    document = document_of(bytes(row.document))
    speaking, lang = Speaking(document.zone, request.at), spoken(request.GET)
    signed = _signed(row, identity.viewer)
    stands = standing(row.relation, row.agreement.reference, identity.viewer)
    before = newest_signed(stands, below=row.number)
    version = next(each.version for each in stands if each.row.pk == row.pk)
    newest = newest_in_force((each.version for each in stands), request.at)
    local = datetime_of(request.at).astimezone(zone_of(document.zone))
    told = {
        "version": row,
        "other": other_of(row, identity),
        "badge": state_of(version, newest, speaking),
        "from_on": speaking.texts.on_date(speaking.texts.on(instant_of(row.from_at))),
        "until_on": speaking.texts.on_date(document.term.until_on),
        "parties": [_party(key, document, signed, speaking) for key in row.parties],
        "now": f"{local:%Y-%m-%dT%H:%M}",
        "proofs": _proofs(),
        "text": shown(page_of(document, lang)),
        "changes": "" if before is None else shown(diff_page(before.document, document, lang)),
        "lang": lang,
        "fault": fault,
        "told": request.POST,
    }
    return render(request, "agreements/version.html", told, status=422 if fault else 200)


def _signed(row: AgreementVersion, viewer: Viewer) -> dict[str, Signature]:
    rows = Signature.objects.seen_by(viewer).filter(version=row)
    return {each.party: each for each in rows}


def _party(
    key: str, document: Document, signed: dict[str, Signature], speaking: Speaking
) -> PartyShown:
    party, found = document.parties[key], signed.get(key)
    told = ""
    if found is not None:
        slots = {
            "who": found.by_name,
            "at": speaking.texts.full(instant_of(found.signed_at)),
            "how": dict(_proofs()).get(found.proof, found.proof),
        }
        told = _("signed by %(who)s, %(at)s (%(how)s)") % slots
    signers = tuple(each.name for each in party.signers)
    return PartyShown(key, party_name(key), party.name, signers, told)


def _proofs() -> list[tuple[str, str]]:
    names = {
        Proof.PAPER: _("on paper"),
        Proof.PDF: _("in a PDF"),
        Proof.RECORDED: _("told to us"),
    }
    return [(each.value, names[each]) for each in RECORDED]
