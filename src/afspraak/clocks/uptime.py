"""Facts of services -> outages and maintenance as the law counts them (A4). Pure.

A fact names its service in `more`; an outage that ended names the one that began in `of`, or ends
whatever of its service was down. Maintenance carries its own span, and counts as announced when it
was said, or when it was written down if that was an afterthought of who profits from it (F4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from afspraak.engine.facts import LATE_AFTER
from afspraak.engine.figures import Maintenance, Outage
from afspraak.engine.time import parse_instant


@dataclass(frozen=True, slots=True)
class Said:
    """One fact of a service, with its two times and its place (F2)."""

    code: str
    service: str
    happened_at: int
    recorded_at: int
    position: int
    id: str
    of: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


def outages_of(said: Iterable[Said], as_of: int) -> list[Outage]:
    """Every outage known as of a moment (F5), in the order in which they began."""
    found: dict[str, Outage] = {}
    for each in _known(said, as_of):
        if each.code == "outage_began":
            found[each.id] = Outage(each.service, each.happened_at, None)
        elif each.code == "outage_ended":
            for name in _ended_by(each, found):
                found[name] = replace(found[name], until_at=each.happened_at)
    return list(found.values())


def _ended_by(end: Said, found: Mapping[str, Outage]) -> list[str]:
    down = [
        name
        for name, outage in found.items()
        if outage.until_at is None and outage.from_at <= end.happened_at
    ]
    if end.of:
        return [name for name in down if name == end.of]
    return [name for name in down if found[name].service == end.service]


def maintenance_of(said: Iterable[Said], as_of: int) -> list[Maintenance]:
    """Every planned work known as of a moment: withdrawn before it began it was never planned,
    withdrawn within it ended there.
    """
    found: dict[str, Maintenance] = {}
    for each in _known(said, as_of):
        if each.code == "maintenance_announced":
            late = each.recorded_at - each.happened_at > LATE_AFTER
            found[each.id] = Maintenance(
                each.service,
                parse_instant(each.more["from_at"]),
                parse_instant(each.more["until_at"]),
                each.recorded_at if late else each.happened_at,
            )
        elif each.code == "maintenance_withdrawn" and each.of in found:
            work = found.pop(each.of)
            if each.happened_at > work.from_at:
                until_at = min(work.until_at, each.happened_at)
                found[each.of] = replace(work, until_at=until_at)
    return list(found.values())


def _known(said: Iterable[Said], as_of: int) -> list[Said]:
    known = [each for each in said if max(each.happened_at, each.recorded_at) <= as_of]
    return sorted(known, key=lambda each: (each.happened_at, each.recorded_at, each.position))
