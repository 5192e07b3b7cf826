"""The embedded PostgreSQL: made, started, found again after a crash, stopped.

The server listens on a Unix socket in a folder of its own and on no network. Its owner is known
by the account that asks, the other roles by password. What was acknowledged is on the disk.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from afspraak.host import account as accounts
from afspraak.host.account import Account, identity
from afspraak.host.data import made
from afspraak.host.faults import HostFault
from afspraak.host.making import ENVIRONMENT, make, make_run
from afspraak.host.parent import tied
from afspraak.host.places import PORT, Places, places_of

READY_SECONDS: Final = 600
"""After a crash the server reads its log before it answers; how long depends on the load."""
STOP_SECONDS: Final = 60
ORPHANS_SECONDS: Final = 30
"""How long the children of a killed postmaster may take to notice."""
_STEP: Final = 0.02
_LOG_BYTES: Final = 10_000_000
_FIXED: Final = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
}
"""Said at each start, so that no file of the cluster says otherwise."""


_LEFT_RUNNING: Final[set[int]] = set()
"""Servers that were started to stay; their ends are to be noticed if they come before ours."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the cluster's own note of its postmaster says."""

    pid: int
    ready: bool


def status(data: Path) -> Status | None:
    """The postmaster of a data folder, if it lives; a note that a crash left counts for nothing."""
    _reap()
    places = places_of(data)
    lines = _note(places)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if not _is_postmaster(pid, places.cluster):
        return None
    return Status(pid, ready=len(lines) >= 8 and lines[7].strip() == "ready")  # noqa: PLR2004


def is_running(data: Path) -> bool:
    """Whether the server of a data folder lives and takes connections."""
    found = status(data)
    return found is not None and found.ready


def start(data: Path, *, parameters: Mapping[str, str] | None = None) -> bool:
    """Start the server, and leave it running when this process ends; made if it is not there.

    Returns False if it ran already. Raises HostFault.
    """
    places = places_of(made(data))
    with _open_log(places) as log:
        server = launch(data, output=log, parameters=parameters)
    wait(data, server)
    if server is not None:
        _let_go(server)
    return server is not None


def launch(
    data: Path,
    *,
    output: int | IO[bytes],
    parameters: Mapping[str, str] | None = None,
    with_parent: bool = False,
) -> "subprocess.Popen[bytes] | None":
    """Start the server as a child of this process, without waiting until it answers.

    None if it runs already. `with_parent`: it stops when this process dies (Linux). Of two that
    start at once the second finds what the first made. Raises HostFault.
    """
    places = places_of(made(data))
    with _alone(places):
        if status(data):
            return None
        account = accounts.server_account(places.cluster)
        make_run(places, account)
        programs = make(places, account)
        _forget_the_dead(places)
        words = [programs.program("postgres"), *_words(places, parameters or {})]
        server = _spawn(words, places, account, output, with_parent=with_parent)
        _await_note(places, server)
        return server


def wait(data: Path, server: "subprocess.Popen[bytes] | None") -> None:
    """Until the server answers. Raises HostFault if it ends instead, with its last words."""
    places = places_of(data)
    until = time.monotonic() + READY_SECONDS
    while not is_running(data):
        if server is not None and server.poll() is not None:
            raise _did_not_start(places, f"the server ended with status {server.returncode}")
        if time.monotonic() > until:
            raise _did_not_start(places, f"the server did not answer in {READY_SECONDS} s")
        time.sleep(_STEP)


def stop(data: Path) -> bool:
    """Stop the server: sessions are ended, everything is written. Returns False if none ran."""
    found = status(data)
    if found is None:
        return False
    for how, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, how)
        if _ended(data, found.pid, seconds):
            return True
    raise HostFault(
        places_of(data).cluster,
        f"process {found.pid} does not end",
        "look at its log, and end it by hand (never with kill -9 while it can still answer)",
    )


# Starting -----------------------------------------------------------------------------------------


def _words(places: Places, parameters: Mapping[str, str]) -> Iterator[str]:
    """The server's arguments: what must be so, and where."""
    yield from ("-D", str(places.cluster))
    fixed = {**_FIXED, "unix_socket_directories": str(places.run), **parameters}
    for name, value in fixed.items():
        yield from ("-c", f"{name}={value}")


def _spawn(
    words: Sequence[str],
    places: Places,
    account: Account | None,
    output: int | IO[bytes],
    *,
    with_parent: bool,
) -> "subprocess.Popen[bytes]":
    """In a session of its own: a Ctrl-C at the terminal is for us, who stop it in its turn."""
    return subprocess.Popen(
        words,
        cwd=places.cluster,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=tied(signal.SIGINT) if with_parent else None,  # noqa: PLW1509 - no threads here
        **identity(account),
    )


def _await_note(places: Places, server: "subprocess.Popen[bytes]") -> None:
    """Until the server's own lock stands, which then keeps a second one out."""
    while server.poll() is None:
        lines = _note(places)
        if lines and lines[0].strip() == str(server.pid):
            return
        time.sleep(_STEP)


def _forget_the_dead(places: Places) -> None:
    """Remove the notes of a postmaster that a crash left, once its children are gone too.

    The server itself takes any living process with that number for its predecessor, as happens
    after a restart of a container. That no orphan still writes is checked by the server once
    more, by the shared memory that carries the data directory's number.
    """
    until = time.monotonic() + ORPHANS_SECONDS
    while orphans := _orphans(places.cluster):
        if time.monotonic() > until:
            raise HostFault(
                places.cluster,
                f"processes {orphans} of a server that was killed still work in it",
                "end them; two servers on one cluster would destroy it",
            )
        time.sleep(_STEP)
    socket = f".s.PGSQL.{PORT}"
    notes = (places.cluster / "postmaster.pid", places.run / socket, places.run / f"{socket}.lock")
    for note in notes:
        note.unlink(missing_ok=True)


def _orphans(cluster: Path) -> list[int]:
    """Processes that still work in the cluster's folder (Linux; elsewhere the server's own check
    must do).
    """
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return [pid for pid in pids if _works_in(pid, cluster)]


def _is_postmaster(pid: int, cluster: Path) -> bool:
    if Path("/proc/self").exists():
        return _works_in(pid, cluster)
    words = ["ps", "-p", str(pid), "-o", "command="]
    told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    return "postgres" in told and str(cluster) in told


def _works_in(pid: int, cluster: Path) -> bool:
    """Whether a living process has the cluster as its folder, as every process of a server has."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == cluster.resolve()
    except OSError:  # ended meanwhile, a zombie, or somebody else's
        return False


def _note(places: Places) -> list[str]:
    try:
        return (places.cluster / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _let_go(server: "subprocess.Popen[bytes]") -> None:
    """It is to outlive us: subprocess shall not complain of it, and we notice its end ourselves."""
    server.returncode = 0
    _LEFT_RUNNING.add(server.pid)


def _reap() -> None:
    """A server that was our child and has ended still has its number until we take note."""
    for pid in list(_LEFT_RUNNING):
        try:
            ended = os.waitpid(pid, os.WNOHANG)[0] == pid
        except ChildProcessError:
            ended = True
        if ended:
            _LEFT_RUNNING.discard(pid)


def _ended(data: Path, pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while (found := status(data)) is not None and found.pid == pid:
        if time.monotonic() > until:
            return False
        time.sleep(_STEP)
    return True


def _did_not_start(places: Places, fact: str) -> HostFault:
    last = ""
    if places.log.exists():
        said = places.log.read_text("utf-8", errors="replace").splitlines()
        last = next((f": {line}" for line in reversed(said) if "FATAL" in line), "")
    return HostFault(places.cluster, f"{fact}{last}", f"its words are in {places.log}")


def _open_log(places: Places) -> IO[bytes]:
    if places.log.exists() and places.log.stat().st_size > _LOG_BYTES:
        places.log.replace(places.log.with_suffix(".log.1"))
    return places.log.open("ab")


@contextlib.contextmanager
def _alone(places: Places) -> Iterator[None]:
    """Hold the only right to start this cluster; a second starter waits here."""
    with (places.data / "cluster.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
