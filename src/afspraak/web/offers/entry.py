"""What leads to these pages from an agreement and from a draft, and how each stands."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.models import Agreement, Draft
from afspraak.offers.load import unsettled_promises
from afspraak.offers.waiting import waiting_of
from afspraak.parties.identity import Identity
from afspraak.parties.models import Relation
from afspraak.parties.roles import Right

Entry = tuple[str, str, str]


def entries(agreement: Agreement, identity: Identity) -> list[Entry]:
    """(name, address, how it stands)."""
    found: list[Entry] = []
    if identity.may(Right.NEGOTIATE):
        told = _stands(agreement.relation, identity)
        found.append(
            (_("Said before it was signed"), reverse("offers_said", args=[agreement.pk]), told)
        )
    if agreement.supplier_id == identity.organisation:
        url = reverse("offers_back_to_back", args=[agreement.pk])
        found.append((_("Back to back"), url, ""))
    return found


def draft_entries(draft: Draft, identity: Identity) -> list[Entry]:
    """The same for a contract in the making."""
    found: list[Entry] = []
    if identity.may(Right.NEGOTIATE):
        told = _stands(draft.relation, identity, draft)
        url = reverse("offers_said_draft", args=[draft.pk])
        found.append((_("Said before it was signed"), url, told))
    if draft.supplier_id == identity.organisation:
        url = reverse("offers_back_to_back_draft", args=[draft.pk])
        found.append((_("Back to back"), url, ""))
    return found


def _stands(relation: Relation, identity: Identity, draft: Draft | None = None) -> str:
    """How many promises are open, and how many consents wait."""
    pk = draft.pk if draft else None
    open_ = len(unsettled_promises(relation.pk, identity.viewer, draft=pk))
    waits = len(waiting_of(identity.organisation, identity.viewer, relation))
    told = []
    if open_:
        told.append(ngettext("%(n)s promise open", "%(n)s promises open", open_) % {"n": open_})
    if waits:
        told.append(ngettext("%(n)s consent not signed", "%(n)s consents not signed", waits)
                    % {"n": waits})  # fmt: skip
    return ", ".join(told)
