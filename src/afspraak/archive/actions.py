"""The only place where an archive is written: papers come in, are read, confirmed, begun from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from afspraak.agreements.models import Agreement, Draft
from afspraak.archive.models import Care, Paper, Reading
from afspraak.archive.proposing import FIELDS, Field
from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.rights.viewer import SYSTEM

MOST_LETTERS = 20_000


@dataclass(frozen=True, slots=True)
class Brought:
    """A paper as it came: a file, a line of a list, or both."""

    name: str
    sha256: str = ""
    reference: str = ""
    lies_at: str = ""
    told: Mapping[Field, str] = field(default_factory=dict)
    told_in: str = ""


def bring_in(*, brought: Brought, actor: Actor, at: int) -> Paper:
    """A paper, once: the same file again is the same paper, and a line of a list about a file that
    is there says what it says of that one.
    """
    known = _known(brought, actor.organisation)
    if known is None:
        return Paper.objects.create(
            id=new_id(at),
            organisation_id=actor.organisation,
            name=brought.name[:200],
            reference=brought.reference[:200],
            sha256=brought.sha256,
            lies_at=brought.lies_at[:400],
            told=dict(brought.told),
            told_in=brought.told_in[:200],
            added_by_id=actor.person,
            added_at=datetime_of(at),
        )
    known.sha256 = known.sha256 or brought.sha256
    known.reference = brought.reference[:200] or known.reference
    known.lies_at = brought.lies_at[:400] or known.lies_at
    known.told = {**known.told, **brought.told}
    known.told_in = brought.told_in[:200] or known.told_in
    known.save(update_fields=["sha256", "reference", "lies_at", "told", "told_in"])
    return known


def _known(brought: Brought, organisation: UUID) -> Paper | None:
    papers = Paper.objects.seen_by(SYSTEM).filter(organisation_id=organisation)
    if brought.sha256:
        same = papers.filter(sha256=brought.sha256).first()
        return same or papers.filter(name=brought.name, sha256="").first()
    return papers.filter(name=brought.name).order_by("-added_at").first()


def keep_text(*, paper: Paper, pages: tuple[str, ...], reader: str, at: int) -> None:
    """What was read in it; a picture has no reader."""
    paper.pages, paper.reader, paper.fault = list(pages), _reader(pages, reader), ""
    paper.read_at = datetime_of(at)
    paper.save(update_fields=["pages", "reader", "fault", "read_at"])


def keep_fault(*, paper: Paper, fault: str, at: int) -> None:
    """Why nothing could be read in it; it can still be typed."""
    paper.pages, paper.fault, paper.read_at = [""], fault[:200], datetime_of(at)
    paper.save(update_fields=["pages", "fault", "read_at"])


def type_page(*, paper: Paper, page: int, text: str) -> None:
    """What somebody typed beside the picture of a page. Raises Refusal for a page there is not."""
    pages = list(paper.pages or [])
    if not 1 <= page <= len(pages):
        raise Refusal("this paper has no such page")
    pages[page - 1] = text[:MOST_LETTERS]
    paper.pages, paper.reader = pages, _reader(pages, "typed")
    paper.save(update_fields=["pages", "reader"])


def _reader(pages: Iterable[str], reader: str) -> str:
    """What read the pages, if there is anything on them: so their texts need not be fetched to know
    how far a paper is.
    """
    return reader if any(each.strip() for each in pages) else ""


def confirm(
    *,
    paper: Paper,
    field: str,
    value: str,
    actor: Actor,
    at: int,
    page: int | None = None,
    quote: str = "",
) -> Reading:
    """A person says that this is the value. Raises Refusal for a field there is not."""
    if field not in FIELDS:
        raise Refusal("there is no such field of an agreement")
    if not value:
        raise Refusal("which value? Choose one that was read, or type it")
    return Reading.objects.create(
        id=new_id(at),
        organisation_id=paper.organisation_id,
        paper=paper,
        field=field,
        value=value[:400],
        page=page,
        quote=quote[:400],
        confirmed_by_id=actor.person,
        confirmed_at=datetime_of(at),
    )


def note_where(*, paper: Paper, lies_at: str) -> None:
    """Where the paper original lies."""
    paper.lies_at = lies_at[:400]
    paper.save(update_fields=["lies_at"])


def set_aside(*, paper: Paper, why: str) -> None:
    """Nothing is made of it: it has ended long ago, it is a copy. Raises Refusal without a why."""
    if not why:
        raise Refusal("say why nothing is made of it: the next one to look wants to know")
    paper.set_aside = why[:200]
    paper.save(update_fields=["set_aside"])


def note_draft(*, paper: Paper, draft: Draft) -> None:
    """The draft that was begun from it."""
    paper.draft = draft
    paper.save(update_fields=["draft"])


@dataclass(frozen=True, slots=True)
class Carers:
    """Who takes care of an agreement for one side."""

    owner: UUID
    deputy: UUID | None = None
    approver: UUID | None = None


def name_carers(*, agreement: Agreement, carers: Carers, actor: Actor, at: int) -> Care:
    """Name who takes care of an agreement. Raises Refusal where one person would approve what is
    their own.
    """
    if carers.approver is not None and carers.approver == carers.owner:
        raise Refusal("nobody approves what is their own: name another approver than the owner")
    if carers.deputy is not None and carers.deputy == carers.owner:
        raise Refusal("the deputy is somebody else than the owner")
    return Care.objects.create(
        id=new_id(at),
        organisation_id=actor.organisation,
        agreement=agreement,
        owner_id=carers.owner,
        deputy_id=carers.deputy,
        approver_id=carers.approver,
        said_by_id=actor.person,
        said_at=datetime_of(at),
    )
