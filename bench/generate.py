"""The bench's inputs, made from a seed: a Belgian office's calendar, spans of time, and tickets.

    python bench/generate.py 100000 facts.parquet    tickets as facts, in compact columns

Europe/Brussels, Monday to Friday 08:30-17:30, Belgian public holidays, 2020 to 2026. A ticket has
about nine facts; what it holds and how long each step takes is drawn, the same for the same seed.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import holidays
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from afspraak.engine.columns.clock import CODE, CODES, PARTY, FactColumns
from afspraak.engine.columns.hours import HourColumns
from afspraak.engine.hours import Calendar, Hours, Interval, lay_out
from afspraak.engine.terms import Fields, Promise, Rule, Terms
from afspraak.engine.time import DAY, HOUR, SECOND, ServiceTime
from afspraak.reports.contracts import Contract

COVER = (date(2020, 1, 1), date(2027, 1, 1))
ZONE = "Europe/Brussels"
PRIORITIES = ("P1", "P2", "P3", "P4")
SERVICES = ("e-mail", "workplace", "network", "printers", "finance", "backup")
TARGETS = (4, 8, 27, 45)
"""Service hours to solve, by priority: half a day, about a day, three and five working days."""
ASKED = (0.05, 0.15, 0.5, 0.3)
"""How often each priority is."""
SHORTEST, LONGEST = 1, 40 * 24 * 3600

STEPS = (
    # fact, seconds after the one before it on average, how often it is there
    ("reported", 0, 1),
    ("acknowledged", 30, 1),
    ("supplier_contact", 3 * 3600, 0.97),
    ("question", 5 * 3600, 0.8),
    ("answer", 20 * 3600, 0.8),
    ("question", 5 * 3600, 0.35),
    ("answer", 20 * 3600, 0.35),
    ("question", 5 * 3600, 0.15),
    ("answer", 20 * 3600, 0.15),
    ("customer_contact", 8 * 3600, 0.8),
    ("diagnosis", 8 * 3600, 0.95),
    ("solved", 30 * 3600, 0.92),
    ("rejected", 10 * 3600, 0.0),
    ("solved", 20 * 3600, 0.0),
    ("accepted", 24 * 3600, 0.75),
)
STEP = [step for step, _, _ in STEPS]
QUESTIONS = [place for place, step in enumerate(STEP) if step == "question"]
SOLVED, REJECTED, AGAIN, ACCEPTED = 11, 12, 13, 14


def belgian_holidays() -> frozenset[date]:
    """The public holidays of the cover, frozen as dates."""
    years = range(COVER[0].year, COVER[1].year)
    return frozenset(holidays.country_holidays("BE", years=years))


def calendar(
    *day: tuple[int, int], zone: str = ZONE, days: int = 5, name: str = "office"
) -> Calendar:
    """A calendar with the same hours, in minutes, on the first `days` days of each week."""
    hours = tuple(Interval(opens, closes) for opens, closes in day)
    week = tuple(hours if on < days else () for on in range(7))
    return Calendar(name, zone, week, belgian_holidays(), {}, COVER)


def office() -> Calendar:
    """Monday to Friday, 08:30-17:30."""
    return calendar((510, 1050))


def promise(measure: str = "resolution", scale: int = 1) -> Promise:
    """A target for each priority; questions to the customer freeze it."""
    rules = tuple(
        Rule("5.2", ServiceTime(hours * HOUR // scale), {"priority": priority})
        for priority, hours in zip(PRIORITIES, TARGETS, strict=True)
    )
    return Promise("5.2", measure, rules, "office", pauses=frozenset(["customer"]))


KNOWN = Fields({"priority": PRIORITIES, "service": SERVICES})
CASES = [
    {"priority": priority, "service": service} for priority in PRIORITIES for service in SERVICES
]


@dataclass(frozen=True)
class Spans:
    """Questions about time alone: instants, targets and later instants, in microseconds."""

    start: np.ndarray
    target: np.ndarray
    end: np.ndarray


def spans(hours: Hours, seed: int, count: int) -> Spans:
    """Starts anywhere in the cover, targets as contracts have them, ends days later."""
    rng = np.random.default_rng([seed, 1])
    room = (hours.until_at - hours.from_at) // SECOND - 100 * 24 * 3600
    start = hours.from_at + rng.integers(0, room, count) * SECOND
    target = np.array(TARGETS)[rng.choice(len(TARGETS), count, p=ASKED)] * HOUR
    later = np.clip(rng.exponential(6 * 24 * 3600, count), SHORTEST, LONGEST).astype(np.int64)
    return Spans(start, target, start + later * SECOND)


def tickets(hours: HourColumns, seed: int, block: int, count: int, odd: float = 0) -> FactColumns:
    """A block of tickets in the order of their reports, in int64 microseconds.

    `odd` of the solved ones are rejected and solved again, which the scalar law judges.
    """
    rng = np.random.default_rng([seed, 2, block])
    there = rng.random((count, len(STEPS))) < [share for _, _, share in STEPS]
    for question in QUESTIONS:
        there[:, question + 1] = there[:, question]
    _ending(rng, there, odd)
    gaps = rng.exponential([mean or 1 for _, mean, _ in STEPS], (count, len(STEPS)))
    seconds = np.clip(gaps, SHORTEST, 20 * 24 * 3600).astype(np.int64)
    seconds[~there] = 0
    seconds[:, 0] = 0
    at = _reports(rng, hours, count)[:, None] + np.cumsum(seconds, axis=1) * SECOND
    return _columns(rng, there, at)


def _ending(rng: np.random.Generator, there: np.ndarray, odd: float) -> None:
    """Open tickets are never accepted, and half of them wait for an answer."""
    still_open = ~there[:, SOLVED]
    there[:, ACCEPTED] &= ~still_open
    waits = still_open & (rng.random(len(there)) < 0.5)
    there[waits, QUESTIONS[-1]] = True
    there[waits, QUESTIONS[-1] + 1 : SOLVED] = False
    again = ~still_open & (rng.random(len(there)) < odd)
    there[:, REJECTED] = there[:, AGAIN] = again


def _reports(rng: np.random.Generator, hours: HourColumns, count: int) -> np.ndarray:
    """Four of five reports within the hours, the others at any time; in order."""
    law = hours.hours
    room = law.until_at - law.from_at - 300 * DAY
    anywhere = law.from_at + rng.integers(0, room // SECOND, count) * SECOND
    inside = np.empty(count, np.int64)
    total = law.open_time(law.from_at + room) // SECOND
    hours.reached(rng.integers(1, total, count) * SECOND, inside)
    return np.sort(np.where(rng.random(count) < 0.8, inside, anywhere))


def _columns(rng: np.random.Generator, there: np.ndarray, at: np.ndarray) -> FactColumns:
    lengths = there.sum(axis=1)
    code = np.broadcast_to(np.array([CODE[step] for step in STEP], np.int8), there.shape)
    party, link = np.zeros(there.shape, np.int8), np.zeros(there.shape, np.int16)
    for number, question in enumerate(QUESTIONS, 1):
        whom = np.where(rng.random(len(there)) < 0.85, PARTY["customer"], PARTY["third_party"])
        party[:, question] = party[:, question + 1] = whom
        link[:, question] = link[:, question + 1] = number
    case = rng.choice(len(PRIORITIES), len(there), p=ASKED) * len(SERVICES)
    return FactColumns(
        first=np.concatenate([[0], np.cumsum(lengths)]),
        code=code[there],
        happened_at=at[there],
        recorded_at=at[there],
        party=party[there],
        link=link[there],
        case=(case + rng.integers(0, len(SERVICES), len(there))).astype(np.int32),
        cases=CASES,
    )


def blocks(hours: HourColumns, seed: int, count: int, odd: float = 0) -> Iterator[FactColumns]:
    """Tickets in blocks of at most 100 000."""
    size = 100_000
    for block in range(-(-count // size)):
        yield tickets(hours, seed, block, min(size, count - block * size), odd)


def as_of(hours: Hours) -> int:
    """The moment of the bench's verdicts: after all facts, and well before the cover's end."""
    return hours.until_at - 60 * DAY


# The file ----------------------------------------------------------------------------------------

SCHEMA = pa.schema(
    [
        pa.field("ticket", pa.int32(), nullable=False),
        pa.field("fact", pa.dictionary(pa.int8(), pa.string()), nullable=False),
        pa.field("happened_at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("recorded_at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("by", pa.dictionary(pa.int8(), pa.string())),
        pa.field("to", pa.dictionary(pa.int8(), pa.string())),
        pa.field("id", pa.int16()),
        pa.field("of", pa.int16()),
        pa.field("priority", pa.dictionary(pa.int8(), pa.string())),
        pa.field("service", pa.dictionary(pa.int8(), pa.string())),
    ]
)
WORDS = ["customer", "third_party"]


def batch(facts: FactColumns, first_ticket: int) -> pa.RecordBatch:
    """A block as a batch of facts; the ordinary columns in their smallest types."""
    lengths = np.diff(facts.first)
    asks, answers = facts.code == CODE["question"], facts.code == CODE["answer"]
    reported = facts.code == CODE["reported"]
    case = np.repeat(facts.case, lengths).astype(np.int8)
    party = (facts.party - 1).astype(np.int8)
    columns = [
        pa.array(np.repeat(np.arange(len(facts), dtype=np.int32) + first_ticket, lengths)),
        pa.DictionaryArray.from_arrays(facts.code, CODES),
        pa.array(facts.happened_at).cast(SCHEMA.field("happened_at").type),
        pa.array(facts.recorded_at).cast(SCHEMA.field("recorded_at").type),
        _words(party, answers, WORDS),
        _words(party, asks, WORDS),
        pa.array(facts.link, mask=~asks),
        pa.array(facts.link, mask=~answers),
        _words((case // len(SERVICES)).astype(np.int8), reported, PRIORITIES),
        _words((case % len(SERVICES)).astype(np.int8), reported, SERVICES),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


def _words(codes: np.ndarray, stated: np.ndarray, words: tuple[str, ...] | list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=~stated), list(words))


ENCODINGS = {
    "ticket": "DELTA_BINARY_PACKED",
    "happened_at": "BYTE_STREAM_SPLIT",
    "recorded_at": "BYTE_STREAM_SPLIT",
}
"""Small, and quick to decode; all other columns are dictionaries."""


def write(path: Path, count: int, *, seed: int = 1, odd: float = 0) -> None:
    """Facts of so many tickets in Parquet; its row groups split tickets as they come."""
    hours = HourColumns(lay_out(office()))
    words = [name for name in SCHEMA.names if name not in ENCODINGS]
    options = {"compression": "lz4", "use_dictionary": words, "column_encoding": ENCODINGS}
    with pq.ParquetWriter(path, SCHEMA, **options) as writer:
        done = 0
        for facts in blocks(hours, seed, count, odd):
            writer.write_batch(batch(facts, done), row_group_size=1 << 18)
            done += len(facts)


def contract(scale: int = 1) -> Contract:
    """Two clauses: first contact within a quarter of the target, solved within all of it; `scale`
    divides the second.
    """
    rules = tuple(
        Rule("5.1", ServiceTime(hours * HOUR // 4), {"priority": priority})
        for priority, hours in zip(PRIORITIES, TARGETS, strict=True)
    )
    terms = Terms(
        id="bench",
        law=1,
        zone=ZONE,
        currency="EUR",
        from_on=COVER[0],
        until_on=COVER[1],
        fields=KNOWN,
        calendars={"office": office()},
        promises=(Promise("5.1", "first_response", rules, "office"), promise(scale=scale)),
    )
    return Contract(terms, "bench", wider=lambda signed, _cover: signed.calendars)


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(float(sys.argv[1])))
