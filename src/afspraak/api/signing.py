"""Signing a version: the file to sign, who has signed and how strongly, a signed PDF handed in."""

import os
from typing import Final, cast
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from afspraak import flow
from afspraak.agreements.models import AgreementVersion, Signature
from afspraak.api.admission import takes, works_first
from afspraak.api.auth import Call, sees_money
from afspraak.api.kinds import Code, Moment, Shown, show
from afspraak.api.seen import version_seen
from afspraak.api.shown_agreements import SignatureShown, signature_shown
from afspraak.flow.signing import ReadPdf
from afspraak.host.files import read_file
from afspraak.parties.roles import Right
from afspraak.parties.stated import Forbidden, stated
from afspraak.signing.levels import level_of
from afspraak.signing.load import files_of, to_sign
from afspraak.signing.models import SigningFile
from afspraak.signing.pades import MOST_BYTES
from afspraak.signing.settings import trust_at_door

router = Router()
PDF: Final = "application/pdf"


class PartySigning(Shown):
    """A party that must sign. `level` is as eIDAS has it, and no stronger than what is known here:
    recorded, handwritten, simple, advanced, qualified. `file_sha256` is that of its evidence.
    """

    party: str
    is_signed: bool
    by_name: str
    proof: str
    level: str
    signed_at: Moment | None
    file_sha256: str


class SigningShown(Shown):
    """How the signing of a version stands. `newest_sha256` is the file that is signed next."""

    version: UUID
    sha256: str
    newest_sha256: str
    is_complete: bool
    parties: list[PartySigning]


@router.get("/versions/{uuid:version}/signing", response=SigningShown)
@stated(Right.READ_AGREEMENTS)
def get_signing(request: Call, version: UUID) -> SigningShown:
    """Who must sign a version, who has, and how strong each signature is."""
    row, viewer = _whole(request, version), request.identity.viewer
    files = files_of(row.id, viewer)
    signed = {each.party: each for each in Signature.objects.seen_by(viewer).filter(version=row)}
    newest = to_sign(files)
    return SigningShown(
        version=row.id,
        sha256=row.sha256,
        newest_sha256="" if newest is None else newest.sha256,
        is_complete=all(party in signed for party in row.parties),
        parties=[_party(party, signed.get(party), files) for party in row.parties],
    )


def _party(party: str, signature: Signature | None, files: list[SigningFile]) -> PartySigning:
    if signature is None:
        return PartySigning(
            party=party,
            is_signed=False,
            by_name="",
            proof="",
            level="",
            signed_at=None,
            file_sha256="",
        )
    evidence = [each for each in files if each.signature_id == signature.pk]
    hands = evidence[0].hands if evidence else []
    has_evidence = bool(signature.proof_sha256)
    return PartySigning(
        party=party,
        is_signed=True,
        by_name=signature.by_name,
        proof=signature.proof,
        level=level_of(signature.proof, hands, has_evidence=has_evidence),
        signed_at=show(signature.signed_at),
        file_sha256=signature.proof_sha256,
    )


@router.get("/versions/{uuid:version}/paper")
@stated(Right.READ_AGREEMENTS)
def get_paper(request: Call, version: UUID) -> HttpResponse:
    """The PDF that is signed next: the paper of the version, with every signature that is there.
    The contract's own bytes are attached to it.
    """
    row, identity = _whole(request, version), request.identity
    paper = flow.paper_for(
        version=row.id, actor=identity.actor, viewer=identity.viewer, at=request.at
    )
    newest = to_sign(files_of(row.id, identity.viewer)) or paper
    answer = HttpResponse(read_file(newest.sha256), content_type=PDF)
    answer["Content-Disposition"] = "attachment; filename=agreement.pdf"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _read_first(request: Call, version: UUID) -> ReadPdf | None:
    """What reading the file gives; nothing where the request does not say for whom it is."""
    if "party" not in request.GET:
        return None
    identity, row = request.identity, _whole(request, version)
    return flow.read_signed(
        version=row.id,
        party=request.GET.get("party", ""),
        pdf=request.body,
        trust=trust_at_door(os.environ),
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )


@router.post("/versions/{uuid:version}/signed-file", response={201: SignatureShown})
@takes(PDF, most=MOST_BYTES)
@works_first(_read_first)
@stated(Right.SIGN)
def sign_in_pdf(
    request: Call,
    version: UUID,  # noqa: ARG001  (both are read first)
    party: Code,  # noqa: ARG001
) -> Status[SignatureShown]:
    """Hand in the newest PDF as a party has signed it, with a certificate that its organisation has
    confirmed or that a trusted authority vouches for. Whatever else was changed is refused.
    """
    identity, read = request.identity, cast("ReadPdf", request.worked)
    made = flow.sign_as_read(read=read, actor=identity.actor, viewer=identity.viewer, at=request.at)
    return Status(201, signature_shown(made))


def _whole(call: Call, version: UUID) -> AgreementVersion:
    row = version_seen(call.identity.viewer, version)
    if not sees_money(call.identity):
        raise Forbidden("prices stand in the whole text: ask your manager for it")
    return row
