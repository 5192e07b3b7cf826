"""`afspraak replay --engine columns|dask`: a log of any length, counted out of core."""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from afspraak.cli.faults import fault
from afspraak.cli.reading import FactsFolder, assumed, contracts_at, facts_at, moment, progress
from afspraak.cli.replay import Wish, put, told
from afspraak.reports.bulk import count_file
from afspraak.reports.bulk_counts import Counts
from afspraak.reports.bulk_figures import counts_as_json, replay_of
from afspraak.reports.bulk_judge import Plan, plan_of
from afspraak.reports.compare import compare
from afspraak.tickets.import_log import FACTS

Tell = Callable[[int, int], None]
_STOPWATCH: Final = time.thread_time_ns
"""Processor time of the thread that counts: what waits beside it is not counted."""


def run(wish: Wish) -> Counts:
    """Counts, writes what was asked for, and prints the figures."""
    _refuse_what_does_not_fit(wish)
    books = [contracts_at(path) for path in (wish.contract, wish.against) if path is not None]
    folder = facts_at(wish.facts)
    asked = moment(wish.as_of)
    as_of = folder.span[1] if asked is None else asked
    plan = plan_of(books, folder.span, as_of, assumed(wish.assume))
    with progress("replay") as tell:
        counts = _counted(wish, folder, plan, tell)
    log = folder.services(as_of)
    found, *others = (replay_of(counts, plan, place, book, log) for place, book in enumerate(books))
    comparison = compare(found, others[0]) if others else None
    if wish.json is not None:
        figures = counts_as_json(counts, found, folder.provenance, comparison)
        put(wish.json, json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    for line in (*told(wish, found, comparison), *cost(counts)):
        print(line)
    return counts


def _refuse_what_does_not_fit(wish: Wish) -> None:
    """A page and a strict replay are made ticket by ticket. Raises UsersFault."""
    if wish.html is not None:
        raise fault(
            "--html",
            f"a page tells of single tickets, and --engine {wish.engine} only counts",
            "leave --engine out, or ask for --json",
        )
    if wish.strict or wish.signed_at:
        raise fault(
            "--strict",
            f"--engine {wish.engine} takes every contract as signed",
            "leave --engine out",
        )
    if wish.scheduler and wish.engine != "dask":
        raise fault("--scheduler", "only --engine dask asks a cluster", "name that engine")


def _counted(wish: Wish, folder: FactsFolder, plan: Plan, tell: Tell) -> Counts:
    path = (folder.path / FACTS).resolve()
    workers = wish.workers or os.cpu_count() or 1
    if wish.engine == "columns":
        return count_file(path, plan, _STOPWATCH, workers, tell)
    with _cluster(wish.scheduler, workers) as count:
        return count(path, plan, _STOPWATCH, tell)


@contextmanager
def _cluster(scheduler: str, workers: int) -> Iterator[Callable[..., Counts]]:
    """How to count on a cluster: the one at an address, or one of this machine's processes."""
    try:
        from distributed import Client  # noqa: PLC0415 - an extra

        from afspraak.reports.bulk_dask import count_file_by_dask  # noqa: PLC0415 - needs it
    except ImportError:
        raise fault(
            "--engine dask", "Dask is not installed", "pip install 'afspraak[dask]'"
        ) from None
    local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    where = {"address": scheduler} if scheduler else local
    with Client(**where) as client:
        yield lambda path, plan, stopwatch, tell: count_file_by_dask(
            path, plan, client, stopwatch, tell
        )


def cost(counts: Counts) -> Iterator[str]:
    """The share of the tickets that took the scalar path, and what that cost (HOUSE_STYLE 12)."""
    tickets, scalar = counts.tickets, counts.scalar
    part = 100 * scalar / tickets if tickets else 0.0
    of_time = 100 * counts.scalar_ns / counts.took_ns if counts.took_ns else 0.0
    each = counts.scalar_ns / scalar / 1000 if scalar else 0.0
    yield (
        f"scalar path: {scalar} of {tickets} tickets ({part:.2f} %), {of_time:.1f} % of"
        f" {counts.took_ns / 1e9:.2f} s of processor time, {each:.0f} us a ticket"
    )
    yield f"sha256 of the counts: {counts.sha256()}"
