"""The clocks of a ticket: as they were kept, and explained span by span."""

from uuid import UUID

from ninja import Router

from afspraak.api.auth import Call
from afspraak.api.kinds import Cursor, Instant, Limit, Moment, Shown, show, shown
from afspraak.api.paging import USUAL, Page, page_of
from afspraak.api.problem import Contradicted
from afspraak.api.seen import ticket_seen
from afspraak.api.shown_verdicts import PromisedShown, VerdictShown, promised_shown, verdict_shown
from afspraak.clocks.explain import explain
from afspraak.clocks.models import Assessment
from afspraak.clocks.verdict import Promised
from afspraak.engine.because import Span
from afspraak.engine.time import show_duration
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated

router = Router()


class ClockShown(Shown):
    """What became of one cycle of a promise, as it was last looked at."""

    ticket: UUID
    agreement: UUID
    version: UUID
    clause: str
    cycle: int
    measure: str
    promisor: str
    state: str
    is_relieved: bool
    on_trial: bool
    start_at: Moment
    due_at: Moment | None
    satisfied_at: Moment | None
    missed_at: Moment | None
    target: str
    spent: str
    service: str
    level: str
    priority: str


class SpanShown(Shown):
    """A stretch [from_at, until_at) of a clock: whether it counted, and because of which facts and
    which clause.
    """

    from_at: Moment
    until_at: Moment
    why: str
    turn: str
    spent: str
    days: int
    clause: str
    because: list[str]


class ExplainedShown(Shown):
    """One promise with its stretches."""

    promise: PromisedShown
    spans: list[SpanShown]


class ExplanationShown(Shown):
    """Why a ticket stands as it does, as of a moment."""

    as_of: Moment
    verdict: VerdictShown
    promises: list[ExplainedShown]


def clock_shown(row: Assessment) -> ClockShown:
    """One clock as it was kept."""
    return ClockShown(
        ticket=row.ticket_id,
        agreement=row.agreement_id,
        version=row.version_id,
        clause=row.clause,
        cycle=row.cycle,
        measure=row.measure,
        promisor=row.promisor,
        state=row.state,
        is_relieved=row.is_relieved,
        on_trial=row.on_trial,
        start_at=shown(row.start_at),
        due_at=show(row.due_at),
        satisfied_at=show(row.satisfied_at),
        missed_at=show(row.missed_at),
        target=row.target,
        spent=row.spent,
        service=row.service,
        level=row.level,
        priority=row.priority,
    )


@router.get("/tickets/{uuid:ticket}/clocks", response=Page[ClockShown])
@stated(Right.READ_TICKETS)
def list_clocks(
    request: Call, ticket: UUID, cursor: Cursor | None = None, limit: Limit = USUAL
) -> Page[ClockShown]:
    """Every promise on a ticket, each cycle by itself, as they were last looked at."""
    viewer = request.identity.viewer
    row = ticket_seen(viewer, ticket)
    rows = Assessment.objects.seen_by(viewer).filter(ticket=row)
    return page_of(
        rows, ("clause", "cycle"), cursor, limit, lambda found: [clock_shown(x) for x in found]
    )


@router.get("/tickets/{uuid:ticket}/explanation", response=ExplanationShown)
@stated(Right.READ_TICKETS)
def explain_ticket(request: Call, ticket: UUID, as_of: Instant | None = None) -> ExplanationShown:
    """Why each promise on a ticket stands as it does: what counted, what did not, because of which
    fact and which clause. As of now, or of an earlier moment.
    """
    identity = request.identity
    row = ticket_seen(identity.viewer, ticket)
    moment = request.at if as_of is None else as_of
    if moment > request.at:
        raise Contradicted("as_of: it has not come yet: leave it out, or give an earlier moment")
    found = explain(ticket=row, viewer=identity.viewer, as_of=moment)
    return ExplanationShown(
        as_of=shown(moment),
        verdict=verdict_shown(found.verdict, identity),
        promises=[
            _explained(promised, spans)
            for promised, spans in zip(found.verdict.promised, found.spans, strict=False)
        ],
    )


def _explained(promised: Promised, spans: tuple[Span, ...]) -> ExplainedShown:
    return ExplainedShown(
        promise=promised_shown(promised), spans=[_span_shown(each) for each in spans]
    )


def _span_shown(span: Span) -> SpanShown:
    return SpanShown(
        from_at=shown(span.from_at),
        until_at=shown(span.until_at),
        why=span.why,
        turn=span.turn,
        spent=show_duration(span.spent),
        days=span.days,
        clause=span.clause,
        because=[fact.id for fact in span.because],
    )
