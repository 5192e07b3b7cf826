"""What `afspraak serve` runs (decision 4): database, web, worker, watch."""

import contextlib
import fcntl
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from afspraak.host import cluster
from afspraak.host.data import data_folder
from afspraak.host.database import is_embedded
from afspraak.host.faults import HostFault
from afspraak.host.supervisor import Job, Tell, command, supervise

PARTS: Final = ("database", "watch", "worker", "web")
"""In the order in which they start; they stop in the opposite one."""
WEB_KILL_SECONDS: Final = 20
"""How long a request may take to end when the web server stops."""
WEB_THREADS: Final = 8
"""Requests at once in each worker; each holds a connection, of which the server has 100."""
_MOST_WEB_WORKERS: Final = 4


def serve(only: str | None, tell: Tell) -> int:
    """Run everything, or one part of it, until SIGTERM or SIGINT. Returns the exit status.

    Raises HostFault for a part that there is not, and if everything runs here already.
    """
    data = data_folder()
    jobs = [*jobs_of(data)] if only is None else [_only(data, only)]
    if only is not None:
        return supervise(jobs, tell)
    with _alone(data):
        return supervise(jobs, tell)


def jobs_of(data: Path) -> Iterator[Job]:
    """All parts in their order, with what must have been done before the first connects."""
    if is_embedded():
        yield database(data)
    yield _afspraak("prepare", ("database", "prepare"), data, role="owner", once=True)
    yield _afspraak("migrate", ("migrate",), data, role="owner", once=True)
    yield _afspraak("watch", ("watch",), data, role="system")
    yield _afspraak("worker", ("worker",), data, role="system")
    yield web(data)


def _only(data: Path, name: str) -> Job:
    if name not in PARTS:
        raise HostFault("--only", f"there is no {name}", f"one of: {', '.join(PARTS)}")
    if name == "database" and not is_embedded():
        raise HostFault(
            "--only database",
            "AFSPRAAK_DATABASE_URL names a server that is not ours",
            "start that one by its own means",
        )
    return next(job for job in (database(data), *jobs_of(data)) if job.name == name)


WHOLE: Final = {"restart_after_crash": "off"}
"""When one of its own processes dies the server ends, and is started anew. If it recovered by
itself and its recovering process were killed too, it would stand still (PostgreSQL 18.6)."""


def database(data: Path) -> Job:
    """The embedded server; never ended by kill -9."""
    return Job(
        name="database",
        spawn=lambda output: cluster.launch(
            data, output=output, parameters=WHOLE, with_parent=True
        ),
        ready=lambda: cluster.is_running(data),
        stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown: sessions end, everything is kept
        kill_signal=signal.SIGQUIT,
        stop_seconds=cluster.STOP_SECONDS,
        longest_pause=1.0,  # all wait for it, and it starts for little
    )


def web(data: Path) -> Job:
    """The web server, on AFSPRAAK_BIND and AFSPRAAK_PORT. Raises HostFault."""
    words = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"]
    words += ["--host", os.environ.get("AFSPRAAK_BIND", "127.0.0.1")]
    words += ["--port", str(_number("AFSPRAAK_PORT", 8000))]
    words += ["--workers", str(_number("AFSPRAAK_WEB_WORKERS", _web_workers()))]
    words += ["--blocking-threads", str(_number("AFSPRAAK_WEB_THREADS", WEB_THREADS))]
    words += ["--respawn-failed-workers", "--workers-kill-timeout", str(WEB_KILL_SECONDS)]
    words += ["afspraak.project.wsgi:application"]
    environment = _environment(data, role="app")
    return command("web", words, environment, stop_seconds=WEB_KILL_SECONDS + 10)


def _web_workers() -> int:
    return min(os.cpu_count() or 1, _MOST_WEB_WORKERS)


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise HostFault(name, f"{text!r} is no number that it can be", f"for example {default}")
    return int(text)


def _afspraak(name: str, words: Sequence[str], data: Path, *, role: str, once: bool = False) -> Job:
    """A command of our own as a child."""
    whole = (sys.executable, "-m", "afspraak", *words)
    return command(name, whole, _environment(data, role=role), once=once)


def _environment(data: Path, *, role: str) -> dict[str, str]:
    """What a child is told: which folder, wherever it runs, and as which role of the database."""
    return {"AFSPRAAK_DATA": str(data), "AFSPRAAK_ROLE": role, "PYTHONUNBUFFERED": "1"}


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the only right to run everything from this data folder."""
    with (data / "serve.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise HostFault(
                data,
                f"everything runs from it already (process {file.read().strip() or 'unknown'})",
                "stop that one, or take --only for a single part",
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
