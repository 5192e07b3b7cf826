"""A log of any length replayed out of core: facts in Parquet in, a small table of counts out.

The columns judge the ordinary tickets, the scalar law the rest, block by block; so memory stays
flat, and the counts are those of the scalar replay. A what-if: every contract is taken as signed.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pyarrow as pa

from afspraak.engine.columns import Block, unusual
from afspraak.engine.facts import LATE_AFTER
from afspraak.reports.bulk_counts import Counts, together
from afspraak.reports.bulk_facts import Cases, Places, columns_of
from afspraak.reports.bulk_judge import Judge, Plan
from afspraak.reports.bulk_read import Stretch, batches, stretches

TICKETS: Final = 1 << 15
"""Tickets in a block: few enough for a core's cache, many enough that each step is worth its call.
"""

Tell = Callable[[int, int], None]
"""Who is told how many parts are done, of how many."""


def no_one(_done: int, _all: int) -> None:
    """Nobody is told."""


def count_stretch(stretch: Stretch, plan: Plan, stopwatch: Callable[[], int]) -> Counts:
    """The counts of the tickets that begin in a stretch of a file: what a process is given. A pure
    function, but for the nanoseconds that its `stopwatch` tells.
    """
    start = stopwatch()
    judge, cases = Judge(plan, stopwatch), Cases()
    for batch, first in batches(stretch):
        for part, begins in _blocks(batch, first):
            columns = columns_of(part, begins, cases)
            hard = unusual(columns, plan.as_of, LATE_AFTER)
            judge.take(Block(columns, plan.as_of, hard), part)
    counts = judge.counts()
    counts.took_ns = stopwatch() - start
    return counts


def count_file(
    path: Path, plan: Plan, stopwatch: Callable[[], int], workers: int = 1, tell: Tell = no_one
) -> Counts:
    """The counts of a file of facts, by so many processes."""
    parts = stretches(path)
    work = partial(count_stretch, plan=plan, stopwatch=stopwatch)
    if workers == 1 or len(parts) == 1:
        return taken(map(work, parts), len(parts), tell)
    with ProcessPoolExecutor(min(workers, len(parts)), get_context("spawn")) as pool:
        return taken(pool.map(work, parts), len(parts), tell)


def taken(counts: Iterable[Counts], parts: int, tell: Tell) -> Counts:
    """The sum of the parts as they come, each told."""

    def each_told() -> Iterator[Counts]:
        for done, each in enumerate(counts, 1):
            tell(done, parts)
            yield each

    return together(each_told())


def _blocks(batch: pa.RecordBatch, first: Places) -> Iterator[tuple[pa.RecordBatch, Places]]:
    for ticket in range(0, len(first) - 1, TICKETS):
        begins = first[ticket : ticket + TICKETS + 1]
        start = int(begins[0])
        yield batch.slice(start, int(begins[-1]) - start), begins - start
