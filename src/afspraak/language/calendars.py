"""Service calendars as a person writes them (conformance/FORMAT.md, SEMANTICS T4) -> the engine's
frozen calendars.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Final

import holidays

from afspraak.engine.hours import Calendar, Interval, joined
from afspraak.engine.time import Refusal, parse_date, zone_of

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_KEYS: Final = frozenset(("zone", "week", "holidays", "closed", "exceptions", "cover"))
_INTERVAL: Final = re.compile(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])")
_MIDNIGHT: Final = 24 * 60


def interval_of(name: str, text: object) -> Interval:
    """`09:00-17:00`, `22:00-06:00` (into the next date), `00:00-24:00`. Refuses malformed and empty
    ones (T4).
    """
    match = _INTERVAL.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Refusal(f"calendar {name}: {text!r} is not an interval: write it as 09:00-17:00")
    opens, closes = (int(match[part]) * 60 + int(match[part + 1]) for part in (1, 3))
    closes = closes or _MIDNIGHT
    if opens >= _MIDNIGHT or closes > _MIDNIGHT or opens == closes:
        raise Refusal(
            f"calendar {name}: {text} is not an interval: it opens before 24:00, ends by 24:00"
            " and has a length"
        )
    return Interval(opens, closes if closes > opens else closes + _MIDNIGHT)


def intervals_of(name: str, texts: object) -> tuple[Interval, ...]:
    """One date's intervals; refuses overlap (T4)."""
    if not isinstance(texts, list):
        raise Refusal(
            f'calendar {name}: {texts!r} is not a list of intervals: write ["09:00-17:00"]'
        )
    return joined(name, [interval_of(name, text) for text in texts])


def week_of(name: str, written: object) -> tuple[tuple[Interval, ...], ...]:
    """Weekdays or ranges of them (`mon-fri`) to intervals; a weekday in two keys is refused."""
    if not isinstance(written, Mapping):
        raise Refusal(f"calendar {name}: its week is not a table of weekdays")
    week: dict[int, tuple[Interval, ...]] = {}
    for key, texts in written.items():
        intervals = intervals_of(name, texts)
        for day in _days_of(name, key):
            if day in week:
                raise Refusal(f"calendar {name}: {WEEKDAYS[day]} stands in two keys of its week")
            week[day] = intervals
    return tuple(week.get(day, ()) for day in range(7))


def _days_of(name: str, key: object) -> range:
    first, _, last = str(key).partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        raise Refusal(f"calendar {name}: {key!r} is no weekday or range of weekdays (mon-fri)")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    if end < start:
        raise Refusal(f"calendar {name}: the range {key} ends before it starts")
    return range(start, end + 1)


@lru_cache(maxsize=256)
def public_holidays(code: str, year: int) -> frozenset[date]:
    """The public holidays of `NL`, `BE` or a subdivision, `DE-BY`, in a year. Refuses a code that
    is not known.
    """
    country, _, subdivision = code.partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=year)
    except (NotImplementedError, TypeError, ValueError):
        raise Refusal(
            f"no public holidays are known for {code!r}: a country, or country-subdivision as DE-BY"
        ) from None
    return frozenset(on for on in found if on.year == year)


def calendar_of(name: str, written: Mapping[str, object], window: tuple[date, date]) -> Calendar:
    """A calendar as written, over its own cover or else over `window`; refuses what is wrong in it,
    naming it.
    """
    if unknown := sorted(set(written) - _KEYS):
        raise Refusal(
            f"calendar {name}: unknown key {unknown[0]!r}; it may have {', '.join(sorted(_KEYS))}"
        )
    zone = str(written.get("zone", ""))
    zone_of(zone)
    cover = cover_of(name, written) or window
    closed = {_date_of(name, text) for text in _listed(name, written.get("closed"))}
    if code := written.get("holidays"):
        for year in range(cover[0].year - 1, cover[1].year + 1):
            closed |= public_holidays(str(code), year)
    exceptions = written.get("exceptions") or {}
    if not isinstance(exceptions, Mapping):
        raise Refusal(f"calendar {name}: its exceptions are not a table of dates")
    dated = {_date_of(name, on): intervals_of(name, texts) for on, texts in exceptions.items()}
    return Calendar(name, zone, week_of(name, written.get("week")), frozenset(closed), dated, cover)


def cover_of(name: str, written: Mapping[str, object]) -> tuple[date, date] | None:
    """The dates [from, until) about which it may be asked, if it says so (T8)."""
    cover = written.get("cover")
    if cover is None:
        return None
    if not isinstance(cover, list) or len(cover) != 2:  # noqa: PLR2004 - from and until
        raise Refusal(f"calendar {name}: its cover is two dates, from and until")
    start, end = (_date_of(name, text) for text in cover)
    if end <= start:
        raise Refusal(f"calendar {name}: its cover ends ({end}) before it starts ({start})")
    return start, end


def _listed(name: str, written: object) -> Iterable[object]:
    if written is None:
        return ()
    if not isinstance(written, list):
        raise Refusal(f"calendar {name}: its closed dates are not a list")
    return written


def _date_of(name: str, text: object) -> date:
    try:
        return parse_date(text)
    except Refusal as error:
        raise Refusal(f"calendar {name}: {error}") from None
