"""A form about a ticket as what happened: strictly read, each thing that is missing named."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from afspraak.engine.facts import CAUSES, CUSTOMER, THIRD_PARTY
from afspraak.engine.time import MINUTE, Refusal
from afspraak.flow.costs import with_answer, with_question
from afspraak.parties.identity import Identity
from afspraak.tickets.costs import STATES_COST
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact, Ticket
from afspraak.web.acts import (
    CONSENT,
    DISPUTE,
    Stands,
    correctable,
    happened_at,
    id_of,
    open_questions,
    pauses,
    proposals,
    questions_to_answer,
    unagreed,
    waiting,
)
from afspraak.web.filled import moment_of, one_of, text_of, uuid_of

NEEDS_WORDS: Final = frozenset(
    {
        "supplier_contact",
        "customer_contact",
        "question",
        "answer",
        "diagnosis",
        "workaround",
        "solved",
        "rejected",
        "voided",
        "cost_proposed",
        "contribution",
        "corrected",
        DISPUTE,
    }
)
FIELDS: Final = ("priority", "service", "kind", "site")
"""The finite fields that a reclassification may state."""
_SUM: Final = re.compile(r"(?:[A-Z]{3} ?|€ ?)?(\d{1,9})(?:[.,](\d{1,2}))?")
_NEAR: Final = MINUTE
"""A minute is all that a browser's field for a moment tells."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was sent: about what, by whom, when."""

    told: QueryDict
    ticket: Ticket
    stands: Stands
    identity: Identity
    zone: str
    currency: str
    at: int

    @property
    def words(self) -> str:
        """What was written."""
        return text_of(self.told, "words")

    def happened(self, code: str) -> Happened:
        """What every fact says."""
        once = uuid_of(self.told, "once")
        return Happened(
            relation=self.ticket.relation_id,
            code=code,
            happened_at=self.at,
            recorded_by=self.stands.side,
            ticket=self.ticket.pk,
            person=self.identity.actor.person,
            words=self.words,
            source_id=f"form/{once}" if once else "",
        )


def told_from(form: Form, code: str) -> list[Happened]:
    """What happened, as the form has it. Raises Refusal where something it needs is missing."""
    if code in NEEDS_WORDS and not form.words:
        raise Refusal(_("Write a few words: both sides read them."))
    made = _MADE.get(code)
    if made is not None:
        return made(form)
    told = form.happened(code)
    if code in STATES_COST:
        told = replace(told, cost=_cost(form), until=_until(form, code))
    return [told]


# One code each ------------------------------------------------------------------------------------


def _question(form: Form) -> list[Happened]:
    to = one_of(form.told, "to", (CUSTOMER, THIRD_PARTY)) or CUSTOMER
    return [replace(form.happened("question"), to=to)]


def _answer(form: Form) -> list[Happened]:
    """Which question is answered, and by whom."""
    asked = {each.id: each.to for each in questions_to_answer(form.stands)}
    of = one_of(form.told, "of", asked) or next(iter(asked), "")
    if not of:
        raise Refusal(_("There is no open question to answer."))
    if form.stands.side == CUSTOMER and asked[of] != CUSTOMER:
        raise Refusal(_("That question was not put to you."))
    return [replace(form.happened("answer"), of=of, by=asked[of])]


def _reclassified(form: Form) -> list[Happened]:
    cause = one_of(form.told, "cause", CAUSES)
    if not cause:
        raise Refusal(_("Why? Choose a cause: misjudged, or new facts."))
    fields = {name: value for name in FIELDS if (value := text_of(form.told, name, 80))}
    if not fields:
        raise Refusal(_("To what? Choose at least one thing that changes."))
    agreed = form.told.get("agreed") == "yes"
    return [replace(form.happened("reclassified"), cause=cause, agreed=agreed, fields=fields)]


def _merged(form: Form) -> list[Happened]:
    """The other ticket's report counts here, and the other ticket has lapsed, in one go (K8)."""
    number = text_of(form.told, "number", 24)
    other = (
        Ticket.objects.seen_by(form.identity.viewer)
        .filter(relation_id=form.ticket.relation_id, number__iexact=number)
        .exclude(pk=form.ticket.pk)
        .first()
    )
    report = None if other is None else _report_of(other, form)
    if other is None or report is None:
        raise Refusal(_("Which one? Give the number of another ticket of this customer."))
    merged = replace(
        form.happened("merged"),
        reported_at=happened_at(report),
        more={"ticket": str(other.pk)},
    )
    lapsed = replace(
        form.happened("voided"),
        ticket=other.pk,
        words=_("Merged with %(number)s.") % {"number": form.ticket.number},
        source_id=f"{merged.source_id}#{other.pk}" if merged.source_id else "",
    )
    return [merged, lapsed]


def _report_of(ticket: Ticket, form: Form) -> Fact | None:
    facts = Fact.objects.seen_by(form.identity.viewer).filter(ticket=ticket)
    if facts.filter(code="voided").exists():
        return None
    return facts.filter(code="reported").order_by("happened_at").first()


def _corrected(form: Form) -> list[Happened]:
    """Another moment, or another word (F3)."""
    row = _chosen(form, correctable(form.stands))
    changes: dict[str, int] = {}
    moment = moment_of(form.told, "happened", form.zone)
    if moment is not None and abs(moment - happened_at(row)) >= _NEAR:
        changes["happened_at"] = moment
    until = moment_of(form.told, "until", form.zone)
    if until is not None and row.code in ("expectation", "diagnosis"):
        changes["until"] = until
    if not changes:
        raise Refusal(_("What was different? Give the moment at which it really happened."))
    if changes.get("happened_at", 0) > form.at:
        raise Refusal(_("That moment is still to come: a correction is about what has happened."))
    told = form.happened("corrected")
    return [replace(told, of=id_of(row), by=form.stands.side, changes=changes)]


def _confirmed(form: Form) -> list[Happened]:
    row = _chosen(form, waiting(form.stands))
    return [replace(form.happened("confirmed"), of=id_of(row), by=form.stands.side)]


def _consent(form: Form) -> list[Happened]:
    row = _chosen(form, unagreed(form.stands))
    return [replace(form.happened("confirmed"), of=id_of(row), by=CUSTOMER)]


def _dispute(form: Form) -> list[Happened]:
    """An answer that was given earlier than it stands there waits for the supplier's word; without
    a moment the dispute is a contact that the supplier must answer.
    """
    question = _chosen(form, pauses(form.stands))
    moment = moment_of(form.told, "happened", form.zone)
    told = form.happened("customer_contact")
    more = {"disputes": id_of(question)}
    if moment is None:
        return [replace(told, of=id_of(question), more=more)]
    if not happened_at(question) <= moment <= form.at:
        raise Refusal(_("An answer comes after its question, and not in the future."))
    answers = [
        row
        for row in form.stands.rows
        if row.code == "answer" and row.data.get("of") == id_of(question)
    ]
    if answers:
        changes = {"happened_at": moment}
        corrected = replace(told, code="corrected", by=CUSTOMER, more=more)
        return [replace(corrected, of=id_of(answers[-1]), changes=changes)]
    answer = replace(told, code="answer", by=CUSTOMER, more=more)
    return [replace(answer, of=id_of(question), happened_at=moment)]


def _cost_proposed(form: Form) -> list[Happened]:
    cost = _cost(form)
    if not cost:
        raise Refusal(_("How much? Give a sum, as 120.00."))
    told = replace(form.happened("cost_proposed"), cost=cost, until=_until(form, "cost_proposed"))
    once = uuid_of(form.told, "once")
    return with_question(told, f"cost/{once or form.at}")


def _cost_answered(form: Form, code: str) -> list[Happened]:
    known = {each.id for each in proposals(form.stands.rows)}
    of = one_of(form.told, "of", known) or next(iter(known), "")
    if not of:
        raise Refusal(_("There is no cost that waits for an answer."))
    told = replace(form.happened(code), of=of, by=CUSTOMER)
    return with_answer(told, (each.id for each in open_questions(form.stands.settled)))


_MADE: Final[dict[str, Callable[[Form], list[Happened]]]] = {
    "question": _question,
    "answer": _answer,
    "reclassified": _reclassified,
    "merged": _merged,
    "corrected": _corrected,
    "confirmed": _confirmed,
    CONSENT: _consent,
    DISPUTE: _dispute,
    "cost_proposed": _cost_proposed,
    "cost_agreed": lambda form: _cost_answered(form, "cost_agreed"),
    "cost_declined": lambda form: _cost_answered(form, "cost_declined"),
}


# What is filled in --------------------------------------------------------------------------------


def _chosen(form: Form, rows: list[Fact]) -> Fact:
    """The fact that was chosen of these; the first where there is one alone."""
    of = form.told.get("of", "")
    found = next((row for row in rows if id_of(row) == of), None)
    if found is None and len(rows) == 1:
        found = rows[0]
    if found is None:
        raise Refusal(_("About what? Choose one of the lines."))
    return found


def _until(form: Form, code: str) -> int | None:
    until = moment_of(form.told, "until", form.zone)
    if code == "expectation" and until is None:
        raise Refusal(_("Until when? Give a date and a time."))
    if until is not None and until <= form.at:
        raise Refusal(_("That moment has passed: a word is given about what is still to come."))
    return until


def _cost(form: Form) -> str:
    """A sum as it is kept: `EUR 120.00`; empty for none."""
    written = text_of(form.told, "cost", 40)
    if not written:
        return ""
    found = _SUM.fullmatch(written)
    if found is None:
        raise Refusal(_("How much? Give a sum, as 120.00."))
    return f"{form.currency} {Decimal(f'{int(found[1])}.{found[2] or 0}'):.2f}"


def minutes_of(told: QueryDict) -> int:
    """`90`, `1:30` -> 90; 0 for what is none."""
    found = re.fullmatch(r"(-?)(?:(\d{1,2}):([0-5]\d)|(\d{1,4}))", text_of(told, "minutes", 8))
    if found is None:
        return 0
    count = int(found[4]) if found[4] else int(found[2]) * 60 + int(found[3])
    return -count if found[1] else count
