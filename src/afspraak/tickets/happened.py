"""What a door hands to the walk: that something happened, said strictly, before it has a place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from afspraak.engine.facts import ASKING, AUTHORS, CODES, CUSTOMER, EMPTY, SUPPLIER, Fact
from afspraak.engine.time import MINUTE, Refusal, datetime_of, parse_instant

AHEAD: Final = 5 * MINUTE
"""A sender's clock may be this far ahead of ours; what lies further on has not happened yet."""

OURS: Final = "afspraak"
"""The source of what was said through our own doors."""

SERVICE_CODES: Final = frozenset(
    {"outage_began", "outage_ended", "maintenance_announced", "maintenance_withdrawn"}
)
PROMISE_CODES: Final = frozenset({"evidence"})
AGREEMENT_CODES: Final = frozenset(
    {
        "units",
        "index_value",
        "cover_extended",
        "evidence_confirmed",
        "evidence_rejected",
        "filled_in",
        "complaint",
        "complaint_answered",
    }
)
SUBJECT_OF: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(CODES, "ticket")
    | dict.fromkeys(SERVICE_CODES, "service")
    | dict.fromkeys(PROMISE_CODES, "promise")
    | dict.fromkeys(AGREEMENT_CODES, "agreement")
)
"""Which subject a code speaks of (F1)."""

OF_SUPPLIER: Final = frozenset(
    code for code, by in AUTHORS.items() if by == SUPPLIER and code != "corrected"
)
"""Codes that only the supplier may record."""

NEEDS_OWN_WORD: Final = frozenset({"confirmed", "cost_agreed", "cost_declined"})
"""Codes that a party can only say for itself: nobody records them in another's name."""


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened, as it is told. Instants in microseconds.

    `ticket` is None for a report, which opens one, and for other subjects; those name `agreement`.
    `foreign` is what another system calls the ticket: facts with the same one are of one ticket.
    `recorded_by` is the party that tells it, `by` the party that did it. `words` is what a person
    wrote (why, a reply, a description): it stays out of the log but for its salted hash. `more`
    holds what codes of services, promises and agreements ask for. `recorded_at` is only an
    import's.
    """

    relation: UUID
    code: str
    happened_at: int
    recorded_by: str
    ticket: UUID | None = None
    foreign: str = ""
    agreement: UUID | None = None
    by: str = ""
    person: UUID | None = None
    reporter: UUID | None = None
    title: str = ""
    words: str = ""
    id: str = ""
    of: str = ""
    to: str = ""
    cause: str = ""
    agreed: bool = False
    until: int | None = None
    reported_at: int | None = None
    cost: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    changes: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    source: str = OURS
    source_id: str = ""
    recorded_at: int | None = None
    is_imported: bool = False

    @property
    def subject(self) -> str:
        """What it is about (F1). Refuses an unknown code."""
        found = SUBJECT_OF.get(self.code)
        if found is None:
            raise Refusal(f"there is no fact {self.code!r}: it may be {', '.join(SUBJECT_OF)}")
        return found

    def data(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """What is kept of it beside the columns: text, truth and lists only, instants as text.
        `fields` are its own, with what follows from them (the priority of an impact).
        """
        told: dict[str, Any] = {
            name: value
            for name in ("of", "to", "cause", "cost", "id")
            if (value := getattr(self, name))
        }
        if self.agreed:
            told["agreed"] = True
        for name in ("until", "reported_at"):
            if (at := getattr(self, name)) is not None:
                told[name] = _text(at)
        if fields:
            told["fields"] = dict(fields)
        if self.changes:
            told["set"] = {name: _plain(name, each) for name, each in self.changes.items()}
        if self.more:
            told["more"] = dict(self.more)
        return told


def check_telling(told: Happened, logged_at: int) -> None:
    """Refuses what nobody may say: another party's word, the future, a fact without what the law
    asks of it.
    """
    by = told.by or AUTHORS.get(told.code, "")
    if told.recorded_by == CUSTOMER and told.code in OF_SUPPLIER:
        raise Refusal(
            "%(code)s: only the supplier says that; a customer may contradict it", code=told.code
        )
    if told.recorded_by == CUSTOMER and by not in ("", CUSTOMER):
        raise Refusal(
            "%(code)s: a customer speaks for itself, not for the %(party)s",
            code=told.code,
            party=by,
        )
    own_word = told.code in NEEDS_OWN_WORD and not told.is_imported
    if own_word and by and by != told.recorded_by:
        raise Refusal(
            "%(code)s: the %(party)s says that itself; nobody says it in its name",
            code=told.code,
            party=by,
        )
    if told.happened_at > logged_at + AHEAD:
        raise Refusal(
            "%(code)s: it lies in the future (%(happened_at)s): tell it when it has happened",
            code=told.code,
            happened_at=told.happened_at,
        )
    if told.code in ASKING:
        fact_of(told, logged_at, 0)


def fact_of(told: Happened, recorded_at: int, position: int) -> Fact:
    """The engine's fact. Raises Refusal for what the law asks and is missing (K6-K9)."""
    return Fact(
        code=told.code,
        happened_at=told.happened_at,
        recorded_at=recorded_at,
        position=position,
        by=told.by,
        recorded_by=told.recorded_by,
        id=told.id,
        of=told.of,
        to=told.to,
        why=told.words,
        cause=told.cause,
        agreed=told.agreed,
        until=told.until,
        reported_at=told.reported_at,
        fields=told.fields,
        changes=told.changes,
    )


def changes_of(written: Mapping[str, Any]) -> dict[str, Any]:
    """A correction's `set` as it was kept -> the engine's values (F3)."""
    return {
        name: parse_instant(value) if name in _INSTANTS else value
        for name, value in written.items()
    }


_INSTANTS: Final = frozenset({"happened_at", "until", "reported_at"})


def _plain(name: str, value: Any) -> Any:
    if name in _INSTANTS:
        return _text(value)
    return dict(value) if isinstance(value, Mapping) else value


def _text(at: int) -> str:
    return datetime_of(at).isoformat(timespec="microseconds").replace("+00:00", "Z")
