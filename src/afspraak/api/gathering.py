"""Requests that are under way at the same time, done at once by whoever comes first: one
transaction, and one wait for the disk, for all of them.

Who asks alone waits for nobody. Who comes while others are at work waits for these, and is done
with whoever else came meanwhile; those who were answered last are given as long as their work took
to be back with their next. What one is refused spoils nothing for the others: where several fail
together, each is done by itself.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from threading import Condition
from time import monotonic
from typing import Final, Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")
MOST: Final = 100
"""Requests that are done at once."""
MOST_KNOWN: Final = 1_000
"""Crowds that are kept, with how many came last."""
LONGEST: Final = 0.05
"""Seconds that those who came last are waited for, at most."""


@dataclass(slots=True, eq=False)
class _Place(Generic[Asked, Told]):
    """One who waits: what came of it, once it was done with others."""

    asked: Asked
    names: frozenset[Hashable]
    told: list[Told] = field(default_factory=list)
    """One answer; none where they failed."""
    fault: Exception | None = None
    """What they failed for, where it is not known what was done."""
    is_over: bool = False


@dataclass(slots=True)
class _Crowd(Generic[Asked, Told]):
    """Those who may be done together; how many there were last, and until when they are awaited."""

    waiting: list[_Place[Asked, Told]] = field(default_factory=list)
    is_at_work: bool = False
    expected: int = 1
    until: float = 0.0

    @property
    def is_left(self) -> bool:
        """Whether nobody is here."""
        return not (self.is_at_work or self.waiting)

    def seconds_left(self) -> float | None:
        """How long the others are waited for: none left, so many, or (None) until they are done."""
        if self.is_at_work:
            return None
        is_whole = len(self.waiting) >= min(self.expected, MOST)
        return 0.0 if is_whole else max(0.0, self.until - monotonic())

    def take(self, first: _Place[Asked, Told]) -> list[_Place[Asked, Told]]:
        """Who is done now: the first, and those after it that share no name with one before."""
        taken, names, left = [first], set(first.names), []
        for each in self.waiting:
            if each is first:
                continue
            if len(taken) < MOST and names.isdisjoint(each.names):
                taken.append(each)
                names |= each.names
            else:
                left.append(each)
        self.waiting, self.is_at_work = left, True
        return taken

    def rest(self, count: int, seconds: float) -> None:
        """So many were done in so much time: they, and those who wait already, may come again."""
        self.is_at_work = False
        self.expected = count + len(self.waiting)
        self.until = monotonic() + min(seconds, LONGEST)


class Gathering(Generic[Asked, Told]):
    """One kind of work of this process: `work` does what several ask in one transaction, all of it,
    or it raises. `is_undone`: whether nothing is done then, so that each may be tried by itself.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Asked]], Sequence[Told]],
        *,
        is_undone: Callable[[Exception], bool],
    ) -> None:
        self._work, self._is_undone = work, is_undone
        self._changed = Condition()
        self._crowds: dict[Hashable, _Crowd[Asked, Told]] = {}

    def __call__(self, asked: Asked, *, of: Hashable, names: frozenset[Hashable]) -> Told:
        """What `work` tells this one. Only those with an equal `of` are done together (who asks,
        and what they see), and never two that share a name. Raises what `work` raises for it.
        """
        place: _Place[Asked, Told] = _Place(asked, names)
        with self._changed:
            crowd = self._crowd(of)
            crowd.waiting.append(place)
            self._changed.notify_all()
            while not place.is_over and (left := crowd.seconds_left()) != 0:
                self._changed.wait(left)
            taken = [] if place.is_over else crowd.take(place)
        if taken:
            self._do(crowd, taken)
        if place.fault is not None:
            raise place.fault
        return place.told[0] if place.told else self._work([asked])[0]

    def _crowd(self, of: Hashable) -> _Crowd[Asked, Told]:
        if of not in self._crowds and len(self._crowds) >= MOST_KNOWN:
            self._crowds = {key: each for key, each in self._crowds.items() if not each.is_left}
        return self._crowds.setdefault(of, _Crowd())

    def _do(self, crowd: _Crowd[Asked, Told], taken: list[_Place[Asked, Told]]) -> None:
        """All of it; whatever happens, nobody is left waiting."""
        told: Sequence[Told] = ()
        lost: Exception | None = None
        began = monotonic()
        try:
            told = self._work([each.asked for each in taken])
        except Exception as fault:  # noqa: BLE001  (told to each of them, or tried again)
            if len(taken) == 1 or not self._is_undone(fault):
                lost = fault
        finally:
            with self._changed:
                for number, each in enumerate(taken):
                    each.told = list(told[number : number + 1])
                    each.fault, each.is_over = lost, True
                crowd.rest(len(taken), monotonic() - began)
                self._changed.notify_all()
