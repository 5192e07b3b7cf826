"""The signing of one version (`/agreements/<agreement>/sign/<version>/`), for both sides: read the
paper, see who must sign and who has, and sign it in one of three ways.
"""

import os
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.agreements.actions import Signing
from afspraak.agreements.load import as_signed
from afspraak.agreements.models import AgreementVersion
from afspraak.agreements.read import document_of
from afspraak.engine.in_force import newest_in_force
from afspraak.engine.time import Refusal, datetime_of, zone_of
from afspraak.flow.agreements import was_offered
from afspraak.host.files import keep_file
from afspraak.intake.kinds import MOST_BYTES, kind_of
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.readiness.about import about_version
from afspraak.readiness.load import open_points
from afspraak.signing.actions import Kept
from afspraak.signing.models import SigningFile
from afspraak.signing.settings import trust_at_door
from afspraak.web.filled import moment_of, one_of, text_of
from afspraak.web.refusing import refused
from afspraak.web.setup_agreements import state_of
from afspraak.web.signing.seen import Seen, doubts, own_name, seen, version_seen
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known


@require_safe
@stated(Right.READ_AGREEMENTS)
def sign(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """The page."""
    return page(request, seen_by(request, agreement, version))


@require_POST
@stated(Right.SIGN)
def in_pdf(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """A file that somebody signed with a certificate."""
    found, identity = seen_by(request, agreement, version), known(request)
    try:
        read = flow.read_signed(
            version=version,
            party=one_of(request.POST, "party", found.row.parties) or found.own,
            pdf=_file(request, "pdf")[0],
            trust=trust_at_door(os.environ),
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
        flow.sign_as_read(read=read, actor=identity.actor, viewer=identity.viewer, at=request.at)
    except Refusal as refusal:
        return page(request, found, refused(refusal), "pdf")
    return signed(request, found)


@require_POST
@stated(Right.SIGN)
def on_paper(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """Somebody writes down that a party signed by pen."""
    found, identity = seen_by(request, agreement, version), known(request)
    try:
        flow.sign_on_paper(
            version=version,
            signing=_signing(request, found),
            scan=_scan(request),
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return page(request, found, refused(refusal), "paper")
    return signed(request, found)


def signed(request: Visit, found: Seen) -> HttpResponse:
    """Back to the page, with what is so now."""
    left = len(found.waits) - 1
    told = _("Signed. It is in force, or will be from its date.") if left <= 0 else _("Signed.")
    messages.success(request, told)
    row = found.row
    return HttpResponseRedirect(reverse("signing_version", args=[row.agreement_id, row.pk]))


def _signing(request: Visit, found: Seen) -> Signing:
    told = request.POST
    when = moment_of(told, "signed_at", found.document.zone)
    if when is None:
        raise Refusal(_("When was it signed? Give a date and a time."))
    return Signing(
        party=one_of(told, "party", found.row.parties),
        by_name=text_of(told, "by_name", 200),
        sha256=found.row.sha256,
        signed_at=when,
        note=text_of(told, "note", 400),
    )


def _scan(request: Visit) -> Kept | None:
    """The scan, of a kind that nothing runs; None where none was handed in."""
    if "scan" not in request.FILES:
        return None
    content, name = _file(request, "scan")
    return Kept(SigningFile.Kind.SCAN, keep_file(content), kind_of(name, content))


def _file(request: Visit, field: str) -> tuple[bytes, str]:
    """What was handed in, and how it is called."""
    file = request.FILES.get(field)
    if not isinstance(file, UploadedFile):
        raise Refusal(_("Which file? Choose one."))
    if file.size is None or file.size > MOST_BYTES:
        raise Refusal(_("That file is too large: at most 10 MB."))
    return file.read(), file.name or ""


def seen_by(request: Visit, agreement: UUID, version: UUID) -> Seen:
    """The signing of a version, for who asks; 404 for what is not theirs."""
    identity = known(request)
    row = version_seen(agreement, version, identity)
    zone = document_of(bytes(row.document)).zone
    return seen(row, identity, Speaking(zone, request.at))


def page(request: Visit, found: Seen, fault: str = "", way: str = "") -> HttpResponse:
    """Everything there is to see; `way` is the one that was refused."""
    identity, row = known(request), found.row
    speaking = Speaking(found.document.zone, request.at)
    rows = AgreementVersion.objects.seen_by(identity.viewer).filter(agreement=row.agreement)
    stands = as_signed(list(rows.defer("document")), identity.viewer)
    version = next(each.version for each in stands if each.row.pk == row.pk)
    newest = newest_in_force((each.version for each in stands), request.at)
    local = datetime_of(request.at).astimezone(zone_of(found.document.zone))
    may_sign = identity.may(Right.SIGN) and identity.is_person
    is_side = found.own in ("supplier", "customer") and bool(found.waits)
    points = open_points(about_version(row), identity.viewer) if is_side else ()
    told = {
        "seen": found,
        "version": row,
        "badge": state_of(version, newest, speaking),
        "open_points": len(points),
        "was_offered": was_offered(row, identity.viewer),
        "may_sign": may_sign,
        "doubts": list(doubts(found.document, found.own, own_name(identity))) if may_sign else [],
        "has_passkey": may_sign and _has_passkey(request),
        "may_confirm": identity.may(Right.MANAGE_PEOPLE),
        "now": f"{local:%Y-%m-%dT%H:%M}",
        "told": request.POST,
        "fault": fault,
        "way": way,
    }
    return render(request, "signing/version.html", told, status=422 if fault else 200)


def _has_passkey(request: Visit) -> bool:
    kind = Authenticator.Type.WEBAUTHN
    return bool(Authenticator.objects.filter(user_id=request.user.pk, type=kind).exists())
