"""Finding out whom obligations are owed to, and writing their notices: deciding came before,
telling comes after.
"""

import json
import logging
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction

from afspraak.agreements.load import versions_of
from afspraak.agreements.models import AgreementVersion
from afspraak.agreements.read import document_of
from afspraak.clocks.judge import judge
from afspraak.clocks.load import grounds_of
from afspraak.clocks.models import Duty
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.time import datetime_of, instant_of
from afspraak.language.document import Document
from afspraak.ledger.ids import new_id
from afspraak.notices.actions import SEND, Owing, defer, owe
from afspraak.notices.contact import CONVERSATION, drafts_of_contact
from afspraak.notices.drafting import (
    Draft,
    OfTicket,
    draft_of_alarm,
    draft_of_approval,
    draft_of_complaint,
    draft_of_duty,
    draft_of_month,
    draft_of_quiet,
    draft_of_report,
    draft_of_term,
    draft_of_ticket,
    draft_of_unsigned,
    owed_to_customer,
)
from afspraak.notices.models import (
    Channel,
    Delivery,
    Habit,
    Kind,
    Notice,
    NoticeState,
    Obligation,
)
from afspraak.notices.recipients import people_of
from afspraak.notices.telling import telling_of
from afspraak.notices.when import Habit as Wish
from afspraak.notices.when import day_of, digest_at, tell_at
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.stored import logs_of

log = logging.getLogger(__name__)
BATCH: Final = 200
_DRAFTS: Final = {
    Kind.ALARM: draft_of_alarm,
    Kind.COMPLAINT: draft_of_complaint,
    Kind.QUIET: draft_of_quiet,
    Kind.MONTH: draft_of_month,
    Kind.UNSIGNED: draft_of_unsigned,
    Kind.REPORT: draft_of_report,
    Kind.TERM: draft_of_term,
}
"""What is said by the obligation alone."""
FAULTS: Final = (DatabaseError, ArithmeticError, LookupError, ValueError, AssertionError)


def address_owed(*, at: int, most: int = 10_000) -> int:
    """Address what is owed and not yet addressed, the oldest first; how many were. One that cannot
    be addressed holds up no other: it is tried again at the next run, and said in the log.
    """
    done, failed = 0, set[UUID]()
    while done < most:
        waiting = Obligation.objects.seen_by(SYSTEM).filter(addressed_at=None)
        ids = list(
            waiting.exclude(id__in=failed).order_by("owed_at", "id").values_list("id", flat=True)
        )[:BATCH]
        if not ids:
            break
        for each in ids:
            try:
                done += _address(each, at)
            except FAULTS:
                log.exception("obligation %s cannot be addressed", each)
                failed.add(each)
    return done


def _address(obligation: UUID, at: int) -> bool:
    """One obligation in a transaction of its own; False if another worker was first."""
    with transaction.atomic():
        owed = (
            Obligation.objects.seen_by(SYSTEM)
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("ticket__reporter", "supplier", "customer", "agreement")
            .filter(id=obligation, addressed_at=None)
            .first()
        )
        if owed is None:
            return False
        notices = notices_for(owed, at)
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        _deliver(owed, at)
        owed.addressed_at = datetime_of(at)
        owed.save(update_fields=["addressed_at"])
        if any(each.state == NoticeState.OWED for each in notices):
            defer(SEND)
        if any(each.state == NoticeState.DRAFT for each in notices):
            owe(owings=[_approval_of(owed)], at=at)
    return True


def _approval_of(owed: Obligation) -> Owing:
    """Somebody who may approve it must hear that a draft waits for them."""
    assert owed.relation_id is not None
    assert owed.customer_id is not None
    return Owing(
        kind=Kind.APPROVAL,
        parties={
            "relation_id": owed.relation_id,
            "supplier_id": owed.supplier_id,
            "customer_id": owed.customer_id,
        },
        key=f"{owed.kind}/{owed.subject_key}",
        for_at=instant_of(owed.for_at),
        ticket=owed.ticket_id,
        agreement=owed.agreement_id,
        clause=owed.clause,
    )


def notices_for(owed: Obligation, at: int) -> list[Notice]:
    """A notice for each person who is told, in their language, for their hours; not yet stored."""
    if owed.kind in _DRAFTS:
        draft = _DRAFTS[Kind(owed.kind)]
        told = {each: draft(owed, each) for each in people_of(owed, SUPPLIER, at)}
        return _noticed(owed, told, at, waits=False)
    if owed.kind in CONVERSATION:
        said = drafts_of_contact(owed, at)
        now = Placed(NoticeState.OWED, at)
        return [_notice(owed, person, draft, now, at) for person, draft in said.items()]
    if owed.kind == Kind.APPROVAL:
        drafts = waiting_drafts(owed)
        people = people_of(owed, SUPPLIER, at) if drafts else []
        told = {each: draft_of_approval(owed, drafts, each) for each in people}
        return _noticed(owed, told, at, waits=False)
    if owed.ticket_id is not None:
        return _of_ticket(owed, at)
    duty, document = _duty_of(owed), _document_at(owed)
    if duty is None or document is None:
        return []
    is_ours = owed.kind == Kind.DUTY_MISSED and duty.promisor == SUPPLIER
    waits = is_ours and _waits(owed)
    told = {
        each: draft_of_duty(
            owed, duty, document, each, waits=waits and each.organisation_id == owed.supplier_id
        )
        for each in people_of(owed, duty.promisor, at)
    }
    return _noticed(owed, told, at, waits=is_ours)


def _of_ticket(owed: Obligation, at: int) -> list[Notice]:
    about = about_ticket(owed, at)
    if about is None:
        return []
    people = people_of(owed, about.assessed.promise.promisor, at)
    if owed.kind == Kind.BREACH:
        told_ahead = told_before(owed)
        people = [each for each in people if each.id not in told_ahead]
    told = {each: draft_of_ticket(about, each) for each in people}
    return _noticed(owed, told, at, waits=owed_to_customer(owed))


def told_before(owed: Obligation) -> set[UUID | None]:
    """To whom it was said, or is about to be, before it was missed: they are not told twice."""
    assert owed.relation_id is not None
    ahead = Notice.objects.seen_by(SYSTEM).filter(
        obligation__relation_id=owed.relation_id,
        obligation__subject_key=owed.subject_key,
        obligation__kind=Kind.AHEAD,
    )
    said = ahead.exclude(state__in=(NoticeState.WITHHELD, NoticeState.FAILED))
    return set(said.values_list("recipient_id", flat=True))


def waiting_drafts(owed: Obligation) -> list[Notice]:
    """The drafts that an approval is asked for; none where they were decided on meanwhile."""
    assert owed.relation_id is not None
    kind, _, key = owed.subject_key.partition("/")
    rows = Notice.objects.seen_by(SYSTEM).filter(
        obligation__relation_id=owed.relation_id,
        obligation__subject_key=key,
        obligation__kind=kind,
        state=NoticeState.DRAFT,
    )
    return list(rows.select_related("recipient").order_by("recipient__name", "id"))


def about_ticket(owed: Obligation, at: int) -> OfTicket | None:
    """What a notice about a ticket rests on, as of now; None where the cycle is gone (a merge, an
    amendment): then there is nothing to tell.
    """
    assert owed.ticket_id is not None
    assert owed.relation_id is not None
    ground = grounds_of({owed.relation_id: owed.supplier_id}, SYSTEM)[owed.relation_id]
    facts = logs_of([owed.ticket_id], SYSTEM).get(owed.ticket_id, [])
    judgement = judge(facts, ground, max(at, instant_of(owed.owed_at)))
    _, clause, cycle, *_ = owed.subject_key.split("/")
    found = [
        each
        for each in judgement.assessed
        if each.promise.clause == clause and each.cycle == int(cycle)
    ]
    if not found or judgement.governing is None:
        return None
    version = AgreementVersion.objects.seen_by(SYSTEM).get(id=judgement.governing.version.id)
    document = document_of(bytes(version.document))
    return OfTicket(owed, judgement, found[0], document, _waits(owed))


def _duty_of(owed: Obligation) -> Duty | None:
    agreement, clause, planned_on = owed.subject_key.split("/")
    rows = Duty.objects.seen_by(SYSTEM).filter(agreement_id=agreement)
    return rows.filter(clause=clause, planned_on=planned_on).first()


def _document_at(owed: Obligation) -> Document | None:
    """The newest document of the agreement that has the clause."""
    assert owed.relation_id is not None
    signed = versions_of([owed.relation_id], SYSTEM).get(owed.relation_id, ())
    for each in reversed(signed):
        mine = each.row.agreement_id == owed.agreement_id
        if mine and any(clause.id == owed.clause for clause in each.document.clauses):
            return each.document
    return None


# Notices ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a notice begins its way, and when it may leave."""

    state: NoticeState
    send_after: int


def _noticed(owed: Obligation, told: dict[Person, Draft], at: int, *, waits: bool) -> list[Notice]:
    """`waits`: what its customer is told waits for approval, unless the agreement says that it
    leaves by itself.
    """
    by_itself = not waits or not _waits(owed)
    notices = []
    for person, draft in told.items():
        held = person.organisation_id == owed.customer_id and not by_itself
        placed = Placed(NoticeState.DRAFT, at) if held else placed_for(person, at)
        notices.append(_notice(owed, person, draft, placed, at))
    return notices


def _waits(owed: Obligation) -> bool:
    """Whether what the customer is told of it waits for approval: as its agreement wants it."""
    own = owed.agreement_id
    return own is None or not telling_of(own, SYSTEM).breach_by_itself


def _notice(owed: Obligation, person: Person, draft: Draft, placed: Placed, at: int) -> Notice:
    is_held = placed.state == NoticeState.DRAFT
    return Notice(
        id=new_id(at),
        relation_id=owed.relation_id,
        supplier_id=owed.supplier_id,
        customer_id=owed.customer_id,
        obligation=owed,
        ticket_id=owed.ticket_id,
        sender_id=owed.supplier_id,
        recipient_organisation_id=person.organisation_id,
        recipient=person,
        address=person.email,
        language=person.language,
        title=draft.title,
        body=draft.body,
        asks=draft.asks,
        state=placed.state,
        made_at=datetime_of(at),
        dated_at=None if is_held else datetime_of(at),
        send_after=datetime_of(placed.send_after),
    )


def placed_for(person: Person, at: int) -> Placed:
    """In their hours; in their digest if they want one, or once they have had their day's most."""
    wish = wish_of(person)
    if wish.digest:
        return Placed(NoticeState.GATHERED, digest_at(wish, at))
    moment = tell_at(wish, at)
    start, end = (datetime_of(each) for each in day_of(wish, moment))
    that_day = Notice.objects.seen_by(SYSTEM).filter(
        recipient=person, send_after__gte=start, send_after__lt=end
    )
    held = (NoticeState.GATHERED, NoticeState.WITHHELD, NoticeState.DRAFT)
    if that_day.exclude(state__in=held).count() >= wish.most_a_day:
        return Placed(NoticeState.GATHERED, digest_at(wish, moment))
    return Placed(NoticeState.OWED, moment)


def wish_of(person: Person) -> Wish:
    """How somebody wants to be told; without a row at any time, in their organisation's zone."""
    row = Habit.objects.seen_by(SYSTEM).filter(person=person).first()
    if row is None:
        return Wish()
    return Wish(
        row.from_minute,
        row.until_minute,
        row.zone,
        row.weekdays_only,
        row.digest,
        row.most_a_day,
    )


# Channels -----------------------------------------------------------------------------------------


def _deliver(owed: Obligation, at: int) -> None:
    """The supplier's own channels are told what is owed, in ids and codes: nothing personal."""
    channels = Channel.objects.seen_by(SYSTEM).filter(organisation_id=owed.supplier_id)
    wanting = [each for each in channels.filter(ended_at=None) if _wants(each, owed.kind)]
    Delivery.objects.bulk_create(
        (
            Delivery(
                id=new_id(at),
                organisation_id=owed.supplier_id,
                channel=each,
                obligation=owed,
                body=event_of(owed),
                made_at=datetime_of(at),
                send_after=datetime_of(at),
            )
            for each in wanting
        ),
        ignore_conflicts=True,
    )
    if wanting:
        defer(SEND)


def _wants(channel: Channel, kind: str) -> bool:
    return not channel.events or kind in channel.events


def event_of(owed: Obligation) -> bytes:
    """The event's bytes, made once: what is signed, and sent alike at each attempt."""
    ticket, agreement = owed.ticket, owed.agreement
    event = {
        "type": f"afspraak.{owed.kind}",
        "id": str(owed.id),
        "for_at": owed.for_at.isoformat(),
        "owed_at": owed.owed_at.isoformat(),
        "ticket": ticket.number if ticket else None,
        "ticket_id": str(owed.ticket_id) if owed.ticket_id else None,
        "customer": owed.customer.name if owed.customer else None,
        "agreement": agreement.reference if agreement else None,
        "clause": owed.clause or None,
        "percent": owed.percent,
    }
    kept = {name: value for name, value in event.items() if value is not None}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
