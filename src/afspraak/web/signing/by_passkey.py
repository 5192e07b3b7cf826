"""Signing by passkey: the browser is asked for a signature over a statement about these very bytes,
and hands it in.
"""

import json
from typing import Any, Final
from uuid import UUID

from allauth.mfa.webauthn.internal.auth import get_credentials
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from fido2.webauthn import AttestedCredentialData

from afspraak import flow
from afspraak.engine.time import Refusal
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.signing.passkey import Statement, asked, evidence_of, fresh
from afspraak.web.refusing import refused
from afspraak.web.signing.pages import page, seen_by, signed
from afspraak.web.signing.seen import Seen, own_name
from afspraak.web.visit import Visit, known

ASKED: Final = "signing_asked"
"""In a session: the version that a passkey was asked to sign, and the number used once for it."""


@require_POST
@stated(Right.SIGN)
def begin(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """What the browser is to ask the passkey."""
    found = seen_by(request, agreement, version)
    try:
        credentials, nonce = _own_passkeys(request, found), fresh()
        request.session[ASKED] = {"version": str(version), "nonce": nonce}
        told = asked(_statement(request, found, nonce), credentials, _place(request)[0])
    except Refusal as refusal:
        return JsonResponse({"fault": refused(refusal)}, status=422)
    return JsonResponse(told)


@require_POST
@stated(Right.SIGN)
def finish(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """What the passkey signed. Each question is answered once."""
    found, identity = seen_by(request, agreement, version), known(request)
    try:
        nonce = _nonce(request, version)
        rp_id, origin = _place(request)
        evidence = evidence_of(
            _answer(request),
            _statement(request, found, nonce),
            get_credentials(request.user),
            rp_id=rp_id,
            origin=origin,
        )
        flow.sign_by_passkey(
            version=version,
            evidence=evidence,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except Refusal as refusal:
        return page(request, found, refused(refusal), "passkey")
    return signed(request, found)


def _own_passkeys(request: Visit, found: Seen) -> list[AttestedCredentialData]:
    credentials: list[AttestedCredentialData] = get_credentials(request.user)
    if not credentials or not found.is_my_turn:
        raise Refusal(_("There is no passkey of yours here, or nothing for it to sign."))
    return credentials


def _nonce(request: Visit, version: UUID) -> str:
    """What was asked of this browser, about this version; once."""
    question = request.session.pop(ASKED, {})
    if question.get("version") != str(version):
        raise Refusal(_("This was not asked, or answered already: try again."))
    return str(question["nonce"])


def _statement(request: Visit, found: Seen, nonce: str) -> Statement:
    identity = known(request)
    paper = flow.paper_for(
        version=found.row.pk, actor=identity.actor, viewer=identity.viewer, at=request.at
    )
    name = own_name(identity)
    return flow.statement_for(
        version=found.row, paper=paper, actor=identity.actor, name=name, nonce=nonce
    )


def _answer(request: Visit) -> dict[str, Any]:
    try:
        told = json.loads(request.POST.get("credential", ""))
    except ValueError:
        told = None
    return told if isinstance(told, dict) else {}


def _place(request: Visit) -> tuple[str, str]:
    """The host for which passkeys are made, and the origin that a browser states."""
    host = request.get_host()
    return host.rsplit(":", 1)[0], f"{request.scheme}://{host}"
