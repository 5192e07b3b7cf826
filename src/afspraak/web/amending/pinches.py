"""Where it pinches (`/agreements/<id>/pinches/`): each month the clauses that were often missed,
disputed, relieved, bypassed, and those that nobody used; and what another level would have given.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from afspraak.amending.load import counts_in
from afspraak.amending.pinches import Pinch, pinches_of
from afspraak.amending.read_values import month_of
from afspraak.engine.periods import Period
from afspraak.engine.time import Rhythm, add, local_date, zone_of
from afspraak.language.text.lexicon import clause_titles
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.amending.level_change import level_change
from afspraak.web.amending.seen import Seen, once_in_a_while, seen
from afspraak.web.filled import text_of
from afspraak.web.speaking import language
from afspraak.web.visit import Visit

MONTH: Final = Rhythm(months=1)
MONTHS: Final = 12
_DAY: Final = timedelta(days=1)
NAMES: Final = {
    "missed": gettext_noop("often missed"),
    "disputed": gettext_noop("disputed"),
    "relieved": gettext_noop("relieved"),
    "bypassed": gettext_noop("bypassed"),
    "unused": gettext_noop("never used"),
}


@dataclass(frozen=True, slots=True)
class PinchShown:
    """A clause that pinches, and what might be amended."""

    name: str
    title: str
    told: str
    proposal: str


@require_safe
@stated(Right.READ_FIGURES)
def pinches(request: Visit, agreement: UUID) -> HttpResponse:
    """The page, for a month (`?month=2027-02`), else the last whole one."""
    there = seen(request, agreement)
    texts = there.speaking.texts
    this = local_date(zone_of(there.speaking.zone), there.speaking.at).replace(day=1)
    asked = month_of(text_of(request.GET, "month", 7))
    month = asked if asked is not None and asked <= this else add(this, MONTH, -1)
    service = text_of(request.GET, "service", 80)
    told = {
        "agreement": there.agreement,
        "month": texts.month(month, year=True),
        "months": _months(there, this, month),
        "pinches": pinches_in(there, month),
        "may_say": there.may_say,
        "change": level_change(there, service),
        "chosen": f"{month:%Y-%m}",
    }
    return render(request, "amending/pinches.html", told)


def _months(there: Seen, this: date, chosen: date) -> list[tuple[str, str, bool]]:
    """The last twelve, newest first: (what is asked for, its name, whether it is shown)."""
    found = [add(this, MONTH, -back) for back in range(MONTHS)]
    texts = there.speaking.texts
    return [(f"{each:%Y-%m}", texts.month(each, year=True), each == chosen) for each in found]


def pinches_in(there: Seen, month: date) -> list[PinchShown]:
    """What pinched in a month."""
    terms = there.history.signed.terms
    counts = once_in_a_while(("pinches", *there.key), lambda: counts_in(there.history))
    found = pinches_of(
        counts,
        Period(month, add(month, MONTH)),
        Period(add(month, MONTH, -1), month),
        [each.clause for each in terms.promises],
    )
    titles = clause_titles(there.history.document, language())
    return [_shown(there, each, titles) for each in found if each.clause in titles]


def _shown(there: Seen, each: Pinch, titles: dict[str, str]) -> PinchShown:
    numbers = there.history.signed.terms.numbers
    title = f"{numbers.get(each.clause, '')} {titles[each.clause]}".strip()
    return PinchShown(_(NAMES[each.kind]), title, _told(there, each), _proposal(there, each))


def _told(there: Seen, each: Pinch) -> str:
    number = there.speaking.texts.number
    if each.kind == "unused":
        return _("No report ever fell under it.")
    slots = {"n": number(each.times), "cases": number(each.cases), "before": number(each.before)}
    if each.kind in ("missed", "relieved"):
        return _("%(n)s times of %(cases)s; the month before %(before)s") % slots
    return _("%(n)s times; the month before %(before)s") % slots


def _proposal(there: Seen, each: Pinch) -> str:
    """What might be amended."""
    if each.kind == "missed" and each.carries is not None:
        value = there.speaking.long(each.carries)
        return _(
            "All that was ever done would carry %(value)s (nine of ten, with 95 %% confidence):"
            " agree on that, or on what makes it quicker."
        ) % {"value": value}
    told = {
        "missed": _("Agree on a target that the work can carry, or on what makes it quicker."),
        "disputed": _("Say in the text when something counts as solved."),
        "relieved": _("The own promise of the other side keeps failing: amend that one, too."),
        "bypassed": _("Name the way that people really use, or make the agreed one easier."),
        "unused": _("Leave it out, or say what it is for."),
    }
    return told[each.kind]
