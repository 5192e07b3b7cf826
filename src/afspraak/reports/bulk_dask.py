"""The same count by Dask, on more than one machine (extra `dask`): the very function that a process
is given, mapped over the stretches of a file.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from distributed import Client, as_completed

from afspraak.reports.bulk import Tell, count_stretch, no_one, taken
from afspraak.reports.bulk_counts import Counts
from afspraak.reports.bulk_judge import Plan
from afspraak.reports.bulk_read import stretches


def count_file_by_dask(
    path: Path, plan: Plan, client: Client, stopwatch: Callable[[], int], tell: Tell = no_one
) -> Counts:
    """The counts of a file of facts that every worker of a cluster can read."""
    parts = stretches(path)
    work = partial(count_stretch, plan=plan, stopwatch=stopwatch)
    wanted = client.map(work, parts, pure=False)
    done = as_completed(wanted, with_results=True)
    return taken((each for _, each in done), len(parts), tell)
