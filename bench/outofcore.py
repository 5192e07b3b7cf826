"""Facts in Parquet counted out of core: against the time merely to decode the columns.

    python bench/outofcore.py [--count 1e8] [--odd 0.001] [--file FACTS] [--workers 2] [--rounds 5]

Without --file the facts are generated, and deleted afterwards. A sample of row groups is judged by
the scalar replay, and must agree. Then, each in a process of its own: decoding alone, the counts
under one contract, under two, and by Dask: seconds on the wall, and peak memory. Then the ratios:
decoding, one contract and two take turns on each stretch of row groups, as often as there are
rounds; processor time, least of the rounds, summed over the stretches.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from generate import as_of, contract, office, write

from afspraak.engine.hours import lay_out
from afspraak.reports.bulk import count_file, count_stretch
from afspraak.reports.bulk_counts import Counts, together
from afspraak.reports.bulk_facts import tickets_at
from afspraak.reports.bulk_figures import replay_of
from afspraak.reports.bulk_judge import Plan, plan_of
from afspraak.reports.bulk_read import Stretch, batches, groups_of, stretches
from afspraak.reports.cube import Cube
from afspraak.reports.replay import NO_LOG, Logged, replay

RUNS = ("decode", "one", "two", "dask")
STOPWATCH = time.thread_time_ns


def plan(contracts: int) -> Plan:
    """One contract, or that and a stricter one beside it."""
    hours = lay_out(office())
    books = [[contract(scale)] for scale in (1, 2)][:contracts]
    return plan_of(books, (hours.from_at, as_of(hours)), as_of(hours), {})


def decode(stretch: Stretch) -> int:
    """Merely the columns, into memory; nanoseconds of processor time."""
    start = STOPWATCH()
    facts = sum(len(group) for group in groups_of(stretch))
    assert facts
    return STOPWATCH() - start


# Whole runs, each in a process of its own --------------------------------------------------------


def apart(what: str, path: Path, workers: int) -> dict[str, object]:
    """The run in a fresh process."""
    words = [sys.executable, __file__, "--run", what, "--file", path, "--workers", workers]
    done = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def run(what: str, path: Path, workers: int) -> dict[str, object]:
    """One run in this process and its workers: seconds with their start, peak memory of all."""
    start = time.perf_counter()
    counts, took_ns = None, 0
    if what == "decode":
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            took_ns = sum(pool.map(decode, stretches(path)))
    elif what == "dask":
        counts = by_dask(path, workers)
    else:
        counts = count_file(path, plan(RUNS.index(what)), STOPWATCH, workers)
    said: dict[str, object] = {"seconds": time.perf_counter() - start}
    own, child = (
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    said["peak_mb"] = own + workers * child  # at most: pages that they share count for each
    if counts is not None:
        said |= {"tickets": counts.tickets, "facts": counts.facts, "sha256": counts.sha256()}
        took_ns = counts.took_ns
    return said | {"cpu_seconds": took_ns / 1e9}


def by_dask(path: Path, workers: int) -> Counts:
    from distributed import Client  # noqa: PLC0415 - an extra

    from afspraak.reports.bulk_dask import count_file_by_dask  # noqa: PLC0415 - the same extra

    options = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with Client(**options) as client:
        return count_file_by_dask(path, plan(1), client, STOPWATCH)


# Ratios ------------------------------------------------------------------------------------------


def in_turns(stretch: Stretch, plans: list[Plan]) -> tuple[list[int], Counts]:
    """Nanoseconds of decoding a stretch, of one contract, of two; and the counts of one."""
    decoded = decode(stretch)
    one, two = (count_stretch(stretch, each, STOPWATCH) for each in plans)
    return [decoded, one.took_ns, two.took_ns], one


def ratios(path: Path, workers: int, rounds: int) -> dict[str, object]:
    """Least processor time of each, stretch by stretch; what one round of one contract counted."""
    parts, work = stretches(path), partial(in_turns, plans=[plan(1), plan(2)])
    least: list[list[int]] = []
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        for number in range(rounds):
            found = list(pool.map(work, parts))
            took = [nanoseconds for nanoseconds, _ in found]
            least = [
                [min(pair) for pair in zip(*both, strict=True)]
                for both in zip(least or took, took, strict=True)
            ]
            counts = together(each for _, each in found)
            told = ratios_of([sum(each) for each in zip(*least, strict=True)], counts)
            print(f"round {number + 1}: {json.dumps(told)}", file=sys.stderr, flush=True)
    return told


def ratios_of(least: list[int], counts: Counts) -> dict[str, object]:
    decoded, one, two = least
    return {
        "cpu_seconds": [round(each / 1e9, 2) for each in least],
        "ratio_to_decode": one / decoded,
        "second_contract": (two - one) / one,
        "tickets": counts.tickets,
        "facts": counts.facts,
        "scalar": counts.scalar,
        "scalar_us": counts.scalar_ns / max(1, counts.scalar) / 1000,
        "scalar_part": counts.scalar_ns / counts.took_ns,
    }


# The scalar replay -------------------------------------------------------------------------------


def agrees_with_the_scalar_replay(path: Path, most: int = 20_000) -> dict[str, object]:
    """The file's first tickets both ways; microseconds of processor time for each by the scalar
    replay.
    """
    with tempfile.TemporaryDirectory() as folder:
        few = first_tickets(path, Path(folder) / "facts.parquet", most)
        wanted = plan(1)
        counts = count_file(few, wanted, STOPWATCH)
        logged = list(tickets_of(few))
    start = STOPWATCH()
    slow, _ = replay([contract()], logged, span=wanted.span, as_of=wanted.as_of)
    took = STOPWATCH() - start
    fast = replay_of(counts, wanted, 0, [contract()], NO_LOG)
    assert by_month(slow.cube) == by_month(fast.cube), "the columns differ from the scalar replay"
    assert slow.accounts == fast.accounts
    return {"tickets": len(logged), "us": took / len(logged) / 1000}


def first_tickets(path: Path, few: Path, most: int) -> Path:
    batch, first = next(islice(batches(Stretch(path, 0, 1)), 1))
    length = int(first[min(most, len(first) - 1)])
    pq.write_table(pa.Table.from_batches([batch.slice(0, length)]), few)
    return few


def tickets_of(path: Path) -> list[Logged]:
    found = []
    for batch, first in batches(Stretch(path, 0, 1)):
        for _, each in tickets_at(batch, first, np.arange(len(first) - 1)):
            found.append(Logged(each.ticket, each.customer, each.facts, each.unreadable))
    return found


def by_month(cube: Cube) -> Counter:
    """The counts of a cube by all but the day."""
    found: Counter = Counter()
    for key, cell in cube.cells():
        month = f"{key.due_on:%Y-%m}" if key.due_on else ""
        for place, number in enumerate(cell.counts):
            found[key.clause, tuple(sorted(key.case)), month, place] += number
    return +found


def measured(path: Path, workers: int, rounds: int) -> dict[str, object]:
    found: dict[str, object] = {
        "bytes": path.stat().st_size,
        "workers": workers,
        "checked": agrees_with_the_scalar_replay(path),
        "runs": {what: apart(what, path, workers) for what in RUNS},
    }
    print(json.dumps(found), file=sys.stderr, flush=True)
    assert found["runs"]["one"]["sha256"] == found["runs"]["dask"]["sha256"]
    return found | ratios(path, workers, rounds)


def show(found: dict[str, object]) -> None:
    tickets, facts = found["tickets"], found["facts"]
    print(f"{tickets} tickets, {facts} facts, {found['bytes'] / 1e9:.2f} GB in Parquet")
    for what, each in found["runs"].items():
        print(f"{what:8} {each['seconds']:8.1f} s on the wall, peak {each['peak_mb']} MB")
    decoded, one, two = found["cpu_seconds"]
    print(f"processor: decoding {decoded} s, one contract {one} s, two {two} s")
    print(f"one contract against decoding {found['ratio_to_decode']:.2f} (asked: at most 3)")
    print(f"the second against the first {found['second_contract']:.2f} (asked: at most 0.5)")
    print(
        f"scalar path: {found['scalar']} tickets ({100 * found['scalar'] / tickets:.3f} %),"
        f" {found['scalar_us']:.0f} us each, {100 * found['scalar_part']:.1f} % of the time"
    )
    checked = found["checked"]
    print(f"the scalar replay: {checked['us']:.0f} us a ticket; equal on {checked['tickets']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=float, default=1e6)
    parser.add_argument("--odd", type=float, default=0.001)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--run", choices=RUNS, help="one run only, as JSON")
    wish = parser.parse_args()
    if wish.run:
        print(json.dumps(run(wish.run, wish.file, wish.workers)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = wish.file or Path(folder) / "facts.parquet"
        if not wish.file:
            write(path, int(wish.count), odd=wish.odd)
        show(measured(path, wish.workers, wish.rounds))


if __name__ == "__main__":
    main()
