"""The walk of a notice that a person decides on: what it says follows the facts until it leaves."""

from uuid import UUID

from django.db import transaction

from afspraak.agreements.models import Agreement
from afspraak.clocks.models import Assessment, State
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import Refusal, instant_of
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.flow.duties import keep_duties
from afspraak.ledger.actions import open_logs
from afspraak.notices.actions import Owing, owe
from afspraak.notices.actions_address import about_ticket
from afspraak.notices.actions_send import NoSuchNotice, approve, say_anew
from afspraak.notices.actions_telling import set_telling
from afspraak.notices.drafting import OfTicket, draft_of_ticket
from afspraak.notices.models import Kind, Notice, NoticeState, Obligation, Telling
from afspraak.parties.actions import Actor, note_in_audit
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM, Viewer


class NoSuchPromise(LookupError):
    """A promise of the supplier's that does not run, or that the viewer does not see."""


class KeptAfterAll(Refusal):
    """What a draft says did not come true: it is withheld, not sent."""


def foresee(
    *, ticket: UUID, clause: str, cycle: int, actor: Actor, viewer: Viewer, at: int
) -> Obligation:
    """Say that a promise will not be kept, or was not: the customer is owed a notice, once, which
    is drafted for approval as every breach is. Raises NoSuchPromise, Refusal.
    """
    row = Assessment.objects.seen_by(viewer).filter(ticket=ticket, clause=clause, cycle=cycle)
    found = row.filter(promisor=SUPPLIER).first()
    if found is None or not (viewer.is_system or found.supplier_id in viewer.organisations):
        raise NoSuchPromise(f"ticket {ticket} has no promise {clause}/{cycle} of yours")
    moment = found.missed_at or found.due_at
    if moment is None or found.state not in (State.RUNNING, State.MISSED):
        raise Refusal(f"{clause}: it is {found.state}: there is nothing to announce")
    key = f"{ticket}/{clause}/{cycle}"
    kind = Kind.AHEAD if found.missed_at is None else Kind.BREACH
    with transaction.atomic():
        owe(owings=[_owing(found, kind, key, instant_of(moment))], at=at)
        note_in_audit(
            actor=actor, action="foresee", subject="ticket", subject_id=ticket, at=at, clause=clause
        )
    rows = Obligation.objects.seen_by(viewer).filter(relation_id=found.relation_id, kind=kind)
    return rows.get(subject_key=key)


def _owing(row: Assessment, kind: Kind, key: str, for_at: int) -> Owing:
    return Owing(
        kind=kind,
        parties=parties_of(row),
        key=key,
        for_at=for_at,
        ticket=row.ticket_id,
        agreement=row.agreement_id,
        clause=row.clause,
    )


def approve_notice(
    *, notice: UUID, actor: Actor, viewer: Viewer, at: int, without_expectation: bool = False
) -> Notice:
    """Let a draft leave, in the words that fit what has happened until now. Raises Refusal,
    KeptAfterAll, NoSuchNotice.
    """
    with transaction.atomic():
        about = _reread(_found(notice, viewer), at)
        if about is not None and about.assessed.state == "met":
            raise KeptAfterAll("the promise was kept after all: withhold the notice")
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
    row = _found(notice, viewer)
    _reread(row, at)
    return row


def _found(notice: UUID, viewer: Viewer) -> Notice:
    row = Notice.objects.seen_by(viewer).select_related("recipient").filter(id=notice).first()
    if row is None:
        raise NoSuchNotice(f"there is no notice {notice}")
    return row


def _reread(row: Notice, at: int) -> OfTicket | None:
    """What a draft about a ticket rests on, as of now; its words follow it unless they are a
    person's own. None for any other notice.
    """
    if row.state != NoticeState.DRAFT or row.ticket_id is None:
        return None
    reasons = Obligation.objects.seen_by(SYSTEM).select_related(
        "ticket__reporter", "supplier", "customer"
    )
    about = about_ticket(reasons.get(id=row.obligation_id), at)
    if about is not None and row.recipient is not None and not row.is_edited:
        draft = draft_of_ticket(about, row.recipient)
        say_anew(notice=row, title=draft.title, body=draft.body, asks=draft.asks)
    return about


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
