"""Agreements that want somebody's attention, by what is the matter."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext as _

from afspraak.agreements.attention import Concern, concerns_of
from afspraak.clocks.in_force import Held, lacking
from afspraak.engine.time import local_date, zone_of
from afspraak.web.agreed import words_in
from afspraak.web.overseen import Named, Overseen, titles_in
from afspraak.web.rows import Badge
from afspraak.web.speaking import Speaking

SHOWN: Final = 5
"""So many of each kind; their number is told."""
SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Point:
    """One agreement, what it is about, and by when."""

    named: Named
    told: str
    on: date | None
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class Matter:
    """One kind of concern: what it is, why it matters, and the agreements that have it."""

    key: str
    title: str
    count: int
    points: tuple[Point, ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.points)


def matters_of(over: Overseen) -> list[Matter]:
    """Every kind that occurs; within a kind what is due first."""
    found: dict[str, list[Point]] = {}
    for each in over.held:
        named = over.named[each.agreement]
        for concern in _concerns(each, over.speaking.at):
            found.setdefault(concern.kind, []).append(_point(each, named, concern, over.speaking))
        found.setdefault("unsigned", []).extend(_unsigned(each, named, over.speaking))
        if each.signed is None and not each.unsigned:
            found.setdefault("over", []).append(Point(named, "", None, None))
    without = [each for each in over.named.values() if not each.has_owner]
    found["owner"] = [Point(each, "", None, None) for each in without]
    titles = _titles()
    return [
        Matter(key, titles[key], len(found[key]), tuple(sorted(found[key], key=_order)[:SHOWN]))
        for key in titles
        if found.get(key)
    ]


def _concerns(each: Held, at: int) -> Iterator[Concern]:
    if each.signed is None:
        return
    terms = each.signed.terms
    on = local_date(zone_of(terms.zone), at)
    yield from concerns_of(each.signed.document, terms, each.covers, on)


def _titles() -> Mapping[str, str]:
    """The kinds in the order in which they press."""
    return {
        "notice": _("Last day of notice near"),
        "ends": _("Ends, and does not renew"),
        "unsigned": _("Not signed by everybody"),
        "open": _("Open promises to fill in"),
        "cover": _("A calendar runs out"),
        "over": _("None in force: not covered"),
        "clocks": _("Without a clock on tickets"),
        "calendar": _("Without a calendar"),
        "owner": _("Without an owner"),
    }


def _order(each: Point) -> tuple[bool, date, str]:
    return each.on is None, each.on or date.max, each.named.customer


def _point(each: Held, named: Named, concern: Concern, speaking: Speaking) -> Point:
    told = _WORDS[concern.kind](each, concern, speaking)
    return Point(named, told, concern.on, _badge(concern.on, speaking))


def concern_named(each: Held, concern: Concern, speaking: Speaking) -> tuple[str, str]:
    """What is the matter, and what it is about or by when, in words."""
    told = _WORDS[concern.kind](each, concern, speaking)
    on = speaking.texts.on_date(concern.on) if concern.on else ""
    return _titles()[concern.kind], ", ".join(filter(None, (on, told)))


def _badge(on: date | None, speaking: Speaking) -> Badge | None:
    """How near a date is."""
    if on is None:
        return None
    today = local_date(zone_of(speaking.zone), speaking.at)
    told = speaking.texts.on_date(on)
    if on < today:
        return Badge("late", "late", told)
    return Badge("soon" if on - today <= SOON else "running", "running", told)


def _notice(_each: Held, concern: Concern, speaking: Speaking) -> str:
    assert concern.until_on is not None
    ends = speaking.texts.on_date(concern.until_on - timedelta(days=1))
    return _("without notice it goes on after %(ends)s") % {"ends": ends}


def _cover(each: Held, concern: Concern, speaking: Speaking) -> str:
    assert each.signed is not None
    words = words_in(each.signed.data, speaking.texts.language)
    return words.calendars.show(concern.about)


def _open(each: Held, concern: Concern, speaking: Speaking) -> str:
    assert each.signed is not None
    return titles_in(each.signed.data, speaking.texts.language).get(concern.about, concern.about)


def _nothing(_each: Held, _concern: Concern, _speaking: Speaking) -> str:
    return ""


_WORDS: Final[Mapping[str, Callable[[Held, Concern, Speaking], str]]] = MappingProxyType(
    {
        "notice": _notice,
        "ends": _nothing,
        "cover": _cover,
        "open": _open,
        "clocks": _nothing,
        "calendar": _nothing,
    }
)


def _unsigned(each: Held, named: Named, speaking: Speaking) -> Iterable[Point]:
    for version in each.unsigned:
        parties = [speaking.texts.word("party", party) for party in lacking(version)]
        slots = {"parties": speaking.texts.together(parties)}
        yield Point(named, _("waits for %(parties)s") % slots, None, None)
