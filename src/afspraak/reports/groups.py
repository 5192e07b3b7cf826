"""The promises of several contracts, told together by who promised what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from afspraak.engine.facts import PARTIES, SUPPLIER
from afspraak.engine.terms import MEASURES, Measure, Promise, Share
from afspraak.reports.contracts import Contract
from afspraak.reports.cube import Cube, Place, Sum
from afspraak.reports.speech import measure
from afspraak.reports.texts import Texts

MAIN: Final[tuple[Measure, ...]] = ("resolution", "first_response", "diagnosis", "next_response")
"""What a page speaks of first, in this order."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """All clauses of one promisor and measure; `shares` are what they promise, each once."""

    promisor: str
    measure: Measure
    clauses: tuple[Place, ...]
    promises: tuple[Promise, ...]
    titles: frozenset[str]

    def title(self, texts: Texts) -> str:
        """Its own title where all contracts agree on one, else what the measure is called."""
        if len(self.titles) == 1 and (only := next(iter(self.titles))):
            return only
        return measure(texts, self.promisor, self.measure)

    @property
    def shares(self) -> tuple[Share, ...]:
        """The promised shares, each once."""
        return tuple(dict.fromkeys(each.share for each in self.promises if each.share))

    @property
    def at_least(self) -> Fraction | None:
        """The promised part where all contracts promise the same one."""
        parts = {share.at_least for share in self.shares}
        return parts.pop() if len(parts) == 1 else None

    def total(self, cube: Cube) -> Sum:
        """Everything that was counted under it."""
        return cube.total(self.clauses)


def groups_of(contracts: Iterable[Contract], texts: Texts) -> tuple[Group, ...]:
    """The supplier's promises first, then the customer's; in the order of the law's measures."""
    found: dict[tuple[str, Measure], list[tuple[int, Promise, str]]] = {}
    for place, contract in enumerate(contracts):
        for promise in contract.terms.promises:
            title = contract.title(promise.clause, texts.language)
            key = (promise.promisor, promise.measure)
            found.setdefault(key, []).append((place, promise, title))
    ordered = sorted(found, key=lambda key: (PARTIES.index(key[0]), MEASURES.index(key[1])))
    return tuple(
        Group(
            promisor,
            name,
            tuple((place, promise.clause) for place, promise, _ in found[promisor, name]),
            tuple(promise for _, promise, _ in found[promisor, name]),
            frozenset(title for _, _, title in found[promisor, name]),
        )
        for promisor, name in ordered
    )


def main_group(groups: Iterable[Group], cube: Cube) -> Group | None:
    """What the headline speaks of: the supplier's most telling promise that has a case."""
    return next(_told(groups, cube), None)


def _told(groups: Iterable[Group], cube: Cube) -> Iterator[Group]:
    own = {each.measure: each for each in groups if each.promisor == SUPPLIER}
    for name in (*MAIN, *MEASURES):
        group = own.get(name)
        if group is not None and group.total(cube).tally.cases:
            yield group
