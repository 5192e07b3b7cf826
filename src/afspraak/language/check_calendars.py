"""Checks of calendars (SEMANTICS T3, T4, T8, C1): hours, covers, holidays that are or can be
frozen.
"""

from collections.abc import Iterator
from datetime import date

from afspraak.engine.hours import Hours, joined, lay_out
from afspraak.engine.time import (
    Duration,
    Refusal,
    Rhythm,
    ServiceTime,
    WorkingDays,
    add,
    show_duration,
    start_of_date,
    zone_of,
)
from afspraak.language.draft import Draft, walk
from afspraak.language.faults import Fault
from afspraak.language.holidays import holidays_between
from afspraak.language.schema_base import ClauseBase
from afspraak.language.schema_frame import ServiceCalendar
from afspraak.language.schema_promises import TicketPromiseClause
from afspraak.language.terms_of import calendars_of


def calendars(draft: Draft) -> Iterator[Fault]:
    """Each calendar by itself: no overlap, some hours, a cover, holidays that are known."""
    for name, part in draft.document.calendars.items():
        found = [
            *_hours(draft, name, part),
            *_cover(draft, name, part),
            *_holidays(draft, name, part),
        ]
        yield from found
        if not found and not any(part.week.values()) and not any(part.exceptions.values()):
            yield draft.fault(("calendars", name), "it is never open", "give it hours in its week")


def _hours(draft: Draft, name: str, part: ServiceCalendar) -> Iterator[Fault]:
    written = [(("calendars", name, "week", key), hours) for key, hours in part.week.items()]
    written += [
        (("calendars", name, "exceptions", str(on)), hours) for on, hours in part.exceptions.items()
    ]
    for path, hours in written:
        try:
            joined(name, hours)
        except Refusal as refusal:
            told = str(refusal).removeprefix(f"calendar {name}: ")
            yield draft.fault(path, told, "let each interval begin where the one before has ended")


def _cover(draft: Draft, name: str, part: ServiceCalendar) -> Iterator[Fault]:
    start, end = part.cover
    if end <= start:
        fact = f"the cover ends ({end}) before it starts ({start})"
        yield draft.fault(("calendars", name, "cover"), fact, "write it as [from, until)")
    for key, dates in (("closed", part.closed), ("exceptions", part.exceptions)):
        for on in dates:
            if not start <= on < end and start < end:
                fact = f"{on} lies outside the cover"
                yield draft.fault(
                    ("calendars", name, key),
                    fact,
                    "it changes nothing; is the year right?",
                    note=True,
                )


def _holidays(draft: Draft, name: str, part: ServiceCalendar) -> Iterator[Fault]:
    """Written out in a frozen document; else such that they can be written out."""
    frozen, path = draft.document.frozen is not None, ("calendars", name)
    if part.holidays is None:
        if part.holiday_dates is not None:
            yield draft.fault(
                path,
                "holiday_dates without holidays",
                "name the country in holidays, or use closed",
            )
    elif frozen and part.holiday_dates is None:
        yield draft.fault(
            path, "the document is marked frozen, and holiday_dates are missing", "freeze it again"
        )
    elif not frozen and part.holiday_dates is not None:
        yield draft.fault(
            path,
            "holiday_dates in a document that is not frozen",
            "remove them, or freeze it again",
        )
    elif not frozen and part.cover[0] < part.cover[1]:
        try:
            holidays_between(part.holidays, part.cover, draft.document.language)
        except Refusal as refusal:
            remedy = "name a country or a part of one that is known"
            yield draft.fault((*path, "holidays"), str(refusal), remedy)


# The cover reaches far enough (C1) ---------------------------------------------------------------


def covers(draft: Draft) -> Iterator[Fault]:
    """A promise made within the term is kept beyond it: term, notice and the longest target fit in
    the cover.
    """
    term = draft.document.term
    until = _until(term.until_on, term.notice)
    for name, hours in _from(draft, until).items():
        path, (start, end) = ("calendars", name, "cover"), draft.document.calendars[name].cover
        used = list(_used(draft, name))
        if used and start > term.from_on:
            fact = f"the cover starts on {start}, after the term does ({term.from_on})"
            yield draft.fault(path, fact, "let it start with the term")
        beyond = [each for each in used if not _reaches(hours, until, each[1])]
        if beyond:
            clause, target = beyond[0]
            fact = f"the cover ends on {end}, before {_shown(target)} of {clause} from {until}"
            remedy = "let it reach the term, the notice and the longest target"
            yield draft.fault(path, fact, remedy)


def _from(draft: Draft, until: date) -> dict[str, Hours]:
    """The hours from a date to the end of each cover; none where a calendar is wrong by itself."""
    try:
        return {
            name: lay_out(each.over((min(until, each.cover[1]), each.cover[1])))
            for name, each in calendars_of(draft.document).items()
        }
    except Refusal:
        return {}


def _until(end: date, notice: Rhythm) -> date:
    try:
        return add(end, notice)
    except Refusal:
        return end


def _shown(target: Duration) -> str:
    return show_duration(target.microseconds) if isinstance(target, ServiceTime) else str(target)


def _used(draft: Draft, name: str) -> Iterator[tuple[str, Duration]]:
    """What is promised in a calendar: each clause's durations."""
    for _, clause in draft.clauses(ClauseBase):
        own = getattr(clause, "calendar", None)
        if isinstance(clause, TicketPromiseClause):
            for row in clause.targets:
                if row.value is not None and (row.calendar or own) == name:
                    yield clause.id, row.value
            yield from ((clause.id, each) for each in (clause.acceptance,) if each and own == name)
        elif own == name:
            found = [
                value for _, value in walk(clause) if isinstance(value, ServiceTime | WorkingDays)
            ]
            yield from ((clause.id, value) for value in found or [ServiceTime(0)])


def _reaches(hours: Hours, until: date, target: Duration) -> bool:
    """Whether a target that starts at the end of `until`'s notice is due within the cover."""
    try:
        hours.due(start_of_date(zone_of(hours.calendar.zone), until), target)
    except Refusal:
        return False
    return True


# Working days need a calendar (T5) ---------------------------------------------------------------


def working_days(draft: Draft) -> Iterator[Fault]:
    """Durations in clauses that name no calendar, where the document has no usual one."""
    if draft.document.usual_calendar is not None:
        return
    for path, clause in draft.clauses(ClauseBase):
        if getattr(clause, "calendar", None) is not None:
            continue
        for at, value in walk(clause, path):
            if isinstance(value, ServiceTime | WorkingDays):
                there = ", ".join(draft.document.calendars) or "none"
                fact = f"{value} in no calendar: there are {there}"
                yield draft.fault(
                    at, fact, "name the usual one in `calendar` at the top of the document"
                )
                break
