"""Sets of closed dates that a candidate calendar may name.

Public holidays of some countries, and a log's own silence.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

import numpy as np

from afspraak.engine.time import Refusal
from afspraak.language.holidays import holidays_between
from afspraak.sourcing.infer_hours import DAY_SECONDS
from afspraak.sourcing.infer_log import Ints

COUNTRIES: Final = ("NL", "BE", "DE", "FR", "GB", "US")
SILENT: Final = "dates on which hardly anybody reported"
_EPOCH: Final = date(1970, 1, 1).toordinal()
_USUAL_LEAST: Final = 8
_NEIGHBOURS: Final = 3
_SILENT_SHARE: Final = 0.25


def public_holidays(countries: Iterable[str], first: int, count: int) -> dict[str, frozenset[int]]:
    """Country (or `DE-BY`) -> its public holidays among `count` dates from `first`, in days.

    Days are counted from 1970. A country of which nothing is known is left out.
    """
    cover = (date.fromordinal(first + _EPOCH), date.fromordinal(first + count + _EPOCH))
    found: dict[str, frozenset[int]] = {}
    for name in countries:
        try:
            listed = holidays_between(name, cover, "en")
        except Refusal:
            continue
        days = (on.toordinal() - _EPOCH for on in listed)
        found[name] = frozenset(day for day in days if first <= day < first + count)
    return {name: days for name, days in found.items() if days}


def silent_dates(wall: Ints) -> frozenset[int]:
    """Dates with less than a quarter of the same weekday's reports in the weeks around.

    `wall` (n,): wall-clock seconds of the reports. Where a weekday has fewer than 8 as a rule,
    nothing can be said.
    """
    day = wall // DAY_SECONDS
    first = int(day.min())
    per_day = np.bincount(day - first)
    weeks = np.append(per_day, np.zeros(-len(per_day) % 7, dtype=per_day.dtype)).reshape(-1, 7)
    silent: set[int] = set()
    for week in range(1, len(weeks) - 1):
        around = np.delete(
            weeks[max(week - _NEIGHBOURS, 0) : week + _NEIGHBOURS + 1],
            min(week, _NEIGHBOURS),
            axis=0,
        )
        usual = np.median(around, axis=0)
        quiet = (usual >= _USUAL_LEAST) & (weeks[week] < usual * _SILENT_SHARE)
        silent.update(first + 7 * week + int(place) for place in np.flatnonzero(quiet))
    return frozenset(silent)
