"""The only place where tickets and facts are written: facts are appended, once each (F1-F3)."""

from collections.abc import Mapping
from secrets import token_bytes
from typing import Final
from uuid import UUID

from afspraak.engine.time import datetime_of
from afspraak.ledger.actions import OpenLog
from afspraak.ledger.canonical import Json, instant_text
from afspraak.ledger.ids import new_id
from afspraak.ledger.leaf import SALT_BYTES, Salted
from afspraak.parties.actions import Actor
from afspraak.parties.models import Organisation
from afspraak.rights.insert import insert_rows, know, new_row
from afspraak.rights.planned import once_answered, planned, together
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact, Note, NumberSeries, Ticket, Words

KIND_OF = {"service": "outage", "promise": "evidence"}
"""The kind of leaf that a subject's facts are; all others are plain facts."""


def begin_numbers(*, supplier: Organisation, prefix: str = "") -> None:
    """A supplier's series, with what stands before its numbers."""
    NumberSeries.objects.bulk_create([NumberSeries(organisation=supplier, prefix=prefix)])


def open_ticket(
    *,
    log: OpenLog,
    title: str,
    at: int,
    reporter: UUID | None = None,
    foreign: str = "",
    third_party_of: UUID | None = None,
) -> Ticket:
    """The row that a ticket's facts hang under; not yet in the database, and without its number."""
    return new_row(
        Ticket,
        {
            **log.parties,
            "id": new_id(at),
            "title": title[:300],
            "reporter_id": reporter,
            "foreign": foreign,
            "third_party_of_id": third_party_of,
            "created_at": datetime_of(log.logged_at),
        },
    )


def write_down(
    *, log: OpenLog, told: Happened, fields: Mapping[str, str], ticket: Ticket | None, at: int
) -> tuple[Fact, Words | None]:
    """Give a fact its place in the relation's log (F2); the rows are not yet in the database.
    `fields` are those that it states, with what follows from them.

    `recorded_at` is when it was logged, except for an import that carries its own system's.
    """
    fact_id = new_id(at)
    recorded_at = min(told.recorded_at or log.logged_at, log.logged_at)
    words = _words(log, told, ticket, at)
    data = told.data(fields)
    seq = log.append(
        kind=KIND_OF.get(told.subject, "fact"),
        subject_id=fact_id,
        body=_body(told, fact_id, ticket, recorded_at, data),
        texts={"words": Salted(bytes(words.salt), words.body)} if words else {},
    )
    fact = new_row(
        Fact,
        {
            **log.parties,
            "id": fact_id,
            "seq": seq,
            "logged_at": datetime_of(log.logged_at),
            "subject": told.subject,
            "ticket_id": ticket.id if ticket else None,
            "agreement_id": told.agreement,
            "code": told.code,
            "happened_at": datetime_of(told.happened_at),
            "recorded_at": datetime_of(recorded_at),
            "by": told.by,
            "recorded_by": told.recorded_by,
            "person_id": told.person,
            "data": data,
            "words_id": words.id if words else None,
            "source": told.source,
            "source_id": told.source_id or str(fact_id),
            "is_imported": told.is_imported,
        },
    )
    if words is not None:
        know(fact, "words", words)
    return fact, words


def keep(*, tickets: list[Ticket], words: list[Words], facts: list[Fact]) -> None:
    """The rows of one walk, in the order in which they point to each other. A new ticket gets its
    number as it is written: until the transaction ends nobody else of the supplier's gets one (no
    gaps), so nothing is waited for in between.
    """
    opened: dict[UUID, list[Ticket]] = {}
    for ticket in tickets:
        opened.setdefault(ticket.supplier_id, []).append(ticket)
    with together():
        for supplier in sorted(opened):  # always in the same order: nobody waits in a circle
            _count_on(supplier, opened[supplier])
        insert_rows(tickets, instead={"number": _NUMBER})
        insert_rows(words)
        insert_rows(facts)


def _count_on(supplier: UUID, tickets: list[Ticket]) -> None:
    """The supplier's series goes on by these tickets. Which numbers they have is known once the
    database has answered: until then each says how many come after it.
    """
    counted = list(enumerate(reversed(tickets)))
    for after, ticket in counted:
        ticket.number = str(after)
    cursor = planned()
    cursor.execute(
        """
        INSERT INTO tickets_numberseries AS series (organisation_id, prefix, last)
        VALUES (%s, '', %s)
        ON CONFLICT (organisation_id) DO UPDATE SET last = series.last + EXCLUDED.last
        RETURNING prefix, last
        """,
        [supplier, len(tickets)],
    )

    def read() -> None:
        with cursor:
            prefix, last = cursor.fetchone()
        for after, ticket in counted:
            ticket.number = f"{prefix}{last - after}"

    once_answered(read)


_NUMBER: Final = """(SELECT series.prefix || (series.last - told.number::integer)
    FROM tickets_numberseries series WHERE series.organisation_id = told.supplier_id)"""
"""A ticket's number, from how many of its supplier's come after it."""


def _words(log: OpenLog, told: Happened, ticket: Ticket | None, at: int) -> Words | None:
    if not told.words:
        return None
    return new_row(
        Words,
        {
            **log.parties,
            "id": new_id(at),
            "ticket_id": ticket.id if ticket else None,
            "salt": token_bytes(SALT_BYTES),
            "body": told.words,
        },
    )


def _body(
    told: Happened,
    fact_id: UUID,
    ticket: Ticket | None,
    recorded_at: int,
    data: dict[str, Json],
) -> dict[str, Json]:
    """What stands in the leaf: ids, codes and times; nothing personal. That a fact is another
    system's word is sealed with it: nobody can say later that it was recorded here as it happened.
    """
    body: dict[str, Json] = {
        "fact": str(fact_id),
        "code": told.code,
        "subject": told.subject,
        "happened_at": instant_text(told.happened_at),
        "recorded_at": instant_text(recorded_at),
        "by": told.by,
        "recorded_by": told.recorded_by,
        "data": data,
    }
    if ticket is not None:
        body["ticket"] = str(ticket.id)
    if told.agreement is not None:
        body["agreement"] = str(told.agreement)
    if told.is_imported:
        body["imported"] = True
    return body


def erase_words(*, log: OpenLog, words: Words, why: str, at: int) -> None:
    """Take a personal text away, with its salt: its hash in the log stays, and tells nobody what it
    was.
    """
    log.append(kind="erasure", subject_id=words.id, body={"words": str(words.id), "why": why[:80]})
    words.body, words.salt, words.erased_at = "", b"", datetime_of(at)
    words.save(update_fields=["body", "salt", "erased_at"])


def write_note(*, ticket: Ticket, actor: Actor, body: str, at: int) -> Note:
    """What one side writes for itself beside a ticket."""
    assert actor.person is not None, "a person writes, or a token that a person made"
    note = Note(
        id=new_id(at),
        organisation_id=actor.organisation,
        ticket=ticket,
        person_id=actor.person,
        body=body,
        written_at=datetime_of(at),
    )
    note.save(force_insert=True)
    return note
