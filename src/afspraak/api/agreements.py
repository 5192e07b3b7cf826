"""Agreements and their versions: the bytes that are signed, their text, who signed them."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Status

from afspraak import flow
from afspraak.agreements.actions import Signing, Under
from afspraak.agreements.models import Agreement, AgreementVersion, Proof, Signature
from afspraak.agreements.read import checked, document_of
from afspraak.api.admission import takes
from afspraak.api.auth import Call, sees_money
from afspraak.api.kinds import Cursor, Id, Language, Limit
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Missing, in_document
from afspraak.api.seen import agreement_seen, relation_seen, version_seen
from afspraak.api.shown_agreements import (
    AgreementShown,
    CheckedShown,
    Clause,
    Format,
    SignatureAsked,
    SignatureShown,
    VersionShown,
    agreement_shown,
    signature_shown,
    version_shown,
)
from afspraak.language.text.render import render_html, render_text
from afspraak.parties.roles import Right
from afspraak.parties.stated import Forbidden, stated
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer

router = Router()
YAML = "application/yaml"


@router.get("/agreements", response=Page[AgreementShown])
@stated(Right.READ_AGREEMENTS)
def list_agreements(
    request: Call,
    relation: Id | None = None,
    cursor: Cursor | None = None,
    limit: Limit = USUAL,
) -> Page[AgreementShown]:
    """The agreements that you see, by their reference."""
    rows = Agreement.objects.seen_by(request.identity.viewer)
    if relation is not None:
        rows = rows.filter(relation_id=relation)
    return page_of(
        rows,
        ("reference", "id"),
        cursor,
        limit,
        lambda found: [agreement_shown(each, request.identity) for each in found],
    )


@router.get("/agreements/{uuid:agreement}", response=AgreementShown)
@stated(Right.READ_AGREEMENTS)
def get_agreement(request: Call, agreement: UUID) -> AgreementShown:
    """One agreement."""
    row = agreement_seen(request.identity.viewer, agreement)
    return agreement_shown(row, request.identity)


@router.get("/agreements/{uuid:agreement}/versions", response=Page[VersionShown])
@stated(Right.READ_AGREEMENTS)
def list_versions(
    request: Call, agreement: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[VersionShown]:
    """All versions of an agreement, in their order, with who signed them."""
    viewer = request.identity.viewer
    row = agreement_seen(viewer, agreement)
    rows = AgreementVersion.objects.seen_by(viewer).filter(agreement=row).defer("document")
    return page_of(
        rows,
        ("number",),
        cursor,
        limit,
        lambda found: [version_shown(each, signed_of(each, viewer)) for each in found],
    )


@router.get("/versions/{uuid:version}", response=VersionShown)
@stated(Right.READ_AGREEMENTS)
def get_version(request: Call, version: UUID) -> VersionShown:
    """One version, with who signed it."""
    viewer = request.identity.viewer
    row = version_seen(viewer, version)
    return version_shown(row, signed_of(row, viewer))


def signed_of(version: AgreementVersion, viewer: Viewer) -> list[Signature]:
    """Who signed a version, in the order in which they did."""
    rows = Signature.objects.seen_by(viewer).filter(version=version)
    return list(rows.order_by("signed_at", "id"))


# The document ---------------------------------------------------------------------------------


@router.get("/versions/{uuid:version}/document")
@stated(Right.READ_AGREEMENTS)
def get_document(request: Call, version: UUID) -> HttpResponse:
    """The very bytes that are signed. Not for a customer's user: prices stand in them."""
    return HttpResponse(_whole(request, version), content_type=YAML)


@router.get("/versions/{uuid:version}/text")
@stated(Right.READ_AGREEMENTS)
def get_text(
    request: Call, version: UUID, language: Language, form: Format = "markdown"
) -> HttpResponse:
    """The contract as people read it, in any of the three languages."""
    document = document_of(_whole(request, version))
    if form == "html":
        page = render_html(document, language).encode()
        answer = HttpResponse(page, content_type="text/html; charset=utf-8")
        answer["Content-Disposition"] = "attachment; filename=agreement.html"
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        return answer
    text = render_text(document, language).encode()
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


def _whole(call: Call, version: UUID) -> bytes:
    row = version_seen(call.identity.viewer, version)
    if not sees_money(call.identity):
        raise Forbidden("prices stand in the whole text: ask your manager for it")
    return bytes(row.document)


# Bringing in and signing ----------------------------------------------------------------------


@router.post("/versions/validate", response=CheckedShown)
@takes(YAML)
@stated(Right.READ_AGREEMENTS)
def validate_version(request: Call) -> CheckedShown:
    """Check a document, and store nothing: every fault at once, with its line and remedy."""
    document, faults = checked(request.body, "document")
    told = [in_document(each) for each in faults]
    return CheckedShown(is_sound=document is not None, faults=told)


@router.post("/relations/{uuid:relation}/versions", response={201: VersionShown})
@takes(YAML)
@stated(Right.WRITE_AGREEMENTS)
def bring_in_version(
    request: Call, relation: UUID, under: Id | None = None, under_clause: Clause = ""
) -> Status[VersionShown]:
    """Bring in a version as YAML. The same bytes again are the same version; it governs nothing
    before every party has signed it. `under`: the agreement that this one lets its supplier keep.
    """
    identity = request.identity
    row = relation_seen(identity.viewer, relation)
    if party_of(row, identity.organisation) is None:
        raise Missing
    beneath = None
    if under is not None:
        beneath = Under(agreement_seen(identity.viewer, under), under_clause)
    version = flow.bring_in_version(
        relation=row.id,
        data=request.body,
        name="document",
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
        under=beneath,
    )
    return Status(201, version_shown(version, signed_of(version, identity.viewer)))


@router.post("/versions/{uuid:version}/signatures", response={201: SignatureShown})
@stated(Right.WRITE_AGREEMENTS)
def sign_version(request: Call, version: UUID, body: SignatureAsked) -> Status[SignatureShown]:
    """Record that a party signed these bytes (`sha256`). From the last signature on the version is
    in force.
    """
    identity = request.identity
    row = version_seen(identity.viewer, version)
    signing = Signing(
        party=body.party,
        by_name=body.by_name,
        sha256=body.sha256,
        signed_at=request.at if body.signed_at is None else body.signed_at,
        proof=Proof(body.proof),
        proof_sha256=body.proof_sha256 or "",
        note=body.note,
    )
    made = flow.sign_version(
        version=row.id,
        signing=signing,
        actor=identity.actor,
        viewer=identity.viewer,
        at=request.at,
    )
    return Status(201, signature_shown(made))


@router.get("/versions/{uuid:version}/signatures", response=Page[SignatureShown])
@stated(Right.READ_AGREEMENTS)
def list_signatures(
    request: Call, version: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[SignatureShown]:
    """Who signed a version, and how that is known."""
    viewer = request.identity.viewer
    row = version_seen(viewer, version)
    return page_of(
        Signature.objects.seen_by(viewer).filter(version=row),
        ("signed_at", "id"),
        cursor,
        limit,
        lambda found: [signature_shown(each) for each in found],
    )
