"""What was agreed to and not signed: for how long, and which contract will replace it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from afspraak.agreements.load import as_signed
from afspraak.agreements.models import AgreementVersion
from afspraak.offers.models import Assent, AssentEnd
from afspraak.parties.models import Relation
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Waiting:
    """An assent that no signed contract has replaced; `named_by` is the contract in the making that
    says it will.
    """

    assent: Assent
    named_by: str = ""

    def days(self, today: date, zone: ZoneInfo) -> int:
        """How many days ago it was agreed, on the wall of a zone."""
        return (today - self.assent.agreed_at.astimezone(zone).date()).days


def waiting_of(
    organisation: UUID | None, viewer: Viewer, relation: Relation | None = None
) -> list[Waiting]:
    """Everything of an organisation (None: of all) or of one relation that still waits."""
    rows = Assent.objects.seen_by(viewer).select_related("supplier", "customer", "offer")
    if relation is not None:
        rows = rows.filter(relation=relation)
    if organisation is not None:
        rows = rows.filter(Q(supplier_id=organisation) | Q(customer_id=organisation))
    found = list(rows)
    ends = _newest_ends(found, viewer)
    signed = _signed(ends.values(), viewer)
    return [
        Waiting(row, _name(ends.get(row.id)))
        for row in found
        if not _is_over(ends.get(row.id), signed)
    ]


def _newest_ends(rows: list[Assent], viewer: Viewer) -> dict[UUID, AssentEnd]:
    if not rows:
        return {}
    ends = AssentEnd.objects.seen_by(viewer).filter(assent__in=rows)
    ordered = ends.select_related("draft", "version__agreement").order_by("at", "id")
    return {each.assent_id: each for each in ordered}


def _version_of(end: AssentEnd) -> UUID | None:
    """The version that replaces it: the one that is named, or what the draft became."""
    return end.version_id or (end.draft.version_id if end.draft else None)


def _signed(ends: Iterable[AssentEnd], viewer: Viewer) -> set[UUID]:
    ids = {pk for each in ends if (pk := _version_of(each))}
    if not ids:
        return set()
    rows = AgreementVersion.objects.seen_by(viewer).filter(id__in=ids).defer("document")
    return {each.row.id for each in as_signed(list(rows), viewer) if each.is_signed}


def _is_over(end: AssentEnd | None, signed: set[UUID]) -> bool:
    """Let go, or replaced by what every party has signed."""
    if end is None:
        return False
    if end.draft_id is None and end.version_id is None:
        return True
    return _version_of(end) in signed


def _name(end: AssentEnd | None) -> str:
    if end is None:
        return ""
    if end.version is not None:
        return f"{end.version.agreement.reference} ({end.version.number})"
    return end.draft.name if end.draft else ""


def is_unsigned(relation: Relation, viewer: Viewer) -> bool:
    """Whether something was agreed to between the two that no signed contract has replaced: work
    that no agreement in force covers is then done without agreement.
    """
    return bool(waiting_of(None, viewer, relation))
