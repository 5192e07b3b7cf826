"""What changes an agreement: open terms with what they propose, each side's word on them, what
hurt, amendments begun, index values, the dates on which the term may end.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from ninja import Router, Status
from pydantic import Field

from afspraak import flow
from afspraak.agreements.models import Agreement
from afspraak.amending.actions import Entered, Word
from afspraak.amending.experience import experience_of
from afspraak.amending.load import History, history_of
from afspraak.amending.models import TermWord
from afspraak.amending.proposal import MOST_CASES, Method, proposed
from afspraak.amending.renewal import course_of
from afspraak.amending.said import hurts_of, values_of, words_of
from afspraak.api.auth import Call
from afspraak.api.kinds import Asked, Code, Day, Line, Moment, Name, Number, Shown, shown
from afspraak.api.problem import Missing
from afspraak.api.seen import agreement_seen
from afspraak.engine.time import Refusal, local_date, parse_duration, zone_of
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()
Target = Annotated[str, Field(min_length=4, max_length=40, examples=["PT4H", "2 working days"])]
"""A duration as a contract writes it."""
MOST_VALUE: Final = Decimal(100_000_000)


class WordShown(Shown):
    """What one side last said of an open term; `draft` is the amendment that came of it."""

    by: UUID
    value: str
    from_on: date
    open_tickets: bool
    said_at: Moment
    draft: UUID | None


class OpenTermShown(Shown):
    """An open term: what was measured, and what that proposes. `why` says why there is no `value`:
    `few`, or too many that still run (`running`); `needed` measurements would do.
    """

    clause: str
    of: str
    wish: str
    fill_on: date
    quantile: str
    confidence: str
    measured: int
    running: int
    needed: int
    value: str | None
    bound: str
    why: str | None
    supplier: WordShown | None
    customer: WordShown | None


class WordAsked(Asked):
    """A value, from when it holds, and whether for tickets that are open then."""

    value: Target
    from_on: Day
    open_tickets: bool = False


class HurtShown(Shown):
    """A kind of report that hurts the customer."""

    service: str
    kind: str
    words: str
    said_at: Moment


class HurtAsked(Asked):
    """A mark on a kind of report; `hurts` false takes it away."""

    service: Code | None = None
    kind: Code | None = None
    hurts: bool = True
    words: Line = ""


class AmendmentAsked(Asked):
    """From when it holds, and whether for tickets that are open then."""

    from_on: Day
    open_tickets: bool = False


class DraftMade(Shown):
    """The amendment that was begun: it binds nobody."""

    id: UUID
    name: str


class IndexValueAsked(Asked):
    """The value of an index in a month, given by its first day, and where it was read."""

    index: Name
    month_on: Day
    value: Number
    source: Name


class IndexValuesAsked(Asked):
    """Some values at once; those that stand there already are passed over."""

    values: Annotated[list[IndexValueAsked], Field(min_length=1, max_length=500)]


class IndexValueShown(Shown):
    """A value as it counts now: the newest that was entered for the month."""

    index: str
    month_on: date
    value: str
    source: str


class RoundShown(Shown):
    """An end of the term, the last date of notice, the last working day until then, and until when
    it runs where nobody gives notice.
    """

    ends_on: date
    notice_on: date | None
    working_on: date | None
    renews_until: date | None


class RenewalShown(Shown):
    """The term as it stands today."""

    from_on: date
    until_on: date
    renewed: int
    rounds: list[RoundShown]


@router.get("/agreements/{uuid:agreement}/open-terms", response=list[OpenTermShown])
@stated(Right.READ_FIGURES)
def list_open_terms(request: Call, agreement: UUID) -> list[OpenTermShown]:
    """What is still open in the version in force, with what it has measured."""
    row, history = _seen(request, agreement)
    words = words_of(row, request.identity.viewer)
    found = experience_of(history.logs, history.contracts, span=history.span, as_of=history.as_of)
    told = []
    for term in history.signed.terms.open_terms:
        done, running, _other = found.done(term)
        proposal = proposed(
            done[-MOST_CASES:], running, Method(term.quantile, term.confidence, term.bounds)
        )
        said = words.get(term.clause)
        value = None if proposal.value is None else str(proposal.value)
        told.append(
            OpenTermShown(
                clause=term.clause,
                of=term.of,
                wish=term.wish,
                fill_on=term.fill_on,
                quantile=str(term.quantile),
                confidence=str(term.confidence),
                measured=proposal.cases,
                running=running,
                needed=proposal.needed,
                value=value,
                bound=proposal.bound,
                why=proposal.why,
                supplier=_word(said.supplier) if said and said.supplier else None,
                customer=_word(said.customer) if said and said.customer else None,
            )
        )
    return told


def _word(row: TermWord) -> WordShown:
    return WordShown(
        by=row.organisation_id,
        value=row.value,
        from_on=row.from_on,
        open_tickets=row.open_tickets,
        said_at=shown(row.said_at),
        draft=row.draft_id,
    )


@router.post("/agreements/{uuid:agreement}/open-terms/{term}/words", response={201: WordShown})
@stated(Right.NEGOTIATE)
def say_of_term(request: Call, agreement: UUID, term: str, body: WordAsked) -> Status[WordShown]:
    """One side's word on an open term. Where both have said the same, an amendment is drafted."""
    row, _history = _seen(request, agreement)
    made = flow.say_of_term(
        agreement=row.id,
        word=Word(term[:80], str(parse_duration(body.value)), body.from_on, body.open_tickets),
        actor=request.identity.actor,
        viewer=request.identity.viewer,
        at=request.at,
    )
    return Status(201, _word(made))


@router.get("/agreements/{uuid:agreement}/hurts", response=list[HurtShown])
@stated(Right.READ_FIGURES)
def list_hurts(request: Call, agreement: UUID) -> list[HurtShown]:
    """What hurts the customer now, by kind of report."""
    row = _ours(request, agreement)
    return [
        HurtShown(
            service=each.service, kind=each.kind, words=each.words, said_at=shown(each.said_at)
        )
        for each in hurts_of(row, request.identity.viewer).values()
    ]


@router.post("/agreements/{uuid:agreement}/hurts", response={201: HurtShown})
@stated(Right.NEGOTIATE)
def mark_hurt(request: Call, agreement: UUID, body: HurtAsked) -> Status[HurtShown]:
    """The customer's mark on a kind of report; the supplier sees it."""
    row = _ours(request, agreement)
    made = flow.mark_hurt(
        agreement=row.id,
        service=body.service or "",
        kind=body.kind or "",
        hurts=body.hurts,
        words=body.words,
        actor=request.identity.actor,
        viewer=request.identity.viewer,
        at=request.at,
    )
    told = HurtShown(
        service=made.service, kind=made.kind, words=made.words, said_at=shown(made.said_at)
    )
    return Status(201, told)


@router.post("/agreements/{uuid:agreement}/amendments", response={201: DraftMade})
@stated(Right.NEGOTIATE)
def begin_amendment(request: Call, agreement: UUID, body: AmendmentAsked) -> Status[DraftMade]:
    """Begin the next version from what holds now; nothing that was signed is touched."""
    row = _ours(request, agreement)
    made = flow.begin_amendment(
        agreement=row.id,
        from_on=body.from_on,
        open_tickets=body.open_tickets,
        actor=request.identity.actor,
        viewer=request.identity.viewer,
        at=request.at,
    )
    return Status(201, DraftMade(id=made.id, name=made.name))


@router.get("/agreements/{uuid:agreement}/index-values", response=list[IndexValueShown])
@stated(Right.READ_FIGURES)
def list_index_values(request: Call, agreement: UUID) -> list[IndexValueShown]:
    """Values of indexes between the two of an agreement, each month's newest."""
    row = _ours(request, agreement)
    found = values_of(row, request.identity.viewer).values()
    return [
        IndexValueShown(
            index=each.series, month_on=each.month, value=f"{each.value:f}", source=each.source
        )
        for each in sorted(found, key=lambda each: (each.series, each.month))
    ]


@router.post("/agreements/{uuid:agreement}/index-values", response={201: list[IndexValueShown]})
@stated(Right.NEGOTIATE)
def enter_index_values(
    request: Call, agreement: UUID, body: IndexValuesAsked
) -> Status[list[IndexValueShown]]:
    """Enter values of indexes; the answer holds those that are new."""
    row = _ours(request, agreement)
    made = flow.enter_index_values(
        agreement=row.id,
        values=[_entered(each) for each in body.values],
        actor=request.identity.actor,
        viewer=request.identity.viewer,
        at=request.at,
    )
    told = [
        IndexValueShown(
            index=each.series, month_on=each.month, value=f"{each.value:f}", source=each.source
        )
        for each in made
    ]
    return Status(201, told)


def _entered(asked: IndexValueAsked) -> Entered:
    value = Decimal(asked.value)
    if asked.month_on.day != 1 or not 0 < value < MOST_VALUE or value != round(value, 4):
        raise Refusal(
            "an index value is a number above nothing with at most four decimals, of a month that"
            " is given by its first day"
        )
    return Entered(asked.index, asked.month_on, value, asked.source)


@router.get("/agreements/{uuid:agreement}/renewal", response=RenewalShown)
@stated(Right.READ_FIGURES)
def get_renewal(request: Call, agreement: UUID) -> RenewalShown:
    """The term, how often it has renewed by itself, its next ends and their dates of notice."""
    _row, history = _seen(request, agreement)
    document = history.document
    name = document.usual_calendar or next(iter(document.calendars), "")
    calendar = history.contract.terms.calendars.get(name)
    course = course_of(document, calendar, local_date(zone_of(document.zone), request.at))
    return RenewalShown(
        from_on=course.from_on,
        until_on=course.until_on,
        renewed=course.renewed,
        rounds=[
            RoundShown(
                ends_on=each.ends_on,
                notice_on=each.notice_on,
                working_on=each.working_on,
                renews_until=each.renews_until,
            )
            for each in course.rounds
        ],
    )


def _ours(request: Call, agreement: UUID) -> Agreement:
    """An agreement of the organisation that the token acts for. Raises Missing."""
    identity = request.identity
    row = agreement_seen(identity.viewer, agreement)
    own = identity.viewer.organisations & {identity.organisation}
    if not own & {row.supplier_id, row.customer_id}:
        raise Missing
    return row


def _seen(request: Call, agreement: UUID) -> tuple[Agreement, History]:
    """The same with its history. Raises Missing, also where nobody has signed it."""
    row = _ours(request, agreement)
    history = history_of(row, request.identity.viewer, request.at)
    if history is None:
        raise Missing
    return row, history
