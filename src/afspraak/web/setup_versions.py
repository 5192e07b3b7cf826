"""One version (`/setup/agreements/<id>/`): its text, what it changes, who signed these bytes."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.models import AgreementVersion, Signature
from afspraak.agreements.read import document_of
from afspraak.engine.in_force import newest_in_force
from afspraak.engine.time import instant_of
from afspraak.language.document import Document
from afspraak.language.text.diff import diff_page
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.rights.viewer import Viewer
from afspraak.web.agreed import page_in
from afspraak.web.drafting import newest_signed, shown, spoken, standing
from afspraak.web.setup_agreements import other_of, party_name, state_of, version_in
from afspraak.web.signing.seen import how
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known


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


def _page(request: Visit, row: AgreementVersion) -> HttpResponse:
    identity = known(request)
    document = document_of(bytes(row.document))
    speaking, lang = Speaking(document.zone, request.at), spoken(request.GET)
    signed = _signed(row, identity.viewer)
    stands = standing(row.relation, row.agreement.reference, identity.viewer)
    before = newest_signed(stands, below=row.number)
    version = next(each.version for each in stands if each.row.pk == row.pk)
    newest = newest_in_force((each.version for each in stands), request.at)
    told = {
        "version": row,
        "other": other_of(row, identity),
        "badge": state_of(version, newest, speaking),
        "from_on": speaking.texts.on_date(speaking.texts.on(instant_of(row.from_at))),
        "until_on": speaking.texts.on_date(document.term.until_on),
        "parties": [_party(key, document, signed, speaking) for key in row.parties],
        "text": shown(page_in(bytes(row.document), lang)),
        "changes": "" if before is None else shown(diff_page(before.document, document, lang)),
        "lang": lang,
    }
    return render(request, "agreements/version.html", told)


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
            "how": how(found.proof),
        }
        told = _("signed by %(who)s, %(at)s (%(how)s)") % slots
    signers = tuple(each.name for each in party.signers)
    return PartyShown(key, party_name(key), party.name, signers, told)
