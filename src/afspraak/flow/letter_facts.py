"""Which fact a mail is: a report, a contact, or the answer to the question that is open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from afspraak.agreements.load import versions_of
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.facts import Fact as Said
from afspraak.notices.models import Kind, Notice
from afspraak.parties.models import Person
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Ticket
from afspraak.tickets.stored import logs_of

TITLE_CHARS: Final = 300
NO_SUBJECT: Final = "..."


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote, and when our server had it (K1). `text` is all of it, `reply` without
    what it quotes; `references` are the messages that it answers, the nearest first.
    """

    at: int
    person: Person | None
    subject: str
    text: str
    reply: str
    references: Sequence[str]
    source: str
    source_id: str


def report_told(written: Written, relation: UUID) -> Happened:
    """A report. Of what a contract asks only what it leaves no choice in is filled in; the rest is
    the desk's to say.
    """
    person = written.person.id if written.person else None
    return Happened(
        relation=relation,
        code="reported",
        happened_at=written.at,
        recorded_by=SUPPLIER,
        by=CUSTOMER,
        person=person,
        reporter=person,
        title=written.subject[:TITLE_CHARS] or NO_SUBJECT,
        words=written.text,
        fields=_fields(relation),
        source=written.source,
        source_id=written.source_id,
    )


def about_ticket(written: Written, ticket: Ticket, party: str) -> Happened:
    """What one of a ticket's two sides says about it. The supplier's server took it, so the
    supplier records it.
    """
    question = _question(ticket, written.references) if party == CUSTOMER else ""
    code = "answer" if question else f"{party}_contact"
    return Happened(
        relation=ticket.relation_id,
        code=code,
        happened_at=written.at,
        recorded_by=SUPPLIER,
        by=party,
        ticket=ticket.id,
        person=written.person.id if written.person else None,
        of=question,
        words=written.reply,
        source=written.source,
        source_id=written.source_id,
    )


def _fields(relation: UUID) -> Mapping[str, str]:
    signed = versions_of([relation], SYSTEM).get(relation, ())
    services = {name for each in signed for name in each.terms.fields.values.get("service", ())}
    return {"service": services.pop()} if len(services) == 1 else {}


# Questions ----------------------------------------------------------------------------------------


def _question(ticket: Ticket, references: Sequence[str]) -> str:
    """The open question that is answered: the one whose mail this answers, else the only one; none
    where several are open and nobody can tell which is meant.
    """
    opened = open_questions(logs_of([ticket.id], SYSTEM).get(ticket.id, []))
    if len(opened) == 1:
        return opened[0].id
    if not opened:
        return ""
    facts = {fact: each.id for each in opened for fact in (each.source_id, each.id)}
    return next((facts[name] for name in _asked_in(ticket, references) if name in facts), "")


def open_questions(facts: Iterable[Said]) -> list[Said]:
    """Questions to the customer that nobody has answered; a solution withdraws them (K6)."""
    opened: dict[str, Said] = {}
    for fact in facts:
        if fact.code == "question" and fact.to == CUSTOMER:
            opened[fact.id] = fact
        elif fact.code == "answer":
            opened.pop(fact.of, None)
        elif fact.code == "solved":
            opened.clear()
    return list(opened.values())


def _asked_in(ticket: Ticket, references: Sequence[str]) -> list[str]:
    """The facts whose mails these are, in the order of the references: a fact's own id stands in
    its obligation's key.
    """
    mails = Notice.objects.seen_by(SYSTEM).filter(
        ticket=ticket, message_id__in=references, obligation__kind=Kind.CONTACT
    )
    keys = dict(mails.values_list("message_id", "obligation__subject_key"))
    return [keys[name].rpartition("/")[2] for name in references if name in keys]
