"""Where each question stands: answered by a clause, elsewhere, openly left, or open. Pure.

The newest word on a question counts: who asks again opens it, whatever answered it before. What is
left open needs every side's word: nobody leaves something open for the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from afspraak.language.document import Document
from afspraak.readiness.answering import Found, found_in
from afspraak.readiness.points import POINTS
from afspraak.readiness.points_further import LISTS
from afspraak.readiness.questions import CHOICES, LIST_KEYS, Key, ListKey, Point, Question

Kind = Literal["clause", "elsewhere", "left", "asked"]
KINDS: Final[tuple[Kind, ...]] = ("clause", "elsewhere", "left", "asked")
State = Literal["clause", "elsewhere", "left", "proposed", "open"]
"""`proposed`: one side would leave it open, and not all have accepted that."""
SIDES: Final = frozenset({"supplier", "customer"})
"""Who answers and accepts. A third party sees no draft: it accepts what is left by signing."""


@dataclass(frozen=True, slots=True)
class Said:
    """A side's word on a question, in the order in which it was said. `where`: a clause's id, or in
    which paper it stands; `accepted` by these sides, its author's own among them.
    """

    question: str
    kind: Kind
    words: str
    where: str
    side: str
    accepted: frozenset[str] = frozenset()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """One question as it stands. `found` answers it; `said` is the newest word on it."""

    point: Key
    question: Question
    state: State
    found: tuple[Found, ...] = ()
    said: Said | None = None

    @property
    def name(self) -> str:
        """`budget.price`: how rows and texts name it."""
        return name_of(self.point, self.question)

    @property
    def is_open(self) -> bool:
        """Whether nobody can sign because of it."""
        return self.state in ("open", "proposed")

    @property
    def lacking(self) -> frozenset[str]:
        """The sides that have not accepted what the other would leave open."""
        return SIDES - self.said.accepted if self.said and self.state == "proposed" else frozenset()


@dataclass(frozen=True, slots=True)
class PointStanding:
    """A point with its questions. `applies`: what was stated of a list; empty: nobody said."""

    key: Key
    standings: tuple[Standing, ...]
    applies: str = ""

    @property
    def done(self) -> int:
        """How many questions are answered or openly left."""
        return sum(not each.is_open for each in self.standings)

    @property
    def is_unstated(self) -> bool:
        """A list of which nobody has said whether it applies."""
        return self.key in LIST_KEYS and not self.applies

    @property
    def is_ready(self) -> bool:
        """Whether nothing of it holds up a signature."""
        return not self.is_unstated and self.done == len(self.standings)


def name_of(point: Key, question: Question) -> str:
    """`budget.price`."""
    return f"{point}.{question.key}"


QUESTIONS: Final[Mapping[str, Question]] = {
    name_of(point.key, each): each for point in (*POINTS, *LISTS) for each in point.questions
}
"""Every question there is, by its name."""


def stands(
    document: Document | None, said: Iterable[Said], applies: Mapping[ListKey, str]
) -> tuple[PointStanding, ...]:
    """Every point, and every list, each question with where it stands. `document`: None for a text
    with faults, in which no clause can answer yet. `applies`: what was stated of each list.
    """
    newest = {each.question: each for each in said}
    six = [_point(document, point, newest, "") for point in POINTS]
    further = [_point(document, each, newest, _stated(each, applies)) for each in LISTS]
    return (*six, *further)


def _stated(point: Point, applies: Mapping[ListKey, str]) -> str:
    return next((applies.get(key, "") for key in LIST_KEYS if key == point.key), "")


def _point(
    document: Document | None, point: Point, newest: Mapping[str, Said], stated: str
) -> PointStanding:
    asked = [each for each in point.questions if _is_asked(point.key, each, stated)]
    standings = (
        _standing(document, point.key, each, newest.get(name_of(point.key, each))) for each in asked
    )
    return PointStanding(point.key, tuple(standings), stated)


def _is_asked(point: Key, question: Question, stated: str) -> bool:
    """One of the six always is; a list's, where the list applies."""
    for key, choices in CHOICES.items():
        if key == point:
            applies = any(each.word == stated and each.applies for each in choices)
            return applies and question.only in ("", stated)
    return True


def _standing(
    document: Document | None, point: Key, question: Question, said: Said | None
) -> Standing:
    found = found_in(document, question) if document is not None else ()
    if said is not None and said.kind == "clause" and document is not None:
        found = (*_named(document, said.where), *found)
    state = _state(found, said)
    return Standing(point, question, state, found if state == "clause" else (), said)


def _named(document: Document, where: str) -> Sequence[Found]:
    """The clause that somebody pointed at, as long as the text has it."""
    return [Found(where, is_clause=True)] if any(c.id == where for c in document.clauses) else []


def _state(found: tuple[Found, ...], said: Said | None) -> State:
    if said is not None and said.kind == "asked":
        return "open"
    if found:
        return "clause"
    if said is None or said.kind == "clause":
        return "open"
    if said.kind == "elsewhere":
        return "elsewhere"
    return "left" if said.accepted >= SIDES else "proposed"


def open_in(points: Iterable[PointStanding]) -> tuple[str, ...]:
    """What holds up a signature: the names of questions, and of lists of which nobody has said
    whether they apply (`gdpr`).
    """
    names: list[str] = []
    for point in points:
        names += [point.key] if point.is_unstated else []
        names += [each.name for each in point.standings if each.is_open]
    return tuple(names)
