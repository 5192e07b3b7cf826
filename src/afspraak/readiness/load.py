"""Rows -> how ready something is: what was said, which lists apply, which texts are weighed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from uuid import UUID

from afspraak.language.document import Document
from afspraak.readiness.about import Subject
from afspraak.readiness.models import Accepted, GeneralTerms, PointAnswer, StatedFact, Weighing
from afspraak.readiness.stands import SIDES, Kind, PointStanding, Said, open_in, stands
from afspraak.rights.viewer import Viewer

if TYPE_CHECKING:
    from afspraak.readiness.questions import ListKey

WEIGHING = "weighing"
"""An open point's name where a passage is not agreed: `weighing:<id>`."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A passage as it stands: the newest proposal, and which sides accept it."""

    row: Weighing
    accepted: frozenset[str]

    @property
    def is_agreed(self) -> bool:
        """Whether both sides say the same."""
        return self.accepted >= SIDES


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything about one subject."""

    document: Document | None
    points: tuple[PointStanding, ...]
    answers: Mapping[str, PointAnswer]
    """The row of the newest word on each question."""
    stated: Mapping[str, StatedFact]
    terms: tuple[GeneralTerms, ...]
    weighed: tuple[Weighed, ...]

    @property
    def open(self) -> tuple[str, ...]:
        """What holds up a signature, by name."""
        weighing = (f"{WEIGHING}:{each.row.id}" for each in self.weighed if not each.is_agreed)
        return (*open_in(self.points), *weighing)


def readiness_of(subject: Subject, viewer: Viewer) -> Readiness:
    """How ready it is, as this viewer sees it: three questions to the database, five where
    something was said of it.
    """
    rows = list(
        PointAnswer.objects.seen_by(viewer).filter(subject.said()).select_related("said_by")
    )
    terms = tuple(GeneralTerms.objects.seen_by(viewer).filter(subject.said()))
    proposed = _weighings(subject, viewer) if terms else []
    accepted = _accepted(subject, viewer) if rows or proposed else {}
    stated = {
        each.subject: each for each in StatedFact.objects.seen_by(viewer).filter(subject.said())
    }
    document = subject.document()
    applies = {cast("ListKey", key): each.choice for key, each in stated.items()}
    said = [_said(each, accepted.get(each.id, frozenset())) for each in rows]
    return Readiness(
        document,
        stands(document, said, applies),
        {each.question: each for each in rows},
        stated,
        terms,
        tuple(Weighed(each, accepted.get(each.id, frozenset())) for each in proposed),
    )


def open_points(subject: Subject, viewer: Viewer) -> tuple[str, ...]:
    """What holds up a signature, by name: questions, lists, passages."""
    return readiness_of(subject, viewer).open


def proposed(what: UUID, subject: Subject, viewer: Viewer) -> PointAnswer | Weighing | None:
    """What somebody proposed about a subject, to be accepted: an answer or a weighing."""
    answers = PointAnswer.objects.seen_by(viewer).filter(subject.said(), pk=what)
    weighings = Weighing.objects.seen_by(viewer).filter(subject.said(), pk=what)
    return answers.first() or weighings.first()


def _accepted(subject: Subject, viewer: Viewer) -> dict[object, frozenset[str]]:
    """By what was accepted: the sides that did."""
    found: dict[object, frozenset[str]] = {}
    for each in Accepted.objects.seen_by(viewer).filter(subject.said()):
        key = each.answer_id or each.weighing_id
        found[key] = found.get(key, frozenset()) | {each.side}
    return found


def _said(row: PointAnswer, accepted: frozenset[str]) -> Said:
    return Said(
        question=row.question,
        kind=cast("Kind", row.kind),
        words=row.words,
        where=row.where,
        side=row.side,
        accepted=accepted | {row.side},
        id=str(row.id),
    )


def _weighings(subject: Subject, viewer: Viewer) -> list[Weighing]:
    """The newest proposal on each passage of general terms."""
    newest: dict[tuple[object, str], Weighing] = {}
    for each in Weighing.objects.seen_by(viewer).filter(subject.said()):
        newest[each.terms_id, each.passage] = each
    return list(newest.values())
