"""The walk of a complaint: said at any time, it has an owner and a clock, and is answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction

from afspraak.clocks.load import grounds_known
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.hours import Hours
from afspraak.engine.in_force import governing_version
from afspraak.engine.time import (
    DAY,
    Refusal,
    WorkingDays,
    datetime_of,
    instant_of,
    parse_instant,
)
from afspraak.flow.facts import Taken, take_fact
from afspraak.ledger.canonical import instant_text
from afspraak.notices.actions import Owing, owe
from afspraak.notices.drafting import LATE, SOON
from afspraak.notices.models import Kind, Obligation
from afspraak.parties.models import Relation
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM, Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.models import Fact

SAID: Final = "complaint"
ANSWERED: Final = "complaint_answered"
WITHIN: Final = WorkingDays(2)
"""So long has the owner to answer, by the calendar of the agreement."""
FIRST: Final = WorkingDays(1)
WITHOUT_CALENDAR: Final = 4 * DAY
LOOKED_BACK: Final = 90 * DAY
"""One that was said longer ago has been reminded of, and warned of."""
MOST_LOOKED_AT: Final = 2_000


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
            parties=parties_of(relation),
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
    agreement, hours = _hours(relation.id, relation.supplier_id, viewer, at)
    try:
        return (agreement, hours.due(at, WITHIN)) if hours else (None, at + WITHOUT_CALENDAR)
    except Refusal:
        return None, at + WITHOUT_CALENDAR


def _hours(
    relation: UUID, supplier: UUID, viewer: Viewer, at: int
) -> tuple[UUID | None, Hours | None]:
    """The agreement in force at a moment, and its first calendar."""
    ground = grounds_known({relation: supplier}, viewer)[relation]
    try:
        version = governing_version(ground.versions, at, at).version
        return UUID(version.agreement), next(iter(ground.clockwork(version.id).hours.values()))
    except (Refusal, StopIteration):
        return None, None


# Reminders ----------------------------------------------------------------------------------------


def remind_of_complaints(*, at: int) -> int:
    """Its owner is reminded with one working day left, and warned when it is too late; how many
    were owed. Each once: what was owed before is left alone.
    """
    rows = Fact.objects.seen_by(SYSTEM).filter(
        code=SAID, ticket=None, logged_at__gt=datetime_of(at - LOOKED_BACK)
    )
    said = list(rows.order_by("-logged_at", "-seq")[:MOST_LOOKED_AT])
    answered = _answers(said, SYSTEM)
    owings = [
        owing
        for each in said
        if str(each.id) not in answered and (owing := _reminder(Complaint(each, None), at))
    ]
    keys = [each.key for each in owings]
    owed = Obligation.objects.seen_by(SYSTEM).filter(kind=Kind.COMPLAINT, subject_key__in=keys)
    before = set(owed.values_list("subject_key", flat=True))
    fresh = [each for each in owings if each.key not in before]
    with transaction.atomic():
        owe(owings=fresh, at=at)
    return len(fresh)


def _reminder(complaint: Complaint, at: int) -> Owing | None:
    """What its owner hears by now; nothing while there is time."""
    said, due_at = complaint.said, complaint.due_at
    if at > due_at:
        step = LATE
    elif at >= _remind_at(said, due_at):
        step = SOON
    else:
        return None
    return Owing(
        kind=Kind.COMPLAINT,
        parties=parties_of(said),
        key=f"complaint/{said.id}/{step}",
        for_at=due_at,
        agreement=said.agreement_id,
    )


def _remind_at(said: Fact, due_at: int) -> int:
    """When the first of its two working days is over; halfway where it has no calendar."""
    said_at = instant_of(said.happened_at)
    _, hours = _hours(said.relation_id, said.supplier_id, SYSTEM, said_at)
    try:
        if hours is not None and said.agreement_id is not None:
            return hours.due(said_at, FIRST)
    except Refusal:
        pass
    return said_at + (due_at - said_at) // 2
