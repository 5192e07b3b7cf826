"""How every walk begins: its logs are locked, and what came before from the same source is found,
in one round trip.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from afspraak.ledger.actions import OpenLogs, logs_locked
from afspraak.rights.planned import together
from afspraak.rights.question import Question
from afspraak.rights.viewer import Viewer
from afspraak.tickets.models import Fact

Name = tuple[UUID, str, str]
"""A relation, a source, and what that calls a fact (F2); empty where it has no name for it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What a walk stands on, to be read once it is answered: `logs` as of a moment (NoSuchLog), and
    `known`, the facts that came before under the same names.
    """

    logs: Callable[[int], OpenLogs]
    known: Callable[[], list[Fact]]


def begin_walk(*, names: Iterable[Name], viewer: Viewer) -> Begun:
    """Begin a walk that will take facts of these names. A door that asks something itself first can
    ask it `together` with this; both in the transaction of the walk.
    """
    wanted = set(names)
    named = [each for each in wanted if each[2]]
    with together():
        logs = logs_locked(relations={relation for relation, _, _ in wanted}, viewer=viewer)
        known = _known(named, viewer)  # asked after the lock: nobody adds to it any more
    return Begun(logs, known)


def _known(named: list[Name], viewer: Viewer) -> Callable[[], list[Fact]]:
    if not named:
        return list
    relations, sources, ids = (sorted(set(each)) for each in zip(*named, strict=True))
    return _SAME_SOURCE.sent(viewer, relations=relations, sources=sources, ids=ids)


_SAME_SOURCE: Final = Question(
    lambda viewer, relations, sources, ids: (
        Fact.objects.seen_by(viewer)
        .filter(relation_id__in=relations, source__in=sources, source_id__in=ids)
        .select_related("ticket")
    )
)
