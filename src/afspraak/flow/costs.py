"""The walk of extra cost: proposed by the supplier, agreed by a person of the customer within that
person's limit. Waiting for it is a question, so that it is told whose turn it is.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q

from afspraak.agreements.load import versions_of
from afspraak.clocks.load import grounds_of
from afspraak.engine.facts import CUSTOMER
from afspraak.engine.in_force import NotCovered, governing_version
from afspraak.engine.periods import Period, period_of
from afspraak.engine.time import Refusal, datetime_of, instant_of, local_date, zone_of
from afspraak.language.document import Document
from afspraak.language.schema_prices import CostLimit, ExtraCostClause
from afspraak.parties.models import Person, Relation
from afspraak.rights.viewer import Viewer
from afspraak.tickets.costs import sum_of, sums_of
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

AGREED: Final = "cost_agreed"
ANSWERS: Final = frozenset({AGREED, "cost_declined"})
_SUM: Final = re.compile(r"([A-Z]{3}) (\d{1,9}\.\d{2})")


def with_question(told: Happened, name: str) -> list[Happened]:
    """A proposal, and the question that waits for its answer. `name` is what later facts call the
    proposal; the question's is made of it.
    """
    proposal = replace(told, id=name)
    question = replace(
        told,
        code="question",
        id=f"{name}?",
        to=CUSTOMER,
        cost="",
        more={"cost": name, "channel": "proposal"},
        source_id=f"{told.source_id}?" if told.source_id else "",
    )
    return [proposal, question]


def with_answer(told: Happened, open_questions: Iterable[str]) -> list[Happened]:
    """Consent or refusal, and with it the answer to the question that waited for it."""
    question = f"{told.of}?"
    if question not in open_questions:
        return [told]
    answer = replace(
        told,
        code="answer",
        by=CUSTOMER,
        of=question,
        source_id=f"{told.source_id}?" if told.source_id else "",
    )
    return [told, answer]


# Within whose limit -------------------------------------------------------------------------------


def refuse_beyond_limit(told: Happened, viewer: Viewer, at: int, fresh: Sequence[Fact]) -> None:
    """Refuses consent by somebody whom the agreement does not let consent, or beyond their limit,
    naming who may. Where it names nobody, the right to consent is enough. `fresh` are facts of this
    transaction that are not in the database yet.
    """
    if told.code != AGREED or told.is_imported or told.person is None:
        return
    document = _document(told, viewer, at)
    limits = limits_of(document) if document else ()
    if not document or not limits:
        return
    proposed = sums_of([(told.ticket, told.of)], viewer, fresh)
    if not proposed:
        raise Refusal("there is no such proposal on this ticket: agree to one that was made")
    sum_, currency = parsed(*proposed.values())
    person = Person.objects.seen_by(viewer).filter(pk=told.person).first()
    name = person.name if person else "-"
    own = [each for each in limits if _same(each.by, name)]
    if not own:
        raise Refusal(
            "%(person)s may agree to no extra cost under this agreement: ask %(others)s",
            person=name,
            others=who_may(limits, sum_),
        )
    for limit in own:
        total = sum_ + _agreed_before(limit, told, document, viewer, fresh)
        if total > limit.up_to.amount or currency != limit.up_to.currency:
            raise Refusal(
                "%(person)s agrees to at most %(limit)s (%(per)s), and this makes it %(total)s:"
                " ask %(others)s",
                person=name,
                limit=str(limit.up_to),
                per=limit.per,
                total=f"{currency} {total}",
                others=who_may(limits, total),
            )


def limits_of(document: Document) -> tuple[CostLimit, ...]:
    """Who may agree to what, as the agreement says."""
    return tuple(limit for clause in document.of_type(ExtraCostClause) for limit in clause.limits)


def who_may(limits: Iterable[CostLimit], sum_: Decimal) -> str:
    """Those whose limit is wide enough; without any, all who have one."""
    known = list(limits)
    wide = [each.by for each in known if each.up_to.amount >= sum_]
    return ", ".join(dict.fromkeys(wide or [each.by for each in known]))


def parsed(cost: str) -> tuple[Decimal, str]:
    """`EUR 95.00` -> (95.00, EUR)."""
    found = _SUM.fullmatch(cost)
    if found is None:
        raise Refusal("%(cost)s is no sum: write it as EUR 95.00", cost=cost or "-")
    return Decimal(found[2]), found[1]


def _document(told: Happened, viewer: Viewer, at: int) -> Document | None:
    """The agreement in force when consent is given."""
    relation = Relation.objects.seen_by(viewer).filter(pk=told.relation).first()
    if relation is None:
        return None
    ground = grounds_of({relation.id: relation.supplier_id}, viewer)[relation.id]
    when = min(told.happened_at, at)
    try:
        version = governing_version(ground.versions, when, at).version
    except NotCovered:
        return None
    signed = versions_of([relation.id], viewer)[relation.id]
    return next(each.document for each in signed if each.version.id == version.id)


def _agreed_before(
    limit: CostLimit, told: Happened, document: Document, viewer: Viewer, fresh: Sequence[Fact]
) -> Decimal:
    """What this person has agreed to already, in the case or the period of the limit."""
    facts = Fact.objects.seen_by(viewer).filter(
        Q(person=told.person), relation_id=told.relation, code=AGREED
    )
    if limit.per == "case":
        facts = facts.filter(Q(ticket=told.ticket))
    else:
        zone = zone_of(document.zone)
        on = local_date(zone, told.happened_at)
        whole = Period(document.term.from_on, document.term.until_on)
        start, end = period_of(on, limit.per, whole).spans(zone)
        facts = facts.filter(happened_at__gte=datetime_of(start), happened_at__lt=datetime_of(end))
    now = [
        each
        for each in fresh
        if each.code == AGREED
        and each.person_id == told.person
        and (limit.per != "case" or each.ticket_id == told.ticket)
    ]
    named = [sum_of(each) for each in (*facts, *now)]
    sums = sums_of(named, viewer, fresh)
    known = [sums.get(each, "") for each in named]
    return sum((parsed(each)[0] for each in known if _SUM.fullmatch(each)), Decimal(0))


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


# What was done before consent ---------------------------------------------------------------------


def work_before_consent(facts: Sequence[Fact]) -> frozenset[UUID]:
    """Facts of work that happened while a proposed cost still waited for its answer."""
    waiting: set[str] = set()
    found = set()
    for fact in sorted(facts, key=lambda each: (instant_of(each.happened_at), each.seq)):
        if fact.code == "cost_proposed":
            waiting.add(str(fact.data.get("id") or fact.id))
        elif fact.code in ANSWERS:
            waiting.discard(fact.data.get("of", ""))
        elif fact.code in ("workaround", "solved") and waiting:
            found.add(fact.id)
    return frozenset(found)
