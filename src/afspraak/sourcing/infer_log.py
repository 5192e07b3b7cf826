"""What a log recorded, as columns: the ground on which `infer` looks for the promise behind it.

One row a ticket. Instants are int64 microseconds since 1970 UTC (a log without a zone is read as
UTC, so that its wall clock is what `infer` sees); `MISSING` stands where the log has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MISSING: Final = int(np.iinfo(np.int64).min)
SECOND: Final = 1_000_000
UNKNOWN: Final = -1


@dataclass(frozen=True, eq=False)
class Key:
    """Finite fields that targets may depend on.

    For each combination found its `values` (one a field), `codes` (n,).
    """

    fields: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    codes: Ints

    @property
    def labels(self) -> tuple[str, ...]:
        """Each combination in one word."""
        return tuple(", ".join(each) or "all tickets" for each in self.values)

    def when(self, code: int) -> dict[str, str]:
        """A combination as a contract's condition."""
        return dict(zip(self.fields, self.values[code], strict=True))


@dataclass(frozen=True, eq=False)
class Waits:
    """Spans in which tickets stood in a state other than work: flat columns (m,), in any order.

    `state` indexes `states`; `until_at` is MISSING where the span was still open when the log
    ended.
    """

    states: tuple[str, ...]
    ticket: Ints
    state: Ints
    from_at: Ints
    until_at: Ints


@dataclass(frozen=True, eq=False)
class Recorded:
    """A log's tickets, n of them.

    When each might have begun and ended, what it waited for, what was recorded.

    `starts` and `ends` hold the candidate instants by name, (n,) each. `made` is 1, 0 or UNKNOWN
    (n,); `due_at` the deadline the log itself recorded, or MISSING (n,). `as_of` is the log's last
    instant: what had not ended by then is judged then (F5). `zone` is the zone in which the log's
    people read their clock, None where nothing says it.
    """

    ids: tuple[str, ...]
    keys: Mapping[str, Key]
    starts: Mapping[str, Ints]
    ends: Mapping[str, Ints]
    waits: Waits
    made: Ints
    due_at: Ints
    as_of: int
    zone: str | None = None


def pick(log: Recorded, rows: Ints) -> Recorded:
    """The tickets at `rows` (k,), in that order."""
    place = np.full(len(log.ids), UNKNOWN, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    kept = place[log.waits.ticket] != UNKNOWN
    waits = log.waits
    return Recorded(
        ids=tuple(log.ids[row] for row in rows.tolist()),
        keys={name: Key(key.fields, key.values, key.codes[rows]) for name, key in log.keys.items()},
        starts={name: at[rows] for name, at in log.starts.items()},
        ends={name: at[rows] for name, at in log.ends.items()},
        waits=Waits(
            waits.states,
            place[waits.ticket[kept]],
            waits.state[kept],
            waits.from_at[kept],
            waits.until_at[kept],
        ),
        made=log.made[rows],
        due_at=log.due_at[rows],
        as_of=log.as_of,
        zone=log.zone,
    )


def sample(log: Recorded, most: int) -> Recorded:
    """At most `most` tickets, spread evenly over the log's order: the same ones every time."""
    count = len(log.ids)
    if count <= most:
        return log
    return pick(log, np.linspace(0, count - 1, most).astype(np.int64))
