"""The doors of what runs all the time: watch, worker, migrate, rebuild."""

import logging
import os
import signal
import sys
import threading
from types import FrameType

import django


def watch() -> None:
    """Looks until it is told to stop."""
    _set_up("system")
    from afspraak.worker.clock import read  # noqa: PLC0415  (tables are known only now)
    from afspraak.worker.watch import Watcher, run  # noqa: PLC0415  (read when it runs, not for --help)

    stop = stopping()
    run(Watcher(read), stopping=stop.is_set, pause=stop.wait)


def confirm() -> None:
    """A person says that the clocks are right."""
    _set_up("system")
    from afspraak.clocks.actions import confirm_time  # noqa: PLC0415  (read when it runs, not for --help)

    stopped = confirm_time()
    print(f"{stopped} watchers go on" if stopped else "no watcher had stopped")


def work(*, wait: bool) -> None:
    """Does jobs until it is told to stop."""
    _set_up("system")
    from afspraak.worker.run import run_worker  # noqa: PLC0415  (read when it runs, not for --help)

    run_worker(wait=wait)


def rebuild() -> int:
    """Makes the cache anew; 1 if anything differed."""
    _set_up("system")
    from rich.progress import Progress  # noqa: PLC0415  (read when it runs, not for --help)

    from afspraak import flow  # noqa: PLC0415  (read when it runs, not for --help)
    from afspraak.rights.viewer import SYSTEM  # noqa: PLC0415  (read when it runs, not for --help)

    with Progress(transient=True) as bar:
        task = bar.add_task("tickets", total=None)
        rebuilt = flow.rebuild(
            viewer=SYSTEM,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    print(f"{rebuilt.tickets} tickets replayed, {rebuilt.differences} differences")
    return 1 if rebuilt.differences else 0


def migrate(*, check: bool) -> int:
    """Runs what is missing; with `check` only says whether anything is."""
    _set_up("owner")
    from django.core.management import call_command  # noqa: PLC0415  (read when it runs, not for --help)
    from django.db import connection  # noqa: PLC0415  (read when it runs, not for --help)
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415  (read when it runs, not for --help)

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    print(f"{len(missing)} migrations {'are missing' if check else 'to run'}")
    if missing and not check:
        call_command("migrate", interactive=False, verbosity=1)
    return 1 if missing and check else 0


def _set_up(role: str) -> None:
    """Django, in a role of the database, with what is told on standard error."""
    os.environ["AFSPRAAK_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afspraak.project.settings")
    logging.basicConfig(
        stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    django.setup()


def stopping() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
