"""What the hub of an agreement, and that of a draft, say of signing."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.agreements.load import Signed
from afspraak.agreements.models import Agreement, Draft
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right

Entry = tuple[str, str, str]
"""Name, address, and one short line on how it stands."""


def entries(agreement: Agreement, signed: Sequence[Signed], identity: Identity) -> list[Entry]:
    """The signing of the newest version; `signed` holds all of them."""
    if not signed or not identity.may(Right.READ_AGREEMENTS):
        return []
    newest = max(signed, key=lambda each: each.row.number)
    row, done = newest.row, len(newest.version.signed_at)
    slots = {"n": row.number, "signed": done, "all": len(row.parties)}
    told = _("version %(n)s: %(signed)s of %(all)s have signed") % slots
    return [(_("Signing"), reverse("signing_version", args=[agreement.pk, row.pk]), told)]


def draft_entries(draft: Draft, identity: Identity) -> list[Entry]:
    """The way from a draft to what can be signed."""
    if not identity.may(Right.SIGN) or (draft.closed_at and draft.version_id is None):
        return []
    return [(_("Offer it to be signed"), reverse("signing_offer", args=[draft.pk]), "")]
