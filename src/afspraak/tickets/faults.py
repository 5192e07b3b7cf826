"""What is wrong with somebody's log or mapping, as values: place, fact, remedy (HOUSE_STYLE 17)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a user's file: where it stands, what is wrong there, what to do about it."""

    place: str
    fact: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.fact}: {self.remedy}"


class LogRefused(ValueError):
    """A log or a mapping that cannot be read at all; `faults` says why, all of them at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def refused(place: str, fact: str, remedy: str) -> LogRefused:
    """The refusal for a single fault."""
    return LogRefused([Fault(place, fact, remedy)])
