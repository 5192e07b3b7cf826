"""What set-up draws from: the catalogue that one offers, and each agreement by the version that
stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from afspraak.agreements.load import Signed, as_signed
from afspraak.agreements.models import AgreementVersion, Catalogue
from afspraak.clocks.load import grounds_known, signed_in
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.rights.viewer import Viewer
from afspraak.web.agreed import Agreed, agreed_by
from afspraak.web.filled import uuid_of
from afspraak.web.offered import Offered, offered_in
from afspraak.web.setup_agreements import other_of
from afspraak.web.speaking import language

MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Source:
    """What was chosen: an agreement's version or a catalogue, by its id; nothing where there is
    none yet. `may_change`: whoever looks may begin a new version of it.
    """

    pk: UUID | None
    held: Agreed | Offered | None
    may_change: bool = False

    @property
    def is_version(self) -> bool:
        """Whether it is one of an agreement's."""
        return isinstance(self.held, Agreed)


def source_in(told: QueryDict, identity: Identity, sources: Sequence[tuple[UUID, str]]) -> Source:
    """The one that is asked for, else the first of `sources`."""
    asked = uuid_of(told, "of") or next((pk for pk, _name in sources), None)
    if asked is None:
        return Source(None, None)
    may_write = identity.may(Right.WRITE_AGREEMENTS)
    versions = AgreementVersion.objects.seen_by(identity.viewer).defer("document")
    version = versions.filter(pk=asked).first()
    if version is not None:
        is_own = identity.organisation in (version.supplier_id, version.customer_id)
        return Source(asked, _agreed(version, identity.viewer), may_write and is_own)
    offer = Catalogue.objects.seen_by(identity.viewer).filter(pk=asked).first()
    if offer is None:
        raise Http404
    is_own = offer.organisation_id == identity.organisation
    return Source(asked, offered_in(bytes(offer.document), language()), may_write and is_own)


def sources_of(identity: Identity) -> list[tuple[UUID, str]]:
    """What one offers, then each agreement by the newest version that all signed; where none is, by
    the newest.
    """
    offers = Catalogue.objects.seen_by(identity.viewer).filter(
        organisation_id=identity.organisation
    )
    newest = offers.order_by("-recorded_at", "-id").values_list("id", "reference").first()
    found = [(newest[0], f"{_('Catalogue')} {newest[1]}")] if newest else []
    rows = AgreementVersion.objects.seen_by(identity.viewer).defer("document")
    rows = rows.select_related("agreement", "supplier", "customer")
    versions = list(rows.order_by("customer__name", "agreement__reference", "-number")[:MOST])
    chosen: dict[UUID, Signed] = {}
    for each in as_signed(versions, identity.viewer):
        before = chosen.setdefault(each.row.agreement_id, each)
        if each.is_signed and not before.is_signed:
            chosen[each.row.agreement_id] = each
    for row in (each.row for each in chosen.values()):
        name = f"{other_of(row, identity).name} · {row.agreement.reference}"
        found.append((row.pk, name))
    return found


def _agreed(version: AgreementVersion, viewer: Viewer) -> Agreed:
    """A version with its clocks, its calendars extended as facts have them (C1)."""
    relations = {version.relation_id: version.supplier_id}
    ground = grounds_known(relations, viewer)[version.relation_id]
    signed = signed_in(ground, str(version.pk))
    return agreed_by(signed, ground.clockwork(str(version.pk)), language())
