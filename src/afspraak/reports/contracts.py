"""The contracts that a log is replayed under, and their clocks made ready once for many tickets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from afspraak.engine import clockwork as engine
from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.hours import Calendar, Hours
from afspraak.engine.in_force import Version
from afspraak.engine.terms import Promise, Terms
from afspraak.engine.time import start_of_date, zone_of

Cover = tuple[date, date]
"""The dates [from, until) that a calendar may be asked about (T8)."""

Names = Mapping[str, Mapping[str, str]]
"""A clause's or a service's id -> language -> how it is called on a page."""

Wider = Callable[[Terms, Cover], Mapping[str, Calendar]]
_NO_NAMES: Final[Names] = MappingProxyType({})


def stretched(terms: Terms, cover: Cover) -> Mapping[str, Calendar]:
    """The calendars over wider dates, from what they themselves say: of dates outside their own
    cover no public holiday is known.
    """
    return {
        name: each.over((min(cover[0], each.cover[0]), max(cover[1], each.cover[1])))
        for name, each in terms.calendars.items()
    }


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract version as it is replayed, with what a page says of it.

    `customers` are the names by which a log may call its customer, in lower case; none: it governs
    every ticket. `wider` gives its calendars over other dates, for a what-if. `signed_at`, in
    microseconds, is when its last party signed; None: at its start.
    """

    terms: Terms
    name: str
    sha256: str = ""
    customers: frozenset[str] = frozenset()
    parties: Mapping[str, str] = field(default_factory=dict)
    titles: Names = field(default_factory=lambda: _NO_NAMES)
    services: Names = field(default_factory=lambda: _NO_NAMES)
    wider: Wider = stretched
    signed_at: int | None = None

    @property
    def from_at(self) -> int:
        """The instant from which this version holds."""
        terms = self.terms
        return start_of_date(zone_of(terms.zone), terms.version_from_on or terms.from_on)

    @property
    def version(self) -> Version:
        """Its dates as the law asks for them (C1, C2)."""
        signed_at = self.from_at if self.signed_at is None else self.signed_at
        return Version(
            id=f"{self.terms.id}/{self.terms.version}",
            agreement=self.terms.id,
            parties=(SUPPLIER, CUSTOMER),
            from_at=self.from_at,
            until_at=start_of_date(zone_of(self.terms.zone), self.terms.until_on),
            signed_at={SUPPLIER: signed_at, CUSTOMER: signed_at},
            open_tickets=self.terms.open_tickets,
            signed_late=self.terms.signed_late,
        )

    def promise(self, clause: str) -> Promise:
        """The ticket promise of a clause."""
        return next(each for each in self.terms.promises if each.clause == clause)

    def title(self, clause: str, language: str) -> str:
        """What its signed text calls a clause; empty where it has no title."""
        names = self.titles.get(clause, {})
        return names.get(language) or next(iter(names.values()), "")


class Clockwork(engine.Clockwork):
    """One contract's clocks and their hours. `place` is the contract's place among those that are
    replayed.
    """

    __slots__ = ("contract", "place")

    def __init__(self, contract: Contract, place: int, hours: Mapping[str, Hours]) -> None:
        super().__init__(contract.terms, hours)
        self.contract = contract
        self.place = place
