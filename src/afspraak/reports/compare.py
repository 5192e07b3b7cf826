"""One log under two contracts: the difference for each customer and promise."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from afspraak.engine.facts import PARTIES
from afspraak.engine.figures import Tally
from afspraak.engine.terms import MEASURES, Measure
from afspraak.reports.replay import Replay

NO_MONEY: Final = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Difference:
    """One customer's promise under the one and the other; None where it promises nothing there.
    `customer` is empty for all of them together.
    """

    customer: str
    promisor: str
    measure: Measure
    this: Tally | None
    other: Tally | None


@dataclass(frozen=True, slots=True)
class Credits:
    """What a customer is owed under the one and the other, in the agreement's currency."""

    customer: str
    this: Decimal
    other: Decimal


@dataclass(frozen=True, slots=True)
class Comparison:
    """This replay against another one of the same log."""

    this: Replay
    other: Replay
    differences: tuple[Difference, ...]
    credits: tuple[Credits, ...]


def compare(this: Replay, other: Replay) -> Comparison:
    """The differences, all customers together first, then each that has tickets."""
    return Comparison(this, other, tuple(_differences(this, other)), tuple(_credits(this, other)))


def _differences(this: Replay, other: Replay) -> Iterator[Difference]:
    ones, others = _by_promise(this), _by_promise(other)
    for promisor, measure in sorted({*ones, *others}, key=_order):
        one = ones.get((promisor, measure), {})
        two = others.get((promisor, measure), {})
        yield Difference("", promisor, measure, _all(one), _all(two))
        for customer in sorted({*one, *two} - {""}):
            yield Difference(customer, promisor, measure, one.get(customer), two.get(customer))


def _order(promise: tuple[str, Measure]) -> tuple[int, int]:
    return PARTIES.index(promise[0]), MEASURES.index(promise[1])


def _by_promise(replay: Replay) -> dict[tuple[str, Measure], dict[str, Tally]]:
    """Tallies by promisor and measure, then customer."""
    made = {
        (place, promise.clause): (promise.promisor, promise.measure)
        for place, contract in enumerate(replay.contracts)
        for promise in contract.terms.promises
    }
    found: dict[tuple[str, Measure], dict[str, Tally]] = {}
    for key, cell in replay.cube.cells():
        tallies = found.setdefault(made[key.contract, key.clause], {})
        tallies[key.customer] = tallies.get(key.customer, Tally()) + cell.tally
    return found


def _all(tallies: Mapping[str, Tally]) -> Tally | None:
    return sum(tallies.values(), Tally()) if tallies else None


def _credits(this: Replay, other: Replay) -> Iterator[Credits]:
    ones, others = owed(this), owed(other)
    yield Credits("", sum(ones.values(), NO_MONEY), sum(others.values(), NO_MONEY))
    for customer in sorted({*ones, *others} - {""}):
        yield Credits(customer, ones.get(customer, NO_MONEY), others.get(customer, NO_MONEY))


def owed(replay: Replay) -> dict[str, Decimal]:
    """Credits by the customer that the log names; empty where one contract governs several."""
    customers: dict[int, set[str]] = {}
    for key, _ in replay.cube.cells():
        customers.setdefault(key.contract, set()).add(key.customer)
    found: dict[str, Decimal] = {}
    for place in range(len(replay.contracts)):
        names = customers.get(place, set())
        name = next(iter(names)) if len(names) == 1 else ""
        found[name] = found.get(name, NO_MONEY) + replay.accounts.owed(place)
    return found
