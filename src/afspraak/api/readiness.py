"""How ready a draft, or an agreement as it runs, is to be signed: what is open, what either side
says of it, and what it accepts of the other's words.
"""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from afspraak.agreements.drafts import NoSuchDraft
from afspraak.api.auth import Call
from afspraak.api.facts_told import speaks_for
from afspraak.api.kinds import Asked, Code, Id, Line, Shown
from afspraak.api.problem import Missing
from afspraak.api.seen import agreement_seen
from afspraak.flow import readiness as walk
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.readiness.about import Subject, about_agreement, about_draft
from afspraak.readiness.actions import Answering
from afspraak.readiness.load import Readiness, Weighed, proposed, readiness_of
from afspraak.readiness.models import PointAnswer
from afspraak.readiness.questions import ListKey
from afspraak.readiness.stands import Kind, PointStanding, Standing

router = Router()


class QuestionShown(Shown):
    """A question and where it stands: `clause`, `elsewhere`, `left`, `proposed` (one side would
    leave it open), `open`. `answer` is the newest word on it; these sides accept it.
    """

    name: str
    state: str
    law: str
    clauses: list[str]
    answer: UUID | None
    kind: str
    where: str
    words: str
    accepted: list[str]


class PointShown(Shown):
    """One of the six, or a list that applies by what was stated of it; empty: nobody said."""

    key: str
    stated: str
    is_ready: bool
    questions: list[QuestionShown]


class PassageShown(Shown):
    """A passage of general terms, which of the two wins, and who accepts that."""

    id: UUID
    page: int
    passage: str
    clause: str
    wins: str
    words: str
    accepted: list[str]


class ReadinessShown(Shown):
    """Everything; nobody can sign while anything is in `open`."""

    draft: UUID | None
    version: UUID | None
    open: list[str]
    points: list[PointShown]
    passages: list[PassageShown]


class PointAnswerAsked(Asked):
    """A word on a question. `where` is the clause, or the paper and the place in it; who leaves it
    open or asks again says why.
    """

    question: Code
    kind: Kind
    where: Line = ""
    words: Annotated[Line, Field(max_length=1000)] = ""


class ListAsked(Asked):
    """Whether a list applies, in one of its own words."""

    about: ListKey
    choice: Code


class AcceptedAsked(Asked):
    """An answer or a passage of the other side."""

    what: Id


@router.get("/drafts/{uuid:draft}/readiness", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def get_draft_readiness(request: Call, draft: UUID) -> ReadinessShown:
    """What is answered, left and open of a draft."""
    return _shown(request, _of_draft(request, draft))


@router.get("/agreements/{uuid:agreement}/readiness", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def get_readiness(request: Call, agreement: UUID) -> ReadinessShown:
    """The same of the version of an agreement that is in force, else of its newest."""
    return _shown(request, _of_agreement(request, agreement))


@router.post("/drafts/{uuid:draft}/readiness/answers", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def answer_draft_point(request: Call, draft: UUID, body: PointAnswerAsked) -> ReadinessShown:
    """Answer a question about a draft, leave it open, or ask it again."""
    return _answer(request, _of_draft(request, draft), body)


@router.post("/agreements/{uuid:agreement}/readiness/answers", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def answer_point(request: Call, agreement: UUID, body: PointAnswerAsked) -> ReadinessShown:
    """Answer a question about an agreement, leave it open, or ask it again."""
    return _answer(request, _of_agreement(request, agreement), body)


@router.post("/drafts/{uuid:draft}/readiness/lists", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def state_draft_list(request: Call, draft: UUID, body: ListAsked) -> ReadinessShown:
    """State whether a list applies to a draft."""
    return _state(request, _of_draft(request, draft), body)


@router.post("/agreements/{uuid:agreement}/readiness/lists", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def state_list(request: Call, agreement: UUID, body: ListAsked) -> ReadinessShown:
    """State whether a list applies to an agreement."""
    return _state(request, _of_agreement(request, agreement), body)


@router.post("/drafts/{uuid:draft}/readiness/accepted", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def accept_draft_point(request: Call, draft: UUID, body: AcceptedAsked) -> ReadinessShown:
    """Accept, for your side, what the other proposed about a draft."""
    return _accept(request, _of_draft(request, draft), body)


@router.post("/agreements/{uuid:agreement}/readiness/accepted", response=ReadinessShown)
@stated(Right.NEGOTIATE)
def accept_point(request: Call, agreement: UUID, body: AcceptedAsked) -> ReadinessShown:
    """Accept, for your side, what the other proposed about an agreement."""
    return _accept(request, _of_agreement(request, agreement), body)


# What is asked ------------------------------------------------------------------------------------


def _of_draft(call: Call, draft: UUID) -> Subject:
    try:
        subject = about_draft(draft, call.identity.viewer)
    except NoSuchDraft as none:
        raise Missing from none
    speaks_for(subject.row, call.identity)
    return subject


def _of_agreement(call: Call, agreement: UUID) -> Subject:
    row = agreement_seen(call.identity.viewer, agreement)
    speaks_for(row, call.identity)
    subject = about_agreement(row, call.identity.viewer, call.at)
    if subject is None:
        raise Missing
    return subject


def _answer(call: Call, subject: Subject, body: PointAnswerAsked) -> ReadinessShown:
    answering = Answering(body.question, body.kind, body.words, body.where)
    walk.say_point(subject=subject, answering=answering, actor=call.identity.actor, at=call.at)
    return _shown(call, subject)


def _state(call: Call, subject: Subject, body: ListAsked) -> ReadinessShown:
    walk.state_list(
        subject=subject,
        about=body.about,
        choice=body.choice,
        actor=call.identity.actor,
        at=call.at,
    )
    return _shown(call, subject)


def _accept(call: Call, subject: Subject, body: AcceptedAsked) -> ReadinessShown:
    what = proposed(body.what, subject, call.identity.viewer)
    if what is None:
        raise Missing
    walk.accept_point(subject=subject, what=what, actor=call.identity.actor, at=call.at)
    return _shown(call, subject)


# What is shown ------------------------------------------------------------------------------------


def _shown(call: Call, subject: Subject) -> ReadinessShown:
    found = readiness_of(subject, call.identity.viewer)
    return ReadinessShown(
        draft=subject.draft.id if subject.draft else None,
        version=subject.version.id if subject.version else None,
        open=list(found.open),
        points=[_point(each, found) for each in found.points],
        passages=[_passage(each) for each in found.weighed],
    )


def _point(point: PointStanding, found: Readiness) -> PointShown:
    questions = [_question(each, found.answers.get(each.name)) for each in point.standings]
    return PointShown(
        key=point.key, stated=point.applies, is_ready=point.is_ready, questions=questions
    )


def _question(each: Standing, answer: PointAnswer | None) -> QuestionShown:
    return QuestionShown(
        name=each.name,
        state=each.state,
        law=each.question.law,
        clauses=[found.place for found in each.found if found.is_clause],
        answer=answer.id if answer else None,
        kind=answer.kind if answer else "",
        where=answer.where if answer else "",
        words=answer.words if answer else "",
        accepted=sorted(each.said.accepted) if each.said else [],
    )


def _passage(each: Weighed) -> PassageShown:
    row = each.row
    return PassageShown(
        id=row.id,
        page=row.page,
        passage=row.passage,
        clause=row.clause,
        wins=row.wins,
        words=row.words,
        accepted=sorted(each.accepted),
    )
