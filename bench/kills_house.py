"""Everything that `afspraak serve` runs, for `kills.py`: under the project's own supervisor, whose
pauses are cut short.

    python bench/kills_house.py [--plain]

The database is started as always. Web, worker and watch enter by the same doors as always, but as
copies of this process, which has read everything already and holds no connection: so each is back
in a tenth of a second, and a killer has something to kill. `--plain`: as programs of their own.
"""

# ruff: noqa: PLC0415 - the doors are entered in copies of this process

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import django

from afspraak.host import processes
from afspraak.host.data import data_folder
from afspraak.host.database import address
from afspraak.host.parent import tied
from afspraak.host.supervisor import Job, supervise

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.2


class Copy:
    """A copy of this process, as the supervisor knows its children."""

    def __init__(self, run: Callable[[], None], output: int) -> None:
        self.returncode: int | None = None
        tie = tied(signal.SIGTERM)
        self.pid = os.fork()
        if self.pid == 0:
            _become(run, output, tie)

    def poll(self) -> int | None:
        """Its exit status, once it has ended."""
        if self.returncode is None:
            found, status = os.waitpid(self.pid, os.WNOHANG)
            if found:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """To itself alone, as long as it lives."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def _become(run: Callable[[], None], output: int, tie: Callable[[], None] | None) -> None:
    """What subprocess does between fork and exec; then the door. It does not return."""
    status = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        if tie is not None:
            tie()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, 1024)
        run()
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - told, and then there is nobody above
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(status)


def copied(job: Job, run: Callable[[], None]) -> Job:
    """The same job by a copy of this process."""
    return replace(job, spawn=lambda output: Copy(run, output))  # type: ignore[arg-type,return-value]  # what the supervisor asks of a process it has


def _in_role(role: str) -> None:
    """From here on in a role of the database; no connection is open yet."""
    from django.db import connections

    os.environ.update(AFSPRAAK_ROLE=role, PYTHONUNBUFFERED="1")
    there = address(role)
    settings = connections.databases["default"]
    settings.update(USER=there.user, PASSWORD=there.password)
    settings["OPTIONS"]["application_name"] = f"afspraak-{role}"


def watch() -> None:
    """The door of `afspraak watch`."""
    from afspraak.cli import running

    _in_role("system")
    running.watch()


def work() -> None:
    """The door of `afspraak worker`."""
    from afspraak.cli import running

    _in_role("system")
    running.work(wait=True)


def serve_web(words: list[str]) -> None:
    """Granian with the words that `afspraak serve` gives it."""
    from granian.cli import entrypoint

    _in_role("app")
    sys.argv = ["granian", *words]
    entrypoint()


def words_of_web(data: Path) -> list[str]:
    """The arguments of the web server, as the product makes them."""
    plain = processes.command
    processes.command = lambda _name, words, *_rest, **_more: list(words)  # type: ignore[assignment]  # only its words are wanted
    try:
        words: list[str] = processes.web(data)  # type: ignore[assignment]  # the same
    finally:
        processes.command = plain
    return words[words.index("granian") + 1 :]


def jobs(data: Path, *, plain: bool) -> Iterator[Job]:
    """Database, watch, worker, web. What must be done once before has been done."""
    words = words_of_web(data)
    doors = {"watch": watch, "worker": work, "web": lambda: serve_web(words)}
    for job in processes.jobs_of(data):
        if job.once:
            continue
        quick = replace(job, longest_pause=LONGEST_PAUSE)
        yield copied(quick, doors[job.name]) if job.name in doors and not plain else quick


def read_everything() -> None:
    """What the doors need, before there is anything to copy."""
    import granian.server.mp  # noqa: F401  (read for the copies)
    from django.urls import get_resolver

    from afspraak.project import wsgi  # noqa: F401  (read for the copies)
    from afspraak.worker import run, watch  # noqa: F401  (read for the copies)

    assert get_resolver().url_patterns


def tell(name: str, line: str) -> None:
    print(f"{name:<8} | {line}", flush=True)


def main() -> int:
    plain = "--plain" in sys.argv
    os.environ["AFSPRAAK_ROLE"] = "system"
    os.environ["DJANGO_SETTINGS_MODULE"] = "afspraak.project.settings"
    if not plain:
        django.setup()
        read_everything()
    return supervise(list(jobs(data_folder(), plain=plain)), tell, first_pause=FIRST_PAUSE)


if __name__ == "__main__":
    sys.exit(main())
