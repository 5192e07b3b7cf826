"""What the hub of an agreement or a draft says of its readiness, in one short line."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from afspraak.agreements.load import Signed
from afspraak.agreements.models import Agreement, Draft
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.readiness.about import Subject, about_signed
from afspraak.readiness.load import open_points

Entry = tuple[str, str, str]
"""Its name, its address, how it stands."""


def entries(
    agreement: Agreement, signed: Sequence[Signed], identity: Identity, at: int
) -> list[Entry]:
    """Of an agreement as it runs, by its versions."""
    if not identity.may(Right.NEGOTIATE):
        return []
    subject = about_signed(signed, at)
    if subject is None or subject.side_of(identity.organisation) is None:
        return []
    return [_entry(subject, reverse("agreement_readiness", args=[agreement.pk]), identity)]


def draft_entries(draft: Draft, text: bytes, identity: Identity) -> list[Entry]:
    """Of a draft, by its newest text."""
    if not identity.may(Right.NEGOTIATE):
        return []
    subject = Subject(draft, None, text)
    return [_entry(subject, reverse("draft_readiness", args=[draft.pk]), identity)]


def _entry(subject: Subject, url: str, identity: Identity) -> Entry:
    left = len(open_points(subject, identity.viewer))
    told = ngettext("%(n)s open", "%(n)s open", left) % {"n": left} if left else _("ready")
    return (_("Readiness"), url, told)
