"""The walk of a log: facts that another system recorded become ours, labelled as imported, with its
own times; again is the same as once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from hashlib import sha256
from typing import Final
from uuid import UUID

from afspraak.engine.facts import Fact
from afspraak.engine.time import Refusal
from afspraak.flow.facts import NoSuchTicket, take_facts
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened
from afspraak.tickets.load import TicketFacts

BATCH: Final = 2_000
"""Facts in one transaction, about."""

_SAID: Final = tuple(each.name for each in fields(Fact) if each.init and each.name != "position")
REFUSALS: Final = (Refusal, NoSuchTicket)
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Another system's ticket: whose it is here, what it is called, its facts."""

    relation: UUID
    title: str
    told: TicketFacts


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import did: tickets and facts that are new here, and those that were known; tickets
    that the walk refused, and why.
    """

    tickets: int = 0
    facts: int = 0
    repeated: int = 0
    refused: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: "Brought") -> "Brought":
        return Brought(
            self.tickets + other.tickets,
            self.facts + other.facts,
            self.repeated + other.repeated,
            self.refused + other.refused,
        )


def bring_in(
    *,
    tickets: Iterable[Foreign],
    source: str,
    viewer: Viewer,
    at: int,
    progress: Callable[[int], None] = lambda _done: None,
) -> Brought:
    """Take tickets of another system, some at a time, each batch whole or not at all; nobody is
    told. Where a batch is refused its tickets are taken one by one: a bad one stops no other.
    `progress` is called with the number of tickets done.
    """
    total = Brought()
    done = 0
    for batch in _batches(tickets):
        total += _sound_of(batch, source, viewer, at)
        done += len(batch)
        progress(done)
    return total


def _batches(tickets: Iterable[Foreign]) -> Iterator[list[Foreign]]:
    batch: list[Foreign] = []
    size = 0
    for each in tickets:
        batch.append(each)
        size += len(each.told.facts)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _sound_of(batch: Sequence[Foreign], source: str, viewer: Viewer, at: int) -> Brought:
    try:
        return _take(batch, source, viewer, at)
    except REFUSALS as refusal:
        if len(batch) == 1:
            return Brought(refused=((batch[0].told.ticket, str(refusal)),))
    return sum((_sound_of([each], source, viewer, at) for each in batch), Brought())


def _take(batch: Sequence[Foreign], source: str, viewer: Viewer, at: int) -> Brought:
    told = [happened for each in batch for happened in happened_of(each, source)]
    taken = take_facts(told=told, viewer=viewer, at=at, is_quiet=True)
    fresh = [each for each in taken if not each.is_repeated]
    tickets = {each.ticket.id for each in fresh if each.ticket and each.fact.code == "reported"}
    return Brought(len(tickets), len(fresh), len(taken) - len(fresh))


def happened_of(foreign: Foreign, source: str) -> Iterator[Happened]:
    """Each fact of a ticket as it is told to the walk, by a name that rests on what it says: in a
    later export of the same log other facts may stand before it (F2).
    """
    seen: Counter[str] = Counter()
    for fact in foreign.told.facts:
        said = _digest(fact)
        seen[said] += 1
        yield _happened(foreign, fact, source, f"{said}.{seen[said]}")


def _digest(fact: Fact) -> str:
    said = "\n".join(f"{name}={getattr(fact, name)!r}" for name in _SAID)
    return sha256(said.encode()).hexdigest()[:24]


def _happened(foreign: Foreign, fact: Fact, source: str, name: str) -> Happened:
    ticket = foreign.told.ticket
    return Happened(
        relation=foreign.relation,
        code=fact.code,
        happened_at=fact.happened_at,
        recorded_by=fact.recorded_by,
        foreign=f"{source}:{ticket}",
        by=fact.by,
        title=foreign.title,
        words=fact.why,
        id=fact.id,
        of=fact.of,
        to=fact.to,
        cause=fact.cause,
        agreed=fact.agreed,
        until=fact.until,
        reported_at=fact.reported_at,
        fields=fact.fields,
        changes=fact.changes,
        source=source,
        source_id=f"{ticket}/{name}",
        recorded_at=fact.recorded_at,
        is_imported=True,
    )
