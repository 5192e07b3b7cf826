"""Service calendars (`/setup/calendars/`), drawn as they were signed: open hours, holidays, closed
dates and exceptions, and what a report made now would be due by. They change by a new version only.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from afspraak.agreements.read import LAID_OUT, document_of
from afspraak.engine.hours import Hours
from afspraak.engine.time import Refusal, ServiceTime, WorkingDays, datetime_of
from afspraak.engine.time import zone_of as zone
from afspraak.language.holidays import holidays_between
from afspraak.language.terms_of import calendar_of
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.reports.speech import capital
from afspraak.web.agreed import Agreed
from afspraak.web.calendar_drawn import dated, legend, week, year
from afspraak.web.caller import opening
from afspraak.web.filled import one_of
from afspraak.web.offered import Offered
from afspraak.web.refusing import refused
from afspraak.web.saying import value_of
from afspraak.web.setup_sources import source_in, sources_of
from afspraak.web.speaking import Speaking
from afspraak.web.visit import Visit, known

COMING: Final = 6
MOST_PROMISED: Final = 14


@dataclass(frozen=True, slots=True)
class Drawn:
    """A calendar to be drawn: what it is called, its hours, the names of its holidays."""

    key: str
    name: str
    hours: Hours
    names: dict[date, str]
    country: str


@dataclass(frozen=True, slots=True)
class Due:
    """A target in these hours: for what, and until when if it were reported now."""

    measure: str
    whom: str
    target: str
    due: str


@require_safe
@stated(Right.READ_AGREEMENTS)
def calendars(request: Visit) -> HttpResponse:
    """One calendar of one agreement, or of what one offers; where to choose another."""
    identity = known(request)
    sources = sources_of(identity)
    source = source_in(request.GET, identity, sources)
    told: dict[str, object] = {"source": source, "sources": sources}
    if isinstance(source.held, Agreed):
        drawn = [_of_agreement(source.held, key) for key in source.held.document.calendars]
    elif source.held is not None:
        drawn = [_of_offer(source.held, key) for key in source.held.catalogue.calendars]
    else:
        drawn = []
    if drawn:
        key = one_of(request.GET, "calendar", [each.key for each in drawn])
        chosen = next((each for each in drawn if each.key == key), drawn[0])
        speaking = Speaking(chosen.hours.calendar.zone, request.at)
        told |= _shown(chosen, request.GET.get("year", ""), speaking)
        told |= {"drawn": drawn, "due": _due_now(source.held, chosen, speaking)}
    return render(request, "agreements/calendars.html", told)


# Where they stand --------------------------------------------------------------------------------


def _of_agreement(agreed: Agreed, key: str) -> Drawn:
    part = document_of(agreed.signed.data).calendars[key]
    name = agreed.words.calendars.show(key)
    return Drawn(
        key, name, agreed.clockwork.hours[key], dict(part.holiday_dates or {}), part.holidays or ""
    )


def _of_offer(offered: Offered, key: str) -> Drawn:
    part = offered.catalogue.calendars[key]
    tongue = offered.catalogue.language
    names = holidays_between(part.holidays, part.cover, tongue) if part.holidays else {}
    hours = LAID_OUT.hours({key: calendar_of(key, part, tongue)})[key]
    name = offered.words.calendars.show(key)
    return Drawn(key, name, hours, names, part.holidays or "")


# As it is shown ----------------------------------------------------------------------------------


def _shown(drawn: Drawn, asked: str, speaking: Speaking) -> dict[str, object]:
    calendar = drawn.hours.calendar
    today = datetime_of(speaking.at).astimezone(zone(calendar.zone)).date()
    first, last = calendar.cover[0].year, calendar.cover[1].year
    years = [str(each) for each in range(first, min(last, first + 30) + 1)]
    number = int(asked if asked in years else min(max(today.year, first), last))
    coming = [
        each
        for year in (today.year, today.year + 1)
        for each in dated(calendar, drawn.names, year, speaking)
        if each.on >= today
    ]
    return {
        "chosen": drawn,
        "zone": calendar.zone,
        "from_on": speaking.texts.on_date(calendar.cover[0]),
        "until_on": speaking.texts.on_date(calendar.cover[1]),
        "opening": opening(drawn.hours, speaking),
        "week": week(drawn.hours, drawn.names, speaking),
        "year": number,
        "years": years,
        "months": year(calendar, drawn.names, number, today, speaking),
        "dated": dated(calendar, drawn.names, number, speaking),
        "coming": coming[:COMING],
        "legend": legend(),
        "now": speaking.now(),
    }


def _due_now(held: Agreed | Offered | None, drawn: Drawn, speaking: Speaking) -> list[Due]:
    if isinstance(held, Agreed):
        return _of_promises(held, drawn, speaking)
    return _of_levels(held, drawn, speaking) if held else []


def _of_promises(agreed: Agreed, drawn: Drawn, speaking: Speaking) -> list[Due]:
    """Every target that is counted in these hours, once, with whom it is for."""
    found: dict[tuple[str, str], list[str]] = {}
    targets: dict[str, ServiceTime | WorkingDays] = {}
    for promise in agreed.clockwork.terms.promises:
        for rule in promise.rules:
            if (rule.calendar or promise.calendar) != drawn.key:
                continue
            if not isinstance(rule.target, ServiceTime | WorkingDays):
                continue
            targets[str(rule.target)] = rule.target
            whom = " · ".join(value_of(agreed, name, each) for name, each in rule.when.items())
            found.setdefault((promise.measure, str(rule.target)), []).append(whom or _("all"))
    return [
        _due(measure, "; ".join(dict.fromkeys(whom)), targets[target], drawn, speaking)
        for (measure, target), whom in list(found.items())[:MOST_PROMISED]
    ]


def _of_levels(offered: Offered, drawn: Drawn, speaking: Speaking) -> list[Due]:
    """The same of what a level would promise."""
    return [
        _due(
            target.measure,
            " · ".join(filter(None, (offered.words.enums["level"].show(level), target.priority))),
            target.value,
            drawn,
            speaking,
        )
        for level, each in offered.catalogue.levels.items()
        if each.calendar == drawn.key
        for target in each.targets
    ][:MOST_PROMISED]


def _due(
    measure: str, whom: str, target: ServiceTime | WorkingDays, drawn: Drawn, speaking: Speaking
) -> Due:
    try:
        due = speaking.moment(drawn.hours.due(speaking.at, target))
    except Refusal as refusal:
        due = refused(refusal, speaking)
    name = speaking.texts.word("measure", measure)
    return Due(capital(name), capital(whom), speaking.long(target), due)
