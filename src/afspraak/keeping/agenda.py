"""Dates as an agenda reads them: iCalendar (RFC 5545), byte for byte the same for the same dates.
Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar
from icalendar import Event as Entered

from afspraak.engine.time import datetime_of

PRODUCT: Final = "-//Afspraak//dated promises//"
AGAIN: Final = timedelta(hours=4)
"""How often an agenda may well look again."""


@dataclass(frozen=True, slots=True)
class Event:
    """A date of an agreement: what, which day, and since when it has stood like this (its stamp).
    `warn_days`: so many days before it an alarm rings; None: none does.
    """

    uid: str
    on: date
    title: str
    told: str
    stamp_at: int
    kind: str
    is_cancelled: bool = False
    warn_days: int | None = None


def uid_of(agreement: object, clause: str, planned_on: date) -> str:
    """The same for the same promise and date, whenever and by whomever it is fetched."""
    return f"{agreement}.{clause}.{planned_on:%Y%m%d}@afspraak"


def agenda_of(name: str, language: str, events: Iterable[Event]) -> bytes:
    """The whole agenda, its events by date."""
    calendar = Calendar()
    calendar.add("prodid", f"{PRODUCT}{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    for each in sorted(events, key=lambda event: (event.on, event.uid)):
        calendar.add_component(_entered(each))
    return bytes(calendar.to_ical())


def _entered(event: Event) -> Entered:
    """A whole day, which takes up nobody's time."""
    entered = Entered()
    stamp: datetime = datetime_of(event.stamp_at)
    entered.add("uid", event.uid)
    entered.add("dtstamp", stamp)
    entered.add("last-modified", stamp)
    entered.add("dtstart", event.on)
    entered.add("dtend", event.on + timedelta(days=1))
    entered.add("summary", event.title)
    entered.add("description", event.told)
    entered.add("categories", [event.kind])
    entered.add("transp", "TRANSPARENT")
    entered.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    if event.is_cancelled:
        entered.add("sequence", 1)
    elif event.warn_days is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", event.title)
        alarm.add("trigger", -timedelta(days=event.warn_days))
        entered.add_component(alarm)
    return entered
