"""The walk of an archive: papers are brought in and read one by one, what a person confirmed begins
a draft, and every agreement gets somebody who takes care of it.
"""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_drafts import Beginning
from afspraak.agreements.models import Agreement, Draft
from afspraak.archive import actions
from afspraak.archive.actions import Brought, Carers
from afspraak.archive.beginning import begun_from, reference_of
from afspraak.archive.load import NEEDED
from afspraak.archive.models import Care, Paper, Reading
from afspraak.engine.time import Refusal
from afspraak.flow.drafts import begin_draft
from afspraak.host.faults import HostFault
from afspraak.host.files import read_file
from afspraak.intake.papers import ocr_program, picture_of, read_paper, recognised
from afspraak.language.nodes import Path
from afspraak.notices.actions import defer
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Relation
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import SYSTEM, Viewer

READ_PAPERS = "afspraak.read_papers"
"""The job that reads what was brought in."""
MOST_OCR = 40
"""Pages of one paper that a program reads from their pictures."""


def bring_in_papers(*, brought: list[Brought], actor: Actor, at: int) -> int:
    """Papers and lines of lists; how many. They are read by a job."""
    with transaction.atomic():
        for each in brought:
            actions.bring_in(brought=each, actor=actor, at=at)
        note_in_audit(
            actor=actor,
            action="bring_in_papers",
            subject="organisation",
            subject_id=actor.organisation,
            at=at,
            count=str(len(brought)),
        )
        defer(READ_PAPERS)
    return len(brought)


def read_papers(*, at: int, most: int = 1000, organisation: UUID | None = None) -> int:
    """Read what waits, oldest first; how many were read. One that cannot be read stops no other."""
    waiting = Paper.objects.seen_by(SYSTEM).filter(pages__isnull=True).exclude(sha256="")
    if organisation is not None:
        waiting = waiting.filter(organisation_id=organisation)
    done = 0
    for paper in list(waiting.order_by("added_at", "id")[:most]):
        _read(paper, at)
        done += 1
    return done


def _read(paper: Paper, at: int) -> None:
    try:
        data = read_file(paper.sha256)
        read = read_paper(data)
    except (Refusal, HostFault) as fault:
        actions.keep_fault(paper=paper, fault=str(fault), at=at)
        return
    pages, reader = read.pages, read.reader
    if read.is_scan and ocr_program() is not None:
        pages = tuple(_ocr(data, number) for number in range(1, len(pages) + 1))
        reader = "tesseract"
    actions.keep_text(paper=paper, pages=pages, reader=reader, at=at)


def _ocr(data: bytes, page: int) -> str:
    """A page's letters as a program reads them; empty where it cannot."""
    if page > MOST_OCR:
        return ""
    try:
        return recognised(picture_of(data, page))
    except Refusal:
        return ""


def begin_from_paper(
    *, paper: Paper, relation: Relation, actor: Actor, viewer: Viewer, at: int
) -> Draft:
    """Begin a draft from what was confirmed. Raises Refusal, naming what is not yet."""
    if paper.draft_id is not None:
        raise Refusal("a draft was begun from this paper already")
    newest = {each.field: each for each in Reading.objects.seen_by(viewer).filter(paper=paper)}
    lacking = [each for each in NEEDED if each not in newest]
    if lacking:
        raise Refusal("confirm these first: %(lacking)s", lacking=", ".join(lacking))
    values = {field: each.value for field, each in newest.items()}
    quotes = {field: each.quote for field, each in newest.items()}
    data = begun_from(values, _names(relation, reference_of(paper.id)), quotes)
    with transaction.atomic():
        beginning = Beginning(paper.reference or paper.name, Draft.Origin.ARCHIVE, data)
        draft = begin_draft(
            relation=relation.pk, beginning=beginning, actor=actor, viewer=viewer, at=at
        )
        actions.note_draft(paper=paper, draft=draft)
    return draft


def _names(relation: Relation, reference: str) -> dict[Path, str]:
    """Who the two are, as they are known; what was confirmed goes before it."""
    found: dict[Path, str] = {("id",): reference}
    for party, row in (("supplier", relation.supplier), ("customer", relation.customer)):
        found["parties", party, "name"] = row.name
        if row.register:
            found["parties", party, "register"] = row.register
    return found


def take_care(*, agreement: Agreement, carers: Carers, actor: Actor, at: int) -> Care:
    """Name owner, deputy and approver for one's own side. Raises Refusal."""
    if party_of(agreement, actor.organisation) is None:
        raise Refusal("only the two parties themselves name who takes care of it")
    with transaction.atomic():
        row = actions.name_carers(agreement=agreement, carers=carers, actor=actor, at=at)
        note_in_audit(
            actor=actor,
            action="take_care",
            subject="agreement",
            subject_id=agreement.pk,
            at=at,
        )
    return row
