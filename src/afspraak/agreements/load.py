"""Rows -> the law's values, one way: which versions there are, and what runs on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from afspraak.agreements.models import AgreementVersion, EscalationStep, OutsideHour, Signature
from afspraak.agreements.read import document_of, terms_in
from afspraak.engine.in_force import NEVER, OutsideRate, Version
from afspraak.engine.terms import Terms
from afspraak.engine.time import instant_of
from afspraak.language.document import Document
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Signed:
    """A version as it was stored, with the law's view of it. Its terms are read when asked for."""

    row: AgreementVersion
    version: Version

    @property
    def data(self) -> bytes:
        """The bytes that were signed."""
        return _bytes_of(self.row)

    @property
    def is_signed(self) -> bool:
        """Whether every party has signed it."""
        return self.version.last_signed_at < NEVER

    @property
    def terms(self) -> Terms:
        """What the engine runs on."""
        return terms_in(self.data)

    @property
    def document(self) -> Document:
        """What stands in it."""
        return document_of(self.data)


_known: dict[str, bytes] = {}
"""Documents by their hash: what was signed never changes, so it is fetched once a process."""


def _bytes_of(row: AgreementVersion) -> bytes:
    found = _known.get(row.sha256)
    if found is None:
        found = _known[row.sha256] = bytes(row.document)
    return found


def versions_of(relations: Iterable[UUID], viewer: Viewer) -> Mapping[UUID, tuple[Signed, ...]]:
    """Every version of the relations' agreements, by relation; unsigned ones too: the law says
    which of them is in force (C1, C2).
    """
    rows = (
        AgreementVersion.objects.seen_by(viewer)
        .filter(relation_id__in=list(relations))
        .defer("document")
        .order_by("relation_id", "from_at", "number")
    )
    found: dict[UUID, list[Signed]] = {}
    for each in as_signed(list(rows), viewer):
        found.setdefault(each.row.relation_id, []).append(each)
    return {relation: tuple(each) for relation, each in found.items()}


def as_signed(rows: Sequence[AgreementVersion], viewer: Viewer) -> list[Signed]:
    """These versions, each with its signatures, for who has the rows."""
    signatures: dict[UUID, list[Signature]] = {}
    for each in Signature.objects.seen_by(viewer).filter(version__in=rows):
        signatures.setdefault(each.version_id, []).append(each)
    return [Signed(row, _version(row, signatures.get(row.id, []))) for row in rows]


def _version(row: AgreementVersion, signatures: list[Signature]) -> Version:
    known = [each for each in signatures if each.sha256 == row.sha256]
    return Version(
        id=str(row.id),
        agreement=str(row.agreement_id),
        parties=tuple(row.parties),
        from_at=instant_of(row.from_at),
        until_at=instant_of(row.until_at),
        signed_at={each.party: instant_of(each.signed_at) for each in known},
        open_tickets=row.open_tickets,
        signed_late=row.signed_late,
        recorded_at=max((instant_of(each.recorded_at) for each in known), default=None),
    )


def outside_rates(supplier: UUID, viewer: Viewer) -> tuple[OutsideRate, ...]:
    """What an hour costs outside every agreement (C2)."""
    rows = OutsideHour.objects.seen_by(viewer).filter(organisation_id=supplier)
    return tuple(
        OutsideRate(row.per_hour, row.currency, instant_of(row.from_at), instant_of(row.until_at))
        for row in rows
    )


DEFAULT_LADDER = ((75, "agent"), (90, "contract_manager"), (100, "contract_manager"))
"""Whom to tell when, where an agreement has no ladder of its own: percent of the target, role."""


def ladders_of(
    relations: Iterable[UUID], viewer: Viewer
) -> Mapping[UUID, tuple[tuple[int, str], ...]]:
    """Each agreement's own escalation ladder: steps (percent, role), lowest first."""
    found: dict[UUID, list[tuple[int, str]]] = {}
    steps = EscalationStep.objects.seen_by(viewer).filter(relation_id__in=list(relations))
    for each in steps.order_by("percent", "role"):
        found.setdefault(each.agreement_id, []).append((each.percent, each.role))
    return {agreement: tuple(steps) for agreement, steps in found.items()}
