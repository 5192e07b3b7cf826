"""A user's faults at the door: exceptions that are told in lines instead of a traceback."""

from collections.abc import Iterable
from pathlib import Path

from afspraak.engine.time import Refusal
from afspraak.host.faults import HostFault
from afspraak.notices.settings import SettingRefused
from afspraak.tickets.faults import LogRefused


class UsersFault(Exception):
    """What a user wrote or gave is not right; each line says where, what, and what to do."""

    def __init__(self, lines: Iterable[object]) -> None:
        self.lines = [str(line) for line in lines]
        super().__init__("\n".join(self.lines))


def fault(place: object, fact: str, remedy: str) -> UsersFault:
    """A single fault: place, fact, remedy."""
    return UsersFault([f"{place}: {fact}: {remedy}"])


def lines_of(error: Exception) -> list[str] | None:
    """The lines of a user's fault; None for a fault of our own."""
    if isinstance(error, UsersFault):
        return error.lines
    if isinstance(error, LogRefused):
        return [str(each) for each in error.faults]
    if isinstance(error, Refusal | HostFault | SettingRefused):
        return [str(error)]
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return [f"{Path(str(error.filename)).name}: {error.strerror}"]
    if isinstance(error, PermissionError):
        return [f"{error.filename}: {error.strerror}"]
    return None
