"""Whether somebody watches: read by the worker's alarm, by /readyz and by the doctor."""

from dataclasses import dataclass
from typing import Final, Literal

from afspraak.clocks.models import Beat
from afspraak.engine.time import MINUTE, instant_of

STILL_AFTER: Final = 2 * MINUTE
"""A watch that has not looked for this long stands still."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Why promises are not watched: no watcher has looked since `since_at` (None: never), or the
    clock of a machine jumped at `since_at` and nobody has confirmed the time.
    """

    why: Literal["still", "jumped"]
    since_at: int | None
    machine: str = ""

    @property
    def key(self) -> str:
        """The same for the same silence, however often it is noticed."""
        return f"watch/{self.why}/{self.machine}/{self.since_at or 'never'}"


def silences_at(at: int) -> tuple[Silence, ...]:
    """Why promises are not watched at this moment; nothing while they are. Lag is no silence."""
    beats = list(Beat.objects.order_by("-looked_at"))
    newest = instant_of(beats[0].looked_at) if beats else None
    found = [
        Silence("jumped", instant_of(each.stopped_at), each.machine)
        for each in beats
        if each.stopped_at is not None
    ]
    if newest is None or at - newest > STILL_AFTER:
        found.append(Silence("still", newest))
    return tuple(found)
