"""The walk of a negotiation: remarks and proposals of both sides, what becomes of them, who sits at
the table, who confirms, what standstill costs. What a side accepts is the draft's next text.
"""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.actions_drafts import write_draft
from afspraak.agreements.drafts import draft_of, newest_text
from afspraak.agreements.models import Draft, DraftText
from afspraak.engine.time import Refusal
from afspraak.making import actions, edit
from afspraak.making.actions import Cost, Judged, Seated, Speaker
from afspraak.making.load import position_of
from afspraak.making.models import Proposal, Remark, Seat
from afspraak.making.opened import opened
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.parties import party_of
from afspraak.rights.viewer import Viewer


class NoSuchProposal(LookupError):
    """A proposal or a seat that does not exist, or that the viewer does not see."""


def remark(
    *, draft: UUID, clause: str, words: str, actor: Actor, viewer: Viewer, at: int
) -> Remark:
    """A remark beside a clause, or about the whole. Raises NoSuchDraft, Refusal."""
    row = _draft_between(draft, actor, viewer)
    with transaction.atomic():
        by = Speaker(actor, position_of(row, actor, viewer))
        said = actions.add_remark(draft=row, clause=clause, words=words, by=by, at=at)
        _note(row, "remark_on_draft", actor, at)
    return said


def propose(
    *, draft: UUID, clause: str, source: str, words: str, actor: Actor, viewer: Viewer, at: int
) -> Proposal:
    """What this side would rather have there. What cannot be read is refused now, and not when the
    other side would accept it. Raises NoSuchDraft, Refusal.
    """
    row = _draft_between(draft, actor, viewer)
    text = newest_text(draft, viewer)
    if source:
        _changed(bytes(text.document), clause, source)
    with transaction.atomic():
        by = Speaker(actor, position_of(row, actor, viewer))
        made = actions.add_proposal(
            draft=row, clause=clause, after=text.number, source=source, words=words, by=by, at=at
        )
        _note(row, "propose_for_draft", actor, at)
    return made


def accept(
    *, proposal: UUID, actor: Actor, viewer: Viewer, at: int, why: str = ""
) -> DraftText | None:
    """The other side takes it over: the clause as it was proposed is the draft's next text; what
    was proposed in words only is agreed to, and still has to be written. Raises NoSuchProposal,
    Refusal.
    """
    made = _proposal(proposal, viewer)
    row = _draft_between(made.draft.id, actor, viewer)
    with transaction.atomic():
        by = Speaker(actor, position_of(row, actor, viewer))
        actions.add_reply(proposal=made, draft=row, is_accepted=True, why=why, by=by, at=at)
        _note(row, "accept_proposal", actor, at)
        if not made.source:
            return None
        text = newest_text(row.id, viewer)
        _refuse_stale(made, text, viewer)
        data = _changed(bytes(text.document), made.clause, made.source)
        return write_draft(
            draft=row, data=data, after=text.number, actor=actor, at=at, why=f"{made.clause}: {why}"
        )


def decline(*, proposal: UUID, actor: Actor, viewer: Viewer, at: int, why: str) -> None:
    """The other side does not take it over, and says why; or who made it takes it back. Raises
    NoSuchProposal, Refusal.
    """
    made = _proposal(proposal, viewer)
    row = _draft_between(made.draft.id, actor, viewer)
    with transaction.atomic():
        by = Speaker(actor, position_of(row, actor, viewer))
        actions.add_reply(proposal=made, draft=row, is_accepted=False, why=why, by=by, at=at)
        _note(row, "decline_proposal", actor, at)


def seat(*, draft: UUID, seated: Seated, actor: Actor, viewer: Viewer, at: int) -> Seat:
    """Somebody of one's own side at the table. Raises NoSuchDraft, Refusal."""
    row = _draft_between(draft, actor, viewer)
    with transaction.atomic():
        taken = actions.take_seat(draft=row, seated=seated, actor=actor, at=at)
        _note(row, "take_seat", actor, at)
    return taken


def unseat(*, seat: UUID, actor: Actor, viewer: Viewer, at: int) -> None:
    """Somebody of one's own side leaves the table. Raises NoSuchProposal."""
    row = Seat.objects.seen_by(viewer).filter(id=seat, organisation_id=actor.organisation).first()
    if row is None:
        raise NoSuchProposal(f"there is no seat {seat}")
    with transaction.atomic():
        actions.leave_seat(seat=row, at=at)
        _note(row.draft, "leave_seat", actor, at)


def confirm_promise(*, draft: UUID, judged: Judged, actor: Actor, viewer: Viewer, at: int) -> None:
    """Somebody of the supplier says whether a promise can be kept. Raises NoSuchDraft, Refusal."""
    row = _draft_between(draft, actor, viewer)
    if row.supplier_id != actor.organisation:
        raise Refusal("only those who work for the supplier confirm what the supplier promises")
    with transaction.atomic():
        actions.confirm(draft=row, judged=judged, actor=actor, at=at)
        _note(row, "confirm_promise", actor, at)


def tell_standstill(*, draft: UUID, cost: Cost, actor: Actor, viewer: Viewer, at: int) -> None:
    """What an hour without a service costs the customer. Raises NoSuchDraft, Refusal."""
    row = _draft_between(draft, actor, viewer)
    if row.customer_id != actor.organisation:
        raise Refusal("only the customer knows what standstill costs the customer")
    with transaction.atomic():
        actions.tell_cost(draft=row, cost=cost, actor=actor, at=at)
        _note(row, "tell_standstill", actor, at)


def _draft_between(draft: UUID, actor: Actor, viewer: Viewer) -> Draft:
    """A draft of the side that acts. Raises NoSuchDraft, Refusal for who is neither."""
    row = draft_of(draft, viewer)
    if party_of(row, actor.organisation) is None:
        raise Refusal("only the two sides themselves speak in a negotiation")
    return row


def _proposal(proposal: UUID, viewer: Viewer) -> Proposal:
    row = Proposal.objects.seen_by(viewer).filter(id=proposal).select_related("draft").first()
    if row is None:
        raise NoSuchProposal(f"there is no proposal {proposal}")
    return row


def _refuse_stale(made: Proposal, text: DraftText, viewer: Viewer) -> None:
    """What was proposed upon another wording would undo what was written since."""
    rows = DraftText.objects.seen_by(viewer).filter(draft_id=text.draft_id, number=made.after)
    was = rows.get()
    then, now = (opened(bytes(each.document)).values_of(made.clause) for each in (was, text))
    if then != now:
        raise Refusal("this clause was changed since it was proposed: propose it anew")


def _changed(data: bytes, clause: str, source: str) -> bytes:
    """The text with a clause as it was proposed."""
    place = opened(data).place_of(clause)
    if place is None:
        raise Refusal("the clause that this is about is no longer in the text")
    return edit.replaced(data, place, source)


def _note(draft: Draft, action: str, actor: Actor, at: int) -> None:
    note_in_audit(actor=actor, action=action, subject="draft", subject_id=draft.id, at=at)
