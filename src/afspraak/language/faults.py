"""Users' faults as values: where, in which clause, what is wrong, what to do (HOUSE_STYLE 17)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of a document; a `note` is told like one and spoils nothing.

    `line` counts from 1; `clause` is the clause's id, or the part of the document as
    `calendars.kantoor`.
    """

    file: str
    line: int
    clause: str
    fact: str
    remedy: str
    note: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.clause}: {self.fact}: {self.remedy}"


def in_order(faults: list[Fault]) -> list[Fault]:
    """Each fault once, by line; what stands before the others on its line first."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.line, fault.note))
