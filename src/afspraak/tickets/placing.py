"""A ticket's rows become its facts: states entered and left, activities, instants, changed fields.

Leaving a waiting state is the answer, unless a solution withdraws the question (SEMANTICS K6);
leaving a solved state is a rejection (K5). A row that only repeats the one before is a duplicate.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Final, NamedTuple, TypeVar

from afspraak.engine.facts import CUSTOMER, SUPPLIER
from afspraak.engine.time import SECOND
from afspraak.tickets.entries import Entry, Values
from afspraak.tickets.mapping import ENDING, FIELDS, LogMapping, Meaning
from afspraak.tickets.tables import FactRow, OutcomeRow

NOTED: Final = Meaning("acknowledged")
"""What a state says that is no fact of the law: kept, and counted for nothing (SEMANTICS K2)."""

REPORTED: Final = Meaning("reported")
_RECLASSIFIED: Final = Meaning("reclassified")
_REJECTED: Final = Meaning("rejected")
_NO_ANSWER: Final = (*ENDING, "voided")
_CONTACT: Final = {CUSTOMER: "customer_contact", SUPPLIER: "supplier_contact"}
_SILENT: Final = (None,) * len(FIELDS)
_by_time: Final = attrgetter("happened_at", "recorded_at")
T = TypeVar("T")


class Placed(NamedTuple):
    """A ticket's facts in order, its outcome, and how many rows were duplicates or said nothing."""

    facts: list[FactRow]
    outcome: OutcomeRow
    duplicates: int
    silent: int


class Placer:
    """Places tickets under one mapping; `odd` counts what a reader of the manifest should know."""

    def __init__(self, mapping: LogMapping) -> None:
        self.mapping = mapping
        self.odd: Counter[str] = Counter()

    def place(self, ticket: str, entries: Sequence[Entry]) -> Placed:
        """The ticket's facts and outcome from its rows (at least one), in the log's order."""
        rows, duplicates = _once(sorted(entries, key=lambda entry: entry.at or 0))
        firsts = _settled(entry.fields for entry in rows)
        story = _Story(self, ticket, firsts)
        story.report(rows)
        for at, entry, meaning in self._timeline(rows):
            story.go_on(at, entry, meaning)
        story.facts.sort(key=_by_time)
        last = rows[::-1]
        outcome = OutcomeRow(
            ticket=ticket,
            made=_first([entry.made for entry in last]),
            deadline_at=_first([entry.deadline_at for entry in last]),
            priority_first=firsts[0],
            priority_last=_first([entry.fields[0] for entry in last]),
            service=firsts[1],
            kind=firsts[2],
            site=firsts[3],
            customer=firsts[4],
            kept=_settled(entry.kept for entry in last),
        )
        return Placed(story.facts, outcome, duplicates, story.silent)

    def _timeline(self, rows: Sequence[Entry]) -> Iterable[tuple[int, Entry, Meaning | None]]:
        """Rows and the instants of columns by time; at the same instant rows first, as logged."""
        told: list[tuple[int, Entry, Meaning | None]] = [
            (entry.at, entry, None) for entry in rows if entry.at is not None
        ]
        if not self.mapping.instants:
            return told
        instants = _settled(entry.stated for entry in reversed(rows))
        for instant, at in zip(self.mapping.instants, instants, strict=True):
            if at is not None:
                told.append((at, rows[-1], instant.meaning))
        return sorted(told, key=lambda moment: moment[0])


def _first(values: Sequence[T | None]) -> T | None:
    """The first value that is one."""
    for value in values:
        if value is not None:
            return value
    return None


def _settled(rows: Iterable[tuple[T | None, ...]]) -> tuple[T | None, ...]:
    """Place by place the first value that is one."""
    found: tuple[T | None, ...] = ()
    for row in rows:
        if not found:
            found = row
        else:
            found = tuple(
                [old if old is not None else new for old, new in zip(found, row, strict=True)]
            )
        if None not in found:
            break
    return found


def _once(entries: Sequence[Entry]) -> tuple[list[Entry], int]:
    """The rows without those that only repeat the row before, or any earlier row to the letter."""
    kept: list[Entry] = []
    seen: set[tuple[str, ...]] = set()
    for entry in entries:
        if entry.raw in seen or (kept and entry[1:-1] == kept[-1][1:-1]):
            continue
        seen.add(entry.raw)
        kept.append(entry)
    return kept, len(entries) - len(kept)


class _Story:
    """The facts of one ticket while they are being told."""

    def __init__(self, placer: Placer, ticket: str, firsts: Values) -> None:
        self.odd, self.mapping, self.ticket = placer.odd, placer.mapping, ticket
        self.facts: list[FactRow] = []
        self.silent = 0
        self._customer = firsts[-1]
        self._now = self._heard = firsts
        self._state: str | None = None
        self._waiting: tuple[str, str] | None = None
        self._asked: list[tuple[str, str]] = []
        self._questions = self._changes = 0
        self._solved = False
        self._names: dict[str, int] = {}

    def report(self, rows: Sequence[Entry]) -> None:
        """The customer's report: the instant that the log states, else its first row (K1)."""
        first = rows[0]
        at = _first([entry.reported_at for entry in rows])
        recorded = first.recorded_at if at is None else first.reported_recorded_at
        if at is None:
            at = first.at
        assert at is not None  # EntryReader refuses a row that has neither
        if first.at is not None and at > first.at:
            self.odd["tickets have rows from before their report"] += 1
        self._tell(at, recorded, REPORTED, None, fields=self._now)

    def go_on(self, at: int, entry: Entry, meaning: Meaning | None) -> None:
        """A row of the log, or the instant of a column with its meaning."""
        before = len(self.facts)
        if meaning:
            self._happen(at, entry, meaning)
            return
        if entry.fields != self._heard:
            self._reclassify(at, entry)
        if entry.state is not None and entry.state != self._state:
            self._enter(at, entry, entry.state)
        if entry.activity is not None:
            self._happen(at, entry, self._meaning(entry.activity, self.mapping.activities))
        if len(self.facts) == before:
            self.silent += 1

    def _meaning(self, word: str, known: Mapping[str, Meaning]) -> Meaning:
        found = known.get(word) or self.mapping.unlisted
        assert found is not None  # EntryReader refuses what neither lists
        return NOTED if found.fact == "reported" else found

    def _reclassify(self, at: int, entry: Entry) -> None:
        """A changed field is a reclassification where the mapping says so (SEMANTICS K7)."""
        self._heard = entry.fields
        now = _settled((entry.fields, self._now))
        changed = [new if new != old else None for new, old in zip(now, self._now, strict=True)]
        self._now = now
        rule = self.mapping.reclassified
        for place, name in enumerate(FIELDS):
            if changed[place] is not None and name not in rule.of:
                changed[place] = None
                self.odd[f"changes of {name} are no facts by this mapping; the first counts"] += 1
        if any(value is not None for value in changed):
            self._changes += 1
            self._tell(
                at,
                entry.recorded_at,
                _RECLASSIFIED,
                entry.state,
                name=f"r{self._changes}",
                fields=tuple(changed),
            )

    def _enter(self, at: int, entry: Entry, state: str) -> None:
        """A state that is entered states its fact; the one that is left may state one, too."""
        meaning = self._meaning(state, self.mapping.states)
        left, self._waiting, self._state = self._waiting, None, state
        if meaning.fact not in _NO_ANSWER:
            if left:
                self._answer(at, entry, left)
            if self._solved:
                self._tell(at, entry.recorded_at, _REJECTED, state)
                self._solved = False
        asked = self._fact(at, entry, meaning)
        self._waiting = (asked, meaning.to) if asked else None

    def _happen(self, at: int, entry: Entry, meaning: Meaning) -> None:
        """An activity, or a column's instant: something that happened, whatever the state."""
        if meaning.fact == "answer":
            by = entry.by or meaning.by or CUSTOMER
            asked = _first([question for question in self._asked[::-1] if question[1] == by])
            if asked:
                self._answer(at, entry, asked)
                return
            self.odd["answers to no question: taken as contact"] += 1
            meaning = Meaning(_CONTACT.get(by, NOTED.fact))
        elif entry.by and meaning.fact in _CONTACT.values():
            meaning = Meaning(_CONTACT.get(entry.by, NOTED.fact))
        self._fact(at, entry, meaning)

    def _answer(self, at: int, entry: Entry, question: tuple[str, str]) -> None:
        of, by = question
        self._asked = [asked for asked in self._asked if asked[0] != of]
        self._tell(at, entry.recorded_at, Meaning("answer", by=by), entry.state, of=of)

    def _fact(self, at: int, entry: Entry, meaning: Meaning) -> str | None:
        """Tells a fact; a question's name."""
        name: str | None = None
        if meaning.fact == "question":
            self._questions += 1
            name = f"q{self._questions}"
            self._asked.append((name, meaning.to))
        elif meaning.fact in ENDING:
            if meaning.unsolved and not self._solved:
                self._tell(at, entry.recorded_at, Meaning(meaning.unsolved), entry.state)
                self.odd["tickets were closed without being solved: taken as solved then"] += 1
            self._solved, self._asked = True, []
        elif meaning.fact == "rejected":
            self._solved = False
        self._tell(at, entry.recorded_at, meaning, entry.state, name=name)
        return name

    def _tell(
        self,
        at: int,
        recorded: int | None,
        meaning: Meaning,
        state: str | None,
        *,
        of: str | None = None,
        name: str | None = None,
        fields: Values = _SILENT,
    ) -> None:
        fact = meaning.fact
        if recorded is None:
            recorded = at
        elif recorded < at:
            self.odd["facts were recorded before they happened: taken as recorded at once"] += 1
            recorded = at
        changed = fact == "reclassified"
        rule = self.mapping.reclassified
        self.facts.append(
            FactRow(
                self.ticket,
                fact,
                at,
                recorded,
                meaning.by or None,
                SUPPLIER,
                meaning.to or None,
                of,
                name,
                rule.cause if changed else None,
                meaning.why or None,
                changed and rule.agreed,
                None,
                None,
                None,
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                self._customer,
                state,
                self._source_id(at, fact),
            ),
        )

    def _source_id(self, at: int, fact: str) -> str:
        """The same for the same fact in every export of the log (SEMANTICS F2)."""
        name = f"{self.ticket}/{at // SECOND}/{fact}"
        count = self._names[name] = self._names.get(name, 0) + 1
        return name if count == 1 else f"{name}/{count}"
