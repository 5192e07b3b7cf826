"""The walk from a draft to a version that can be signed: sound, frozen, with the next number, and
nothing left open that should be settled first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions import UnsoundDocument, read_sound
from afspraak.agreements.actions_drafts import close_draft, refuse_closed, show_draft
from afspraak.agreements.drafts import draft_of, newest_text
from afspraak.agreements.models import Agreement, AgreementVersion, Draft
from afspraak.agreements.read import frozen
from afspraak.engine.time import Refusal
from afspraak.flow.agreements import bring_in_version
from afspraak.flow.readiness import refuse_unready
from afspraak.language.begin import numbered
from afspraak.language.document import Document
from afspraak.offers.load import unsettled_promises
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import Viewer

NAME: Final = "contract"


@dataclass(frozen=True, slots=True)
class Offered:
    """A draft that somebody wants to have signed, as it would be."""

    draft: Draft
    document: Document
    data: bytes
    viewer: Viewer
    at: int


def _refuse_open_points(offered: Offered) -> None:
    """Every question is answered, or openly left by both."""
    refuse_unready(about=offered.draft, viewer=offered.viewer)


def _refuse_open_promises(offered: Offered) -> None:
    """Whatever was promised on the way stands in a clause, or was openly declined."""
    draft, clauses = offered.draft, frozenset(each.id for each in offered.document.clauses)
    left = unsettled_promises(draft.relation_id, offered.viewer, draft=draft.id, clauses=clauses)
    if left:
        raise Refusal(
            "%(count)s promises made on the way are neither a clause nor openly declined:"
            " settle them in the register first",
            count=str(len(left)),
        )


Check = Callable[[Offered], None]
CHECKS: Final[tuple[Check, ...]] = (_refuse_open_points, _refuse_open_promises)
"""What must be settled before anything can be signed: each raises Refusal, with place, fact and
remedy. Here, and nowhere else.
"""


def offer_for_signing(*, draft: UUID, actor: Actor, viewer: Viewer, at: int) -> AgreementVersion:
    """The newest text of a draft as a version that both sides can sign: sound, frozen, with the
    next number. The draft is closed by it, and stays.

    Raises NoSuchDraft, UnsoundDocument with every fault, Refusal.
    """
    offered = offered_by(draft=draft, viewer=viewer, at=at)
    for check in CHECKS:
        check(offered)
    with transaction.atomic():
        version = bring_in_version(
            relation=offered.draft.relation_id,
            data=offered.data,
            name=NAME,
            actor=actor,
            viewer=viewer,
            at=at,
        )
        if offered.draft.shown_at is None:
            show_draft(draft=offered.draft, at=at)
        close_draft(draft=offered.draft, at=at, version=version)
        note_in_audit(
            actor=actor,
            action="offer_for_signing",
            subject="agreement_version",
            subject_id=version.id,
            at=at,
            draft=str(draft),
        )
    return version


def offered_by(*, draft: UUID, viewer: Viewer, at: int) -> Offered:
    """The version that a draft would be; nothing is stored. Raises as `offer_for_signing`."""
    row = draft_of(draft, viewer)
    refuse_closed(row)
    data = _frozen(bytes(newest_text(draft, viewer).document))
    document = read_sound(data, NAME)
    known = Agreement.objects.seen_by(viewer).filter(relation_id=row.relation_id)
    same = known.filter(reference=document.id).first()
    if row.agreement is not None and row.agreement.reference != document.id:
        raise Refusal(
            "this text calls itself %(id)s, and it changes %(known)s: give it that id again",
            id=document.id,
            known=row.agreement.reference,
        )
    if row.agreement is None and same is not None:
        raise Refusal(
            "there is an agreement %(id)s already: give this one an id of its own, or begin a"
            " change of that one",
            id=document.id,
        )
    if same is not None:
        data = _renumbered(data, document, same, viewer)
    return Offered(row, read_sound(data, NAME), data, viewer, at)


def _renumbered(data: bytes, document: Document, agreement: Agreement, viewer: Viewer) -> bytes:
    """The text with the number after the highest one that is there."""
    rows = AgreementVersion.objects.seen_by(viewer).filter(agreement=agreement)
    following = max(rows.values_list("number", flat=True), default=0) + 1
    if document.version is not None and document.version.number == following:
        return data
    from_on = document.version.from_on if document.version else document.term.from_on
    return numbered(data, following, from_on)


def _frozen(data: bytes) -> bytes:
    """The text with its holidays written out, so that no later library changes what was signed."""
    found, faults = frozen(data, NAME)
    if found is None:
        raise UnsoundDocument(list(faults))
    return found
