"""Where the hub pages lead to from an agreement, and from a draft: name, address, how it stands."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.models import Draft
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right


def entries(drafts: int, identity: Identity) -> list[tuple[str, str, str]]:
    """The drafts that would amend or renew it: so many are open."""
    if not identity.may(Right.NEGOTIATE):
        return []
    told = ngettext("%(n)s open draft", "%(n)s open drafts", drafts) % {"n": drafts}
    told = told if drafts else ""
    return [(_("Agreements in the making"), reverse("drafts"), told)]


def draft_entries(draft: Draft, identity: Identity) -> list[tuple[str, str, str]]:
    """The pages of a draft."""
    found = [
        (_("The text"), reverse("draft", args=[draft.pk]), ""),
        (_("At the table"), reverse("draft_table", args=[draft.pk]), ""),
        (_("Rights and duties"), reverse("draft_balance", args=[draft.pk]), ""),
        (_("What changed"), reverse("draft_changes", args=[draft.pk]), ""),
    ]
    if draft.supplier_id == identity.organisation:
        found.append((_("Can we keep it?"), reverse("draft_kept", args=[draft.pk]), ""))
    return found if identity.may(Right.NEGOTIATE) else []
