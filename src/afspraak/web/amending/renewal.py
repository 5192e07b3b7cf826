"""Renewal (`/agreements/<id>/renewal/`): the term as a line with its dates of notice, the prices by
the agreed index with the arithmetic, and the meeting at which both decide how to go on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from afspraak import flow
from afspraak.amending.actions import Entered
from afspraak.amending.read_values import LONGEST, Faulty, month_of, read_values, value_of
from afspraak.amending.renewal import Course, Round, course_of
from afspraak.amending.said import Value, values_of
from afspraak.engine.time import Refusal, local_date, zone_of
from afspraak.flow.agreements import NoSuchAgreement
from afspraak.parties.roles import Right
from afspraak.parties.stated import stated
from afspraak.web.amending.indexed import indexed
from afspraak.web.amending.seen import Seen, seen
from afspraak.web.amending.term_line import TermLine, term_line
from afspraak.web.filled import text_of
from afspraak.web.refusing import refused
from afspraak.web.visit import Visit, known

MOST_VALUES: Final = 60
MOST_FAULTS: Final = 10


@dataclass(frozen=True, slots=True)
class RoundShown:
    """An end of the term: the dates of notice, and what happens where nobody gives it."""

    ends: str
    notice: str
    working: str
    renews: str
    is_past: bool


@dataclass(frozen=True, slots=True)
class ValueShown:
    """An index's value that was entered."""

    series: str
    month: str
    value: str
    source: str
    who: str


@require_safe
@stated(Right.READ_FIGURES)
def renewal(request: Visit, agreement: UUID) -> HttpResponse:
    """The page."""
    return _page(request, seen(request, agreement))


@require_POST
@stated(Right.NEGOTIATE)
def index(request: Visit, agreement: UUID) -> HttpResponse:
    """Enter an index's value, or a table of them."""
    identity, there = known(request), seen(request, agreement)
    values = _values(request)
    if isinstance(values, str):
        return _page(request, there, values)
    try:
        made = flow.enter_index_values(
            agreement=agreement,
            values=values,
            actor=identity.actor,
            viewer=identity.viewer,
            at=request.at,
        )
    except NoSuchAgreement as fault:
        raise Http404 from fault
    except Refusal as refusal:
        return _page(request, there, refused(refusal))
    told = ngettext("%(n)s value entered.", "%(n)s values entered.", len(made))
    messages.success(request, told % {"n": len(made)})
    return HttpResponseRedirect(reverse("amending_renewal", args=[agreement]) + "#index")


def _values(request: Visit) -> list[Entered] | str:
    """What was filled in, or what is wrong with it."""
    told = request.POST
    table, source = text_of(told, "table", LONGEST), text_of(told, "source", 200)
    if table:
        found, faults = read_values(table, source)
        return _faulty(faults) if faults or not found else found
    series = text_of(told, "series", 200)
    month, value = month_of(text_of(told, "month", 7)), value_of(text_of(told, "value", 16))
    if not series:
        return _("Which index? Choose one.")
    if month is None:
        return _("Of which month? Give a year and a month.")
    if value is None:
        return _("Which value? Give a number above nothing, with at most four decimals.")
    if not source:
        return _("Where did you read it? Name the source: the other side wants to look it up.")
    return [Entered(series, month, value, source)]


def _faulty(faults: list[Faulty]) -> str:
    if not faults:
        return _("The table holds no values.")
    lines = ", ".join(str(each.line) for each in faults[:MOST_FAULTS])
    return _(
        "These lines cannot be read: %(lines)s. Each line holds an index, a month (2027-10), a"
        " value and its source, with semicolons between."
    ) % {"lines": lines}


# The page -----------------------------------------------------------------------------------------


def _page(request: Visit, there: Seen, fault: str = "") -> HttpResponse:
    on = today(there)
    course = course_in(there, on)
    values = values_of(there.agreement, there.identity.viewer)
    found = indexed(there, values, course)
    told = {
        "agreement": there.agreement,
        "fault": fault,
        "told": request.POST,
        "may_say": there.may_say,
        "line": line_of(there, course, on),
        "told_term": told_term(there, course),
        "rounds": [_round(there, each, on) for each in course.rounds],
        "indexed": found,
        "series": sorted({each for one in found for each in one.series}),
        "values": _shown(there, values.values()),
    }
    return render(request, "amending/renewal.html", told, status=422 if fault else 200)


def today(there: Seen) -> date:
    """On the agreement's wall."""
    return local_date(zone_of(there.speaking.zone), there.speaking.at)


def course_in(there: Seen, on: date) -> Course:
    """Its term, as of a date."""
    document = there.history.document
    name = document.usual_calendar or next(iter(document.calendars), None)
    calendar = there.history.contract.terms.calendars.get(name) if name else None
    return course_of(document, calendar, on)


def line_of(there: Seen, course: Course, on: date) -> TermLine:
    """The same as a picture."""
    return term_line(course, on, there.speaking.texts)


def told_term(there: Seen, course: Course) -> str:
    """How it goes on, in a sentence."""
    texts, ends = there.speaking.texts, course.next
    slots = {"ends": texts.on_date(ends.ends_on)}
    if ends.notice_on is None:
        return _("It ends on %(ends)s, and does not renew by itself.") % slots
    slots |= {"notice": texts.on_date(ends.notice_on)}
    if ends.renews_until is not None:
        slots |= {"until": texts.on_date(ends.renews_until)}
    return (
        _(
            "It runs until %(ends)s. Whoever wants it to end then gives notice on %(notice)s at the"
            " latest; else it renews by itself until %(until)s."
        )
        % slots
    )


def _round(there: Seen, each: Round, on: date) -> RoundShown:
    texts = there.speaking.texts
    is_past = each.notice_on is not None and each.notice_on < on
    dates = (each.notice_on, each.working_on, each.renews_until)
    notice, working, renews = (_date(there, one) for one in dates)
    return RoundShown(texts.on_date(each.ends_on), notice, working, renews, is_past)


def _date(there: Seen, on: date | None) -> str:
    return "–" if on is None else there.speaking.texts.on_date(on)  # noqa: RUF001  (a dash)


def _shown(there: Seen, rows: Iterable[Value]) -> list[ValueShown]:
    texts = there.speaking.texts
    ordered = sorted(rows, key=lambda each: (each.month, each.series), reverse=True)
    return [
        ValueShown(
            each.series,
            texts.month(each.month, year=True),
            f"{each.value.normalize():f}",
            each.source,
            each.who,
        )
        for each in ordered[:MOST_VALUES]
    ]
