"""Drafts as they stand, for who may see them."""

from uuid import UUID

from afspraak.agreements.models import Draft, DraftText
from afspraak.rights.viewer import Viewer


class NoSuchDraft(LookupError):
    """A draft that does not exist, or that the viewer does not see."""


def draft_of(draft: UUID, viewer: Viewer) -> Draft:
    """One draft. Raises NoSuchDraft."""
    drafts = Draft.objects.seen_by(viewer).select_related("agreement", "supplier", "customer")
    found = drafts.filter(id=draft).first()
    if found is None:
        raise NoSuchDraft(f"there is no draft {draft}")
    return found


def newest_text(draft: UUID, viewer: Viewer) -> DraftText:
    """What was written last. Raises NoSuchDraft."""
    found = DraftText.objects.seen_by(viewer).filter(draft_id=draft).order_by("-number").first()
    if found is None:
        raise NoSuchDraft(f"there is no draft {draft}")
    return found
