"""Child processes: started in order, brought back when they crash, stopped in the opposite order.

One thread waits for everything: lines of the children, their ends, our own signals.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import Final

from afspraak.host.faults import HostFault
from afspraak.host.parent import tied

Process = subprocess.Popen[bytes]
Tell = Callable[[str, str], None]
"""Takes a line: the name of the process that says it, and what it says."""

FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 10.0
"""Seconds before a crashed child comes back: doubled each time, and forgotten once it has lived
STEADY seconds."""
STEADY: Final = 20.0
_LOOK: Final = 0.2
"""Seconds between looks where nothing wakes us."""
_LINE: Final = 65_536
_CONTROL: Final = dict.fromkeys([*range(32), *range(0x7F, 0xA0)], " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to run. A job starts once those before it are ready."""

    name: str
    spawn: Callable[[int], Process | None]
    """Takes where the output goes. None: it runs already and is not ours; asked again later."""
    ready: Callable[[], bool] = lambda: True
    once: bool = False
    """It must end well before the next starts, and stays ended."""
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    """To its whole group, when it has not stopped in time."""
    stop_seconds: float = 30.0
    longest_pause: float = LONGEST_PAUSE


def command(
    name: str,
    words: Sequence[str],
    environment: Mapping[str, str],
    *,
    once: bool = False,
    stop_seconds: float = 30.0,
) -> Job:
    """A job that is a program with arguments, and that the kernel stops if we die (Linux)."""

    def spawn(output: int) -> Process:
        return subprocess.Popen(
            list(words),
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=tied(signal.SIGTERM),  # noqa: PLW1509 - there are no threads here
        )

    return Job(name=name, spawn=spawn, once=once, stop_seconds=stop_seconds)


@dataclass(slots=True)
class _Child:
    """A job in motion. Times are of the monotonic clock, in seconds."""

    job: Job
    pause: float
    process: Process | None = None
    foreign: bool = False
    done: bool = False
    started_at: float = 0.0
    starts_at: float = 0.0
    rest: bytes = b""

    def is_ready(self) -> bool:
        """Whether what comes after it may start."""
        if self.job.once:
            return self.done
        return (self.process is not None or self.foreign) and self.job.ready()


@dataclass(slots=True)
class _Watch:
    """All children, and what wakes us."""

    children: list[_Child]
    tell: Tell
    first_pause: float
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    asked: int = 0
    """How often we were asked to stop."""
    status: int = 0


def supervise(jobs: Sequence[Job], tell: Tell, *, first_pause: float = FIRST_PAUSE) -> int:
    """Run the jobs until SIGTERM, SIGINT or SIGHUP, then stop them in the opposite order.

    Returns 0, or 1 if a job that must end well did not. A second signal makes short work of it.
    """
    watch = _Watch([_Child(job, first_pause) for job in jobs], tell, first_pause)
    with _woken(watch):
        try:
            while not watch.asked and not watch.status:
                _start_what_can(watch)
                _listen(watch, _LOOK)
                _notice_ends(watch)
        finally:
            for child in reversed(watch.children):
                _stop(watch, child)
            watch.selector.close()
    return watch.status


# Starting and coming back -------------------------------------------------------------------------


def _start_what_can(watch: _Watch) -> None:
    """Each job whose time has come, as long as everything before it is ready."""
    for child in watch.children:
        if child.process is None and not child.done and time.monotonic() >= child.starts_at:
            _start(watch, child)
        if not child.is_ready():
            return


def _start(watch: _Watch, child: _Child) -> None:
    reader, writer = os.pipe()
    child.started_at = time.monotonic()
    try:
        process = child.job.spawn(writer)
    except (HostFault, OSError) as fault:
        os.close(reader)
        watch.tell("serve", f"{child.job.name} could not start: {fault}")
        _come_back(watch, child)
        return
    finally:
        os.close(writer)
    if process is None:
        os.close(reader)
        _leave(watch, child)
        return
    child.process, child.foreign = process, False
    os.set_blocking(reader, False)
    watch.selector.register(reader, selectors.EVENT_READ, child)
    watch.tell("serve", f"{child.job.name} started pid={process.pid}")


def _leave(watch: _Watch, child: _Child) -> None:
    """It runs already, started by somebody else: not ours to stop, but ours to replace."""
    if not child.foreign:
        watch.tell("serve", f"{child.job.name} runs already and is left to who started it")
    child.foreign = True
    child.starts_at = time.monotonic() + watch.first_pause * 4


def _notice_ends(watch: _Watch) -> None:
    for child in watch.children:
        if child.process is not None and child.process.poll() is not None:
            _ended(watch, child, child.process)


def _ended(watch: _Watch, child: _Child, process: Process) -> None:
    _forget(watch, child, process)
    watch.tell("serve", f"{child.job.name} ended status={process.returncode}")
    if not child.job.once:
        _come_back(watch, child)
    elif process.returncode == 0:
        child.done = True
    else:
        watch.status = 1


def _come_back(watch: _Watch, child: _Child) -> None:
    """Later, and later each time, so that what cannot run does not keep the machine busy."""
    if child.job.once:
        watch.status = 1
        return
    if time.monotonic() - child.started_at >= STEADY:
        child.pause = watch.first_pause
    child.starts_at = time.monotonic() + child.pause
    watch.tell("serve", f"{child.job.name} comes back in_seconds={child.pause:g}")
    child.pause = min(child.pause * 2, child.job.longest_pause)


# Stopping -----------------------------------------------------------------------------------------


def _stop(watch: _Watch, child: _Child) -> None:
    """Ask it to stop, and go on telling what everybody says until it has."""
    process = child.process
    if process is None:
        return
    watch.tell("serve", f"{child.job.name} stops")
    _send(process, child.job.stop_signal)
    until, made_to = time.monotonic() + child.job.stop_seconds, False
    while process.poll() is None:
        if not made_to and (time.monotonic() > until or watch.asked > 1):
            made_to = True
            watch.tell("serve", f"{child.job.name} is made to end")
            _send_group(process, child.job.kill_signal)
        _listen(watch, _LOOK / 4)
    _forget(watch, child, process)
    watch.tell("serve", f"{child.job.name} ended status={process.returncode}")


def _forget(watch: _Watch, child: _Child, process: Process) -> None:
    """Read its last words, end what it left behind, and close its pipe."""
    if child.job.kill_signal == signal.SIGKILL:
        _send_group(process, signal.SIGKILL)
    for key in [key for key in watch.selector.get_map().values() if key.data is child]:
        _read(watch, key)
        watch.selector.unregister(key.fd)
        os.close(key.fd)
    if child.rest:
        _say(watch, child, child.rest)
        child.rest = b""
    child.process = None


def _send(process: Process, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        process.send_signal(what)


def _send_group(process: Process, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, what)


# Listening ----------------------------------------------------------------------------------------


def _listen(watch: _Watch, seconds: float) -> None:
    for key, _ in watch.selector.select(seconds):
        if isinstance(key.data, _Child):
            if not _read(watch, key):
                watch.selector.unregister(key.fd)
                os.close(key.fd)
        else:
            with contextlib.suppress(BlockingIOError):
                os.read(key.fd, 4096)


def _read(watch: _Watch, key: selectors.SelectorKey) -> bool:
    """What is there to read, told line by line. False at its end."""
    child: _Child = key.data
    while True:
        try:
            data = os.read(key.fd, _LINE)
        except BlockingIOError:
            return True
        if not data:
            return False
        *lines, child.rest = (child.rest + data).split(b"\n")
        for line in lines:
            _say(watch, child, line)
        if len(child.rest) > _LINE:
            _say(watch, child, child.rest)
            child.rest = b""


def _say(watch: _Watch, child: _Child, line: bytes) -> None:
    """One line is one line: nothing that a child writes can look like another's."""
    watch.tell(child.job.name, line.decode("utf-8", "replace").rstrip().translate(_CONTROL))


@contextlib.contextmanager
def _woken(watch: _Watch) -> Iterator[None]:
    """SIGTERM, SIGINT and SIGHUP ask us to stop; these and the end of a child wake us at once."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        watch.asked += 1

    def wake(_number: int, _frame: FrameType | None) -> None:
        """Only there so that the signal is written to the pipe."""

    reader, writer = os.pipe()
    for end in (reader, writer):
        os.set_blocking(end, False)
    watch.selector.register(reader, selectors.EVENT_READ)
    handlers = dict.fromkeys((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), ask)
    handlers[signal.SIGCHLD] = wake
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    old = signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(old)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(reader)
        os.close(writer)
