"""What a mapping says: how to read somebody's ticket export, as frozen values (docs/import.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from afspraak.engine.facts import CODES

ENCODINGS: Final = ("utf-8", "utf-8-sig", "latin-1", "cp1252")
"""Encodings in which a line break is always the byte 0x0A, so that a fault can name its line."""

FIELDS: Final = ("priority", "service", "kind", "site", "customer")
"""What a report states; all but the customer are the contract's finite fields (SEMANTICS C3)."""

RECLASSIFIABLE: Final = ("priority", "service", "kind", "site")

STATED: Final = CODES - {"merged", "corrected", "confirmed", "expectation", "reclassified"}
"""The facts that a state, an activity or an instant of a log can state by itself."""

ENDING: Final = frozenset(("solved", "accepted"))


@dataclass(frozen=True, slots=True)
class FileForm:
    """The CSV: delimiter, quote ("" for none), encoding, the member of a .zip ("" for any)."""

    delimiter: str = ","
    quote: str = '"'
    encoding: str = "utf-8-sig"
    member: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """How instants are written: formats tried in order, the zone of local ones, who states it."""

    formats: tuple[str, ...]
    zone: str
    zone_stated: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row: a constant, or columns joined by " / ", translated by `words`.

    `words` empty: as it stands. A value that is not among them is `otherwise`, or, without one, a
    row that cannot be placed. `slug`: in lower case with hyphens, as contracts name things.
    """

    columns: tuple[str, ...] = ()
    constant: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    otherwise: str | None = None
    slug: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """The fact that a state's entry, an activity or a column's instant states.

    `to` of a question; `by` where it isn't the fact's usual author; `why` of a voided ticket;
    `unsolved`: what is stated first when a ticket is accepted that was not solved.
    """

    fact: str
    to: str = ""
    by: str = ""
    why: str = ""
    unsolved: str = ""


@dataclass(frozen=True, slots=True)
class Events:
    """A log with a row for each event: when, when recorded, the state after it, what happened."""

    at: str
    recorded_at: str = ""
    state: Cell | None = None
    activity: Cell | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """The columns with the instant of the customer's report (K1) and of its recording."""

    at: str = ""
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class Instant:
    """A column that says when a fact happened; hindsight where each event has a row."""

    column: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Reclassified:
    """Which fields' changes are facts, from which cause, agreed by the customer or not (K7)."""

    of: tuple[str, ...] = ()
    cause: str = "new_facts"
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the log itself recorded of its promise: made or not, in these words; a deadline."""

    made: str = ""
    when_true: frozenset[str] = frozenset()
    when_false: frozenset[str] = frozenset()
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class LogMapping:
    """A whole mapping. `basis` says how it is known: from a log, or from documentation alone."""

    name: str
    basis: str
    note: str
    form: FileForm
    dates: Dates
    nulls: frozenset[str]
    ticket: str
    events: Events | None
    reported: Reported
    states: Mapping[str, Meaning]
    activities: Mapping[str, Meaning]
    unlisted: Meaning | None
    instants: tuple[Instant, ...]
    cells: Mapping[str, Cell]
    by: Cell | None
    reclassified: Reclassified
    hindsight: Mapping[str, str]
    outcome: Outcome
    sha256: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Column name -> the mapping's line that names it, for faults about a log that lacks it."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the mapping reads, in the order in which it names them."""
        return tuple(self.lines)

    @property
    def kept_instants(self) -> Mapping[str, str]:
        """Name in outcomes.parquet -> column: hindsight and the instants that state facts."""
        stated = {f"{item.column}": item.column for item in self.instants}
        return {
            **self.hindsight,
            **{k: v for k, v in stated.items() if v not in self.hindsight.values()},
        }
