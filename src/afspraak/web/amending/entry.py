"""What the page of an agreement, or of a draft, says of this room: name, address, how it stands."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.agreements.models import Agreement, Draft
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right


def entries(agreement: Agreement, drafts: int, identity: Identity) -> list[tuple[str, str, str]]:
    """The pages of what changes an agreement, for who may see its figures on one of its sides;
    `drafts` of it are being made.
    """
    sides = (agreement.supplier_id, agreement.customer_id)
    if identity.organisation not in sides or not identity.may(Right.READ_FIGURES):
        return []
    of = [agreement.pk]
    told = _("%(n)s being made") % {"n": drafts} if drafts else ""
    return [
        (_("Amendments"), reverse("amending", args=of), told),
        (_("Open terms"), reverse("amending_open", args=of), ""),
        (_("Where it pinches"), reverse("amending_pinches", args=of), ""),
        (_("Renewal"), reverse("amending_renewal", args=of), ""),
    ]


def draft_entries(draft: Draft, identity: Identity) -> list[tuple[str, str, str]]:
    """The preview of an amendment."""
    sides = (draft.supplier_id, draft.customer_id)
    if draft.agreement_id is None or identity.organisation not in sides:
        return []
    return [(_("What would change"), reverse("amending_preview", args=[draft.pk]), "")]
