"""A draft as a page sees it: the sides, whose turn it is, and the text that was written last."""

from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from afspraak.agreements.drafts import NoSuchDraft, draft_of, newest_text
from afspraak.agreements.models import Draft, DraftText
from afspraak.engine.time import instant_of
from afspraak.language.text.words import Lang
from afspraak.making.load import Word, said_of, turn_of
from afspraak.making.opened import Opened, opened
from afspraak.parties.actions import Actor
from afspraak.parties.identity import Identity
from afspraak.parties.models import Organisation
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer
from afspraak.web.addresses import address
from afspraak.web.drafting import spoken
from afspraak.web.life.places import draft_parts_of
from afspraak.web.own import speaking_to
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known


class Ours(TypedDict):
    """Who does something, and when."""

    actor: Actor
    viewer: Viewer
    at: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One draft, for one reader."""

    draft: Draft
    text: DraftText
    opened: Opened
    identity: Identity
    speaking: Speaking
    lang: Lang

    @property
    def other(self) -> Organisation:
        """The side that one does not act for."""
        row = self.draft
        return row.supplier if row.customer_id == self.identity.organisation else row.customer

    @property
    def is_supplier(self) -> bool:
        """Whether one acts for the supplier."""
        return self.draft.supplier_id == self.identity.organisation

    @property
    def ours(self) -> Ours:
        """Who does something, and when."""
        identity = self.identity
        return {"actor": identity.actor, "viewer": identity.viewer, "at": self.speaking.at}

    @property
    def is_open(self) -> bool:
        """Whether it may be written on."""
        return self.draft.closed_at is None


def seen(visit: Visit, draft: UUID, told: QueryDict | None = None) -> Seen:
    """A draft of the organisation that one acts for. Raises Http404."""
    identity = known(visit)
    try:
        row = draft_of(draft, identity.viewer)
        text = newest_text(draft, identity.viewer)
    except NoSuchDraft as fault:
        raise Http404 from fault
    if party_of(row, identity.organisation) is None:
        raise Http404
    there = opened(bytes(text.document))
    lang = spoken(visit.GET if told is None else told)
    return Seen(row, text, there, identity, speaking_to(identity, visit.at), lang)


def framed(there: Seen, here: str) -> dict[str, object]:
    """What stands above every page of a draft; `here` names the one that is open."""
    return {
        "there": there,
        "draft": there.draft,
        "text": there.text,
        "other": there.other,
        "lang": there.lang,
        "here": address(here, there.draft.pk),
        "places": draft_parts_of(there.draft, there.opened.data, there.identity),
        "written": there.speaking.moment(instant_of(there.text.written_at)),
    }


def said(there: Seen) -> list[Word]:
    """All that was said of it."""
    return said_of([there.draft.id], there.identity.viewer)[there.draft.id]


def stage_of(draft: Draft, turn: UUID | None, own: UUID) -> Badge:
    """How a draft stands, and whose turn it is."""
    if draft.version_id is not None:
        return Badge("kept", "kept", _("became a version to sign"))
    if draft.closed_at is not None:
        return Badge("none", "none", _("laid aside"))
    if draft.shown_at is None:
        return Badge("frozen", "frozen", _("only you see it"))
    if turn == own:
        return Badge("soon", "soon", _("your turn"))
    return Badge("running", "running", _("their turn"))


def stage(there: Seen, words: list[Word]) -> Badge:
    """The same for one that is open on a page."""
    own = there.identity.organisation
    return stage_of(there.draft, turn_of(there.draft, words, there.text), own)
