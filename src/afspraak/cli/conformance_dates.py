"""Dates: terms, notice, periods, dated promises (SEMANTICS T9, K10, K11), as the cases ask it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from afspraak.cli import conformance_read as read
from afspraak.cli.conformance_calendars import Calendars
from afspraak.cli.conformance_facts import only
from afspraak.cli.conformance_read import CASE_KEYS, Table
from afspraak.cli.conformance_shares import PERIODS
from afspraak.engine.facts import PARTIES
from afspraak.engine.periods import Term, end_of_term, notice_by, period_at, period_of
from afspraak.engine.promises import (
    Dated,
    Evidence,
    assess_deliveries,
    assess_recurring,
    fill_in,
)
from afspraak.engine.terms import Delivery, OpenTerm, Recurring
from afspraak.engine.time import Refusal, add, due_on

_DELIVERY = ("clause", "promisor", "due_on", "after")
_EVIDENCE = ("clause", "at", "recorded", "recorded_by", "confirmed", "for")


def ask_due_date(case: Table, calendars: Calendars) -> object:
    """What a date leads to; the key that the case has tells which question it is."""
    found = [ask for ask in _ASKS if ask in case]
    if len(found) != 1:
        raise Refusal(f"a due date is asked by one of {', '.join(_ASKS)}")
    return _ASKS[found[0]](case, calendars)


def _from(case: Table, _calendars: Calendars) -> object:
    """A date, a term added to it so many times (or counted back), and when that date is due."""
    only(case, CASE_KEYS | {"from", "add", "back", "times", "zone"})
    if ("add" in case) == ("back" in case):
        raise Refusal("a term is added to the date, or counted back from it")
    step = read.rhythm(case["add"] if "add" in case else case["back"])
    times = read.number(case.get("times", 1), "times")
    on = add(read.on(case["from"]), step, times if "add" in case else -times)
    return {"on": str(on), "due_at": due_on(read.zone(case), on)}


def _term(case: Table, _calendars: Calendars) -> object:
    """When a term ends as it stands on a date, and by when notice must be given."""
    only(case, CASE_KEYS | {"term", "zone", "notice_given", "on"})
    keys = ("from", "until", "tacit", "notice", "at_most")
    written = read.table(case["term"], "the term", *keys)
    term = Term(
        read.on(written.get("from")),
        read.on(written.get("until")),
        read.maybe(written.get("tacit"), read.rhythm),
        read.maybe(written.get("notice"), read.rhythm),
        read.maybe(written.get("at_most"), lambda each: read.number(each, "at_most")),
    )
    ends_on = end_of_term(
        term, read.maybe(case.get("notice_given"), read.on), read.on(case.get("on"))
    )
    last = notice_by(term, ends_on)
    notice_due_at = due_on(read.zone(case), last)
    return {"ends_on": str(ends_on), "notice_by": str(last), "notice_due_at": notice_due_at}


def _period(case: Table, _calendars: Calendars) -> object:
    """The period that a date, or an instant in the agreement's zone, belongs to."""
    only(case, CASE_KEYS | {"period", "on", "at", "contract", "counted", "zone"})
    per = read.choice(case["period"], "the period", PERIODS)
    term = read.dates(case.get("contract"), "the contract's term")
    counted = read.choice(case.get("counted", "calendar"), "counted", ("calendar", "from_start"))
    from_start, zone = counted == "from_start", read.zone(case)
    if ("on" in case) == ("at" in case):
        raise Refusal("a period is asked of a date (on) or of an instant (at)")
    if "on" in case:
        found = period_of(read.on(case["on"]), per, term, from_start=from_start)
    else:
        found = period_at(read.instant(case["at"]), zone, per, term, from_start=from_start)
    start, end = found.spans(zone)
    return {
        "name": str(found),
        "from": str(found.from_on),
        "until": str(found.until_on),
        "from_at": start,
        "until_at": end,
    }


def _recurring(case: Table, _calendars: Calendars) -> object:
    """Every date of a promise that comes back, with what became of it."""
    only(case, CASE_KEYS | {"recurring", "evidence", "until", "as_of", "zone"})
    written = read.table(case["recurring"], "the promise", "promisor", "first_on", "every")
    promise = Recurring(
        clause="recurring",
        promisor=read.choice(written.get("promisor", PARTIES[0]), "the promisor", PARTIES),
        what="report",
        first_on=read.on(written.get("first_on")),
        every=read.maybe(written.get("every"), read.rhythm),
    )
    found = assess_recurring(
        promise,
        _evidence(case, promise.clause),
        read.zone(case),
        read.on(case.get("until")),
        read.instant(case.get("as_of")),
    )
    return {"dates": [_dated(each) for each in found]}


def _deliveries(case: Table, _calendars: Calendars) -> object:
    """Every step with its date as it stands, and who moved it."""
    only(case, CASE_KEYS | {"deliveries", "evidence", "as_of", "zone"})
    steps = [
        Delivery(
            read.text(each.get("clause"), "the clause"),
            read.choice(each.get("promisor"), "the promisor", PARTIES),
            read.on(each.get("due_on")),
            read.texts(each.get("after"), "after"),
        )
        for each in read.tables(case["deliveries"], "a delivery", *_DELIVERY)
    ]
    as_of = read.instant(case.get("as_of"))
    found = assess_deliveries(steps, _evidence(case, ""), read.zone(case), as_of)
    return {"steps": {clause: _dated(each) for clause, each in found.items()}}


def _open_term(case: Table, _calendars: Calendars) -> object:
    """The date by which an open term is filled in."""
    only(case, CASE_KEYS | {"open_term", "filled", "as_of", "zone"})
    written = read.table(case["open_term"], "the open term", "fill_on")
    term = OpenTerm("open", "promise", read.on(written.get("fill_on")), None)
    filled_at = read.maybe(case.get("filled"), read.instant)
    return _dated(fill_in(term, filled_at, read.zone(case), read.instant(case.get("as_of"))))


_ASKS: Final[Mapping[str, Callable[[Table, Calendars], object]]] = MappingProxyType(
    {
        "from": _from,
        "term": _term,
        "period": _period,
        "recurring": _recurring,
        "deliveries": _deliveries,
        "open_term": _open_term,
    },
)


def _evidence(case: Table, clause: str) -> list[Evidence]:
    return [
        Evidence(
            clause=clause or read.text(each.get("clause"), "the clause"),
            happened_at=(at := read.instant(each.get("at"))),
            recorded_at=read.maybe(each.get("recorded"), read.instant) or at,
            for_on=read.maybe(each.get("for"), read.on),
            recorded_by=read.choice(each.get("recorded_by", PARTIES[0]), "recorded_by", PARTIES),
            confirmed_at=read.maybe(each.get("confirmed"), read.instant),
        )
        for each in read.tables(case.get("evidence"), "evidence", *_EVIDENCE)
    ]


def _dated(found: Dated) -> dict[str, object]:
    return {
        "on": str(found.on),
        "due_at": found.due_at,
        "state": found.state,
        "satisfied_at": found.satisfied_at,
        "delays": [
            {"days": each.days, "because": each.because, "party": each.party}
            for each in found.delays
        ],
    }
