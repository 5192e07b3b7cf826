"""The watch: looks at what has come due, until it is told to stop. Any number of them may run.

A watcher that is lost costs lag and nothing else: what it had claimed is free again after its
lease, and what is recorded is the computed instant, never the moment of looking.
"""

import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection

from afspraak import flow
from afspraak.clocks.actions import WAKE, beat, forget_watchers, stop_watching
from afspraak.engine.time import DAY, SECOND
from afspraak.worker.clock import Reading, Trust

log = logging.getLogger(__name__)
LONGEST: Final = SECOND
"""Microseconds to sleep at most: so long may a look come late that nobody announced."""
SHORTEST: Final = SECOND // 50
LOST: Final = 1.0
"""Seconds to wait for a database that has gone away."""


def name_of_watcher() -> str:
    """`machine:process`: who looks."""
    return f"{machine()}:{os.getpid()}"


def machine() -> str:
    """The machine whose clock a watcher reads."""
    return socket.gethostname()[:60]


@dataclass(slots=True)
class Watcher:
    """One watcher: its two clocks, its name, and how far it trusts the wall clock."""

    read: Callable[[], Reading]
    name: str = field(default_factory=name_of_watcher)
    machine: str = field(default_factory=machine)
    most: int = flow.BATCH
    _trust: Trust | None = None
    _was_stopped: bool = False

    def turn(self) -> int:
        """Read the clock once, look at one batch of what is due; microseconds until the next turn.

        Stopped by a clock that jumped, it looks at nothing until somebody confirms the time.
        """
        reading = self.read()
        due_at = flow.due_next()
        lag = 0 if due_at is None else max(0, reading.at - due_at)
        if not self._may_record(reading, lag):
            return LONGEST
        looked = flow.look(at=reading.at, most=self.most)
        looked += flow.look_at_what_is_dated(at=reading.at)
        if looked:
            return 0
        return _until(due_at, reading.at)

    def _may_record(self, reading: Reading, lag: int) -> bool:
        """Say that we are here; False while the time of this machine is not confirmed."""
        if self._trust is None:
            self._trust = Trust.begin(reading)
            forget_watchers(machine=self.machine, but=self.name, before_at=reading.at - DAY)
        may = beat(
            watcher=self.name,
            machine=self.machine,
            at=reading.at,
            lag_seconds=min(lag // SECOND, 2**31 - 1),
        )
        if may and self._was_stopped:  # a person has confirmed the time: it is right from here on
            self._trust = Trust.begin(reading)
        if may and self._trust.has_jumped(reading):
            stop_watching(watcher=self.name, at=reading.at)
            log.error("the clock of %s jumped forward: confirm the time", self.machine)
            may = False
        self._was_stopped = not may
        return may


def _until(due_at: int | None, at: int) -> int:
    """Not at once, where what is due is another watcher's work."""
    return LONGEST if due_at is None else max(SHORTEST, min(LONGEST, due_at - at))


# Running ------------------------------------------------------------------------------------------


def run(watcher: Watcher, *, stopping: Callable[[], bool], pause: Callable[[float], Any]) -> None:
    """Turn after turn until `stopping`. A database that goes away is waited for with `pause`."""
    listening: object = None
    while not stopping():
        try:
            wait = watcher.turn()
            if connection.connection is not listening:
                listening = _listen()
            if wait:
                _sleep(wait)
        except (OperationalError, InterfaceError) as fault:
            log.warning("the database does not answer: %s", fault)
            connection.close()
            listening = None
            pause(LOST)


def _listen() -> object:
    """Ask to be woken, once a connection; that connection."""
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {WAKE}")
    return connection.connection


def _sleep(microseconds: int) -> None:
    """Until something is due that nobody knew of, or the time is over. Raises OperationalError for
    a connection that is lost meanwhile.
    """
    with connection.wrap_database_errors:
        for _ in connection.connection.notifies(timeout=microseconds / SECOND, stop_after=1):
            return
