"""How a page says moments and durations: as people do, seen from now, on the wall of one zone."""

from functools import cached_property
from typing import Final

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from afspraak.engine.time import (
    HOUR,
    MINUTE,
    Duration,
    WorkingDays,
    datetime_of,
    local_date,
    parse_duration,
    zone_of,
)
from afspraak.reports.texts import LANGUAGES, Language, Texts

A_WEEK: Final = 7


def language() -> Language:
    """The language of this request."""
    told = (get_language() or "")[:2]
    return next((each for each in LANGUAGES if each == told), "nl")


class Speaking:
    """One reader's language and zone, and when it is now (microseconds)."""

    def __init__(self, zone: str, at: int) -> None:
        self.at = at
        self.zone = zone
        self.texts = Texts(language(), zone)

    @cached_property
    def _today(self) -> int:
        return local_date(zone_of(self.zone), self.at).toordinal()

    def moment(self, at: int) -> str:
        """`14:14`, `tomorrow 10:00`, `Friday 17:30`, `Fri 12 Mar 17:30`."""
        local = datetime_of(at).astimezone(zone_of(self.zone))
        time = f"{local:%H:%M}"
        days = local.date().toordinal() - self._today
        if days == 0:
            return time
        if days == 1:
            return _("tomorrow %(time)s") % {"time": time}
        if days == -1:
            return _("yesterday %(time)s") % {"time": time}
        if 1 < days < A_WEEK:
            return f"{self.weekday(local.weekday())} {time}"
        return self.texts.moments(at, self.at)[0]

    def weekday(self, number: int) -> str:
        """Monday is 0. Only English writes it large."""
        name = str(WEEKDAYS[number])
        return name if self.texts.language == "en" else name.lower()

    def now(self) -> str:
        """`Tuesday 10:14`."""
        local = datetime_of(self.at).astimezone(zone_of(self.zone))
        return f"{self.weekday(local.weekday())} {local:%H:%M}"

    def length(self, target: str) -> str:
        """A target as it is written (`PT4H`) -> `4 hours`; what is no duration stays as it is."""
        return self.long(parse_duration(target)) if target else ""

    def long(self, duration: Duration) -> str:
        """`15 minutes`, `4 hours`, `1:30 hours`, `3 working days`."""
        if isinstance(duration, WorkingDays):
            return self.texts.duration(duration)
        hours, rest = divmod(duration.microseconds, HOUR)
        if rest == 0:
            return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
        if hours == 0:
            minutes = rest // MINUTE
            return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
        return _("%(time)s hours") % {"time": self.texts.hours(duration.microseconds)}

    def left(self, remaining: str) -> str:
        """What is left, as figures: `3:20`, `3 working days`."""
        return self.texts.duration(parse_duration(remaining)) if remaining else ""
