"""What can be said of a ticket as it stands, by which side; and a form as what happened."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from afspraak.clocks.judge import closed_at
from afspraak.engine.facts import CAUSES, CUSTOMER, SUPPLIER, THIRD_PARTY
from afspraak.engine.facts import Fact as Told
from afspraak.engine.facts import Ticket as Settled
from afspraak.engine.time import Refusal
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Ticket
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
    }
)
LONGEST_COST: Final = 40


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be said: its code, its button, what it does to the clocks."""

    code: str
    name: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that nobody has answered yet."""

    id: str
    to: str
    why: str


def open_questions(settled: Settled) -> list[Question]:
    """The questions that hold clocks now, oldest first."""
    found: dict[str, Told] = {}
    for fact in settled.facts:
        if fact.code == "question":
            found[fact.id] = fact
        elif fact.code == "answer":
            found.pop(fact.of, None)
        elif fact.code == "solved":
            found.clear()
    return [Question(each.id, each.to, each.why) for each in found.values()]


def acts_for(side: str, settled: Settled) -> list[Act]:
    """What a side can say now, the likeliest first."""
    if settled.voided is not None or settled.start_at is None:
        return []
    is_solved = closed_at(settled) is not None
    of_side = _of_supplier if side == SUPPLIER else _of_customer
    return of_side(settled, is_solved)


def _of_supplier(settled: Settled, is_solved: bool) -> list[Act]:  # noqa: FBT001
    found = [Act("supplier_contact", _("Reply"), _("Counts as contact by a person."))]
    if is_solved:
        return found
    freezes = _(
        "Freezes our clock until there is an answer, where the contract says so."
        " The reason is seen by both."
    )
    found.append(Act("question", _("Ask"), freezes))
    if open_questions(settled):
        found.append(Act("answer", _("Record an answer"), _("What they told us, by telephone.")))
    return [
        *found,
        Act("diagnosis", _("Diagnose"), _("What is wrong or what comes next, with time and cost.")),
        Act("expectation", _("Give our word"), _("From then on this is a promise too.")),
        Act("workaround", _("Work around"), _("They can work again; it is not solved yet.")),
        Act("solved", _("Solve"), _("Our clock stops. They accept or reject.")),
        Act(
            "reclassified", _("Reclassify"), _("Needs a cause. A downgrade holds once they agree.")
        ),
        Act("voided", _("Void"), _("With a reason; it stays counted and listed.")),
    ]


def _of_customer(settled: Settled, is_solved: bool) -> list[Act]:  # noqa: FBT001
    found = []
    if open_questions(settled):
        found.append(Act("answer", _("Answer"), _("The supplier's clock runs on from here.")))
    if is_solved and settled.facts and not _is_accepted(settled):
        found.append(Act("accepted", _("Accept"), _("Yes, it works.")))
        found.append(
            Act("rejected", _("Reject"), _("It does not work yet: the same clock goes on."))
        )
    found.append(Act("customer_contact", _("Write"), _("Something to add or to ask.")))
    return found


def _is_accepted(settled: Settled) -> bool:
    accepted = False
    for fact in settled.facts:
        if fact.code in ("solved", "rejected"):
            accepted = False
        elif fact.code == "accepted":
            accepted = True
    return accepted


def told_from(
    form: QueryDict,
    code: str,
    side: str,
    ticket: Ticket,
    settled: Settled,
    *,
    zone: str,
    person: UUID | None,
    at: int,
) -> Happened:
    """What happened, as the form has it. Raises Refusal where something it needs is missing."""
    words, once = text_of(form, "words"), uuid_of(form, "once")
    if code in NEEDS_WORDS and not words:
        raise Refusal(_("Write a few words: both sides read them."))
    of, by = _answered(form, code, side, settled)
    until = moment_of(form, "until", zone) if code in ("expectation", "diagnosis") else None
    if code == "expectation" and until is None:
        raise Refusal(_("Until when? Give a date and a time."))
    if until is not None and until <= at:
        raise Refusal(_("That moment has passed: a word is given about what is still to come."))
    return Happened(
        relation=ticket.relation_id,
        code=code,
        happened_at=at,
        recorded_by=side,
        ticket=ticket.pk,
        by=by,
        person=person,
        words=words,
        of=of,
        to=_asked(form, code),
        cause=_cause(form, code),
        agreed=code == "reclassified" and form.get("agreed") == "yes",
        until=until,
        cost=text_of(form, "cost", LONGEST_COST) if code in ("expectation", "diagnosis") else "",
        fields=_fields(form, code),
        source_id=f"form/{once}" if once else "",
    )


def _answered(form: QueryDict, code: str, side: str, settled: Settled) -> tuple[str, str]:
    """Which question is answered, and by whom."""
    if code != "answer":
        return "", ""
    asked = {each.id: each.to for each in open_questions(settled)}
    of = one_of(form, "of", asked) or next(iter(asked), "")
    if not of:
        raise Refusal(_("There is no open question to answer."))
    if side == CUSTOMER and asked[of] != CUSTOMER:
        raise Refusal(_("That question was not put to you."))
    return of, asked[of]


def _asked(form: QueryDict, code: str) -> str:
    return (one_of(form, "to", (CUSTOMER, THIRD_PARTY)) or CUSTOMER) if code == "question" else ""


def _cause(form: QueryDict, code: str) -> str:
    if code != "reclassified":
        return ""
    cause = one_of(form, "cause", CAUSES)
    if not cause:
        raise Refusal(_("Why? Choose a cause: misjudged, or new facts."))
    return cause


def _fields(form: QueryDict, code: str) -> dict[str, str]:
    if code != "reclassified":
        return {}
    priority = text_of(form, "priority", 20)
    if not priority:
        raise Refusal(_("To which priority?"))
    return {"priority": priority}
