"""The only place where readiness is written: every word is appended, with who said it and when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from afspraak.engine.time import Refusal, datetime_of
from afspraak.ledger.ids import new_id
from afspraak.parties.actions import Actor
from afspraak.readiness.about import Subject
from afspraak.readiness.models import (
    Accepted,
    GeneralTerms,
    PointAnswer,
    StatedFact,
    Weighing,
)
from afspraak.readiness.questions import CHOICES, ListKey
from afspraak.readiness.stands import QUESTIONS, Kind
from afspraak.rights.parties import parties_of
from afspraak.rights.viewer import SYSTEM


@dataclass(frozen=True, slots=True)
class Answering:
    """What a side says on a question."""

    question: str
    kind: Kind
    words: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class TermsRead:
    """General terms as they were handed in and read."""

    name: str
    sha256: str
    language: str
    pages: tuple[str, ...]
    reader: str
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """Which of two texts wins, in a side's words."""

    terms: GeneralTerms
    page: int
    passage: str
    clause: str
    wins: Weighing.Wins
    words: str = ""


def state_fact(
    *, subject: Subject, about: ListKey, choice: str, actor: Actor, at: int
) -> StatedFact:
    """Say whether a list applies. Raises Refusal for a choice that there is not."""
    refuse_closed(subject)
    if choice not in {each.word for each in CHOICES[about]}:
        raise Refusal("that cannot be stated of this list: choose one of its answers")
    return StatedFact.objects.create(**_about(subject, actor, at), subject=about, choice=choice)


def answer_point(*, subject: Subject, answering: Answering, actor: Actor, at: int) -> PointAnswer:
    """Say where a question is answered, or that it is left open. Raises Refusal."""
    refuse_closed(subject)
    refuse_empty(answering, subject)
    return PointAnswer.objects.create(
        **_about(subject, actor, at),
        question=answering.question,
        kind=answering.kind,
        words=answering.words[:1000],
        where=answering.where[:200],
    )


def refuse_empty(answering: Answering, subject: Subject) -> None:
    """Refuses what answers nothing."""
    if answering.question not in QUESTIONS:
        raise Refusal("there is no such question: take one of the list")
    if answering.kind == "clause":
        document = subject.document()
        clauses = {each.id for each in document.clauses} if document else set()
        if answering.where not in clauses:
            raise Refusal("the text has no such clause: choose one that it has")
    if answering.kind == "elsewhere" and not answering.where:
        raise Refusal("where is it answered? Name the paper and the place in it")
    if answering.kind in ("left", "asked") and not answering.words:
        raise Refusal("say why, in a few words: the other side reads it")


def keep_terms(*, subject: Subject, read: TermsRead, actor: Actor, at: int) -> GeneralTerms:
    """General terms, as they were handed in."""
    refuse_closed(subject)
    return GeneralTerms.objects.create(
        **_about(subject, actor, at),
        name=read.name[:200],
        dated_on=read.dated_on,
        language=read.language,
        sha256=read.sha256,
        pages=list(read.pages),
        reader=read.reader,
    )


def weigh(*, subject: Subject, weighed: Weighed, actor: Actor, at: int) -> Weighing:
    """Propose which of the two wins; one's own side accepts it with that. Raises Refusal."""
    refuse_closed(subject)
    if not weighed.passage:
        raise Refusal("which passage of the general terms? Copy its words")
    if weighed.wins == Weighing.Wins.AGREEMENT and not weighed.clause:
        raise Refusal("which clause wins? Choose it")
    row = Weighing.objects.create(
        **_about(subject, actor, at),
        terms=weighed.terms,
        page=weighed.page,
        passage=weighed.passage[:1200],
        clause=weighed.clause,
        wins=weighed.wins,
        words=weighed.words[:1000],
    )
    accept(subject=subject, what=row, actor=actor, at=at)
    return row


def accept(*, subject: Subject, what: PointAnswer | Weighing, actor: Actor, at: int) -> Accepted:
    """Accept what the other side proposed, in the name of one's own; once."""
    refuse_closed(subject)
    named: dict[str, Any] = {"answer" if isinstance(what, PointAnswer) else "weighing": what}
    known = Accepted.objects.seen_by(SYSTEM).filter(**named, organisation_id=actor.organisation)
    found = known.first()
    if found is not None:
        return found
    return Accepted.objects.create(**_about(subject, actor, at), **named)


def refuse_closed(subject: Subject) -> None:
    """Refuses whatever is said of a draft that is closed."""
    if not subject.is_open:
        raise Refusal("this draft is closed: nothing more is said of it")


def _about(subject: Subject, actor: Actor, at: int) -> dict[str, Any]:
    """What every row says: between whom, about what, by whom, when."""
    row = subject.row
    return {
        "id": new_id(at),
        **parties_of(row),
        "draft": subject.draft,
        "version": subject.version,
        "organisation_id": actor.organisation,
        "said_by_id": actor.person,
        "said_at": datetime_of(at),
    }
