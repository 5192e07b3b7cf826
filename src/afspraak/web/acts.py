"""What can be said of a ticket as it stands, by which side: the likeliest first, the rare apart."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from afspraak.clocks.judge import closed_at
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.facts import Fact as Told
from afspraak.engine.facts import Ticket as Settled
from afspraak.engine.time import instant_of
from afspraak.parties.roles import Right
from afspraak.tickets.models import Fact
from afspraak.tickets.spoken import SPOKEN

COST_ANSWERS: Final = ("cost_agreed", "cost_declined")
DISPUTE: Final = "dispute"
CONSENT: Final = "consent"
"""A customer's word on a downgrade: a confirmation of the reclassification (K7)."""
MOST: Final = 60
"""Facts that can be chosen from, the newest."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be said: its code, its button, what it does to the clocks."""

    code: str
    name: str
    help: str = ""
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question that nobody has answered yet."""

    id: str
    to: str
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A cost that waits for the customer's word."""

    id: str
    cost: str
    why: str


@dataclass(frozen=True, slots=True)
class Stands:
    """A ticket as it stands: what the law makes of it, and its facts as they were kept."""

    side: str
    settled: Settled
    rows: Sequence[Fact]
    may: Callable[[Right], bool]
    lowers: Callable[[Fact], bool]
    """Whether a reclassification asks less of the supplier, so that consent is asked for."""

    @property
    def is_solved(self) -> bool:
        """Whether the last solution stands."""
        return closed_at(self.settled) is not None


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


def questions_to_answer(stands: Stands) -> list[Question]:
    """Those that a few words answer; one that waits for consent to a cost, only consent does."""
    costs = {id_of(row) for row in stands.rows if row.data.get("more", {}).get("cost")}
    return [each for each in open_questions(stands.settled) if each.id not in costs]


def proposals(rows: Iterable[Fact]) -> list[Proposal]:
    """The costs that wait for the customer's word, oldest first."""
    found: dict[str, Fact] = {}
    for row in rows:
        if row.code == "cost_proposed":
            found[id_of(row)] = row
        elif row.code in COST_ANSWERS:
            found.pop(row.data.get("of", ""), None)
    return [
        Proposal(each, str(row.data.get("cost", "")), row.words.body if row.words else "")
        for each, row in found.items()
    ]


def unagreed(stands: Stands) -> list[Fact]:
    """Reclassifications that ask for the customer's consent and have none; a later one takes the
    place of those before it.
    """
    confirmed = {row.data.get("of") for row in stands.rows if row.code == "confirmed"}
    changes = [row for row in stands.rows if row.code == "reclassified"][-1:]
    return [
        row
        for row in changes
        if not row.data.get("agreed") and id_of(row) not in confirmed and stands.lowers(row)
    ]


def waiting(stands: Stands) -> list[Fact]:
    """What the other side wrote down late, or corrected in its own favour: it waits for this side's
    word (F4).
    """
    return [
        row
        for row in stands.rows
        if row.seq in stands.settled.waiting and row.recorded_by != stands.side
    ]


def correctable(stands: Stands) -> list[Fact]:
    """What this side said, whose instant it may have told wrongly; the newest first."""
    own = [
        row
        for row in stands.rows
        if row.code in SPOKEN and row.recorded_by == stands.side and not row.is_imported
    ]
    return own[::-1][:MOST]


def pauses(stands: Stands) -> list[Fact]:
    """The questions that were put to the customer, the newest first."""
    asked = [row for row in stands.rows if row.code == "question"]
    return [row for row in asked if row.data.get("to") == CUSTOMER][::-1][:MOST]


def id_of(row: Fact) -> str:
    """What later facts call it."""
    return str(row.data.get("id") or row.id)


# What each side can say ---------------------------------------------------------------------------


def acts_for(stands: Stands) -> list[Act]:
    """What a side can say now."""
    if stands.settled.voided is not None or stands.settled.start_at is None:
        return []
    if stands.side == SUPPLIER:
        return [*_of_supplier(stands), *_rare_of_supplier(stands)]
    return [*_of_customer(stands), *_rare_of_customer(stands)]


def _of_supplier(stands: Stands) -> Iterator[Act]:
    if waiting(stands):
        yield _confirm()
    yield Act("supplier_contact", _("Reply"), _("Counts as contact by a person."))
    if stands.is_solved:
        return
    freezes = _(
        "Freezes our clock until there is an answer, where the contract says so."
        " The reason is seen by both."
    )
    yield Act("question", _("Ask"), freezes)
    if questions_to_answer(stands):
        yield Act("answer", _("Record an answer"), _("What they told us, by telephone."))
    yield Act(
        "diagnosis", _("Diagnose"), _("What is wrong or what comes next, with time and cost.")
    )
    yield Act("expectation", _("Give our word"), _("From then on this is a promise too."))
    yield Act("workaround", _("Work around"), _("They can work again; it is not solved yet."))
    yield Act("solved", _("Solve"), _("Our clock stops. They accept or reject."))
    yield Act(
        "cost_proposed",
        _("Propose a cost"),
        _("Waits for somebody of the customer who may agree; until then this is their turn."),
    )


def _rare_of_supplier(stands: Stands) -> Iterator[Act]:
    if not stands.is_solved:
        cause = _("Needs a cause. A downgrade holds once they agree.")
        yield Act("reclassified", _("Reclassify"), cause, is_rare=True)
        earliest = _("The other ticket goes up in this one; the earliest report counts.")
        yield Act("merged", _("Merge"), earliest, is_rare=True)
    if correctable(stands):
        yield _correct()
    if not stands.is_solved:
        yield Act(
            "voided", _("Void"), _("With a reason; it stays counted and listed."), is_rare=True
        )


def _of_customer(stands: Stands) -> Iterator[Act]:
    if proposals(stands.rows) and stands.may(Right.AGREE_COST):
        yield Act("cost_agreed", _("Agree to the cost"), _("Within your own limit."))
        yield Act("cost_declined", _("Decline the cost"), _("Nothing is owed for it."))
    if questions_to_answer(stands):
        yield Act("answer", _("Answer"), _("The supplier's clock runs on from here."))
    if stands.is_solved and not _is_accepted(stands.settled):
        yield Act("accepted", _("Accept"), _("Yes, it works."))
        yield Act("rejected", _("Reject"), _("It does not work yet: the same clock goes on."))
    if unagreed(stands):
        yield Act(
            CONSENT,
            _("Agree to the change"),
            _("Until you agree, the stricter promise stays."),
        )
    if waiting(stands):
        yield _confirm()
    yield Act("customer_contact", _("Write"), _("Something to add or to ask."))


def _rare_of_customer(stands: Stands) -> Iterator[Act]:
    yield Act("contribution", _("What we tried"), _("It saves time, and is kept."), is_rare=True)
    if pauses(stands):
        says = _("You say that the clock stood still without reason; the supplier must answer.")
        yield Act(DISPUTE, _("Dispute the waiting"), says, is_rare=True)
    if correctable(stands):
        yield _correct()


def _confirm() -> Act:
    return Act("confirmed", _("Confirm"), _("It was told later; with your word it counts."))


def _correct() -> Act:
    says = _("Both stay visible. In your own favour it waits for the other side's word.")
    return Act("corrected", _("Correct"), says, is_rare=True)


def _is_accepted(settled: Settled) -> bool:
    accepted = False
    for fact in settled.facts:
        if fact.code in ("solved", "rejected"):
            accepted = False
        elif fact.code == "accepted":
            accepted = True
    return accepted


def happened_at(row: Fact) -> int:
    """In microseconds."""
    return instant_of(row.happened_at)
