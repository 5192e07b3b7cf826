"""The walk of a notice that a person decides on: what it says follows the facts until it leaves."""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.models import Agreement
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.flow.duties import keep_duties
from afspraak.ledger.actions import open_logs
from afspraak.notices.actions_address import about_ticket
from afspraak.notices.actions_send import NoSuchNotice, approve, say_anew
from afspraak.notices.actions_telling import set_telling
from afspraak.notices.drafting import draft_of_ticket
from afspraak.notices.models import Notice, NoticeState, Obligation, Telling
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.viewer import SYSTEM, Viewer


def approve_notice(
    *, notice: UUID, actor: Actor, viewer: Viewer, at: int, without_expectation: bool = False
) -> Notice:
    """Let a draft leave, in the words that fit what has happened until now. Raises Refusal,
    NoSuchNotice.
    """
    with transaction.atomic():
        redraft(notice=notice, viewer=viewer, at=at)
        return approve(
            notice=notice,
            actor=actor,
            viewer=viewer,
            at=at,
            without_expectation=without_expectation,
        )


def redraft(*, notice: UUID, viewer: Viewer, at: int) -> Notice:
    """A draft about a ticket says anew what is known, unless somebody has put it in their own
    words.
    """
    row = Notice.objects.seen_by(viewer).select_related("recipient").filter(id=notice).first()
    if row is None:
        raise NoSuchNotice(f"there is no notice {notice}")
    if row.state != NoticeState.DRAFT or row.is_edited or row.ticket_id is None:
        return row
    reasons = Obligation.objects.seen_by(SYSTEM).select_related(
        "ticket__reporter", "supplier", "customer"
    )
    about = about_ticket(reasons.get(id=row.obligation_id), at)
    if about is not None and row.recipient is not None:
        draft = draft_of_ticket(about, row.recipient)
        say_anew(notice=row, title=draft.title, body=draft.body, asks=draft.asks)
    return row


def tell_agreement(
    *,
    agreement: UUID,
    breach_by_itself: bool,
    warn_days: int,
    actor: Actor,
    viewer: Viewer,
    at: int,
) -> Telling:
    """Set how an agreement is told; its dates are looked at with the new warning time."""
    row = Agreement.objects.seen_by(viewer).filter(id=agreement).first()
    if row is None or not (viewer.is_system or row.supplier_id in viewer.organisations):
        raise NoSuchAgreement(f"there is no agreement {agreement}")
    with transaction.atomic():
        log = open_logs(relations=[row.relation_id], viewer=viewer, at=at)[row.relation_id]
        told = set_telling(agreement=row, breach_by_itself=breach_by_itself, warn_days=warn_days)
        keep_duties(agreement=row, viewer=viewer, at=log.logged_at)
        note_in_audit(
            actor=actor,
            action="tell_agreement",
            subject="agreement",
            subject_id=row.id,
            at=at,
            breach_by_itself=str(breach_by_itself),
            warn_days=str(warn_days),
        )
    return told
