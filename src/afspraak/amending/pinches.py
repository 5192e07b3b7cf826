"""Where an agreement pinches, month by month: clauses that are often missed, disputed, relieved or
bypassed, and those that nobody ever used. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from afspraak.amending.proposal import Method, proposed
from afspraak.engine.facts import Fact
from afspraak.engine.figures import relieve
from afspraak.engine.periods import Period
from afspraak.engine.terms import OpenTerm
from afspraak.engine.time import Duration, ServiceTime, local_date, zone_of
from afspraak.reports.contracts import Contract
from afspraak.reports.governing import Book, Judged, NotCovered
from afspraak.reports.replay import NOTHING, Logged, as_it_stands
from afspraak.tickets.happened import OURS

Kind = Literal["missed", "disputed", "relieved", "bypassed", "unused"]
KINDS: Final[tuple[Kind, ...]] = ("missed", "disputed", "relieved", "bypassed", "unused")
OFTEN: Final = 2
"""From so many times in a month on it is told."""
USUAL: Final = OpenTerm("", "", date.min, None)
"""Its quantile and confidence are those that the law takes where a contract names none."""
METHOD: Final = Method(USUAL.quantile, USUAL.confidence)


@dataclass(frozen=True, slots=True)
class Pinch:
    """One clause in one month: how often, of how many; and how often in the month before. `carries`
    is what everything that was ever done would carry as a target, where it is missed.
    """

    kind: Kind
    clause: str
    times: int
    cases: int
    before: int
    carries: Duration | None = None


@dataclass(slots=True)
class Counts:
    """Everything that was counted, by month (its first day) and clause."""

    times: dict[Kind, Counter[tuple[date, str]]] = field(
        default_factory=lambda: {kind: Counter() for kind in KINDS}
    )
    cases: Counter[tuple[date, str]] = field(default_factory=Counter)
    took: dict[str, list[Duration]] = field(default_factory=dict)
    running: Counter[str] = field(default_factory=Counter)


def counts_of(
    logs: Iterable[Logged],
    contracts: Sequence[Contract],
    channels: Sequence[tuple[str, str]],
    *,
    span: tuple[int, int],
    as_of: int,
) -> Counts:
    """All tickets, each judged by the version that governs it. `channels` are the clauses that name
    one way of reporting, each with its address.
    """
    book, counts = Book(contracts, span, strict=True, assumed=NOTHING), Counts()
    for logged in logs:
        ticket, _read = as_it_stands(logged, as_of)
        try:
            judged = None if ticket is None else book.judge("", ticket)
        except NotCovered:
            continue
        if judged is not None and judged.ticket.voided is None:
            _take(counts, judged, channels)
    return counts


def _take(counts: Counts, judged: Judged, channels: Sequence[tuple[str, str]]) -> None:
    terms = judged.clockwork.contract.terms
    zone, relieved = zone_of(terms.zone), relieve(terms.reliefs, judged.assessed)
    for place, each in enumerate(judged.assessed):
        clause = each.promise.clause
        month = local_date(zone, each.due_at or each.start_at).replace(day=1)
        counts.cases[month, clause] += 1
        if each.satisfied_at is None:
            counts.running[clause] += each.state != "void"
        elif isinstance(each.spent, ServiceTime):
            counts.took.setdefault(clause, []).append(each.spent)
        if each.state == "missed" and not each.on_trial:
            counts.times["relieved" if place in relieved else "missed"][month, clause] += 1
    solving = [each.clause for each in terms.promises if each.measure == "resolution"]
    for fact in judged.ticket.facts:
        month = local_date(zone, fact.happened_at).replace(day=1)
        if fact.code == "rejected":
            counts.times["disputed"].update((month, clause) for clause in solving)
        elif fact.code == "reported":
            counts.times["bypassed"].update(
                (month, clause) for clause, uri in channels if is_bypass(fact, uri)
            )


def is_bypass(fact: Fact, uri: str) -> bool:
    """Whether a report came by another way than the one that was agreed: by mail instead of the
    desk, or the other way round. Of what another system recorded the way is not known.
    """
    if fact.source not in ("mail", OURS):
        return False
    return (fact.source == "mail") != uri.startswith("mailto:")


def pinches_of(
    counts: Counts, month: Period, before: Period, clauses: Sequence[str]
) -> list[Pinch]:
    """What pinched in a month, what happened most often first; then `clauses` that nobody ever
    used.
    """
    found = [
        pinch
        for kind in KINDS
        for pinch in _of_kind(counts, kind, month.from_on, before.from_on)
        if pinch.times >= OFTEN
    ]
    found.sort(key=lambda each: (-each.times, KINDS.index(each.kind), each.clause))
    used = {clause for _month, clause in counts.cases}
    unused = [Pinch("unused", each, 0, 0, 0) for each in clauses if each not in used]
    return [*found, *unused]


def _of_kind(counts: Counts, kind: Kind, month: date, before: date) -> Iterator[Pinch]:
    times = counts.times[kind]
    for (on, clause), number in times.items():
        if on == month:
            carries = _carries(counts, clause) if kind == "missed" else None
            cases = counts.cases[month, clause]
            yield Pinch(kind, clause, number, cases, times[before, clause], carries)


def _carries(counts: Counts, clause: str) -> Duration | None:
    """What all measurements of a clause would carry."""
    return proposed(counts.took.get(clause, []), counts.running[clause], METHOD).value
