"""An imported log (facts.parquet, outcomes.parquet) as the ground on which `infer` searches.

Which instants a promise could begin or end with is not stated: every fact and every state of the
log is a candidate, first and last, and so is every instant that it wrote in hindsight.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from afspraak.sourcing.infer_log import MISSING, UNKNOWN, Bools, Ints, Key, Recorded, Waits
from afspraak.tickets.manifest import load_manifest

_ENDING: Final = {
    "solved": "resolution",
    "accepted": "resolution",
    "supplier_contact": "first_response",
    "diagnosis": "diagnosis",
    "workaround": "resolution",
}
"""Facts that may end a promise, and the measure that each of them stands for."""

_HOUR: Final = 3_600_000_000
_MOST_VALUES: Final = 60
_WORK: Final = 0.1
_OUTCOME: Final = (
    "ticket",
    "made",
    "deadline_at",
    "priority_first",
    "priority_last",
    "service",
    "kind",
    "site",
    "customer",
)


@dataclass(frozen=True, eq=False)
class Loaded:
    """A log on the ground of `infer`, and what its names mean in a contract.

    `measures`: an end's name -> the measure it stands for; `parties`: a waiting state -> who then
    had the question; `facts`: an end's name -> the fact that the mapping made of it.
    """

    log: Recorded
    measures: dict[str, str]
    parties: dict[str, str]
    facts: dict[str, str]


@dataclass(frozen=True, eq=False)
class _Lines:
    """The facts as columns (m,): whose (a row of the outcomes), what, when, in which state."""

    ticket: Ints
    code: list[str]
    codes: Ints
    state: list[str]
    states: Ints
    at: Ints
    to: Ints
    parties: list[str]
    count: int

    def first(self, chosen: Bools) -> Ints:
        """Each ticket's first instant among the chosen lines."""
        return self._spread(chosen, backwards=True)

    def last(self, chosen: Bools) -> Ints:
        """Each ticket's last instant among them."""
        return self._spread(chosen, backwards=False)

    def _spread(self, chosen: Bools, *, backwards: bool) -> Ints:
        rows = np.flatnonzero(chosen)
        rows = rows[::-1] if backwards else rows
        found = np.full(self.count, MISSING, np.int64)
        found[self.ticket[rows]] = self.at[rows]
        return found


def load_recorded(folder: Path) -> Loaded:
    """The log in a folder that `afspraak import` wrote. Raises LogRefused where there is none."""
    manifest = load_manifest(folder)
    outcomes = pq.read_table(folder / "outcomes.parquet")
    lines = _lines(pq.read_table(folder / "facts.parquet"), outcomes)
    reported = lines.first(_is(lines.codes, lines.code, "reported"))
    starts, hindsight = _hindsight(outcomes, reported)
    ends, measures, facts = _ends(lines)
    waits, parties = _waits(lines)
    log = Recorded(
        ids=tuple(outcomes["ticket"].to_pylist()),
        keys=_keys(outcomes),
        starts={"reported": reported, **starts},
        ends={**ends, **hindsight},
        waits=waits,
        made=_made(outcomes),
        due_at=_instants(outcomes["deadline_at"]),
        as_of=int(lines.at.max()) if len(lines.at) else 0,
        zone=manifest.zone if manifest.zone_stated else None,
    )
    return Loaded(log, measures, parties, facts)


def _lines(table: pa.Table, outcomes: pa.Table) -> _Lines:
    ticket = pc.index_in(table["ticket"], value_set=outcomes["ticket"].combine_chunks())
    codes, code = _coded(table["fact"])
    states, state = _coded(table["state"])
    to, parties = _coded(table["to"])
    at = _instants(table["happened_at"])
    whose = ticket.to_numpy().astype(np.int64)
    return _Lines(whose, code, codes, state, states, at, to, parties, len(outcomes))


def _coded(column: pa.ChunkedArray) -> tuple[Ints, list[str]]:
    """A column of words as numbers and their words; UNKNOWN where it has none."""
    encoded = column.combine_chunks()
    if not pa.types.is_dictionary(encoded.type):
        encoded = encoded.dictionary_encode()
    numbers = pc.fill_null(encoded.indices, UNKNOWN).to_numpy(zero_copy_only=False)
    return numbers.astype(np.int64), [str(word) for word in encoded.dictionary.to_pylist()]


def _is(numbers: Ints, words: list[str], word: str) -> Bools:
    found: Bools = numbers == (words.index(word) if word in words else UNKNOWN - 1)
    return found


def _instants(column: pa.ChunkedArray) -> Ints:
    whole = pc.fill_null(column.cast(pa.int64()), MISSING)
    numbers: Ints = whole.to_numpy().astype(np.int64)
    return numbers


def _made(outcomes: pa.Table) -> Ints:
    made = pc.fill_null(outcomes["made"].cast(pa.int64()), UNKNOWN).to_numpy()
    numbers: Ints = made.astype(np.int64)
    return numbers


def _keys(outcomes: pa.Table) -> dict[str, Key]:
    """What targets may depend on, the likeliest first; a field of very many values is none."""
    keys = {}
    for name, column, field in (
        ("priority", "priority_last", "priority"),
        ("priority as reported", "priority_first", "priority"),
        ("service", "service", "service"),
        ("kind", "kind", "kind"),
        ("site", "site", "site"),
        ("customer", "customer", "customer"),
    ):
        codes, words = _coded(outcomes[column])
        if 1 < len(set(codes.tolist())) <= _MOST_VALUES:
            values = (*((word,) for word in words), ("",))
            keys[name] = Key((field,), values, np.where(codes < 0, len(words), codes))
    return {**keys, "": Key((), ((),), np.zeros(len(outcomes), np.int64))}


def _hindsight(outcomes: pa.Table, reported: Ints) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """The instants that a log wrote beside its events: those about the report, and the others."""
    starts: dict[str, Ints] = {}
    ends: dict[str, Ints] = {}
    for name in outcomes.column_names:
        if name in _OUTCOME:
            continue
        at = _instants(outcomes[name])
        both = (at != MISSING) & (reported != MISSING)
        if both.any():
            near = float(np.median(np.abs(at[both] - reported[both]))) <= _HOUR
            (starts if near else ends)[name] = at
    return starts, ends


def _ends(lines: _Lines) -> tuple[dict[str, Ints], dict[str, str], dict[str, str]]:
    """Candidate ends: first and last of each ending fact, and of each state of the log."""
    ends: dict[str, Ints] = {}
    measures: dict[str, str] = {}
    facts: dict[str, str] = {}
    for code in _ENDING:
        chosen = _is(lines.codes, lines.code, code)
        if chosen.any():
            ends[f"first {code}"], ends[f"last {code}"] = lines.first(chosen), lines.last(chosen)
    for number, state in enumerate(lines.state):
        chosen = lines.states == number
        code = lines.code[Counter(lines.codes[chosen].tolist()).most_common(1)[0][0]]
        first, last = lines.first(chosen), lines.last(chosen)
        for name, at in ((f"first {state}", first), (f"last {state}", last)):
            if not any(np.array_equal(at, known) for known in ends.values()):
                ends[name], facts[name] = at, code
                measures[name] = _ENDING.get(code, "resolution")
    for name in ends:
        code = facts.setdefault(name, name.partition(" ")[2])
        measures.setdefault(name, _ENDING.get(code, "resolution"))
    return ends, measures, facts


def _waits(lines: _Lines) -> tuple[Waits, dict[str, str]]:
    """The stretches in which tickets stood in a state other than work, each until the next state.

    A state is work if it satisfies something, or if a tenth of the tickets and more were in it and
    nobody was asked anything.
    """
    asked = _is(lines.codes, lines.code, "question")
    ending = np.isin(lines.codes, [n for n, code in enumerate(lines.code) if code in _ENDING])
    names: list[str] = []
    parties: dict[str, str] = {}
    for number, state in enumerate(lines.state):
        chosen = lines.states == number
        rare = len(np.unique(lines.ticket[chosen])) < _WORK * lines.count
        if (chosen & asked).any() or (rare and not (chosen & ending).any()):
            names.append(state)
            whom = Counter(lines.to[chosen & asked].tolist()).most_common(1)
            if whom and whom[0][0] >= 0:
                parties[state] = lines.parties[whom[0][0]]
    numbers = np.array([lines.state.index(name) for name in names], np.int64)
    parties |= {f"question to {party}": party for party in lines.parties}
    return _stretches(lines, names, numbers), parties


def _stretches(lines: _Lines, names: list[str], numbers: Ints) -> Waits:
    """From entering a waiting state until the ticket's next state; and, where a log has facts but
    no states, from a question until the next answer or solution.
    """
    stated = np.flatnonzero(lines.states >= 0)
    ticket, state, at = lines.ticket[stated], lines.states[stated], lines.at[stated]
    held = np.flatnonzero(np.isin(state, numbers))
    until = _next(ticket, at)
    order = np.full(max(len(lines.state), 1), UNKNOWN, np.int64)
    order[numbers] = np.arange(len(names))
    asked = _asked(lines)
    return Waits(
        (*names, *(f"question to {party}" for party in lines.parties)),
        np.concatenate([ticket[held], asked[0]]),
        np.concatenate([order[state[held]], asked[1] + len(names)]),
        np.concatenate([at[held], asked[2]]),
        np.concatenate([until[held], asked[3]]),
    )


def _next(ticket: Ints, at: Ints) -> Ints:
    """For each line the instant of its ticket's next one; MISSING after the last."""
    until = np.full(len(ticket), MISSING, np.int64)
    until[:-1] = np.where(ticket[1:] == ticket[:-1], at[1:], MISSING)
    return until


def _asked(lines: _Lines) -> tuple[Ints, Ints, Ints, Ints]:
    """Questions without a state: their tickets, whom they were put to, from when, until when."""
    words = [n for n, code in enumerate(lines.code) if code in ("question", "answer", "solved")]
    chosen = np.flatnonzero(np.isin(lines.codes, words) & (lines.states < 0))
    until = _next(lines.ticket[chosen], lines.at[chosen])
    asks = _is(lines.codes, lines.code, "question")[chosen] & (lines.to[chosen] >= 0)
    rows = chosen[asks]
    return lines.ticket[rows], lines.to[rows], lines.at[rows], until[asks]
