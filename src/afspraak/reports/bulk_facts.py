"""Facts in Arrow as the engine wants them: columns for the ordinary tickets, `Fact`s for the rest.

A batch holds whole tickets, one after the other. Words may be dictionaries or plain text, tickets
and links text or whole numbers; a column that a file lacks says nothing.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from afspraak.engine.columns.facts import CODE, PARTY, FactColumns
from afspraak.engine.facts import SUPPLIER
from afspraak.engine.terms import Case
from afspraak.engine.time import Refusal
from afspraak.tickets.load import NAMES, READ, TicketFacts, no_fields, rows_of, ticket_of
from afspraak.tickets.tables import FACTS_SCHEMA

_REQUIRED: Final = ("ticket", "fact", "happened_at", "recorded_at")
_INSTANTS: Final = ("happened_at", "recorded_at")
_UNITS: Final = ("s", "ms", "us")
_ASKED: Final = (CODE["question"], "to", "id")
_GIVEN: Final = (CODE["answer"], "by", "of")
_UNKNOWN: Final = CODE["corrected"]
"""A fact that the law does not know makes its ticket the scalar law's, which refuses it."""

_LARGEST: Final = np.iinfo(np.int32).max
_MOST_KINDS: Final = 1 << 16
Places = NDArray[np.int64]
_Numbers = NDArray[np.generic]


def firsts(tickets: pa.Array) -> Places:
    """Where each ticket of a batch begins, and the batch's length."""
    if tickets.null_count:
        raise Refusal(f"{tickets.null_count} facts name no ticket")
    if pa.types.is_dictionary(tickets.type):
        tickets = tickets.indices
    before, after = tickets.slice(0, max(0, len(tickets) - 1)), tickets.slice(1)
    if pa.types.is_integer(tickets.type):
        changes = before.to_numpy() != after.to_numpy()
    else:
        changes = pc.not_equal(before, after).to_numpy(zero_copy_only=False)
    begins = np.flatnonzero(changes) + 1
    return np.concatenate([[0] * bool(len(tickets)), begins, [len(tickets)]]).astype(np.int64)


class Cases:
    """The combinations of the finite fields met so far, by number."""

    cases: Sequence[Case]

    def __init__(self) -> None:
        self.cases = ()
        self._numbers: dict[tuple[str, ...], int] = {}

    def of(self, batch: pa.RecordBatch, first: Places) -> NDArray[np.int32]:
        """Each ticket's case, from the fact it begins with."""
        stated = [_words(batch, name, first[:-1]) for name in NAMES]
        together = np.zeros(len(first) - 1, np.int64)
        for words, numbers in stated:
            together = together * len(words) + numbers
        sizes = [len(words) for words, _ in stated]
        kinds, which = _kinds(together, math.prod(sizes))
        found = [
            self._number(tuple(words[at] for (words, _), at in zip(stated, place, strict=True)))
            for place in zip(*np.unravel_index(kinds, sizes), strict=True)
        ]
        return np.array(found, np.int32).take(which)

    def _number(self, stated: tuple[str, ...]) -> int:
        found = self._numbers.get(stated)
        if found is None:
            found = self._numbers[stated] = len(self._numbers)
            case = {name: word for name, word in zip(NAMES, stated, strict=True) if word}
            self.cases = (*self.cases, case)
        return found


def _kinds(numbers: Places, size: int) -> tuple[Places, Places]:
    """The different ones of numbers below `size`, and which of them each is."""
    if size > _MOST_KINDS:
        kinds, which = np.unique(numbers, return_inverse=True)
        return kinds, which
    kinds = np.flatnonzero(np.bincount(numbers, minlength=size))
    places = np.zeros(size, np.int64)
    places[kinds] = np.arange(len(kinds))
    return kinds, places.take(numbers)


def columns_of(batch: pa.RecordBatch, first: Places, cases: Cases) -> FactColumns:
    """A batch's facts for the columns. Tickets that a `Fact` would refuse are odd."""
    code = _codes(batch.column("fact"))
    party = np.zeros(len(code), np.int8)
    link = np.zeros(len(code), np.int32)
    both = [_turns(batch, code, *which) for which in (_ASKED, _GIVEN)]
    for (places, whom, _), numbers in zip(both, _numbered(*(ids for *_, ids in both)), strict=True):
        party[places], link[places] = whom, numbers
    return FactColumns(
        first=first,
        code=code,
        happened_at=_instants(batch.column("happened_at")),
        recorded_at=_instants(batch.column("recorded_at")),
        party=party,
        link=link,
        case=cases.of(batch, first),
        cases=cases.cases,
        odd=_odd(batch, first, code, party, link),
    )


def check_schema(schema: pa.Schema) -> None:
    """Refuses a file that lacks what no ticket can do without, or whose instants are none (T1)."""
    missing = [name for name in _REQUIRED if name not in schema.names]
    if missing:
        raise Refusal(f"these facts have no column {' and no '.join(missing)}")
    for name in _INSTANTS:
        kind = schema.field(name).type
        if not pa.types.is_timestamp(kind) or not kind.tz or kind.unit not in _UNITS:
            raise Refusal(f"{name} is {kind}: an instant has a zone and at most microseconds (T1)")


def _codes(column: pa.Array) -> NDArray[np.int8]:
    if column.null_count:
        raise Refusal(f"{column.null_count} facts have no code")
    words = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    known = [CODE.get(word, _UNKNOWN) for word in words.dictionary.to_pylist()]
    numbers: NDArray[np.int8] = words.indices.to_numpy()
    if known == list(range(len(known))) and numbers.dtype == np.int8:
        return numbers
    return np.array(known, np.int8).take(numbers)


def _instants(column: pa.Array) -> NDArray[np.int64]:
    if column.null_count:
        raise Refusal(f"{column.null_count} facts have no instant")
    if column.type.unit != "us":
        column = column.cast(pa.timestamp("us", column.type.tz))
    instants: NDArray[np.int64] = column.view(pa.int64()).to_numpy()
    return instants


def _turns(
    batch: pa.RecordBatch, code: NDArray[np.int8], which: int, party: str, link: str
) -> tuple[Places, NDArray[np.int8], pa.Array]:
    """The places of the questions (or the answers), the party of each, and the id it names."""
    places = np.flatnonzero(code == which)
    words, numbers = _words(batch, party, places)
    known = np.array([PARTY.get(word, 0) for word in words], np.int8)
    named = batch.column(link).take(pa.array(places)) if link in batch.schema.names else None
    return places, known.take(numbers), pa.nulls(len(places)) if named is None else named


def _numbered(asked: pa.Array, named: pa.Array) -> tuple[_Numbers, _Numbers]:
    """Ids of questions, and those that answers name, as numbers above zero; 0: none. New ids get
    higher numbers as they come.
    """
    if pa.types.is_integer(asked.type) and asked.type == named.type:
        plain = [pc.fill_null(each, 0).to_numpy() for each in (asked, named)]
        if all(each.min(initial=0) >= 0 and each.max(initial=0) <= _LARGEST for each in plain):
            return plain[0], plain[1]
    texts = [each.cast(pa.string()) for each in (asked, named)]
    words = pa.chunked_array(texts).combine_chunks().dictionary_encode()
    numbers = pc.fill_null(words.indices, -1).to_numpy() + 1
    return numbers[: len(asked)], numbers[len(asked) :]


def _odd(
    batch: pa.RecordBatch,
    first: Places,
    code: NDArray[np.int8],
    party: NDArray[np.int8],
    link: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """The tickets with a question to nobody, an answer by nobody or to nothing, an expectation
    without its instant; or whose facts do not stand in the order of their log.
    """
    asks, answers = code == CODE["question"], code == CODE["answer"]
    asks &= (party != PARTY["customer"]) & (party != PARTY["third_party"])
    wrong = asks | (answers & ((party == 0) | (link == 0)))
    if "position" in batch.schema.names:
        position = batch.column("position").to_numpy()
        falls = position[1:] <= position[:-1]
        falls[first[1:-1] - 1] = False
        wrong[1:] |= falls
    stated = np.flatnonzero(code == CODE["expectation"])
    if len(stated):
        until = batch.column("until") if "until" in batch.schema.names else pa.nulls(len(batch))
        wrong[stated] = until.take(pa.array(stated)).is_null().to_numpy(zero_copy_only=False)
    odd = np.zeros(len(first) - 1, np.bool_)
    odd[np.searchsorted(first, np.flatnonzero(wrong), "right") - 1] = True
    return odd


def _words(batch: pa.RecordBatch, name: str, places: Places) -> tuple[list[str], Places]:
    """The words of a column, and which of them stands at each place; an empty one is among them."""
    if name not in batch.schema.names:
        return [""], np.zeros(len(places), np.int64)
    column = batch.column(name).take(pa.array(places))
    if not pa.types.is_dictionary(column.type):
        column = column.cast(pa.string()).dictionary_encode()
    words = [word or "" for word in column.dictionary.to_pylist()]
    numbers = pc.fill_null(column.indices.cast(pa.int64()), len(words)).to_numpy()
    return [*words, ""], numbers


class Customers:
    """The customers met so far, by number; the first is none."""

    def __init__(self) -> None:
        self.names = [""]
        self._numbers = {"": 0}

    def of(self, batch: pa.RecordBatch, first: Places) -> Places | None:
        """Each ticket's customer, from the fact it begins with; None: no fact names one."""
        if "customer" not in batch.schema.names:
            return None
        words, numbers = _words(batch, "customer", first[:-1])
        return np.array([self._number(word) for word in words], np.int64).take(numbers)

    def _number(self, name: str) -> int:
        found = self._numbers.get(name)
        if found is None:
            found = self._numbers[name] = len(self.names)
            self.names.append(name)
        return found


# The rest, for the scalar law --------------------------------------------------------------------


def tickets_at(
    batch: pa.RecordBatch, first: Places, numbers: Places
) -> Iterator[tuple[int, TicketFacts]]:
    """The tickets of a batch with these numbers (counted from 0), fact by fact."""
    lengths = np.diff(first).take(numbers)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    chosen = batch.take(pa.array(np.repeat(first.take(numbers), lengths) + within))
    table = pa.table({name: _as_logged(chosen, name, within) for name in READ})
    rows, fields = rows_of(table), no_fields()
    for number, length in zip(numbers.tolist(), lengths.tolist(), strict=True):
        yield number, ticket_of(list(islice(rows, length)), fields)


def _as_logged(facts: pa.RecordBatch, name: str, position: Places) -> pa.Array:
    """A column as an import writes it."""
    if name in facts.schema.names:
        return facts.column(name).cast(_PLAIN[name])
    if name == "position":
        return pa.array(position)
    if name == "recorded_by":
        return pa.repeat(SUPPLIER, len(facts))
    return pa.nulls(len(facts), _PLAIN[name])


_PLAIN: Final = {
    each.name: each.type.value_type if pa.types.is_dictionary(each.type) else each.type
    for each in FACTS_SCHEMA
}
