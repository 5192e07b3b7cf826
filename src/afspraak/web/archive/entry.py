"""What the hub of an agreement says of who takes care of it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from afspraak.agreements.models import Agreement
from afspraak.archive.models import Care
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.rights.parties import party_of


def entries(agreement: Agreement, identity: Identity) -> list[tuple[str, str, str]]:
    """(name, address, who it is)."""
    own = party_of(agreement, identity.organisation) is not None
    if not own or not identity.may(Right.NEGOTIATE):
        return []
    cares = Care.objects.seen_by(identity.viewer).filter(agreement=agreement)
    newest = cares.select_related("owner").order_by("-said_at").first()
    told = newest.owner.name if newest else _("nobody takes care of it")
    return [(_("Who takes care of it"), reverse("agreement_care", args=[agreement.pk]), told)]
