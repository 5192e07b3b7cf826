"""What a question is, and what in a document answers it by itself: data, and nothing of it is run.

A question asks for parts of the typed terms. A new kind of answer is a new row here, never a rule
that somebody writes as code (HOUSE_STYLE 10).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

PointKey = Literal["budget", "timing", "team", "reporting", "roll_out", "maintenance"]
ListKey = Literal["gdpr", "nis2", "dora", "data_act"]
Key = PointKey | ListKey
POINT_KEYS: Final[tuple[PointKey, ...]] = (
    "budget",
    "timing",
    "team",
    "reporting",
    "roll_out",
    "maintenance",
)
LIST_KEYS: Final[tuple[ListKey, ...]] = ("gdpr", "nis2", "dora", "data_act")
EVERY: Final = "*"
"""A step of a path that means: each of them, and at least one."""


@dataclass(frozen=True, slots=True)
class ByClause:
    """A clause of this type answers, if all of `filled` say something, if each field of `says` has
    one of its words, and if `of` (its field of that name) names a clause of that type.
    """

    type: str
    filled: tuple[str, ...] = ()
    says: tuple[tuple[str, tuple[str, ...]], ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class ByFrame:
    """A part of the document around the clauses answers, if something is filled in there."""

    path: tuple[str, ...]


Answer = ByClause | ByFrame


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know before anybody signs. `law`: the article that asks it; `only`: it is asked
    only where this was stated of the list.
    """

    key: str
    answers: tuple[Answer, ...] = ()
    law: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Questions that belong together: one of the six, or a list that applies by a stated fact."""

    key: Key
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be stated of a list, and whether the list is asked then."""

    word: str
    applies: bool


CHOICES: Final[Mapping[ListKey, tuple[Choice, ...]]] = {
    "gdpr": (Choice("yes", applies=True), Choice("no", applies=False)),
    "nis2": (
        Choice("essential", applies=True),
        Choice("important", applies=True),
        Choice("no", applies=False),
    ),
    "dora": (
        Choice("critical", applies=True),
        Choice("yes", applies=True),
        Choice("no", applies=False),
    ),
    "data_act": (Choice("yes", applies=True), Choice("no", applies=False)),
}
"""The facts that are asked once: which lists apply follows from them, never from a guess."""


def ask(key: str, *answers: Answer, law: str = "", only: str = "") -> Question:
    """A row of a list of questions."""
    return Question(key, answers, law, only)


def clause(kind: str, *filled: str, of: str = "", **says: str | tuple[str, ...]) -> ByClause:
    """A clause of this type, with these fields filled and these words said."""
    words = ((name, (each,) if isinstance(each, str) else each) for name, each in says.items())
    return ByClause(kind, filled, tuple(words), of)


def frame(*path: str) -> ByFrame:
    """A part of the frame."""
    return ByFrame(path)
