"""A question to a third party opens its ticket under its own agreement; what solves that one
answers ours (C5).
"""

from collections.abc import Mapping
from uuid import UUID

from afspraak.agreements.load import Signed, versions_of
from afspraak.agreements.models import Agreement
from afspraak.engine.time import instant_of
from afspraak.flow.facts import Taken, take_fact
from afspraak.rights.viewer import SYSTEM
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact, Ticket

QUESTION = "question:"
"""What a third party's ticket is called by: the fact that asked."""
FIELDS = ("service", "priority", "kind", "site")


def ask_others(*, fact: UUID, at: int) -> Taken | None:
    """Pass a question on, or bring an answer back: the same fact once, however often it is tried.
    None where no agreement hangs under ours: then the promise is shown as declared.
    """
    told = Fact.objects.seen_by(SYSTEM).select_related("ticket", "words").filter(id=fact).first()
    if told is None or told.ticket is None:
        return None
    if told.code == "question":
        return _ask(told, told.ticket, at)
    if told.code == "solved" and told.ticket.third_party_of_id:
        return _answer(told, told.ticket, at)
    return None


def _ask(question: Fact, ticket: Ticket, at: int) -> Taken | None:
    theirs = _agreement_under(ticket)
    if theirs is None:
        return None
    return take_fact(
        told=Happened(
            relation=theirs.row.relation_id,
            code="reported",
            happened_at=instant_of(question.happened_at),
            recorded_by="customer",
            foreign=f"{QUESTION}{question.id}",
            title=ticket.title,
            words=_words(question),
            fields=_fields(ticket, theirs),
            more={"third_party_of": str(ticket.id)},
            source_id=f"question/{question.id}",
        ),
        viewer=SYSTEM,
        at=at,
    )


def _answer(solved: Fact, theirs: Ticket, at: int) -> Taken | None:
    question = Fact.objects.seen_by(SYSTEM).filter(id=theirs.foreign.removeprefix(QUESTION)).first()
    if question is None:
        return None
    return take_fact(
        told=Happened(
            relation=question.relation_id,
            code="answer",
            happened_at=instant_of(solved.happened_at),
            recorded_by="supplier",
            ticket=question.ticket_id,
            by="third_party",
            of=question.data.get("id") or str(question.id),
            words=_words(solved),
            source_id=f"answer/{solved.id}",
        ),
        viewer=SYSTEM,
        at=at,
    )


def _agreement_under(ticket: Ticket) -> Signed | None:
    """The newest version of the agreement that stands behind ours, if one does."""
    standing = getattr(ticket, "standing", None)
    if standing is None or standing.agreement_id is None:
        return None
    under = Agreement.objects.seen_by(SYSTEM).filter(under_id=standing.agreement_id)
    for agreement in under.order_by("under_clause", "reference"):
        signed = versions_of([agreement.relation_id], SYSTEM).get(agreement.relation_id, ())
        mine = [each for each in signed if each.row.agreement_id == agreement.id]
        if mine:
            return max(mine, key=lambda each: each.version.age)
    return None


def _fields(ticket: Ticket, theirs: Signed) -> Mapping[str, str]:
    """What their contract knows of our ticket's fields; its only service where ours is not theirs.
    Nothing else is guessed: what is missing, the law names.
    """
    values = theirs.terms.fields.values
    ours = {name: getattr(ticket.standing, name) for name in FIELDS}
    found = {name: value for name, value in ours.items() if value in values.get(name, ())}
    services = values.get("service", ())
    if "service" not in found and len(services) == 1:
        found["service"] = services[0]
    return found


def _words(fact: Fact) -> str:
    return fact.words.body if fact.words else ""
