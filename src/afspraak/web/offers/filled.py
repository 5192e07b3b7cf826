"""What is filled in on these pages: sums, numbers, dates; a fault stands beside its field."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from afspraak.engine.time import Refusal, parse_date
from afspraak.language.calendars import intervals_of
from afspraak.web.filled import text_of

_NUMBER: Final = re.compile(r"[0-9]{1,7}(?:[.,][0-9]{1,3})?")
WEEKS: Final = ("mon-fri", "sat", "sun")
_SPAN: Final = re.compile(
    r"([01]?[0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01]?[0-9]|2[0-4]):([0-5][0-9])"
)


class Faults(dict[str, str]):
    """What is wrong, by the name of its field."""

    def number(self, told: QueryDict, name: str, *, empty: str = "0") -> Decimal:
        """A number as people write it, with a comma or a point."""
        text = text_of(told, name, 20).replace(" ", "") or empty
        if not _NUMBER.fullmatch(text):
            self[name] = _("Write a number, as 1,5.")
            return Decimal(0)
        return Decimal(text.replace(",", "."))

    def count(self, told: QueryDict, name: str) -> int:
        """A whole number; 0 where nothing is filled in."""
        text = text_of(told, name, 9) or "0"
        if not (text.isascii() and text.isdecimal()):
            self[name] = _("Write a whole number.")
            return 0
        return int(text)

    def day(self, told: QueryDict, name: str) -> date | None:
        """A date; required."""
        try:
            return parse_date(text_of(told, name, 10))
        except Refusal:
            self[name] = _("Give a date.")
            return None

    def words(self, told: QueryDict, name: str, longest: int = 1000) -> str:
        """A text; required."""
        text = text_of(told, name, longest)
        if not text:
            self[name] = _("Fill this in.")
        return text

    def week(self, told: QueryDict) -> Mapping[str, list[str]]:
        """Opening hours by part of the week; nothing where no hours are given."""
        found = {}
        for days in WEEKS:
            text = text_of(told, f"week_{days}", 60)
            if not text:
                continue
            spans = [_span(part) for part in re.split(r"[;,]", text)]
            try:
                intervals_of(days, spans)
                found[days] = [each for each in spans if each]
            except Refusal:
                self[f"week_{days}"] = _("Write hours as 08:00-17:00.")
        return found


def _span(part: str) -> str:
    """`8:00 - 17:00` -> `08:00-17:00`; what is none stays as it is, and is refused."""
    match = _SPAN.fullmatch(part.strip())
    if match is None:
        return part.strip()
    return f"{int(match[1]):02}:{match[2]}-{int(match[3]):02}:{match[4]}"
