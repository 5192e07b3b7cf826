"""What the hub of an agreement, and that of a draft, say of signing."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.agreements.models import Agreement, AgreementVersion, Draft, Signature
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right

Entry = tuple[str, str, str]
"""Name, address, and one short line on how it stands."""


def entries(agreement: Agreement, identity: Identity) -> list[Entry]:
    """The signing of the newest version."""
    rows = AgreementVersion.objects.seen_by(identity.viewer).filter(agreement=agreement)
    row = rows.defer("document").order_by("-number").first()
    if row is None or not identity.may(Right.READ_AGREEMENTS):
        return []
    signed = Signature.objects.seen_by(identity.viewer).filter(version=row).count()
    slots = {"n": row.number, "signed": signed, "all": len(row.parties)}
    told = _("version %(n)s: %(signed)s of %(all)s have signed") % slots
    return [(_("Signing"), reverse("signing_version", args=[agreement.pk, row.pk]), told)]


def draft_entries(draft: Draft, identity: Identity) -> list[Entry]:
    """The way from a draft to what can be signed."""
    if not identity.may(Right.SIGN) or (draft.closed_at and draft.version_id is None):
        return []
    return [(_("Offer it to be signed"), reverse("signing_offer", args=[draft.pk]), "")]
