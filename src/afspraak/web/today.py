"""Today (`/today/`): what a supplier's manager looks at first. Promises at risk, agreements that
want attention, dated promises of both sides, how much may still be missed.

Each part is made once for all who see the same, and made anew after a minute or five.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from afspraak.engine.time import MINUTE
from afspraak.parties.identity import Identity
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.attention import matters_of
from afspraak.web.dated import duties_of
from afspraak.web.expected import expected_of
from afspraak.web.made import made_once, seen_alike
from afspraak.web.overseen import Overseen, overseen_by
from afspraak.web.own import speaking_to
from afspraak.web.risky import risky_of
from afspraak.web.silent import silents_of
from afspraak.web.speaking import Speaking
from afspraak.web.spending import LISTED, budgets_of
from afspraak.web.visit import Visit, known
from afspraak.web.week import monday_of, week_of

SHOWN: Final = 6
"""So many promises at risk; the rest stand on their own page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks, and how to speak to them; what they oversee is read once, if it is asked for."""

    identity: Identity
    speaking: Speaking
    monday: date
    _read: list[Overseen]

    def over(self) -> Overseen:
        """Every agreement, as it stands."""
        if not self._read:
            self._read.append(overseen_by(self.identity, self.speaking))
        return self._read[0]

    @property
    def unread(self) -> int:
        """So many agreements are not in what was made of them: that is not kept."""
        return self._read[0].unread if self._read else 0


Make = Callable[[Asked], dict[str, object]]


@require_safe
@stated(Right.OVERSEE)
def today(request: Visit) -> HttpResponse:
    """The page."""
    asked = _asked(request)
    parts = [_part(each, asked) for each in _PARTS]
    told = {"parts": parts, "now": asked.speaking.now(), "unread": asked.unread}
    return render(request, "today/today.html", told)


@require_safe
@stated(Right.OVERSEE)
def budgets(request: Visit) -> HttpResponse:
    """Every promise's budget, those that press most first."""
    asked = _asked(request)
    told = {"body": _part(_ALL_BUDGETS, asked), "now": asked.speaking.now()}
    return render(request, "today/budgets.html", told)


def _asked(request: Visit) -> Asked:
    identity = known(request)
    speaking = speaking_to(identity, request.at)
    return Asked(identity, speaking, monday_of(request.GET.get("week", ""), speaking), [])


# Parts --------------------------------------------------------------------------------------------


def _risk(asked: Asked) -> dict[str, object]:
    near, late = risky_of(asked.identity, asked.speaking)
    return {
        "near": near[:SHOWN],
        "late": late[:SHOWN],
        "near_more": max(0, len(near) - SHOWN),
        "late_more": max(0, len(late) - SHOWN),
    }


def _attention(asked: Asked) -> dict[str, object]:
    return {"matters": matters_of(asked.over())}


def _duties(asked: Asked) -> dict[str, object]:
    return {"duties": duties_of(asked.over())}


def _budget(asked: Asked) -> dict[str, object]:
    return {"budgets": budgets_of(asked.over())}


def _week(asked: Asked) -> dict[str, object]:
    return {"week": week_of(asked.over(), asked.monday)}


def _quiet(asked: Asked) -> dict[str, object]:
    return {"silents": silents_of(asked.over())}


def _volumes(asked: Asked) -> dict[str, object]:
    return {"expected": expected_of(asked.over())}


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: its template, what makes it, how long it stands, and whether it is of a
    week.
    """

    name: str
    make: Make
    fresh: int
    is_weekly: bool = False


_PARTS: Final = (
    Part("risk", _risk, MINUTE),
    Part("budget", _budget, 5 * MINUTE),
    Part("week", _week, 5 * MINUTE, is_weekly=True),
    Part("attention", _attention, 5 * MINUTE),
    Part("quiet", _quiet, 5 * MINUTE),
    Part("volumes", _volumes, 5 * MINUTE),
    Part("duties", _duties, 5 * MINUTE),
)


def _all_budgets(asked: Asked) -> dict[str, object]:
    return {"budgets": budgets_of(asked.over(), LISTED), "most": LISTED}


_ALL_BUDGETS: Final = Part("budgets_body", _all_budgets, 5 * MINUTE)


def _part(each: Part, asked: Asked) -> SafeString:
    week = asked.monday if each.is_weekly else None
    return made_once(
        (each.name, week, *seen_alike(asked.identity, asked.speaking, each.fresh)),
        lambda: render_to_string(f"today/{each.name}.html", each.make(asked)),
        lambda: not asked.unread,
    )
