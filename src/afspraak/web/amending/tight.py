"""How tight a text is, in words: three lists with what tightens marked, before and after."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from afspraak.amending.tightness import AREAS, Area, Check, checks_of
from afspraak.language.document import Document

NAMES: Final[dict[Area, str]] = {
    "penalties": gettext_noop("What is punished"),
    "lock_in": gettext_noop("How it binds"),
    "room": gettext_noop("Room for change that is lacking"),
}
SAID: Final[dict[str, str]] = {
    "always": gettext_noop("A penalty is owed whoever is to blame"),
    "beside": gettext_noop("A penalty comes on top of damages"),
    "uncapped": gettext_noop("Credits or penalties without a maximum"),
    "per_miss": gettext_noop("Each single miss costs money"),
    "kept": gettext_noop("A credit cannot be earned back"),
    "term": gettext_noop("It runs longer than two years"),
    "tacit": gettext_noop("It renews by itself for a year or more"),
    "notice": gettext_noop("Notice of three months or more"),
    "no_early_end": gettext_noop("The customer cannot end it early"),
    "early_fee": gettext_noop("Ending it early costs a fee"),
    "no_review": gettext_noop("No meeting to look at it again"),
    "no_open_term": gettext_noop("Nothing is left open to be measured first"),
    "no_volume": gettext_noop("Nothing is said of more or less work"),
    "no_cap": gettext_noop("Prices follow an index without a maximum"),
    "no_exit": gettext_noop("Nothing is said of how it ends"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One check: whether the text tightens there, and whether the one before did."""

    told: str
    tightens: bool
    did: bool


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An area: how many of its checks tighten now, and did before."""

    name: str
    lines: tuple[Line, ...]
    count: int
    before: int
    of: int
    told: str


def tight(document: Document, before: Document) -> list[AreaShown]:
    """A text beside the one that holds now."""
    now, then = checks_of(document), {each.name: each for each in checks_of(before)}
    return [_area(area, [each for each in now if each.area == area], then) for area in AREAS]


def _area(area: Area, checks: list[Check], then: dict[str, Check]) -> AreaShown:
    lines = tuple(
        Line(_(SAID[each.name]), each.tightens, then[each.name].tightens) for each in checks
    )
    count, did = sum(each.tightens for each in lines), sum(each.did for each in lines)
    told = _("%(n)s of %(of)s tighten; now it is %(did)s") % {
        "n": count,
        "of": len(lines),
        "did": did,
    }
    return AreaShown(_(NAMES[area]), lines, count, did, len(lines), told)
