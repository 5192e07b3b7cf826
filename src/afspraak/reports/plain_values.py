"""What a plain report is made of: what it says beside the figures, and its parts as shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from afspraak.reports.tables import Table
from afspraak.reports.view_plots import Figure
from afspraak.reports.view_promises import KeyFigure
from afspraak.reports.view_turns import TurnBar


@dataclass(frozen=True, slots=True)
class ServiceHeld:
    """A service as it was agreed. `units` and `unit` are empty where it has none."""

    key: str
    name: str
    level: str
    units: str


@dataclass(frozen=True, slots=True)
class CostAgreed:
    """Extra cost that a person of the customer agreed to."""

    ticket: str
    at: int
    cost: str


@dataclass(frozen=True, slots=True)
class DatedDuty:
    """A dated promise of either side, and what became of it."""

    title: str
    promisor: str
    due_on: date
    state: str
    clause: str


@dataclass(frozen=True, slots=True)
class About:
    """What a report says beside the figures."""

    supplier: str
    customer: str
    reference: str
    services: Sequence[ServiceHeld]
    costs: Sequence[CostAgreed]
    duties: Sequence[DatedDuty]
    proposals: str
    """What the supplier proposes, in a person's words."""

    def with_proposals(self, words: str) -> "About":
        """The same with other proposals."""
        return replace(self, proposals=words)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    id: str
    title: str
    notes: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    bars: tuple[TurnBar, ...] = ()
    figures: tuple[Figure, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Plain:
    """The whole report, in one language."""

    language: str
    title: str
    sub: str
    stand: str
    headline: str
    key_figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
