"""A calendar's cover that is extended (C1): a fact, which changes what tickets are judged by."""

from afspraak.agreements.load import versions_of
from afspraak.engine.time import Refusal, parse_date
from afspraak.rights.viewer import Viewer
from afspraak.tickets.happened import Happened

COVER_EXTENDED = "cover_extended"


def refuse_unknown_calendar(told: Happened, viewer: Viewer) -> None:
    """Refuses the extension of a calendar that no version of its agreement has, and one that ends
    before the cover that was signed.
    """
    if told.code != COVER_EXTENDED:
        return
    signed = versions_of([told.relation], viewer).get(told.relation, ())
    mine = [each.terms for each in signed if each.row.agreement_id == told.agreement]
    known = {name: each for terms in mine for name, each in terms.calendars.items()}
    name = told.more.get("calendar")
    calendar = known.get(name) if isinstance(name, str) else None
    if calendar is None:
        names = ", ".join(sorted(known)) or "none"
        raise Refusal(f"{COVER_EXTENDED}: the agreement has no calendar {name!r}: it has {names}")
    if any(name not in terms.calendars for terms in mine):
        raise Refusal(f"{COVER_EXTENDED}: not every version has the calendar {name!r}")
    if parse_date(told.more.get("until_on")) <= calendar.cover[1]:
        raise Refusal(
            f"{COVER_EXTENDED}: {name} is covered until {calendar.cover[1]} as signed:"
            " give a later date"
        )
