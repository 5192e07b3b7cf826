"""Rows -> why the promises of one ticket stand as they do, span by span (A6, C4)."""

from dataclasses import dataclass

from afspraak.clocks.judge import Ground, Judgement, judge
from afspraak.clocks.load import grounds_known
from afspraak.clocks.verdict import Verdict, verdict_of
from afspraak.engine.because import Span, spans_of
from afspraak.engine.clock import Assessment
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Ticket
from afspraak.tickets.stored import logs_of


@dataclass(frozen=True, slots=True)
class Explained:
    """A ticket as of a moment: what it was judged by, the verdict and, for each of its promises in
    the same order, the spans that were counted.
    """

    ground: Ground
    judgement: Judgement
    verdict: Verdict
    spans: tuple[tuple[Span, ...], ...]


def explain(*, ticket: Ticket, viewer: Viewer, as_of: int) -> Explained:
    """Why a ticket's promises stand as they do, as of a moment. Nothing is stored."""
    ground = grounds_known({ticket.relation_id: ticket.supplier_id}, viewer)[ticket.relation_id]
    log = logs_of([ticket.id], viewer).get(ticket.id, [])
    judgement = judge(log, ground, as_of)
    spans = tuple(_spans(judgement, each) for each in judgement.assessed)
    return Explained(ground, judgement, verdict_of(judgement), spans)


def _spans(judgement: Judgement, assessed: Assessment) -> tuple[Span, ...]:
    """A promise that an amendment left behind has its miss and no hours of its own any more."""
    clockwork = judgement.clockwork
    if clockwork is None or assessed.promise.calendar not in clockwork.hours:
        return ()
    return spans_of(assessed, clockwork.hours_of(assessed))
