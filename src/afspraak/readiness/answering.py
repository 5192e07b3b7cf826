"""Which parts of a document answer a question by themselves: the predicates of `questions`, asked
of the typed terms; and how what answers is quoted. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel

from afspraak.agreements.read import checked
from afspraak.language.document import Document
from afspraak.language.schema_base import ClauseBase
from afspraak.language.text.clauses import blocks_of
from afspraak.language.text.lexicon import clause_titles, lexicon_of
from afspraak.language.text.numbers import clause_numbers
from afspraak.language.text.quote import lines_of
from afspraak.language.text.words import Lang
from afspraak.readiness.questions import EVERY, Answer, ByClause, ByFrame, Question


@dataclass(frozen=True, slots=True)
class Found:
    """What answers: a clause by its id, or a part of the frame by its name (`term`)."""

    place: str
    is_clause: bool


def found_in(document: Document, question: Question) -> tuple[Found, ...]:
    """Everything in the document that answers the question, each once, in the document's order."""
    found = [each for answer in question.answers for each in _answering(document, answer)]
    return tuple(dict.fromkeys(found))


def _answering(document: Document, answer: Answer) -> Iterable[Found]:
    if isinstance(answer, ByFrame):
        if _is_said(document, answer.path):
            yield Found(answer.path[0], is_clause=False)
        return
    for clause in document.clauses:
        if clause.type == answer.type and _holds(document, clause, answer):
            yield Found(clause.id, is_clause=True)


def _holds(document: Document, clause: ClauseBase, answer: ByClause) -> bool:
    """Whether a clause of the right type says what the answer asks of it."""
    if answer.of and not _names(document, clause, answer.of):
        return False
    is_filled = all(_is_said(clause, tuple(path.split("."))) for path in answer.filled)
    return is_filled and all(getattr(clause, name) in words for name, words in answer.says)


def _names(document: Document, clause: ClauseBase, kind: str) -> bool:
    """Whether what the clause is about (`of`) is a clause of this type."""
    named = getattr(clause, "of", None)
    return any(each.id == named and each.type == kind for each in document.clauses)


def _is_said(part: object, path: tuple[str, ...]) -> bool:
    """Whether something is filled in at a path; with `EVERY`, in each, and there is one."""
    if not path:
        return part is not None and part not in ((), {}, "", False)
    step, rest = path[0], path[1:]
    if step == EVERY:
        parts = list(part.values()) if isinstance(part, Mapping) else _listed(part)
        return bool(parts) and all(_is_said(each, rest) for each in parts)
    if isinstance(part, Mapping):
        return step in part and _is_said(part[step], rest)
    return _is_said(getattr(part, step, None), rest)


def _listed(part: object) -> list[object]:
    return list(part) if isinstance(part, tuple) else []


# In words -----------------------------------------------------------------------------------------

MOST_LINES = 6
"""Lines of a quotation; the whole clause is a link away."""


class Quoting:
    """The clauses of one text as they are read in one language; each is made once."""

    def __init__(self, document: Document, lang: Lang) -> None:
        self.document = document
        self._lexicon = lexicon_of(document, lang)
        self._titles = clause_titles(document, lang)
        self._numbers = clause_numbers(document)
        self._known: dict[Found, tuple[str, str]] = {}

    def of(self, found: Found) -> tuple[str, str]:
        """What answers: (its heading, its first lines). A part of the frame has no heading: that
        is the reader's own word for it.
        """
        if found not in self._known:
            self._known[found] = self._made(found)
        return self._known[found]

    def _made(self, found: Found) -> tuple[str, str]:
        if found.is_clause:
            clause = self.document.clause(found.place)
            heading = f"{self._numbers[clause.id]} {self._titles[clause.id]}"
            lines = self._lines(clause)
        else:
            part = getattr(self.document, found.place)
            heading, lines = "", self._lines(part) if isinstance(part, BaseModel) else []
        told = lines[:MOST_LINES]
        return heading, "\n".join([*told, "…"] if len(lines) > MOST_LINES else told)

    def _lines(self, part: BaseModel) -> list[str]:
        return [line for block in blocks_of(part, self._lexicon) for line in lines_of(block)]


@lru_cache(maxsize=512)
def read_once(data: bytes) -> Document | None:
    """The typed terms of a text, read once a process; None for one with faults."""
    return checked(data, "contract")[0]


@lru_cache(maxsize=256)
def quoting_of(data: bytes, lang: Lang) -> Quoting | None:
    """How the clauses of a text are quoted; None for one with faults."""
    document = read_once(data)
    return None if document is None else Quoting(document, lang)
