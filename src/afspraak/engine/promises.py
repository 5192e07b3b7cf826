"""Dated promises of either side: recurring ones, deliveries, open terms to fill in (SEMANTICS K10,
K11, T9).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from afspraak.engine.facts import LATE_AFTER, SUPPLIER
from afspraak.engine.terms import Delivery, OpenTerm, Recurring
from afspraak.engine.time import Refusal, add, due_on, local_date

DatedState = Literal["running", "met", "missed"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact of a promise (F1): what proves that it was kept, and for which of its dates, if it
    says so. `recorded_by` keeps the log; `confirmed_at` is when the other party confirmed it,
    `rejected_at` when it refused to accept it: from then on it proves nothing.
    """

    clause: str
    happened_at: int
    recorded_at: int
    for_on: date | None = None
    recorded_by: str = SUPPLIER
    confirmed_at: int | None = None
    rejected_at: int | None = None

    def is_rejected(self, as_of: int) -> bool:
        """Whether it had been refused by then (F5)."""
        return self.rejected_at is not None and self.rejected_at <= as_of

    def counts_at(self, promisor: str, as_of: int) -> int:
        """From when it counts: it favours who promised, so that an afterthought of the promisor
        counts from its recording until the other party confirms it (F4).
        """
        confirmed = self.confirmed_at is not None and self.confirmed_at <= as_of
        late = self.recorded_at - self.happened_at > LATE_AFTER
        waits = late and self.recorded_by == promisor and not confirmed
        return self.recorded_at if waits else self.happened_at


@dataclass(frozen=True, slots=True)
class Delay:
    """Days by which a step was moved, and the late step and party that moved it (K10)."""

    days: int
    because: str
    party: str


@dataclass(frozen=True, slots=True)
class Dated:
    """What became of one dated duty, as of a moment: due at the end of its date in the agreement's
    zone (T9).
    """

    clause: str
    promisor: str
    on: date
    due_at: int
    state: DatedState
    satisfied_at: int | None
    delays: tuple[Delay, ...] = ()


def occurrences(promise: Recurring, until_on: date) -> Iterator[date]:
    """The due dates before `until_on`, each counted from the first, so that the 31st stays the 31st
    (T9).
    """
    times, on = 0, promise.first_on
    while on < until_on:
        yield on
        if promise.every is None:
            return
        times += 1
        on = add(promise.first_on, promise.every, times)


def assess_recurring(
    promise: Recurring, evidence: Iterable[Evidence], zone: ZoneInfo, until_on: date, as_of: int
) -> tuple[Dated, ...]:
    """One result per due date. Evidence counts for the date it names; else for the oldest that
    wants it among those whose turn had come: the date before it was past (K10).
    """
    known = _known(promise.clause, promise.promisor, evidence, as_of)
    named = {each.for_on: at for at, each in reversed(known) if each.for_on is not None}
    loose = [at for at, each in known if each.for_on is None]
    results: list[Dated] = []
    for on in occurrences(promise, until_on):
        turn_from = results[-1].due_at if results else None
        at = named.get(on)
        if at is None:
            at = next((each for each in loose if turn_from is None or each > turn_from), None)
            if at is not None:
                loose.remove(at)
        results.append(_dated(promise.clause, promise.promisor, on, zone, at, as_of))
    return tuple(results)


def _known(
    clause: str, promisor: str, evidence: Iterable[Evidence], as_of: int
) -> list[tuple[int, Evidence]]:
    """The evidence that counts as of a moment (F5), each with the instant it counts from, oldest
    first.
    """
    known = [
        (each.counts_at(promisor, as_of), each)
        for each in evidence
        if each.clause == clause
        and max(each.happened_at, each.recorded_at) <= as_of
        and not each.is_rejected(as_of)
    ]
    return sorted(known, key=lambda pair: (pair[0], pair[1].recorded_at))


def _dated(  # noqa: PLR0917
    clause: str, promisor: str, on: date, zone: ZoneInfo, satisfied_at: int | None, as_of: int
) -> Dated:
    due = due_on(zone, on)
    late = (as_of if satisfied_at is None else satisfied_at) > due
    state: DatedState = "missed" if late else "running" if satisfied_at is None else "met"
    return Dated(clause, promisor, on, due, state, satisfied_at)


def assess_deliveries(
    deliveries: Sequence[Delivery], evidence: Iterable[Evidence], zone: ZoneInfo, as_of: int
) -> Mapping[str, Dated]:
    """Every step with its date as it stands: a late step of another party moves the steps that
    depend on it, and so does whatever moved that step itself (K10). Own lateness moves nothing.
    Refuses a circle, and a step that waits for one that isn't there.
    """
    known = list(evidence)
    done: dict[str, Dated] = {}
    for step in _in_order(deliveries):
        delays = tuple(_longest(step, done, zone, as_of))
        on = step.due_on + timedelta(days=sum(delay.days for delay in delays))
        proofs = _known(step.clause, step.promisor, known, as_of)
        at = proofs[0][0] if proofs else None
        found = _dated(step.clause, step.promisor, on, zone, at, as_of)
        done[step.clause] = replace(found, delays=delays)
    return done


def _longest(
    step: Delivery, done: Mapping[str, Dated], zone: ZoneInfo, as_of: int
) -> tuple[Delay, ...]:
    """The chain of delays that moves a step furthest."""
    chains = []
    for clause in step.after:
        earlier = done[clause]
        chain = earlier.delays
        end = as_of if earlier.satisfied_at is None else earlier.satisfied_at
        # 24:00 still belongs to the date that ends: done exactly when due is no day late.
        late = (local_date(zone, end - 1) - earlier.on).days
        if late > 0 and earlier.promisor != step.promisor:
            chain = (*chain, Delay(late, clause, earlier.promisor))
        chains.append(chain)
    return max(chains, key=lambda chain: sum(delay.days for delay in chain), default=())


def _in_order(deliveries: Sequence[Delivery]) -> Iterator[Delivery]:
    """Steps after those that they depend on."""
    left = {step.clause: step for step in deliveries}
    for step in deliveries:
        if missing := [clause for clause in step.after if clause not in left]:
            raise Refusal(
                f"{step.clause} waits for {', '.join(missing)}: there is no such delivery"
            )
    while left:
        ready = [step for step in left.values() if not any(clause in left for clause in step.after)]
        if not ready:
            raise Refusal(f"the deliveries {', '.join(left)} wait for each other in a circle")
        for step in ready:
            del left[step.clause]
            yield step


def fill_in(term: OpenTerm, filled_at: int | None, zone: ZoneInfo, as_of: int) -> Dated:
    """The date by which an open term is filled in by an amendment, a promise of both (K10, K11)."""
    at = filled_at if filled_at is not None and filled_at <= as_of else None
    return _dated(term.clause, "both", term.fill_on, zone, at, as_of)
