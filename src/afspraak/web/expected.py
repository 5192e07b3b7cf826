"""Expected volumes outside their band, as a supplier's manager reads them."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from afspraak.clocks.volume import Volume, volumes_of
from afspraak.web.agreed import words_in
from afspraak.web.overseen import Named, Overseen, behind
from afspraak.web.rows import Badge

SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Outside:
    """A volume as a line: what was counted, what is expected, and how far it is off."""

    named: Named
    what: str
    period: str
    count: str
    band: str
    badge: Badge
    url: str


@dataclass(frozen=True, slots=True)
class Expected:
    """How many are looked at, how many lie outside or will, and the first of these."""

    known: int
    count: int
    lines: tuple[Outside, ...]


def expected_of(over: Overseen) -> Expected:
    """Those outside first, the farthest before the others; then those that will be."""
    found = volumes_of(over.held, over.viewer, over.speaking.at)
    outside = [each for each in found if each.is_outside or each.will_be_outside]
    outside.sort(key=lambda each: (not each.is_outside, -_off(each)))
    lines = tuple(_line(each, over) for each in outside[:SHOWN])
    return Expected(len(found), len(outside), lines)


def _off(each: Volume) -> int:
    """By how many it is off, or will be."""
    count = each.count if each.is_outside else each.by_end or 0
    return max(count - each.most, each.least - count)


def _line(each: Volume, over: Overseen) -> Outside:
    texts = over.speaking.texts
    return Outside(
        named=over.named[each.held.agreement],
        what=_what(each, over),
        period="" if each.period is None else texts.period(each.period),
        count=texts.number(each.count),
        band=f"{texts.number(each.least)} – {texts.number(each.most)}",  # noqa: RUF001 - the typographer's dash
        badge=_badge(each),
        url=_url(each),
    )


def _what(each: Volume, over: Overseen) -> str:
    assert each.held.signed is not None
    name = ""
    if each.service:
        words = words_in(each.held.signed.data, over.speaking.texts.language)
        name = words.services.show(each.service)
    told = _("Tickets") if each.counts == "tickets" else _("Units")
    return f"{told}: {name}" if name else told


def _badge(each: Volume) -> Badge:
    if not each.is_outside:
        return Badge("soon", "running", _("%(n)s at this pace") % {"n": each.by_end})
    slots = {"n": _off(each)}
    is_more = each.count > each.most
    told = _("%(n)s more than expected") if is_more else _("%(n)s fewer than expected")
    return Badge("late", "late", told % slots)


def _url(each: Volume) -> str:
    """The tickets that were counted; nothing for units."""
    if each.period is None:
        return ""
    equal = {"agreement": str(each.held.agreement)}
    if each.service:
        equal["service"] = each.service
    return behind(each.period, **equal)
