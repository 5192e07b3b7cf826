"""What is written to whom a ticket is for: every word that the desk says about it, and a receipt of
a report that came by mail. Below it stands what was promised; above it, where to answer.
"""

from typing import Final
from uuid import UUID

from afspraak.clocks.judge import judge
from afspraak.clocks.load import grounds_of
from afspraak.clocks.verdict import Promised, Verdict, verdict_of
from afspraak.engine.time import instant_of, parse_instant
from afspraak.notices.drafting import TITLE_CHARS, Draft, tidy
from afspraak.notices.models import Kind, Obligation
from afspraak.notices.recipients import reporter_of
from afspraak.notices.words import Texts, lang_of
from afspraak.parties.models import Organisation, Person
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.models import Fact
from afspraak.tickets.stored import logs_of

CONVERSATION: Final = (Kind.CONTACT, Kind.RECEIPT)
"""What is said in a conversation: at once, whatever somebody's hours, and never in a digest."""


def drafts_of_contact(owed: Obligation, at: int) -> dict[Person, Draft]:
    """A contact, or a receipt, for the person who reported; nobody where they have no address, or
    are not the customer's.
    """
    people = reporter_of(owed)
    if not people:
        return {}
    fact = _fact_of(owed)
    verdict = _verdict_on(owed, at)
    return {each: _draft(owed, fact, verdict, each) for each in people}


def _fact_of(owed: Obligation) -> Fact:
    _, fact = owed.subject_key.split("/")
    rows = Fact.objects.seen_by(SYSTEM).select_related("words", "person")
    return rows.get(id=UUID(fact))


def _verdict_on(owed: Obligation, at: int) -> Verdict:
    assert owed.ticket_id is not None
    assert owed.relation_id is not None
    ground = grounds_of({owed.relation_id: owed.supplier_id}, SYSTEM)[owed.relation_id]
    facts = logs_of([owed.ticket_id], SYSTEM).get(owed.ticket_id, [])
    return verdict_of(judge(facts, ground, max(at, instant_of(owed.owed_at))))


def _draft(owed: Obligation, fact: Fact, verdict: Verdict, person: Person) -> Draft:
    assert owed.ticket is not None
    texts = Texts(lang_of(person.language), owed.supplier.zone)
    slots = {
        "number": owed.ticket.number,
        "subject": owed.ticket.title,
        "name": person.name,
        "supplier": owed.supplier.name,
        "promise": promise_line(verdict, texts),
    }
    if owed.kind == Kind.CONTACT:
        slots["said"] = said_in(fact, texts)
        slots["writer"] = f"{fact.person.name}\n" if fact.person else ""
    title = texts.say(owed.kind, "title", **slots)[:TITLE_CHARS]
    return Draft(title, tidy(texts.say(owed.kind, "body", **slots)))


def said_in(fact: Fact, texts: Texts) -> str:
    """What a fact says to the customer: what it is, what was written, until when, at what cost."""
    lines = [texts.either("said", fact.code, "other")]
    if fact.words is not None:
        lines.append(fact.words.body)
    until = fact.data.get("until")
    if until is not None:
        lines.append(texts.say("said", "until", until=texts.moment(parse_instant(until))))
    cost = fact.data.get("cost")
    if cost:
        lines.append(texts.say("said", "cost", cost=cost))
    return "\n".join(each for each in lines if each)


def promise_line(verdict: Verdict, texts: Texts) -> str:
    """The verdict in one line, as the customer may know it: what was promised, and until when."""
    if verdict.outside:
        return texts.say("promise", "outside")
    leads = verdict.leads
    if leads is None:
        return texts.say("promise", "unclear") if verdict.refused else ""
    return _of_leading(leads, texts)


def _of_leading(leads: Promised, texts: Texts) -> str:
    measure = texts.say("measure", leads.measure)
    slots = {"measure": measure, "measure_up": measure[:1].upper() + measure[1:]}
    if leads.state == "paused":
        return texts.say("promise", "paused", **slots)
    due_at = leads.missed_at if leads.state == "missed" else leads.due_at
    if due_at is None or leads.state not in ("running", "missed"):
        return ""
    due = texts.moment(due_at)
    return texts.say("promise", leads.state, due=due, number=leads.number, **slots)


def draft_for_stranger(supplier: Organisation, language: str) -> Draft:
    """The automatic answer to a mail that could not be placed: none of its own words are in it."""
    texts = Texts(lang_of(language), supplier.zone)
    call = texts.say("stranger", "call", phone=supplier.phone) if supplier.phone else ""
    title = texts.say("stranger", "title", supplier=supplier.name)[:TITLE_CHARS]
    return Draft(title, tidy(texts.say("stranger", "body", supplier=supplier.name, call=call)))
