"""Rows -> the ground on which a relation's tickets are judged."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from afspraak.agreements.load import (
    DEFAULT_LADDER,
    Signed,
    ladders_of,
    outside_rates,
    versions_of,
)
from afspraak.agreements.read import clockwork_of, terms_in
from afspraak.clocks.judge import Ground, Ladder
from afspraak.engine.clockwork import Clockwork
from afspraak.engine.hours import Calendar
from afspraak.engine.time import parse_date
from afspraak.ledger.actions import grounds_stand_at
from afspraak.rights.viewer import Viewer
from afspraak.tickets.stored import facts_of_agreements

Eyes = tuple[bool, frozenset[UUID], frozenset[UUID], frozenset[UUID]]
_known: "OrderedDict[tuple[UUID, Eyes], tuple[int, Ground]]" = OrderedDict()
"""The ground of a relation as of its number, as these eyes see it: read again only when that has
moved.
"""
MOST_KNOWN: Final = 5_000

Extension = tuple[str, str, tuple[str, ...]]
"""A calendar's name, the date until which it may be asked from then on, and its closed dates."""


def grounds_of(relations: Mapping[UUID, UUID], viewer: Viewer) -> dict[UUID, Ground]:
    """The ground of each relation (relation -> its supplier)."""
    signed = versions_of(relations, viewer)
    agreements = {each.row.agreement_id for group in signed.values() for each in group}
    extended = extensions_of(agreements, viewer) if agreements else {}
    ladders = ladders_of(relations, viewer)
    rates = {supplier: outside_rates(supplier, viewer) for supplier in set(relations.values())}
    return {
        relation: Ground(
            tuple(each.version for each in signed.get(relation, ())),
            ClockworkOf(signed.get(relation, ()), extended),
            rates[supplier],
            LadderOf(ladders),
        )
        for relation, supplier in relations.items()
    }


class ClockworkOf:
    """The clocks of each version by its id, made when first asked for."""

    __slots__ = ("_extended", "_made", "_signed")

    def __init__(
        self, signed: Iterable[Signed], extended: Mapping[UUID, tuple[Extension, ...]]
    ) -> None:
        self._signed = {each.version.id: each for each in signed}
        self._extended = extended
        self._made: dict[str, Clockwork] = {}

    def __call__(self, version: str) -> Clockwork:
        found = self._made.get(version)
        if found is None:
            signed = self._signed[version]
            extended = self._extended.get(signed.row.agreement_id, ())
            found = self._made[version] = extended_clockwork(signed.data, extended)
        return found

    def signed(self, version: str) -> Signed:
        """A version as it was stored."""
        return self._signed[version]

    def covers(self, version: str) -> dict[str, date]:
        """Until when each calendar of a version may be asked: nothing is laid out for it."""
        signed = self._signed[version]
        covers = {name: each.cover[1] for name, each in signed.terms.calendars.items()}
        for name, until_on, _ in self._extended.get(signed.row.agreement_id, ()):
            if name in covers:
                covers[name] = max(covers[name], parse_date(until_on))
        return covers


class LadderOf:
    """An agreement's ladder by its id, the usual one where it has none."""

    __slots__ = ("_ladders",)

    def __init__(self, ladders: Mapping[UUID, Ladder]) -> None:
        self._ladders = {str(agreement): ladder for agreement, ladder in ladders.items()}

    def __call__(self, agreement: str) -> Ladder:
        return self._ladders.get(agreement, DEFAULT_LADDER)


def grounds_at(
    relations: Mapping[UUID, tuple[UUID, int | None]], viewer: Viewer
) -> dict[UUID, Ground]:
    """The ground of each relation (relation -> its supplier and its ground's number), from what is
    known of it where the number still holds. Without a number it is read, and not kept: what
    changes it may yet be undone.
    """
    found, wanted, eyes = {}, {}, _eyes(viewer)
    for relation, (supplier, number) in relations.items():
        known = _known.get((relation, eyes))
        if known is not None and known[0] == number:
            found[relation] = known[1]
        else:
            wanted[relation] = supplier
    for relation, ground in grounds_of(wanted, viewer).items() if wanted else ():
        found[relation] = ground
        number = relations[relation][1]
        if number is not None:
            _known[relation, eyes] = (number, ground)
    while len(_known) > MOST_KNOWN:
        _known.popitem(last=False)
    return found


def grounds_known(relations: Mapping[UUID, UUID], viewer: Viewer) -> dict[UUID, Ground]:
    """The ground of each relation (relation -> its supplier), for who only looks: one question,
    whether what this process knows of it still holds. The number is read before the rows, so that
    newer rows under an older number are read again, and never the other way round.
    """
    numbers = grounds_stand_at(relations, viewer)
    return grounds_at(
        {each: (supplier, numbers.get(each)) for each, supplier in relations.items()}, viewer
    )


def signed_in(ground: Ground, version: str) -> Signed:
    """A version of a ground that was read here, as it was stored."""
    assert isinstance(ground.clockwork, ClockworkOf)
    return ground.clockwork.signed(version)


def covers_in(ground: Ground, version: str) -> dict[str, date]:
    """Until when the calendars of a version of a ground that was read here may be asked (T8)."""
    assert isinstance(ground.clockwork, ClockworkOf)
    return ground.clockwork.covers(version)


def _eyes(viewer: Viewer) -> Eyes:
    """What of a viewer says which versions, ladders and rates are seen."""
    return viewer.is_system, viewer.organisations, viewer.limited, viewer.agreements


# Calendars that were extended (C1) ----------------------------------------------------------------


def extensions_of(
    agreements: Iterable[UUID], viewer: Viewer
) -> Mapping[UUID, tuple[Extension, ...]]:
    """What facts added to the covers of an agreement's calendars."""
    found: dict[UUID, list[Extension]] = {}
    for fact in facts_of_agreements(agreements, ("cover_extended",), viewer):
        more: dict[str, Any] = fact.data["more"]
        extension = (more["calendar"], more["until_on"], tuple(more.get("closed", ())))
        assert fact.agreement_id is not None
        found.setdefault(fact.agreement_id, []).append(extension)
    return {agreement: tuple(each) for agreement, each in found.items()}


@lru_cache(maxsize=2048)
def extended_clockwork(data: bytes, extensions: tuple[Extension, ...]) -> Clockwork:
    """The clocks of a signed document, its calendars extended: earlier dates stay as signed."""
    terms = terms_in(data)
    calendars = dict(terms.calendars)
    for name, until_on, closed in extensions:
        calendars[name] = longer(
            calendars[name], parse_date(until_on), frozenset(map(parse_date, closed))
        )
    return clockwork_of(terms, calendars)


def longer(calendar: Calendar, until_on: date, closed: frozenset[date]) -> Calendar:
    """The calendar over a longer cover; nothing that lies in the cover it had is touched."""
    old = calendar.cover[1]
    added = {on for on in closed if old <= on < until_on}
    return Calendar(
        calendar.name,
        calendar.zone,
        calendar.week,
        calendar.closed | added,
        calendar.exceptions,
        (calendar.cover[0], max(old, until_on)),
    )
