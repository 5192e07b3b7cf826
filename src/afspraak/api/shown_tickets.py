"""Tickets and their facts as answers: allow-lists, by who looks."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist

from afspraak.api.auth import sees_money, works_for
from afspraak.api.kinds import Moment, Shown, show, shown
from afspraak.clocks.models import Standing
from afspraak.parties.identity import Identity
from afspraak.tickets.models import Fact, Ticket

Told = dict[str, Any]
"""An answer by its names, exactly those of the form beside it: what is written many times a second
is written from here, and the tests hold the one to the other.
"""

COVERED_BY_NONE = "not covered"
"""What is told of a report outside every agreement to those who see no rates."""


class StandingShown(Shown):
    """How a ticket stands: whose turn, until when. `fault` and `next_look_at` only for the
    supplier's own people.
    """

    agreement: UUID | None
    version: UUID | None
    service: str
    level: str
    priority: str
    kind: str
    site: str
    is_open: bool
    is_frozen: bool
    is_late: bool
    turn: str
    due_at: Moment | None
    leads: str
    outside: str
    reported_at: Moment | None
    solved_at: Moment | None
    next_look_at: Moment | None = None
    fault: str | None = None


class TicketShown(Shown):
    """A ticket."""

    id: UUID
    relation: UUID
    supplier: UUID
    customer: UUID
    number: str
    title: str
    reporter: UUID | None
    foreign: str
    created_at: Moment
    standing: StandingShown | None


def ticket_shown(ticket: Ticket, identity: Identity) -> TicketShown:
    """A ticket for who looks."""
    return TicketShown.model_validate(ticket_told(ticket, identity))


def ticket_told(ticket: Ticket, identity: Identity) -> Told:
    """The same as it is written down."""
    return {
        "id": ticket.id,
        "relation": ticket.relation_id,
        "supplier": ticket.supplier_id,
        "customer": ticket.customer_id,
        "number": ticket.number,
        "title": ticket.title,
        "reporter": ticket.reporter_id,
        "foreign": ticket.foreign,
        "created_at": shown(ticket.created_at),
        "standing": _standing(ticket, identity),
    }


def _standing(ticket: Ticket, identity: Identity) -> Told | None:
    try:
        row: Standing = ticket.standing
    except ObjectDoesNotExist:
        return None
    return standing_told(row, identity)


def standing_shown(row: Standing, identity: Identity) -> StandingShown:
    """How a ticket stands, for who looks."""
    return StandingShown.model_validate(standing_told(row, identity))


def standing_told(row: Standing, identity: Identity) -> Told:
    """The same as it is written down."""
    inside = works_for(identity, row.supplier_id)
    return {
        "agreement": row.agreement_id,
        "version": row.version_id,
        "service": row.service,
        "level": row.level,
        "priority": row.priority,
        "kind": row.kind,
        "site": row.site,
        "is_open": row.is_open,
        "is_frozen": row.is_frozen,
        "is_late": row.is_late,
        "turn": row.turn,
        "due_at": show(row.due_at),
        "leads": row.leads,
        "outside": outside_shown(row.outside, identity),
        "reported_at": show(row.reported_at),
        "solved_at": show(row.solved_at),
        "next_look_at": show(row.next_look_at) if inside else None,
        "fault": row.fault if inside else None,
    }


def outside_shown(outside: str, identity: Identity) -> str:
    """Why no agreement governs, with the rate that then applies for those who see prices."""
    return outside if sees_money(identity) or not outside else COVERED_BY_NONE


class FactShown(Shown):
    """A fact with its two times and its place in the log (F2). `cost` is left out for who sees no
    prices.
    """

    id: UUID
    seq: int
    subject: str
    ticket: UUID | None
    agreement: UUID | None
    code: str
    happened_at: Moment
    recorded_at: Moment
    logged_at: Moment
    by: str
    recorded_by: str
    person: UUID | None
    words: str
    words_erased: bool
    of: str | None
    to: str | None
    cause: str | None
    agreed: bool
    until: Moment | None
    reported_at: Moment | None
    cost: str | None
    fields: dict[str, str]
    set: dict[str, Any] | None
    more: dict[str, Any] | None
    source: str
    source_id: str
    is_imported: bool


def fact_shown(row: Fact, identity: Identity) -> FactShown:
    """A fact for who looks."""
    return FactShown.model_validate(fact_told(row, identity))


def fact_told(row: Fact, identity: Identity) -> Told:
    """The same as it is written down."""
    data, words = row.data, row.words
    return {
        "id": row.id,
        "seq": row.seq,
        "subject": row.subject,
        "ticket": row.ticket_id,
        "agreement": row.agreement_id,
        "code": row.code,
        "happened_at": shown(row.happened_at),
        "recorded_at": shown(row.recorded_at),
        "logged_at": shown(row.logged_at),
        "by": row.by,
        "recorded_by": row.recorded_by,
        "person": row.person_id,
        "words": words.body if words else "",
        "words_erased": bool(words and words.erased_at),
        "of": data.get("of"),
        "to": data.get("to"),
        "cause": data.get("cause"),
        "agreed": data.get("agreed", False),
        "until": data.get("until"),
        "reported_at": data.get("reported_at"),
        "cost": data.get("cost") if sees_money(identity) else None,
        "fields": data.get("fields", {}),
        "set": data.get("set"),
        "more": data.get("more"),
        "source": row.source,
        "source_id": row.source_id,
        "is_imported": row.is_imported,
    }
