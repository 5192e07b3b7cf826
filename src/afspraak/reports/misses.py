"""The worst misses of a replay, kept while the log goes by."""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace

from afspraak.engine.clock import Assessment
from afspraak.engine.facts import Ticket
from afspraak.engine.hours import Hours
from afspraak.reports.contracts import Contract
from afspraak.reports.governing import Judged
from afspraak.reports.rows import Row


@dataclass(frozen=True, slots=True)
class Worst:
    """A miss and all that explains it. `late` is the service time after the due instant, in
    microseconds.
    """

    id: str
    customer: str
    late: int
    contract: Contract
    ticket: Ticket
    assessment: Assessment
    hours: Hours
    row: Row


class Misses:
    """The `most` latest misses of each promise, told by promisor and measure."""

    __slots__ = ("_heaps", "_most", "_seen")

    def __init__(self, most: int) -> None:
        self._most = most
        self._heaps: dict[tuple[str, str], list[tuple[int, int, Worst]]] = {}
        self._seen = 0

    def take(self, ticket_id: str, customer: str, judged: Judged, rows: Sequence[Row]) -> None:
        """Looks at the rows of a ticket, in the order of its assessments."""
        for row, assessment in zip(rows, judged.assessed, strict=True):
            if row.state != "missed" or not self._most:
                continue
            self._seen += 1
            promise = assessment.promise
            heap = self._heaps.setdefault((promise.promisor, promise.measure), [])
            late = row.turns.late
            if len(heap) < self._most or late > heap[0][0]:
                clockwork = judged.clockwork
                hours = clockwork.hours_of(assessment)
                found = Worst(
                    ticket_id,
                    customer,
                    late,
                    clockwork.contract,
                    judged.ticket,
                    assessment,
                    hours,
                    row,
                )
                entry = (late, -self._seen, found)  # of equally late ones the first stays
                if len(heap) < self._most:
                    heappush(heap, entry)
                else:
                    heapreplace(heap, entry)

    def worst(self) -> tuple[Worst, ...]:
        """The latest first, promise by promise."""
        return tuple(
            each for heap in self._heaps.values() for _, _, each in sorted(heap, reverse=True)
        )
