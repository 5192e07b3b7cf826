"""The engine as a judge of cases: by the door of `afspraak conformance`, in the oracle's form.

Calendars are laid out for some months only, and kept: what costs most about a single case is its
calendar.
"""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_clocks import CLOCK_ASKS
from afspraak.engine.hours import Hours, Uncovered
from afspraak.engine.time import datetime_of

MOST_KEPT = 1500
BACK, ON = timedelta(days=31), timedelta(days=153)
_kept: dict[str, "Nearby"] = {}


class Nearby(Calendars):
    """A case's calendars from the month before the question to some months after it; where that
    does not answer, as the door does.
    """

    def asked(self, name: object, at: int, question: Callable[[Hours], Any]) -> Any:
        written = self._written.get(str(name))
        if isinstance(written, Mapping):
            month = datetime_of(at).date().replace(day=1)
            try:
                return question(self._hours(str(name), written, (month - BACK, month + ON)))
            except Uncovered:
                pass
        return super().asked(name, at, question)


def kept(calendars: dict[str, dict]) -> Calendars:
    """The calendars, laid out as far as they were asked."""
    key = json.dumps(calendars)
    if key not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = Nearby(calendars)
    return _kept[key]


def answer(case: dict, calendars: dict[str, dict]) -> Any:
    """The engine's answer as it comes; raises Refusal."""
    return CLOCK_ASKS[case["ask"]](case, kept(calendars))
