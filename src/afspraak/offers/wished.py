"""A wish beside the catalogue that it deviates from: for how long in a year only the wished hours
are open.
"""

from datetime import date, timedelta

from afspraak.agreements.read import LAID_OUT
from afspraak.engine.hours import Calendar, Hours
from afspraak.engine.time import add, local_date, parse_rhythm, start_of_date, zone_of
from afspraak.language.calendars import week_of
from afspraak.language.catalogue import Catalogue
from afspraak.language.terms_of import calendar_of
from afspraak.offers.models import Wish
from afspraak.offers.upkeep import extra_open


def extra_of(wish: Wish, catalogue: Catalogue, at: int) -> tuple[int, date]:
    """For how long in a year, from the first of this month on, only the wished hours are open
    (microseconds); nothing where no other hours are wished.
    """
    level = catalogue.levels[wish.level]  # type: ignore[index]  # checked when it was written
    part = catalogue.calendars[level.calendar]
    zone = zone_of(part.zone)
    first = max(local_date(zone, at).replace(day=1), part.cover[0])
    until = add(first, parse_rhythm("1 year"))
    if not wish.week:
        return 0, first
    cover = (part.cover[0], until + timedelta(days=1))
    usual = calendar_of("usual", part, catalogue.language, cover)
    week = tuple(
        own or base for own, base in zip(week_of("wished", wish.week), usual.week, strict=True)
    )
    wished = Calendar("wished", usual.zone, week, usual.closed, usual.exceptions, usual.cover)
    hours: dict[str, Hours] = LAID_OUT.hours({"usual": usual, "wished": wished})
    span = (start_of_date(zone, first), start_of_date(zone, until))
    return extra_open(hours["wished"], hours["usual"], *span), first
