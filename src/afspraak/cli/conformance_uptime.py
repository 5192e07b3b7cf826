"""A service's availability over a period (SEMANTICS A4), as the cases ask it."""

from afspraak.cli import conformance_read as read
from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_facts import only
from afspraak.cli.conformance_read import CASE_KEYS, Table, exact_text
from afspraak.engine.figures import Maintenance, Outage, Uptime, show_share, uptime
from afspraak.engine.terms import Availability
from afspraak.engine.time import show_duration, zone_of

_KEYS = ("calendar", "services", "at_least", "announced", "at_most", "period", "zone")


def ask_availability(case: Table, calendars: Calendars) -> object:
    """Agreed time, downtime and their exact share over the dates `period`."""
    only(case, CASE_KEYS | {*_KEYS, "outages", "maintenance"})
    promise = Availability(
        clause="availability",
        services=read.texts(case.get("services"), "services"),
        at_least=read.part(case.get("at_least")),
        per="month",
        calendar=read.text(case.get("calendar"), "the calendar"),
        notice=read.maybe(case.get("announced"), read.duration),
        at_most=read.maybe(case.get("at_most"), read.duration),
    )
    outages, works = _outages(case), _maintenance(case)
    span = read.dates(case.get("period"), "the period").spans(
        zone_of(read.text(case.get("zone"), "the zone"))
    )
    found = calendars.asked(
        promise.calendar, span[0], lambda hours: uptime(promise, hours, span, outages, works)
    )
    return _told(promise, found)


def _told(promise: Availability, found: Uptime) -> dict[str, object]:
    share = found.share
    return {
        "agreed": show_duration(found.agreed),
        "down": show_duration(found.down),
        "maintenance": show_duration(found.maintenance),
        "share": None if share is None else exact_text(share),
        "percent": None if share is None else show_share(share),
        "kept": None if share is None else share >= promise.at_least,
    }


def _outages(case: Table) -> list[Outage]:
    return [
        Outage(
            read.text(each.get("service"), "the service"),
            read.instant(each.get("from")),
            read.maybe(each.get("until"), read.instant),
        )
        for each in read.tables(case.get("outages"), "an outage", "service", "from", "until")
    ]


def _maintenance(case: Table) -> list[Maintenance]:
    keys = ("service", "from", "until", "announced")
    return [
        Maintenance(
            read.text(each.get("service"), "the service"),
            read.instant(each.get("from")),
            read.instant(each.get("until")),
            read.instant(each.get("announced")),
        )
        for each in read.tables(case.get("maintenance"), "maintenance", *keys)
    ]
