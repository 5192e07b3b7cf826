"""Rows of a negotiation -> what was said beside each clause, who sits there, whose turn it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from afspraak.agreements.models import Draft, DraftText
from afspraak.making.models import Confirmation, Proposal, Remark, Reply, Seat, Standstill
from afspraak.parties.actions import Actor
from afspraak.parties.models import Person
from afspraak.rights.viewer import Viewer

MOST: Final = 1_000
"""Remarks of one draft that are read: far more than a negotiation has."""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that was said, by whom: a remark, or a proposal with what became of it."""

    id: UUID
    clause: str
    organisation: UUID
    name: str
    position: str
    said_at: datetime
    words: str
    source: str = ""
    after: int = 0
    is_proposal: bool = False
    reply: Reply | None = None

    @property
    def is_open(self) -> bool:
        """A proposal that nobody has answered."""
        return self.is_proposal and self.reply is None


def said_of(drafts: Iterable[UUID], viewer: Viewer) -> dict[UUID, list[Word]]:
    """All that was said of each of these drafts, in its order."""
    ids = list(drafts)
    found: dict[UUID, list[Word]] = {each: [] for each in ids}
    replies = Reply.objects.seen_by(viewer).filter(draft_id__in=ids).select_related("person")
    answered = {each.proposal_id: each for each in replies[:MOST]}
    remarks = Remark.objects.seen_by(viewer).filter(draft_id__in=ids).select_related("person")
    for remark in remarks.order_by("-said_at")[:MOST]:
        found[remark.draft_id].append(_word(remark))
    made = Proposal.objects.seen_by(viewer).filter(draft_id__in=ids).select_related("person")
    for each in made.order_by("-said_at")[:MOST]:
        found[each.draft_id].append(_word(each, answered.get(each.id), is_proposal=True))
    for words in found.values():
        words.sort(key=lambda word: (word.said_at, word.id))
    return found


def _word(row: Remark | Proposal, reply: Reply | None = None, *, is_proposal: bool = False) -> Word:
    return Word(
        row.id,
        row.clause,
        row.organisation_id,
        row.person.name if row.person else "",
        row.position,
        row.said_at,
        row.words,
        getattr(row, "source", ""),
        getattr(row, "after", 0),
        is_proposal,
        reply,
    )


def by_clause(words: Iterable[Word]) -> dict[str, list[Word]]:
    """What was said, beside which clause."""
    ordered = sorted(words, key=lambda each: each.clause)
    return {key: list(each) for key, each in groupby(ordered, key=lambda each: each.clause)}


def turn_of(draft: Draft, words: Sequence[Word], text: DraftText) -> UUID | None:
    """Whose turn it is: a side with an open proposal waits for the other; else who did not speak or
    write last. None for what is closed, or seen by one side only.
    """
    if draft.closed_at is not None:
        return None
    if draft.shown_at is None:
        return draft.organisation_id
    waiting = [each.organisation for each in words if each.is_open]
    if waiting:
        return other_of(draft, waiting[0])
    spoken = ((each.said_at, each.organisation) for each in words)
    last = max(
        [(text.written_at, text.organisation_id), *spoken],
        key=lambda each: each[0],
    )
    return other_of(draft, last[1])


def other_of(draft: Draft, organisation: UUID) -> UUID:
    """The side that this one is not."""
    return draft.supplier_id if organisation == draft.customer_id else draft.customer_id


def seats_of(draft: Draft, viewer: Viewer) -> list[Seat]:
    """Who sits at the table now, in the order in which they came."""
    rows = Seat.objects.seen_by(viewer).filter(draft=draft, left_at__isnull=True)
    return list(rows.order_by("seated_at", "id")[:MOST])


def position_of(draft: Draft, actor: Actor, viewer: Viewer) -> str:
    """In which position a person sits at the table; empty for who has no seat there."""
    if actor.person is None:
        return ""
    rows = Seat.objects.seen_by(viewer).filter(
        draft=draft, organisation_id=actor.organisation, left_at__isnull=True
    )
    found = (
        rows.filter(name=_name_of(actor.person, viewer)).values_list("position", flat=True).first()
    )
    return found or ""


def _name_of(person: UUID, viewer: Viewer) -> str:
    rows = Person.objects.seen_by(viewer).filter(id=person)
    return rows.values_list("name", flat=True).first() or ""


def confirmed(draft: Draft, viewer: Viewer) -> dict[str, Confirmation]:
    """What was said last of each clause, by its fingerprint."""
    rows = Confirmation.objects.seen_by(viewer).filter(draft=draft).select_related("person")
    return {each.sha256: each for each in rows.order_by("said_at", "id")[:MOST]}


def costs_of(draft: Draft, viewer: Viewer) -> dict[str, Standstill]:
    """What standstill costs, by service, as far as the viewer may see it."""
    rows = Standstill.objects.seen_by(viewer).filter(draft=draft)
    return {each.service: each for each in rows}


def newest_texts(drafts: Iterable[UUID], viewer: Viewer) -> dict[UUID, DraftText]:
    """What was written last of each of these drafts, without its bytes."""
    rows = DraftText.objects.seen_by(viewer).filter(draft_id__in=list(drafts)).defer("document")
    newest = rows.annotate(
        rank=Window(RowNumber(), partition_by=F("draft_id"), order_by=F("number").desc())
    )
    return {each.draft_id: each for each in newest.filter(rank=1)}
