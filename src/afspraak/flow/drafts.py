"""The walk of a draft: begun, written anew by either side, shown, laid aside; it binds nobody."""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_drafts import Beginning, close_draft, write_draft
from afspraak.agreements.actions_drafts import begin_draft as begin
from afspraak.agreements.actions_drafts import show_draft as let_see
from afspraak.agreements.drafts import draft_of
from afspraak.agreements.models import Draft, DraftText
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.parties.models import Relation
from afspraak.rights.viewer import Viewer


class NoSuchRelation(LookupError):
    """A relation that does not exist, or that the viewer does not see."""


def begin_draft(
    *, relation: UUID, beginning: Beginning, actor: Actor, viewer: Viewer, at: int
) -> Draft:
    """An agreement in the making, or an amendment. Raises NoSuchRelation."""
    row = Relation.objects.seen_by(viewer).filter(id=relation).first()
    if row is None:
        raise NoSuchRelation(f"there is no relation {relation}")
    with transaction.atomic():
        draft = begin(relation=row, beginning=beginning, actor=actor, at=at)
        _note(draft, "begin_draft", actor, at)
    return draft


def write_on(
    *, draft: UUID, data: bytes, after: int, actor: Actor, viewer: Viewer, at: int, why: str = ""
) -> DraftText:
    """The draft's next text, written on from text number `after`. Raises NoSuchDraft, Refusal where
    somebody has written since.
    """
    row = draft_of(draft, viewer)
    with transaction.atomic():
        text = write_draft(draft=row, data=data, after=after, actor=actor, at=at, why=why)
        _note(row, "write_draft", actor, at)
    return text


def show_draft(*, draft: UUID, actor: Actor, viewer: Viewer, at: int) -> None:
    """Let the other side see it. Raises NoSuchDraft, Refusal."""
    row = draft_of(draft, viewer)
    with transaction.atomic():
        let_see(draft=row, at=at)
        _note(row, "show_draft", actor, at)


def lay_aside(*, draft: UUID, actor: Actor, viewer: Viewer, at: int) -> None:
    """It will not become an agreement; what was said of it stays. Raises NoSuchDraft, Refusal."""
    row = draft_of(draft, viewer)
    with transaction.atomic():
        close_draft(draft=row, at=at)
        _note(row, "lay_draft_aside", actor, at)


def _note(draft: Draft, action: str, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject="draft", subject_id=draft.id, at=at)
