"""Which version of each agreement is in force at a moment, of many relations at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from afspraak.agreements.load import Signed
from afspraak.clocks.judge import Ground
from afspraak.clocks.load import covers_in, grounds_known, signed_in
from afspraak.engine.in_force import NotCovered, Version, governing_version
from afspraak.rights.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Held:
    """An agreement as it stands: the version in force, if there is one; and the newer ones that
    not everybody has signed.
    """

    relation: UUID
    agreement: UUID
    signed: Signed | None
    unsigned: tuple[Version, ...]
    ground: Ground

    @property
    def covers(self) -> Mapping[str, date]:
        """Until when its calendars may be asked, as facts extended them; none without a version."""
        return covers_in(self.ground, self.signed.version.id) if self.signed else {}


def held_at(relations: Mapping[UUID, UUID], viewer: Viewer, at: int) -> list[Held]:
    """Every agreement of some relations (relation -> its supplier) of which there is a version."""
    grounds = grounds_known(relations, viewer)
    return [
        _held(relation, agreement, ground, at)
        for relation, ground in grounds.items()
        for agreement in dict.fromkeys(each.agreement for each in ground.versions)
    ]


def _held(relation: UUID, agreement: str, ground: Ground, at: int) -> Held:
    mine = [each for each in ground.versions if each.agreement == agreement]
    try:
        newest = governing_version(mine, at, at).version
    except NotCovered:
        newest = None
    return Held(
        relation,
        UUID(agreement),
        signed_in(ground, newest.id) if newest else None,
        tuple(each for each in mine if lacking(each) and _is_newer(each, newest)),
        ground,
    )


def _is_newer(each: Version, other: Version | None) -> bool:
    return other is None or each.from_at >= other.from_at


def lacking(version: Version) -> tuple[str, ...]:
    """The parties that have not signed a version, in its own order."""
    return tuple(each for each in version.parties if each not in version.signed_at)
