"""Examples of dates: notice and renewal, what comes back, what depends on what, until when
something holds (T9).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice

from afspraak.engine.periods import Term, end_of_term, notice_by
from afspraak.engine.promises import Evidence, assess_deliveries, occurrences
from afspraak.engine.terms import Delivery
from afspraak.engine.time import Rhythm, add, due_on, zone_of
from afspraak.language.schema_people import ExitClause, MaintenanceClause
from afspraak.language.schema_prices import PaymentClause
from afspraak.language.schema_promises import QualityGuaranteeClause
from afspraak.language.text.stage import Slots, Stage
from afspraak.language.text.words import both

_LATE_DAYS = 3


def renewal(stage: Stage) -> Slots | None:
    """The last date of notice, and the end if nobody gives it."""
    term = stage.document.term
    if term.renewal is None:
        return None
    agreed = Term(
        term.from_on, term.until_on, term.renewal.tacit, term.renewal.notice, term.renewal.at_most
    )
    last = notice_by(agreed, term.until_on)
    renewed = end_of_term(agreed, None, last + timedelta(days=1))
    return {"last": stage.day(last), "end": stage.day(term.until_on), "renewed": stage.day(renewed)}


def recurring(stage: Stage) -> Slots | None:
    """The first three dates of something that comes back, each counted from the first."""
    for promise in stage.terms.recurring:
        dates = list(islice(occurrences(promise, stage.terms.until_on), 3))
        if promise.every is not None and len(dates) > 1:
            shown = both([stage.day(on) for on in dates], stage.lexicon.values)
            return {"dates": shown, "clause": stage.clause(promise.clause)}
    return None


def delivery(stage: Stage) -> Slots | None:
    """A step that another party's late step moves (K10); else nothing."""
    zone = zone_of(stage.terms.zone)
    steps = {step.clause: step for step in stage.terms.deliveries}
    for late, step in _dependent(steps):
        on = late.due_on + timedelta(days=_LATE_DAYS)
        at = due_on(zone, on) - 1
        done = assess_deliveries(list(steps.values()), [Evidence(late.clause, at, at)], zone, at)
        return {
            "late": stage.clause(late.clause),
            "on": stage.day(on),
            "step": stage.clause(step.clause),
            "was": stage.day(step.due_on),
            "moved": stage.day(done[step.clause].on),
        }
    return None


def _dependent(steps: Mapping[str, Delivery]) -> Iterator[tuple[Delivery, Delivery]]:
    for step in steps.values():
        for before in step.after:
            if steps[before].promisor != step.promisor:
                yield steps[before], step


def due_date(stage: Stage) -> Slots | None:
    """A date is due at its end, in the agreement's zone."""
    dated: list[tuple[str, date]] = [(step.clause, step.due_on) for step in stage.terms.deliveries]
    dated += [(each.clause, each.first_on) for each in stage.terms.recurring]
    for clause, on in dated:
        moment = stage.moment(due_on(zone_of(stage.terms.zone), on))
        return {"clause": stage.clause(clause), "on": stage.day(on), "due": moment}
    return None


def maintenance(stage: Stage) -> Slots | None:
    """From when maintenance may begin that is announced on an ordinary morning (A4)."""
    for clause in stage.document.of_type(MaintenanceClause):
        calendar = clause.calendar or stage.document.usual_calendar
        if calendar:
            start = stage.ordinary(calendar)
            due = stage.hours[calendar].due(start, clause.announced)
            return {"start": stage.moment(start), "due": stage.moment(due)}
    return None


def guarantee(stage: Stage) -> Slots | None:
    """Until when a bug in delivered work is mended free of charge."""
    for clause in stage.document.of_type(QualityGuaranteeClause):
        if isinstance(clause.within, Rhythm):
            step = next(iter(stage.terms.deliveries), None)
            on = step.due_on if step else stage.terms.from_on
            return {"on": stage.day(on), "until": stage.day(add(on, clause.within))}
    return None


def payment(stage: Stage) -> Slots | None:
    """When an invoice has to be paid."""
    for clause in stage.document.of_type(PaymentClause):
        on = stage.terms.from_on
        return {"on": stage.day(on), "until": stage.day(add(on, clause.within))}
    return None


def leaving(stage: Stage) -> Slots | None:
    """When the data are back after the end."""
    for clause in stage.document.of_type(ExitClause):
        if isinstance(clause.data_back_within, Rhythm):
            on = stage.terms.until_on
            return {"on": stage.day(on), "until": stage.day(add(on, clause.data_back_within))}
    return None
