"""Files of a signing, as something to keep: the paper, the newest signed file, a scan, evidence."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from afspraak import flow
from afspraak.agreements.models import AgreementVersion
from afspraak.host.files import read_file
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.signing.load import files_of, to_sign
from afspraak.signing.models import PasskeyProof, SigningFile
from afspraak.web.signing.seen import version_seen
from afspraak.web.visit import Visit, known

PDF = "application/pdf"
ENDS = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg", "application/json": "json"}


@require_safe
@stated(Right.READ_AGREEMENTS)
def paper(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """The paper, as it was before anybody signed it."""
    identity = known(request)
    row = version_seen(agreement, version, identity)
    found = flow.paper_for(
        version=version, actor=identity.actor, viewer=identity.viewer, at=request.at
    )
    return _handed_out(row, found.sha256, PDF, "")


@require_safe
@stated(Right.READ_AGREEMENTS)
def to_be_signed(request: Visit, agreement: UUID, version: UUID) -> HttpResponse:
    """The file that the next party signs: with every signature that is there."""
    identity = known(request)
    row = version_seen(agreement, version, identity)
    found = to_sign(files_of(version, identity.viewer))
    if found is None or found.kind == SigningFile.Kind.PAPER:
        return paper(request, agreement, version)
    return _handed_out(row, found.sha256, PDF, f"-signed-{found.number}")


@require_safe
@stated(Right.READ_AGREEMENTS)
def file(request: Visit, agreement: UUID, version: UUID, file: UUID) -> HttpResponse:
    """One file of its signing."""
    identity = known(request)
    row = version_seen(agreement, version, identity)
    rows = SigningFile.objects.seen_by(identity.viewer).filter(version=row, pk=file)
    found = rows.first()
    if found is None:
        raise Http404
    return _handed_out(row, found.sha256, found.media, f"-{found.kind}-{found.number}")


@require_safe
@stated(Right.READ_AGREEMENTS)
def evidence(request: Visit, agreement: UUID, version: UUID, proof: UUID) -> HttpResponse:
    """What a passkey signed: `afspraak verify-signature` checks it without us."""
    identity = known(request)
    row = version_seen(agreement, version, identity)
    found = PasskeyProof.objects.seen_by(identity.viewer).filter(version=row, pk=proof).first()
    if found is None:
        raise Http404
    return _handed_out(row, found.sha256, "application/json", "-passkey")


def _handed_out(row: AgreementVersion, digest: str, media: str, what: str) -> HttpResponse:
    """The bytes as a download; no browser shows or runs them here."""
    answer = HttpResponse(read_file(digest), content_type=media)
    plain = "".join(each if each.isalnum() or each in "-_" else "-" for each in str(row.agreement))
    name = f"{plain}-{row.number}{what}.{ENDS.get(media, 'bin')}"
    answer["Content-Disposition"] = (
        f"attachment; filename={name.encode('ascii', 'replace').decode()}"
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
