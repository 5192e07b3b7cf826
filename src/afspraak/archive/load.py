"""Rows -> how the clean-up stands, which agreements lie in the drawer, and what each lacks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from django.db.models import Q

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement, Signature
from afspraak.archive.models import Care, Paper, Reading
from afspraak.archive.proposing import FIELDS, Field, Proposal, proposals_of
from afspraak.engine.in_force import newest_in_force
from afspraak.language.schema_promises import ReviewClause
from afspraak.rights.viewer import Viewer

Stage = Literal["unread", "scan", "read", "confirmed", "begun", "aside"]
Lack = Literal["signed_copy", "clocks", "calendar", "review", "owner"]
LACKS: tuple[Lack, ...] = ("clocks", "signed_copy", "calendar", "review", "owner")
NEEDED: tuple[Field, ...] = ("customer", "from_on", "until_on")
"""Without these no agreement can be begun."""


@dataclass(frozen=True, slots=True)
class PaperStands:
    """A paper, how far it is, and what was confirmed of it."""

    paper: Paper
    stage: Stage
    confirmed: Mapping[str, Reading]


def stage_of(paper: Paper, confirmed: Mapping[str, object]) -> Stage:
    """How far a paper is on its way out of the drawer."""
    if paper.set_aside:
        return "aside"
    if paper.draft_id is not None:
        return "begun"
    if all(each in confirmed for each in NEEDED):
        return "confirmed"
    if paper.read_at is None and paper.sha256:
        return "unread"
    return "read" if paper.reader or paper.told else "scan"


def papers_of(organisation: UUID, viewer: Viewer) -> list[PaperStands]:
    """All papers of an archive: two questions, and none of their texts."""
    papers = Paper.objects.seen_by(viewer).filter(organisation_id=organisation).defer("pages")
    rows = list(papers.order_by("added_at", "id"))
    readings = readings_of(rows, viewer)
    return [
        PaperStands(row, stage_of(row, found), found)
        for row in rows
        for found in (readings.get(row.pk, {}),)
    ]


def readings_of(papers: Iterable[Paper], viewer: Viewer) -> dict[UUID, dict[str, Reading]]:
    """By paper: what was confirmed of each field, newest."""
    readings: dict[UUID, dict[str, Reading]] = {}
    for each in Reading.objects.seen_by(viewer).filter(paper__in=list(papers)):
        readings.setdefault(each.paper_id, {})[each.field] = each
    return readings


def proposals_for(paper: Paper) -> dict[Field, list[Proposal]]:
    """What the paper says of each field, the list's word first; each with its place. Page 0 is the
    list.
    """
    told: dict[Field, list[Proposal]] = {field: [] for field in FIELDS}
    for field in FIELDS:
        if field in paper.told:
            told[field].append(Proposal(field, paper.told[field], 0, paper.told_in))
    for each in proposals_of(paper.pages or ()):
        if each.value not in {known.value for known in told[each.field]}:
            told[each.field].append(each)
    return told


def read_as(paper: Paper, field: str, value: str) -> Proposal | None:
    """Where a value of a field was read in a paper; None for one that a person knows."""
    read = proposals_for(paper).get(cast("Field", field), [])
    return next((each for each in read if each.value == value), None)


# Agreements ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """An agreement at its monthly check: what it lacks. `care`: who takes care of it."""

    agreement: Agreement
    lacks: tuple[Lack, ...]
    care: Care | None

    @property
    def is_in_drawer(self) -> bool:
        """Whether none of its clocks runs."""
        return "clocks" in self.lacks


def monthly_check(organisation: UUID, viewer: Viewer, at: int) -> list[Checked]:
    """Every agreement of an organisation, derived anew each time: four questions."""
    own = Q(supplier_id=organisation) | Q(customer_id=organisation)
    rows = list(Agreement.objects.seen_by(viewer).filter(own).order_by("name", "reference"))
    signed = versions_of({row.relation_id for row in rows}, viewer)
    cares: dict[UUID, Care] = {}
    people = ("owner", "deputy", "approver")
    mine = Care.objects.seen_by(viewer).filter(organisation_id=organisation)
    for each in mine.select_related(*people):
        cares[each.agreement_id] = each
    copies = _with_copy(rows, viewer)
    found = []
    for row in rows:
        versions = [each for each in signed.get(row.relation_id, ()) if _is_of(each, row)]
        lacks = tuple(_lacks(versions, row, cares.get(row.pk), copies, at))
        found.append(Checked(row, lacks, cares.get(row.pk)))
    return found


def _is_of(each: Signed, row: Agreement) -> bool:
    return each.row.agreement_id == row.pk


def _with_copy(rows: Iterable[Agreement], viewer: Viewer) -> set[UUID]:
    """The versions of which a signed copy is kept, whoever signed it."""
    kept = Signature.objects.seen_by(viewer).filter(agreement__in=list(rows))
    return set(kept.exclude(proof_sha256="").values_list("version_id", flat=True))


def _lacks(
    versions: list[Signed], row: Agreement, care: Care | None, copies: set[UUID], at: int
) -> Iterable[Lack]:
    newest = newest_in_force((each.version for each in versions), at).get(str(row.pk))
    holds = next((each for each in versions if newest and each.version.id == newest.id), None)
    runs = holds is not None and holds.version.from_at <= at < holds.version.until_at
    if holds is None or not runs or not holds.terms.promises:
        yield "clocks"
    if holds is None or holds.row.pk not in copies:
        yield "signed_copy"
    if holds is not None and not holds.terms.calendars:
        yield "calendar"
    if holds is not None and not holds.document.of_type(ReviewClause):
        yield "review"
    if care is None:
        yield "owner"
