"""The walk of a complaint: said at any time, it has an owner and a clock, and is answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.clocks.load import grounds_of
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.in_force import governing_version
from afspraak.engine.time import DAY, Refusal, WorkingDays, instant_of, parse_instant
from afspraak.flow.facts import Taken, take_fact
from afspraak.ledger.canonical import instant_text
from afspraak.notices.actions import Owing, owe
from afspraak.notices.models import Kind
from afspraak.parties.models import Relation
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

SAID: Final = "complaint"
ANSWERED: Final = "complaint_answered"
WITHIN: Final = WorkingDays(2)
"""So long has the owner to answer, by the calendar of the agreement."""
WITHOUT_CALENDAR: Final = 4 * DAY


class NoSuchComplaint(LookupError):
    """A complaint that does not exist, that the viewer does not see, or that was answered."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint and its answer, if there is one."""

    said: Fact
    answer: Fact | None

    @property
    def due_at(self) -> int:
        """By when it is answered."""
        return parse_instant(self.said.data["more"]["due_at"])


def complain(
    *,
    relation: Relation,
    words: str,
    person: UUID | None,
    once: str,
    viewer: Viewer,
    at: int,
) -> Taken:
    """A customer is not content: kept as a fact, its owner is told, and its clock runs."""
    if not words.strip():
        raise Refusal("a complaint has words: what is wrong?")
    agreement, due_at = _clock(relation, viewer, at)
    with transaction.atomic():
        taken = take_fact(
            told=Happened(
                relation=relation.id,
                code=SAID,
                happened_at=at,
                recorded_by=CUSTOMER,
                agreement=agreement,
                by=CUSTOMER,
                person=person,
                words=words,
                more={"due_at": instant_text(due_at)},
                source_id=once,
            ),
            viewer=viewer,
            at=at,
        )
        owing = Owing(
            kind=Kind.COMPLAINT,
            parties={
                "relation_id": relation.id,
                "supplier_id": relation.supplier_id,
                "customer_id": relation.customer_id,
            },
            key=f"complaint/{taken.fact.id}",
            for_at=due_at,
            agreement=agreement,
        )
        owe(owings=[owing], at=at)
    return taken


def answer_complaint(
    *, complaint: UUID, words: str, person: UUID | None, viewer: Viewer, at: int
) -> Taken:
    """The supplier answers. Raises NoSuchComplaint, Refusal."""
    row = Fact.objects.seen_by(viewer).filter(id=complaint, code=SAID).first()
    ours = row is not None and (viewer.is_system or row.supplier_id in viewer.organisations)
    if row is None or not ours or _answers([row], viewer):
        raise NoSuchComplaint(f"there is no complaint {complaint} that waits for an answer")
    if not words.strip():
        raise Refusal("an answer has words")
    told = Happened(
        relation=row.relation_id,
        code=ANSWERED,
        happened_at=at,
        recorded_by=SUPPLIER,
        agreement=row.agreement_id,
        by=SUPPLIER,
        person=person,
        words=words,
        of=str(row.id),
        source_id=f"answer/{row.id}",
    )
    return take_fact(told=told, viewer=viewer, at=at)


def complaints_of(organisation: UUID, viewer: Viewer, most: int = 100) -> list[Complaint]:
    """An organisation's complaints, said by it or to it: those that wait first, then the newest."""
    rows = Fact.objects.seen_by(viewer).filter(code=SAID, ticket=None)
    mine = rows.filter(supplier_id=organisation) | rows.filter(customer_id=organisation)
    found = list(
        mine.select_related("words", "person", "agreement", "supplier", "customer").order_by(
            "-logged_at", "-seq"
        )[:most]
    )
    answers = _answers(found, viewer)
    made = [Complaint(each, answers.get(str(each.id))) for each in found]
    return sorted(
        made, key=lambda each: (each.answer is not None, -instant_of(each.said.logged_at))
    )


def _answers(said: Iterable[Fact], viewer: Viewer) -> dict[str, Fact]:
    relations = {each.relation_id for each in said}
    rows = Fact.objects.seen_by(viewer).filter(
        relation_id__in=relations, code=ANSWERED, ticket=None
    )
    found = {each.data.get("of", ""): each for each in rows.select_related("words", "person")}
    return {str(each.id): found[str(each.id)] for each in said if str(each.id) in found}


def _clock(relation: Relation, viewer: Viewer, at: int) -> tuple[UUID | None, int]:
    """The agreement in force, and by when its complaint is answered: two working days of it, else
    four days.
    """
    ground = grounds_of({relation.id: relation.supplier_id}, viewer)[relation.id]
    try:
        version = governing_version(ground.versions, at, at).version
        hours = next(iter(ground.clockwork(version.id).hours.values()))
        return UUID(version.agreement), hours.due(at, WITHIN)
    except (Refusal, StopIteration):
        return None, at + WITHOUT_CALENDAR
