"""From the counts of a replay in columns to the figures that every replay has: shares, periods,
money, the difference between contracts.

What only a pass ticket by ticket knows is not among them: whose turn the time was, how it spread
against the target, the worst misses, which tickets got no verdict.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from afspraak.reports.accounts import accounts_of
from afspraak.reports.as_json import Json, as_json
from afspraak.reports.bulk_counts import Counts
from afspraak.reports.bulk_judge import Plan
from afspraak.reports.compare import Comparison
from afspraak.reports.contracts import Contract
from afspraak.reports.cube import Arrivals, Cube, Key, Spread
from afspraak.reports.governing import Book
from afspraak.reports.replay import Replay, dates_of
from afspraak.reports.uptimes import ServiceLog
from afspraak.reports.view_unjudged import Provenance

_BY_TICKET: Final = ("worst", "not_covered", "refused")
_BY_TICKET_OF_A_PROMISE: Final = ("turns", "spread")


def replay_of(
    counts: Counts, plan: Plan, place: int, contracts: Sequence[Contract], log: ServiceLog
) -> Replay:
    """One book's figures. `contracts` as they were given; `log` is what it tells of services."""
    reach = (plan.span[0], max(plan.span[1], plan.as_of))
    book = Book(contracts, reach, strict=False, assumed=plan.assumed)
    dates, cube = dates_of(contracts[0], plan.span, plan.as_of), _cube(counts, place)
    return Replay(
        contracts=tuple(contracts),
        strict=False,
        as_of=plan.as_of,
        span=plan.span,
        dates=dates,
        tickets=counts.tickets,
        unreported=counts.apart[place, "unreported"],
        cube=cube,
        spread=Spread(),
        arrivals=Arrivals(),
        accounts=accounts_of(book.clockworks, cube, dates, log, strict=False, as_of=plan.as_of),
        unjudged=(),
        unjudged_tickets=counts.apart[place, "refused"],
        worst=(),
        assumed=dict(plan.assumed),
    )


def _cube(counts: Counts, place: int) -> Cube:
    cube = Cube()
    for key, number in sorted(counts.counts.items()):
        if key.book == place:
            due_on = date.fromisoformat(key.due_on) if key.due_on else None
            where = Key(key.contract, key.clause, key.customer, key.fields, due_on)
            cube.add(where, key.state, number)
    return cube


def counts_as_json(
    counts: Counts, replay: Replay, provenance: Provenance, comparison: Comparison | None
) -> Json:
    """The figures as a replay tells them (docs/replay.md), less what the columns do not know."""
    found = as_json(replay, provenance, comparison)
    for name in _BY_TICKET:
        del found[name]
    promises = found["promises"]
    assert isinstance(promises, list)
    for promise in promises:
        for name in _BY_TICKET_OF_A_PROMISE:
            del promise[name]
    found["unjudged"] = replay.unjudged_tickets
    if comparison is not None:
        against = found["against"]
        assert isinstance(against, dict)
        del against["not_covered"]
        against["unjudged"] = comparison.other.unjudged_tickets
    found["counted"] = {
        "facts": counts.facts,
        "scalar_tickets": counts.scalar,
        "sha256": counts.sha256(),
    }
    return found
